"""Effects on a latent scale: an outcome moves with its drivers by a planted coefficient, and keeps its distribution.

The latent outcome is Σ b · x + e with x the drivers' own numbers and e standard logistic or standard normal, so that b
is what a cumulative logit (log odds ratio per step) or an ordered probit of these variables estimates. It is cut where
the declared shares of the outcome fall; as drivers may be correlated in any way, those cut points are found on a large
low-discrepancy sample of the drivers (Sobol points, a fixed one), which meets the shares to about 0.001.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr, ndtri
from scipy.stats import qmc

from clustergov.survey.synthetic.marginals import Marginal
from clustergov.survey.synthetic.sketch_declaration import EffectEntry, Link
from clustergov.survey.synthetic.truth import Quantity, Target

POINTS = 15
"""2 to this power points stand for the population."""
BINS = 4000
EDGE = 1e-12
NOISE = {"logistic": float(np.pi / np.sqrt(3)), "normal": 1.0}
"""Standard deviation of the noise."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One outcome, solved.

    Attributes
    ----------
    outcome : str
    link : {"logistic", "normal"}
    coefficients : mapping of driver to float
        Per unit of the driver's numbers (see `Marginal.scores`), on the scale of the link.
    standardised : mapping of driver to float
        The same in standard deviations.
    cuts : ndarray, shape (k − 1,)
        Where the latent outcome passes from one value to the next.
    claim, note
        As declared.
    """

    outcome: str
    link: Link
    coefficients: Mapping[str, float]
    standardised: Mapping[str, float]
    cuts: NDArray[np.float64]
    claim: int | None = None
    note: str = ""

    def places(self, scores: Mapping[str, NDArray[np.float64]], noise: NDArray[np.float64]) -> NDArray[np.intp]:
        """The place of each respondent's answer among the outcome's values; `noise` is standard normal."""
        latent = _linear(self.coefficients, scores) + _noise(self.link, noise)
        return np.searchsorted(self.cuts, latent, side="left")


def solve_effects(
    ordered: Sequence[tuple[str, EffectEntry]],
    marginals: Mapping[str, Marginal],
    correlation: NDArray[np.float64],
) -> tuple[tuple[Effect, ...], list[tuple[str, float]]]:
    """Find each outcome's cut points.

    Parameters
    ----------
    ordered : sequence of (outcome, EffectEntry)
        Such that a driver that is an outcome itself comes before.
    correlation : ndarray, shape (k, k)
        Of the latent variables, in the order of `marginals`.

    Returns
    -------
    effects : tuple of Effect
    too_much : list of (outcome, float)
        Outcomes whose standardised drivers would explain all of it, or more: the share explained.
    """
    if not ordered:
        return (), []
    scores, noises = _population(ordered, marginals, correlation)
    effects: list[Effect] = []
    too_much: list[tuple[str, float]] = []
    for outcome, entry in ordered:
        spread = {driver: float(scores[driver].std()) for driver in entry.drivers}
        steps = {d: (c.step or 0.0) / c.per for d, c in entry.drivers.items() if c.standardised is None}
        total = 1.0
        if not steps:
            shares = {d: (c.standardised or 0.0) / (spread[d] or 1.0) for d, c in entry.drivers.items()}
            explained = float(_linear(shares, scores).var())
            if explained >= 1:
                too_much.append((outcome, explained))
                continue
            total = NOISE[entry.link] / np.sqrt(1 - explained)
            steps = {driver: float(share * total) for driver, share in shares.items()}
        line = _linear(steps, scores)
        total = float(np.sqrt(line.var() + NOISE[entry.link] ** 2))
        beta = {driver: steps[driver] * spread[driver] / total for driver in steps}
        effect = Effect(
            outcome, entry.link, steps, beta, _cuts(line, marginals[outcome], entry.link), entry.claim, entry.note
        )
        effects.append(effect)
        scores[outcome] = marginals[outcome].scores[effect.places(scores, noises[outcome])]
    return tuple(effects), too_much


def behind(effects: Sequence[Effect]) -> dict[str, frozenset[str]]:
    """Per outcome all drivers behind it, also those of drivers that are outcomes themselves."""
    found: dict[str, frozenset[str]] = {}
    for effect in effects:
        further = (found.get(driver, frozenset()) for driver in effect.coefficients)
        found[effect.outcome] = frozenset(effect.coefficients).union(*further)
    return found


def effect_targets(effects: Sequence[Effect]) -> tuple[Target, ...]:
    """What an analysis ought to find of each effect: the coefficient of its link, and the standardised one."""
    kinds: dict[Link, Quantity] = {"logistic": "log odds ratio", "normal": "probit coefficient"}
    return tuple(
        Target(quantity, effect.outcome, driver, values[driver], "", "U", effect.claim, "", effect.note)
        for effect in effects
        for driver in effect.coefficients
        for quantity, values in ((kinds[effect.link], effect.coefficients), ("standardised effect", effect.standardised))
    )  # fmt: skip


def _population(
    ordered: Sequence[tuple[str, EffectEntry]], marginals: Mapping[str, Marginal], correlation: NDArray[np.float64]
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Numbers of the drivers that are no outcomes, and standard normal noise of the outcomes, at the Sobol points."""
    names = list(marginals)
    outcomes = [outcome for outcome, _ in ordered]
    drivers = [d for d in dict.fromkeys(d for _, entry in ordered for d in entry.drivers) if d not in outcomes]
    places = [names.index(name) for name in drivers]
    points = qmc.Sobol(len(drivers) + len(outcomes), rng=np.random.default_rng(20121001)).random_base2(POINTS)
    normal = ndtri(np.clip(points, EDGE, 1 - EDGE))
    latent = normal[:, : len(drivers)] @ np.linalg.cholesky(correlation[np.ix_(places, places)]).T
    scores = {d: marginals[d].scores[marginals[d].places(latent[:, k])] for k, d in enumerate(drivers)}
    return scores, {outcome: normal[:, len(drivers) + k] for k, outcome in enumerate(outcomes)}


def _linear(coefficients: Mapping[str, float], scores: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.asarray(sum(b * scores[driver] for driver, b in coefficients.items()), dtype=float)


def _noise(link: Link, normal: NDArray[np.float64]) -> NDArray[np.float64]:
    return normal if link == "normal" else logit(np.clip(ndtr(normal), EDGE, 1 - EDGE))


def _cuts(line: NDArray[np.float64], marginal: Marginal, link: Link) -> NDArray[np.float64]:
    """Where the distribution of line + noise reaches the outcome's cumulated shares."""
    distribution = expit if link == "logistic" else ndtr
    counts, edges = np.histogram(line, bins=BINS)
    middles, weights = (edges[:-1] + edges[1:]) / 2, counts / counts.sum()
    low, high = line.min() - 40.0, line.max() + 40.0

    def excess(cut: float, share: float) -> float:
        return float(weights @ distribution(cut - middles)) - share

    cumulated = np.clip(np.cumsum(marginal.probabilities)[:-1], 0.0, 1.0)
    return np.array(
        [
            low if share <= EDGE else high if share >= 1 - EDGE else brentq(excess, low, high, args=(share,))
            for share in cumulated
        ]
    )
