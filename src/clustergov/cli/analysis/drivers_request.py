"""What ``clustergov analysis drivers`` is asked for, as a model: columns found, labels coded, compositions turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from clustergov.analysis.description.empty_category import empty_categories
from clustergov.analysis.models.asked import Asked
from clustergov.analysis.models.composition import Composition, composition
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.models.predictor_coding import Coded, coded
from clustergov.analysis.models.row_flow import RowFlow, row_flow
from clustergov.cli.analysis.inputs import names
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.analysis.sampling.sample import Sample
    from clustergov.study.data import Data


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A model, the rows on their way into it, and what a reader must know of its columns."""

    model: Asked
    flow: RowFlow
    notes: tuple[Text, ...]


def request(data: Data, outcome: str, options: Mapping[str, Any]) -> Request:
    """Find the columns and make them numbers.

    Raises
    ------
    InputError
        Columns that are not there or not what they should be.
    FitError
        A composition that cannot be turned.
    """
    y, notes = _outcome(data, outcome, options["family"])
    predictors, parts = names(options["predictors"]), names(options["composition"])
    _refuse_overlap(outcome, predictors, parts)
    columns = coded(_predictors(data, predictors), _references(options["reference"])) if predictors else None
    whole = _composition(data, parts, options["zeros"])
    X = _joined(data, columns, whole)
    groups = data.labels(options["cluster"], option="--cluster") if options["cluster"] else None
    random = data.labels(options["random"], option="--random") if options["random"] else None
    sample, sizes = _sample(data, options)
    if sample is not None and groups is not None:
        groups = None  # they are units of the sample
    model = Asked(
        y, X, options["family"], factors=columns.factors if columns else (), groups=groups, sample=sample,
        free=tuple(names(options["free"])), random=random, slope=options["slope"] or "",
        replicates=options["bootstrap"] or 0, imputations=options["impute"] or 0, seed=options["seed"],
        level=options["level"], errors=options["errors"], composition=whole,
    )  # fmt: skip
    used = pd.concat([y, X, *(one for one in (groups, random) if one is not None)], axis=1)
    notes += sizes
    notes += columns.notes if columns else ()
    notes += (Text({language: whole.sentence(language) for language in ("nl", "en")}),) if whole else ()
    notes += empty_categories(y.to_frame()) if options["family"] in ("ordinal", "probit") else ()
    return Request(model, row_flow(used), notes)


def _outcome(data: Data, name: str, family: str) -> tuple[pd.Series[float], tuple[Text, ...]]:
    """Numbers; of a binomial model also two labels, the later in the alphabet modelled."""
    column = data.table.get(name)
    if family != "binomial" or column is None or pd.api.types.is_numeric_dtype(column.dtype) or column.nunique() != 2:
        return data.numbers([name], option="--outcome")[name], ()
    lower, upper = sorted(column.dropna().unique())
    numbers = column.map({lower: 0.0, upper: 1.0}).astype(float)
    return numbers, (both("models.upper", term=name, upper=upper, lower=lower),)


def _predictors(data: Data, wanted: list[str]) -> pd.DataFrame:
    """Numbers as numbers, labels as labels, in the order asked; a word among numbers is refused, not made a label."""
    labelled = [
        name for name in dict.fromkeys(wanted)
        if name in data.table and not pd.api.types.is_numeric_dtype(data.table[name].dtype)
        and data.table[name].notna().any() and (data.responses is not None or not _mostly_numbers(data.table[name]))
    ]  # fmt: skip
    numeric = [name for name in wanted if name not in labelled]
    columns = data.numbers(numeric, option="--predictors") if numeric else pd.DataFrame(index=data.table.index)
    return columns.assign(**{name: data.table[name] for name in labelled})[wanted]


def _mostly_numbers(cells: pd.Series[str]) -> bool:
    numbers = pd.to_numeric(cells.dropna().str.replace(",", "."), errors="coerce").notna()
    return bool(numbers.mean() > 0.5)


def _references(given: tuple[str, ...]) -> dict[str, str]:
    wrong = [text for text in given if "=" not in text]
    if wrong:
        raise InputError(Problem("reference", f"expected NAME=LEVEL, found {wrong[0]}.", "Correct --reference.",
                                 place="--reference"))  # fmt: skip
    return {name.strip(): level.strip() for name, level in (text.split("=", 1) for text in given)}


def _refuse_overlap(outcome: str, predictors: list[str], parts: list[str]) -> None:
    if not predictors and not parts:
        raise InputError(Problem("no-columns", "expected predictors, found none.", "Name them in --predictors.",
                                 place="--predictors"))  # fmt: skip
    both_ = sorted({*predictors} & {*parts} | {outcome} & {*predictors, *parts})
    if both_:
        raise InputError(Problem("twice", f"{', '.join(both_)} is named for two purposes.",
                                 "A column is either outcome, predictor or part.", place="--predictors"))  # fmt: skip


def _composition(data: Data, parts: list[str], zeros: str) -> Composition | None:
    if not parts:
        return None
    columns = data.numbers(parts, option="--composition")
    how, _, share = zeros.partition(":")
    if how in ("refuse", "drop") and not share:
        return composition(columns, zeros="refuse" if how == "refuse" else "drop")
    try:
        small = float(share)
    except ValueError:
        small = 0.0
    if how != "replace" or not 0 < small < 1 / len(parts):
        raise InputError(Problem("zeros", f"expected refuse, drop or replace:SHARE with a share below 1/{len(parts)}, "
                                 f"found {zeros}.", "Correct --zeros.", place="--zeros"))  # fmt: skip
    return composition(columns, zeros="replace", small=small)


def _joined(data: Data, columns: Coded | None, whole: Composition | None) -> pd.DataFrame:
    tables = [
        one for one in (columns.columns if columns else None, whole.coordinates if whole else None) if one is not None
    ]
    joined = pd.concat(tables, axis=1)
    return joined.set_axis(data.table.index, axis=0)


def _sample(data: Data, options: Mapping[str, Any]) -> tuple[Sample | None, tuple[Text, ...]]:
    """The sampling design, if any of its options is given, and what was taken for it."""
    if not (options["weights"] or options["strata"] or options["fpc"]):
        return None, ()
    from clustergov.analysis.sampling.sample import sample_of

    weights = data.numbers([options["weights"]], option="--weights")[options["weights"]] if options["weights"] else None
    strata = data.labels(options["strata"], option="--strata") if options["strata"] else None
    clusters = data.labels(options["cluster"], option="--cluster") if options["cluster"] else None
    population: float | Mapping[str, float] | pd.Series[float] | None = None
    notes: tuple[Text, ...] = ()
    if options["fpc"]:
        try:
            population = float(options["fpc"])
        except ValueError:
            population = data.numbers([options["fpc"]], option="--fpc")[options["fpc"]]
    if isinstance(population, float) and strata is not None and clusters is None:
        population = _divided(population, strata, weights)
        told = tuple(f"{name} {size:,.0f}" for name, size in population.items())
        notes = (both("models.divided", total=float(options["fpc"]), sizes=enumeration(told),
                      how=both(f"models.by {'rows' if weights is None else 'weights'}")),)  # fmt: skip
    drawn = sample_of(data.table.index, weights=weights, strata=strata, population=population, clusters=clusters)
    return drawn, notes


def _divided(total: float, strata: pd.Series[str], weights: pd.Series[float] | None) -> dict[str, float]:
    """The size of each stratum: its part of the weights, or of the rows, of the whole population."""
    counted = pd.Series(1.0, index=strata.index) if weights is None else weights
    sums = counted.groupby(strata).sum()
    return {str(name): float(size) for name, size in (total * sums / sums.sum()).items()}
