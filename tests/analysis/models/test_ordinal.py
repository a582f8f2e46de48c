"""The cumulative link model against ordinal::clm and MASS::polr, brute force, and data that it must refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime
from scipy.special import expit, ndtr

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordinal import Link, OrdinalFit, cumulative_logit

REFERENCE = Path(__file__).parents[2] / "reference"
# Both solve the same likelihood to machine precision (clm with gradTol 1e-12); what is left is rounding.
RTOL = 1e-8
# polr stops by its relative change of the deviance and differentiates numerically: its own error, not ours.
POLR = {"estimate": 2e-4, "threshold": 2e-4, "standard_error": 2e-3, "log_likelihood": 1e-8}


def fitted(name: str, link: Link) -> OrdinalFit:
    frame = pd.read_csv(REFERENCE / f"ordinal-{name}.csv")
    return cumulative_logit(frame["y"], frame.drop(columns="y"), link=link)


def quantity(fit: OrdinalFit, name: str, term: str) -> float:
    if name in ("n", "log_likelihood"):
        return float(getattr(fit, name))
    if name == "covariance":
        a, b = term.split()
        return float(fit.covariance[fit.terms.index(a), fit.terms.index(b)])
    frame = fit.frame().set_index("term")
    column = {"threshold": "estimate", "threshold_error": "standard_error"}.get(name, name)
    return float(frame.loc[term, column])


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("name", ["wine", "housing", "own"])
def test_equals_r(name: str, link: Link) -> None:
    fit = fitted(name, link)
    rows = pd.read_csv(REFERENCE / "ordinal.csv", keep_default_na=False).query("data == @name and link == @link")
    assert {"clm", "polr"} == set(rows["program"])
    assert len(rows) > 20
    for row in rows.itertuples():
        tolerance = RTOL if row.program == "clm" else POLR[row.quantity]
        assert quantity(fit, row.quantity, row.term) == pytest.approx(row.value, rel=tolerance), row


def test_input_is_unchanged_and_lost_rows_are_counted() -> None:
    frame = pd.read_csv(REFERENCE / "ordinal-own.csv")
    before = frame.copy(deep=True)
    fit = cumulative_logit(frame["y"], frame.drop(columns="y"))
    pd.testing.assert_frame_equal(frame, before)
    assert (fit.n, fit.lost) == (235, 5)
    assert sum(fit.counts) == 235
    assert fit.converged
    assert (np.diff(fit.thresholds) > 0).all()


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_is_the_maximum_by_brute_force(link: Link) -> None:
    frame = pd.read_csv(REFERENCE / "ordinal-wine.csv")
    fit = fitted("wine", link)
    F = expit if link == "logit" else ndtr
    X = frame[["warm", "contact"]].to_numpy()

    def log_likelihood(parameters: np.ndarray) -> float:
        cuts = np.concatenate([[-np.inf], parameters[2:], [np.inf]])
        place, eta = frame["y"].to_numpy() - 1, X @ parameters[:2]
        return float(np.log(F(cuts[place + 1] - eta) - F(cuts[place] - eta)).sum())

    at = np.concatenate([fit.estimates, fit.thresholds])
    assert log_likelihood(at) == pytest.approx(fit.log_likelihood, rel=1e-12)
    assert np.abs(approx_fprime(at, log_likelihood, 1e-6)).max() < 1e-4  # forward differences are good to about 1e-5


def test_units_of_a_predictor_scale_its_estimate_only() -> None:
    frame = pd.read_csv(REFERENCE / "ordinal-own.csv")
    X = frame.drop(columns="y")
    one, ten = cumulative_logit(frame["y"], X), cumulative_logit(frame["y"], X.assign(share=X["share"] / 10))
    assert ten.estimates[0] == pytest.approx(10 * one.estimates[0], rel=1e-9)
    assert ten.p("share") == pytest.approx(one.p("share"), rel=1e-8)
    assert cumulative_logit(frame["y"] ** 3, X).estimates == pytest.approx(one.estimates, rel=1e-12)


def test_two_categories_are_logistic_regression() -> None:
    frame = pd.read_csv(REFERENCE / "ordinal-own.csv").dropna()
    sm = pytest.importorskip("statsmodels.api")
    y, X = (frame["y"] > 3).astype(float), frame[["share", "staff"]]
    fit = cumulative_logit(y, X)
    reference = sm.Logit(y, sm.add_constant(X)).fit(disp=False, tol=1e-12)
    assert fit.estimates == pytest.approx(reference.params[1:].to_numpy(), rel=1e-8)
    assert fit.thresholds[0] == pytest.approx(-reference.params.iloc[0], rel=1e-8)


def test_recovers_a_known_truth() -> None:
    rng = np.random.default_rng(7)
    X = pd.DataFrame(rng.normal(size=(20_000, 10)), columns=[f"x{i}" for i in range(10)])
    truth = np.linspace(-0.5, 0.5, 10)
    y = pd.Series(np.digitize(X @ truth + rng.logistic(size=20_000), [-2.0, -0.5, 0.5, 2.0]), dtype=float)
    fit = cumulative_logit(y, X)
    assert np.abs((fit.estimates - truth) / fit.standard_errors).max() < 3.5  # ten estimates, each within its error
    assert fit.thresholds == pytest.approx([-2, -0.5, 0.5, 2], abs=0.08)


def frame_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns).astype(float)


RNG = np.random.default_rng(3)
Y = pd.Series(np.tile([1.0, 2.0, 3.0, 2.0], 20), name="y")
A, B = RNG.normal(size=80), RNG.uniform(0, 60, 80)


@pytest.mark.parametrize(
    ("failure", "terms", "outcome", "predictors"),
    [
        ("no variance", ("b",), Y, frame_of(a=A, b=np.ones(80))),
        ("outcome constant", (), Y * 0, frame_of(a=A)),
        ("composition", ("a", "b", "c"), Y, frame_of(a=B, b=B / 2 + A, c=100 - B - B / 2 - A)),
        ("collinear", ("c", "a", "b"), Y, frame_of(a=A, b=B, c=A + 2 * B)),
        ("separation", ("s",), Y, frame_of(a=A, s=Y == 3)),
        ("separation", ("s",), Y, frame_of(a=A, s=(Y == 1) & (B > 30))),
        ("separation", ("s",), Y, frame_of(s=Y + np.linspace(0, 0.5, 80))),
        ("too few", (), Y[:4], frame_of(a=A[:4], b=B[:4])),
        ("infinite", ("a",), Y, frame_of(a=np.where(A > 1, np.inf, A))),
        ("not numeric", ("a",), Y, pd.DataFrame({"a": ["x"] * 80})),
    ],
)
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_refuses_with_the_reason(
    failure: str, terms: tuple[str, ...], outcome: pd.Series[float], predictors: pd.DataFrame, link: Link
) -> None:
    with pytest.raises(FitError) as caught:
        cumulative_logit(outcome, predictors, link=link)
    assert caught.value.failure == failure
    assert caught.value.terms == terms
    assert all(term in caught.value.reason["nl"] and term in caught.value.reason["en"] for term in terms)


def test_near_separation_is_still_estimated() -> None:
    s = (Y == 3).astype(float)
    s.iloc[0] = 1.0
    fit = cumulative_logit(Y, frame_of(a=A, s=s))
    assert fit.converged
    assert fit.estimates[1] > 2


def test_cautions_are_told() -> None:
    y = Y.copy()
    y.iloc[:3] = 5.0
    fit = cumulative_logit(y, frame_of(a=A, b=B))
    assert len(fit.cautions) == 1
    assert "5" in fit.cautions[0]["nl"]
    assert fit.cautions[0]["en"] in fit.sentence("en")
    few = cumulative_logit(Y[:30], frame_of(a=A[:30], b=B[:30]))
    assert any("30" in caution["en"] for caution in few.cautions)


def test_sentences_carry_the_fields() -> None:
    fit = fitted("wine", "logit")
    interval = fit.interval("contact", 0.9)
    assert interval.low < fit.estimates[1] < interval.high
    assert "n = 72" in fit.sentence("en")
    assert "odds ratio 12.22" in fit.sentence("en")  # exp(2.5031), as printed by clm
    assert "odds ratio 12,22" in fit.sentence("nl")
    assert "coefficient" in fitted("wine", "probit").sentence("en")
