"""From a file to responses: columns matched, answers read, blanks explained, mistakes told all at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.problems import InputError, Problem
from clustergov.survey.answers import Decoded, decode_answers
from clustergov.survey.blank_options import later_options
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.columns import match_columns
from clustergov.survey.formula_cells import as_it_was
from clustergov.survey.implied import fill_implied
from clustergov.survey.responses import ColumnMatch, Origin, Responses
from clustergov.survey.system_columns import own_columns, respondent_ids, submission, synthetic_mark
from clustergov.survey.table import RawTable, read_table
from clustergov.survey.validation import WARNINGS, problems_of, validate

_MISSING = {"NA", "<NA>", "NaN", "nan", "#N/A", "NULL"}
"""What statistical software writes for a missing value; an answer where the scale has such a code (NA, Namibia)."""


def read_responses(
    path: Path | str,
    questionnaire: Questionnaire,
    *,
    strict: bool,
    not_asked: Collection[str] = (),
    minimum_match: float = 0.20,
) -> Responses:
    """Read the responses to a questionnaire from a CSV, TSV or Excel file.

    Only the columns of the questionnaire are carried over, beside the respondent's id, the date of submission (as
    whether there is one) and the last page. Tokens, addresses, names and whatever else the file holds stay behind.

    Parameters
    ----------
    path : path
    questionnaire : Questionnaire
    strict : bool
        True for a study's own questionnaire: an answer that it does not allow is a mistake. False for an imported
        questionnaire whose published answers may have been recoded: such answers are kept apart as unlisted, and
        numbers out of range and answers to questions that routing passed by are kept (`validation.validate` lists them).
    not_asked : collection of str
        Codes of questions or names of variables that this version of the survey did not have.
    minimum_match : float
        Smallest part of the file's columns, those of the survey software left out, that the questionnaire must explain.

    Raises
    ------
    InputError
        The file is no table, belongs to another survey, mixes synthetic and real rows, or (strict) holds answers that
        are not allowed.
    """
    path = Path(path)
    return responses_of(
        read_table(path), questionnaire, path=path, strict=strict, not_asked=not_asked, minimum_match=minimum_match
    )


def responses_of(
    table: RawTable, questionnaire: Questionnaire, *, path: Path, strict: bool, not_asked: Collection[str] = (),
    minimum_match: float = 0.20,
) -> Responses:  # fmt: skip
    """The same from a table that has been read already; `path` is named in messages."""
    _refuse_unknown_names(not_asked, questionnaire, path)
    matches = own_columns(match_columns(table.headers, questionnaire, values=_by_column(table)), questionnaire)
    _refuse_another_survey(matches, questionnaire, minimum_match, path)
    columns = {match.variable: match.position - 1 for match in matches if match.variable}
    kind = synthetic_mark(table, matches, path)
    decoded, form = _decode(table, columns, questionnaire)
    ids, raw_ids = respondent_ids(table, matches)
    responses = _assemble(table, matches, decoded, form, questionnaire, ids=ids, kind=kind, not_asked=not_asked)
    if strict:
        violations = validate(responses, rows=[int(row) for row in table.rows.index], ids=raw_ids, not_asked=not_asked)
        mistakes = violations[~violations["rule"].isin(WARNINGS)]
        if len(mistakes):
            raise InputError(
                problems_of(mistakes, questionnaire, file=str(path)), summary=_summary(mistakes, responses.n)
            )
    return responses


def _summary(mistakes: pd.DataFrame, n: int) -> str:
    rules = Counter(mistakes["rule"])
    told = ", ".join(f"{count} × {rule}" for rule, count in sorted(rules.items()))
    return (
        f"What the questionnaire does not allow, {len(mistakes)} × in {mistakes['row'].nunique()} of {n} rows ({told}):"
    )


def _refuse_unknown_names(not_asked: Collection[str], questionnaire: Questionnaire, path: Path) -> None:
    known = {question.code for question in questionnaire.questions} | set(questionnaire.by_name)
    problems = [
        Problem("unknown-question", f"“{name}” is declared not asked, but the questionnaire has no such question.",
                "Check its spelling.", file=str(path))
        for name in not_asked if name not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def _refuse_another_survey(
    matches: Sequence[ColumnMatch], questionnaire: Questionnaire, minimum: float, path: Path
) -> None:
    asked = [match for match in matches if match.match != "system"]
    known = [match for match in asked if match.variable]
    if asked and len(known) / len(asked) >= minimum and known:
        return
    strange = ", ".join(f"“{_short(match.column)}”" for match in asked if not match.variable and match.column)[:300]
    expected = ", ".join(f"“{variable.name}”" for variable in questionnaire.variables[:6])
    raise InputError(
        Problem(
            "another-survey",
            f"expected responses to “{questionnaire.questionnaire}”, found those of another survey: {len(known)} of "
            f"{len(asked)} columns match, at least {minimum:.0%} must. Not recognised: {strange or 'none'}. "
            f"Expected headings such as {expected}.",
            "Name the responses to this questionnaire, with question codes or the full question texts as headings.",
            file=str(path),
        )
    )


def _short(heading: str) -> str:
    return heading if len(heading) <= 40 else heading[:39] + "…"


def _by_column(table: RawTable) -> list[list[str]]:
    return [list(table.rows.iloc[:, place].fillna("")) for place in range(len(table.headers))]


def _decode(
    table: RawTable, columns: dict[str, int], questionnaire: Questionnaire
) -> tuple[dict[str, Decoded], Literal["codes", "labels", "mixed"]]:
    """Read every column; those that could be codes as well as labels are what most of the others are."""
    raw = {name: _cells(table, place, questionnaire.by_name[name]) for name, place in columns.items()}
    decoded = {name: decode_answers(cells, questionnaire.by_name[name]) for name, cells in raw.items()}
    forms = Counter(
        column.form
        for name, column in decoded.items()
        if questionnaire.by_name[name].kind == "choice" and not column.ambiguous and column.codes.notna().any()
    )
    expected: Literal["codes", "labels"] = "labels" if forms["labels"] > forms["codes"] else "codes"
    for name, column in decoded.items():
        if column.ambiguous:
            decoded[name] = decode_answers(raw[name], questionnaire.by_name[name], expected=expected)
    return decoded, "mixed" if forms["mixed"] or (forms["labels"] and forms["codes"]) else expected


def _cells(table: RawTable, place: int, variable: Variable) -> pd.Series[str]:
    column = table.rows.iloc[:, place].map(as_it_was, na_action="ignore").astype("str")
    listed = {option.code for option in variable.scale.options} if variable.scale is not None else set()
    column = column.mask(column.isin(_MISSING - listed))
    if variable.kind == "tick":
        # LimeSurvey stores a box that was seen and left unticked as an empty text, one that was not shown as nothing.
        return column.mask(column == "", "N")
    if variable.kind == "number" and table.decimal:
        return column.map(lambda value: _plain_number(value, table.decimal), na_action="ignore").astype("str")
    return column


def _plain_number(value: str, decimal: str) -> str:
    """The number so that it can be read in one way: by itself, 1.234 could be a thousand or a fraction."""
    thousands = "," if decimal == "." else "."
    bare = value.strip()
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{thousands}\d{{3}})+", bare):
        return bare.replace(thousands, "")
    return f"{bare}0" if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}\{decimal}\d{{3}}", bare) else value


def _assemble(
    table: RawTable,
    matches: tuple[ColumnMatch, ...],
    decoded: dict[str, Decoded],
    form: str,
    questionnaire: Questionnaire,
    *,
    ids: pd.Index,
    kind: Literal["synthetic", "real"],
    not_asked: Collection[str],
) -> Responses:
    names = [variable.name for variable in questionnaire.variables if variable.name in decoded]
    codes = pd.DataFrame({name: decoded[name].codes for name in names}).set_axis(ids)
    unlisted = pd.DataFrame({name: decoded[name].unlisted for name in names}).set_axis(ids)
    complete, last_page = submission(table, matches, questionnaire)
    complete = complete if complete is None else complete.set_axis(ids)
    last_page = last_page if last_page is None else last_page.set_axis(ids)
    filled = fill_implied(codes.mask(unlisted), questionnaire)
    blanks = explain_blanks(
        filled, questionnaire, complete=complete, last_page=last_page, not_asked=not_asked, unlisted=unlisted
    )
    raw = table.rows.set_axis(ids)
    positions = {match.variable: match.position - 1 for match in matches if match.variable}
    return Responses(
        questionnaire=questionnaire,
        frame=substantive(filled, blanks, questionnaire),
        blanks=blanks,
        origin=Origin(kind, table.file, table.sha256, _detail(table, form), matches),
        unlisted=_unlisted(unlisted, {name: raw.iloc[:, positions[name]] for name in names}),
        complete=complete,
        chosen=later_options(filled, questionnaire),
    )


def _unlisted(mask: pd.DataFrame, raw: dict[str, pd.Series[str]]) -> pd.DataFrame:
    cells = [
        (respondent, name, as_it_was(str(raw[name].loc[respondent])).strip())
        for name in mask.columns
        for respondent in mask.index[mask[name]]
    ]
    return pd.DataFrame(cells, columns=["respondent", "variable", "value"], dtype="str")


def _detail(table: RawTable, form: str) -> tuple[str, ...]:
    how = (
        [f"sheet: {table.sheet}"] if table.sheet else [f"encoding: {table.encoding}", f"delimiter: {table.delimiter!r}"]
    )
    how += [f"decimal: {table.decimal}"] if table.decimal else []
    return (*how, f"answers: {form}")
