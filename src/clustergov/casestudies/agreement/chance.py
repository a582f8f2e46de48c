"""Coefficients corrected for chance on units × coders with missing ratings, with Gwet's standard errors.

Observed agreement is the mean over units of the share of pairs of coders that agree; what differs is the agreement
expected by chance. Formulas and variances: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 2, 3 and 5;
Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29–48; for two coders with the margins of
each: Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323–327.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.agreement.ratings import Patterns


@dataclass(frozen=True, eq=False)
class Estimate:
    """A coefficient of each of several samples of the same units.

    Attributes
    ----------
    value, observed, expected : ndarray, shape (samples,)
        NaN where chance explains all agreement, so that the coefficient is not defined.
    """

    value: np.ndarray
    observed: np.ndarray
    expected: np.ndarray


def unit_agreement(patterns: Patterns, weights: np.ndarray) -> np.ndarray:
    """Weighted share of pairs of coders that agree, per pattern; 0 where fewer than two rated: shape (patterns,)."""
    table, rated = patterns.table, patterns.rated
    near = (table * (table @ weights - 1)).sum(axis=1)
    pairs = rated * (rated - 1)
    return np.asarray(np.where(pairs > 0, near / np.where(pairs > 0, pairs, 1), 0.0))


def estimate(name: str, patterns: Patterns, weights: np.ndarray, counts: np.ndarray) -> Estimate:
    """A coefficient for each row of `counts`.

    Parameters
    ----------
    name : {"percent", "cohen", "conger", "fleiss", "scott", "ac", "brennan-prediger"}
        `cohen` and `scott` take two coders and the units that both rated.
    counts : ndarray, shape (samples, patterns)
        How often each pattern occurs.
    """
    if name in ("cohen", "scott"):
        kept = patterns.rated >= 2
        patterns = Patterns(patterns.codes[kept], patterns.counts[kept], patterns.q)
        counts = counts[:, kept]
    paired = counts[:, patterns.rated >= 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (counts @ unit_agreement(patterns, weights)) / paired.sum(axis=1)
        expected = _expected(name, patterns, weights, counts)
        value = np.where(np.isclose(expected, 1, atol=1e-14), np.nan, (observed - expected) / (1 - expected))
    return Estimate(value, observed, expected)


def _expected(name: str, patterns: Patterns, weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    q = patterns.q
    if name == "percent":
        return np.zeros(len(counts))
    if name == "brennan-prediger":
        return np.full(len(counts), weights.sum() / q**2)
    if name in ("cohen", "conger"):
        return _by_coder(patterns, weights, counts)
    shares = prevalence(patterns, counts)
    if name == "ac":
        return np.asarray(weights.sum() / (q * (q - 1)) * (shares * (1 - shares)).sum(axis=1))
    return np.asarray(((shares @ weights) * shares).sum(axis=1))


def prevalence(patterns: Patterns, counts: np.ndarray) -> np.ndarray:
    """Mean over units of the share of coders that gave each category: shape (samples, categories)."""
    shares = patterns.table / patterns.rated[:, None]
    return np.asarray((counts @ shares) / counts.sum(axis=1, keepdims=True))


def coder_shares(patterns: Patterns, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The categories of each coder as shares (samples, coders, categories), and units rated (samples, coders)."""
    given = np.einsum("sp,pcq->scq", counts, patterns.marks)
    rated = given.sum(axis=2)
    return given / rated[:, :, None], rated


def _by_coder(patterns: Patterns, weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Chance agreement of two different coders, each with shares of its own (Conger 1980; two coders: Cohen 1960)."""
    shares, _ = coder_shares(patterns, counts)
    r = shares.shape[1]
    total = shares.sum(axis=1)
    everybody = np.einsum("sq,qt,st->s", total, weights, total)
    same = np.einsum("scq,qt,sct->s", shares, weights, shares)
    return np.asarray((everybody - same) / (r * (r - 1)))


def standard_error(
    name: str, patterns: Patterns, weights: np.ndarray, found: Estimate, *, population: float = np.inf
) -> float:
    """The standard error over samples of units, less the share of a finite `population` that was rated.

    NaN where fewer than two units were rated.
    """
    if name in ("cohen", "scott"):
        kept = patterns.rated >= 2
        return _two_coders(name, Patterns(patterns.codes[kept], patterns.counts[kept], patterns.q), weights, found,
                           population)  # fmt: skip
    counts = patterns.counts
    n = counts.sum()
    if n < 2:
        return float("nan")
    value, expected = float(found.value[0]), float(found.expected[0])
    paired = patterns.rated >= 2
    scale = n / counts[paired].sum()
    own = scale * np.where(paired, unit_agreement(patterns, weights) - expected, 0.0) / (1 - expected)
    chance = _chance_of_units(name, patterns, weights)
    if chance is not None:
        own = own - 2 * (1 - value) * (chance - expected) / (1 - expected)
    return float(np.sqrt((1 - n / population) / (n * (n - 1)) * (counts * (own - value) ** 2).sum()))


def _chance_of_units(name: str, patterns: Patterns, weights: np.ndarray) -> np.ndarray | None:
    """What each pattern adds to chance agreement; None where chance does not depend on the units."""
    table, rated, q = patterns.table, patterns.rated, patterns.q
    if name in ("percent", "brennan-prediger"):
        return None
    if name == "conger":
        return _conger_of_units(patterns, weights)
    shares = prevalence(patterns, patterns.counts[None, :])[0]
    if name == "ac":
        return np.asarray(weights.sum() / (q * (q - 1)) * (table @ (1 - shares)) / rated)
    return np.asarray(table @ ((weights + weights.T) / 2 @ shares) / rated)


def _conger_of_units(patterns: Patterns, weights: np.ndarray) -> np.ndarray:
    shares, given = (found[0] for found in coder_shares(patterns, patterns.counts[None, :]))
    n, r = patterns.counts.sum(), shares.shape[0]
    others = r * shares.mean(axis=0) - shares
    there = (patterns.codes >= 0).astype(np.float64)
    # Leave the mean share where a coder did not rate the unit (Gwet 2014, section 5.5).
    marks = patterns.marks - (there - given / n)[:, :, None] * shares[None, :, :]
    return np.asarray(np.einsum("pcl,kl,ck,c->p", marks, weights, others, n / given) / (r * (r - 1)))


def _two_coders(name: str, patterns: Patterns, weights: np.ndarray, found: Estimate, population: float) -> float:
    n = patterns.counts.sum()
    if n < 2:
        return float("nan")
    value, expected, observed = float(found.value[0]), float(found.expected[0]), float(found.observed[0])
    shares, _ = coder_shares(patterns, patterns.counts[None, :])
    one, other = shares[0]
    rows, columns = weights @ other, weights.T @ one
    if name == "scott":
        rows = columns = (rows + columns) / 2
    first, second = patterns.codes.T
    own = weights[first, second] - (1 - value) * (rows[first] + columns[second])
    mean = observed - 2 * (1 - value) * expected
    square = (patterns.counts * own**2).sum() / n - mean**2
    return float(np.sqrt(max((1 - n / population) * square, 0.0) / n) / (1 - expected))
