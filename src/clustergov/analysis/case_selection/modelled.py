"""What a model says of every organisation that it was fitted to: prediction with interval, residual, influence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["linear", "ordinal"]


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What a model expects where the predictors have given values.

    Attributes
    ----------
    value : float
        Linear: the mean, in units of the outcome. Ordinal: the median category, as a value of the outcome.
    low, high : float
        Linear: the prediction interval of one organisation. Ordinal: the least and the highest category of the central
        part of the predicted distribution, as if the model were known exactly.
    mean_low, mean_high : float
        Linear: the interval of the mean. Ordinal: NaN; the intervals of `probabilities` take its place.
    probabilities : array, shape (J, 3)
        Ordinal: per category the probability and its interval; empty for a linear model.
    """

    value: float
    low: float
    high: float
    mean_low: float
    mean_high: float
    probabilities: Array


@dataclass(frozen=True, slots=True, eq=False)
class Modelled:
    """A model and the n organisations of its estimation sample.

    Attributes
    ----------
    kind : {"linear", "ordinal"}
    outcome : str
    terms : tuple of str, length k
    respondents : tuple of str, length n
        Pseudonyms.
    predictors : array, shape (n, k)
        In units of their step.
    observed, predicted : array, shape (n,)
        `predicted`: see `Prediction.value`.
    low, high, mean_low, mean_high : array, shape (n,)
        See `Prediction`.
    residual : array, shape (n,)
        Linear: observed less predicted, in units of the outcome. Ordinal: the same as `deviance`.
    deviance : array, shape (n,)
        How far the organisation lies above (positive) or below the model, on a scale on which organisations can be compared.
        Linear: the externally studentised residual. Ordinal: the probability-scale residual of Li & Shepherd,
        P(Y < y) − P(Y > y), between −1 and 1; it needs no random draw, unlike a surrogate residual.
    leverage : array, shape (n,)
        Linear: the diagonal of the hat matrix; NaN for an ordinal model.
    cooks_distance : array, shape (n,)
        Linear: Cook's distance. Ordinal: the same quadratic form of the drivers' coefficients, each organisation left out
        in turn and the model fitted again; NaN where it cannot be.
    dfbetas : array, shape (n, k)
        Change of each coefficient when the organisation is there, in standard errors.
    level : float
        Of all intervals.
    categories : tuple of float
        Of an ordinal outcome, ascending; empty for a linear model.
    predict : callable
        From k values of the predictors, in units of their step, to a `Prediction`.
    """

    kind: Kind
    outcome: str
    terms: tuple[str, ...]
    respondents: tuple[str, ...]
    predictors: Array
    observed: Array
    predicted: Array
    low: Array
    high: Array
    mean_low: Array
    mean_high: Array
    residual: Array
    deviance: Array
    leverage: Array
    cooks_distance: Array
    dfbetas: Array
    level: float
    categories: tuple[float, ...]
    predict: Callable[[Array], Prediction]

    @property
    def n(self) -> int:
        return len(self.respondents)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether the observed value lies within the prediction interval."""
        found: NDArray[np.bool_] = (self.observed >= self.low) & (self.observed <= self.high)
        return found

    def frame(self) -> pd.DataFrame:
        """One row per organisation, index: pseudonym; every number above, DFBETAS as ``dfbetas_<term>``."""
        columns = {
            "observed": self.observed, "predicted": self.predicted, "mean_low": self.mean_low, "mean_high": self.mean_high,
            "low": self.low, "high": self.high, "inside": self.inside, "residual": self.residual,
            "deviance": self.deviance, "leverage": self.leverage, "cooks_distance": self.cooks_distance,
        } | {f"dfbetas_{term}": self.dfbetas[:, at] for at, term in enumerate(self.terms)}  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(self.respondents, name="respondent"))
