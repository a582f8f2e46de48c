"""Are odds proportional: is one coefficient per predictor enough for all thresholds of a cumulative link model?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc

from clustergov.analysis.models.cumulative import Cumulative, Link, cut_designs, density, distribution
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.language import Text, say

Array = NDArray[np.float64]
Method = Literal["likelihood ratio", "score", "Brant"]
METHODS: tuple[Method, ...] = ("likelihood ratio", "score", "Brant")


@dataclass(frozen=True, slots=True)
class OddsTest:
    """One test: of one predictor with the others kept proportional, or of all together.

    Attributes
    ----------
    term : str
        Empty: all predictors together.
    method : {"likelihood ratio", "score", "Brant"}
    chi2, df, p : float, int, float
        chi2 and p are NaN where the test does not exist, and `failure` says why.
    """

    term: str
    method: Method
    chi2: float
    df: int
    p: float
    failure: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalOdds:
    """Tests of proportional odds for one outcome.

    Attributes
    ----------
    outcome : str
    link : {"logit", "probit"}
    tests : tuple of OddsTest
        All predictors first, then each.
    n, lost : int
    """

    outcome: str
    link: Link
    tests: tuple[OddsTest, ...]
    n: int
    lost: int

    def test(self, term: str = "", method: Method | None = None) -> OddsTest:
        """The test of one predictor, or of all; by the first method that was asked for unless one is named."""
        found = (test for test in self.tests if test.term == term and method in (None, test.method))
        return next(found)

    def frame(self) -> pd.DataFrame:
        """One row per test: term ("" for all), method, chi2, df, p, failure ("" or why there is no test)."""
        rows = [
            (test.term, test.method, test.chi2, test.df, test.p, test.failure["en"] if test.failure else "")
            for test in self.tests
        ]
        return pd.DataFrame(rows, columns=["term", "method", "chi2", "df", "p", "failure"])

    def sentence(self, language: str) -> str:
        """The overall tests in words, the predictor that departs most, and what a high p does not show."""
        return " ".join([*self._told(language), say("proportional_odds.meaning", language)])

    def _told(self, language: str) -> Iterator[str]:
        for test in (test for test in self.tests if not test.term):
            method = say(f"proportional_odds.method.{test.method}", language)
            if test.failure:
                yield say("proportional_odds.failed", language, method=method, reason=test.failure)
            else:
                yield say("proportional_odds.overall", language, method=method, n=self.n, chi2=test.chi2, df=test.df,
                          p=test.p)  # fmt: skip
        singles = [test for test in self.tests if test.term and not test.failure]
        if singles:
            least = min(singles, key=lambda test: test.p)
            yield say("proportional_odds.most", language, term=least.term, chi2=least.chi2, df=least.df, p=least.p)


def proportional_odds(
    outcome: pd.Series[float],
    predictors: pd.DataFrame,
    *,
    link: Link = "logit",
    methods: Sequence[Method] = METHODS,
) -> ProportionalOdds:
    """Test whether the coefficients of a cumulative link model are the same at every threshold.

    likelihood ratio: against the fit with a coefficient per threshold; of one predictor, that one freed alone.
    score: the same hypotheses from the proportional fit only (Peterson & Harrell 1990, Applied Statistics 39(2), p. 208),
    with the expected information; it exists where the freed model is separated. Brant: Wald test on the binary logits
    of “above the threshold” (Brant, R. 1990, Assessing proportionality in the proportional odds model for ordinal logistic
    regression, Biometrics 46(4), 1171–1178); for the logit link only, left out of `tests` under the probit.

    Raises
    ------
    FitError
        The proportional model itself cannot be fitted, or the outcome has two categories and so one threshold.
    """
    rows = OrderedRows.of(outcome, predictors)
    if rows.J == 2:
        raise FitError("two categories", term=rows.outcome)
    proportional = _Proportional(rows, link, *rows.maximum(link)[1:3])
    tests: list[OddsTest] = []
    for method in methods:
        if method == "likelihood ratio":
            tests += proportional.by_likelihood_ratio()
        elif method == "score":
            tests += proportional.by_score()
        elif link == "logit":
            tests += _brant(rows)
    tests.sort(key=lambda test: bool(test.term))
    return ProportionalOdds(rows.outcome, link, tuple(tests), rows.n, rows.lost)


@dataclass(frozen=True, slots=True, eq=False)
class _Proportional:
    """The proportional fit: φ on the standardised predictors, and its log-likelihood."""

    rows: OrderedRows
    link: Link
    phi: Array
    value: float

    def _hypotheses(self) -> Iterator[tuple[str, NDArray[np.bool_], int]]:
        """Term, which predictors are freed, degrees of freedom."""
        k, cuts = len(self.rows.terms), self.rows.J - 1
        yield "", np.ones(k, dtype=bool), k * (cuts - 1)
        if k > 1:
            for term, free in zip(self.rows.terms, np.eye(k, dtype=bool), strict=True):
                yield term, free, cuts - 1

    def _embedded(self, free: NDArray[np.bool_]) -> Array:
        """The proportional fit as parameters of the model with `free` freed."""
        cuts = self.rows.J - 1
        thresholds, slopes = self.phi[:cuts], self.phi[cuts:]
        return np.concatenate([thresholds, slopes[~free], np.tile(slopes[free], cuts)])

    def by_likelihood_ratio(self) -> Iterator[OddsTest]:
        for term, free, df in self._hypotheses():
            try:
                value = self.rows.maximum(self.link, free, self._embedded(free))[2]
            except FitError as failure:
                yield OddsTest(term, "likelihood ratio", np.nan, df, np.nan, failure.reason)
                continue
            yield _chi_square(term, "likelihood ratio", max(2 * (value - self.value), 0.0), df)

    def by_score(self) -> Iterator[OddsTest]:
        for term, free, df in self._hypotheses():
            designs = cut_designs(self.rows.X, self.rows.J, free)
            phi = self._embedded(free)
            gradient = Cumulative.of(designs, self.rows.place, self.link).slopes(phi)[0]
            information = _expected_information(designs, phi, self.link)
            yield _chi_square(term, "score", float(gradient @ np.linalg.solve(information, gradient)), df)


def _chi_square(term: str, method: Method, chi2: float, df: int) -> OddsTest:
    return OddsTest(term, method, chi2, df, float(chdtrc(df, chi2)))


def _expected_information(designs: Array, phi: Array, link: Link) -> Array:
    """Σ over rows and categories of ∂p ∂pᵀ / p."""
    cuts = designs @ phi
    slope = density(cuts, link)[0][:, :, None] * designs
    edge = np.zeros((1, *slope.shape[1:]))
    change = np.diff(np.concatenate([edge, slope, edge]), axis=0)
    rows = np.zeros((1, cuts.shape[1]))
    p = np.diff(np.concatenate([rows, distribution(cuts, link), rows + 1]), axis=0)
    flat = (change / np.sqrt(p)[:, :, None]).reshape(-1, change.shape[2])
    information: Array = flat.T @ flat
    return information


def _brant(rows: OrderedRows) -> Iterator[OddsTest]:
    """Binary logits at every threshold, their joint covariance, and the contrasts of each with the first."""
    k, cuts = len(rows.terms), rows.J - 1
    whole = np.column_stack([np.ones(rows.n), rows.X])
    fitted, slopes = np.empty((cuts, rows.n)), np.empty((cuts, k))
    try:
        for j in range(cuts):
            above = rows.binary(j)
            _, phi, _, _ = above.maximum("logit")
            fitted[j] = distribution(rows.X @ phi[1:] - phi[0], "logit")
            slopes[j] = phi[1:]
    except FitError as failure:
        yield OddsTest("", "Brant", np.nan, k * (cuts - 1), np.nan, failure.reason)
        return
    inverse = [np.linalg.inv((whole.T * (p * (1 - p))) @ whole) for p in fitted]
    covariance = np.empty((cuts * k, cuts * k))
    for j in range(cuts):
        for m in range(cuts):
            # Above the higher threshold implies above the lower: the product of the two has the mean of the higher.
            weight = fitted[max(j, m)] - fitted[j] * fitted[m]
            block = inverse[j] @ ((whole.T * weight) @ whole) @ inverse[m]
            covariance[j * k : (j + 1) * k, m * k : (m + 1) * k] = block[1:, 1:]
    contrasts: Array = np.asarray(
        np.kron(np.hstack([-np.ones((cuts - 1, 1)), np.eye(cuts - 1)]), np.eye(k)), dtype=np.float64
    )
    yield _wald("", contrasts, slopes.ravel(), covariance)
    for place, term in enumerate(rows.terms if k > 1 else ()):
        yield _wald(term, contrasts[place::k], slopes.ravel(), covariance)


def _wald(term: str, contrasts: Array, slopes: Array, covariance: Array) -> OddsTest:
    gap = contrasts @ slopes
    chi2 = float(gap @ np.linalg.solve(contrasts @ covariance @ contrasts.T, gap))
    return _chi_square(term, "Brant", chi2, len(gap))
