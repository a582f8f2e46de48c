"""Rules for what single formats allow, beyond the form of codes that every questionnaire of our own keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clustergov.instruments.exchange import listed
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.rules.codes import places
from clustergov.instruments.rules.soundness import unsound
from clustergov.instruments.statistical.names import SPSS, STATA
from clustergov.problems import Problem
from clustergov.yaml_file import Positions

XLSFORM_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
DDI_ID = re.compile(r"[^\W\d][\w.-]*")
"""A name of XML without a colon, as the `ID` of a variable has to be."""


def target_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Names that have to be changed in a format: one warning per question and format."""
    yield from _statistical_problems(questionnaire, positions)
    if not questionnaire.imported_from:
        return  # the form of our own codes fits the formats below
    for place, question in places(questionnaire):
        if not XLSFORM_NAME.fullmatch(question.code):
            message = f"“{question.code}” is no name in an XLSForm."
            fix = "Begin it with a letter, and use letters, digits, _ . and - only."
            yield positions.problem((*place, "code"), "xlsform-name", message, fix, severity="warning")
        if not DDI_ID.fullmatch(question.code):
            message = f"“{question.code}” cannot begin the ID of a DDI variable."
            yield positions.problem((*place, "code"), "ddi-id", message, "Begin it with a letter.", severity="warning")
        blank = [item.code for item in question.items if re.search(r"\s", item.code)]
        if question.kind == "multiple" and blank:
            message = f"codes of a select_multiple have no blanks in an XLSForm: {listed(blank)}."
            fix = "Write them without blanks."
            yield positions.problem((*place, "items"), "xlsform-choice-name", message, fix, severity="warning")


def _statistical_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    wanted = tuple(questionnaire.by_name)
    told_already = unsound(questionnaire)
    place_of = {question.code: place for place, question in places(questionnaire)}
    for rule, software, naming in (("spss-name", "SPSS", SPSS), ("stata-name", "Stata", STATA)):
        changed: dict[str, list[str]] = {}
        for name, given in zip(wanted, naming.names(wanted), strict=True):
            if name != given and questionnaire.by_name[name].question.code not in told_already:
                changed.setdefault(questionnaire.by_name[name].question.code, []).append(f"“{name}” as “{given}”")
        for code, names in changed.items():
            message = f"{software} has other names for these variables: {listed(names, most=3)}."
            fix = f"Use other codes if the names should be the same there (at most {naming.longest} characters)."
            if code[:1].isdigit():
                fix = f"Let the code begin with a letter if the names should be the same there, not with the digit {code[0]}."
            yield positions.problem((*place_of[code], "code"), rule, message, fix, severity="warning")
