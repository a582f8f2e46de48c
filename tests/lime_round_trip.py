"""What a questionnaire still is after it went to LimeSurvey's formats and came back: everything these can hold."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Condition
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import parse


def again(content: bytes, kind: str, folder: Path) -> Questionnaire:
    """The questionnaire that is read from an exported file."""
    path = folder / f"survey.{kind}"
    path.write_bytes(content)
    return read_limesurvey(path).questionnaire


def held(questionnaire: Questionnaire) -> dict[str, Any]:
    """What LimeSurvey holds of a questionnaire but for its conditions; texts as they are, scales where they are used."""
    return {
        "title": questionnaire.title,
        "languages": questionnaire.languages,
        "text": questionnaire.text,
        "closing": questionnaire.closing,
        "sections": [
            {"title": section.title, "text": section.text,
             "questions": [_question(question, questionnaire) for question in section.questions]}
            for section in questionnaire.sections if section.questions
        ],
    }  # fmt: skip


def _question(question: Any, questionnaire: Questionnaire) -> dict[str, Any]:
    fields = question.model_dump(
        exclude={"source", "mark", "scale", "items", "when", "constraint", "constraint_message"}
    )
    places = question.kind == "ranking"
    items = [(item.code, None if places else item.text, _options(item.scale, questionnaire)) for item in question.items]
    return {**fields, "scale": _options(question.scale, questionnaire), "items": items}


def _options(name: str, questionnaire: Questionnaire) -> list[tuple[str, Any]]:
    scale = questionnaire.scales.get(name)
    return [(option.code, option.text) for option in scale.options] if scale is not None else []


def assert_same_routing(first: Questionnaire, second: Questionnaire, draws: int = 25) -> None:
    """The same respondents are asked, and stopped, though the second does not know which options are blank."""
    sites = list(_conditions(first, second))
    for seed in range(draws if sites else 0):
        rng = random.Random(seed)
        entered = {variable.name: _entered(variable, rng) for variable in first.variables}
        answers = {name: _substantive(name, value, first) for name, value in entered.items()}
        for place, ours, theirs in sites:
            expected = ours is None or ours.holds(answers)
            assert (theirs is None or theirs.holds(entered)) == expected, (place, str(ours), str(theirs), answers)


def _conditions(
    first: Questionnaire, second: Questionnaire
) -> Iterator[tuple[str, Condition | None, Condition | None]]:
    for one, other in zip(first.questions, second.questions, strict=True):
        pairs = [(one.when, other.when), *((a.when, b.when) for a, b in zip(one.items, other.items, strict=True))]
        for ours, theirs in pairs:
            if ours or theirs:
                yield one.code, parse(ours) if ours else None, parse(theirs) if theirs else None
        if one.constraint or other.constraint:
            yield one.code, enforced(one), enforced(other)


def _entered(variable: Variable, rng: random.Random) -> str | float | None:
    """Any answer or none, whatever the routing says."""
    if variable.scale is not None:
        return rng.choice([None, *(option.code for option in variable.scale.options)])
    return rng.choice([None, 0.0, 1.0, 33.3, 50.0, 100.0]) if variable.kind == "number" else rng.choice([None, "text"])


def _substantive(name: str, value: Any, questionnaire: Questionnaire) -> Any:
    scale = questionnaire.by_name[name].scale
    blank = {option.code for option in scale.options if option.blank} if scale is not None else set()
    return None if value in blank else value


def spelled(questionnaire: Questionnaire) -> dict[str, Any]:
    """All of a questionnaire but its name, with conditions in one spelling."""
    data = questionnaire.model_dump(exclude={"questionnaire"})
    for section in data["sections"]:
        for question in section["questions"]:
            question["constraint"] = question["constraint"] and str(parse(question["constraint"]))
    return data
