"""The semantic difference of two versions of a questionnaire: what each change does to the comparison of answers."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.versions.answers import answer_changes
from clustergov.instruments.versions.change import ORDER, Change
from clustergov.instruments.versions.conditions import otherwise_meant, same_condition
from clustergov.instruments.versions.keys import key_changes
from clustergov.instruments.versions.matching import Matching, match
from clustergov.instruments.versions.record import record_changes
from clustergov.instruments.versions.sequence import moved
from clustergov.instruments.versions.wording import text_changes


def compare(old: Questionnaire, new: Questionnaire, language: str = "") -> tuple[Change, ...]:
    """Every change from one version to the next, what must be seen first coming first.

    Of other words (label) those with a doubt come first: a negation that came or went, other figures.

    Questions and items are matched by code and by words (see `matching`). Conditions are compared in the names and codes
    of the newer version, by what they mean: a renamed router is no change of routing, and neither is ``legal = "Y"``
    for ``legal != "N"`` where there is no third answer. Other sources and marks are told, as cosmetic. Not told, as no
    answer depends on them: the version itself, names of scales and scales that no question uses, the order in which a
    construct lists its items, and the order of sources, constructs and indicators.

    Parameters
    ----------
    old, new : Questionnaire
        Neither is changed.
    language : str
        In which texts are shown where they changed in it; empty: the first that both versions speak.
    """
    matching = match(old, new, language)
    changes = [
        *_whole(matching), *_sections(matching), *_presence(matching), *_moves(matching),
        *(change for before, after in matching.pairs() for change in _question(before, after, matching)),
        *key_changes(matching), *record_changes(matching),
    ]  # fmt: skip
    return tuple(sorted(changes, key=lambda change: (ORDER[change.kind], not change.doubt)))


def _whole(matching: Matching) -> Iterator[Change]:
    old, new = matching.old, matching.new
    for name, before, after in (
        ("title", old.title, new.title), ("welcome text", old.text, new.text), ("closing text", old.closing, new.closing)
    ):  # fmt: skip
        yield from text_changes(name, before, after, matching.language)
    for language in old.languages:
        if language not in new.languages:
            yield Change("language", "languages", f"“{language}” is gone")
    for language in new.languages:
        if language not in old.languages:
            yield Change("language", "languages", f"“{language}” is new")
    kept = [language for language in old.languages if language in new.languages]
    if kept != [language for language in new.languages if language in kept]:
        yield Change("language", "languages", f"{', '.join(old.languages)} → {', '.join(new.languages)}")


def _sections(matching: Matching) -> Iterator[Change]:
    language = matching.language
    before = {section.code: section for section in matching.old.sections}
    after = {section.code: section for section in matching.new.sections}
    yield from (Change("removed", f"section {code}", "is gone") for code in before if code not in after)
    yield from (Change("added", f"section {code}", "is new") for code in after if code not in before)
    for code in [code for code in after if code in before]:
        yield from text_changes(f"section {code}", before[code].title, after[code].title, language)
        yield from text_changes(f"section {code}, text", before[code].text, after[code].text, language)
    for code in moved(list(before), list(after)):
        was, now = list(before).index(code) + 1, list(after).index(code) + 1
        yield Change("moved", f"section {code}", f"stands in place {now}, was {was}")


def _presence(matching: Matching) -> Iterator[Change]:
    """Questions and items that came, went, or have another code."""
    kept = set(matching.questions.values())
    for question in matching.old.questions:
        if question.code not in kept:
            names = _names(matching.old_variables[question.code])
            yield Change("removed", f"question {question.code}", f"“{question.text.to(matching.language)}”", names)
    for question in matching.new.questions:
        former = matching.questions.get(question.code)
        names = _names(matching.new_variables[question.code])
        if former is None:
            yield Change("added", f"question {question.code}", f"“{question.text.to(matching.language)}”", names)
        elif former != question.code:
            yield Change("renamed", f"question {question.code}", f"{former} → {question.code}", names)
        if former is not None:
            yield from _item_presence(matching.old_questions[former], question, matching)


def _item_presence(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    kept = {matching.items[new.code, item.code] for item in new.items if (new.code, item.code) in matching.items}
    for item in old.items:
        if item.code not in kept:
            name = f"{old.code}_{item.code}"
            yield Change("removed", f"item {name}", f"“{item.text.to(matching.language)}”", (name,))
    for item in new.items:
        former = matching.items.get((new.code, item.code))
        name = f"{new.code}_{item.code}"
        if former is None:
            yield Change("added", f"item {name}", f"“{item.text.to(matching.language)}”", (name,))
        elif former != item.code:
            yield Change("renamed", f"item {name}", f"{old.code}_{former} → {name}", (name,))


def _moves(matching: Matching) -> Iterator[Change]:
    """Questions in another section, or in another order inside theirs."""
    before = {question.code: section for section in matching.old.sections for question in section.questions}
    for section in matching.new.sections:
        old_codes = [matching.questions.get(question.code, "") for question in section.questions]
        stayed = []
        for question, former in zip(section.questions, old_codes, strict=True):
            if former and before[former].code != section.code:
                yield Change("moved", f"question {question.code}", f"section {before[former].code} → {section.code}")
            elif former:
                stayed.append(former)
        own = [code for code, each in before.items() if each.code == section.code and code in stayed]
        now = {former: question.code for former, question in zip(old_codes, section.questions, strict=True)}
        for code in moved(own, stayed):
            yield Change("moved", f"question {now[code]}", f"to another place in section {section.code}")


def _names(variables: tuple[Variable, ...]) -> tuple[str, ...]:
    return tuple(variable.name for variable in variables)


def _question(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    names = _names(matching.new_variables[new.code])
    place = f"question {new.code}"
    yield from text_changes(place, old.text, new.text, matching.language, names)
    yield from text_changes(f"{place}, help", old.help, new.help, matching.language, names)
    yield from answer_changes(old, new, matching)
    yield from _routing(place, old.when, new.when, names, matching)
    if old.relevance != new.relevance:
        yield Change("routing-breaking", place, f"{old.relevance or 'always'} → {new.relevance or 'always'}", names)
    before = {item.code: item for item in old.items}
    for item in new.items:
        former = before.get(matching.items.get((new.code, item.code), ""))
        if former is not None:
            name = f"{new.code}_{item.code}"
            yield from _routing(f"item {name}", former.when, item.when, (name,), matching)


def _routing(place: str, old: str, new: str, variables: tuple[str, ...], matching: Matching) -> Iterator[Change]:
    if not same_condition(old, new, matching):
        meant = otherwise_meant(old, new, matching)
        if old == new and meant:
            message = f"asked {_told(new)}, and {' and '.join(meant)}"
        else:
            message = "; ".join([f"asked {_told(old)} → {_told(new)}", *meant])
        yield Change("routing-breaking", place, message, variables)


def _told(condition: str) -> str:
    return f"when {condition}" if condition else "always"
