"""Ways through a questionnaire, drawn at random and the same each time: what is answered, and so what is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.answers import OTHER_CODES

Value = str | float

DRAWS = 300
LEFT_OPEN = 0.1
"""How many of the optional questions a respondent leaves open, as a part of them."""
REMARK = 'Één; "twee" & <drie>, 100 % {vier}'
PARTS: dict[float, tuple[float, ...]] = {100.0: (0.1, 64.1, 35.8)}
"""Shares that make up a total, where the sum of binary fractions does not."""


@dataclass(frozen=True, slots=True)
class Way:
    """One respondent's way.

    Attributes
    ----------
    answers : dict of variable to answer
        Codes, Y for a ticked box, numbers, texts: what is filled in.
    questions, variables : tuple of str
        Those that are asked, in order; a text beside “other” is none of them.
    """

    answers: dict[str, Value]
    questions: tuple[str, ...]
    variables: tuple[str, ...]


def ways(questionnaire: Questionnaire) -> tuple[Way, Way]:
    """The way that meets the most questions of many that are drawn, and the one that meets the fewest."""
    drawn = [draw(questionnaire, random.Random(seed)) for seed in range(DRAWS)]
    return max(drawn, key=_length), min(drawn, key=lambda way: _length(way)[:2])


def posted(way: Way, questionnaire: Questionnaire) -> dict[str, str]:
    """The answers as they are entered in LimeSurvey, whose own “other” has a code of its own."""
    return {name: _entered(value, questionnaire.by_name[name]) for name, value in way.answers.items()}


def _entered(value: Value, variable: Variable) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return "-oth-" if variable.question.other and variable.kind == "choice" and value in OTHER_CODES else value


def as_routing_sees(way: Way, questionnaire: Questionnaire) -> dict[str, Value | None]:
    """What was asked: an option marked blank is no answer, a box left open is unticked."""
    return _substantive([questionnaire.by_name[name] for name in way.variables], way.answers)


def _length(way: Way) -> tuple[int, int, int]:
    return len(way.questions), len(way.variables), sum(name.endswith("_other") for name in way.answers)


def draw(questionnaire: Questionnaire, rng: random.Random, *, left_open: float = LEFT_OPEN) -> Way:
    """One way, with answers that the questionnaire allows; a part of the optional questions is left open."""
    answers: dict[str, Value] = {}
    substantive: dict[str, Value | None] = {}
    questions: list[str] = []
    variables: list[str] = []
    for question in questionnaire.questions:
        asked = [
            variable
            for variable in questionnaire.of(question.code)
            if (condition := asked_when(variable)) is None or condition.holds(substantive)
        ]
        if asked or (question.kind == "note" and (not question.when or parse(question.when).holds(substantive))):
            questions.append(question.code)
        variables += [variable.name for variable in asked if not _beside(variable)]
        skipped = not question.required and rng.random() < left_open
        given = {} if skipped else _allowed(question, asked, rng, substantive)
        answers |= given
        substantive |= _substantive(asked, given)
    return Way(answers, tuple(questions), tuple(variables))


def _beside(variable: Variable) -> bool:
    return (
        variable.kind == "text" and variable.name.endswith(("_other", "comment")) and variable.question.kind != "texts"
    )


def _substantive(asked: list[Variable], given: Mapping[str, Value]) -> dict[str, Value | None]:
    """As routing sees them: an option marked blank is none, a box left open is unticked."""
    found: dict[str, Value | None] = {}
    for variable in asked:
        value = given.get(variable.name, "N" if variable.kind == "tick" else None)
        blank = variable.scale is not None and value is not None and value not in variable.scale.codes
        found[variable.name] = None if blank else value
    return found


def _allowed(
    question: Question, asked: list[Variable], rng: random.Random, before: Mapping[str, Value | None]
) -> dict[str, Value]:
    """Answers to one question that its constraint admits; numbers become smaller from one attempt to the next."""
    for attempt in range(1000):
        given = dict(_drawn(question, asked, rng, reach=0.98**attempt))
        if not question.constraint:
            return given
        condition, known = parse(question.constraint), {**before, **_substantive(asked, given)}
        if any(known.get(name) is None for name in condition.variables) or condition.holds(known):
            return given
    raise AssertionError(f"no answer to {question.code} was found that meets “{question.constraint}”")


def _drawn(
    question: Question, asked: list[Variable], rng: random.Random, *, reach: float
) -> Iterator[tuple[str, Value]]:
    if question.total is not None:
        yield from zip((each.name for each in asked), _shares(question.total, len(asked), rng), strict=True)
        return
    if question.kind == "ranking":
        codes = [option.code for option in asked[0].scale.options] if asked and asked[0].scale else []
        yield from zip((each.name for each in asked), rng.sample(codes, len(codes)), strict=False)
        return
    chosen: set[str] = set()
    for variable in asked:
        value = _one(variable, chosen, rng, reach=reach)
        if value is not None:
            chosen.add(f"{variable.name}={value}")
            yield variable.name, value


def _shares(total: float, count: int, rng: random.Random) -> list[float]:
    parts = PARTS.get(total, (total,))
    shares = [*parts, *[0.0] * (count - len(parts))] if count >= len(parts) else [total, *[0.0] * (count - 1)]
    rng.shuffle(shares)
    return shares


def _one(variable: Variable, chosen: set[str], rng: random.Random, *, reach: float) -> Value | None:
    question = variable.question
    match variable.kind:
        case "choice":
            assert variable.scale is not None
            return rng.choice(variable.scale.options).code
        case "tick":
            return "Y" if rng.random() < 0.5 else None
        case "number":
            low, highest = question.minimum or 0, question.maximum if question.maximum is not None else 100
            high = low + (highest - low) * reach
            return float(rng.randint(int(low), int(high)) if question.integer else round(rng.uniform(low, high), 1))
        case "text" if _beside(variable):
            code = variable.name.removesuffix("_other").removesuffix("_comment")
            if question.kind == "multiple" and variable.name.endswith("_other"):
                return REMARK if rng.random() < 0.5 else None
            wanted = {f"{code}={other}" for other in OTHER_CODES} | {f"{variable.name.removesuffix('comment')}=Y"}
            return REMARK if wanted & chosen or (variable.name == f"{code}_comment") else None
        case "text":
            return REMARK
        case "date":
            return f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        case _:
            return None
