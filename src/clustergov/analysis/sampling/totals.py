"""Totals, ratios and means of domains of a sampled population, with linearised errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from clustergov.analysis.interval import Interval
from clustergov.analysis.sampling.linearisation import linearised
from clustergov.analysis.sampling.sample import Sample
from clustergov.language import Text, both, say
from clustergov.problems import InputError, Problem


@dataclass(frozen=True, slots=True)
class PopulationFigure:
    """A total, ratio or mean of a population or of a domain in it.

    Attributes
    ----------
    kind : {"total", "ratio", "mean"}
    name : str
    estimate, error : float
    df : int
        Of t: units drawn less strata, of the domain.
    n : int
        Rows used, in the domain.
    cautions : tuple of Text
    """

    kind: str
    name: str
    estimate: float
    error: float
    df: int
    n: int
    cautions: tuple[Text, ...] = ()

    def interval(self, level: float = 0.95) -> Interval:
        """Student's t on the linearised error; one point where that is 0, as of a census."""
        reach = float(stdtrit(self.df, 0.5 + level / 2)) * self.error if self.error else 0.0
        return Interval(self.estimate - reach, self.estimate + reach, level)

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row: kind, name, estimate, standard_error, low, high, df, n."""
        interval = self.interval(level)
        return pd.DataFrame(
            [{"kind": self.kind, "name": self.name, "estimate": self.estimate, "standard_error": self.error,
              "low": interval.low, "high": interval.high, "df": self.df, "n": self.n}]
        )  # fmt: skip

    def sentence(self, language: str, level: float = 0.95) -> str:
        """Estimate with its interval, n and the cautions."""
        interval = self.interval(level)
        told = say(f"sampling.{self.kind}", language, name=self.name, estimate=self.estimate, level=level,
                   low=interval.low, high=interval.high, n=self.n, df=self.df)  # fmt: skip
        return " ".join([told, *(caution.to(language) for caution in self.cautions)])


def population_total(
    values: pd.Series[float], sample: Sample, *, domain: pd.Series[bool] | None = None
) -> PopulationFigure:
    """Σ w y over the sample: ``svytotal`` of the rows with a value.

    Raises
    ------
    InputError
        No value, or an infinite one.
    """
    y, used, inside = _usable([values], sample, domain)
    z = np.where(inside, used.weights * y[0], 0.0)
    return _figure("total", str(values.name), float(z.sum()), z, used, inside)


def population_ratio(
    numerator: pd.Series[float], denominator: pd.Series[float], sample: Sample, *, domain: pd.Series[bool] | None = None
) -> PopulationFigure:
    """Σ w y / Σ w x: ``svyratio`` of the rows with both values (Särndal, Swensson & Wretman 1992, §5.6).

    Raises
    ------
    InputError
        No rows with both values, an infinite value, or a denominator whose total is 0.
    """
    (y, x), used, inside = _usable([numerator, denominator], sample, domain)
    w = np.where(inside, used.weights, 0.0)
    below = float(w @ x)
    if below == 0:
        raise InputError(Problem("ratio-of-zero", f"expected a total of {denominator.name} other than 0, found 0.",
                                 "Take another denominator."))  # fmt: skip
    ratio = float(w @ y) / below
    name = f"{numerator.name} / {denominator.name}"
    return _figure("ratio", name, ratio, w * (y - ratio * x) / below, used, inside)


def domain_mean(values: pd.Series[float], sample: Sample, *, domain: pd.Series[bool] | None = None) -> PopulationFigure:
    """Σ w y / Σ w over a domain: ``svymean`` of ``subset`` of the design.

    Raises
    ------
    InputError
        No value in the domain, or an infinite one.
    """
    one = pd.Series(1.0, index=values.index, name="1")
    found = population_ratio(values, one, sample, domain=domain)
    return PopulationFigure("mean", str(values.name), found.estimate, found.error, found.df, found.n, found.cautions)


def by_domain(values: pd.Series[float], groups: pd.Series[str], sample: Sample) -> pd.DataFrame:
    """The mean in each group (``svyby``): columns group, estimate, standard_error, low, high, df, n."""
    rows = []
    for group in sorted(groups.dropna().unique()):
        own = groups.eq(group).fillna(False).astype(bool)
        rows.append(domain_mean(values, sample, domain=own).frame().assign(group=group))
    columns = ["group", "estimate", "standard_error", "low", "high", "df", "n"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def _usable(
    columns: list[pd.Series[float]], sample: Sample, domain: pd.Series[bool] | None
) -> tuple[list[np.ndarray], Sample, np.ndarray]:
    """Values of the rows that have all of them, the sample of these rows, and which are in the domain."""
    values = [np.asarray(column.loc[sample.index], dtype=np.float64) for column in columns]
    there: np.ndarray = np.isnan(np.column_stack(values)).sum(axis=1) == 0
    inside = np.ones(sample.n, dtype=bool) if domain is None else domain.loc[sample.index].to_numpy(dtype=bool)
    name = ", ".join(str(column.name) for column in columns)
    if not (there & inside).any():
        raise InputError(Problem("all-missing", f"expected values of {name}, found none.", "Correct the data."))
    if any(np.isinf(column).any() for column in values):
        raise InputError(
            Problem("infinite", f"expected finite values of {name}.", "Correct these cells, or empty them.")
        )
    return [column[there] for column in values], sample.rows(there), inside[there]


def _figure(kind: str, name: str, estimate: float, z: np.ndarray, used: Sample, inside: np.ndarray) -> PopulationFigure:
    units, strata = used.units(inside)
    error = float(np.sqrt(max(linearised(z[:, None], used)[0, 0], 0.0)))
    single = used.single()
    lonely = (both(f"sampling.caution.lonely.{used.lonely}", strata=", ".join(single)),) if single else ()
    return PopulationFigure(kind, name, estimate, error, max(units - strata, 1), int(inside.sum()),
                            (*used.cautions, *lonely))  # fmt: skip
