"""What a fit with a constant tells of its coefficients: interval, p and table from estimates, their errors and t."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.interval import Interval

CONSTANT = "(constant)"


class Wald:
    """Coefficients that are told by Wald's intervals and tests, from t with `df` degrees of freedom (infinite: normal).

    A fit has `terms`, `estimates` and `standard_errors` of its k predictors, and `constant` with `constant_error`.
    """

    __slots__ = ()

    terms: tuple[str, ...]
    estimates: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    constant: float
    constant_error: float
    df: float

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """Interval of one predictor, in the unit of its estimate (log odds of a logit)."""
        at = self.terms.index(term)
        reach = float(stdtrit(self.df, 0.5 + level / 2)) * float(self.standard_errors[at])
        return Interval(float(self.estimates[at]) - reach, float(self.estimates[at]) + reach, level)

    def p(self, term: str) -> float:
        """Two-sided p-value of one predictor."""
        at = self.terms.index(term)
        return float(2 * stdtr(self.df, -abs(self.estimates[at] / self.standard_errors[at])))

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per predictor and one for the constant: term, kind, estimate, standard_error, low, high, p."""
        estimate = np.append(self.estimates, self.constant)
        error = np.append(self.standard_errors, self.constant_error)
        reach = float(stdtrit(self.df, 0.5 + level / 2)) * error
        # Of a whole population that answered, errors are 0.
        with np.errstate(divide="ignore"):
            p = 2 * stdtr(self.df, -np.abs(estimate / error))
        return pd.DataFrame(
            {
                "term": [*self.terms, CONSTANT], "kind": ["predictor"] * len(self.terms) + ["constant"],
                "estimate": estimate, "standard_error": error, "low": estimate - reach, "high": estimate + reach, "p": p,
            }
        )  # fmt: skip
