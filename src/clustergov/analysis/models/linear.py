"""The linear model by least squares, with standard errors that hold under unequal variances (HC3) and the t distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError, design
from clustergov.analysis.models.wald import Wald
from clustergov.language import say

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit(Wald):
    """A linear model.

    Attributes
    ----------
    outcome : str
    terms : tuple of str, length k
        Predictors; the constant stands apart.
    estimates, standard_errors : array, shape (k,)
        Units of the outcome per unit of the predictor. HC3: MacKinnon, J. G. & White, H. (1985). Some
        heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal of
        Econometrics 29(3), 305–325; in the form of Long & Ervin (2000), e² / (1 − h)².
    constant, constant_error : float
        Value of the outcome where every predictor is 0.
    covariance : array, shape (k + 1, k + 1)
        Predictors first, then the constant.
    r_squared : float
        Share of the outcome's variance, 0 to 1.
    df : int
        Degrees of freedom of t, n − k − 1.
    n, lost : int
        Rows used, and rows left out because a value is missing.
    """

    outcome: str
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    constant: float
    constant_error: float
    covariance: Array
    r_squared: float
    df: int
    n: int
    lost: int

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, rows lost, R² and every predictor with its interval."""
        head = say("models.linear.fit", language, n=self.n, lost=self.lost, r_squared=self.r_squared, df=self.df)
        sentences = [head]
        for term, estimate in zip(self.terms, self.estimates, strict=True):
            interval = self.interval(term, level)
            sentences.append(say("models.ordinal.coefficient", language, term=term, estimate=float(estimate),
                                 level=level, low=interval.low, high=interval.high, p=self.p(term)))  # fmt: skip
        return " ".join(sentences)


def linear_model(outcome: pd.Series[float], predictors: pd.DataFrame) -> LinearFit:
    """Fit the outcome by least squares on the predictors and a constant, on the complete rows.

    Raises
    ------
    FitError
        With the reason, when a coefficient or its HC3 error does not exist: no variance, collinear predictors, a
        composition that enters whole, too few rows, a row that the model must follow exactly.
    """
    data = design(outcome, predictors)
    y, n, k = data.outcome, data.n, len(data.terms)
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    X = np.column_stack([(data.matrix - centre) / spread, np.ones(n)])
    leverage = (np.linalg.qr(X)[0] ** 2).sum(axis=1)
    followed = int((leverage > 1 - 1e-10).sum())
    if followed:
        raise FitError("leverage", rows=followed)
    # Here and not above: it takes seconds to import, and a study is checked before anything is fitted.
    from statsmodels.regression.linear_model import OLS

    fit = OLS(y, X).fit(cov_type="HC3", use_t=True)
    # Back from standardised predictors: b = β / s, constant = β₀ − Σ β m / s.
    back = np.eye(k + 1)
    back[:k, :k] = np.diag(1 / spread)
    back[k, :k] = -centre / spread
    covariance = back @ fit.cov_params() @ back.T
    parameters, errors = back @ fit.params, np.sqrt(np.diag(covariance))
    return LinearFit(
        outcome=str(outcome.name), terms=data.terms, estimates=parameters[:k], standard_errors=errors[:k],
        constant=float(parameters[k]), constant_error=float(errors[k]), covariance=covariance,
        r_squared=float(fit.rsquared), df=int(fit.df_resid), n=n, lost=data.lost,
    )  # fmt: skip
