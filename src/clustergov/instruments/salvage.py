"""What can still be checked in a questionnaire file whose form is broken in places.

Parts that do not fit the form are replaced by empty ones of the right form, so that mistakes elsewhere can be told in
the same go. Rules that depend on what a replaced part said are left out: they could accuse the innocent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import Problem
from clustergov.yaml_file import Place, spell

DEPENDENT = frozenset(
    {
        "comparison-always", "constraint-always", "constraint-contradiction", "double-sum-rule", "duplicate-variable",
        "item-without-range", "languages", "mixed-directions", "mixed-scales", "other-twice", "other-without-option",
        "required-unanswerable", "routing-always", "routing-beyond-range", "routing-blank-code",
        "routing-code-for-number", "routing-contradiction", "routing-cycle", "routing-forward", "routing-no-number",
        "routing-no-order", "routing-unknown-code", "routing-unknown-variable", "spss-name", "stata-name",
        "unknown-dimension", "unknown-scale", "unknown-source", "unknown-variable", "unreachable", "unused-dimension",
        "unused-scale", "unused-source",
    }
)  # fmt: skip
"""Rules about one part that look at another."""

PARTS: Mapping[tuple[str, ...], int] = {
    ("sections", "questions"): 4, ("sections",): 2, ("constructs",): 2, ("scales",): 2, ("sources",): 2,
    ("dimensions",): 2, ("indicators",): 2,
}  # fmt: skip
"""Parts that can be replaced on their own, by the keys that lead to them, and how long their place is."""


def salvage(data: Any, error: ValidationError) -> tuple[Questionnaire, set[Place]] | None:
    """Read what is left of a questionnaire.

    Parameters
    ----------
    data : object
        The file's content; it is not changed.
    error : ValidationError
        Where it does not fit.

    Returns
    -------
    Questionnaire and set of Place, or None
        With the places that were replaced; None when too much is broken.
    """
    if not isinstance(data, dict) or not _languages(data):
        return None
    replaced: set[Place] = set()
    trimmed: set[Place] = set()
    content = _copy(data)
    for detail in error.errors():
        place: Place = tuple(detail["loc"])
        if any(place[: len(part)] == part for part in replaced):
            continue
        if detail["type"] == "extra_forbidden":
            _at(content, place[:-1]).pop(place[-1], None)
            trimmed.add(place[:-1])
        else:
            replaced.add(_replace(content, place, _languages(data)))
    try:
        return Questionnaire.model_validate(content), replaced | trimmed
    except ValidationError:
        return None


def certain(problems: list[Problem], doubtful: set[Place]) -> list[Problem]:
    """The problems that stand whatever the replaced parts should have said."""
    shown = [spell(place) for place in doubtful]
    return [
        problem
        for problem in problems
        if problem.rule not in DEPENDENT
        and not any(problem.place == part or problem.place.startswith((f"{part}.", f"{part}[")) for part in shown)
    ]


def _languages(data: Mapping[str, Any]) -> list[str]:
    languages = data.get("languages")
    return languages if isinstance(languages, list) and all(isinstance(each, str) for each in languages) else []


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(child) for key, child in value.items()}
    return [_copy(child) for child in value] if isinstance(value, list) else value


def _at(content: Any, place: Place) -> Any:
    for part in place:
        content = content[part]
    return content


def _replace(content: Any, place: Place, languages: list[str]) -> Place:
    """Replace the smallest part around a mistake, and tell its place."""
    keys = tuple(part for part in place if isinstance(part, str))
    for lead, length in PARTS.items():
        if keys[: len(lead)] == lead and len(place) >= length:
            whole = place[:length]
            _at(content, whole[:-1])[whole[-1]] = _empty(lead[-1], languages)
            return whole
    content[place[0]] = _empty(str(place[0]), languages) if place else None
    return place[:1]


def _empty(part: str, languages: list[str]) -> Any:
    text = dict.fromkeys(languages, "…")
    code = "replaced"
    match part:
        case "questions":
            return {"code": code, "kind": "note", "text": text}
        case "sections":
            return {"code": code, "title": text, "questions": []}
        case "constructs":
            return {"code": code, "title": text, "items": [], "minimum valid": 1}
        case "scales":
            return {"direction": "none", "options": [{"code": "a", "text": text}]}
        case "sources":
            return {"citation": "…"}
        case "indicators":
            empty = {"code": code, "dimension": code, "title": text, "formula": "1", "unit": text}
            return empty | {"direction": "none", "evidence": text}
        case "title" | "text" | "closing" | "dimensions":
            return text
        case _:
            return "…"
