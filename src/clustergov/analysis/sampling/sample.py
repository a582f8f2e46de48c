"""A sample of rows as arrays: weight, stratum and cluster of each, and how many there are of them in the population."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.language import Text, both
from clustergov.problems import InputError, Problem
from clustergov.survey.frame.design import SamplingDesign

Array = NDArray[np.float64]
Places = NDArray[np.intp]

Lonely = Literal["adjust", "certainty", "average", "refuse"]
"""What a stratum with one unit of several adds to the variance: its distance from zero, the mean over all strata
(adjust, which is on the safe side); nothing (certainty); as much as the others do on average (average); an error (refuse).
The names are those of R's ``survey.lonely.psu``, whose ``fail`` is `refuse`."""

MOST_NAMED = 5
"""Rows or strata that a message names."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The rows that count, and how they were drawn.

    Attributes
    ----------
    index : Index
        Of these rows; those with weight 0 are not among them.
    weights : array, shape (n,)
        Above 0.
    strata, clusters : array of int, shape (n,)
        Number of the stratum; and of the unit that was drawn, which is the row itself where there are no clusters.
    sizes : array, shape (n,)
        Units of the row's stratum in the population; infinite where no correction is asked for.
    names : tuple of str
        Of the strata.
    lonely : Lonely
    zero : tuple of str
        Rows kept out because their weight is 0.
    cautions : tuple of Text
    equal : bool
        The weights are N/n of the stratum, because none were given; without some rows n is what is left.
    """

    index: pd.Index
    weights: Array
    strata: Places
    clusters: Places
    sizes: Array
    names: tuple[str, ...] = ("",)
    lonely: Lonely = "adjust"
    zero: tuple[str, ...] = ()
    cautions: tuple[Text, ...] = ()
    equal: bool = False

    @property
    def n(self) -> int:
        return len(self.index)

    def rows(self, keep: NDArray[np.bool_]) -> Sample:
        """The sample without some rows, as if they had never been reached."""
        strata, clusters = _numbered(self.strata[keep]), _numbered(self.clusters[keep])
        present = pd.unique(self.strata[keep])
        names = tuple(self.names[int(at)] for at in present) if len(present) else self.names
        left = Sample(self.index[keep], self.weights[keep], strata, clusters, self.sizes[keep], names, self.lonely,
                      self.zero, self.cautions)  # fmt: skip
        return _equal_chances(left) if self.equal and left.n else left

    def units(self, domain: NDArray[np.bool_] | None = None) -> tuple[int, int]:
        """Units that were drawn, and strata; of a domain, those in which it occurs (``degf`` in R)."""
        inside = slice(None) if domain is None else domain
        return len(np.unique(self.clusters[inside])), len(np.unique(self.strata[inside]))

    def single(self) -> tuple[str, ...]:
        """Strata with one unit of several."""
        first = np.unique(self.clusters, return_index=True)[1]
        counts = np.bincount(self.strata[first], minlength=len(self.names))
        sizes = np.zeros(len(self.names))
        sizes[self.strata] = self.sizes
        return tuple(self.names[at] for at in np.flatnonzero((counts == 1) & (sizes > 1)))


def sample_of(
    index: pd.Index,
    *,
    weights: pd.Series[float] | None = None,
    strata: pd.Series[str] | None = None,
    population: float | Mapping[str, float] | pd.Series[float] | None = None,
    clusters: pd.Series[str] | None = None,
    lonely: Lonely = "adjust",
) -> Sample:
    """Make a sample of rows, weights, strata and the population's size, after checking that they belong together.

    Parameters
    ----------
    weights : Series, optional
        One per row, not missing, not below 0. A row of weight 0 is kept out and counted. Without weights every member of
        a stratum had the same chance: N/n of the stratum, or 1 where no population is given.
    strata, clusters : Series, optional
        Labels. A cluster belongs to one stratum.
    population : number, mapping or Series, optional
        N, per stratum where there are strata: units that could have been drawn, clusters where there are clusters.

    Raises
    ------
    InputError
        With every mistake: missing, negative or infinite weights, rows without stratum, a stratum whose size is missing
        or smaller than what was drawn of it, clusters across strata; with `lonely` "refuse", strata with a single unit.
    """
    problems: list[Problem] = []
    weight, zero = _weights(index, weights, problems)
    stratum, names = _labels(index, strata, "strata", problems)
    cluster, _ = _labels(index, clusters, "clusters", problems, own=True)
    sizes = _sizes(index, stratum, names, population, problems)
    if problems:
        raise InputError(problems, summary="The sampling design cannot be used:")
    whole = Sample(index, weight, stratum, cluster, sizes, names, lonely)
    used = whole.rows(weight > 0) if zero else whole
    problems += _across(used) + _short(used)
    if lonely == "refuse" and (single := used.single()):
        problems.append(_problem("lonely-stratum", f"expected two units or more in every stratum, found one in {_few(single)}.",
                                 "Merge it with another stratum, or say what to do with it: adjust."))  # fmt: skip
    if problems:
        raise InputError(problems, summary="The sampling design cannot be used:")
    cautions = [both("sampling.caution.zero", n=len(zero), rows=_few(zero))] if zero else []
    if weights is None and population is not None:
        used = _equal_chances(used)
    return Sample(used.index, used.weights, used.strata, used.clusters, used.sizes, used.names, lonely, zero,
                  tuple(cautions), used.equal)  # fmt: skip


def sample_of_study(design: SamplingDesign, index: pd.Index, *, lonely: Lonely = "adjust") -> Sample:
    """The same respondents as a `Sample`, with the weights, strata and sizes of a study's sampling design."""
    weights, strata, sizes = design.of(index)
    names = ("",) if design.strata is None else tuple(map(str, pd.unique(design.strata.loc[index])))
    return Sample(index, weights, strata, np.arange(len(index)), sizes, names, lonely)


def _problem(rule: str, message: str, fix: str, place: str = "") -> Problem:
    return Problem(rule, message, fix, place=place)


def _few(these: tuple[str, ...] | list[str]) -> str:
    return ", ".join(these[:MOST_NAMED]) + (", …" if len(these) > MOST_NAMED else "")


def _numbered(labels: Places) -> Places:
    return np.asarray(pd.factorize(labels)[0], dtype=np.intp)


def _weights(index: pd.Index, given: pd.Series[float] | None, problems: list[Problem]) -> tuple[Array, tuple[str, ...]]:
    if given is None:
        return np.ones(len(index)), ()
    if not given.index.equals(index):
        raise ValueError("weights must have the index of the rows")
    weights: Array = np.asarray(given.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    named = [str(each) for each in index]
    for rule, wrong, what in (
        ("weight-missing", np.isnan(weights), "a weight for every row, found none in"),
        ("weight-infinite", np.isinf(weights), "finite weights, found infinite ones in"),
        ("weight-negative", weights < 0, "weights of 0 or more, found negative ones in"),
    ):
        if wrong.any():
            rows = [named[at] for at in np.flatnonzero(wrong)]
            problems.append(_problem(rule, f"expected {what} row {_few(rows)}.",
                                     "Correct the weights; leave rows out that do not belong to the sample.", "weights"))  # fmt: skip
    zero = tuple(named[at] for at in np.flatnonzero(weights == 0))
    if len(zero) == len(index):
        problems.append(_problem("weight-zero", "expected weights above 0, found 0 in every row.", "Correct the weights.",
                                 "weights"))  # fmt: skip
    return weights, zero


def _labels(
    index: pd.Index, given: pd.Series[str] | None, what: str, problems: list[Problem], *, own: bool = False
) -> tuple[Places, tuple[str, ...]]:
    if given is None:
        return (np.arange(len(index)) if own else np.zeros(len(index), dtype=np.intp)), ("",)
    if not given.index.equals(index):
        raise ValueError(f"{what} must have the index of the rows")
    if given.isna().any():
        rows = [str(each) for each in index[given.isna()]]
        problems.append(_problem(f"{what}-missing", f"expected {what} in every row, found none in row {_few(rows)}.",
                                 "Complete them, or leave these rows out.", what))  # fmt: skip
    codes, labels = pd.factorize(given.astype("str"), use_na_sentinel=False)
    return np.asarray(codes, dtype=np.intp), tuple(map(str, labels))


def _sizes(
    index: pd.Index,
    strata: Places,
    names: tuple[str, ...],
    population: float | Mapping[str, float] | pd.Series[float] | None,
    problems: list[Problem],
) -> Array:
    if population is None:
        return np.full(len(index), np.inf)
    per_row: Array
    if isinstance(population, pd.Series):
        per_row = np.asarray(population.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    elif isinstance(population, Mapping):
        missing = [name for name in names if name not in population]
        if missing:
            problems.append(_problem("population-missing", f"expected the size of every stratum, found none of {_few(missing)}.",
                                     "Give it.", "population"))  # fmt: skip
        per_row = np.array([float(population.get(name, np.nan)) for name in names])[strata]
    else:
        if len(names) > 1:
            problems.append(_problem("population-one", f"expected the size of each of {len(names)} strata, found one number.",
                                     "Give a size per stratum.", "population"))  # fmt: skip
        per_row = np.full(len(index), float(population))
    if not (isinstance(population, Mapping) or np.isfinite(per_row).all()) or (per_row <= 0).any():
        problems.append(_problem("population-number", "expected sizes of the population above 0 in every row.",
                                 "Correct them.", "population"))  # fmt: skip
    uneven = [names[at] for at in np.unique(strata) if np.ptp(per_row[strata == at]) > 0]
    if uneven:
        problems.append(_problem("population-uneven", f"expected one size per stratum, found several in {_few(uneven)}.",
                                 "Correct them.", "population"))  # fmt: skip
    return per_row


def _across(sample: Sample) -> list[Problem]:
    pairs = np.unique(np.column_stack([sample.clusters, sample.strata]), axis=0)
    if len(pairs) == len(np.unique(sample.clusters)):
        return []
    return [
        _problem("cluster-across", "expected every cluster in one stratum, found clusters in several.",
                 "Name clusters so that no two strata share a name.", "clusters")
    ]  # fmt: skip


def _short(sample: Sample) -> list[Problem]:
    first = np.unique(sample.clusters, return_index=True)[1]
    counts = np.bincount(sample.strata[first], minlength=len(sample.names))
    sizes = np.full(len(sample.names), np.inf)
    sizes[sample.strata] = sample.sizes
    short = [f"{name or 'all'}: {count} of {size:g}" for name, count, size in zip(sample.names, counts, sizes, strict=True)
             if count > size]  # fmt: skip
    if not short:
        return []
    return [
        _problem("population-small", f"expected at most as many units as the population has, found more ({_few(short)}).",
                 "Correct the size; every member counts once.", "population")
    ]  # fmt: skip


def _equal_chances(sample: Sample) -> Sample:
    """N/n of the stratum, as R's svydesign takes it from fpc."""
    first = np.unique(sample.clusters, return_index=True)[1]
    counts = np.bincount(sample.strata[first], minlength=len(sample.names))
    weights = sample.sizes / counts[sample.strata]
    return Sample(sample.index, weights, sample.strata, sample.clusters, sample.sizes, sample.names, sample.lonely,
                  sample.zero, sample.cautions, True)  # fmt: skip
