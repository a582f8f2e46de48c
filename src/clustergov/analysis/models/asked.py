"""A model as it is asked for, and which of its options do not go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from clustergov.analysis.models.composition import Composition
from clustergov.analysis.models.cumulative import Link
from clustergov.analysis.models.requested_errors import Requested, errors_that_do_not_exist
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.analysis.sampling.sample import Sample

Family = Literal["ordinal", "probit", "linear", "binomial", "fractional", "beta"]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked for.

    Attributes
    ----------
    outcome : Series of float
    predictors : DataFrame of float, one index with the outcome
    family : str
    factors : tuple of tuple of str
        Indicators that belong together.
    groups : Series of labels or None
        Rows of one group may depend on each other.
    sample : Sample or None
        Weights, strata and population.
    free : tuple of str
        Predictors freed from proportional odds.
    random, slope : Series of labels or None, and str
        Groups of a mixed model, and the predictor whose slope differs by group.
    replicates, imputations : int
        Of the bootstrap and of multiple imputation; 0 for none.
    seed : int
    level : float
    errors : str
        Of a linear, binomial, fractional or cumulative model: “policy”, or a kind that the user names.
    composition : Composition or None
        Whose coordinates (ilr or alr) are among the predictors.
    """

    outcome: pd.Series[float]
    predictors: pd.DataFrame
    family: Family
    factors: tuple[tuple[str, ...], ...] = ()
    groups: pd.Series[str] | None = None
    sample: Sample | None = None
    free: tuple[str, ...] = ()
    random: pd.Series[str] | None = None
    slope: str = ""
    replicates: int = 0
    imputations: int = 0
    seed: int = 1
    level: float = 0.95
    errors: Requested = "policy"
    composition: Composition | None = None

    @property
    def link(self) -> Link:
        return "probit" if self.family == "probit" else "logit"

    @property
    def ordered(self) -> bool:
        return self.family in ("ordinal", "probit")


def refuse_combinations(asked: Asked) -> None:
    """Options that do not go together, all at once.

    Raises
    ------
    InputError
    """
    linear, problems = asked.family == "linear", []
    rules = [
        (asked.free and not asked.ordered, "free", "--free belongs to an ordinal or probit model.",
         "Leave --free out, or take --family ordinal."),
        (asked.random is not None and not linear, "random", "--random belongs to a linear model.",
         "Take --family linear, or --cluster for dependence within groups."),
        (asked.random is not None and (asked.groups is not None or asked.sample is not None), "random",
         "--random does not go together with --cluster, --weights, --strata or --fpc.", "Keep one of them."),
        (asked.slope and asked.random is None, "slope", "--slope needs the groups of --random.", "Name them."),
        (asked.replicates and not asked.ordered, "bootstrap", "--bootstrap belongs to an ordinal or probit model.",
         "Leave it out: the other families have errors that need none."),
        (asked.replicates and asked.free, "bootstrap", "--bootstrap does not go together with --free.", "Keep one."),
        (asked.ordered and asked.groups is not None and not asked.replicates and asked.errors == "policy", "cluster",
         "an ordinal model has no errors by group of its own.",
         "Add --bootstrap 1000, which draws whole groups, or --errors CR1 with forty groups or more."),
        (asked.family == "beta" and asked.groups is not None, "cluster", "beta regression has no errors by group.",
         "Take --family fractional."),
        (asked.sample is not None and asked.family not in ("linear", "binomial"), "weights",
         "--weights, --strata and --fpc belong to a linear or binomial model.", "Take one of these."),
        (asked.imputations and (asked.random is not None or asked.free or asked.replicates or asked.sample is not None
                                or asked.groups is not None), "impute",
         "--impute goes together with outcome, predictors, family and errors by row alone.", "Leave the other options out."),
        *errors_that_do_not_exist(asked),
    ]  # fmt: skip
    problems = [Problem(rule, message, fix, place=f"--{rule}") for wrong, rule, message, fix in rules if wrong]
    if problems:
        raise InputError(problems)
