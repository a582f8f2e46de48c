"""What changed in how scores and indicators are computed, and in what they are called."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Construct, Indicator
from clustergov.instruments.versions.change import Change
from clustergov.instruments.versions.conditions import same_formula
from clustergov.instruments.versions.matching import Matching
from clustergov.instruments.versions.wording import text_changes


def key_changes(matching: Matching) -> Iterator[Change]:
    """Changes of constructs, indicators and dimensions; the order of a construct's items means nothing."""
    constructs = (
        {each.code: each for each in matching.old.constructs},
        {each.code: each for each in matching.new.constructs},
    )
    indicators = (
        {each.code: each for each in matching.old.indicators},
        {each.code: each for each in matching.new.indicators},
    )
    dimensions = matching.old.dimensions, matching.new.dimensions
    for what, (before, after) in (("construct", constructs), ("indicator", indicators), ("dimension", dimensions)):
        yield from (Change("removed", f"{what} {code}", "is gone", (code,)) for code in before if code not in after)
        yield from (Change("added", f"{what} {code}", "is new", (code,)) for code in after if code not in before)
    for code, construct in constructs[1].items():
        if code in constructs[0]:
            yield from _construct(constructs[0][code], construct, matching)
    for code, indicator in indicators[1].items():
        if code in indicators[0]:
            yield from _indicator(indicators[0][code], indicator, matching)
    for code, title in dimensions[1].items():
        if code in dimensions[0]:
            yield from text_changes(f"dimension {code}", dimensions[0][code], title, matching.language)


def _construct(old: Construct, new: Construct, matching: Matching) -> Iterator[Change]:
    place, own = f"construct {new.code}", (new.code,)
    yield from text_changes(place, old.title, new.title, matching.language, own)
    names = matching.names
    for part, was, now in (
        ("items", [names.get(name, name) for name in old.items], list(new.items)),
        ("reversed", sorted(names.get(name, name) for name in old.reversed), sorted(new.reversed)),
        ("minimum valid", [str(old.minimum_valid)], [str(new.minimum_valid)]),
        ("score", [old.score], [new.score]),
        ("direction", [old.direction], [new.direction]),
    ):
        if sorted(was) != sorted(now):
            yield Change("key", place, f"{part}: {', '.join(was) or 'none'} → {', '.join(now) or 'none'}", own)


def _indicator(old: Indicator, new: Indicator, matching: Matching) -> Iterator[Change]:
    place, own = f"indicator {new.code}", (new.code,)
    yield from text_changes(place, old.title, new.title, matching.language, own)
    yield from text_changes(f"{place}, evidence", old.evidence, new.evidence, matching.language, own)
    for change in text_changes(f"{place}, unit", old.unit, new.unit, matching.language, own):
        yield Change("key" if change.kind == "label" else change.kind, change.place, change.message, own)
    if not same_formula(old.formula, new.formula, matching):
        yield Change("key", place, f"{old.formula} → {new.formula}", own)
    if old.direction != new.direction:
        yield Change("key", place, f"direction {old.direction} → {new.direction}", own)
    if old.dimension != new.dimension:
        yield Change("moved", place, f"dimension {old.dimension} → {new.dimension}", own)
