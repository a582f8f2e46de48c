"""Every condition of a questionnaire on its way to LimeSurvey; those that cannot be translated are gathered."""

from __future__ import annotations

from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Condition
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.limesurvey.script.literals import NotInExpressionScriptError
from clustergov.instruments.limesurvey.script.writing import to_script
from clustergov.instruments.questionnaire import Item, Question, Questionnaire
from clustergov.instruments.routing import parse
from clustergov.problems import InputError, Problem

_FIX = "Write it in another way, or leave it out and ask in words."


class ConditionsOut:
    """Translates conditions of one questionnaire; what goes wrong is added to `problems`."""

    def __init__(self, questionnaire: Questionnaire, codes: LimeCodes, problems: list[Problem]) -> None:
        self._variables = questionnaire.by_name
        self._codes = codes
        self._problems = problems
        self._from = questionnaire.imported_from

    def of_question(self, question: Question) -> str:
        """Relevance of a question; empty where it is always asked."""
        if not question.relevance:
            return self._translated(question.when, question.code)
        if self._from == "LimeSurvey":
            return question.relevance
        self._add(
            question.code, f"the condition stands as {self._from or 'other software'} wrote it: {question.relevance}"
        )
        return ""

    def of_item(self, question: Question, item: Item) -> str:
        return self._translated(item.when, f"{question.code}_{item.code}")

    def of_constraint(self, question: Question) -> str:
        try:
            condition = enforced(question)
        except InputError as error:
            self._add(question.code, error.problems[0].message)
            return ""
        return self._script(condition, f"{question.code}, constraint") if condition is not None else ""

    def refuse(self, question: Question, reason: str) -> None:
        self._add(question.code, reason)

    def _translated(self, text: str, place: str) -> str:
        if not text:
            return ""
        try:
            condition = parse(text)
        except InputError as error:
            self._add(place, error.problems[0].message)
            return ""
        return self._script(condition, place)

    def _script(self, condition: Condition, place: str) -> str:
        try:
            return to_script(condition, self._variables, self._codes)
        except NotInExpressionScriptError as error:
            self._add(place, f"{error}, so that “{condition}” would mean something else there")
            return ""

    def _add(self, place: str, reason: str) -> None:
        self._problems.append(Problem("limesurvey-condition", f"{reason}.", _FIX, place=place))
