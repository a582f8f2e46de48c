"""The decision table: every region has exactly one verdict, no rule is dead, and the meaningful ones are as agreed."""

from __future__ import annotations

import dataclasses
from itertools import product
from pathlib import Path

import pytest

from clustergov.analysis.claims.verdicts import (
    EQUIVALENCE,
    FORMS,
    POSITIONS,
    RELATIONS,
    VERDICTS,
    DecisionTable,
    Region,
    mixtures,
    position_of_high,
    position_of_low,
    read_verdicts,
    regions,
    relation,
)
from clustergov.analysis.interval import Interval
from clustergov.problems import InputError


@pytest.fixture(scope="module")
def table(root: Path) -> DecisionTable:
    return read_verdicts(root / "analysis" / "verdicts.yml")


def product_of_all() -> list[Region]:
    """Every combination whatever, possible or not, with the ends in order."""
    return [
        Region(form, assessable, low, high, within, published)
        for form, assessable, low, high, within, published in product(
            FORMS, (True, False), POSITIONS, POSITIONS, (True, False), RELATIONS
        )
        if POSITIONS.index(low) <= POSITIONS.index(high)
    ]


def test_every_region_gets_exactly_one_verdict(table: DecisionTable) -> None:
    everything = product_of_all()
    assert len(everything) == 5 * 2 * 10 * 2 * 4
    for region in everything:
        first = next(rule for rule in table.rules if rule.fits(region))
        decision = table.decide(region)
        assert decision.verdict in VERDICTS
        assert (decision.verdict, decision.rule) == (first.verdict, first.id)


def test_every_region_agrees_with_the_agreement(table: DecisionTable) -> None:
    """The table against the same agreement written as a nest of conditions, over every possible region."""
    for region in regions():
        assert table.decide(region).verdict == agreed(region), region


def agreed(region: Region) -> str:
    if not region.assessable:
        return "not assessable"
    if region.form in EQUIVALENCE:
        if region.within:
            return "supported"
        return "contradicted" if region.low == "far above" or region.high == "far below" else "inconclusive"
    positive, negative = region.low in ("above", "far above"), region.high in ("below", "far below")
    if region.form == "threshold" and positive and region.published != "below":
        return "supported"
    if region.within:
        return "practically null"
    if negative:
        return "contradicted"
    if positive:
        return "weaker than published" if region.published == "below" else "supported"
    return "inconclusive"


def test_possible_regions_are_among_all_and_use_every_rule(table: DecisionTable) -> None:
    possible = list(regions())
    assert len(set(possible)) == len(possible)
    assert set(possible) <= set(product_of_all())
    assert {table.decide(region).rule for region in possible} == {rule.id for rule in table.rules}
    assert {table.decide(region).verdict for region in possible} == set(VERDICTS)


def test_every_interval_falls_in_a_possible_region() -> None:
    """Numbers on, between and past all boundaries lead only to regions that are enumerated, and to all of them."""
    ends = (-0.3, -0.1, -0.05, 0.0, 0.05, 0.1, 0.3)
    published = (None, (-0.29, -0.28), (0.06, 0.07), (0.29, 0.31), (-0.5, 0.5), (-9.0, -8.0), (8.0, 9.0))
    seen = set()
    for form, low, high, shown in product(FORMS, ends, ends, published):
        for inner in ((low, high), ((2 * low + high) / 3, (low + 2 * high) / 3)):
            if low > high or (form not in EQUIVALENCE and inner != (low, high)):
                continue
            within = inner[0] > -0.1 and inner[1] < 0.1
            seen.add(Region(form, True, position_of_low(low, 0.1), position_of_high(high, 0.1), within,
                            relation(Interval(low, high), shown)))  # fmt: skip
    assert seen == {region for region in regions() if region.assessable}


def test_weaker_than_published_needs_something_published(table: DecisionTable) -> None:
    for region in product_of_all():
        if region.published == "none":
            assert table.decide(region).verdict != "weaker than published"


@pytest.mark.parametrize(
    ("form", "low", "high", "published", "verdict", "rule"),
    [
        ("effect", 0.02, 0.08, (0.165, 0.175), "practically null", "negligible"),
        ("effect", -0.05, 0.05, None, "practically null", "negligible"),
        ("effect", -0.30, -0.01, (0.165, 0.175), "contradicted", "opposite"),
        ("effect", 0.05, 0.15, (0.165, 0.175), "weaker than published", "weaker"),
        ("effect", 0.05, 0.15, None, "supported", "direction"),
        ("effect", 0.05, 0.168, (0.165, 0.175), "supported", "direction-and-size"),
        ("effect", 0.20, 0.40, (0.165, 0.175), "supported", "stronger"),
        ("effect", -0.02, 0.30, (0.165, 0.175), "inconclusive", "direction-open"),
        ("effect", -0.02, 0.12, (0.165, 0.175), "inconclusive", "smaller-than-published"),
        ("effect", -0.20, 0.05, None, "inconclusive", "no-effect-of-interest"),
        ("effect", 0.00, 0.30, None, "inconclusive", "direction-open"),
        ("order", 0.15, 0.40, None, "supported", "direction"),
        ("order", -0.40, -0.05, None, "contradicted", "opposite"),
        # Measured from the threshold: “more than 80 %” with 82 to 86 %, 78 to 84 %, 70 to 79 %, 79 to 90 %.
        ("threshold", 0.02, 0.06, (0.0, 0.2), "supported", "past-threshold"),
        ("threshold", -0.02, 0.04, (0.0, 0.2), "practically null", "at-threshold"),
        ("threshold", -0.10, -0.01, (0.0, 0.2), "contradicted", "short-of-threshold"),
        ("threshold", -0.01, 0.10, (0.0, 0.2), "inconclusive", "direction-open"),
        # “More than half”, 89 % published: 60 to 70 % is more than half, but weaker.
        ("threshold", 0.10, 0.20, (0.385, 0.395), "weaker than published", "weaker"),
        ("threshold", 0.35, 0.45, (0.385, 0.395), "supported", "past-threshold"),
    ],
)
def test_golden_effects(
    table: DecisionTable, form: str, low: float, high: float, published: tuple[float, float] | None,
    verdict: str, rule: str,
) -> None:  # fmt: skip
    d = table.smallest_effects.share if form == "threshold" else table.smallest_effects.tau
    within = -d < low and high < d
    region = Region(form, True, position_of_low(low, d), position_of_high(high, d), within,
                    relation(Interval(low, high), published))  # type: ignore[arg-type]  # a test's word  # fmt: skip
    decision = table.decide(region)
    assert (decision.verdict, decision.rule) == (verdict, rule)


@pytest.mark.parametrize(
    ("form", "wide", "narrow", "verdict"),
    [
        ("no difference", (-0.5, 0.3), (-0.35, 0.15), "supported"),
        ("no difference", (0.02, 0.5), (0.08, 0.35), "supported"),
        ("no difference", (-0.6, 0.6), (-0.45, 0.45), "inconclusive"),
        ("no difference", (0.3, 0.9), (0.45, 0.8), "inconclusive"),
        ("no difference", (0.45, 0.9), (0.5, 0.8), "contradicted"),
        ("no difference", (-0.9, -0.45), (-0.8, -0.5), "contradicted"),
        ("value", (-0.06, 0.04), (-0.04, 0.02), "supported"),
        ("value", (0.41, 0.6), (0.45, 0.55), "contradicted"),
        ("value", (-0.7, -0.41), (-0.6, -0.5), "contradicted"),
        ("value", (-0.5, 0.1), (-0.42, 0.05), "inconclusive"),
    ],
)
def test_golden_equivalence(
    table: DecisionTable, form: str, wide: tuple[float, float], narrow: tuple[float, float], verdict: str
) -> None:
    d = 0.405
    within = -d < narrow[0] and narrow[1] < d
    for published in RELATIONS:
        region = Region(form, True, position_of_low(wide[0], d), position_of_high(wide[1], d), within, published)  # type: ignore[arg-type]  # a test's word
        assert table.decide(region).verdict == verdict


def test_boundaries_count_on_the_side_that_concludes_less() -> None:
    assert [position_of_low(value, 0.1) for value in (-0.1, -0.05, 0.0, 0.1, 0.11)] == [
        "far below", "below", "below", "above", "far above",
    ]  # fmt: skip
    assert [position_of_high(value, 0.1) for value in (-0.11, -0.1, 0.0, 0.05, 0.1)] == [
        "far below", "below", "above", "above", "far above",
    ]  # fmt: skip
    assert relation(Interval(0.1, 0.165), (0.165, 0.175)) == "overlaps"
    assert relation(Interval(0.1, 0.1649), (0.165, 0.175)) == "below"
    assert relation(Interval(0.1751, 0.2), (0.165, 0.175)) == "above"


def test_every_mixture_of_parts_gets_one_verdict(table: DecisionTable) -> None:
    mixed = list(mixtures())
    assert len(mixed) == 2 ** len(VERDICTS) - 1
    for verdicts in mixed:
        assert table.combine(verdicts).verdict == rolled_up(verdicts), verdicts
    assert {table.combine(verdicts).rule for verdicts in mixed} == {rule.id for rule in table.roll_up}


def rolled_up(verdicts: frozenset[str]) -> str:
    if "contradicted" in verdicts:
        return "contradicted"
    if len(verdicts) == 1:
        return next(iter(verdicts))
    return "weaker than published" if verdicts == {"supported", "weaker than published"} else "inconclusive"


def test_smallest_effects_are_the_declared_ones(table: DecisionTable) -> None:
    declared = table.smallest_effects
    assert (declared.tau, declared.share, declared.odds_ratio, declared.ordering) == (0.10, 0.05, 1.5, 0.10)


def test_a_decision_says_why_in_both_languages(table: DecisionTable) -> None:
    region = dataclasses.replace(next(regions()), assessable=False)
    assert set(table.decide(region).because) == {"nl", "en"}


BROKEN = {
    "dead rule": (
        "    verdict: not assessable\n",
        "    verdict: not assessable\n    because: {nl: x, en: x}\n  - id: again\n    assessable: false\n    verdict: supported\n",
        "dead-rule",
    ),
    "hole": ("    forms: [value, no difference]\n    verdict: inconclusive", "    forms: [value]\n    verdict: inconclusive",
             "incomplete-table"),
    "nothing published": ("    published: [below]\n    verdict: weaker", "    published: [below, none]\n    verdict: weaker",
                          "nothing-published"),
    "twice": ("- id: opposite", "- id: weaker", "duplicate-id"),
    "language": ("      nl: Alle onderdelen zijn praktisch nul.\n", "", "missing-language"),
    "word": ("verdict: contradicted", "verdict: refuted", "literal-error"),
    "roll up": ("  - id: parts-open\n", "  - id: parts-open\n    all: [inconclusive]\n", "incomplete-table"),
    "number": ("  odds ratio: 1.5", "  odds ratio: 0.5", "greater-than"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_mistakes_are_told_with_their_line(root: Path, tmp_path: Path, mistake: str) -> None:
    text = (root / "analysis" / "verdicts.yml").read_text(encoding="utf-8")
    old, new, rule = BROKEN[mistake]
    assert old in text
    path = tmp_path / "verdicts.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_verdicts(path)
    assert rule in {problem.rule for problem in caught.value.problems}
    assert all(problem.line and problem.file == str(path) for problem in caught.value.problems)
