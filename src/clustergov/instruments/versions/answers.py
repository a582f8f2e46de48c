"""What changed in how one question can be answered: its kind, scale, items, limits and units."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Item, Question
from clustergov.instruments.versions.change import Change
from clustergov.instruments.versions.conditions import same_condition
from clustergov.instruments.versions.matching import Matching
from clustergov.instruments.versions.scales import ScaleChange, scale_changes
from clustergov.instruments.versions.sequence import moved
from clustergov.instruments.versions.wording import rewording, text_changes


def answer_changes(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    """Changes of the answers to a matched question."""
    names = tuple(variable.name for variable in matching.new_variables[new.code])
    place = f"question {new.code}"
    if old.kind != new.kind:
        yield Change("scale-breaking", place, f"kind {old.kind} → {new.kind}", names)
    else:
        yield from _scales(old, new, matching)
    yield from _numbers(old, new, matching, names)
    yield from _items(old, new, matching)
    for key, was, now in (
        ("required", old.required, new.required),
        ("random order", old.random_order, new.random_order),
    ):
        if was != now:
            yield Change("presentation", place, f"{key}: {_yes(was)} → {_yes(now)}", names)
    for key, was, now in (("other", old.other, new.other), ("comment", old.comment, new.comment)):
        if was != now:
            name = f"{new.code if now else old.code}_{key}"
            yield Change("added" if now else "removed", f"item {name}", "free text", (name,))
    if not same_condition(old.constraint, new.constraint, matching):
        yield Change("limits", place, f"constraint {old.constraint or 'none'} → {new.constraint or 'none'}", names)
    messages = old.constraint_message, new.constraint_message
    yield from text_changes(f"{place}, constraint message", *messages, matching.language, names)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _scales(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    """Changes of the scale that a question's variables have, told once for all that share them."""
    found: dict[tuple[str, ScaleChange], list[str]] = {}
    for variable in matching.new_variables[new.code]:
        former = matching.old.by_name.get(matching.variables.get(variable.name, ""))
        if former is None or former.scale is None or variable.scale is None or variable.kind != "choice":
            continue
        own = (variable.item.scale if variable.item is not None else "") or new.scale
        for change in scale_changes(former.scale, variable.scale, matching.language):
            found.setdefault((own, change), []).append(variable.name)
    for (scale, change), names in found.items():
        yield Change(change.kind, f"scale {scale} of question {new.code}", change.message, tuple(names), change.doubt)


def _numbers(old: Question, new: Question, matching: Matching, names: tuple[str, ...]) -> Iterator[Change]:
    if old.kind != new.kind:
        return
    place = f"question {new.code}"
    # “0 to 1” and “0 to 100” of the same unit are two units; so is another word for it until a person says otherwise.
    if unit := rewording(old.unit, new.unit, matching.language):
        kind = "scale-breaking" if unit.kind == "label" else unit.kind
        yield Change(kind, place, f"unit {unit.words}", names)
    if old.total != new.total:
        both = old.total is not None and new.total is not None
        yield Change(
            "scale-breaking" if both else "limits", place, f"total {_limit(old.total)} → {_limit(new.total)}", names
        )
    for key, was, now in (("minimum", old.minimum, new.minimum), ("maximum", old.maximum, new.maximum)):
        if was != now:
            yield Change("limits", place, f"{key} {_limit(was)} → {_limit(now)}", names)
    if old.integer != new.integer:
        yield Change("limits", place, f"whole numbers: {_yes(old.integer)} → {_yes(new.integer)}", names)


def _limit(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _items(old: Question, new: Question, matching: Matching) -> Iterator[Change]:
    before = {item.code: item for item in old.items}
    pairs = [
        (before[matching.items[new.code, item.code]], item)
        for item in new.items
        if (new.code, item.code) in matching.items
    ]
    for former, item in pairs:
        name = f"{new.code}_{item.code}"
        other = rewording(former.text, item.text, matching.language)
        if other is None:
            continue
        turned = _turned(f"{old.code}_{former.code}", name, matching)
        if other.kind == "label" and turned:
            message = f"{other.words}; it is {turned} in the scoring keys"
            yield Change("scale-breaking", f"item {name}", message, (name,))
        else:
            yield Change(other.kind, f"item {name}", other.words, (name,), other.doubt)
    yield from _item_order(old, new, pairs)


def _turned(old: str, new: str, matching: Matching) -> str:
    """Whether the scoring keys turned an item round: then its new words mean the opposite."""
    keys = {construct.code: construct for construct in matching.old.constructs}
    for construct in matching.new.constructs:
        former = keys.get(construct.code)
        if former is None or old not in former.items or new not in construct.items:
            continue
        if (old in former.reversed) != (new in construct.reversed):
            return "reversed now" if new in construct.reversed else "no longer reversed"
    return ""


def _item_order(old: Question, new: Question, pairs: list[tuple[Item, Item]]) -> Iterator[Change]:
    names = {former.code: item.code for former, item in pairs}
    places = {item.code: place for place, item in enumerate(new.items, start=1)}
    for code in moved([item.code for item in old.items if item.code in names], list(names)):
        name = f"{new.code}_{names[code]}"
        yield Change("presentation", f"item {name}", f"stands in place {places[names[code]]}", (name,))
