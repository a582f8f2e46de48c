"""Rejections computed from the design: against t, against simulation, and the working models they are computed in."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtr, stdtrit

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import heteroskedastic
from clustergov.analysis.inference.promise import lowered, rejected, working_models, worst, worst_by_moments, worst_of
from clustergov.analysis.inference.regressors import coded, regressors
from clustergov.analysis.inference.sandwich import EQUAL, Working, joint, moments_of


@pytest.mark.parametrize("df", [1, 2, 5, 40])
@pytest.mark.parametrize("critical", [0.5, 2.0, 4.0])
def test_equal_independent_scores_give_t(df: int, critical: float) -> None:
    covariance = np.diag([1.0] + [1 / df] * df)
    assert rejected(covariance, critical) == pytest.approx(2 * stdtr(df, -critical), rel=1e-12)


def design() -> tuple[object, np.ndarray, int]:
    rng = np.random.default_rng(2)
    codes, groups = coded(np.repeat(np.arange(6), [3, 4, 6, 8, 9, 10]))
    X = np.column_stack([rng.exponential(size=40), rng.normal(size=40), np.ones(40)])
    return regressors(X), codes, groups


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_rejections_are_those_of_simulated_outcomes(kind: str) -> None:
    prepared, codes, groups = design()
    robust = cluster_robust(prepared, codes, groups, kind)
    rng = np.random.default_rng(3)
    for model in working_models(prepared.solver[0], grouped=True)[::2]:
        load = np.ones(40) if model.loadings is None else model.loadings
        shared = rng.standard_normal((groups, 40_000))[codes] * load[:, None] * np.sqrt(model.correlation)
        Y = rng.standard_normal((40, 40_000)) * np.sqrt(1 - model.correlation) + shared
        Y *= 1.0 if model.variances is None else np.sqrt(model.variances)[:, None]
        seen = np.mean((prepared.solver[0] @ Y) ** 2 > 2.5**2 * robust.variance(0, prepared.residuals(Y)))
        # Four standard errors of a share in 40,000 draws.
        assert rejected(joint(robust, 0, model), 2.5) == pytest.approx(seen, abs=4 * np.sqrt(0.1 * 0.9 / 40_000))


def test_joint_and_moments_are_those_of_dense_matrices() -> None:
    prepared, codes, groups = design()
    robust = cluster_robust(prepared, codes, groups, "CR2")
    spread = np.zeros((40, groups))
    spread[np.arange(40), codes] = robust.scores[1]
    M = np.eye(40) - prepared.matrix @ prepared.solver
    rng = np.random.default_rng(1)
    for model in (EQUAL, Working(rng.uniform(1, 9, 40), 0.3), Working(None, 0.4, rng.normal(size=40))):
        load = np.ones(40) if model.loadings is None else model.loadings
        together = (codes[:, None] == codes) * np.outer(load, load)
        root = np.ones(40) if model.variances is None else np.sqrt(model.variances)
        omega = np.outer(root, root) * ((1 - model.correlation) * np.eye(40) + model.correlation * together)
        left = np.vstack([prepared.solver[1], spread.T @ M])
        dense = left @ omega @ left.T
        np.testing.assert_allclose(joint(robust, 1, model), dense, rtol=1e-9, atol=1e-12 * dense.max())
        P = dense[1:, 1:]
        found = moments_of(robust, 1, model)
        assert found.df == pytest.approx(np.trace(P) ** 2 / (P**2).sum(), rel=1e-9)
        assert found.ratio == pytest.approx(np.trace(P) / dense[0, 0], rel=1e-9)


def test_lowered_degrees_of_freedom_keep_the_share_exactly() -> None:
    prepared, codes, groups = design()
    robust = cluster_robust(prepared, codes, groups, "CR2")
    models = working_models(prepared.solver[0], grouped=True)
    covariances = [joint(robust, 0, model) for model in models]
    usual = moments_of(robust, 0).df
    less = lowered(covariances, usual, 0.95, 0.03)
    assert 0.5 < less < usual
    assert worst_of(covariances, less, 0.95) == pytest.approx(0.03, abs=1e-6)
    assert worst(robust, 0, models, less, 0.95) == worst_of(covariances, less, 0.95)
    assert lowered(covariances, usual, 0.95, 1e-9) == 0.0


def test_satterthwaite_comes_near_the_exact_share_where_rows_are_many() -> None:
    rng = np.random.default_rng(4)
    prepared = regressors(np.column_stack([rng.normal(size=200), np.ones(200)]))
    robust = heteroskedastic(prepared, "HC3")
    models = working_models(prepared.solver[0], grouped=False)
    approximate = worst_by_moments([moments_of(robust, 0, model) for model in models], 198, 0.95)
    assert approximate == pytest.approx(worst(robust, 0, models, 198, 0.95), abs=0.002)


def test_a_variance_that_is_always_zero_always_rejects() -> None:
    assert rejected(np.diag([1.0, 0.0, 0.0]), float(stdtrit(5, 0.975))) == pytest.approx(1.0)
    assert rejected(np.diag([0.0, 1.0, 1.0]), 2.0) == 0.0
