"""Standard errors that are asked for by name: which exist for which model, and the model with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from clustergov.analysis.inference.named_errors import (
    BY_GROUP,
    KINDS,
    SUMS_ONLY,
    Kind,
    NamedErrors,
    linear_errors,
    logit_errors,
    ordinal_errors,
)
from clustergov.analysis.models.logit import LogitFit
from clustergov.analysis.models.ordinal import OrdinalFit
from clustergov.language import LANGUAGES, Text, both

if TYPE_CHECKING:
    from clustergov.analysis.models.asked import Asked

Requested = Literal["policy", "classical", "HC0", "HC1", "HC2", "HC3", "HC4", "CR0", "CR1", "CR2", "CR3"]
"""“policy”: the program chooses."""

Rule = tuple[bool, str, str, str]


def errors_that_do_not_exist(asked: Asked) -> tuple[Rule, ...]:
    """What does not go together: whether it holds, the option, what is wrong, what to do."""
    kind = asked.errors
    if kind == "policy":
        return ()
    own = asked.random is not None or asked.sample is not None or bool(asked.free) or asked.family == "beta"
    exist = available(asked.family)
    grouped = asked.groups is not None
    return (
        (own, "errors", f"--errors {kind} does not belong to this model, which has errors of its own "
         "(beta, --random, --free, --weights, --strata and --fpc do).", "Leave --errors out."),
        (not own and kind not in exist, "errors", f"{kind} does not exist for --family {asked.family}: it has "
         f"{', '.join(exist)}.", "Name one of these, or leave --errors out."),
        (kind in BY_GROUP and not grouped and asked.sample is None, "errors", f"{kind} needs groups.",
         "Name their column in --cluster."),
        (kind not in BY_GROUP and grouped, "errors", f"{kind} takes rows as independent, and --cluster says that they are not.",
         "Take CR2 with few groups, or leave --cluster out."),
    )  # fmt: skip


def available(family: str) -> tuple[Kind, ...]:
    """The errors that exist for a family. A cumulative model has no leverage; a share's variance is not known."""
    if family in ("ordinal", "probit"):
        return SUMS_ONLY
    if family == "fractional":
        return tuple(kind for kind in KINDS if kind != "classical")
    return () if family == "beta" else KINDS


def with_errors(asked: Asked, fit: Any) -> tuple[NamedErrors, Any]:
    """The fit told with the errors asked for, and the fit itself with their covariance, for what follows from it.

    Raises
    ------
    FitError
        These errors do not exist for these data.
    """
    assert asked.errors != "policy"
    y, X, kind, groups = asked.outcome, asked.predictors, asked.errors, asked.groups
    if isinstance(fit, OrdinalFit):
        told = ordinal_errors(fit, y, X, kind, groups)
        k = len(fit.terms)
        told = replace(told, cautions=(*fit.cautions, *told.cautions))
        return told, replace(fit, covariance=told.covariance, standard_errors=told.deviations[:k],
                             threshold_errors=told.deviations[k:])  # fmt: skip
    if isinstance(fit, LogitFit):
        told = logit_errors(fit, y, X, kind, groups)
        told = replace(told, cautions=(*fit.cautions, *told.cautions))
        return told, replace(fit, covariance=told.covariance, standard_errors=told.deviations[:-1],
                             constant_error=float(told.deviations[-1]), df=float(np.min(told.freedom)))  # fmt: skip
    raise ValueError("only a logit or a cumulative model is fitted first")


def linear(asked: Asked, own: Text) -> NamedErrors:
    """Least squares with the errors asked for; `own` is the reason of what the program would have chosen.

    Raises
    ------
    FitError
        As `linear_errors`.
    """
    assert asked.errors != "policy"
    told = linear_errors(asked.outcome, asked.predictors, asked.errors, asked.groups)
    beside = both("named_errors.own", reason=own)
    return replace(told, reason=Text({each: f"{told.reason.to(each)} {beside.to(each)}" for each in LANGUAGES}))
