"""Standard errors that a user names, against sandwich, clubSandwich, lmtest and ordinal; and designs in which they fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.inference.named_errors import BY_GROUP, KINDS, linear_errors, logit_errors, ordinal_errors
from clustergov.analysis.inference.policy import infer
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.logit import binomial_logit
from clustergov.analysis.models.ordinal import cumulative_logit
from named_errors_numbers import ours, references, rows_of_family


@pytest.mark.parametrize("family", ["linear", "fractional", "binomial", "ordinal", "probit"])
def test_every_kind_is_as_in_r(family: str) -> None:
    """To ten digits; a p far out in the tail loses what its t loses times t²."""
    part = references().query("family == @family")
    assert len(part) > 40
    for row in part.itertuples():
        found = ours(family, row.kind, row.quantity, row.term)
        assert found == pytest.approx(row.value, rel=1e-8 if row.quantity == "p" else 1e-9), (row.kind, row.term)


def test_inputs_are_not_changed_and_units_do_not_matter() -> None:
    y, X, groups = rows_of_family("linear")
    before = X.copy()
    scaled = X.assign(x=X["x"] * 1e12)
    for kind in KINDS:
        plain, large = linear_errors(y, X, kind, groups), linear_errors(y, scaled, kind, groups)
        np.testing.assert_allclose(large.standard_errors[0] * 1e12, plain.standard_errors[0], rtol=1e-9)
        np.testing.assert_allclose(large.freedom, plain.freedom, rtol=1e-8)
    pd.testing.assert_frame_equal(X, before)


def test_hc3_of_the_policy_is_hc3_of_the_user() -> None:
    y, X, _ = rows_of_family("linear")
    own = infer(np.asarray(y, float), X.to_numpy(float), tuple(X.columns))
    named = linear_errors(y, X, "HC3")
    assert own.method == "HC3"
    np.testing.assert_allclose(own.standard_errors, named.standard_errors, rtol=1e-12)
    assert named.lost == own.lost


def test_rows_without_a_group_are_lost_only_where_groups_count() -> None:
    y, X, groups = rows_of_family("linear")
    holed = groups.where(np.arange(len(groups)) > 5)
    assert linear_errors(y, X, "HC0", holed).n == linear_errors(y, X, "HC0").n
    few = linear_errors(y, X, "CR0", holed)
    assert few.n < linear_errors(y, X, "CR0", groups).n
    assert any("without a group" in caution["en"] for caution in few.cautions)


def simple(n: int = 24) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(3)
    return pd.Series(rng.normal(size=n), name="y"), pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n)})


@pytest.mark.parametrize("kind", BY_GROUP)
def test_errors_by_group_that_are_zero_are_refused(kind: str) -> None:
    """Three groups and a constant for each: the scores of the groups add up to nothing."""
    y, _ = simple()
    g = pd.Series(np.repeat(["p", "q", "r"], 8), name="g")
    X = pd.DataFrame({"q": (g == "q") * 1.0, "r": (g == "r") * 1.0})
    with pytest.raises(FitError, match="are zero: 3 groups are too few"):
        linear_errors(y, X, kind, g)  # type: ignore[arg-type]  # of BY_GROUP


@pytest.mark.parametrize("kind", BY_GROUP)
def test_one_group_is_refused(kind: str) -> None:
    y, X = simple()
    g = pd.Series("p", index=y.index, name="g")
    with pytest.raises(FitError, match="stand in one group"):
        linear_errors(y, X, kind, g)  # type: ignore[arg-type]
    high = (y > 0).astype(float)
    with pytest.raises(FitError, match="stand in one group"):
        logit_errors(binomial_logit(high, X), high, X, kind, g)  # type: ignore[arg-type]


def test_a_row_that_is_followed_exactly() -> None:
    y, X = simple()
    X["alone"] = (np.arange(len(y)) == 4) * 1.0
    for kind in ("HC2", "HC3", "HC4"):
        with pytest.raises(FitError, match="leverage 1"):
            linear_errors(y, X, kind)  # type: ignore[arg-type]
    said = linear_errors(y, X, "HC0").cautions
    assert any("add nothing to HC0 errors" in one["en"] for one in said)


def test_an_exact_fit_is_refused() -> None:
    _, X = simple()
    for kind in ("classical", "HC3"):
        with pytest.raises(FitError, match="exactly in all"):
            linear_errors((X["a"] + 2 * X["b"]).rename("y"), X, kind)  # type: ignore[arg-type]


def test_cautions() -> None:
    y, X = simple()
    g = pd.Series(np.arange(24) % 6, name="g").astype(str)
    assert any("CR1 errors come out too small" in one["en"] for one in linear_errors(y, X, "CR1", g).cautions)
    uneven = pd.Series(np.r_[np.zeros(20), 1, 2, 3, 4].astype(int).astype(str), name="g")
    assert any("fewer than four degrees of freedom" in one["en"] for one in linear_errors(y, X, "CR2", uneven).cautions)
    ranks = pd.Series(np.digitize(y, [-0.5, 0.5]) + 1.0, name="y")
    fit = cumulative_logit(ranks, X)
    said = ordinal_errors(fit, ranks, X, "CR0", g)
    assert any("--bootstrap" in one["en"] for one in said.cautions)
    assert "asked for" in said.sentence("en")
    assert "gevraagd" in said.sentence("nl")
    with pytest.raises(ValueError, match="no HC3"):
        ordinal_errors(fit, ranks, X, "HC3")
