"""Small tables: Fisher's p, and an unconditional test that keeps its level for every pair of shares."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, fisher_exact

from clustergov.analysis.inference.exact import fisher, share_difference, unconditional


@pytest.mark.parametrize("table", [(7, 12, 1, 10), (0, 5, 0, 7), (5, 5, 0, 7), (3, 20, 9, 25)])
def test_fisher(table: tuple[int, int, int, int]) -> None:
    a, n1, b, n0 = table
    assert fisher(*table) == pytest.approx(fisher_exact([[a, n1 - a], [b, n0 - b]])[1], rel=1e-9)


@pytest.mark.parametrize(("n1", "n0"), [(6, 9), (8, 8), (5, 14)])
def test_the_level_holds_for_every_share(n1: int, n0: int) -> None:
    """All tables are added up, so there is no chance in this."""
    p = np.array([[unconditional(a, n1, b, n0) for b in range(n0 + 1)] for a in range(n1 + 1)])
    for share in np.linspace(0.01, 0.99, 50):
        weight = np.outer(binom.pmf(np.arange(n1 + 1), n1, share), binom.pmf(np.arange(n0 + 1), n0, share))
        assert weight[p <= 0.05].sum() <= 0.05 + 1e-9


def test_interval_covers_for_every_pair_of_shares() -> None:
    n1, n0 = 5, 4
    ends = {(a, b): share_difference(a, n1, b, n0) for a in range(n1 + 1) for b in range(n0 + 1)}
    for first in (0.1, 0.5, 0.8):
        for second in (0.1, 0.3, 0.6):
            covered = sum(
                binom.pmf(a, n1, first) * binom.pmf(b, n0, second)
                for (a, b), each in ends.items()
                if each.low <= first - second <= each.high
            )
            assert covered >= 0.95 - 1e-9


def test_interval_and_p_agree() -> None:
    for a, n1, b, n0 in ((7, 12, 1, 10), (3, 8, 9, 14), (0, 6, 5, 9), (6, 6, 0, 6)):
        found = share_difference(a, n1, b, n0)
        assert (found.p <= 0.05) == (not found.low <= 0 <= found.high)
        assert -1 <= found.low <= found.estimate <= found.high <= 1


def test_turning_the_arms_turns_the_signs() -> None:
    one, other = share_difference(7, 12, 1, 10), share_difference(1, 10, 7, 12)
    assert one.p == pytest.approx(other.p, rel=1e-9)
    assert one.low == pytest.approx(-other.high, abs=2e-4)
