"""The cumulative link model under the bootstrap: all replicates of a chunk fitted together, every failure counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.cumulative import Cumulative, Link, cut_designs
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordered_rows import SUSPECT, OrderedRows
from clustergov.analysis.models.ordinal import OrdinalFit, cumulative_logit
from clustergov.analysis.models.weighted_cumulative import WeightedCumulative
from clustergov.language import Text, both, say
from clustergov.spread import Spread, seeds, spread

Array = NDArray[np.float64]
Lost = Literal["empty category", "no variance", "separation", "not converged"]
"""Why a replicate has no estimate: no answer in a category; a predictor that does not vary; see `Failure`."""

MOST_LOST = 0.05
"""Share of replicates without an estimate above which no interval is given: own choice."""
CELLS = 1_000_000
"""Rows times replicates of a chunk; about 160 bytes each."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalBootstrap:
    """Replicates of a cumulative link model on rows (or whole groups) drawn with replacement.

    Attributes
    ----------
    fit : OrdinalFit
        On the rows as they are.
    estimates : array, shape (R, k)
    thresholds : array, shape (R, J − 1)
        Both NaN where a replicate has no estimate.
    lost : tuple of str, length R
        Why not; empty where it has one.
    groups : int or None
        Groups drawn; None where rows were.
    seed : int
    cautions : tuple of Text
        Replicates without an estimate, with their numbers.
    """

    fit: OrdinalFit
    estimates: Array
    thresholds: Array
    lost: tuple[str, ...]
    groups: int | None
    seed: int
    cautions: tuple[Text, ...]

    @property
    def failures(self) -> Mapping[str, int]:
        """Replicates without an estimate, by reason."""
        return {reason: self.lost.count(reason) for reason in get_args(Lost) if reason in self.lost}

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """The percentile interval of one predictor, in log odds (probits), over the replicates that have an estimate."""
        column = self.estimates[:, self.fit.terms.index(term)]
        low, high = np.nanquantile(column, [(1 - level) / 2, (1 + level) / 2])
        return Interval(float(low), float(high), level)

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per predictor and threshold: term, kind, estimate, standard_error, low, high, replicates.

        standard_error: the standard deviation over replicates; low, high: percentiles; replicates: those with an estimate.
        """
        table = self.fit.frame()[["term", "kind", "estimate"]]
        drawn = np.hstack([self.estimates, self.thresholds])
        low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        return table.assign(
            standard_error=np.nanstd(drawn, axis=0, ddof=1), low=low, high=high, replicates=self.lost.count("")
        )

    def sentence(self, language: str, level: float = 0.95) -> str:
        """How many replicates, every predictor with its interval, and what failed."""
        kind = "rows" if self.groups is None else "groups"
        sentences = [say(f"ordinal_bootstrap.{kind}", language, replicates=len(self.lost), seed=str(self.seed),
                         n=self.fit.n, groups=self.groups or 0)]  # fmt: skip
        logit = self.fit.link == "logit"
        for term, estimate in zip(self.fit.terms, self.fit.estimates, strict=True):
            ends = self.interval(term, level)
            numbers = np.array([estimate, ends.low, ends.high])
            shown, low, high = map(float, np.exp(numbers) if logit else numbers)
            sentences.append(say(f"ordinal_bootstrap.{'odds' if logit else 'coefficient'}", language, term=term,
                                 estimate=shown, level=level, low=low, high=high))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def ordinal_bootstrap(
    outcome: pd.Series[float],
    predictors: pd.DataFrame,
    *,
    replicates: int = 1000,
    seed: int,
    link: Link = "logit",
    groups: pd.Series[str] | None = None,
    how: Spread | None = None,
) -> OrdinalBootstrap:
    """Refit a cumulative link model on `replicates` samples with replacement.

    The same seed gives the same numbers on any number of workers: every chunk of replicates has a seed of its own.

    Parameters
    ----------
    groups : Series, one index with the outcome, optional
        Draw whole groups, whose rows depend on each other.

    Raises
    ------
    FitError
        The model cannot be fitted to the rows as they are, or more than one in twenty replicates has no estimate.
    """
    if groups is not None:
        outcome = outcome.mask(groups.isna())
    fit = cumulative_logit(outcome, predictors, link=link)
    rows = OrderedRows.of(outcome, predictors)
    labels = None
    if groups is not None:
        whole = outcome.notna() & predictors.notna().all(axis=1)
        labels = pd.factorize(groups[whole])[0]
        if labels.max() == 0:
            raise FitError("one group", term=str(groups.name), groups=1)
    size = max(1, min(250, CELLS // rows.n))
    sizes = [size] * (replicates // size) + ([replicates % size] if replicates % size else [])
    tasks = list(zip(seeds(seed, len(sizes)), sizes, strict=True))
    work = partial(_chunk, rows, rows.maximum(link)[1], link, labels)
    chunks = spread(work, tasks, how or Spread())
    drawn = np.vstack([chunk[0] for chunk in chunks])
    lost = tuple(reason for chunk in chunks for reason in chunk[1])
    cuts, counted = rows.J - 1, Counter(reason for reason in lost if reason)
    if counted.total() > MOST_LOST * replicates:
        raise FitError("bootstrap", replicates=replicates, lost=counted.total(), counts=_told(counted))
    cautions = (both("ordinal_bootstrap.lost", lost=counted.total(), counts=_told(counted)),) if counted else ()
    return OrdinalBootstrap(
        fit, drawn[:, cuts:], drawn[:, :cuts], lost, None if labels is None else int(labels.max()) + 1, seed, cautions
    )


def _told(counted: Mapping[str, int]) -> Text:
    parts = [both(f"ordinal_bootstrap.reason.{reason}", count=count) for reason, count in sorted(counted.items())]
    return Text({language: ", ".join(part[language] for part in parts) for language in parts[0]})


def _chunk(
    rows: OrderedRows, start: Array, link: Link, labels: NDArray[np.int64] | None,
    task: tuple[np.random.SeedSequence, int],
) -> tuple[Array, Sequence[str]]:  # fmt: skip
    """Thresholds and coefficients (size, P) of one chunk, on the scale of the predictors as they came."""
    seed, size = task
    rng = np.random.default_rng(seed)
    drawn = rows.n if labels is None else int(labels.max()) + 1
    weights = rng.multinomial(drawn, np.full(drawn, 1 / drawn), size=size).astype(float)
    return weighted_fits(rows, weights if labels is None else weights[:, labels], start, link)


def weighted_fits(rows: OrderedRows, weights: Array, start: Array, link: Link) -> tuple[Array, list[str]]:
    """Fit the same rows under every set of weights.

    Parameters
    ----------
    weights : array, shape (R, n)
        Times each row counts.
    start : array, shape (P,)
        φ on the standardised predictors.

    Returns
    -------
    tuple of (array (R, P), list of str)
        Thresholds, then coefficients, on the scale of the predictors as they came, NaN where there is none; and why.
    """
    order = np.argsort(rows.place, kind="stable")
    batch = WeightedCumulative.of(rows.X[order], rows.counts, link)
    lost = np.full(len(weights), "", dtype=object)
    present = np.add.reduceat(weights[:, order], batch.ends[:-1], axis=1)
    lost[(present == 0).any(axis=1)] = "empty category"
    fitted = np.flatnonzero(lost == "")
    phi, settled = batch.maximise(start, weights[np.ix_(fitted, order)])
    eta = phi[:, rows.J - 1 :] @ rows.X.T
    for place in np.flatnonzero(~settled | (np.abs(eta).max(axis=1) > SUSPECT)):
        lost[fitted[place]] = _why(rows, weights[fitted[place]] > 0, bool(settled[place]), link)
    found = np.full((len(weights), len(start)), np.nan)
    found[fitted] = phi @ rows.back().T
    found[lost != ""] = np.nan
    return found, [str(reason) for reason in lost]


def _why(rows: OrderedRows, drawn: NDArray[np.bool_], settled: bool, link: Link) -> str:
    """Why a replicate did not come to rest, or whether its large predictor is a separation."""
    X = rows.X[drawn]
    if (np.ptp(X, axis=0) == 0).any():
        return "no variance"
    if Cumulative.of(cut_designs(X, rows.J), rows.place[drawn], link).escape() is not None:
        return "separation"
    return "" if settled else "not converged"
