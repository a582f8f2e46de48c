"""The frozen plan and what differs from it, with what can and what cannot be known of their order."""

from __future__ import annotations

from clustergov.analysis.planning.plan_deviations import PlanDeviations
from clustergov.language import say
from clustergov.reports.document import Block, Heading, Notice, Paragraph, Table


def plan_deviations(found: PlanDeviations | None, language: str) -> list[Block]:
    """A list of deviations, or that there is none, or that no plan was frozen."""
    blocks: list[Block] = [Heading(1, say("plan.chapter.title", language), "chapter-plan")]
    if found is None:
        return [*blocks, Paragraph(say("plan.chapter.no plan", language))]
    blocks.append(Paragraph(say("plan.frozen", language, date=found.date, hash=found.hash)))
    if found.note:
        blocks.append(Paragraph(say("plan.note", language, note=found.note)))
    if not found.intact:
        blocks.append(Notice("", say("plan.edited", language), "limit"))
    deciding = found.deciding
    blocks.append(Paragraph(say("plan.some" if deciding else "plan.none", language, deciding=len(deciding))))
    if deciding:
        blocks.append(_table(found, language))
    if words := len(found.deviations) - len(deciding):
        blocks.append(Paragraph(say("plan.wording", language, words=words)))
    blocks.append(Paragraph(f"{say(f'plan.responses.{found.responses}', language)} {say('plan.proof', language)}"))
    return blocks


def _table(found: PlanDeviations, language: str) -> Table:
    rows = tuple(
        (
            deviation.file,
            " › ".join(deviation.place) or say("plan.whole", language),
            say(f"plan.change.{deviation.change}", language),
            deviation.before or "–",
            deviation.after or "–",
        )
        for deviation in found.deciding
    )
    return Table(
        id="plan-deviations",
        caption=say("plan.chapter.table", language),
        header=tuple(say(f"plan.column.{key}", language) for key in ("file", "place", "change", "before", "after")),
        rows=rows,
        data=found.frame(),
        widths=(3, 4, 2, 3.5, 3.5),
        align="lllll",
        marked=False,
    )
