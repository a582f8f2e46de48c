"""Why a cell is blank, replayed from the questionnaire; what the file does not tell is not recorded, never guessed."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from clustergov.instruments.asking import asked_when
from clustergov.instruments.condition import Condition
from clustergov.instruments.questionnaire import Blank, Question, Questionnaire, Variable

_UNKNOWN = (Blank.NOT_RECORDED, Blank.NOT_ASKED)
_OTHER_CODES = ("other", "oth", "-oth-")


def explain_blanks(
    frame: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    complete: pd.Series[bool] | None,
    last_page: pd.Series[float] | None = None,
    not_asked: Collection[str] = (),
    unlisted: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say for every cell why it holds no substantive answer.

    The first rule that fits decides:

    1. the question or variable is declared not asked → not asked;
    2. the file has no such column, or the answer is not one that the questionnaire lists → not recorded;
    3. an option that is marked blank was chosen → what it is marked as;
    4. anything else that is answered → "" (a box is left unticked also where routing passed its question by: then
       nobody unticked it, and rule 5 decides);
    5. the question has a condition that is false → not applicable; when the condition looks at something that is not
       recorded or was not asked itself → not recorded;
    6. the question has a condition that could not be translated → not recorded;
    7. a text beside “other” whose option, or a remark beside a box that, was not chosen → not applicable;
    8. the file does not tell who submitted → not recorded;
    9. submitted → skipped;
    10. not submitted: up to the last answer given or the last page shown, whichever is later → skipped;
        after that → abandoned.

    Parameters
    ----------
    frame : DataFrame
        Codes, also those of options marked blank; the columns are the variables that the file has.
    questionnaire : Questionnaire
    complete : Series of bool, or None
        Whether each respondent submitted; None when the file does not tell.
    last_page : Series of float, or None
        Number of the last section that was shown, from 1; NaN or None when the file does not tell.
    not_asked : collection of str
        Codes of questions or names of variables that this version of the survey did not have.
    unlisted : DataFrame of bool, optional
        True where the file holds an answer that the questionnaire does not list; same index, any of its columns.

    Returns
    -------
    DataFrame of str
        A `Blank` value or "", one column per variable of the questionnaire.
    """
    names = [variable.name for variable in questionnaire.variables]
    kinds = {v.name: "float64" if v.kind == "number" else "str" for v in questionnaire.variables}
    codes = frame.reindex(columns=names).astype(kinds)
    strange = pd.DataFrame(False, index=frame.index, columns=names)
    if unlisted is not None:
        strange.loc[:, list(unlisted.columns)] = unlisted
    open_cells = _left_open(codes.notna() | strange, questionnaire, complete, last_page)
    blanks = pd.DataFrame("", index=frame.index, columns=names, dtype="str")
    for question in questionnaire.questions:
        variables = questionnaire.of(question.code)
        reasons = {v.name: _beside(v, codes, question, open_cells[v.name]) for v in variables}
        passes: dict[Condition | None, pd.Series] = {}
        for variable in variables:
            name, condition = variable.name, asked_when(variable)
            if condition not in passes:
                passes[condition] = _passed_by(condition, questionnaire, codes, blanks)
            passed = passes[condition]
            reason = reasons[name].mask(passed != "", passed)
            if question.relevance:
                reason = pd.Series(Blank.NOT_RECORDED.value, index=frame.index, dtype="str")
            blanks[name] = _answered_or(reason, variable, codes, passed)
            blanks[name] = blanks[name].mask(strange[name], Blank.NOT_RECORDED.value)
            if name not in frame.columns:
                blanks[name] = Blank.NOT_RECORDED.value
            if question.code in not_asked or name in not_asked:
                blanks[name] = blanks[name].mask(codes[name].isna() | (codes[name] == "N"), Blank.NOT_ASKED.value)
    return blanks


def substantive(codes: pd.DataFrame, blanks: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """All variables of the questionnaire in its order, each of its own kind; empty where there is a reason to be blank."""
    columns = {}
    for variable in questionnaire.variables:
        kind = "float64" if variable.kind == "number" else "str"
        present = variable.name in codes.columns
        column = codes[variable.name] if present else pd.Series(None, index=blanks.index, dtype=kind)
        masked = column.mask(blanks[variable.name] != "")
        columns[variable.name] = masked.astype("float64") if kind == "float64" else masked.astype("str")
    return pd.DataFrame(columns, index=blanks.index)


def passed_by(
    variable: Variable, questionnaire: Questionnaire, codes: pd.DataFrame, blanks: pd.DataFrame
) -> pd.Series[bool]:
    """Whether routing surely did not ask for an answer: its condition is false, and nothing it looks at is unknown."""
    return _passed_by(asked_when(variable), questionnaire, codes, blanks) == Blank.NOT_APPLICABLE


def _left_open(
    answered: pd.DataFrame,
    questionnaire: Questionnaire,
    complete: pd.Series[bool] | None,
    last_page: pd.Series[float] | None,
) -> pd.DataFrame:
    """Why a cell would be blank that is shown to everybody: skipped, abandoned or not recorded."""
    if complete is None:
        return pd.DataFrame(Blank.NOT_RECORDED.value, index=answered.index, columns=answered.columns, dtype="str")
    places = np.arange(1, len(answered.columns) + 1)
    reached = (answered.to_numpy(dtype=bool) * places).max(axis=1, initial=0)
    if last_page is not None:
        codes = [section.code for section in questionnaire.sections]
        pages = np.array([codes.index(variable.section.code) + 1 for variable in questionnaire.variables])
        shown = (pages[None, :] <= last_page.fillna(0).to_numpy(dtype=float)[:, None]) * places
        reached = np.maximum(reached, shown.max(axis=1, initial=0))
    seen = complete.to_numpy(dtype=bool)[:, None] | (places[None, :] <= reached[:, None])
    values = np.where(seen, Blank.SKIPPED.value, Blank.ABANDONED.value)
    return pd.DataFrame(values, index=answered.index, columns=answered.columns, dtype="str")


def _passed_by(
    condition: Condition | None, questionnaire: Questionnaire, codes: pd.DataFrame, blanks: pd.DataFrame
) -> pd.Series:
    """Not applicable or not recorded where the condition is false, else "".

    A condition that looks at something the questionnaire does not have tells nothing. Where a respondent stopped before
    what the condition looks at, routing decided nothing: "".
    """
    if condition is None:
        return pd.Series("", index=codes.index, dtype="str")
    looked_at = list(condition.variables)
    if not set(looked_at) <= set(codes.columns):
        return pd.Series(Blank.NOT_RECORDED.value, index=codes.index, dtype="str")
    false = ~holds(condition, questionnaire, codes)
    unknown = blanks[looked_at].isin([kind.value for kind in _UNKNOWN]).any(axis=1)
    stopped = (blanks[looked_at] == Blank.ABANDONED.value).any(axis=1)
    reason = pd.Series("", index=codes.index, dtype="str")
    reason = reason.mask(false & ~stopped, Blank.NOT_APPLICABLE.value)
    return reason.mask(false & unknown, Blank.NOT_RECORDED.value)


def holds(condition: Condition, questionnaire: Questionnaire, codes: pd.DataFrame) -> pd.Series[bool]:
    """For whom a condition holds, given codes among which are those of options marked blank."""
    answers = {name: _substantive(questionnaire.by_name[name], codes[name]) for name in condition.variables}
    return pd.Series(condition.holds_in(answers), index=codes.index)


def _substantive(variable: Variable, column: pd.Series) -> pd.Series:
    """The column without its options marked blank: for routing they are no answers."""
    options = variable.scale.options if variable.scale is not None else ()
    blank = [option.code for option in options if option.blank is not None]
    return column.mask(column.isin(blank)) if blank else column


def _beside(variable: Variable, codes: pd.DataFrame, question: Question, reason: pd.Series) -> pd.Series:
    """Rule 7: a free text that belongs to an option is not applicable to whoever chose another."""
    box = variable.name.removesuffix("comment")
    if question.kind == "multiple" and variable.kind == "text" and box != variable.name and box in codes.columns:
        return reason.mask(codes[box] == "N", Blank.NOT_APPLICABLE.value)
    if not question.other or variable.name != f"{question.code}_other":
        return reason
    if question.kind == "multiple":
        answered = codes[[f"{question.code}_{item.code}" for item in question.items]].notna().any(axis=1)
        return reason.mask(answered, Blank.NOT_APPLICABLE.value)
    chosen = codes[question.code]
    return reason.mask(chosen.notna() & ~chosen.str.casefold().isin(_OTHER_CODES), Blank.NOT_APPLICABLE.value)


def _answered_or(reason: pd.Series, variable: Variable, codes: pd.DataFrame, passed: pd.Series) -> pd.Series:
    """Rules 3 and 4: "" or an option's own reason where there is an answer, else `reason`."""
    column = codes[variable.name]
    answered = column.notna()
    if variable.kind == "tick":
        boxes = [f"{variable.question.code}_{item.code}" for item in variable.question.items]
        whole = variable.item is None or not variable.item.when
        nobody = (passed == Blank.NOT_APPLICABLE.value) & ~(
            codes[boxes] == "Y" if whole else column.to_frame() == "Y"
        ).any(axis=1)
        answered &= ~nobody
    reason = reason.mask(answered, "")
    for option in variable.scale.options if variable.scale is not None else ():
        if option.blank is not None:
            reason = reason.mask(column == option.code, option.blank)
    return reason
