"""The latent correlation that gives an observed tau-b: against R, against brute force, and at its bounds."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import kendalltau

from clustergov.problems import InputError
from clustergov.survey.synthetic.copula import (
    Planted,
    assemble,
    attainable,
    bivariate_normal,
    cells,
    latent_correlation,
    tau_b,
)
from clustergov.survey.synthetic.marginals import Marginal

NORMAL = 1e-12
"""pbivnorm promises 1e-14 and the CSV has 15 digits."""

SOLVED = 1e-9
"""The root is found to 1e-12 in the correlation; tau has a slope below 1."""

SAMPLED = 0.006
"""Well over two standard errors of tau at 200,000 cases (at most 1/√n = 0.0022, reached by two binary variables)."""

ROUNDED = 1e-5
"""A table of probabilities rounded to counts of 200,000 cases."""


def marginal(*probabilities: float, name: str = "x") -> Marginal:
    k = len(probabilities)
    return Marginal(
        name, tuple(str(place) for place in range(k)), np.arange(k, dtype=float), np.array(probabilities), True
    )


def cases(counts: NDArray[np.int_]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    places = np.argwhere(counts >= 0)
    return np.repeat(places[:, 0], counts.ravel()), np.repeat(places[:, 1], counts.ravel())


PAIRS = {
    "two binary": (marginal(0.38, 0.62), marginal(0.9, 0.1)),
    "binary and five": (marginal(0.3, 0.7), marginal(0.01, 0.05, 0.27, 0.49, 0.18)),
    "eight and five": (
        marginal(0.05, 0.14, 0.17, 0.14, 0.11, 0.09, 0.16, 0.14),
        marginal(0.06, 0.19, 0.29, 0.31, 0.15),
    ),
    "with an empty category": (marginal(0.2, 0.0, 0.5, 0.3), marginal(0.1, 0.2, 0.3, 0.4)),
    "with an empty last category": (marginal(0.2, 0.5, 0.3, 0.0), marginal(0.4, 0.6)),
    "many values": (marginal(*np.full(40, 1 / 40)), marginal(0.1, 0.2, 0.3, 0.4)),
}


def test_the_bivariate_normal_distribution_is_that_of_r(root: Path) -> None:
    grid = pd.read_csv(root / "tests/reference/copula-normal.csv")
    for rho, part in grid.groupby("rho"):
        h, k = part["h"].to_numpy(), part["k"].to_numpy()
        kept = h.copy()
        found = bivariate_normal(h, k, float(rho))  # type: ignore[arg-type]
        assert (h == kept).all()
        np.testing.assert_allclose(found, part["p"], atol=NORMAL)


def test_tau_of_a_table_is_that_of_r(root: Path) -> None:
    for _, table in pd.read_csv(root / "tests/reference/copula-tau.csv").groupby("table"):
        counts = table.pivot(index="row", columns="column", values="count").to_numpy()
        assert tau_b(counts / counts.sum()) == pytest.approx(table["tau"].iloc[0], abs=NORMAL)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("tau", [-0.3, 0.05, 0.17])
def test_the_solved_correlation_gives_the_wanted_tau(pair: str, tau: float) -> None:
    first, second = PAIRS[pair]
    before = first.probabilities.copy()
    rho = latent_correlation(tau, first, second)
    assert (first.probabilities == before).all()
    table = cells(first, second, rho)
    assert tau_b(table) == pytest.approx(tau, abs=SOLVED)
    np.testing.assert_allclose(table.sum(axis=1), first.probabilities, atol=NORMAL)
    np.testing.assert_allclose(table.sum(axis=0), second.probabilities, atol=NORMAL)
    assert np.sign(rho) == np.sign(tau)
    assert abs(rho) > abs(tau)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_huge_sample_of_the_cut_variables_has_the_wanted_tau(pair: str) -> None:
    first, second = PAIRS[pair]
    rho = latent_correlation(0.15, first, second)
    rng = np.random.default_rng(7)
    x = rng.standard_normal(200_000)
    y = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal(200_000)
    assert kendalltau(first.places(x), second.places(y)).statistic == pytest.approx(0.15, abs=SAMPLED)


@pytest.mark.parametrize("pair", PAIRS)
def test_bounds_are_those_of_the_most_concordant_and_discordant_tables(pair: str) -> None:
    first, second = PAIRS[pair]
    low, high = attainable(first, second)
    n = 200_000
    x, y = (np.repeat(np.arange(len(m.values)), np.rint(m.probabilities * n).astype(int)) for m in (first, second))
    assert high == pytest.approx(kendalltau(x, y).statistic, abs=ROUNDED)
    assert low == pytest.approx(kendalltau(x, y[::-1]).statistic, abs=ROUNDED)
    for beyond in (low - 0.01, high + 0.01):
        with pytest.raises(ValueError, match="can be"):
            latent_correlation(beyond, first, second)


def test_tau_rises_with_the_correlation_and_is_exactly_nought_at_nought() -> None:
    first, second = PAIRS["eight and five"]
    taus = [tau_b(cells(first, second, rho)) for rho in np.linspace(-0.95, 0.95, 39)]
    assert (np.diff(taus) > 0).all()
    assert taus[19] == pytest.approx(0, abs=NORMAL)
    assert latent_correlation(0, first, second) == 0


def test_a_constant_has_no_tau() -> None:
    assert np.isnan(tau_b(cells(marginal(1.0, 0.0), marginal(0.5, 0.5), 0.3)))


def test_assembling_keeps_the_order_and_leaves_the_rest_independent() -> None:
    marginals = {name: marginal(0.2, 0.3, 0.5, name=name) for name in "abc"}
    planted = [Planted("c", "a", 0.2, "U")]
    matrix = assemble(planted, marginals)
    assert list(marginals) == list("abc")
    assert matrix[0, 2] == matrix[2, 0] == latent_correlation(0.2, marginals["a"], marginals["c"])
    assert matrix[0, 1] == matrix[1, 2] == 0
    assert (np.diag(matrix) == 1).all()


def test_targets_that_contradict_each_other_are_named_and_never_bent() -> None:
    marginals = {name: marginal(0.25, 0.25, 0.25, 0.25, name=name) for name in "abcd"}
    planted = [Planted("a", "b", 0.6, "U"), Planted("a", "c", 0.6, "U"), Planted("b", "c", -0.6, "U")]
    with pytest.raises(InputError) as caught:
        assemble(planted, marginals)
    (problem,) = caught.value.problems
    assert problem.rule == "contradicting-taus"
    for first, second in (("a", "b"), ("a", "c"), ("b", "c")):
        assert f"{first} × {second}" in problem.message
    assert " d " not in problem.message


def test_every_tau_out_of_reach_is_told_at_once() -> None:
    marginals = {
        "a": marginal(0.5, 0.5, name="a"),
        "b": marginal(0.99, 0.01, name="b"),
        "c": marginal(0.98, 0.02, name="c"),
    }
    planted = [Planted(first, second, 0.9, "U") for first, second in product("a", "bc")]
    with pytest.raises(InputError) as caught:
        assemble(planted, marginals)
    assert [problem.rule for problem in caught.value.problems] == ["tau-out-of-reach"] * 2
