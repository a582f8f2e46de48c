"""Partial proportional odds: a cumulative link model in which named predictors have a coefficient at every threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.cumulative import Link, cut_designs
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.analysis.models.ordinal import cautions_of
from clustergov.language import Text, both, say

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PartialFit:
    """P(Y ≤ j) = F(θ_j − xβ − zγ_j): β one for all thresholds, γ_j of the freed predictors one for each.

    Peterson, B. & Harrell, F. E. (1990). Partial proportional odds models for ordinal response variables. Applied
    Statistics 39(2), 205–217, eq. 1 (unconstrained), by maximum likelihood.

    Attributes
    ----------
    outcome : str
    link : {"logit", "probit"}
    terms : tuple of str, length a
        Predictors with one coefficient.
    free : tuple of str, length b
        Predictors with J − 1.
    names : tuple of str, length J − 1
        The thresholds, such as “1|2”.
    thresholds, threshold_errors : array, shape (J − 1,)
    estimates, standard_errors : array, shape (a,)
    free_estimates, free_errors : array, shape (J − 1, b)
        Positive: goes with an answer above that threshold.
    parameters : array, shape (P,)
        Thresholds, β, then γ_1 … γ_{J−1}.
    covariance : array, shape (P, P)
        Of `parameters`, from the observed information.
    categories : tuple of float, length J
    counts : tuple of int, length J
    n, lost : int
        Rows used, and rows left out because a value is missing.
    log_likelihood : float
    crossing : int
        Rows for which the model gives some category a negative probability, because its cuts are in the wrong order.
    cautions : tuple of Text
        With crossing among them.
    """

    outcome: str
    link: Link
    terms: tuple[str, ...]
    free: tuple[str, ...]
    names: tuple[str, ...]
    thresholds: Array
    threshold_errors: Array
    estimates: Array
    standard_errors: Array
    free_estimates: Array
    free_errors: Array
    parameters: Array
    covariance: Array
    categories: tuple[float, ...]
    counts: tuple[int, ...]
    n: int
    lost: int
    log_likelihood: float
    crossing: int
    cautions: tuple[Text, ...]

    def interval(self, term: str, threshold: str = "", level: float = 0.95) -> Interval:
        """Wald interval of a coefficient; of a freed predictor, at a threshold such as “1|2”."""
        if term in self.free:
            at = (self.names.index(threshold), self.free.index(term))
            estimate, error = float(self.free_estimates[at]), float(self.free_errors[at])
        else:
            place = self.terms.index(term)
            estimate, error = float(self.estimates[place]), float(self.standard_errors[place])
        reach = float(ndtri(0.5 + level / 2)) * error
        return Interval(estimate - reach, estimate + reach, level)

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per coefficient and threshold: term, kind, threshold, estimate, standard_error, low, high, p."""
        cuts = len(self.names)
        estimate, error = self.parameters, np.sqrt(np.diag(self.covariance))
        reach = float(ndtri(0.5 + level / 2)) * error
        kinds = ["threshold"] * cuts + ["predictor"] * len(self.terms) + ["freed"] * (cuts * len(self.free))
        freed = [name for name in self.names for _ in self.free]
        frame = pd.DataFrame(
            {
                "term": [*self.names, *self.terms, *(self.free * cuts)], "kind": kinds,
                "threshold": [*self.names, *[""] * len(self.terms), *freed],
                "estimate": estimate, "standard_error": error, "low": estimate - reach, "high": estimate + reach,
                "p": 2 * ndtr(-np.abs(estimate / error)),
            }
        )  # fmt: skip
        order = frame["kind"].map({"predictor": 0, "freed": 1, "threshold": 2})
        return frame.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, rows lost, every coefficient with its interval, and the cautions."""
        sentences = [say("partial_proportional_odds.fit", language, link=self.link, n=self.n, lost=self.lost)]
        turn = np.exp if self.link == "logit" else np.asarray
        kind = "odds" if self.link == "logit" else "coefficient"
        for row in self.frame(level).query("kind != 'threshold'").to_dict("records"):
            at = "" if not row["threshold"] else say("partial_proportional_odds.at", language, cut=row["threshold"])
            numbers = {name: float(turn(row[name])) for name in ("estimate", "low", "high")}
            sentences.append(say(f"models.ordinal.{kind}", language, term=f"{row['term']} {at}".strip(), level=level, p=row["p"],
                                 **numbers))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def partial_proportional_odds(
    outcome: pd.Series[float], predictors: pd.DataFrame, *, free: Sequence[str], link: Link = "logit"
) -> PartialFit:
    """Fit a cumulative link model in which the predictors `free` have a coefficient of their own at every threshold.

    Raises
    ------
    FitError
        As `cumulative_logit`; a name that is no predictor; an outcome with two categories, which has one threshold only;
        separation at one threshold, which freeing makes likelier.
    """
    unknown = tuple(name for name in free if name not in predictors.columns)
    if unknown:
        raise FitError("unknown term", terms=unknown)
    cuts = max(int(outcome.nunique()) - 1, 1)
    rows = OrderedRows.of(outcome, predictors, constants=cuts + (cuts - 1) * len(set(free)))
    if rows.J == 2:
        raise FitError("two categories", term=rows.outcome)
    freed = np.isin(rows.terms, list(free))
    likelihood, phi, value, _ = rows.maximum(link, freed)
    back = rows.back(freed)
    covariance = back @ np.linalg.inv(likelihood.information(phi)) @ back.T
    parameters, errors = back @ phi, np.sqrt(np.diag(covariance))
    a, cuts, terms = int((~freed).sum()), rows.J - 1, np.array(rows.terms)
    crossing = int((np.diff(cut_designs(rows.X, rows.J, freed) @ phi, axis=0) < 0).any(axis=0).sum())
    cautions = cautions_of(rows.categories, rows.counts, len(parameters))
    if crossing:
        cautions += (both("partial_proportional_odds.crossing", rows=crossing, n=rows.n),)
    return PartialFit(
        rows.outcome, link, tuple(map(str, terms[~freed])), tuple(map(str, terms[freed])), rows.names,
        parameters[:cuts], errors[:cuts], parameters[cuts : cuts + a], errors[cuts : cuts + a],
        parameters[cuts + a :].reshape(cuts, -1), errors[cuts + a :].reshape(cuts, -1), parameters, covariance,
        tuple(map(float, rows.categories)), tuple(map(int, rows.counts)), rows.n, rows.lost, value, crossing, cautions,
    )  # fmt: skip
