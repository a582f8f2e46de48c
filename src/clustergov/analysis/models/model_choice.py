"""One model as it was asked for: outcome, predictors and family in; fit, tests and cautions beside it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from clustergov.analysis.inference.named_errors import BY_GROUP
from clustergov.analysis.models.asked import Asked, Family, refuse_combinations
from clustergov.analysis.models.beta import beta_regression
from clustergov.analysis.models.composition import Composition
from clustergov.analysis.models.design import FitError, design, enumeration
from clustergov.analysis.models.logit import binomial_logit, fractional_logit
from clustergov.analysis.models.marginal_effects import MarginalEffects, marginal_effects
from clustergov.analysis.models.mixed import mixed_model
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.analysis.models.ordinal_bootstrap import OrdinalBootstrap, ordinal_bootstrap
from clustergov.analysis.models.partial_proportional_odds import partial_proportional_odds
from clustergov.analysis.models.proportional_odds import ProportionalOdds, proportional_odds
from clustergov.analysis.models.requested_errors import linear, with_errors
from clustergov.language import LANGUAGES, Text, both
from clustergov.problems import InputError, Problem
from clustergov.spread import Spread
from clustergov.spread.threads import one_thread

MUCH_MISSING = 0.3
"""Fraction of missing information above which intervals after predictive mean matching are told to be a little too narrow."""


@dataclass(frozen=True, slots=True, eq=False)
class Modelled:
    """What came of it.

    Attributes
    ----------
    family : str
    fit : any fit of this room, or an Inference, or a DesignedFit
    table : DataFrame
        term, estimate, standard_error, low, high, p.
    odds : ProportionalOdds or None
    effects : MarginalEffects or None
    bootstrap : OrdinalBootstrap or None
    pooled : Pooled or None
        Over imputed tables; the fit beside it is that of complete cases.
    imputation : tuple of Text
        What was filled in, and whether the chains came together.
    parts : DataFrame or None
        Of a composition: part, estimate, standard_error, low, high, per doubling of its ratio to the other parts.
    missing : mapping of str to Text
        What could not be computed beside the fit, and why.
    """

    family: Family
    fit: Any
    table: pd.DataFrame
    odds: ProportionalOdds | None = None
    effects: MarginalEffects | None = None
    bootstrap: OrdinalBootstrap | None = None
    pooled: Any = None
    imputation: tuple[Text, ...] = ()
    parts: pd.DataFrame | None = None
    missing: Mapping[str, Text] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """The fit, what stands beside it, and what could not."""
        beside = (self.odds, self.effects, self.bootstrap, self.pooled)
        told = [self.fit.sentence(language), *(one.sentence(language) for one in beside if one is not None)]
        return " ".join(
            [
                *told,
                *(note.to(language) for note in self.imputation),
                *(reason.to(language) for reason in self.missing.values()),
            ]
        )


def fitted(asked: Asked, how: Spread | None = None) -> Modelled:
    """Fit the model, and what belongs beside it: proportional odds, marginal effects, bootstrap, imputation.

    Raises
    ------
    FitError
        The model itself cannot be fitted.
    InputError
        Options that do not go together, or a sampling design that is not right.
    """
    refuse_combinations(asked)
    with one_thread():  # many small matrices: several threads only get in each other's way
        return _modelled(asked, how)


def _modelled(asked: Asked, how: Spread | None) -> Modelled:
    if asked.errors in BY_GROUP and asked.groups is not None:  # a row without a group is not complete
        asked = replace(asked, outcome=asked.outcome.mask(asked.groups.isna()))
    told, fit = _told(asked)
    missing: dict[str, Text] = {}
    odds = effects = bootstrap = pooled = None
    notes: tuple[Text, ...] = ()
    if asked.ordered:
        try:
            odds = None if asked.free else proportional_odds(asked.outcome, asked.predictors, link=asked.link)
        except FitError as failure:
            missing["proportional odds"] = failure.reason
    if asked.family != "linear" and asked.sample is None:
        outcome = asked.outcome if asked.groups is None or asked.ordered else asked.outcome.mask(asked.groups.isna())
        effects = marginal_effects(fit, outcome, asked.predictors, factors=asked.factors)
    if asked.replicates:
        bootstrap = ordinal_bootstrap(asked.outcome, asked.predictors, replicates=asked.replicates, seed=asked.seed,
                                      link=asked.link, groups=asked.groups, how=how)  # fmt: skip
    if asked.imputations:
        pooled, notes = _pooled(asked)
    parts = _parts(asked, asked.composition) if asked.composition is not None and not asked.free else None
    return Modelled(
        asked.family, told, _table(told, asked.level), odds, effects, bootstrap, pooled, notes, parts, missing
    )


def _parts(asked: Asked, whole: Composition) -> pd.DataFrame:
    """One fit for each part, with that part as the pivot, so that every family's own errors hold for it."""
    rows = []
    for part in whole.parts:
        turned = whole.turned(part)
        X = pd.concat([asked.predictors.drop(columns=list(whole.coordinates.columns)), turned], axis=1)
        table = _table(_told(replace(asked, predictors=X))[0], asked.level).set_index("term")
        row = table.loc[str(turned.columns[0]), ["estimate", "standard_error", "low", "high"]] * whole.doubling
        rows.append({"part": part, **row.to_dict()})
    return pd.DataFrame(rows)


def _told(asked: Asked) -> tuple[Any, Any]:
    """The fit as it is told, and as marginal effects follow from it; one and the same unless errors are asked for."""
    fit = _fit(asked)
    return (fit, fit) if asked.errors == "policy" or asked.family == "linear" else with_errors(asked, fit)


def _fit(asked: Asked) -> Any:
    y, X = asked.outcome, asked.predictors
    groups = asked.groups if asked.errors == "policy" else None
    if asked.family == "linear":
        return _linear(asked)
    if asked.sample is not None:
        from clustergov.analysis.sampling.design_based_models import designed_logit

        return designed_logit(_zero_one(y), X, sample=asked.sample)
    if asked.free:
        return partial_proportional_odds(y, X, free=asked.free, link=asked.link)
    if asked.ordered:
        return cumulative_logit(y, X, link=asked.link)
    if asked.family == "binomial":
        return binomial_logit(y, X, groups=groups)
    return fractional_logit(y, X, groups=groups) if asked.family == "fractional" else beta_regression(y, X)


def _linear(asked: Asked) -> Any:
    y, X = asked.outcome, asked.predictors
    if asked.random is not None:
        return mixed_model(y, X, asked.random, slope=asked.slope)
    if asked.sample is not None:
        from clustergov.analysis.sampling.design_based_models import designed_linear

        return designed_linear(y, X, sample=asked.sample)
    return _by_policy(asked) if asked.errors == "policy" else linear(asked, _by_policy(asked).reason)


def _by_policy(asked: Asked) -> Any:
    from clustergov.analysis.inference.policy import infer

    y, X = asked.outcome, asked.predictors
    design(y, X)  # here the parts of a whole are still recognised, in their own units
    groups = None if asked.groups is None else asked.groups.to_numpy(dtype=object)
    # In units of their own spread: a predictor in billions beside one in thousandths is no dependence.
    unit = X.std().replace(0, 1).fillna(1).to_numpy(dtype=np.float64)
    found = infer(np.asarray(y, dtype=np.float64), X.to_numpy(dtype=np.float64) / unit, tuple(map(str, X.columns)), groups,
                  level=asked.level, outcome=str(y.name))  # fmt: skip
    return replace(found, estimates=found.estimates / unit, standard_errors=found.standard_errors / unit,
                   low=found.low / unit, high=found.high / unit)  # fmt: skip


def _zero_one(y: pd.Series[float]) -> pd.Series[float]:
    values = np.unique(y.dropna())
    if len(values) != 2:
        raise FitError("not two values", term=str(y.name), values=len(values))
    return pd.Series(np.where(y.isna(), np.nan, y == values[1]), index=y.index, name=y.name)


def _pooled(asked: Asked) -> tuple[Any, tuple[Text, ...]]:
    """Estimates over the completed tables; what was filled in, and whether the chains came together."""
    from clustergov.analysis.missing.chains import impute
    from clustergov.analysis.missing.convergence import convergence
    from clustergov.analysis.missing.pooling import pool_fits

    whole = pd.concat([asked.outcome, asked.predictors], axis=1)
    labels = [name for factor in asked.factors for name in factor]
    if asked.predictors[labels].isna().any(axis=None):
        raise InputError(Problem("impute", "a predictor with labels has missing values, which are not imputed here.",
                                 "Leave it out, or code it as numbers first."))  # fmt: skip
    if not whole.isna().any(axis=None):
        raise InputError(Problem("impute", "no value is missing in outcome and predictors.", "Leave --impute out."))
    imputed = impute(whole, m=asked.imputations, iterations=20, seed=asked.seed)
    if np.isnan(imputed.values).any():
        raise InputError(Problem("impute", f"some values could not be filled. {imputed.sentence('en')}",
                                 "Leave out columns that are constant or that others determine."))  # fmt: skip
    name = asked.outcome.name
    fits = [_one_of(asked, frame[name], frame.drop(columns=name)) for frame in imputed.frames()]
    chains = convergence(imputed)
    notes = tuple(Text({each: told.sentence(each) for each in LANGUAGES}) for told in (imputed, chains))
    if asked.family == "linear":
        notes += (both("named_errors.pooled", kind="HC3" if asked.errors == "policy" else asked.errors),)
    pooled = pool_fits(fits)
    much = tuple(term for term, share in zip(pooled.terms, pooled.fmi, strict=True) if share > MUCH_MISSING)
    if much:
        notes += (both("named_errors.much missing", terms=enumeration(much), share=MUCH_MISSING),)
    return pooled, notes


def _one_of(asked: Asked, outcome: pd.Series[float], predictors: pd.DataFrame) -> Any:
    if asked.errors != "policy":
        return _told(Asked(outcome, predictors, asked.family, errors=asked.errors))[0]
    if asked.family == "linear":
        from clustergov.analysis.models.linear import linear_model

        return linear_model(outcome, predictors)
    return _fit(Asked(outcome, predictors, asked.family))


def _table(fit: Any, level: float) -> pd.DataFrame:
    """The fit's own table; an Inference has its level in it."""
    from clustergov.analysis.inference.inference import Inference

    table: pd.DataFrame = fit.frame() if isinstance(fit, Inference) else fit.frame(level)
    return table
