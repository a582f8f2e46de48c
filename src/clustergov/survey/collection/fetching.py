"""From raw exports to the responses of the road: pseudonyms for ids, only what the questionnaire asked, only who agreed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.limesurvey.types import OTHER_CODE
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.problems import InputError, Problem
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.collection.raw_rows import ID, QUESTION, TOKEN, RawRow, RawRows
from clustergov.survey.formula_cells import harmless
from clustergov.survey.privacy.consent import AGREED, DECLINED, fielded, question_of
from clustergov.survey.system_columns import own_heading

Disposition = Literal["complete", "partial", "break-off", "refused", "begun"]
"""What became of a questionnaire that somebody opened.

complete: submitted. partial: not submitted. break-off: not submitted, and too little answered to be partial
(`breaking_off.told_apart`). refused: without the consent that taking part needs. begun: stopped before
saying whether to consent.
"""
_FORMULA_SIGNS = frozenset("'=+-@\t\r\n＝＋－＠")
Cell = str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; None is a blank cell."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def content(self) -> bytes:
        """As CSV: UTF-8, comma, CR LF."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(self.headings)
        writer.writerows(self.rows)
        return buffer.getvalue().encode("utf-8")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What raw exports hold for the rest of the road.

    Attributes
    ----------
    complete, partial : Table
        Columns id, complete, lastpage (partial ones, where it is known), startlanguage, and the variables.
    dispositions : Table
        Columns id and disposition, one row per person or unlinked response, whoever agreed to what.
    without_use : int
        Complete responses left out because their consent does not cover the use.
    set_aside : int
        Older responses of persons who answered more than once, of which the last complete one counts, else the last.
    linked : int
        Responses known by a pseudonym.
    deleted : tuple of str
        Ids that the software has no more; they are left out.
    missing, unknown : tuple of str
        Variables of the questionnaire that no export has; columns of the exports that nobody knows.
    """

    complete: Table
    partial: Table
    dispositions: Table
    without_use: int
    set_aside: int
    linked: int
    deleted: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Response:
    """One response on its way: by which id it goes on, and its disposition."""

    id: str
    row: RawRow
    submitted: bool
    disposition: Disposition


def lay_out(
    rows: RawRows,
    questionnaire: Questionnaire,
    *,
    pseudonyms: Mapping[str, str] | None = None,
    fieldwork: Fieldwork | None = None,
    use: str = "",
) -> Fetched:
    """Lay raw rows out as responses to a questionnaire.

    Only the questionnaire's own variables go on: tokens, times and what the software adds stay behind. A response
    whose pseudonym is known goes by it, any other by its id in the software. Who refused a consent without which
    nobody takes part is left out, and so is, where a use is named, who did not agree to it.

    Parameters
    ----------
    rows : RawRows
    questionnaire : Questionnaire
        The study's own, without the section on privacy that fieldwork puts before it.
    pseudonyms : mapping of str to str
        Token or id of a response → pseudonym.
    fieldwork : Fieldwork, optional
        Which consents there are; which section a page is.
    use : str
        One of the uses that respondents were asked to agree to; empty for none in particular.

    Raises
    ------
    InputError
        The exports are those of another survey, or nobody was asked about the use.
    """
    asked = fielded(questionnaire, fieldwork) if fieldwork is not None else questionnaire
    codes = LimeCodes.of(asked, Notes())
    headings = _headings(questionnaire, codes, rows)
    required = [question_of(consent.use) for consent in fieldwork.consent if consent.required] if fieldwork else []
    responses, set_aside = _by_person(rows, pseudonyms or {}, required)
    kept = [each for each in responses if each.disposition in ("complete", "partial")]
    agreed = [each for each in kept if each.row.cell(question_of(use)) == AGREED] if use else kept
    if use and rows.headings and question_of(use) not in rows.headings:
        raise _not_asked(use, rows)
    complete = [each for each in agreed if each.submitted]
    partial = [each for each in agreed if not each.submitted]
    pages = _pages(rows, questionnaire, asked, fieldwork)
    system = {ID, "submitdate", "lastpage", "startlanguage", TOKEN, "seed", *headings.values()}
    own = {codes.variable(variable) for variable in asked.variables} | {variable.name for variable in asked.variables}
    own |= {f"{codes.questions[question.code]}{end}" for question in asked.questions for end in ("", "_filecount")}
    return Fetched(
        complete=_table(complete, questionnaire, headings, codes, pages=None),
        partial=_table(partial, questionnaire, headings, codes, pages=pages),
        dispositions=Table(("id", "disposition"), tuple((each.id, each.disposition) for each in responses)),
        without_use=sum(each.submitted for each in kept) - len(complete),
        set_aside=set_aside,
        linked=sum(each.id != each.row.id for each in responses),
        deleted=tuple(rows.deleted),
        missing=tuple(v.name for v in questionnaire.variables if v.name not in headings) if rows.headings else (),
        unknown=tuple(sorted(rows.headings - system - own)),
    )


def _headings(questionnaire: Questionnaire, codes: LimeCodes, rows: RawRows) -> dict[str, str]:
    """Variable → heading of its column: its own name, or that which LimeSurvey has for it."""
    there = rows.headings - {ID, "submitdate", "lastpage", "startlanguage", TOKEN}
    found = {
        variable.name: next((name for name in _names(variable, codes) if name in there), "")
        for variable in questionnaire.variables
    }
    found = {name: heading for name, heading in found.items() if heading}
    strangers = sorted(there - set(found.values()))
    # Questionnaires may share variables: it is another one where most are missing and more are strange (our choice).
    if there and len(found) * 2 < len(questionnaire.variables) and len(strangers) > len(found):
        strange = ", ".join(f"“{heading}”" for heading in strangers[:6])
        raise InputError(
            Problem("another-survey", f"expected responses to “{questionnaire.questionnaire}”, found those of another "
                    f"survey: of its {len(questionnaire.variables)} variables {len(found) or 'none'} stand among the columns; "
                    f"others are {strange}, ….",
                    "Name the questionnaire that this survey was made from.")
        )  # fmt: skip
    return found


def _names(variable: Variable, codes: LimeCodes) -> Iterator[str]:
    for name in (variable.name, codes.variable(variable)):
        yield from (name + QUESTION, name)


def _not_asked(use: str, rows: RawRows) -> InputError:
    asked = sorted(name.removeprefix("consent") for name in rows.headings if name.startswith("consent"))
    return InputError(
        Problem("consent-not-asked", f"nobody was asked for consent to the use “{use}”.",
                f"Uses that were asked about: {', '.join(asked) or 'none'}. Without consent leave the answers out.")
    )  # fmt: skip


def _by_person(rows: RawRows, pseudonyms: Mapping[str, str], required: Sequence[str]) -> tuple[list[_Response], int]:
    """Every person's one response and the unlinked ones, in the order of the rows; and how many were set aside."""
    chosen: dict[str, _Response] = {}
    count = 0
    for row, submitted in [(row, False) for row in rows.partial.values()] + [(r, True) for r in rows.complete.values()]:
        count += 1
        known = pseudonyms.get(row.cell(TOKEN) or "") or pseudonyms.get(row.id) or ""
        key = f"person {known}" if known else f"response {row.id}"
        response = _Response(known or row.id, row, submitted, _disposition(row, submitted, required))
        # Complete ones come after partial ones and later ones after earlier ones.
        chosen.pop(key, None)
        chosen[key] = response
    taken = {response.id for key, response in chosen.items() if key.startswith("person")}
    apart = [
        response if key.startswith("person") or response.id not in taken
        else _Response(f"response-{response.id}", response.row, response.submitted, response.disposition)
        for key, response in chosen.items()
    ]  # fmt: skip
    return apart, count - len(chosen)


def _disposition(row: RawRow, submitted: bool, required: Sequence[str]) -> Disposition:
    said = [row.cell(name) for name in required if name in row.places]
    if DECLINED in said:
        return "refused"
    if any(answer != AGREED for answer in said):
        return "begun"
    return "complete" if submitted else "partial"


def _pages(
    rows: RawRows, questionnaire: Questionnaire, asked: Questionnaire, fieldwork: Fieldwork | None
) -> Callable[[Cell], Cell] | None:
    """What turns a last page of the software into a section of the questionnaire; None where pages are no sections.

    Without a description of fieldwork they are if those who submitted ended on as many pages as there are sections.
    """
    if fieldwork is not None:
        by_section = fieldwork.paging == "section"
    else:
        ends = {row.cell("lastpage") for row in rows.complete.values()}
        by_section = max((int(page) for page in ends if page and page.isdigit()), default=0) == len(asked.sections)
    if not by_section:
        return None
    before = len(asked.sections) - len(questionnaire.sections)

    def section(page: Cell) -> Cell:
        return str(max(0, int(page) - before)) if page and page.isdigit() else None

    return section


def _table(
    responses: Sequence[_Response],
    questionnaire: Questionnaire,
    headings: Mapping[str, str],
    codes: LimeCodes,
    *,
    pages: Callable[[Cell], Cell] | None,
) -> Table:
    rows = [response.row for response in responses]
    columns: dict[str, Iterable[Cell]] = {
        own_heading("id", questionnaire): [harmless(response.id) for response in responses],
        own_heading("complete", questionnaire): ["yes" if response.submitted else "no" for response in responses],
    }
    if pages is not None:
        columns[own_heading("lastpage", questionnaire)] = [pages(row.cell("lastpage")) for row in rows]
    if "startlanguage" not in questionnaire.by_name:
        columns["startlanguage"] = [row.cell("startlanguage") or None for row in rows]
    for variable in questionnaire.variables:
        if variable.name in headings:
            columns[variable.name] = _column(rows, headings[variable.name], _reader(variable, codes))
    return Table(tuple(columns), tuple(zip(*columns.values(), strict=True)))


def _column(rows: Sequence[RawRow], heading: str, read: Callable[[str], Cell]) -> list[Cell]:
    cells = ((row.cell(heading), row.masked) for row in rows)
    return [
        None if cell is None else _masked(read(cell), masked)
        for cell, masked in cells
    ]  # fmt: skip


def _masked(cell: Cell, already: bool) -> Cell:
    return harmless(cell) if cell and not already and cell[0] in _FORMULA_SIGNS else cell


def _reader(variable: Variable, codes: LimeCodes) -> Callable[[str], Cell]:
    """What turns a filled cell of this variable into our codes."""
    if variable.kind == "tick":
        return lambda cell: "N" if cell == "" else "Y" if cell == codes.tick(variable.question) else cell
    if variable.kind != "choice" or variable.scale is None:
        return lambda cell: cell or None
    listed = {option.code for option in variable.scale.options}
    ours: dict[str, Cell] = {"": None}
    ours |= {codes.answer(variable, code): code for code in listed}
    ours |= {code: code for code in listed}
    if OTHER_CODE not in ours:
        # The scale has no such option: that somebody chose it is told by the text beside it.
        ours[OTHER_CODE] = None
    return lambda cell: ours.get(cell, cell)
