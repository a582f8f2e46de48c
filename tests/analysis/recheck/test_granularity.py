"""Means and standard deviations of whole numbers against every set of answers there is."""

from __future__ import annotations

from itertools import combinations_with_replacement
from statistics import mean, stdev

import pytest

from clustergov.analysis.recheck.granularity import recheck_mean, recheck_percentage, recheck_sd, recheck_shares
from clustergov.analysis.recheck.rounding import printed
from clustergov.problems import InputError


def spelt(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


@pytest.mark.parametrize("n", [4, 6, 7])
def test_means_and_deviations_are_those_that_answers_can_have(n: int) -> None:
    """All answers of n persons on 1 to 5: what they give is consistent; what none gives mostly is found out."""
    given = {(spelt(mean(a), 2), spelt(stdev(a), 2)) for a in combinations_with_replacement(range(1, 6), n)}
    for m, sd in given:
        assert recheck_sd(printed(m), printed(sd), n, scale=(1, 5)).finding == "consistent", (m, sd)
    means = {m for m, _ in given}
    wrong = [f"{hundredths / 100:.2f}" for hundredths in range(100, 501) if f"{hundredths / 100:.2f}" not in means]
    # Fives in the third decimal may be rounded either way: both count.
    ties = {m for m in wrong if recheck_mean(printed(m), n, scale=(1, 5)).finding == "consistent"}
    assert all(
        any(abs(float(m) - mean(a)) <= 0.005 + 1e-9 for a in combinations_with_replacement(range(1, 6), n))
        for m in ties
    )
    some = next(iter(means))
    deviations = {sd for m, sd in given if m == some}
    refused = [sd for sd in (f"{h / 100:.2f}" for h in range(0, 230)) if sd not in deviations
               and recheck_sd(printed(some), printed(sd), n, scale=(1, 5)).finding == "consistent"]  # fmt: skip
    # Not every sum of squares of the right parity belongs to answers: a few pass, most do not.
    assert len(refused) <= 0.15 * 230


def test_of_several_items_the_sums_are_whole() -> None:
    assert recheck_mean(printed("3.15"), 20).finding == "consistent"
    assert recheck_mean(printed("3.13"), 20).finding == "inconsistent"
    assert recheck_mean(printed("3.13"), 20, items=4).finding == "consistent"


def test_brown_and_heathers_example() -> None:
    """A mean of 5.19 cannot come from 28 whole numbers (Brown & Heathers 2017): 145/28 is 5.18, 146/28 is 5.21."""
    found = recheck_mean(printed("5.19"), 28)
    assert found.finding == "inconsistent"
    assert (found.low, found.high) == pytest.approx((145 / 28, 146 / 28))


def test_percentages_of_few() -> None:
    assert recheck_percentage(printed("89%"), (9, 9)).finding == "consistent"
    assert recheck_percentage(printed("89%"), (8, 8)).finding == "inconsistent"
    some = recheck_percentage(printed("89"), (50, 120))
    fits = [n for n in range(50, 121) if any(88.5 <= 100 * c / n <= 89.5 for c in range(n + 1))]
    assert str(len(fits)) in some.sentence("en")
    assert str(fits[0]) in some.sentence("en")
    assert recheck_percentage(printed("100"), (7, 7)).finding == "consistent"


def test_shares_of_one_whole() -> None:
    assert recheck_shares([printed("33")] * 3).finding == "consistent"
    assert recheck_shares([printed("33.0")] * 3).finding == "inconsistent"


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: recheck_mean(printed("3"), 0), "impossible-n"),
        (lambda: recheck_sd(printed("3"), printed("1"), 1), "impossible-sd"),
        (lambda: recheck_sd(printed("3"), printed("-1"), 9), "impossible-sd"),
        (lambda: recheck_percentage(printed("120"), (9, 9)), "impossible-percentage"),
        (lambda: recheck_shares([printed("100")]), "too-few-shares"),
    ],
)
def test_impossible_input_is_named(call: object, rule: str) -> None:
    assert callable(call)
    with pytest.raises(InputError, match=rule):
        call()
