"""What can still be checked in a questionnaire file whose form is broken in places.

Values that do not fit the form are mended where it is clear what they stand for, and else the part around them is
replaced by an empty one of the right form, so that mistakes elsewhere can be told in the same go. Rules that depend on
what a mended or replaced part said are left out: they could accuse the innocent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from clustergov.instruments.questionnaire import Kind, Question, Questionnaire
from clustergov.instruments.rules.routing import sites
from clustergov.problems import Problem
from clustergov.yaml_file import Place, spell

DEPENDENT = frozenset(
    {
        "constraint-always", "constraint-contradiction", "double-sum-rule", "duplicate-variable",
        "item-without-range", "mixed-directions", "mixed-scales", "other-twice", "other-without-option",
        "required-unanswerable", "routing-always", "routing-contradiction", "routing-cycle", "spss-name", "stata-name",
        "unknown-variable", "unreachable", "unused-dimension", "unused-scale", "unused-source",
    }
)  # fmt: skip
"""Rules about one part that look at others."""

OWN = frozenset(
    {
        "answer-code", "construct-code", "duplicate-answer-code", "duplicate-item-code", "duplicate-question-code",
        "indicator-code", "item-code", "missing-translation", "question-code", "reserved-code", "routing-syntax",
        "section-code", "unknown-scale", "unknown-source",
    }
)  # fmt: skip
"""Rules about one value that hold whatever stands beside it."""

LISTED = {"unknown-scale": "scales", "unknown-source": "sources", "unknown-dimension": "dimensions"}
"""Rules that need a whole list of the file."""

TEXTS = frozenset({"text", "title", "unit", "evidence"})
OPTIONAL = frozenset(
    {
        "blank", "comment", "constraint message", "description", "help", "integer", "mark", "maximum", "minimum",
        "other", "random order", "required", "score", "total",
    }
)  # fmt: skip
"""Keys whose value can be left out."""

PARTS: Mapping[tuple[str, ...], int] = {
    ("sections", "questions"): 4, ("sections",): 2, ("constructs",): 2, ("scales",): 2, ("sources",): 2,
    ("dimensions",): 2, ("indicators",): 2,
}  # fmt: skip
"""Parts that can be replaced on their own, by the keys that lead to them, and how long their place is."""
LISTS = frozenset({"sections", "constructs", "indicators"})
TABLES = frozenset({"scales", "sources", "dimensions"})


@dataclass
class Doubt:
    """What is not known for certain.

    Attributes
    ----------
    replaced : set of Place
        Parts that were replaced: nothing in them is told.
    mended : set of Place
        Parts of which a value was mended or dropped: only what holds whatever stands beside it is told of them.
    questions : set of str
        Codes of the questions among these; conditions that look at them are not judged.
    everything : bool
        It is not known which questions there are.
    """

    replaced: set[Place] = field(default_factory=set)
    mended: set[Place] = field(default_factory=set)
    questions: set[str] = field(default_factory=set)
    everything: bool = False


def salvage(data: Any, error: ValidationError) -> tuple[Questionnaire, Doubt] | None:
    """Read what is left of a questionnaire.

    Parameters
    ----------
    data : object
        The file's content; it is not changed.
    error : ValidationError
        Where it does not fit.

    Returns
    -------
    Questionnaire and Doubt, or None
        None when too much is broken.
    """
    if not isinstance(data, dict) or not (languages := _languages(data)):
        return None
    doubt = Doubt()
    content = _copy(data)
    for carefully in (True, True, False):
        for detail in error.errors():
            place: Place = tuple(part for part in detail["loc"] if not str(part).startswith("function-"))
            if any(place[: len(part)] == part for part in doubt.replaced):
                continue
            mended = carefully and _mend(content, place, detail["type"], detail.get("input"), languages)
            if mended:
                doubt.mended.add(_part(place))
            else:
                doubt.replaced.add(_replace(content, place, languages))
        try:
            questionnaire = Questionnaire.model_validate(content)
        except ValidationError as still:
            error = still
            continue
        _doubt_questions(doubt, data, questionnaire)
        return questionnaire, doubt
    return None


def _doubt_questions(doubt: Doubt, data: Any, questionnaire: Questionnaire) -> None:
    for place in doubt.replaced | doubt.mended:
        match place:
            case ("sections", int(i), "questions", int(j)):
                question = data["sections"][i]["questions"][j]
                code = question.get("code") if isinstance(question, dict) else None
                doubt.everything |= not isinstance(code, str | int)
                doubt.questions.add(str(code))
            case ("sections", *_) if place in doubt.replaced:
                doubt.everything = True
            case ("scales", str(name)):
                used = (each for each in questionnaire.questions if name in _scales(each))
                doubt.questions.update(each.code for each in used)
            case ("scales",):
                doubt.everything = True


def _scales(question: Question) -> set[str]:
    return {question.scale, *(item.scale for item in question.items)}


def certain(problems: list[Problem], doubt: Doubt, questionnaire: Questionnaire) -> list[Problem]:
    """The problems that stand whatever the mended and replaced parts should have said."""
    replaced = [spell(place) for place in doubt.replaced]
    mended = [spell(place) for place in doubt.mended]
    conditions = {spell(site.place): site.text for site in sites(questionnaire)}
    conditions |= {f"indicators[{i}].formula": each.formula for i, each in enumerate(questionnaire.indicators)}
    return [
        problem
        for problem in problems
        if problem.rule not in DEPENDENT
        and LISTED.get(problem.rule) not in replaced
        and not any(_within(problem.place, part) for part in replaced)
        and (problem.rule in OWN or not any(_within(problem.place, part) for part in mended))
        and (problem.rule == "routing-syntax" or not _looks_at(conditions.get(problem.place, ""), doubt))
    ]


def _within(place: str, part: str) -> bool:
    return place == part or (part != "" and place.startswith((f"{part}.", f"{part}[")))


def _looks_at(condition: str, doubt: Doubt) -> bool:
    """Whether a condition names a question that is in doubt, or an answer to it."""
    if doubt.everything:
        return bool(condition)
    names = re.findall(r"[A-Za-z]\w*", condition)
    return any(name in doubt.questions or name.partition("_")[0] in doubt.questions for name in names)


def _part(place: Place) -> Place:
    """The part whose other rules a mended value may bear on."""
    for lead, length in PARTS.items():
        keys = tuple(part for part in place if isinstance(part, str))
        if keys[: len(lead)] == lead and len(place) > length:
            return place[:length] if lead != ("sections",) else place
    return place


def _mend(content: Any, place: Place, mistake: str, found: Any, languages: list[str]) -> bool:
    """Mend or drop the one value that is wrong; False where it is not known how."""
    if not place or place[-1] == "languages" or not isinstance(place[-1], str):
        if place == ("languages",):
            content["languages"] = languages
        return place == ("languages",)
    try:
        around, key = _at(content, place[:-1]), place[-1]
    except (KeyError, IndexError, TypeError):
        return False
    if not isinstance(around, dict):
        return False
    if mistake == "extra_forbidden" or key in OPTIONAL:
        around.pop(key, None)
    elif key in TEXTS:
        around[key] = dict.fromkeys(languages, "…")
    elif key == "kind":
        around[key] = _kind(around, found if mistake == "literal_error" else "")
    elif key == "direction":
        around[key] = "none"
    elif key == "minimum valid":
        around[key] = 1
    else:
        return False
    return True


def _kind(question: Mapping[str, Any], found: Any) -> str:
    """The kind that was most likely meant."""
    near = get_close_matches(str(found).casefold(), get_args(Kind), n=1)
    if near:
        return str(near[0])
    if question.get("items"):
        return "array" if question.get("scale") else "texts"
    return "single" if question.get("scale") else "text"


def _languages(data: Mapping[str, Any]) -> list[str]:
    """The declared languages; where they do not have their form, those that are meant or that the title has."""
    languages, title = data.get("languages"), data.get("title")
    if isinstance(languages, str):
        languages = re.split(r"[,;\s]+", languages.strip())
    if not isinstance(languages, list) or not all(isinstance(each, str) for each in languages):
        languages = list(title) if isinstance(title, dict) else []
    return languages


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
    if place:
        content[place[0]] = [] if place[0] in LISTS else {} if place[0] in TABLES else _empty(str(place[0]), languages)
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
