"""McDonald's omega total: the share of a sum score's variance that one common factor accounts for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.exploratory import FactorFit, factor_fit
from clustergov.analysis.scales.factor_extraction import LEAST_UNIQUENESS, extract
from clustergov.analysis.scales.items import items_of, refuse_singular
from clustergov.language import Text, both, say

Array = NDArray[np.float64]

BADLY = 0.10
"""RMSEA above which one factor is said to fit badly: Browne, M. W. & Cudeck, R. (1993), p. 144."""

MOST_FAILED = 0.05
"""Share of draws without a solution above which the interval carries a caution; own choice."""


@dataclass(frozen=True, slots=True, eq=False)
class OmegaTotal:
    """Omega total of the unweighted sum of items under a model of one factor, fitted by maximum likelihood.

    McDonald, R. P. (1999). Test theory: A unified treatment, eq. 6.20. Not omega hierarchical, and not the omega total
    of a Schmid–Leiman solution: those are in `schmid_leiman`.

    Attributes
    ----------
    items : tuple of str, length k
    n, lost : int
    omega : float
        (Σλ)² / observed variance of the sum: ``semTools::compRelSEM(obs.var = TRUE)``.
    implied : float
        (Σλ)² / ((Σλ)² + Σθ): with the variance that the model implies.
    interval : Interval or None
        Of `omega`, percentiles over resampled respondents; None where no draws were asked for.
    draws, failed : int
        Resamples, and those without a solution, which are left out of the interval.
    loadings : array, shape (k,)
        Standardised.
    fit : FactorFit
        Of the one factor.
    heywood : tuple of str
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    n: int
    lost: int
    omega: float
    implied: float
    interval: Interval | None
    draws: int
    failed: int
    loadings: Array
    fit: FactorFit
    heywood: tuple[str, ...]
    cautions: tuple[Text, ...]

    def frame(self) -> pd.DataFrame:
        """One row per item: item, loading, uniqueness."""
        return pd.DataFrame({"item": self.items, "loading": self.loadings, "uniqueness": 1 - self.loadings**2})

    def sentence(self, language: str) -> str:
        if self.interval is None:
            found = say("scales.omega.value", language, omega=self.omega, k=len(self.items), n=self.n)
        else:
            found = say("scales.omega.interval", language, omega=self.omega, k=len(self.items), n=self.n,
                        level=self.interval.level, low=self.interval.low, high=self.interval.high,
                        draws=self.draws - self.failed)  # fmt: skip
        return " ".join([found, *(caution.to(language) for caution in self.cautions)])


def omega_total(
    values: pd.DataFrame, *, rng: np.random.Generator | None = None, draws: int = 1000, level: float = 0.95
) -> OmegaTotal:
    """Fit one factor and resample respondents for the interval.

    Parameters
    ----------
    values : DataFrame of float
        At least three items, turned so that a higher value means more of the same.
    rng : Generator or None
        Without one no interval is computed.

    Raises
    ------
    ItemsError
        Fewer than three items, too few respondents, items without variance or determined by each other.
    """
    data = items_of(values, least=3, rows=10)
    S = np.cov(data.matrix, rowvar=False)
    scale = np.sqrt(np.diag(S))
    R = S / np.outer(scale, scale)
    refuse_singular(R, data.names)
    found = extract(R[None], 1, "ml")
    lam, psi = found.loadings[0, :, 0], found.uniquenesses[0]
    omega, implied = _omegas(lam[None], psi[None], S[None])
    interval, failed = _interval(data.matrix, draws, rng, level) if rng is not None else (None, 0)
    heywood = tuple(n for n, u in zip(data.names, psi, strict=True) if u <= LEAST_UNIQUENESS * 1.0001)
    fit = factor_fit(R, np.outer(lam, lam), 1, data.n)
    return OmegaTotal(
        data.names, data.n, data.lost, float(omega[0]), float(implied[0]), interval,
        draws if rng is not None else 0, failed, lam, fit, heywood,
        tuple(_cautions(lam, fit, heywood, data.names, failed / max(draws, 1))),
    )  # fmt: skip


def _cautions(
    lam: Array, fit: FactorFit, heywood: tuple[str, ...], names: tuple[str, ...], failed: float
) -> list[Text]:
    cautions = []
    if heywood:
        cautions.append(both("scales.factors.heywood", items=enumeration(heywood)))
    if negative := tuple(name for name, loading in zip(names, lam, strict=True) if loading < 0):
        cautions.append(both("scales.omega.negative", items=enumeration(negative)))
    if fit.rmsea > BADLY:
        cautions.append(both("scales.omega.badly", rmsea=fit.rmsea))
    if failed > MOST_FAILED:
        cautions.append(both("scales.omega.failed", share=failed))
    return cautions


def _omegas(lam: Array, psi: Array, S: Array) -> tuple[Array, Array]:
    """Over observed and over implied variance, of B covariance matrices (B, k, k) with standardised loadings (B, k)."""
    scale = np.sqrt(np.diagonal(S, axis1=1, axis2=2))
    common = (lam * scale).sum(axis=1) ** 2
    return common / S.sum(axis=(1, 2)), common / (common + (psi * scale**2).sum(axis=1))


def _interval(X: Array, draws: int, rng: np.random.Generator, level: float) -> tuple[Interval | None, int]:
    """Percentile interval; every resample is a vector of counts, so that its moments are one product of matrices."""
    n, k = X.shape
    centred = X - X.mean(axis=0)
    i, j = np.triu_indices(k)
    moments = np.hstack([centred[:, i] * centred[:, j], centred])
    counts = rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(float)
    sums = counts @ moments / n
    means = sums[:, len(i) :]
    S = np.empty((draws, k, k))
    S[:, i, j] = sums[:, : len(i)] - means[:, i] * means[:, j]
    S[:, j, i] = S[:, i, j]
    variances = np.diagonal(S, axis1=1, axis2=2)
    usable = (variances > 1e-12 * variances.max()).all(axis=1)
    S = S[usable]
    scale = np.sqrt(np.diagonal(S, axis1=1, axis2=2))
    R = S / (scale[:, :, None] * scale[:, None, :])
    regular = np.linalg.eigvalsh(R)[:, 0] > 1e-8
    found = extract(R[regular], 1, "ml")
    omega, _ = _omegas(found.loadings[:, :, 0], found.uniquenesses, S[regular])
    omega = omega[found.converged]
    if len(omega) < draws / 2:
        return None, draws - len(omega)
    low, high = np.quantile(omega, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level), draws - len(omega)
