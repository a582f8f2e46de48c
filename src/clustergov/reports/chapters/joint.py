"""Survey and cases side by side: an overview, then driver by driver the estimates, the passages and a person's judgement."""

from __future__ import annotations

from clustergov.analysis.claims.verdicts import Verdict
from clustergov.language import Text, number, say
from clustergov.reports.chapters.cases_and_model import cases_and_model
from clustergov.reports.document import Block, Bullets, Heading, Inline, Paragraph, Span, Table
from clustergov.reports.joint.cases_and_model import CasesAndModel
from clustergov.reports.joint.display import JointCell, JointDisplay, JointPassage, JointRow
from clustergov.reports.joint.survey_side import ClaimPart, ModelEstimate
from clustergov.reports.wording import between, tagged

MOST_PASSAGES, MOST_PARTS = 2, 3
"""Passages of one case on one driver, and parts of a claim, that are shown; all of them stand in the data."""


def joint(
    display: JointDisplay, language: str, found: CasesAndModel | Text | None = None, *, banner: str = ""
) -> list[Block]:
    """The chapter.

    Parameters
    ----------
    found : CasesAndModel, Text or None
        Cases under the model; a text says why there is no model; None where the study declares no selection.
    banner : str
        Of synthetic responses, for figures.
    """
    blocks: list[Block] = [
        Heading(1, say("chapters.joint.title", language), "chapter-joint"),
        Paragraph(say("chapters.joint.intro", language)),
        Paragraph(display.sentence(language)),
        _overview(display, language),
    ]
    if isinstance(found, CasesAndModel):
        blocks += cases_and_model(found, language, banner=banner)
    elif found is not None:
        blocks.append(Paragraph(say("joint.no_model", language, reason=found)))
    blocks += [Heading(2, say("joint.by_driver", language), "joint-drivers"), Paragraph(say("joint.reading", language))]
    for row in display.rows:
        blocks += _driver(display, row, language)
    return blocks


def _overview(display: JointDisplay, language: str) -> Table:
    """Counts and judgements at a glance; narrow enough for a page."""
    rows = tuple(
        (
            row.driver.name.to(language),
            _verdicts(row.verdicts, language),
            *(_glance(cell, language) if row.driver.concepts else "–" for cell in row.cells),
        )
        for row in display.rows
    )
    return Table(
        id="joint-display",
        caption=say("chapters.joint.title", language),
        header=(
            say("chapters.joint.driver", language),
            say(f"chapters.joint.{'rehearsed' if display.synthetic else 'survey'}", language),
            *(title.to(language) for _, title in display.cases),
        ),
        rows=rows,
        data=display.frame(),
        notes=(say("joint.glance_note", language), say("chapters.joint.note", language), say("chapters.cases.empty", language)),
        widths=(2.0, 2.4) + (1.6,) * len(display.cases),
        align="ll" + "l" * len(display.cases),
    )  # fmt: skip


def _verdicts(verdicts: tuple[tuple[str, Verdict], ...], language: str) -> str:
    return "\n".join(f"{claim}: {say(f'claims.verdict.{verdict}', language)}" for claim, verdict in verdicts)


def _glance(cell: JointCell, language: str) -> Inline:
    """Passages, and below them the judgement."""
    counted = cell.counted
    head = say("casestudies.matrix.nothing", language) if counted.coded is None else str(counted.coded)
    limits = [f"{sign}{count}" for sign, count in (("±", counted.qualifies), ("−", counted.contradicts)) if count]
    words = f"{head} ({', '.join(limits)})" if limits else head
    return (f"{words}\n", Span(_judged(cell, language), emphasis=True))


def _judged(cell: JointCell, language: str) -> str:
    if cell.judgement is None:
        return say("joint.state.not filled", language)
    words = say(f"joint.judgement.{cell.judgement.judgement}", language)
    return words if cell.state == "current" else f"{words} ({say(f'joint.state.{cell.state}', language)})"


def _driver(display: JointDisplay, row: JointRow, language: str) -> list[Block]:
    blocks: list[Block] = [
        Heading(3, row.driver.name.to(language), f"joint-{row.driver.driver}"),
        Paragraph(row.driver.reason.to(language)),
    ]
    survey = [_claim(claim, verdict, row, language) for claim, verdict in row.verdicts]
    survey += [_estimate(each, language) for each in _told_estimates(row)]
    if survey:
        told = "rehearsed" if display.synthetic else "survey"
        blocks += [Paragraph((Span(say(f"chapters.joint.{told}", language), strong=True), ":")), Bullets(tuple(survey))]
    if row.driver.concepts:
        blocks.append(_table(display, row, language))
    else:
        blocks.append(Paragraph(say("joint.silent", language)))
    return blocks


def _claim(claim: str, verdict: Verdict, row: JointRow, language: str) -> str:
    parts = [_part(part, language) for part in row.survey.parts if part.claim == claim]
    shown = parts[:MOST_PARTS]
    more = say("joint.more", language, n=len(parts) - len(shown)) if len(parts) > len(shown) else ""
    told = "; ".join([*shown, *([more] if more else [])])
    return say("joint.claim", language, claim=claim, verdict=say(f"claims.verdict.{verdict}", language), parts=told)


def _part(part: ClaimPart, language: str) -> str:
    measure = say(f"joint.measure.{part.measure.replace(' ', '_')}", language)
    if part.estimate is None:
        return say("joint.not_assessable", language, part=part.part)
    interval = "" if part.low is None or part.high is None else f" ({between(part.low, part.high, language, 2)})"
    return f"{part.part}: {measure} {number(part.estimate, language, 2)}{interval}, n = {number(part.n, language, 0)}"


def _told_estimates(row: JointRow) -> tuple[ModelEstimate, ...]:
    """Linear models in full; ordinal ones have a chapter of their own, and all stand in the data."""
    return tuple(each for each in row.survey.estimates if each.measure == "coefficient")


def _estimate(each: ModelEstimate, language: str) -> str:
    return say("joint.estimate", language, outcome=each.outcome_label, label=each.label, estimate=each.estimate,
               interval=between(each.low, each.high, language, 2), n=each.n)  # fmt: skip


def _table(display: JointDisplay, row: JointRow, language: str) -> Table:
    frame = display.passages()
    rows = tuple(
        (f"{title.to(language)}\n{_counted(cell, language)}", _words(cell, language), _judgement(cell, language))
        for (_, title), cell in zip(display.cases, row.cells, strict=True)
    )
    return Table(
        id=f"joint-passages-{row.driver.driver}",
        caption=say("joint.passages", language, driver=row.driver.name),
        header=tuple(say(f"joint.column.{key}", language) for key in ("case", "words", "judgement")),
        rows=rows,
        data=frame[frame["driver"] == row.driver.driver],
        widths=(2.0, 6.4, 1.6),
        align="lll",
        marked=False,
    )


def _counted(cell: JointCell, language: str) -> str:
    if cell.counted.coded is None:
        return cell.counted.text(language)
    return say("joint.counted", language, text=cell.counted.text(language))


def _words(cell: JointCell, language: str) -> Inline:
    """The first passages, each with polarity and mark; a paraphrase as it is, somebody's own words in quotation marks."""
    shown = [each for each in cell.passages if each.text is not None][:MOST_PASSAGES]
    pieces: list[str | Span] = []
    for place, each in enumerate(shown):
        pieces += ["\n" if place else "", *_passage(each, language)]
    withheld = sum(each.text is None for each in cell.passages)
    left = len(cell.passages) - len(shown) - withheld
    if left:
        pieces.append(f"\n{say('joint.more', language, n=left)}")
    if withheld:
        pieces.append(f"\n{say('joint.withheld', language, n=withheld)}")
    if not pieces:
        return "–"
    return tuple(piece for piece in pieces if piece)


def _passage(each: JointPassage, language: str) -> list[str | Span]:
    kinds = [say(f"joint.polarity.{kind}", language) for kind in each.polarity.split(" / ") if kind]
    head = Span(f"{' / '.join(kinds) or say('joint.polarity.none', language)}: ", strong=True)
    words = tagged(each.text or Text({}), language)
    inner = (words,) if isinstance(words, str) else words
    marks = ("“", "”") if each.verbatim else ("", "")
    return [head, marks[0], *inner, f"{marks[1]} [{each.mark}]"]


def _judgement(cell: JointCell, language: str) -> Inline:
    judged = cell.judgement
    if judged is None:
        return say("joint.state.not filled", language)
    pieces: list[str | Span] = [Span(_judged(cell, language), strong=True), f"\n{judged.reason.to(language)}"]
    if cell.changed:
        what = [say(f"joint.changed.{name}", language) for name in cell.changed]
        pieces.append(
            Span("\n" + say("joint.stale", language, what=say("joint.and", language).join(what)), emphasis=True)
        )
    pieces.append(f"\n{say('joint.by', language, by=judged.by, date=judged.date)}")
    return tuple(pieces)
