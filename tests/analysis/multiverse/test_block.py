"""Thousands of fits at once against one fit at a time, and specifications that must be refused by name."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from clustergov.analysis.multiverse.block import Block, fit, pieces

RTOL = 1e-10
"""Both sides solve the same equations in double precision."""


def drawn(n: int = 356, p: int = 6, seed: int = 0) -> np.ndarray:
    """Two outcomes, two focal predictors, p covariates that go together."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(n, p)) @ (np.eye(p) + 0.5 * rng.normal(size=(p, p))) + 3
    X = rng.normal(size=(n, 2)) + 0.4 * Z[:, :2]
    Y = 50 + 0.3 * X[:, :1] + Z[:, :1] + rng.normal(size=(n, 2)) * (1 + np.abs(X[:, :1]))
    return np.column_stack([Y, X, Z])


def every_subset(columns: np.ndarray, p: int, *, clustered: bool = False, groups: np.ndarray | None = None) -> Block:
    subsets = np.array(list(product([False, True], repeat=p)))
    chosen = [(y, x, subset) for y in (0, 1) for x in (2, 3) for subset in subsets]
    covariates = np.zeros((len(chosen), columns.shape[1]), dtype=bool)
    covariates[:, 4:] = [subset for _, _, subset in chosen]
    return Block(
        np.arange(len(columns)), columns, np.array([y for y, _, _ in chosen]), np.array([x for _, x, _ in chosen]),
        covariates, np.zeros(len(columns), dtype=np.int64) if groups is None else groups,
        np.full(len(chosen), clustered),
    )  # fmt: skip


def one(columns: np.ndarray, *, clustered: bool = False, groups: np.ndarray | None = None) -> Block:
    """Column 0 on column 1, the others held equal."""
    held = np.arange(columns.shape[1])[None, :] > 1
    labels = np.arange(len(columns)) if groups is None else groups
    return Block(np.arange(len(columns)), columns, np.array([0]), np.array([1]), held, labels, np.array([clustered]))


def test_equals_statsmodels_and_leaves_its_input() -> None:
    sm = pytest.importorskip("statsmodels.api")
    columns = drawn()
    block = every_subset(columns, 6)
    before = columns.copy()
    fits = fit(block)
    np.testing.assert_array_equal(columns, before)
    for at in range(0, len(block.outcome), 7):
        X = np.column_stack([columns[:, block.focal[at]], columns[:, block.covariates[at]]])
        reference = sm.OLS(columns[:, block.outcome[at]], sm.add_constant(X)).fit(cov_type="HC3", use_t=True)
        assert fits.estimate[at] == pytest.approx(reference.params[1], rel=RTOL)
        assert fits.error[at] == pytest.approx(reference.bse[1], rel=RTOL)
        assert fits.df[at] == reference.df_resid
    assert set(fits.refusal) == {""}


def test_pieces_do_not_change_numbers() -> None:
    block = every_subset(drawn(), 6)
    whole = fit(block)
    from clustergov.analysis.multiverse.block import fit_pieces

    cut = fit_pieces(block, pieces(block, at_once=17))
    np.testing.assert_allclose(cut.estimate, whole.estimate, rtol=1e-13)
    np.testing.assert_allclose(cut.error, whole.error, rtol=1e-13)


def in_long_doubles(y: np.ndarray, x: np.ndarray, z: np.ndarray) -> tuple[float, float]:
    """Coefficient of x and its HC3 error by orthogonal columns with 64 bits of mantissa, orthogonalised three times."""
    found: list[np.ndarray] = []
    for column in (np.ones(len(y)), z, x):
        rest = column.astype(np.longdouble)
        for _ in range(3):
            for other in found:
                rest = rest - (other @ rest) * other
        found.append(rest / np.sqrt(rest @ rest))
    Q, y = np.array(found).T, y.astype(np.longdouble)
    residual, leverage = y - Q @ (Q.T @ y), (Q**2).sum(axis=1)
    length = rest @ rest
    return float(rest @ y / length), float(np.sqrt(((rest * residual / (1 - leverage)) ** 2).sum()) / length)


@pytest.mark.parametrize("nearness", [1e-2, 1e-3, 1e-5, 1e-7])
def test_nearly_collinear_columns_keep_their_digits(nearness: float) -> None:
    """Where statsmodels has three digits of the error left (nearness 1e-7), which comes from squaring the condition."""
    rng = np.random.default_rng(1)
    z = rng.normal(size=120)
    x = z + nearness * rng.normal(size=120)
    y = x + rng.normal(size=120)
    fits = fit(one(np.column_stack([y, x, z])))
    estimate, error = in_long_doubles(y, x, z)
    # Sums in double precision leave 1e-16 of columns of length 1; of what the two have apart that is 1e-16 / nearness.
    assert fits.estimate[0] == pytest.approx(estimate, rel=1e-14 / nearness)
    assert fits.error[0] == pytest.approx(error, rel=1e-14 / nearness)


def test_units_of_columns_scale_the_estimate_only() -> None:
    columns = drawn(120, 3)[:, [0, 2, 4, 5]]
    plain, scaled = fit(one(columns)), fit(one(columns * [1e6, 1e-3, 1e4, 1] + [0, 5, 1e6, 0]))
    assert scaled.estimate[0] == pytest.approx(1e9 * plain.estimate[0], rel=1e-8)
    assert scaled.estimate[0] / scaled.error[0] == pytest.approx(plain.estimate[0] / plain.error[0], rel=1e-8)


def brute_cr2(y: np.ndarray, X: np.ndarray, groups: np.ndarray, at: int) -> tuple[float, float, float]:
    """CR2 and Satterthwaite's df as they are defined, with n × n matrices."""
    bread = np.linalg.inv(X.T @ X)
    rest = np.eye(len(y)) - X @ bread @ X.T
    meat, parts = 0.0, []
    for label in np.unique(groups):
        own = np.flatnonzero(groups == label)
        values, vectors = np.linalg.eigh(rest[np.ix_(own, own)])
        power = np.where(values > 1e-10, np.maximum(values, 1e-300) ** -0.5, 0)
        score = (vectors * power) @ vectors.T @ X[own] @ bread[:, at]
        meat += (score @ (rest @ y)[own]) ** 2
        parts.append(rest[:, own] @ score)
    products = np.array(parts) @ np.array(parts).T
    return float((bread @ X.T @ y)[at]), float(np.sqrt(meat)), float(np.trace(products) ** 2 / (products**2).sum())


@pytest.mark.parametrize("groups", [np.arange(90) % 9, np.repeat([0, 1, 2, 3], [60, 20, 9, 1]), np.arange(90)])
def test_clustered_errors_equal_their_definition(groups: np.ndarray) -> None:
    columns = drawn(90, 3)[:, [0, 2, 4, 5, 6]]
    fits = fit(one(columns, clustered=True, groups=groups))
    X = np.column_stack([columns[:, 1:], np.ones(90)])
    estimate, error, df = brute_cr2(columns[:, 0], X, groups, 0)
    assert fits.estimate[0] == pytest.approx(estimate, rel=RTOL)
    assert fits.error[0] == pytest.approx(error, rel=1e-9)
    assert fits.df[0] == pytest.approx(df, rel=1e-8)


def test_a_covariate_that_is_constant_in_all_groups_but_one() -> None:
    """CR2 bears a group that determines a coefficient alone, where HC3 has no number."""
    columns = drawn(60, 2)[:, [0, 2, 4]]
    columns[:, 2] = np.arange(60) >= 59
    assert fit(one(columns)).refusal[0] == "leverage"
    groups = np.arange(60) // 6
    fits = fit(one(columns, clustered=True, groups=groups))
    assert fits.refusal[0] == ""
    X = np.column_stack([columns[:, 1:], np.ones(60)])
    assert fits.error[0] == pytest.approx(brute_cr2(columns[:, 0], X, groups, 0)[1], rel=1e-9)


def test_duplicated_rows_are_only_rows() -> None:
    columns = drawn(40, 2)[:, [0, 2, 4]]
    twice = fit(one(np.concatenate([columns, columns])))
    assert twice.estimate[0] == pytest.approx(fit(one(columns)).estimate[0], rel=RTOL)
    assert twice.error[0] < fit(one(columns)).error[0]


RNG = np.random.default_rng(5)
Y, X, Z = RNG.normal(size=30), RNG.normal(size=30), RNG.normal(size=(30, 3))
SPIKE = np.eye(30)[0]


@pytest.mark.parametrize(
    ("refusal", "columns"),
    [
        ("no variance", [Y, np.full(30, 7.1)]),
        ("no variance", [Y, X, np.full(30, -3.0)]),
        ("outcome constant", [np.full(30, 0.1), X]),
        ("collinear", [Y, X, 3 * X - 1]),
        ("collinear", [Y, X, Z[:, 0], Z[:, 1], 40 - Z[:, 0] - Z[:, 1]]),
        ("collinear", [Y, Z[:, 0] + Z[:, 1], Z[:, 0], Z[:, 1]]),
        ("leverage", [Y, X, SPIKE]),
        ("leverage", [Y, SPIKE]),
        ("exact", [2 + 3 * X, X]),
        ("too few", [Y[:3], X[:3], Z[:3, 0]]),
        ("too few", [Y[:4], X[:4], Z[:4, 0], Z[:4, 1]]),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(refusal: str, columns: list[np.ndarray]) -> None:
    fits = fit(one(np.column_stack(columns)))
    assert fits.refusal[0] == refusal
    assert np.isnan([fits.estimate[0], fits.error[0], fits.df[0]]).all()


def test_one_group_has_no_clustered_error() -> None:
    columns = np.column_stack([Y, X, Z])
    assert fit(one(columns, clustered=True, groups=np.zeros(30, dtype=np.int64))).refusal[0] == "one group"


def test_a_refused_specification_leaves_the_others() -> None:
    columns = drawn(60, 3)
    columns[:, 6] = columns[:, 4] + columns[:, 5]
    block = every_subset(columns, 3)
    fits = fit(block)
    both = block.covariates[:, 4:].all(axis=1)
    assert (fits.refusal[both] == "collinear").all()
    assert (fits.refusal[~both] == "").all()
    assert np.isfinite(fits.estimate[~both]).all()
