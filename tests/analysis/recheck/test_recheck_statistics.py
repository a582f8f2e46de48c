"""t, F, χ², z and ratios against their p."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from clustergov.analysis.recheck.ratio import recheck_ratio
from clustergov.analysis.recheck.reported_p import reported_p
from clustergov.analysis.recheck.rounding import printed
from clustergov.analysis.recheck.test_statistic import recheck_test
from clustergov.problems import InputError


def test_what_a_test_gives_is_never_called_inconsistent() -> None:
    rng = np.random.default_rng(6)
    for _ in range(200):
        df = int(rng.integers(3, 200))
        t, f = float(rng.normal(0, 2)), float(rng.chisquare(3))
        p_t, p_f = 2 * stats.t.sf(abs(t), df), stats.f.sf(f, 3, df)
        assert (
            recheck_test("t", printed(f"{t:.2f}"), (printed(str(df)),), reported_p(f"{p_t:.3f}")).finding
            == "consistent"
        )
        df_f = (printed("3"), printed(str(df)))
        assert recheck_test("F", printed(f"{f:.2f}"), df_f, reported_p(f"{p_f:.3f}")).finding == "consistent"


def test_rounding_of_the_statistic_is_taken_along() -> None:
    """t(28) = 2.35 may be 2.345 to 2.355 (statcheck's documentation, “Details”): p from .0257 to .0264."""
    found = recheck_test("t", printed("2.35"), (printed("28"),), reported_p(".026"))
    assert found.finding == "consistent"
    assert (found.low, found.high) == pytest.approx(tuple(2 * stats.t.sf(t, 28) for t in (2.355, 2.345)), rel=1e-10)
    assert recheck_test("t", printed("2.35"), (printed("28"),), reported_p(".03")).finding == "consistent"
    assert recheck_test("t", printed("2.20"), (printed("28"),), reported_p(".03")).finding == "inconsistent"


def test_one_tail_only_in_the_announced_direction() -> None:
    df, p = (printed("40"),), reported_p("= .04")
    assert recheck_test("t", printed("1.80"), df, p).finding == "inconsistent"
    assert recheck_test("t", printed("1.80"), df, p, direction="positive").finding == "consistent"
    assert recheck_test("t", printed("1.80"), df, p, direction="negative").finding == "inconsistent"


def test_missing_degrees_of_freedom_are_not_checkable() -> None:
    assert recheck_test("F", printed("4.2"), (printed("1"),), reported_p(".05")).finding == "not checkable"


def test_a_ratio_in_the_middle_of_its_interval() -> None:
    low, high = (math.exp(math.log(1.5) + sign * 1.959964 * 0.16) for sign in (-1, 1))
    p = 2 * stats.norm.sf(math.log(1.5) / 0.16)
    ends = printed(f"{low:.2f}"), printed(f"{high:.2f}")
    assert recheck_ratio(printed("1.50"), *ends, reported_p(f"{p:.3f}")).finding == "consistent"
    assert recheck_ratio(printed("1.50"), *ends, reported_p(".200")).finding == "inconsistent"
    assert recheck_ratio(printed("1.70"), *ends).finding == "inconsistent"


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (
            lambda: recheck_test("F", printed("-1"), (printed("1"), printed("9")), reported_p(".1")),
            "impossible-statistic",
        ),
        (lambda: recheck_test("t", printed("1"), (printed("0"),), reported_p(".1")), "impossible-df"),
        (
            lambda: recheck_test("chi2", printed("1"), (printed("1"),), reported_p(".1"), direction="positive"),
            "one-tailed",
        ),
        (lambda: recheck_ratio(printed("1"), printed("2"), printed("1")), "impossible-interval"),
        (lambda: recheck_ratio(printed("-1"), printed("0"), printed("1")), "impossible-interval"),
    ],
)
def test_impossible_input_is_named(call: object, rule: str) -> None:
    assert callable(call)
    with pytest.raises(InputError, match=rule):
        call()
