"""Plausible answers of one respondent to one question: in range, adding up, keeping to the constraint, clearly synthetic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from clustergov.instruments.arithmetic import value
from clustergov.instruments.condition import Condition, Relation
from clustergov.instruments.questionnaire import Question, Variable
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.survey.synthetic.steps import Answer, Step, substantive

ATTEMPTS = 200
"""Draws of one question's answers before its constraint is taken to be out of reach for this respondent."""

SOLVED = 10
"""Of them those whose numbers are also bent to fit."""

WORDS = {"nl": "synthetisch antwoord", "en": "synthetic answer"}
"""No one can take these for a respondent's own words."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody answers.

    Attributes
    ----------
    blank : float
        How often an option marked blank is taken where there is one.
    remark : float
        How often a free remark is written.
    telling : float
        How often a number is one that a condition looks at, or beside it.
    language : str
        Of free texts.
    wishes : mapping of variable to answer
        Taken wherever they are possible.
    telling_values : mapping of variable to answers
    """

    blank: float = 0.05
    remark: float = 0.2
    telling: float = 0.0
    language: str = "en"
    wishes: Mapping[str, Answer] = field(default_factory=dict)
    telling_values: Mapping[str, Sequence[Answer]] = field(default_factory=dict)


def answers_to(
    step: Step, asked: Sequence[Variable], known: Mapping[str, Answer], rng: np.random.Generator, manner: Manner
) -> dict[str, Answer]:
    """Answers to one question that the questionnaire allows; none where none is possible.

    Parameters
    ----------
    asked : sequence of Variable
        Those of the question's variables that routing shows to this respondent.
    known : mapping
        Earlier substantive answers.

    Returns
    -------
    dict of variable to answer
        Boxes of a multiple choice are Y or N.
    """
    if not asked:
        return {}
    for attempt in range(1 if step.constraint is None else ATTEMPTS):
        # What does not fit at first often does with smaller numbers; later attempts leave the wishes behind.
        given = _draw(step.question, asked, rng, manner, reach=0.97**attempt, wishful=attempt < ATTEMPTS // 2)
        if step.constraint is None or keeps(step.constraint, asked, given, known):
            return given
        solved = _solved(step.constraint, asked, given, known, rng) if attempt < SOLVED else None
        if solved is not None:
            return solved
    return {}


def keeps(
    constraint: Condition, asked: Sequence[Variable], given: Mapping[str, Answer], known: Mapping[str, Answer]
) -> bool:
    """Whether answers keep to a constraint, beside what was answered before."""
    own = {v.name: given[v.name] for v in asked if v.name in given and substantive(v, given[v.name])}
    return constraint.holds({**known, **own})


def _solved(
    constraint: Condition,
    asked: Sequence[Variable],
    given: Mapping[str, Answer],
    known: Mapping[str, Answer],
    rng: np.random.Generator,
) -> dict[str, Answer] | None:
    """The same answers with their numbers made smaller together, or one of them changed, such that the constraint holds."""
    numbers = [v for v in asked if isinstance(given.get(v.name), float) and v.question.total is None]
    names = {variable.name for variable in numbers}
    leaves = [leaf for leaf in constraint.leaves if isinstance(leaf, Relation) and names & set(leaf.variables)]
    tried = [dict(given)]
    for leaf in leaves:
        scaled = _scaled(leaf, numbers, given, known, rng)
        if scaled is not None:
            if keeps(constraint, asked, scaled, known):
                return scaled
            tried.append(scaled)
    for start in reversed(tried):
        for leaf in leaves:
            for variable in numbers:
                for number in _roots(leaf, variable, {**known, **start}) if variable.name in leaf.variables else ():
                    changed = {**start, variable.name: number}
                    if allowed(variable.question, number) and keeps(constraint, asked, changed, known):
                        return changed
    return None


def _scaled(
    leaf: Relation,
    numbers: Sequence[Variable],
    given: Mapping[str, Answer],
    known: Mapping[str, Answer],
    rng: np.random.Generator,
) -> dict[str, Answer] | None:
    """All numbers times one factor below 1 at which both sides are equal; for an inequality a smaller one still."""

    def scaled(factor: float) -> dict[str, Answer]:
        changed = dict(given)
        for variable in numbers:
            number = float(given[variable.name]) * factor
            changed[variable.name] = float(math.floor(number)) if variable.question.integer else round(number, 1)
        return changed

    nothing, everything = (_difference(leaf, {**known, **scaled(factor)}) for factor in (0.0, 1.0))
    if not math.isfinite(nothing - everything) or nothing == everything:
        return None
    factor = nothing / (nothing - everything)
    if not 0 <= factor <= 1:
        return None
    changed = scaled(factor if leaf.operator == "=" else factor * rng.random())
    return changed if all(allowed(v.question, float(changed[v.name])) for v in numbers) else None


def _difference(leaf: Relation, answers: Mapping[str, Answer]) -> float:
    return value(leaf.left, answers) - value(leaf.right, answers)


def _roots(leaf: Relation, variable: Variable, answers: Mapping[str, Answer]) -> tuple[float, ...]:
    """Where both sides are equal, if the difference is a straight line in this variable, and the numbers beside it."""
    start = _difference(leaf, {**answers, variable.name: 0.0})
    slope = _difference(leaf, {**answers, variable.name: 1.0}) - start
    if not slope or not math.isfinite(slope):
        return ()
    root = -start / slope
    return (
        round(root, 6),
        float(math.floor(root)),
        float(math.ceil(root)),
        math.floor(root) - 1.0,
        math.ceil(root) + 1.0,
    )


def limits(question: Question) -> tuple[float, float]:
    """The range of a number; where the questionnaire leaves an end open, a hundred wide."""
    low, high = question.minimum, question.maximum
    if low is None:
        low = 0.0 if high is None or high > 0 else high - 100
    return low, low + 100 if high is None else high


def allowed(question: Question, number: float) -> bool:
    """Whether a number is in the question's own range, and whole where it must be."""
    low = -math.inf if question.minimum is None else question.minimum
    high = math.inf if question.maximum is None else question.maximum
    return low <= number <= high and (not question.integer or float(number).is_integer())


def _draw(
    question: Question,
    asked: Sequence[Variable],
    rng: np.random.Generator,
    manner: Manner,
    *,
    reach: float,
    wishful: bool,
) -> dict[str, Answer]:
    match question.kind:
        case "multiple":
            return _boxes(question, asked, rng, manner, wishful=wishful)
        case "ranking":
            return _order(asked, rng)
        case "numbers" if question.total is not None:
            parts = shares(question, len(asked), rng)
            return dict(zip((variable.name for variable in asked), parts, strict=False))
    given: dict[str, Answer] = {}
    for variable in asked:
        found = (
            _beside(variable, given, rng, manner)
            if is_beside(variable)
            else _one(variable, rng, manner, reach, wishful=wishful)
        )
        if found is not None:
            given[variable.name] = found
    return given


def is_beside(variable: Variable) -> bool:
    """Whether it is the free text beside “other”, or a remark."""
    own = f"{variable.question.code}_{variable.item.code}" if variable.item is not None else variable.question.code
    return variable.kind == "text" and variable.name != own


def _one(variable: Variable, rng: np.random.Generator, manner: Manner, reach: float, *, wishful: bool) -> Answer | None:
    wish = manner.wishes.get(variable.name) if wishful else None
    match variable.kind:
        case "choice" if variable.scale is not None:
            options = [option.code for option in variable.scale.options]
            if wish in options:
                return wish
            blank = [code for code in options if code not in variable.scale.codes]
            codes = (
                blank if blank and (rng.random() < manner.blank or not variable.scale.codes) else variable.scale.codes
            )
            return str(codes[rng.integers(len(codes))]) if codes else None
        case "number":
            return _number(variable, rng, manner, reach, wish)
        case "date":
            return day(rng)
        case "text":
            return wish if isinstance(wish, str) and wish else words(rng, manner.language)
    return None


def words(rng: np.random.Generator, language: str) -> str:
    """A free text that nobody takes for a respondent's."""
    return f"{WORDS.get(language, WORDS['en'])} {rng.integers(1, 1000)}"


def day(rng: np.random.Generator) -> str:
    """A day from 2010 to 2025."""
    return str(np.datetime64("2010-01-01") + int(rng.integers(0, 365 * 15)))


def _number(
    variable: Variable, rng: np.random.Generator, manner: Manner, reach: float, wish: Answer | None
) -> float | None:
    question = variable.question
    if isinstance(wish, float) and allowed(question, wish):
        return wish
    told = [value for value in manner.telling_values.get(variable.name, ()) if isinstance(value, float)]
    if told and rng.random() < manner.telling:
        near = told[rng.integers(len(told))] + float(rng.integers(-1, 2))
        if allowed(question, near):
            return near
    low, high = limits(question)
    return number_between(low, low + (high - low) * reach, rng.random(), whole=question.integer)


def number_between(low: float, high: float, place: float, *, whole: bool) -> float | None:
    """The number at `place` (0 to 1) of a range: a whole one, or with one decimal where the range is wide enough."""
    if whole:
        first, last = math.ceil(low), math.floor(high)
        return None if first > last else float(min(first + int(place * (last - first + 1)), last))
    if low > high:
        return None
    return min(max(round(low + place * (high - low), 1 if high - low >= 1 else 6), low), high)


def _boxes(
    question: Question, asked: Sequence[Variable], rng: np.random.Generator, manner: Manner, *, wishful: bool
) -> dict[str, Answer]:
    """Boxes, of which at least one is ticked; remarks beside ticked ones only."""
    boxes = [variable.name for variable in asked if variable.kind == "tick"]
    if not boxes:
        return {}
    ticked = {name: bool(rng.random() < 0.4) for name in boxes}
    if wishful:
        ticked |= {name: manner.wishes[name] == "Y" for name in boxes if name in manner.wishes}
    if not any(ticked.values()):
        free = [name for name in boxes if not wishful or manner.wishes.get(name) != "N"] or boxes
        ticked[free[rng.integers(len(free))]] = True
    given: dict[str, Answer] = {name: "Y" if ticked[name] else "N" for name in boxes}
    for variable in asked:
        if is_beside(variable) and rng.random() < manner.remark:
            box = variable.name.removesuffix("comment")
            if variable.name == f"{question.code}_other" or given.get(box) == "Y":
                given[variable.name] = words(rng, manner.language)
    return given


def _order(asked: Sequence[Variable], rng: np.random.Generator) -> dict[str, Answer]:
    """The options of a ranking in an order of chance; no option twice."""
    places = [variable for variable in asked if variable.kind == "choice" and variable.scale is not None]
    codes = list(places[0].scale.codes) if places and places[0].scale is not None else []
    mixed = [codes[place] for place in rng.permutation(len(codes))]
    return {variable.name: code for variable, code in zip(places, mixed, strict=False)}


def shares(question: Question, parts: int, rng: np.random.Generator) -> list[Answer]:
    """Numbers that add up to the question's total within its limits; none where that cannot be."""
    total, low = question.total or 0.0, question.minimum if question.minimum is not None else 0.0
    high = math.inf if question.maximum is None else question.maximum
    whole = question.integer
    low, high = (
        (float(math.ceil(low)), float(math.floor(high)) if math.isfinite(high) else high) if whole else (low, high)
    )
    left = total - parts * low
    if not parts or left < -1e-9 or total > parts * high + 1e-9 or (whole and not float(total).is_integer()):
        return []
    unit = 1.0 if whole or total >= 20 else total / 100
    weights = rng.standard_gamma(0.7, parts) + 1e-9
    numbers = [min(low + unit * math.floor(left * weight / weights.sum() / unit), high) for weight in weights]
    for place in np.argsort(-weights):
        room = min(high - numbers[place], total - sum(numbers))
        numbers[place] = round(numbers[place] + max(room, 0.0), 6)
    return [float(number) for number in numbers]


def _beside(variable: Variable, given: Mapping[str, Answer], rng: np.random.Generator, manner: Manner) -> Answer | None:
    """The text beside “other” of whoever chose it; a remark now and then."""
    question = variable.question
    if question.other and variable.name == f"{question.code}_other":
        return words(rng, manner.language) if str(given.get(question.code, "")).casefold() in OTHER_CODES else None
    return words(rng, manner.language) if given and rng.random() < manner.remark else None
