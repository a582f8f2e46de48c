"""The codes by which LimeSurvey knows questions, items, answers and variables; ours wherever it accepts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clustergov.instruments.exchange import Notes, listed
from clustergov.instruments.limesurvey.layout import Layout, layout_of
from clustergov.instruments.limesurvey.types import OTHER_CODE
from clustergov.instruments.questionnaire import Question, Questionnaire, Scale, Variable
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.instruments.rules.codes import ANSWER_CODE, ITEM_CODE, QUESTION_CODE, RESERVED


@dataclass(frozen=True)
class LimeCodes:
    """Our codes → LimeSurvey's.

    Attributes
    ----------
    questions : mapping of str to str
    items : mapping of (question, item) to str
        Of a grid, ``row_column``.
    layouts : mapping of str to Layout
        How each question is laid out, by its code.
    """

    questions: Mapping[str, str]
    items: Mapping[tuple[str, str], str]
    layouts: Mapping[str, Layout]
    _answers: dict[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, questionnaire: Questionnaire, notes: Notes) -> LimeCodes:
        """Codes for a whole questionnaire; those that had to be changed are noted."""
        questions = _renamed([question.code for question in questionnaire.questions], _question_code, 20)
        layouts = {question.code: layout_of(question) for question in questionnaire.questions}
        items: dict[tuple[str, str], str] = {}
        for question in questionnaire.questions:
            taken = {"time", "other"} if question.other else {"time"}
            whole = _renamed([item.code for item in question.items], _item_code, 20, taken)
            if layouts[question.code] != "list":
                whole = {code: code for code in whole}
            items |= {(question.code, code): new for code, new in whole.items()}
        codes = cls(questions, items, layouts)
        _note_changes(codes, questionnaire, notes)
        return codes

    def variable(self, variable: Variable) -> str:
        """What a variable is called in LimeSurvey's expressions."""
        question = variable.question
        end = variable.name.removeprefix(question.code)
        if variable.item is not None:
            end = end.replace(f"_{variable.item.code}", f"_{self.items[question.code, variable.item.code]}", 1)
        return self.questions[question.code] + end

    def answers(self, scale: Scale) -> Mapping[str, str]:
        """Every code of a scale → LimeSurvey's."""
        codes = tuple(option.code for option in scale.options)
        if codes not in self._answers:
            self._answers[codes] = _renamed(codes, _answer_code, 5)
        return self._answers[codes]

    def answer(self, variable: Variable, code: str) -> str:
        """What LimeSurvey stores when this option is chosen."""
        if variable.scale is None:
            return code
        if variable.item is None and code == other_code(variable.question, variable.scale):
            return OTHER_CODE
        return self.answers(variable.scale).get(code, code)

    def tick(self, question: Question) -> str:
        """What LimeSurvey stores for a ticked box."""
        return "1" if self.layouts[question.code] == "grid" else "Y"


def other_code(question: Question, scale: Scale | None) -> str | None:
    """The option of a list beside which its free answer stands: in LimeSurvey it is no option but a setting."""
    if not question.other or question.kind != "single" or question.comment or scale is None:
        return None
    return next((option.code for option in scale.options if option.code.casefold() in OTHER_CODES), None)


def _question_code(code: str) -> bool:
    return QUESTION_CODE.fullmatch(code) is not None and code not in RESERVED


def _item_code(code: str) -> bool:
    return ITEM_CODE.fullmatch(code) is not None


def _answer_code(code: str) -> bool:
    return ANSWER_CODE.fullmatch(code) is not None


def _renamed(codes: Iterable[str], accepted: object, longest: int, reserved: Iterable[str] = ()) -> dict[str, str]:
    """Each code as it is where it is accepted, else shortened and, where that is taken, numbered."""
    codes = list(codes)
    assert callable(accepted)
    found = {code: code for code in codes if accepted(code) and code not in reserved}
    taken = {*found, *reserved}
    for code in codes:
        if code in found:
            continue
        bare = re.sub(r"[^A-Za-z0-9]", "", code)
        stem = bare if bare and accepted(bare[:longest]) else f"q{bare}"
        new, count = stem[:longest], 2
        while new in taken or not accepted(new):
            new, count = f"{stem[: longest - len(str(count))]}{count}", count + 1
        taken.add(new)
        found[code] = new
    return found


def _note_changes(codes: LimeCodes, questionnaire: Questionnaire, notes: Notes) -> None:
    changed = [f"{own} is {new}" for own, new in codes.questions.items() if own != new]
    changed += [f"{question}_{own} is {question}_{new}" for (question, own), new in codes.items.items() if own != new]
    for question in questionnaire.questions:
        for name in dict.fromkeys([question.scale, *(item.scale for item in question.items)]):
            if (scale := questionnaire.scales.get(name)) is None:
                continue
            other = other_code(question, scale)
            answers = codes.answers(scale).items()
            changed += [f"“{own}” of {name} is “{new}”" for own, new in answers if own not in (new, other)]
    if changed := list(dict.fromkeys(changed)):
        notes.add("limesurvey-code", f"{len(changed)} codes are not possible in LimeSurvey and are changed: {listed(changed)}.",
                  fix="Read its answers with the questionnaire that is imported from LimeSurvey.")  # fmt: skip
