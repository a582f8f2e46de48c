"""The semantic difference of two versions of a questionnaire: what each change does to the comparison of answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clustergov.instruments.arithmetic import Number
from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.instruments.routing import parse, parse_number
from clustergov.instruments.versions.answers import answer_changes
from clustergov.instruments.versions.change import ORDER, Change
from clustergov.instruments.versions.matching import Matching, match
from clustergov.instruments.versions.renaming import Codes, in_one_order, renamed, renamed_number
from clustergov.instruments.versions.scales import code_map
from clustergov.instruments.versions.sequence import moved
from clustergov.instruments.versions.wording import difference, first_difference
from clustergov.language import Text
from clustergov.problems import InputError


def compare(old: Questionnaire, new: Questionnaire) -> tuple[Change, ...]:
    """Every change from one version to the next, what must be seen first coming first.

    Questions and items are matched by code, then by their words (see `matching`). Conditions are compared in the names
    and codes of the newer version: a renamed router is no change of routing.

    Parameters
    ----------
    old, new : Questionnaire
        Neither is changed.
    """
    matching = match(old, new)
    changes = [
        *_whole(old, new), *_sections(old, new), *_presence(matching), *_moves(matching),
        *(change for before, after in matching.pairs() for change in _question(before, after, matching)),
        *_keys(matching),
    ]  # fmt: skip
    return tuple(sorted(changes, key=lambda change: ORDER[change.kind]))


def _whole(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    for name, before, after in (
        ("title", old.title, new.title), ("welcome text", old.text, new.text), ("closing text", old.closing, new.closing)
    ):  # fmt: skip
        yield from _text(name, before, after)
    for language in old.languages:
        if language not in new.languages:
            yield Change("language", "languages", f"“{language}” is gone")
    for language in new.languages:
        if language not in old.languages:
            yield Change("language", "languages", f"“{language}” is new")


def _text(place: str, old: Text | None, new: Text | None, variables: tuple[str, ...] = ()) -> Iterator[Change]:
    kind = difference(old, new)
    if kind:
        yield Change(kind, place, first_difference(old, new), variables)


def _sections(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    before = {section.code: section for section in old.sections}
    after = {section.code: section for section in new.sections}
    for code in after.keys() & before.keys():
        yield from _text(f"section {code}", before[code].title, after[code].title)
        yield from _text(f"section {code}, text", before[code].text, after[code].text)
    for code in moved(list(before), list(after)):
        yield Change(
            "moved",
            f"section {code}",
            f"stands in place {list(after).index(code) + 1}, was {list(before).index(code) + 1}",
        )


def _presence(matching: Matching) -> Iterator[Change]:
    """Questions and items that came, went, or have another code."""
    kept = set(matching.questions.values())
    for question in matching.old.questions:
        if question.code not in kept:
            names = tuple(variable.name for variable in matching.old.of(question.code))
            yield Change("removed", f"question {question.code}", f"“{question.text.to('en')}”", names)
    for question in matching.new.questions:
        former = matching.questions.get(question.code)
        names = tuple(variable.name for variable in matching.new.of(question.code))
        if former is None:
            yield Change("added", f"question {question.code}", f"“{question.text.to('en')}”", names)
        elif former != question.code:
            yield Change("renamed", f"question {question.code}", f"{former} → {question.code}", names)
        if former is not None:
            yield from _item_presence(matching.old_questions[former], question, matching)


def _item_presence(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    kept = {matching.items[new.code, item.code] for item in new.items if (new.code, item.code) in matching.items}
    for item in old.items:
        if item.code not in kept:
            name = f"{old.code}_{item.code}"
            yield Change("removed", f"item {name}", f"“{item.text.to('en')}”", (name,))
    for item in new.items:
        former = matching.items.get((new.code, item.code))
        name = f"{new.code}_{item.code}"
        if former is None:
            yield Change("added", f"item {name}", f"“{item.text.to('en')}”", (name,))
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
        own = [
            question.code for each in matching.old.sections if each.code == section.code for question in each.questions
        ]
        for code in moved([code for code in own if code in stayed], stayed):
            yield Change("moved", f"question {code}", f"to another place in section {section.code}")


def _question(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    names = tuple(variable.name for variable in matching.new.of(new.code))
    place = f"question {new.code}"
    yield from _text(place, old.text, new.text, names)
    yield from _text(f"{place}, help", old.help, new.help, names)
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
    if in_new_terms(old, matching) != _written(new):
        yield Change("routing-breaking", place, f"asked {_told(old)} → {_told(new)}", variables)


def _told(condition: str) -> str:
    return f"when {condition}" if condition else "always"


def in_new_terms(condition: str, matching: Matching) -> str:
    """A condition of the older version as the newer one would write it; one that cannot be read stays."""
    if not condition:
        return ""
    try:
        return str(in_one_order(renamed(parse(condition), _names(matching), _codes(matching))))
    except InputError:
        return condition


def _written(condition: str) -> str:
    try:
        return str(in_one_order(parse(condition))) if condition else ""
    except InputError:
        return condition


def _names(matching: Matching) -> Mapping[str, str]:
    return {old: new for new, old in matching.variables.items()}


def _codes(matching: Matching) -> Codes:
    names = _names(matching)

    def code(variable: str, value: str) -> str:
        before = matching.old.by_name.get(variable)
        after = matching.new.by_name.get(names.get(variable, ""))
        if (
            before is None
            or after is None
            or before.scale is None
            or after.scale is None
            or before.scale == after.scale
        ):
            return value
        return code_map(before.scale, after.scale).get(value, value)

    return code


def _keys(matching: Matching) -> Iterator[Change]:
    """Scale scores and indicators."""
    before = {construct.code: construct for construct in matching.old.constructs}
    after = {construct.code: construct for construct in matching.new.constructs}
    yield from _listed("construct", list(before), list(after))
    names = _names(matching)
    for code in after.keys() & before.keys():
        old, new = before[code], after[code]
        yield from _text(f"construct {code}", old.title, new.title, (code,))
        for part, was, now in (
            ("items", [names.get(name, name) for name in old.items], list(new.items)),
            ("reversed", sorted(names.get(name, name) for name in old.reversed), sorted(new.reversed)),
            ("minimum valid", [str(old.minimum_valid)], [str(new.minimum_valid)]),
            ("score", [old.score], [new.score]),
            ("direction", [old.direction], [new.direction]),
        ):
            if set(was) != set(now):
                yield Change(
                    "key",
                    f"construct {code}",
                    f"{part}: {', '.join(was) or 'none'} → {', '.join(now) or 'none'}",
                    (code,),
                )
    formulas = {each.code: each.formula for each in matching.old.indicators}
    current = {each.code: each.formula for each in matching.new.indicators}
    yield from _listed("indicator", list(formulas), list(current))
    for code in current.keys() & formulas.keys():
        if _formula(formulas[code], names) != _formula(current[code], {}):
            yield Change("key", f"indicator {code}", f"{formulas[code]} → {current[code]}", (code,))


def _listed(what: str, old: list[str], new: list[str]) -> Iterator[Change]:
    yield from (Change("removed", f"{what} {code}", "is gone", (code,)) for code in old if code not in new)
    yield from (Change("added", f"{what} {code}", "is new", (code,)) for code in new if code not in old)


def _formula(text: str, names: Mapping[str, str]) -> Number | str:
    try:
        return renamed_number(parse_number(text), names)
    except InputError:
        return text
