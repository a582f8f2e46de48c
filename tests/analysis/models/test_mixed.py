"""Mixed models: balanced data in closed form, honest singular fits, groups that cannot be used, and simulated truth."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.linear import linear_model
from clustergov.analysis.models.mixed import mixed_model
from model_numbers import mixed, table

DRAWS = min(int(os.environ.get("CLUSTERGOV_DRAWS", "60")), 2000)  # a fit takes some 20 ms


def test_balanced_data_have_the_estimates_of_analysis_of_variance() -> None:
    """REML of a balanced one-way layout: between = (MSB − MSW) / m; Searle, Casella & McCulloch (1992), p. 93."""
    frame = table("sleepstudy")
    before = frame.copy()
    y, g = frame["Reaction"], frame["Subject"].astype("str")
    fit = mixed("sleepstudy", "REML")
    pd.testing.assert_frame_equal(frame, before)
    inner = y - y.groupby(g).transform("mean")
    days = frame["Days"] - frame["Days"].mean()
    left = inner - days * (days @ inner) / (days @ days)
    within = (left**2).sum() / (180 - 18 - 1)
    between = 10 * y.groupby(g).mean().var()
    assert fit.sigma**2 == pytest.approx(within, rel=1e-10)
    assert fit.between[0, 0] == pytest.approx((between - within) / 10, rel=1e-9)
    assert fit.df[0] == pytest.approx(161, rel=1e-8)
    assert fit.icc == pytest.approx(fit.between[0, 0] / (fit.between[0, 0] + fit.sigma**2), rel=1e-12)


def test_random_slopes_in_balanced_data_have_exact_degrees_of_freedom() -> None:
    fit = mixed("sleepstudy slope", "REML")
    assert fit.df == pytest.approx([17.0], rel=1e-8)
    assert fit.icc is None
    assert "5.92" in fit.sentence("en")
    assert "0,07" in fit.sentence("nl")


def simulated(rng: np.random.Generator, between: float, groups: int = 20, size: int = 6) -> tuple:
    g = np.repeat(np.arange(groups), size)
    x = rng.normal(size=groups)[g]
    y = 1 + 0.0 * x + rng.normal(scale=between, size=groups)[g] + rng.normal(size=len(g))
    return pd.Series(y, name="y"), pd.DataFrame({"x": x}), pd.Series(g.astype(str), name="country")


def test_singular_is_told_and_no_finding() -> None:
    rng = np.random.default_rng(12)
    fits = [mixed_model(*simulated(rng, 0.0)) for _ in range(30)]
    singular = [fit for fit in fits if fit.singular]
    assert 5 < len(singular) < 25  # about half of all draws, when the truth is the edge
    for fit in singular:
        assert fit.icc is None
        assert fit.icc_interval is not None
        assert fit.icc_interval.low == 0
        assert fit.icc_interval.high > 0.01
        assert "Singular" in fit.sentence("en")
        assert "Singulier" in fit.sentence("nl")
        assert "no finding" in fit.cautions[0]["en"]
        assert "0%" not in fit.cautions[0]["en"].split("up to")[0]
    assert all(fit.icc > 0 for fit in fits if not fit.singular)


def test_a_singular_fit_is_the_linear_model() -> None:
    rng = np.random.default_rng(12)
    draws = [simulated(rng, 0.0) for _ in range(30)]
    y, X, g = next(draw for draw in draws if mixed_model(*draw).singular)
    fit = mixed_model(y, X, g)
    plain = linear_model(y, X)
    assert fit.estimates == pytest.approx(plain.estimates, rel=1e-9)
    assert fit.df.tolist() == [118.0]
    assert fit.sigma**2 == pytest.approx(
        ((y - plain.constant - plain.estimates[0] * X["x"]) ** 2).sum() / 118, rel=1e-10
    )


def test_a_singular_slope_is_told() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(10):
        y, X, g = simulated(rng, 1.0, groups=8)
        X["z"] = rng.normal(size=len(y))
        found.append(mixed_model(y, X, g, slope="z"))
    assert any(fit.singular for fit in found)
    for fit in found:
        assert np.isfinite(fit.frame().drop(columns=["term", "kind"])).all(axis=None)
        assert ("Leave the slope" in fit.sentence("en")) == fit.singular


def test_level_of_the_test_of_a_predictor_of_groups() -> None:
    """x varies between groups only: the degrees of freedom are those of groups, and the test keeps its level."""
    rng = np.random.default_rng(21)
    fits = [mixed_model(*simulated(rng, 1.0, groups=12)) for _ in range(DRAWS)]
    assert np.mean([fit.p("x") < 0.05 for fit in fits]) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / DRAWS)
    assert np.median([fit.df[0] for fit in fits]) < 12


def test_rows_without_a_group_are_lost_and_few_groups_told() -> None:
    y, X, g = simulated(np.random.default_rng(1), 1.0, groups=5)
    fit = mixed_model(y, X, g.mask(g == "2"))
    assert (fit.n, fit.lost, fit.groups, fit.sizes) == (24, 6, 4, (6, 6))
    assert any("4 groups" in caution["en"] for caution in fit.cautions)


Y, X, G = simulated(np.random.default_rng(9), 0.5)


@pytest.mark.parametrize(
    ("failure", "options"),
    [
        ("one group", {"groups": G.where(G == "never", "nl")}),
        ("groups as rows", {"groups": pd.Series([f"g{i}" for i in range(120)], name="country")}),
        ("random slope", {"slope": "x"}),
        ("nothing left", {"outcome": (3 - 2 * X["x"]).rename("y")}),
        ("unknown term", {"slope": "staf"}),
        ("no variance", {"predictors": X * 0 + 3}),
        ("infinite", {"predictors": X.replace(X["x"].max(), np.inf)}),
        ("outcome constant", {"outcome": Y * 0}),
        ("too few", {"outcome": Y[:4], "predictors": X[:4], "groups": G[:4]}),
    ],
)
def test_refuses_with_the_reason(failure: str, options: dict) -> None:
    with pytest.raises(FitError) as caught:
        mixed_model(**{"outcome": Y, "predictors": X, "groups": G, **options})
    assert caught.value.failure == failure
