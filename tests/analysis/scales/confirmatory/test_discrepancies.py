"""Gradients, Hessians and Jacobians against finite differences; the minimum against another optimiser."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from clustergov.analysis.scales.confirmatory.diagonal_weighted import DiagonallyWeighted
from clustergov.analysis.scales.confirmatory.fitting import prepare
from clustergov.analysis.scales.confirmatory.implied import Structure
from clustergov.analysis.scales.confirmatory.maximum_likelihood import MaximumLikelihood
from clustergov.analysis.scales.confirmatory.model_syntax import read_model
from clustergov.analysis.scales.confirmatory.parameter_table import parameter_table
from factor_model_references import fit, model_text, table

HS = model_text("hs") + "\nspeed ~ visual + textual\nx1 ~~ x4"


def likelihood(groups: bool) -> tuple[MaximumLikelihood, np.ndarray]:
    terms, frame = read_model(HS), table("hs")
    prepared = prepare(terms, frame, estimator="ML", group=frame["school"] if groups else None)
    found = parameter_table(terms, groups=2 if groups else 1, equal=("loadings", "intercepts") if groups else ())
    rng = np.random.default_rng(5)
    fitted = MaximumLikelihood(Structure.of(found), prepared.continuous)
    start = np.array([1.0 if p.left == p.right else 0.4 for p in found.parameters if p.free >= 0])
    free = np.zeros(found.size)
    for p, value in zip([p for p in found.parameters if p.free >= 0], start, strict=True):
        free[p.free] = value
    return fitted, free + rng.normal(scale=0.02, size=found.size)


@pytest.mark.parametrize("groups", [False, True])
def test_gradient_and_hessian(groups: bool) -> None:
    fitted, at = likelihood(groups)
    assert fitted.gradient(at) == pytest.approx(approx_fprime(at, fitted.value, 1e-7), rel=1e-4, abs=1e-4)
    columns = [(fitted.gradient(at + 1e-6 * e) - fitted.gradient(at - 1e-6 * e)) / 2e-6 for e in np.eye(len(at))]
    assert fitted.hessian(at) == pytest.approx(np.column_stack(columns), rel=1e-5, abs=1e-6)


def test_scores_add_up_to_the_gradient() -> None:
    fitted, at = likelihood(True)
    total = sum(fitted.scores(at, g).sum(axis=0) for g in range(2))
    assert -2 * total / fitted.n == pytest.approx(fitted.gradient(at), rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("theta", [False, True])
@pytest.mark.parametrize("stepwise", [False, True])
def test_jacobian_of_thresholds_and_correlations(theta: bool, stepwise: bool) -> None:
    terms, frame = read_model(model_text("own")), table("own")
    prepared = prepare(terms, frame, estimator="WLSMV", group=frame["language"])
    found = parameter_table(
        terms,
        thresholds=prepared.thresholds,
        groups=2,
        equal=("thresholds", "loadings"),
        theta=theta,
        stepwise=stepwise,
    )
    fitted = DiagonallyWeighted(Structure.of(found), prepared.ordinal, theta)
    at = 0.8 + 0.1 * np.random.default_rng(2).normal(size=found.size)
    for g in range(2):
        columns = [
            (fitted.implied(at + 1e-6 * e, g) - fitted.implied(at - 1e-6 * e, g)) / 2e-6 for e in np.eye(len(at))
        ]
        assert fitted.jacobian(at, g) == pytest.approx(np.column_stack(columns), abs=1e-8)


def test_another_optimiser_finds_no_lower_value() -> None:
    found = fit("hs-ML")
    prepared = prepare(found.model, table("hs"), estimator="ML")
    fitted = MaximumLikelihood(Structure.of(found.table), prepared.continuous)
    other = minimize(fitted.value, found.free * 1.05, jac=fitted.gradient, method="BFGS", options={"gtol": 1e-7})
    assert fitted.value(found.free) <= other.fun + 1e-12
    assert other.x == pytest.approx(found.free, abs=1e-5)  # BFGS stops earlier


def test_complex_steps_give_the_information_that_expectation_has_at_a_perfect_fit() -> None:
    found = fit("hs-ML")
    prepared = prepare(found.model, table("hs"), estimator="ML")
    fitted = MaximumLikelihood(Structure.of(found.table), prepared.continuous)
    implied = fitted.structure.matrices(found.free, 0).covariance
    perfect = replace(fitted, groups=(replace(prepared.continuous[0], covariance=implied),))
    assert perfect.observed(found.free) == pytest.approx(perfect.expected(found.free), rel=1e-9, abs=1e-10)
