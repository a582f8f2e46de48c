"""Every question with its answers: one table per kind of answer, and a figure where items share an ordered scale."""

from __future__ import annotations

import pandas as pd

from clustergov.analysis.description.question_summary import STATISTICS, QuestionSummary
from clustergov.language import number, say
from clustergov.reports.chapters.items import diverging_figure
from clustergov.reports.document import Block, Heading, Inline, Paragraph, Table
from clustergov.reports.findings import Findings
from clustergov.reports.wording import around, named, per_cent, tagged


def questions(findings: Findings, language: str) -> list[Block]:
    """A section per section of the questionnaire, and in it every question that the file has answers to."""
    blocks: list[Block] = [
        Heading(1, say("chapters.questions.title", language), "chapter-questions"),
        Paragraph(findings.overview.sentence(language)),
        Paragraph(say("chapters.questions.reading", language)),
    ]
    shown_figures = (
        {summary.question.code for summary in findings.overview.summaries} if findings.claimed is None else set()
    )
    for section in findings.responses.questionnaire.sections:
        own = [found for question in section.questions for found in findings.overview.of(question.code)]
        if not own:
            continue
        blocks.append(Heading(2, tagged(section.title, language), f"section-{section.code}"))
        asked = ""
        for place, found in enumerate(own):
            if found.question.code != asked:
                asked = found.question.code
                blocks.append(
                    Heading(3, named(found.question.text, found.question.code, language), f"question-{asked}")
                )
            if (
                found.kind == "array"
                and asked in shown_figures
                and (figure := diverging_figure(findings, found, language))
            ):
                blocks.append(figure)
            blocks.append(_table(findings, found, place, language))
    return blocks


def _table(findings: Findings, found: QuestionSummary, place: int, language: str) -> Table:
    header, rows = _BODY[found.kind](found, language)
    return Table(
        id=f"answers-{found.question.code}-{place}",
        caption=around("chapters.questions.table", found.question.text, language),
        header=header,
        rows=rows,
        data=found.frame(),
        notes=tuple(
            note
            for note in (
                _unchosen_note(found, language),
                _unlisted_note(findings, found, language),
                _blanks(found, language),
            )
            if note
        ),
    )


Body = tuple[tuple[Inline, ...], tuple[tuple[Inline, ...], ...]]


def _numbers_of(table: pd.DataFrame, name: str) -> dict[str, float]:
    """One variable's row: column → number, NaN where hidden."""
    return {str(column): float(value) for column, value in table.loc[name].to_dict().items()}


def _number_of(column: pd.Series[float], name: str, language: str) -> str:
    return number(float(column.to_dict()[name]), language, 0)


def _choice(found: QuestionSummary, language: str) -> Body:
    name = found.variables[0].name
    header = tuple(say(f"chapters.questions.{key}", language) for key in ("option", "n", "share"))
    shares = _numbers_of(found.shares, name)
    rows: list[tuple[Inline, ...]] = [
        (tagged(found.heading(code), language), number(n, language, 0), per_cent(shares[code], language))
        for code, n in _numbers_of(found.counts, name).items()
        if code not in _unchosen(found)
    ]
    if (found.unlisted != 0).any():
        rows.append((found.heading("unlisted").to(language), _number_of(found.unlisted, name, language), "–"))
    rows.append((found.heading("answered").to(language), _number_of(found.answered, name, language), ""))
    return header, tuple(rows)


LONG_LIST = 12
"""Options of a single choice from which on those that nobody chose are left out of the table, and counted under it."""


def _unchosen(found: QuestionSummary) -> set[str]:
    if found.kind != "choice" or found.counts.shape[1] < LONG_LIST:
        return set()
    return {code for code, n in _numbers_of(found.counts, found.variables[0].name).items() if n == 0}


def _unchosen_note(found: QuestionSummary, language: str) -> str:
    unchosen = _unchosen(found)
    return say("chapters.questions.nobody", language, n=len(unchosen)) if unchosen else ""


def _unlisted_note(findings: Findings, found: QuestionSummary, language: str) -> str:
    """Answers that many gave and that the questionnaire does not list: often an option that was spelt otherwise."""
    unlisted = findings.overview.unlisted
    own = unlisted[unlisted["variable"].isin([variable.name for variable in found.variables])]
    totals = own.groupby("value", sort=False)["n"].sum().to_dict()
    values = "; ".join(f"“{value}” ({number(float(n), language, 0)})" for value, n in totals.items())
    return say("chapters.questions.unlisted", language, values=values) if values else ""


def _array(found: QuestionSummary, language: str) -> Body:
    codes = [str(code) for code in found.counts.columns]
    header: tuple[Inline, ...] = (
        say("chapters.questions.item", language),
        *(tagged(found.heading(code), language) for code in codes),
        *((found.heading("unlisted").to(language),) if (found.unlisted != 0).any() else ()),
        say("chapters.questions.n", language),
    )
    rows = []
    for variable in found.variables:
        name = variable.name
        cells = [per_cent(share, language) for share in _numbers_of(found.shares, name).values()]
        if (found.unlisted != 0).any():
            cells.append(_number_of(found.unlisted, name, language))
        rows.append((tagged(found.label(variable), language), *cells, _number_of(found.answered, name, language)))
    return header, tuple(rows)


def _ranking(found: QuestionSummary, language: str) -> Body:
    header: tuple[Inline, ...] = (
        say("chapters.questions.option", language),
        *(tagged(found.label(variable), language) for variable in found.variables),
    )
    rows: list[tuple[Inline, ...]] = [
        (
            tagged(found.heading(str(code)), language),
            *(_number_of(found.counts[code], v.name, language) for v in found.variables),
        )
        for code in found.counts.columns
    ]
    answered = (_number_of(found.answered, variable.name, language) for variable in found.variables)
    rows.append((found.heading("answered").to(language), *answered))
    return header, tuple(rows)


def _ticks(found: QuestionSummary, language: str) -> Body:
    header = tuple(say(f"chapters.questions.{key}", language) for key in ("item", "ticked", "share", "n"))
    rows = tuple(
        (
            tagged(found.label(variable), language),
            _number_of(found.counts["Y"], variable.name, language),
            per_cent(_numbers_of(found.shares, variable.name)["Y"], language),
            _number_of(found.answered, variable.name, language),
        )
        for variable in found.variables
    )
    return header, rows


def _numbers(found: QuestionSummary, language: str) -> Body:
    header = (say("chapters.questions.item", language), *(found.heading(name).to(language) for name in STATISTICS))
    rows = tuple(
        (
            tagged(found.label(variable), language),
            *(
                number(value, language, 0 if name == "n" or _whole(name, value) else 1)
                for name, value in _numbers_of(found.statistics, variable.name).items()
            ),
        )
        for variable in found.variables
    )  # fmt: skip
    return header, rows


def _whole(name: str, value: float) -> bool:
    """Whether a statistic that is itself an answer has no decimals, as a year has none."""
    return name not in {"mean", "sd"} and float(value).is_integer()


def _answers(found: QuestionSummary, language: str) -> Body:
    header = tuple(say(f"chapters.questions.{key}", language) for key in ("item", "open"))
    rows = tuple(
        (tagged(found.label(variable), language), _number_of(found.answered, variable.name, language))
        for variable in found.variables
    )
    return header, rows


_BODY = {
    "choice": _choice,
    "array": _array,
    "ranking": _ranking,
    "ticks": _ticks,
    "numbers": _numbers,
    "answers": _answers,
}


def _blanks(found: QuestionSummary, language: str) -> str:
    """Blank cells by reason, summed over the variables of the table; hidden ones are said to be hidden."""
    totals = found.blanks.sum(skipna=False)
    shown = {str(kind): float(n) for kind, n in totals.to_dict().items() if n > 0}
    parts = [f"{found.heading(kind).to(language)} {number(n, language, 0)}" for kind, n in shown.items()]
    if totals.isna().any():
        parts.append(say("chapters.questions.hidden", language))
    return say("chapters.questions.blank", language, parts=", ".join(parts)) if parts else ""
