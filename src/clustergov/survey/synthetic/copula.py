"""A latent Gaussian copula whose *observed* variables have given Kendall correlations.

Every variable is a standard normal one cut into its categories. For each planted pair the latent correlation is solved
such that the population tau-b of the two cut variables, ties and all, is the wanted one; the observed tau of a
sample is then an estimate of exactly that number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from clustergov.problems import InputError, Problem
from clustergov.survey.synthetic.marginals import Marginal

STEEPEST = 0.999
"""The largest latent correlation that is looked for; what needs more counts as out of reach."""

MARGIN = 1e-6
"""Smallest eigenvalue that a latent correlation matrix may have; below it the draw would be degenerate."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True, slots=True)
class Planted:
    """One pair of variables with a wanted population tau-b.

    Attributes
    ----------
    first, second : str
    tau : float
        Kendall's tau-b in the population of those who answer both.
    mark : str
        P, S, D or U.
    claim : int or None
        The published claim that it belongs to.
    source, note : str
    where : tuple
        Its place in the declared model, for messages.
    published : str
        What a source says where that is not the number itself, such as ``not significant``.
    """

    first: str
    second: str
    tau: float
    mark: str
    claim: int | None = None
    source: str = ""
    note: str = ""
    where: tuple[str | int, ...] = ()
    published: str = ""


def bivariate_normal(h: NDArray[np.float64], k: NDArray[np.float64], rho: float) -> NDArray[np.float64]:
    """P(X ≤ h, Y ≤ k) of standard normal X and Y with correlation `rho`, elementwise.

    Plackett's integral over the correlation after Drezner & Wesolowsky (1990, J. Stat. Comput. Simul. 35, 101–107,
    eq. 3), with 48 Gauss–Legendre nodes: absolute error below 1e-14 for |rho| ≤ .999.
    """
    angle = np.arcsin(rho) * (NODES + 1) / 2
    sine, cosine_squared = np.sin(angle), np.cos(angle) ** 2
    h, k = h[..., np.newaxis], k[..., np.newaxis]
    density = np.exp(-(h * h + k * k - 2 * h * k * sine) / (2 * cosine_squared))
    integral = density @ WEIGHTS * np.arcsin(rho) / 2
    probability: NDArray[np.float64] = ndtr(h[..., 0]) * ndtr(k[..., 0]) + integral / (2 * np.pi)
    return probability


def cells(first: Marginal, second: Marginal, rho: float) -> NDArray[np.float64]:
    """The joint probabilities of two cut normal variables: one row per value of `first`, columns of `second`.

    `rho` may be −1 or 1: the most discordant and the most concordant table that these marginals allow.
    """
    u, v = (np.concatenate([[0.0], np.cumsum(m.probabilities)[:-1], [1.0]]) for m in (first, second))
    rows, columns = np.meshgrid(u, v, indexing="ij")
    if rho == 1:
        cumulative = np.minimum(rows, columns)
    elif rho == -1:
        cumulative = np.maximum(rows + columns - 1, 0.0)
    else:
        cumulative = rows * columns
        if len(u) > 2 and len(v) > 2:
            h, k = np.meshgrid(first.thresholds(), second.thresholds(), indexing="ij")
            cumulative[1:-1, 1:-1] = bivariate_normal(h, k, rho)
    return np.diff(np.diff(cumulative, axis=0), axis=1)


def tau_b(probabilities: NDArray[np.float64]) -> float:
    """Kendall's tau-b of a table of joint probabilities (Kendall 1945, Biometrika 33, 239–251); NaN if one is constant."""
    below = np.cumsum(np.cumsum(probabilities, axis=0), axis=1)
    above = np.pad(below, ((1, 0), (1, 0)))
    rows, columns = probabilities.sum(axis=1), probabilities.sum(axis=0)
    concordant = above[:-1, :-1]
    discordant = np.pad(np.cumsum(rows), (1, 0))[:-1, np.newaxis] - above[:-1, 1:]
    difference = 2 * float(np.sum(probabilities * (concordant - discordant)))
    untied = (1 - float(rows @ rows)) * (1 - float(columns @ columns))
    return difference / float(np.sqrt(untied)) if untied > 0 else float("nan")


def attainable(first: Marginal, second: Marginal) -> tuple[float, float]:
    """The smallest and the largest tau-b that these two marginals allow under any dependence."""
    return tau_b(cells(first, second, -1)), tau_b(cells(first, second, 1))


def latent_correlation(tau: float, first: Marginal, second: Marginal) -> float:
    """The correlation of the latent normal variables under which the observed ones have tau-b `tau`.

    Raises
    ------
    ValueError
        It is out of reach, given the two marginals.
    """
    if tau == 0:
        return 0.0

    def excess(rho: float) -> float:
        return tau_b(cells(first, second, rho)) - tau

    if not excess(-STEEPEST) <= 0 <= excess(STEEPEST):
        low, high = attainable(first, second)
        raise ValueError(f"tau-b of {first.variable} and {second.variable} can be {low:.3f} to {high:.3f}")
    return float(brentq(excess, -STEEPEST, STEEPEST, xtol=1e-12))


def assemble(planted: Sequence[Planted], marginals: Mapping[str, Marginal]) -> NDArray[np.float64]:
    """The latent correlation matrix, variables in the order of `marginals`; pairs that are not planted have 0.

    Raises
    ------
    InputError
        Every target out of reach, or targets that contradict each other (the matrix is not positive definite): the
        message names those involved. Nothing is ever bent silently.
    """
    place = {name: index for index, name in enumerate(marginals)}
    matrix = np.eye(len(marginals))
    problems = []
    for pair in planted:
        i, j = place[pair.first], place[pair.second]
        try:
            matrix[i, j] = matrix[j, i] = latent_correlation(pair.tau, marginals[pair.first], marginals[pair.second])
        except ValueError as error:
            problems.append(Problem("tau-out-of-reach", f"{error}; {pair.tau:g} is wanted.", "Plant less, or change "
                                    "the distributions.", place=f"{pair.first} × {pair.second}"))  # fmt: skip
    if not problems:
        problems = contradictions(matrix, tuple(marginals), planted)
    if problems:
        raise InputError(problems)
    return matrix


def contradictions(matrix: NDArray[np.float64], names: Sequence[str], planted: Sequence[Planted]) -> list[Problem]:
    """Why a latent correlation matrix cannot be: the direction in which it is not positive, told by its targets."""
    values, vectors = np.linalg.eigh(matrix)
    if values[0] > MARGIN:
        return []
    loading = dict(zip(names, np.abs(vectors[:, 0]), strict=True))
    heavy = {name for name in names if loading[name] >= 0.1 * max(loading.values())}
    involved = [pair for pair in planted if pair.first in heavy and pair.second in heavy]
    involved.sort(key=lambda pair: -loading[pair.first] * loading[pair.second])
    told = ", ".join(f"{pair.first} × {pair.second} = {pair.tau:g}" for pair in involved[:12])
    return [
        Problem(
            "contradicting-taus",
            f"no distribution has all these correlations at once (smallest eigenvalue {values[0]:.4f}): {told}"
            + (f" and {len(involved) - 12} more" if len(involved) > 12 else "")
            + "; pairs among them that are not planted count as 0.",
            "Lower the largest, or plant the missing pairs.",
        )
    ]
