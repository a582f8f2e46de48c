"""Predictors of simulated organisations: drawn as normal, resampled from data, or the rows of the data themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.planning.refusal import PowerError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PredictorDraws:
    """Where the predictors of a simulated sample come from; each with mean 0 and standard deviation 1 where they do.

    The first predictor is the one whose effect is planted and tested; the others are held equal.

    Attributes
    ----------
    k : int
    rows : array, shape (N, k), or None
        Whole rows of data, of which samples are drawn with replacement, so that what goes together stays together; None:
        independent normal predictors.
    fixed : bool
        The sample is `rows` as they are.
    """

    k: int
    rows: Array | None = None
    fixed: bool = False

    @classmethod
    def of(cls, frame: pd.DataFrame, *, fixed: bool = False) -> PredictorDraws:
        """From the complete rows of data.

        Raises
        ------
        PowerError
            A predictor does not vary in them, or there are fewer rows than predictors and two.
        """
        rows = frame.dropna().to_numpy(dtype=float)
        if len(rows) < frame.shape[1] + 2 or not np.isfinite(rows).all():
            raise PowerError("rows", rows=len(rows), predictors=frame.shape[1])
        for name, column in zip(frame.columns, rows.T, strict=True):
            if not np.ptp(column):
                raise PowerError("constant predictor", term=str(name))
        scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
        # The last direction that the others leave to a predictor; a composition leaves none.
        if np.linalg.matrix_rank(scaled) < scaled.shape[1]:
            raise PowerError("constant predictor", term=" + ".join(map(str, frame.columns)))
        return cls(rows.shape[1], scaled, fixed)

    def draw(self, rng: np.random.Generator, draws: int, n: int) -> Array:
        """Samples of shape (draws, n, k)."""
        if self.rows is None:
            return rng.standard_normal((draws, n, self.k))
        if self.fixed:
            if n != len(self.rows):
                raise PowerError("rows", rows=len(self.rows), predictors=self.k)
            return np.broadcast_to(self.rows, (draws, n, self.k))
        return self.rows[rng.integers(0, len(self.rows), (draws, n))]
