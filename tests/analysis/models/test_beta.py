"""Beta regression: published coefficients, the maximum, and shares that it cannot take."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from clustergov.analysis.models.beta import beta_regression
from clustergov.analysis.models.design import FitError
from model_numbers import share, table

# Cribari-Neto, F. & Zeileis, A. (2010). Beta regression in R. Journal of Statistical Software 34(2), summary of gy_logit.
PUBLISHED = {
    "(constant)": (-6.1595710, 0.1823247), "batch1": (1.7277289, 0.1012294), "batch2": (1.3225969, 0.1179020),
    "batch3": (1.5723099, 0.1161045), "batch4": (1.0597141, 0.1023598), "batch5": (1.1337518, 0.1035232),
    "batch6": (1.0401618, 0.1060365), "batch7": (0.5436922, 0.1091275), "batch8": (0.4959007, 0.1089257),
    "batch9": (0.3857930, 0.1185933), "temp": (0.0109669, 0.0004126),
}  # fmt: skip


def test_gasoline_yield_as_published() -> None:
    fit, _, _ = share("beta", "petrol")
    frame = fit.frame().set_index("term")
    for term, (estimate, error) in PUBLISHED.items():
        assert round(float(frame.loc[term, "estimate"]), 7) == estimate, term
        assert round(float(frame.loc[term, "standard_error"]), 7) == error, term
    assert round(fit.precision, 4) == 440.2784
    assert round(fit.precision_error, 1) == 110.0
    assert round(fit.log_likelihood, 3) == 84.798
    assert np.isnan(frame.loc["(precision)", "p"])


def test_is_the_maximum_and_the_input_is_unchanged() -> None:
    frame = table("own").query("0 < s < 1")
    before = frame.copy()
    fit = beta_regression(frame["s"], frame[["x", "w"]])
    pd.testing.assert_frame_equal(frame, before)
    used = frame.dropna(subset=["x"])

    def value(b: np.ndarray, phi: float) -> float:
        mean = 1 / (1 + np.exp(-(used[["x", "w"]].to_numpy() @ b[:2] + b[2])))
        return float(beta.logpdf(used["s"], mean * phi, (1 - mean) * phi).sum())

    at = np.append(fit.estimates, fit.constant)
    assert value(at, fit.precision) == pytest.approx(fit.log_likelihood, rel=1e-12)
    for step in np.eye(3) * 1e-3:
        assert max(value(at + step, fit.precision), value(at - step, fit.precision)) < fit.log_likelihood
    assert max(value(at, fit.precision * 1.01), value(at, fit.precision / 1.01)) < fit.log_likelihood


def test_recovers_a_known_truth() -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=5000)
    mean = 1 / (1 + np.exp(-(0.3 - 0.6 * x)))
    fit = beta_regression(pd.Series(rng.beta(8 * mean, 8 * (1 - mean)), name="s"), pd.DataFrame({"x": x}))
    assert abs(fit.estimates[0] + 0.6) < 4 * fit.standard_errors[0]
    assert abs(fit.precision - 8) < 4 * fit.precision_error
    assert "5000" in fit.sentence("en").replace(",", "")


A = np.random.default_rng(3).normal(size=40)
S = pd.Series(np.random.default_rng(4).uniform(0.1, 0.9, 40), name="s")


@pytest.mark.parametrize(
    ("failure", "says", "outcome"),
    [
        ("zeros and ones", "fractional", S.mask(S < 0.2, 0.0)),
        ("zeros and ones", "fractional", S.mask(S > 0.8, 1.0)),
        ("outside shares", "100", S * 100),
        ("outcome constant", "same value", S * 0 + 0.4),
        ("too few", "needed", S[:3]),
        ("not converged", "settle", pd.Series(1 / (1 + np.exp(-A)), name="s")),  # the predictor tells all: φ → ∞
    ],
)
def test_refuses_with_the_reason(failure: str, says: str, outcome: pd.Series) -> None:
    with pytest.raises(FitError, match=says) as caught:
        beta_regression(outcome, pd.DataFrame({"a": A[: len(outcome)]}))
    assert caught.value.failure == failure
