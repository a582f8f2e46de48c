"""In what a survey on a server differs from the questionnaire that it was made of, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from clustergov.instruments.limesurvey.structure import LimeAnswer, LimeGroup, LimeQuestion, LimeSubquestion, Texts
from clustergov.instruments.limesurvey.types import OTHER_ATTRIBUTE
from clustergov.survey.limesurvey.structure import Structure
from clustergov.survey.limesurvey.words import bare, expressions

LONGEST = 80
"""Characters of a text that a sentence quotes."""

_UNTOLD = frozenset({OTHER_ATTRIBUTE, "random_order"})
"""Attributes that RemoteControl does not tell of for every type, and that we write for other readers of the file."""

_WATCHED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ["hidden", "array_filter", "array_filter_exclude", "array_filter_style", "exclude_all_others", "min_answers", "max_answers",
         "min_num_value", "max_num_value", "min_num_value_n", "max_num_value_n", "equals_num_value", "num_value_int_only",
         "em_validation_q", "em_validation_sq", "em_validation_q_tip", "max_subquestions", "random_order", "random_group",
         "maximum_chars", "numbers_only", "other_numbers_only", "other_comment_mandatory", "date_min", "date_max",
         "prefix", "suffix", "other_replace_text", "other_position_code", "equation", "time_limit", "page_break"],
        frozenset({"", "0", "N"}),
    ),
    "value_range_allows_missing": frozenset({"", "1"}),
    "answer_order": frozenset({"", "normal"}),
    "subquestion_order": frozenset({"", "normal"}),
    "other_position": frozenset({"", "default", "end"}),
}  # fmt: skip
"""Attributes that decide who is asked, what can be answered or what is read, and the values by which they do nothing."""

Part = TypeVar("Part", LimeQuestion, LimeSubquestion, LimeAnswer)


def differences(wanted: Structure, found: Structure) -> list[str]:
    """Every difference, one sentence each; none when the survey asks what the questionnaire does.

    Parameters
    ----------
    wanted, found : Structure
        As written, and as read from the server.
    """
    return [
        *_of_survey(wanted, found),
        *_of_groups(wanted, found),
        *_of_questions(wanted, found),
        *_of_fields(wanted, found),
        *found.additions,
    ]


def _of_survey(wanted: Structure, found: Structure) -> Iterator[str]:
    ours, theirs = wanted.survey, found.survey
    yield from _values("the survey", "languages", ", ".join(ours.languages), ", ".join(theirs.languages))
    yield from _texts("the survey", "title", ours.titles, theirs.titles)
    yield from _texts("the survey", "text before the first question", ours.welcome, theirs.welcome)
    yield from _texts("the survey", "text after the last question", ours.closing, theirs.closing)


def _of_groups(wanted: Structure, found: Structure) -> Iterator[str]:
    ours, theirs = wanted.survey.groups, found.survey.groups
    yield from _values("the survey", "number of groups", str(len(ours)), str(len(theirs)))
    for place, (own, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        where = f"group {place}"
        yield from _texts(where, "title", own.titles, other.titles)
        yield from _texts(where, "text", own.texts, other.texts)
        yield from _values(where, "condition", _condition(own.relevance), _condition(other.relevance))
        yield from _values(where, "questions", *_order(own, other))


def _order(ours: LimeGroup, theirs: LimeGroup) -> tuple[str, str]:
    """The questions that both have, in order: those that are missing are told of elsewhere."""
    own, other = ([question.code for question in group.questions] for group in (ours, theirs))
    both = set(own) & set(other)
    return ", ".join(code for code in own if code in both), ", ".join(code for code in other if code in both)


def _of_questions(wanted: Structure, found: Structure) -> Iterator[str]:
    ours, theirs = (
        [question for group in structure.survey.groups for question in group.questions] for structure in (wanted, found)
    )
    places = [
        {question.code: place for place, group in enumerate(structure.survey.groups, start=1) for question in group.questions}
        for structure in (wanted, found)
    ]  # fmt: skip
    for own, other in _matched(ours, theirs, lambda question: question.code):
        if own is None or other is None:
            yield from _one_missing("question", own, other)
            continue
        where = f"question “{own.code}”"
        yield from _values(where, "group", str(places[0][own.code]), str(places[1][other.code]))
        yield from _of_question(where, own, other)


def _of_question(where: str, own: LimeQuestion, other: LimeQuestion) -> Iterator[str]:
    yield from _values(where, "type", own.type, other.type)
    yield from _values(where, "mandatory", own.mandatory, other.mandatory)
    yield from _values(where, "free “other”", "Y" if own.other else "N", "Y" if other.other else "N")
    yield from _values(where, "condition", _condition(own.relevance), _condition(other.relevance))
    yield from _values(where, "pattern", own.pattern.strip(), other.pattern.strip())
    yield from _texts(where, "text", own.texts, other.texts)
    yield from _texts(where, "help", own.help, other.help)
    yield from _of_subquestions(where, own, other)
    yield from _of_answers(where, own, other)
    yield from _of_attributes(where, own, other)


def _of_subquestions(where: str, own: LimeQuestion, other: LimeQuestion) -> Iterator[str]:
    for ours, theirs in _matched(own.subquestions, other.subquestions, lambda sub: (sub.scale, sub.code)):
        if ours is None or theirs is None:
            yield from _one_missing("subquestion", ours, theirs, f"{where}, ")
            continue
        place = f"{where}, subquestion “{ours.code}”"
        yield from _texts(place, "text", ours.texts, theirs.texts)
        yield from _cut(place, ours.texts, theirs.texts)
        yield from _values(place, "condition", _condition(ours.relevance), _condition(theirs.relevance))
    yield from _orders(where, "order of subquestions", own.subquestions, other.subquestions)


def _cut(where: str, ours: Texts, theirs: Texts) -> Iterator[str]:
    """LimeSurvey shows of a subquestion what stands before an upright stroke, unless that is written as a reference."""
    for language, text in theirs.items():
        if "|" in text and "|" not in ours.get(language, ""):
            yield f"{where}, text ({language}): the server cuts it at “|”; write it otherwise, or import with a superadministrator's account."


def _of_answers(where: str, own: LimeQuestion, other: LimeQuestion) -> Iterator[str]:
    for ours, theirs in _matched(own.answers, other.answers, lambda answer: (answer.scale, answer.code)):
        if ours is None or theirs is None:
            yield from _one_missing("answer", ours, theirs, f"{where}, ")
            continue
        yield from _texts(f"{where}, answer “{ours.code}”", "text", ours.texts, theirs.texts)
    yield from _orders(where, "order of answers", own.answers, other.answers)


def _of_attributes(where: str, own: LimeQuestion, other: LimeQuestion) -> Iterator[str]:
    for name, values in own.attributes.items():
        if name in _UNTOLD and name not in other.attributes:
            continue
        told = other.attributes.get(name, {})
        for language, value in values.items():
            yield from _attribute(where, name, language, value, told.get(language, ""))
    for name, told in other.attributes.items():
        for language, value in told.items():
            unwanted = name in _WATCHED and value.strip() not in _WATCHED[name]
            if unwanted and not own.attributes.get(name, {}).get(language):
                yield from _attribute(where, name, language, "", value)


def _attribute(where: str, name: str, language: str, own: str, other: str) -> Iterator[str]:
    """An attribute with a language is read by respondents; one without is a setting or an expression."""
    if language:
        yield from _words(where, f"attribute {name} ({language})", own, other)
    else:
        yield from _values(where, f"attribute {name}", " ".join(own.split()), " ".join(other.split()))


def _of_fields(wanted: Structure, found: Structure) -> Iterator[str]:
    for name in sorted(wanted.fields - found.fields):
        yield f"the responses have no field for the variable “{name}”."
    for name in sorted(found.fields - wanted.fields):
        yield f"the responses have a field “{name}”, which is no variable of the questionnaire."


def _matched(
    ours: Sequence[Part], theirs: Sequence[Part], key: Callable[[Part], object]
) -> Iterator[tuple[Part | None, Part | None]]:
    """Parts of both by their codes: ours in order with their counterpart, then those that only they have."""
    waiting: dict[object, list[Part]] = {}
    for part in theirs:
        waiting.setdefault(key(part), []).append(part)
    for part in ours:
        found = waiting.get(key(part))
        yield part, found.pop(0) if found else None
    for left in waiting.values():
        yield from ((None, part) for part in left)


def _one_missing(kind: str, own: Part | None, other: Part | None, where: str = "") -> Iterator[str]:
    if own is not None:
        yield f"{where}{kind} “{own.code}” is not on the server."
    elif other is not None:
        yield f"{where}{kind} “{other.code}” is on the server and not in the questionnaire."


def _orders(where: str, what: str, ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[str]:
    own, other = [part.code for part in ours], [part.code for part in theirs]
    if own != other and sorted(own) == sorted(other):
        yield from _values(where, what, ", ".join(own), ", ".join(other))


def _texts(where: str, what: str, ours: Texts, theirs: Texts) -> Iterator[str]:
    for language, text in ours.items():
        yield from _words(where, f"{what} ({language})", text, theirs.get(language, ""))


def _words(where: str, what: str, own: str, other: str) -> Iterator[str]:
    """Whether two texts read alike, and nothing in theirs is computed that is only words in ours."""
    yield from _values(where, what, bare(own), bare(other))
    if made := [each for each in expressions(other) if each not in expressions(own)]:
        yield (
            f"{where}, {what}: the server takes {', '.join(f'“{each[:LONGEST]}”' for each in made)} for an expression; "
            "write it without braces, or import with a superadministrator's account."
        )


def _values(where: str, what: str, own: str, other: str) -> Iterator[str]:
    if own != other:
        first, second = _quoted(own, other)
        yield f"{where}, {what}: expected {first}, found {second}."


def _quoted(own: str, other: str) -> tuple[str, str]:
    """Both, cut to the stretch around their first difference when they are long."""
    same = next(
        (place for place, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other))
    )
    start = 0 if max(len(own), len(other)) <= LONGEST else max(0, same - LONGEST // 4)
    return _shown(own, start), _shown(other, start)


def _shown(text: str, start: int) -> str:
    if not text:
        return "nothing"
    piece = text[start : start + LONGEST]
    return f"“{'…' if start else ''}{piece}{'…' if start + LONGEST < len(text) else ''}”"


def _condition(relevance: str) -> str:
    """LimeSurvey writes “always” as 1 or as nothing."""
    return "" if relevance.strip() == "1" else " ".join(relevance.split())
