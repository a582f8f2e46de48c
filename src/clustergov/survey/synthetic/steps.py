"""A questionnaire made ready to be walked through by many respondents: conditions parsed once, telling values known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clustergov.instruments.arithmetic import Constant
from clustergov.instruments.asking import asked_when, enforced
from clustergov.instruments.condition import Comparison, Condition, Relation
from clustergov.instruments.questionnaire import Question, Questionnaire, Section, Variable
from clustergov.instruments.routing import parse

Answer = str | float
"""Numbers as numbers, everything else as its code or text."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question as a respondent meets it.

    Attributes
    ----------
    asked : tuple of (Variable, Condition or None)
        Under which condition each of its variables can be filled.
    when : Condition or None
        Of the question itself, also where it is a note.
    constraint : Condition or None
        As it is enforced (see `asking.enforced`).
    """

    section: Section
    question: Question
    asked: tuple[tuple[Variable, Condition | None], ...]
    when: Condition | None
    constraint: Condition | None


@dataclass(frozen=True)
class Steps:
    """All questions in order, and the values that conditions compare each variable with."""

    questionnaire: Questionnaire
    steps: tuple[Step, ...]
    telling: Mapping[str, tuple[Answer, ...]]

    @property
    def routing(self) -> tuple[str, ...]:
        """Names of the variables that some routing looks at, in questionnaire order."""
        looked_at = {name for step in self.steps for condition in _routes(step) for name in condition.variables}
        return tuple(name for name in self.questionnaire.by_name if name in looked_at)


def steps_of(questionnaire: Questionnaire) -> Steps:
    """Parse every condition of `questionnaire` once.

    Raises
    ------
    InputError
        A condition cannot be read.
    """
    variables: dict[str, list[Variable]] = defaultdict(list)
    for variable in questionnaire.variables:
        variables[variable.question.code].append(variable)
    made = tuple(
        Step(
            section,
            question,
            tuple((variable, asked_when(variable)) for variable in variables[question.code]),
            parse(question.when) if question.when else None,
            enforced(question),
        )
        for section in questionnaire.sections
        for question in section.questions
    )
    return Steps(questionnaire, made, _telling(made))


def _routes(step: Step) -> Iterator[Condition]:
    if step.when is not None:
        yield step.when
    yield from (condition for _, condition in step.asked if condition is not None)


def _telling(steps: tuple[Step, ...]) -> dict[str, tuple[Answer, ...]]:
    found: dict[str, dict[Answer, None]] = defaultdict(dict)
    for step in steps:
        for condition in (*_routes(step), *((step.constraint,) if step.constraint is not None else ())):
            for leaf in condition.leaves:
                if isinstance(leaf, Comparison):
                    found[leaf.variable] |= dict.fromkeys(leaf.values)
                elif isinstance(leaf, Relation) and isinstance(leaf.right, Constant):
                    for name in leaf.variables:
                        found[name][leaf.right.value] = None
    return {name: tuple(values) for name, values in found.items()}


def substantive(variable: Variable, answer: Answer) -> bool:
    """Whether an answer is one for routing: an option marked blank is none."""
    return variable.scale is None or answer in variable.scale.codes
