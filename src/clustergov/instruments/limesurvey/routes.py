"""The conditions and rules of a LimeSurvey survey, read once all of its variables are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clustergov.instruments.condition import Relation
from clustergov.instruments.limesurvey.constraints import constrained
from clustergov.instruments.limesurvey.filters import Filters
from clustergov.instruments.limesurvey.script.relevance import (
    from_conditions,
    is_always,
    translate,
    without_field_numbers,
)
from clustergov.instruments.limesurvey.structure import LimeCondition, LimeQuestion, LimeSurvey
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.routing import number_problems
from clustergov.problems import InputError
from clustergov.yaml_file import Positions

_LONGEST = 20_000
"""Characters of an expression that is looked at; the routing language has a tenth of it."""


def old_condition(conditions: Sequence[LimeCondition]) -> str:
    """Condition rows of the old style as one expression."""
    return from_conditions(conditions)


def routed(survey: LimeSurvey, codes: Mapping[int, str], draft: Questionnaire, wording: Wording) -> dict[str, Question]:
    """Every question of the draft, by its code, with the conditions and constraints that can be expressed."""
    reader = _Reader(survey, codes, draft)
    own = {codes[id(question)]: question for group in survey.groups for question in group.questions}
    first: dict[str, LimeQuestion] = {}
    for question in own.values():
        first.setdefault(question.code.strip(), question)
    filters = Filters(first, codes, draft, reader.translated, reader.usable, wording.losses)
    variables: dict[str, list[Variable]] = {}
    for variable in draft.variables:
        variables.setdefault(variable.question.code, []).append(variable)
    ticks = frozenset(variable.name for variable in draft.variables if variable.kind == "tick")
    questions: dict[str, Question] = {}
    for present in draft.questions:
        question = own[present.code]
        update = {"items": filters.items(question, present)} if present.items else {}
        found = _asked(present.model_copy(update=update), question, reader, wording)
        questions[present.code] = constrained(
            question, found, variables.get(present.code, []), wording, reader.translated, reader.usable, ticks
        )
    return questions


def _asked(present: Question, question: LimeQuestion, reader: _Reader, wording: Wording) -> Question:
    """The question with `when` in place of `relevance` if it can be translated."""
    own = question.relevance.strip() or question.attribute("relevance")
    if question.conditions and not is_always(own):
        rows = old_condition(question.conditions)
        if reader.translated(rows) is None or reader.translated(rows) != reader.translated(own):
            what = "rows of old conditions stand beside a written condition; only that is used"
            wording.losses.add("limesurvey-condition", what, present.code, value=rows)
    if not present.relevance:
        return present
    when = reader.translated(present.relevance)
    if when is None:
        what = "conditions stay as LimeSurvey writes them, and who was asked is not known"
        wording.losses.add("limesurvey-condition", what, present.code, value=present.relevance)
        return present.model_copy(update={"relevance": reader.named(present.relevance)})
    return present.model_copy(update={"when": when, "relevance": ""})


class _Reader:
    """Reads expressions about the answers of one draft."""

    def __init__(self, survey: LimeSurvey, codes: Mapping[int, str], draft: Questionnaire) -> None:
        questions = [question for group in survey.groups for question in group.questions if question.number]
        self._numbers = {question.number: question for question in questions}
        self._codes = {number: codes[id(question)] for number, question in self._numbers.items()}
        self._draft = draft

    def named(self, expression: str) -> str:
        """The expression with codes in place of numbers of fields."""
        if len(expression) > _LONGEST:
            return expression
        return without_field_numbers(expression, self._numbers, self._codes)

    def translated(self, expression: str) -> str | None:
        """The expression in the routing language, in one spelling, or None where it says more than that can."""
        if len(expression) > _LONGEST:
            return None
        when = translate(self.named(expression), self._draft.by_name)
        return str(parse(when)) if when is not None and self.usable(when) else None

    def usable(self, text: str) -> bool:
        """Whether a text is a condition about answers that are there and are compared with what they can be."""
        try:
            condition = parse(text)
        except InputError:
            return False
        if not self._draft.by_name.keys() >= set(condition.variables):
            return False
        relations = [leaf for leaf in condition.leaves if isinstance(leaf, Relation)]
        numbers = [number for relation in relations for number in (relation.left, relation.right)]
        return not any(
            True for number in numbers for _ in number_problems(number, (), self._draft, Positions(""))
        )  # fmt: skip
