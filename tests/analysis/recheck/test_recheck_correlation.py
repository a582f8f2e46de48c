"""Is a printed correlation with its p possible at this n?"""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.recheck.correlation import recheck_r, recheck_tau
from clustergov.analysis.recheck.null_tau import normal_p, null_variance, p_range
from clustergov.analysis.recheck.reported_p import reported_p
from clustergov.analysis.recheck.rounding import printed
from clustergov.problems import InputError

FIVE = reported_p("<= .05")


def test_smallest_n_is_the_first_at_which_p_can_be_small_enough() -> None:
    found = recheck_tau(printed(".11"), FIVE, (120, 400))
    assert found.finding == "consistent"
    assert found.least is not None
    assert p_range(0.105, 0.115, found.least)[0] <= 0.05 < p_range(0.105, 0.115, found.least - 1)[0]
    assert found.most is not None
    assert p_range(0.105, 0.115, found.most)[1] <= 0.05 < p_range(0.105, 0.115, found.most - 1)[1]


def test_without_ties_it_is_the_closed_form() -> None:
    """z = tau / √(2(2n + 5) / 9n(n − 1)) at tau = .115, the upper end of what rounding leaves."""
    n = np.arange(50, 400)
    z = 0.115 / np.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
    assert recheck_tau(printed(".11"), FIVE, None).least == n[z >= 1.959964][0]


def test_ties_move_it_by_as_much_as_their_variance() -> None:
    binary = recheck_tau(printed(".10"), FIVE, None, categories=(2, 0)).least
    both = recheck_tau(printed(".10"), FIVE, None, categories=(2, 2)).least
    plain = recheck_tau(printed(".10"), FIVE, None).least
    assert plain is not None
    assert binary is not None
    assert both is not None
    # 3/2 per variable with two values; at n near 350 still 2 % short of its limit.
    assert binary / plain == pytest.approx(1.5, rel=0.02)
    assert both / plain == pytest.approx(2.25, rel=0.03)


def test_what_real_answers_give_is_never_called_inconsistent() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        n = int(rng.integers(20, 300))
        x, y = rng.integers(0, rng.integers(2, 9), n), rng.integers(0, rng.integers(2, 9), n)
        if len(set(x)) < 2 or len(set(y)) < 2:
            continue
        tau = kendall_tau_b(x, y).tau
        sizes = [np.unique(v, return_counts=True)[1].tolist() for v in (x, y)]
        p = normal_p(tau, null_variance(n, *sizes))
        for categories in ((0, 0), (len(sizes[0]), len(sizes[1]))):
            found = recheck_tau(printed(f"{tau:.2f}"), reported_p(f"{p:.3f}"), (n, n), categories=categories)
            assert found.finding == "consistent", (n, tau, p, found)


def test_too_small_an_n_is_inconsistent_and_an_unknown_one_not_checkable() -> None:
    assert recheck_tau(printed(".11"), FIVE, (60, 120)).finding == "inconsistent"
    unknown = recheck_tau(printed(".11"), FIVE, None)
    assert unknown.finding == "not checkable"
    assert str(unknown.least) in unknown.sentence("nl")


def test_one_tail_needs_fewer() -> None:
    two, one = (recheck_tau(printed(".11"), FIVE, None, tails=tails).least for tails in (2, 1))
    assert one is not None
    assert two is not None
    assert one < two


def test_r_by_t() -> None:
    found = recheck_r(printed(".11"), FIVE, (120, 400))
    assert found.least is not None
    assert 285 < found.least < 295
    assert recheck_r(printed("1.00"), FIVE, (10, 10)).finding == "consistent"


@pytest.mark.parametrize(
    ("value", "n", "rule"),
    [("1.11", (100, 100), "impossible-correlation"), (".1", (3, 9), "impossible-n"), (".1", (90, 20), "impossible-n")],
)
def test_impossible_input_is_named(value: str, n: tuple[int, int], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        recheck_tau(printed(value), FIVE, n)
