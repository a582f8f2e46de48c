"""The sets of a QCA with their anchors and reasons, the cut-offs, and the respondents who could not be counted."""

from __future__ import annotations

import pandas as pd

from clustergov.casestudies.qca.declaration import SetEntry
from clustergov.casestudies.qca.respondents import DeclaredQca, RespondentSets
from clustergov.casestudies.qca.shown import lost_frame
from clustergov.language import number, say
from clustergov.reports.document import Block, Heading, Inline, Paragraph, Table


def sets(found: DeclaredQca, language: str) -> list[Block]:
    """The section on what was declared, and on who is lost."""
    declared = found.declaration
    rows = tuple(_set_row(entry, entry is declared.outcome, language) for entry in declared.sets)
    data = pd.DataFrame(
        [[entry.name, " + ".join(entry.names), entry.calibration.method, ", ".join(f"{a:g}" for a in entry.calibration.anchors),
          entry.expect, entry.reason.to("en"), entry.mark] for entry in declared.sets],
        columns=["set", "made_of", "method", "anchors", "expected", "reason", "mark"],
    )  # fmt: skip
    cut_offs = declared.cut_offs
    values = {"inclusion": cut_offs.inclusion, "pri": cut_offs.pri, "frequency": found.frequency}
    more = found.frequency > cut_offs.frequency
    raised = [say("qca_study.raised", language, declared=cut_offs.frequency, used=found.frequency)] if more else []
    blocks: list[Block] = [
        Heading(2, say("qca_study.sets.title", language), "qca-sets-title"),
        Table(
            id="qca-sets", caption=say("qca_study.sets.table", language),
            header=tuple(say(f"qca_study.sets.{key}", language) for key in ("set", "anchors", "expected", "reason")),
            rows=rows, data=data, notes=(say("qca_study.sets.note", language),), widths=(2.4, 2.8, 1.6, 6.0), align="llll",
            marked=False,
        ),
        Paragraph(" ".join([say("qca_study.cut_offs", language, **values), cut_offs.reason.to(language), *raised])),
    ]  # fmt: skip
    if isinstance(found.sets, RespondentSets):
        blocks.append(_lost(found.sets, found, language))
    return blocks


def _set_row(entry: SetEntry, outcome: bool, language: str) -> tuple[Inline, ...]:
    anchors = "; ".join(number(anchor, language, _decimals(anchor)) for anchor in entry.calibration.anchors)
    method = say(f"qca_study.method.{entry.calibration.method}", language)
    expected = say(f"qca_study.expect.{'outcome' if outcome else entry.expect}", language)
    source = f" ({entry.source})" if entry.source else ""
    return (f"{entry.name}: {entry.label.to(language)}", f"{anchors} ({method})", expected,
            f"{entry.reason.to(language)}{source} [{entry.mark}]")  # fmt: skip


def _decimals(value: float) -> int:
    return next(places for places in (0, 1, 2, 3) if places == 3 or abs(value - round(value, places)) < 1e-9)


def _lost(sets: RespondentSets, found: DeclaredQca, language: str) -> Paragraph:
    frame = lost_frame(sets, found.minimum).set_index("set")["respondents"]
    parts = "; ".join(
        f"{name} {say('qca_study.few', language, minimum=found.minimum) if pd.isna(frame[name]) else frame[name]}"
        for name, lost in sets.lost if lost
    )  # fmt: skip
    kept = frame["complete"]
    many = say("qca_study.hidden", language) if pd.isna(kept) else number(float(kept), language, 0)
    return Paragraph(say("qca_study.lost", language, started=sets.started, kept=many, parts=parts or "–"))
