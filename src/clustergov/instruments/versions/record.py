"""What changed that no respondent notices: sources, marks, and translations that came or went one by one."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.versions.change import Change
from clustergov.instruments.versions.matching import Matching
from clustergov.language import Text
from clustergov.yaml_file import Entry

_RECORD = ("source", "mark", "citation", "url", "imported_from", "questionnaire")


def record_changes(matching: Matching) -> Iterator[Change]:
    """Changes of sources and marks, and single texts that gained or lost a language both versions speak.

    Other words of a text are told elsewhere; a language that came or went as a whole is told once, there too.
    """
    before = dict(_parts(matching.old, matching, new=False))
    after = dict(_parts(matching.new, matching, new=True))
    spoken = [language for language in matching.old.languages if language in matching.new.languages]
    for place, entry in after.items():
        if place not in before:
            if place.startswith("source "):
                yield Change("cosmetic", place, "is new")
            continue
        for field in type(entry).model_fields:
            was, now = getattr(before[place], field), getattr(entry, field)
            if field in _RECORD and was != now:
                yield Change("cosmetic", place, f"{field.replace('_', ' ')}: {was or 'none'} → {now or 'none'}")
            elif isinstance(was, Text) and isinstance(now, Text):
                yield from _gaps(place, field, was, now, spoken)
    yield from (
        Change("cosmetic", place, "is gone") for place in before if place.startswith("source ") and place not in after
    )


def _gaps(place: str, field: str, old: Text, new: Text, spoken: list[str]) -> Iterator[Change]:
    for language in spoken:
        if (language in old) != (language in new):
            yield Change(
                "language", place, f"{field.replace('_', ' ')}: “{language}” is {'new' if language in new else 'gone'}"
            )
    if place.startswith("source ") and any(old[language] != new[language] for language in old if language in new):
        yield Change("cosmetic", place, f"{field}: other words")


def _parts(questionnaire: Questionnaire, matching: Matching, *, new: bool) -> Iterator[tuple[str, Entry]]:
    """Everything that has a source or words, by its place in the newer version's codes."""
    questions = {old: code for code, old in matching.questions.items()}
    items = {(question, old): code for (question, code), old in matching.items.items()}
    yield "questionnaire", questionnaire
    for section in questionnaire.sections:
        yield f"section {section.code}", section
        for question in section.questions:
            code = question.code if new else questions.get(question.code, "")
            if not code:
                continue
            yield f"question {code}", question
            for item in question.items:
                yield f"item {code}_{item.code if new else items.get((code, item.code), '')}", item
    for name, scale in questionnaire.scales.items():
        yield f"scale {name}", scale
        yield from ((f"scale {name}, code {option.code}", option) for option in scale.options)
    yield from ((f"construct {construct.code}", construct) for construct in questionnaire.constructs)
    yield from ((f"indicator {indicator.code}", indicator) for indicator in questionnaire.indicators)
    yield from ((f"source {key}", source) for key, source in questionnaire.sources.items())
