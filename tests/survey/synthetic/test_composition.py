"""Shares that add up to exactly 100, with a mean that is known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.survey.synthetic.composition import Composition, group_share, with_mean_share

PUBLIC = frozenset({"c", "d"})

SAMPLED = 0.7
"""Points. Four standard errors of a mean share at 40,000 draws with a standard deviation of at most 35 points."""

SOLVED = 1e-9
"""The factor is found to 1e-12 in its logarithm."""


def composition(step: float = 5) -> Composition:
    return Composition(
        "f", ("a", "b", "c", "d"), np.array([0.7, 0.4, 0.6, 0.3]), np.array([1.4, 1.0, 1.8, 0.6]), 100.0, step
    )


def stream(name: str) -> np.random.Generator:
    return np.random.default_rng([3, *name.encode()])


@pytest.mark.parametrize("step", [1, 5, 10])
def test_every_draw_adds_up_to_the_total_in_whole_steps_without_negative_parts(step: float) -> None:
    model = composition(step)
    drawn = model.draw(20_000, stream)
    assert (model.weights == composition().weights).all()
    shares = np.column_stack(list(drawn.values()))
    assert (shares.sum(axis=1) == 100).all()
    assert shares.min() >= 0
    assert (shares % step == 0).all()


def test_the_exact_means_are_those_of_a_large_draw() -> None:
    drawn = composition().draw(40_000, stream)
    for part, mean in composition().means().items():
        assert drawn[part].mean() == pytest.approx(mean, abs=SAMPLED)


def test_absent_parts_are_nought_as_often_as_declared() -> None:
    members, probabilities = composition().sets()
    assert probabilities.sum() == pytest.approx(1)
    absent = {part: probabilities[~members[:, place]].sum() for place, part in enumerate("abcd")}
    drawn = composition(0.5).draw(40_000, stream)
    for part, share in absent.items():
        # A part that is there can round to nought: rarely, at half a point.
        assert share - 0.01 <= (drawn[part] == 0).mean() <= share + 0.05


@pytest.mark.parametrize("share", [0.45, 0.6, 0.7])
def test_a_wanted_mean_share_is_met(share: float) -> None:
    before = composition()
    solved = with_mean_share(before, PUBLIC, share)
    assert (before.weights == composition().weights).all()
    assert group_share(solved.means(), PUBLIC, 100) == pytest.approx(share, abs=SOLVED)
    assert solved.weights[:2] == pytest.approx(before.weights[:2])
    drawn = solved.draw(40_000, stream)
    assert drawn["c"].mean() + drawn["d"].mean() == pytest.approx(100 * share, abs=SAMPLED)


def test_a_share_out_of_reach_says_what_is_possible() -> None:
    with pytest.raises(ValueError, match=r"from 0\.\d+ to 0\.\d+ is possible"):
        with_mean_share(composition(), PUBLIC, 0.95)
