"""The numbers that a multiverse takes its outcomes and predictors from: answers, or completed answers, of one sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError
from clustergov.analysis.multiverse.declaration import Measure, MultiverseSpecification, Option
from clustergov.analysis.multiverse.one_factor import one_factor
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.constructs import item_range
from clustergov.survey.blanks import holds
from clustergov.survey.responses import Responses

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Items:
    """A scale: its items, what a turned one is subtracted from, how many must be valid, and whether it is a sum."""

    names: tuple[str, ...]
    turned: Mapping[str, float]
    minimum_valid: int
    times: int
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Numbers by variable, NaN where blank.

    Attributes
    ----------
    numbers : DataFrame of float
        One column per variable that the declaration uses.
    labels : DataFrame of str
        Variables that make groups.
    scales : mapping of str to Items
    units : mapping of str to str
        The scale that a variable is answered on; equal texts are the same scale.
    blank : DataFrame of bool
        Cells of `numbers` that have no value to be found: their question does not apply.
    keep : mapping of (str, str) to array of bool, shape (n,)
        By fork and option of an exclusion: who stays.
    """

    numbers: pd.DataFrame
    labels: pd.DataFrame
    scales: Mapping[str, Items]
    units: Mapping[str, str]
    blank: pd.DataFrame
    keep: Mapping[tuple[str, str], NDArray[np.bool_]]

    def of(self, origin: Measure, scoring: Option | None = None) -> Array:
        """The values of an outcome, focal predictor or covariate; NaN where it has none.

        Raises
        ------
        FitError
            A value is infinite, or a factor score does not exist.
        """
        if origin.score_of:
            values = self._score(self.scales[origin.score_of], scoring)
        else:
            values = self._numbers(origin.sum_of or (origin.variable,)).sum(axis=1)
        return values / origin.per

    def unit(self, origin: Measure, scoring: Option | None = None) -> str:
        if origin.score_of:
            rule = "" if scoring is None else scoring.rule
            return f"factor of {origin.score_of}" if rule == "factor" else self.scales[origin.score_of].unit
        return self.units.get(origin.variable, origin.variable) if origin.variable else " + ".join(origin.sum_of)

    def completed(self, numbers: pd.DataFrame) -> Source:
        """The same with numbers in place of blanks."""
        return replace(self, numbers=numbers)

    def _numbers(self, names: tuple[str, ...]) -> Array:
        values: Array = self.numbers[list(names)].to_numpy(dtype=float)
        infinite = tuple(name for name, column in zip(names, values.T, strict=True) if np.isinf(column).any())
        if infinite:
            raise FitError("infinite", terms=infinite, term=", ".join(infinite))
        return values

    def _score(self, scale: Items, scoring: Option | None) -> Array:
        values = self._numbers(scale.names)
        for place, name in enumerate(scale.names):
            if name in scale.turned:
                values[:, place] = scale.turned[name] - values[:, place]
        valid = np.isfinite(values)
        count = valid.sum(axis=1)
        if scoring is not None and scoring.rule == "factor":
            found = np.full(len(values), np.nan)
            whole = count == len(scale.names)
            found[whole] = one_factor(values[whole], scale.names)
            return found
        needed = scale.minimum_valid
        if scoring is not None:
            needed = len(scale.names) if scoring.rule == "all items" else scoring.minimum_valid or needed
        total = np.where(valid, values, 0.0).sum(axis=1)
        return np.where(count >= max(needed, 1), total * scale.times / np.maximum(count, 1), np.nan)


def origins(specification: MultiverseSpecification) -> list[Measure]:
    """Every outcome, focal predictor and covariate that is declared."""
    single = [origin for origin in (specification.outcome, specification.focal) if origin is not None]
    forked = [option.origin for fork in specification.forks for option in fork.options if option.origin is not None]
    return [*single, *forked, *specification.covariates]


def of_responses(specification: MultiverseSpecification, responses: Responses) -> Source:
    """Take what a declaration needs from responses to its questionnaire."""
    asked = responses.questionnaire
    scales = {code: _items(code, asked) for code in {o.score_of for o in origins(specification) if o.score_of}}
    names = {name for o in origins(specification) for name in (*o.sum_of, o.variable) if name}
    names |= {name for scale in scales.values() for name in scale.names}
    ordered = [variable.name for variable in asked.variables if variable.name in names]
    numbers = pd.DataFrame(
        {name: responses.values(name).astype(float) for name in ordered}, index=responses.frame.index
    )
    groups = {option.groups for fork in specification.forks for option in fork.options if option.groups}
    labels = pd.DataFrame({name: responses.codes(name) for name in sorted(groups)}, index=responses.frame.index)
    units = {name: _unit(name, asked) for name in ordered}
    keep = {
        (fork.code, option.code): _kept(option, responses)
        for fork in specification.forks if fork.about == "exclusion" for option in fork.options
    }  # fmt: skip
    blank = responses.blanks[ordered] == Blank.NOT_ASKED.value
    return Source(numbers, labels, scales, units, blank, keep)


def of_table(specification: MultiverseSpecification, numbers: pd.DataFrame, labels: pd.DataFrame) -> Source:
    """Take a plain table, whose columns are outcomes, predictors and groups as they stand; nobody is left out."""
    everybody = np.ones(len(numbers), dtype=bool)
    keep = {(fork.code, option.code): everybody for fork in specification.forks for option in fork.options}
    blank = pd.DataFrame(False, index=numbers.index, columns=numbers.columns)
    return Source(numbers, labels, {}, {}, blank, keep)


def _items(code: str, asked: Questionnaire) -> Items:
    construct = next(construct for construct in asked.constructs if construct.code == code)
    turned = {name: float(sum(item_range(asked.by_name[name]) or (0, 0))) for name in construct.reversed}
    times = len(construct.items) if construct.score == "sum" else 1
    unit = " ".join(sorted({_unit(name, asked) for name in construct.items})) + ("" if times == 1 else f" × {times}")
    return Items(construct.items, turned, construct.minimum_valid, times, unit)


def _unit(name: str, asked: Questionnaire) -> str:
    limits = item_range(asked.by_name[name])
    return name if limits is None else f"{limits[0]:g}–{limits[1]:g}"


def _kept(option: Option, responses: Responses) -> NDArray[np.bool_]:
    asked, kept = responses.questionnaire, np.ones(responses.n, dtype=bool)
    if option.keep_if:
        kept &= holds(parse(option.keep_if), asked, responses.frame).to_numpy(dtype=bool)
    if option.straightliners:
        alike = np.ones(responses.n, dtype=bool)
        for code in option.straightliners:
            codes = responses.frame[[variable.name for variable in asked.of(code)]]
            alike &= (codes.nunique(axis=1) == 1).to_numpy() & codes.notna().all(axis=1).to_numpy()
        kept &= ~alike
    return kept
