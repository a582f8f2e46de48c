"""Rules for texts and sources: every declared language is there, every statement says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.rules.codes import places
from clustergov.language import Text
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

OWN_CHOICE = "own choice"
"""What `source` says where nothing is known from elsewhere."""

LANGUAGE_NAMES = {
    **dict.fromkeys(("dutch", "nederlands"), "nl"), **dict.fromkeys(("english", "engels"), "en"),
    **dict.fromkeys(("german", "duits", "deutsch"), "de"), **dict.fromkeys(("french", "frans", "français"), "fr"),
}  # fmt: skip


def text_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Missing translations, and languages that were not declared."""
    languages = questionnaire.languages
    if not languages or len(set(languages)) < len(languages):
        message = "expected at least one language, none twice."
        yield positions.problem(("languages",), "languages", message, "Write for example: languages: [nl, en].")
    if any(each.casefold() in LANGUAGE_NAMES for each in languages):
        codes = ", ".join(LANGUAGE_NAMES.get(each.casefold(), each) for each in languages)
        message = f"expected the codes of languages, found {', '.join(languages)}."
        yield positions.problem(("languages",), "languages", message, f"Write: languages: [{codes}].")
        return
    for place, text in _texts(questionnaire):
        for language in dict.fromkeys(languages):
            if not text.get(language, "").strip():
                message = f"there is no text in “{language}”, a declared language."
                yield positions.problem(place, "missing-translation", message, "Translate it.")
    yield from _undeclared(questionnaire, positions)


def _undeclared(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """One warning per language, at its first text: an imported questionnaire may hold thousands of them."""
    found: dict[str, list[Place]] = {}
    for place, text in _texts(questionnaire):
        for language in set(text) - set(questionnaire.languages):
            found.setdefault(language, []).append((*place, language))
    for language, where in sorted(found.items()):
        several = f" ({len(where)} texts)" if len(where) > 1 else ""
        yield positions.problem(
            where[0], "undeclared-language", f"“{language}” is not among the declared languages{several}.",
            "Declare it, or remove its texts.", severity="warning",
        )  # fmt: skip


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[Place, Text]]:
    yield ("title",), questionnaire.title
    if questionnaire.text:
        yield ("text",), questionnaire.text
    if questionnaire.closing:
        yield ("closing",), questionnaire.closing
    for name, scale in questionnaire.scales.items():
        for i, option in enumerate(scale.options):
            yield ("scales", name, "options", i, "text"), option.text
    for i, section in enumerate(questionnaire.sections):
        yield ("sections", i, "title"), section.title
        if section.text:
            yield ("sections", i, "text"), section.text
    for place, question in places(questionnaire):
        own = {"text": question.text, "help": question.help, "unit": question.unit}
        own["constraint message"] = question.constraint_message
        yield from (((*place, key), text) for key, text in own.items() if text is not None)
        yield from (((*place, "items", k, "text"), item.text) for k, item in enumerate(question.items))
    for i, construct in enumerate(questionnaire.constructs):
        yield ("constructs", i, "title"), construct.title
    for name, title in questionnaire.dimensions.items():
        yield ("dimensions", name), title
    for i, indicator in enumerate(questionnaire.indicators):
        texts = {"title": indicator.title, "unit": indicator.unit, "evidence": indicator.evidence}
        yield from ((("indicators", i, key), text) for key, text in texts.items())


def source_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Sources that are not listed, marks without a source that could carry them, and listed sources nobody names."""
    named: set[str] = set()
    for place, source, mark in _sourced(questionnaire):
        keys = source_keys(source)
        named.update(keys)
        for key in keys:
            if key not in questionnaire.sources:
                listed = ", ".join(questionnaire.sources) or "none"
                message = f"the source “{key}” is not listed under `sources` (listed: {listed})."
                fix = f"Add it there, or write: {OWN_CHOICE}. The locator stands behind a comma, a second source behind ;."
                yield positions.problem((*place, "source"), "unknown-source", message, fix)
        if mark in {"P", "S"} and not keys:
            message = f"the mark {mark} says that this stands in a source, and no source is named."
            yield positions.problem((*place, "mark"), "mark-without-source", message, "Name it, or use D or U.")
        if source and mark is None:
            message = "a source is named and no mark says how well it is known."
            fix = "Add mark: P, S, D or U."
            yield positions.problem((*place, "source"), "source-without-mark", message, fix, severity="warning")
    for key in questionnaire.sources.keys() - named:
        message = f"nothing refers to the source “{key}”."
        yield positions.problem(("sources", key), "unused-source", message, "Remove it.", severity="warning")


def source_keys(source: str) -> tuple[str, ...]:
    """Keys of the sources in ``key, locator; key, locator``; none for our own choice."""
    parts = (part.strip() for part in source.split(";"))
    return tuple(part.partition(",")[0].strip() for part in parts if part and part != OWN_CHOICE)


def _sourced(questionnaire: Questionnaire) -> Iterator[tuple[Place, str, str | None]]:
    for name, scale in questionnaire.scales.items():
        yield ("scales", name), scale.source, scale.mark
    for place, question in places(questionnaire):
        yield place, question.source, question.mark
        yield from (((*place, "items", k), item.source, item.mark) for k, item in enumerate(question.items))
    for i, construct in enumerate(questionnaire.constructs):
        yield ("constructs", i), construct.source, construct.mark
    for i, indicator in enumerate(questionnaire.indicators):
        yield ("indicators", i), indicator.source, indicator.mark
