"""Conditions and constraints of a form in the routing language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

from clustergov.instruments.arithmetic import Answer
from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Comparison, Condition
from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.xlsform.form import Field
from clustergov.instruments.xlsform.questions import limited
from clustergov.instruments.xlsform.wording import Wording
from clustergov.instruments.xlsform.xpath.answers import Answers
from clustergov.instruments.xlsform.xpath.reading import read, read_tree
from clustergov.instruments.xlsform.xpath.syntax import Unreadable

_SAMPLES = 600
"""Combinations of answers on which a constraint is compared with how it would be enforced."""


class Routes:
    """Translates the conditions of the questions that were read from ordinary rows.

    Parameters
    ----------
    draft : Questionnaire
        Those questions have what the form says in `relevance`.
    rows : mapping of str to str
        Row name to variable, or to the code of a multiple choice or ranking.
    fields : mapping of str to Field
        Code of a question to the row it was read from.
    """

    def __init__(
        self, draft: Questionnaire, rows: Mapping[str, str], fields: Mapping[str, Field], wording: Wording, notes: Notes
    ) -> None:
        self._draft = draft
        self._fields = fields
        self._answers = Answers(draft.by_name, rows)
        self._wording = wording
        self._notes = notes

    def translated(self) -> Questionnaire:
        """The questionnaire with what could be translated."""
        sections = tuple(
            section.model_copy(update={"questions": tuple(map(self._question, section.questions))})
            for section in self._draft.sections
        )
        data = {name: getattr(self._draft, name) for name in type(self._draft).model_fields}
        # A copy made by pydantic would keep the draft's cached variables.
        return Questionnaire(**{**data, "sections": sections})

    def _question(self, question: Question) -> Question:
        field = self._fields.get(question.code)
        if field is None:
            return question
        return self._constrained(self._routed(question, field), field)

    def _routed(self, question: Question, field: Field) -> Question:
        if not question.relevance:
            return question
        condition = read(question.relevance, self._answers, here=field.name)
        if condition is True:
            return question.model_copy(update={"relevance": ""})
        if condition is None or condition is False:
            message = f"who is asked “{question.code}” stays as the form says it, and is not known: {question.relevance[:500]}."
            self._notes.add("xlsform-condition", message, place=field.line.place("relevant"), line=field.line.number)
            return question
        return question.model_copy(update={"when": str(condition), "relevance": ""})

    def _constrained(self, question: Question, field: Field) -> Question:
        line = field.line
        text = line.look("constraint")
        try:
            limits, rest = limited(question, field)
        except Unreadable:
            return question
        if rest is not None:
            condition = read_tree(rest, self._answers)
            if condition is None or condition is False or not self._means_the_same(limits, condition):
                self._note_constraint(field, partly=limits != question)
                line.take("constraint") if limits != question else None
                return limits if limits == question else self._with_message(limits, field)
            if condition is not True:
                limits = limits.model_copy(update={"constraint": str(condition)})
        if text:
            line.take("constraint")
            limits = self._with_message(limits, field)
        return limits

    def _with_message(self, question: Question, field: Field) -> Question:
        message = self._wording.text(field.line, "constraint_message")
        return question.model_copy(update={"constraint_message": message}) if message is not None else question

    def _note_constraint(self, field: Field, *, partly: bool) -> None:
        if not partly:
            return
        message = (
            f"only the limits of “{field.name}” are taken from its constraint: {field.line.look('constraint')[:500]}."
        )
        self._notes.add("xlsform-constraint", message, place=field.line.place("constraint"), line=field.line.number)

    def _means_the_same(self, question: Question, condition: Condition | bool) -> bool:
        """Whether the constraint, as we enforce it, refuses what ODK refuses, which asks only where there is an answer."""
        if isinstance(condition, bool):
            return condition
        ours = enforced(question.model_copy(update={"constraint": str(condition)}))
        if ours is None:
            return False
        own = [variable.name for variable in self._draft.of(question.code)]
        variables = [self._draft.by_name[name] for name in dict.fromkeys([*condition.variables, *own])]
        for answers in islice(_samples(variables, condition), _SAMPLES):
            if any(answers[name] == _MARKED for name in answers):
                # An option that is no answer here is one in ODK, and looks like a blank to the condition.
                asked = answers.get(own[0]) == _MARKED
                answers = {name: None if value == _MARKED else value for name, value in answers.items()}
            else:
                asked = any(answers[name] not in (None, "N") for name in own if name in answers)
            if ours.holds(answers) != (not asked or condition.holds(answers)):
                return False
        return True


_MARKED = "\0"
"""Stands for an option that is no substantive answer."""


def _samples(variables: list[Variable], condition: Condition) -> Iterator[dict[str, Answer]]:
    """Combinations of answers, the blank among them."""
    numbers = sorted({value for leaf in condition.leaves if isinstance(leaf, Comparison) for value in leaf.values
                      if isinstance(value, float)})  # fmt: skip
    texts = [
        value
        for leaf in condition.leaves
        if isinstance(leaf, Comparison)
        for value in leaf.values
        if isinstance(value, str)
    ]
    pools = [_pool(variable, numbers, texts) for variable in variables]
    for values in product(*pools):
        yield {variable.name: value for variable, value in zip(variables, values, strict=True)}


def _pool(variable: Variable, numbers: list[float], texts: list[str]) -> list[Answer]:
    match variable.kind:
        case "tick":
            return ["Y", "N"]
        case "choice":
            scale = variable.scale
            codes = scale.codes if scale is not None else ()
            marked = [_MARKED] if scale is not None and len(codes) < len(scale.options) else []
            return [None, *codes[:3], *(code for code in codes[3:] if code in texts), *marked]
        case "number":
            return [None, 0.0, 1.0, 7.0, *(near for value in numbers[:4] for near in (value - 1, value, value + 1))]
        case _:
            return [None, "something else", *texts[:3]]
