"""A line broken where it fits best, against fitting every break of every resample by itself."""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.analysis.sweet_spot.broken_line import BREAKS, broken_tops
from clustergov.analysis.sweet_spot.resampled_top import RULED_OUT, resampled_tops, weights_of

RNG = np.random.default_rng(4)
N = 90
X = np.round(100 * RNG.random(N))
Y = np.where(X < 70, 0.02 * X, 1.4 - 0.08 * (X - 70)) + RNG.normal(size=N)
HELD = RNG.normal(size=(N, 2)) + X[:, None] / 50


def one_by_one(weights: np.ndarray, controls: np.ndarray | None) -> tuple[float, float]:
    """Top and sum of squares of the best of all breaks."""
    found = []
    for at in np.linspace(X.min(), X.max(), BREAKS + 2)[1:-1]:
        columns = [np.ones(N), X, np.maximum(X - at, 0), *([] if controls is None else controls.T)]
        design, root = np.stack(columns, axis=1), np.sqrt(weights)
        b = np.linalg.lstsq(design * root[:, None], Y * root, rcond=None)[0]
        places = np.array([X.min(), at, X.max()])
        heights = b[1] * places + b[2] * np.maximum(places - at, 0)
        found.append((float(weights @ (Y - design @ b) ** 2), float(places[heights.argmax()])))
    squares, top = min(found)
    return top, squares


@pytest.mark.parametrize("controls", [None, HELD], ids=["alone", "held equal"])
def test_equals_every_break_fitted_by_itself(controls: np.ndarray | None) -> None:
    weights = weights_of(RNG, 25, N)
    tops, squares = broken_tops(X, Y, controls, weights)
    assert tops == pytest.approx([one_by_one(row, controls)[0] for row in weights], abs=1e-9)
    assert squares == pytest.approx(one_by_one(np.ones(N), controls)[1], rel=1e-10)


def test_a_curve_that_does_not_fit_is_ruled_out() -> None:
    weights = weights_of(RNG, 100, N)
    sharp = resampled_tops(X, np.minimum(0.02 * (X - 75), -0.3 * (X - 75)) + RNG.normal(size=N), None, weights)
    smooth = resampled_tops(X, -0.01 * (X - 40) ** 2 + RNG.normal(size=N), None, weights)
    assert min(sharp.behind) == min(smooth.behind) == 0
    assert sharp.behind[1] > RULED_OUT
    assert smooth.behind[2] > RULED_OUT
    for found, top in ((sharp, 75), (smooth, 40)):
        interval = found.covering(0.9)
        assert interval is not None
        assert interval.high - interval.low < 15
        assert interval.low - 2 < top < interval.high + 2


def test_shares_on_few_heaps_and_an_exact_line_are_no_error() -> None:
    heaped = RNG.choice([0.0, 50, 60, 100], N)
    weights = weights_of(RNG, 50, N)
    for y in (RNG.normal(size=N), heaped * 0.02):
        tops, squares = broken_tops(heaped, y, None, weights)
        assert np.isfinite(tops).all()
        assert np.isfinite(squares)
        assert ((tops >= 0) & (tops <= 100)).all()
