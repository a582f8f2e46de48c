"""Tables of one question in the codebook: its variables, its codes, and the counts of both where there are any."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clustergov.analysis.description.overview import Overview
from clustergov.analysis.description.question_summary import BLANKS, STATISTICS, QuestionSummary
from clustergov.instruments.codebook import CodebookRow
from clustergov.instruments.questionnaire import Question, Scale, Variable
from clustergov.instruments.rules.texts import OWN_CHOICE
from clustergov.language import Text, both, number, say
from clustergov.reports.document import Block, Inline, Span, Table
from clustergov.reports.wording import per_cent

_MOST_COLUMNS = 12
"""Scales with more codes have one row, not one column, for each."""

_DIFFERING = ("kind", "direction", "range", "routing", "required", "source", "scale_source", "constructs")


@dataclass(frozen=True, slots=True)
class Entry:
    """A variable and its row of the codebook."""

    variable: Variable
    row: CodebookRow


@dataclass(frozen=True, slots=True)
class Wording:
    """How one part of the page speaks.

    Attributes
    ----------
    words : str
        Language of our own words, nl or en.
    texts : str
        Language of the questionnaire's texts.
    prefix : str
        Begins every id of the part.
    counted : Overview or None
    """

    words: str
    texts: str
    prefix: str
    counted: Overview | None

    def say(self, key: str, **values: Any) -> str:
        return say(f"codebook_page.{key}", self.words, **values)

    def text(self, text: Text) -> tuple[Span, ...]:
        """A text of the questionnaire, marked with the language in which it is found."""
        found = text.to(self.texts)
        return (Span(found, language=text.language(self.texts)),) if found.strip() else ()

    def within(self, value: str, text: Text | None) -> tuple[str | Span, ...]:
        """Our words with a text of the questionnaire in them, which is marked."""
        found = text.to(self.texts) if text is not None else ""
        if text is None or not found.strip() or found not in value:
            return (value,)
        before, after = value.split(found, 1)
        return (before, *self.text(text), after)

    def identifier(self, kind: str, place: int, code: str) -> str:
        """An id that is unique in the page whatever codes look like; the place makes it so."""
        return f"{self.prefix}-{kind}-{place}-{re.sub(r'[^A-Za-z0-9]', '-', code)}"

    def source(self, source: str, mark: str | None) -> str:
        """A source with its mark."""
        shown = say("codebook.own_choice", self.words) if source == OWN_CHOICE else source
        return f"{shown} ({mark})" if shown and mark else shown

    def field(self, row: CodebookRow, name: str) -> str:
        value = str(getattr(row, name))
        return f"{value} ({row.mark})" if name == "source" and value and row.mark else value


def question_tables(question: Question, entries: Sequence[Entry], place: int, wording: Wording) -> Iterator[Block]:
    """For every kind of answer with its scale: the codes, then the variables; nothing that is told elsewhere."""
    differing = [name for name in _DIFFERING if len({wording.field(entry.row, name) for entry in entries}) > 1]
    for order, group in enumerate(_groups(entries)):
        identifier = wording.identifier(f"table-{order}", place, question.code)
        scale = group[0].variable.scale if group[0].variable.kind in ("choice", "tick") else None
        summary = _summary(group, wording.counted)
        in_rows = scale is not None and (len(entries) == 1 or len(scale.codes) > _MOST_COLUMNS)
        if scale is not None:
            yield _codes(identifier, question, scale, group, summary if in_rows else None, wording)
        counts = None if in_rows else summary
        if len(entries) > 1 or (scale is None and wording.counted is not None):
            yield _variables(f"{identifier}-variables", question, group, differing, counts, wording)


def _groups(entries: Sequence[Entry]) -> list[list[Entry]]:
    groups: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.variable.kind, id(entry.variable.scale)), []).append(entry)
    return list(groups.values())


def _summary(group: Sequence[Entry], counted: Overview | None) -> QuestionSummary | None:
    """The counts of these variables; none of a variable that the file lacks."""
    if counted is None:
        return None
    names = {entry.variable.name for entry in group}
    found = counted.of(group[0].variable.question.code)
    return next((each for each in found if names & {variable.name for variable in each.variables}), None)


def _codes(
    identifier: str, question: Question, scale: Scale, group: Sequence[Entry], summary: QuestionSummary | None,
    wording: Wording,
) -> Table:  # fmt: skip
    """Codes with their answers; with counts, a column for each variable."""
    names = [entry.variable.name for entry in group]
    share = summary is not None and len(names) == 1
    counting = (wording.say("n"),) if share else tuple(names)
    header = (wording.say("code"), wording.say("answer"), *(counting if summary else ()),
              *((wording.say("share"),) if share else ()))  # fmt: skip
    ticks = group[0].variable.kind == "tick"
    rows: list[tuple[Inline, ...]] = []
    for option in scale.options:
        # The two answers of a tick are our words.
        label: Inline = option.text.to(wording.words) if ticks else wording.text(option.text)
        if option.blank:
            reason = say(f"codebook.blank.{option.blank}", wording.words)
            label = (*label, f" ({say('codebook.blank_answer', wording.words, reason=reason)})")
        cells = [_count(summary, name, option.code, wording) for name in names] if summary else []
        if share and summary is not None:
            known = option.code in summary.shares.columns and names[0] in summary.shares.index
            cells.append(per_cent(_number(summary.shares, names[0], option.code), wording.words) if known else "")
        rows.append((option.code, label, *cells))
    if summary is not None:
        rows += _margins(summary, names, wording, share=share)
    columns = len(header)
    return Table(
        identifier, wording.say("codes", code=question.code), header, tuple(rows), pd.DataFrame(),
        notes=_blanks(summary, wording), align="ll" + "r" * (columns - 2),
    )  # fmt: skip


def _margins(
    summary: QuestionSummary, names: Sequence[str], wording: Wording, *, share: bool
) -> Iterator[tuple[Inline, ...]]:
    """Rows under the codes: unlisted answers where there are any, and everybody who answered."""
    margins = {"unlisted": summary.unlisted, "answered": summary.answered}
    for name, column in margins.items():
        if name == "answered" or (column != 0).any():
            cells = (_cell(column.to_dict().get(each, math.nan), wording) for each in names)
            yield ("", summary.heading(name).to(wording.words), *cells, *(("",) if share else ()))


def _variables(
    identifier: str, question: Question, group: Sequence[Entry], differing: Sequence[str],
    summary: QuestionSummary | None, wording: Wording,
) -> Table:  # fmt: skip
    """Variables, what differs between them, and their counts."""
    told = [name for name in ("item", *differing) if any(wording.field(entry.row, name) for entry in group)]
    counting = _counting(summary, wording)
    header = [say(f"codebook.heading.{name}", wording.words) for name in ("variable", *told)]
    rows = []
    for entry in group:
        texts = (_field(entry, name, wording) for name in told)
        cells = (
            _cell(values.get(entry.variable.name, math.nan), wording, decimals) for _, values, decimals in counting
        )
        rows.append((entry.variable.name, *texts, *cells))
    key = "variables" if summary is None else "numbers" if summary.kind == "numbers" else "counts"
    return Table(
        identifier, wording.say(key, code=question.code), (*header, *(name for name, _, _ in counting)), tuple(rows),
        pd.DataFrame(), notes=_blanks(summary, wording), align="l" * len(header) + "r" * len(counting),
    )  # fmt: skip


def _field(entry: Entry, name: str, wording: Wording) -> Inline:
    value = wording.field(entry.row, name)
    if name == "item" and entry.variable.item is not None:
        return wording.within(value, entry.variable.item.text)
    if name == "range":
        return wording.within(value, entry.variable.question.unit)
    return value


def _counting(summary: QuestionSummary | None, wording: Wording) -> list[tuple[str, dict[str, float], int]]:
    """Columns of counts: heading, number per variable, decimals."""
    if summary is None:
        return []
    if summary.kind == "numbers":
        return [
            (both(f"overview.column.{name}").to(wording.words), _column(summary.statistics[name]), int(name != "n"))
            for name in STATISTICS
        ]
    columns = [(str(code), _column(summary.counts[code]), 0) for code in summary.counts.columns]
    margins = {"unlisted": summary.unlisted, "answered": summary.answered}
    return columns + [
        (summary.heading(name).to(wording.words), _column(column), 0)
        for name, column in margins.items()
        if name == "answered" or (summary.scale is not None and (column != 0).any())
    ]


def _column(values: pd.Series[float]) -> dict[str, float]:
    return {str(name): float(value) for name, value in values.to_dict().items()}


def _number(table: pd.DataFrame, name: str, code: str) -> float:
    return float(table.to_dict("index")[name][code])


def _count(summary: QuestionSummary, name: str, code: str, wording: Wording) -> str:
    """The count of one code; answers that count as blank are told under the table, with the others."""
    if code not in summary.counts.columns:
        return ""
    return _cell(_number(summary.counts, name, code) if name in summary.counts.index else math.nan, wording)


def _cell(value: float, wording: Wording, decimals: int = 0) -> str:
    return number(float(value), wording.words, decimals)


def _blanks(summary: QuestionSummary | None, wording: Wording) -> tuple[Inline, ...]:
    """Blank cells by reason, summed over the variables of the table."""
    if summary is None:
        return ()
    totals = _column(summary.blanks.sum(skipna=False))
    parts = [f"{summary.heading(kind).to(wording.words)} {_cell(totals[kind], wording)}"
             for kind in BLANKS if totals[kind] != 0]  # fmt: skip
    return (wording.say("blank", parts=", ".join(parts)),) if parts else ()
