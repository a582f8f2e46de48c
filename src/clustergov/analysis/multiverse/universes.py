"""Every combination of the forks' options: which columns, respondents and errors each universe has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError
from clustergov.analysis.multiverse.declaration import About, Measure, MultiverseSpecification, Option
from clustergov.analysis.multiverse.source import Source

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Ticks = NDArray[np.bool_]

STANDARDISED = "sd"
LOG_ODDS = "log odds"


@dataclass(frozen=True, slots=True, eq=False)
class Universes:
    """All m universes of a declaration.

    Attributes
    ----------
    options : array of int, shape (m, forks)
        The full factorial; the last fork changes fastest.
    columns : tuple of (Measure, Option or None), length q
        Outcomes, focal predictors and covariates, each once; an outcome that is a scale with its scoring.
    outcome, focal : array of int, shape (m,)
        Places in `columns`.
    covariates : array of bool, shape (m, q)
    keep : array of bool, shape (kinds of exclusion, n)
        Respondents that stay.
    kept : array of int, shape (m,)
        Which row of `keep` a universe has.
    rule : array of str, shape (m,)
        Of missing values.
    linear, clustered : array of bool, shape (m,)
    groups : str
        Variable of the groups; empty where none is clustered.
    unit : array of str, shape (m,)
        Of the estimates: universes of one unit make one curve.
    """

    options: Places
    columns: tuple[tuple[Measure, Option | None], ...]
    outcome: Places
    focal: Places
    covariates: Ticks
    keep: Ticks
    kept: Places
    rule: NDArray[np.str_]
    linear: Ticks
    clustered: Ticks
    groups: str
    unit: NDArray[np.str_]

    @property
    def parameters(self) -> Places:
        """Coefficients of each universe, the constant among them."""
        found: Places = self.covariates.sum(axis=1) + 2
        return found

    def values(self, source: Source) -> Array:
        """The columns; shape (n, q), NaN where missing and where a factor score does not exist."""
        return np.column_stack([_column(source, origin, scoring) for origin, scoring in self.columns])

    def without_score(self, values: Array) -> Ticks:
        """Universes whose outcome is a factor score that nobody has; shape (m,)."""
        factors = np.array([scoring is not None and scoring.rule == "factor" for _, scoring in self.columns])
        found: Ticks = (factors & np.isnan(values).all(axis=0))[self.outcome]
        return found


def _column(source: Source, origin: Measure, scoring: Option | None) -> Array:
    try:
        return source.of(origin, scoring)
    except FitError as error:
        if error.failure == "infinite":
            raise
        return np.full(len(source.numbers), np.nan)


def universes_of(specification: MultiverseSpecification, source: Source) -> Universes:
    """Lay out the full factorial of a declaration."""
    return _Layout(specification, source).universes()


class _Layout:
    def __init__(self, specification: MultiverseSpecification, source: Source) -> None:
        self.specification, self.source, self.forks = specification, source, specification.forks
        sizes = [len(fork.options) for fork in self.forks]
        self.options = np.indices(sizes).reshape(len(sizes), -1).T
        self.columns: list[tuple[Measure, Option | None]] = []

    def universes(self) -> Universes:
        outcome, unit = self._outcome()
        focal = np.array([self._column(origin) for origin in self._origins("focal", self.specification.focal)])
        covariates = self._covariates()
        keep, kept = self._keep()
        linear = self._each("model", lambda option: option.kind == "linear", [True])
        clustered = self._each("covariance", lambda option: option.errors == "CR2", [False])
        wide = np.zeros((len(self.options), len(self.columns)), dtype=bool)
        wide[:, : covariates.shape[1]] = covariates
        return Universes(
            self.options, tuple(self.columns), outcome, focal[self._chosen("focal")], wide, keep, kept,
            self._each("missing", lambda option: option.rule, ["complete"]), linear, clustered & linear,
            next((option.groups for option in self._declared("covariance") if option.groups), ""),
            np.where(linear, unit, LOG_ODDS),
        )  # fmt: skip

    def _declared(self, about: About) -> list[Option]:
        return [option for fork in self.forks if fork.about == about for option in fork.options]

    def _chosen(self, about: About) -> Places:
        """Which option each universe has at the one fork about something; 0 where there is none."""
        places = self.specification.about(about)
        return self.options[:, places[0]] if places else np.zeros(len(self.options), dtype=np.int64)

    def _each(self, about: About, of: Callable[[Option], object], otherwise: Sequence[object]) -> NDArray:  # type: ignore[type-arg]  # of whatever the option holds
        return np.array([of(option) for option in self._declared(about)] or otherwise)[self._chosen(about)]

    def _origins(self, about: About, single: Measure | None) -> list[Measure]:
        forked = [option.origin for option in self._declared(about) if option.origin is not None]
        return forked or ([single] if single is not None else [])

    def _column(self, origin: Measure, scoring: Option | None = None) -> int:
        key = (origin, scoring if origin.score_of else None)
        if key not in self.columns:
            self.columns.append(key)
        return self.columns.index(key)

    def _outcome(self) -> tuple[Places, NDArray[np.str_]]:
        origins = self._origins("outcome", self.specification.outcome)
        scorings: Sequence[Option | None] = self._declared("scoring") or [None]
        at = self._chosen("outcome"), self._chosen("scoring")
        columns = np.array([[self._column(origin, scoring) for scoring in scorings] for origin in origins])
        named = [[self.source.unit(origin, scoring) for scoring in scorings] for origin in origins]
        units = np.array(named, dtype=object)  # as texts of one length, a longer name would be cut off
        if self.specification.scale == "standardised":
            units[:] = STANDARDISED
        return columns[at], units[at].astype(str)

    def _covariates(self) -> Ticks:
        place = {covariate.code: self._column(covariate) for covariate in self.specification.covariates}
        found = np.zeros((len(self.options), len(self.columns)), dtype=bool)
        found[:, [place[term] for term in self.specification.always]] = True
        for at in self.specification.about("covariates"):
            terms = np.zeros((len(self.forks[at].options), len(self.columns)), dtype=bool)
            for number, option in enumerate(self.forks[at].options):
                terms[number, [place[term] for term in option.terms]] = True
            found |= terms[self.options[:, at]]
        return found

    def _keep(self) -> tuple[Ticks, Places]:
        places = list(self.specification.about("exclusion"))
        combinations, kept = np.unique(self.options[:, places], axis=0, return_inverse=True)
        keep = np.ones((len(combinations), len(self.source.numbers)), dtype=bool)
        for row, combination in zip(keep, combinations, strict=True):
            for place, option in zip(places, combination, strict=True):
                fork = self.forks[place]
                row &= self.source.keep[fork.code, fork.options[option].code]
        return keep, kept.reshape(-1)
