"""The ordered table of verdicts on a sweet spot: it decides everything, every rule decides something, no test alone does."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.verdict import (
    RULES,
    SPEAKING_FOR,
    SpotVerdict,
    decide,
    place_of,
    spot_regions,
)
from clustergov.language import catalogue


def test_every_region_has_a_verdict_and_every_rule_decides_one() -> None:
    deciding = {decide(region).id for region in spot_regions()}
    assert deciding == {rule.id for rule in RULES}
    assert {rule.verdict for rule in RULES} == set(get_args(SpotVerdict))


def test_an_optimum_needs_support_two_lines_curvature_and_place_together() -> None:
    speaking = [region for region in spot_regions() if decide(region).verdict in SPEAKING_FOR]
    assert speaking
    for region in speaking:
        assert region.supported
        assert region.found == "rises then falls"
        assert region.concave
        assert region.place in ("within", "around")
        for change in ({"supported": False}, {"found": "rises"}, {"concave": False}, {"place": "end"}):
            other = dataclasses.replace(region, **change)  # type: ignore[arg-type]
            assert decide(other).verdict not in SPEAKING_FOR, (region, change)


@pytest.mark.parametrize(
    ("interval", "place"),
    [
        (Interval(52, 68), "within"), (Interval(50, 68), "around"), (Interval(30, 65), "around"),
        (Interval(0, 100), "around"), (Interval(55, 100), "around"), (Interval(61, 69), "within"),
        (Interval(20, 40), "apart"), (Interval(75, 90), "apart"), (Interval(75, 100), "end"), (Interval(0, 30), "end"),
        (None, "untold"),
    ],
)  # fmt: skip
def test_place_of_the_interval(interval: Interval | None, place: str) -> None:
    assert place_of(interval, (0, 100), 60, 10) == place


def test_every_rule_has_its_sentence() -> None:
    assert {f"sweet_spot.verdict.{rule.id}" for rule in RULES} <= set(catalogue())
    assert {f"sweet_spot.name.{rule.verdict}" for rule in RULES} <= set(catalogue())
