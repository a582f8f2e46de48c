"""Standard errors that the user names: classical, HC0 to HC4 by row, CR0 to CR3 by group, each with its usual distribution.

Of a linear model classical errors and HC have t on n − k degrees of freedom; of the others they have the normal
distribution, as coeftest of R's lmtest. CR0 and CR1 have t on groups less one; CR2 and CR3 on Satterthwaite's degrees of
freedom, as coef_test of clubSandwich. CR1 is Stata's, which clubSandwich calls CR1S. k counts every parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np
import pandas as pd
from scipy.special import expit, stdtr, stdtrit

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import FOLLOWED, heteroskedastic
from clustergov.analysis.inference.heteroskedasticity import Kind as RowKind
from clustergov.analysis.inference.refusals import ExactFitError, NamedErrorsError
from clustergov.analysis.inference.regressors import Array, Codes, Regressors, coded, group_sums, regressors
from clustergov.analysis.inference.rows import cautions_of, rows_of
from clustergov.analysis.inference.sandwich import Sandwich, moments
from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import design as refuse
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.models.logit import LogitFit
from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.analysis.models.ordinal import OrdinalFit
from clustergov.analysis.models.wald import CONSTANT
from clustergov.language import Text, both, say

Kind = Literal["classical", "HC0", "HC1", "HC2", "HC3", "HC4", "CR0", "CR1", "CR2", "CR3"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BY_GROUP: tuple[Kind, ...] = ("CR0", "CR1", "CR2", "CR3")
SATTERTHWAITE: tuple[Kind, ...] = ("CR2", "CR3")
SUMS_ONLY: tuple[Kind, ...] = ("classical", "HC0", "HC1", "CR0", "CR1")
"""Those that need scores alone, and so exist where a model has no leverage."""

FEW_GROUPS = 40
"""Groups below which CR0 and CR1 are told to be too small (Cameron & Miller 2015, p. 319)."""

FEW_DF = 4.0
"""Tipton, E. (2015). Psychological Methods 20(3), 375–393, p. 383: below four, Satterthwaite's approximation is rough."""

ZERO = 1e-8
"""Share of the classical error below which an error by group is zero but for rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class NamedErrors:
    """A fit with the standard errors that were asked for.

    Attributes
    ----------
    kind : Kind
        Asked for by the user.
    outcome : str
    terms : tuple of str, length k
    constants : tuple of str
        “(constant)”, or the thresholds.
    estimates, standard_errors : array, shape (k,)
        Of the terms.
    parameters, deviations, freedom : array, shape (k + constants,)
        Terms first. `deviations` are standard errors, `freedom` the degrees of freedom of t, infinite for the normal distribution.
    covariance : array, shape (k + constants, k + constants)
    n, lost : int
        Rows used, and rows left out because a value is missing.
    groups : int
        0 where rows are taken as independent.
    reason : Text
        That they were asked for, and what they are.
    cautions : tuple of Text
    """

    kind: Kind
    outcome: str
    terms: tuple[str, ...]
    constants: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    parameters: Array
    deviations: Array
    freedom: Array
    covariance: Array
    n: int
    lost: int
    groups: int
    reason: Text
    cautions: tuple[Text, ...]

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """Interval of one predictor's coefficient."""
        at = self.terms.index(term)
        reach = float(stdtrit(self.freedom[at], 0.5 + level / 2)) * float(self.deviations[at])
        return Interval(float(self.parameters[at]) - reach, float(self.parameters[at]) + reach, level)

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per parameter: term, kind, method, estimate, standard_error, df, low, high, p."""
        reach = stdtrit(self.freedom, 0.5 + level / 2) * self.deviations
        kind = "constant" if self.constants == (CONSTANT,) else "threshold"
        return pd.DataFrame(
            {
                "term": [*self.terms, *self.constants],
                "kind": ["predictor"] * len(self.terms) + [kind] * len(self.constants), "method": self.kind,
                "estimate": self.parameters, "standard_error": self.deviations, "df": self.freedom,
                "low": self.parameters - reach, "high": self.parameters + reach,
                "p": 2 * stdtr(self.freedom, -np.abs(self.parameters / self.deviations)),
            }
        )  # fmt: skip

    def sentence(self, language: str, level: float = 0.95) -> str:
        """n, rows lost, every predictor with its interval, what the errors are, and the cautions."""
        said = [say("named_errors.head", language, n=self.n, lost=self.lost)]
        for row in self.frame(level).iloc[: len(self.terms)].to_dict("records"):
            told = {name: row[name] for name in ("term", "estimate", "low", "high", "p")}
            said.append(say("named_errors.term", language, level=level, **told))
        return " ".join([*said, self.reason.to(language), *(caution.to(language) for caution in self.cautions)])


def linear_errors(
    outcome: pd.Series[float], predictors: pd.DataFrame, kind: Kind, groups: pd.Series[str] | None = None
) -> NamedErrors:
    """Least squares with the errors named.

    Parameters
    ----------
    groups : Series, one index with the outcome
        For CR0 to CR3; not used by the others.

    Raises
    ------
    FitError
        The fit does not exist (see `design`), or these errors of it do not.
    """
    terms = tuple(map(str, predictors.columns))
    refuse(outcome, predictors)  # here the parts of a whole are still recognised, in their own units
    # In units of their own spread: a predictor in billions beside one in thousandths is no dependence.
    unit = predictors.std().replace(0, 1).fillna(1).to_numpy(dtype=np.float64)
    labels = groups.to_numpy(dtype=object) if groups is not None and kind in BY_GROUP else None
    X = predictors.to_numpy(dtype=np.float64) / unit
    rows = rows_of(np.asarray(outcome, dtype=np.float64), X, terms, labels, None, str(outcome.name))
    design = regressors(np.column_stack([rows.data.matrix, np.ones(rows.data.n)]))
    y = rows.data.outcome
    if design.follows(y):
        raise ExactFitError(rows.data.n)
    codes, count = (None, 0) if labels is None else coded(labels[rows.used].astype(str))
    residuals = design.residuals(y)
    dispersion = float(residuals @ residuals) / (design.n - design.k)
    covariance, sandwich = _covariance(design, residuals, kind, codes, count, dispersion)
    scale = np.append(1 / unit, 1.0)
    return _named(
        kind, str(outcome.name), terms, (CONSTANT,), design.coefficients(y) * scale,
        scale[:, None] * covariance * scale, _freedom(kind, design.n - design.k, count, sandwich, design.k),
        design.n, len(outcome) - design.n, count,
        (*cautions_of(rows, grouped=False, alone=False), *_followed(design, kind)),
        design.bread.diagonal() * dispersion * scale**2,
    )  # fmt: skip


def logit_errors(
    fit: LogitFit, outcome: pd.Series[float], predictors: pd.DataFrame, kind: Kind,
    groups: pd.Series[str] | None = None,
) -> NamedErrors:  # fmt: skip
    """The errors named for a binomial or fractional logit, by the least squares that it is at its estimates.

    Raises
    ------
    FitError
        These errors do not exist.
    """
    whole, codes, count = _rows(outcome, predictors, kind, groups)
    unit = predictors[whole].std().to_numpy(dtype=np.float64)
    raw = np.column_stack([predictors[whole].to_numpy(dtype=np.float64) / unit, np.ones(int(whole.sum()))])
    scale = np.append(1 / unit, 1.0)
    parameters = np.append(fit.estimates, fit.constant)
    mean = expit(raw @ (parameters / scale))
    y = outcome[whole].to_numpy(dtype=np.float64)
    y = (y == fit.categories[1]).astype(float) if fit.categories else y
    variances = mean * (1 - mean)
    root = np.sqrt(variances)
    design = regressors(raw * root[:, None])
    covariance, sandwich = _covariance(design, (y - mean) / root, kind, codes, count, 1.0, variances)
    return _named(
        kind, fit.outcome, fit.terms, (CONSTANT,), parameters, scale[:, None] * covariance * scale,
        _freedom(kind, np.inf, count, sandwich, design.k), fit.n, fit.lost, count, _followed(design, kind),
        design.bread.diagonal() * scale**2,
    )  # fmt: skip


def ordinal_errors(
    fit: OrdinalFit, outcome: pd.Series[float], predictors: pd.DataFrame, kind: Kind,
    groups: pd.Series[str] | None = None,
) -> NamedErrors:  # fmt: skip
    """The errors named for a cumulative link model: of those that need scores alone.

    Raises
    ------
    ValueError
        Another kind: a mistake of the caller.
    """
    if kind not in SUMS_ONLY:
        raise ValueError(f"an ordinal model has no {kind}")
    whole, codes, count = _rows(outcome, predictors, kind, groups)
    rows = OrderedRows.of(outcome.where(whole), predictors)
    likelihood, phi, _, _ = rows.maximum(fit.link)
    back = np.roll(rows.back(), len(fit.terms), axis=0)
    bread = np.linalg.inv(likelihood.information(phi))
    covariance = bread
    if kind != "classical":
        scores = likelihood.scores(phi)
        scores = scores if codes is None else group_sums(scores, codes, count)
        covariance = _factor(kind, rows.n, len(phi), count) * bread @ (scores.T @ scores) @ bread
    return _named(
        kind, fit.outcome, fit.terms, rows.names, np.append(fit.estimates, fit.thresholds), back @ covariance @ back.T,
        _freedom(kind, np.inf, count, None, len(phi)), fit.n, fit.lost, count, (),
        np.diag(back @ bread @ back.T),
    )  # fmt: skip


def _rows(
    outcome: pd.Series[float], predictors: pd.DataFrame, kind: Kind, groups: pd.Series[str] | None
) -> tuple[pd.Series[bool], Codes | None, int]:
    """The complete rows, and the group of each where the kind needs it."""
    whole = outcome.notna() & predictors.notna().all(axis=1)
    if groups is None or kind not in BY_GROUP:
        return whole, None, 0
    whole &= groups.notna()
    return whole, *coded(groups[whole].to_numpy(dtype=object).astype(str))


def _covariance(
    design: Regressors, residuals: Array, kind: Kind, codes: Codes | None, groups: int, dispersion: float,
    variances: Array | None = None,
) -> tuple[Array, Sandwich | None]:  # fmt: skip
    if kind == "classical":
        return dispersion * design.bread, None
    if kind not in BY_GROUP:
        followed = int((design.leverage > FOLLOWED).sum())
        if followed and kind in ("HC2", "HC3", "HC4"):
            raise NamedErrorsError("leverage", kind=kind, rows=followed)
        sandwich = heteroskedastic(design, cast(RowKind, kind))
        return sandwich.covariance(residuals), sandwich
    if codes is None:
        raise ValueError(f"{kind} needs groups")
    if groups < 2:
        raise NamedErrorsError("one group", kind=kind)
    named: Literal["CR0", "CR1S", "CR2", "CR3"] = {"CR0": "CR0", "CR1": "CR1S", "CR2": "CR2", "CR3": "CR3"}[kind]  # type: ignore[assignment]
    sandwich = cluster_robust(design, codes, groups, named, scale=variances)
    return sandwich.covariance(residuals), sandwich


def _factor(kind: Kind, n: int, k: int, groups: int) -> float:
    """Of finite samples, where there is no leverage."""
    return {"HC1": n / (n - k), "CR1": groups / max(groups - 1, 1) * (n - 1) / (n - k)}.get(kind, 1.0)


def _freedom(kind: Kind, residual: float, groups: int, sandwich: Sandwich | None, k: int) -> Array:
    if kind in SATTERTHWAITE and sandwich is not None:
        return np.array([each.df for each in moments(sandwich)])
    return np.full(k, groups - 1.0 if kind in BY_GROUP else residual)


def _followed(design: Regressors, kind: Kind) -> tuple[Text, ...]:
    rows = int((design.leverage > FOLLOWED).sum())
    return (both("named_errors.caution.leverage", rows=rows, kind=kind),) if rows and kind in ("HC0", "HC1") else ()


def _named(
    kind: Kind, outcome: str, terms: tuple[str, ...], constants: tuple[str, ...], parameters: Array, covariance: Array,
    freedom: Array, n: int, lost: int, groups: int, cautions: tuple[Text, ...], usual: Array,
) -> NamedErrors:  # fmt: skip
    """Put together; `usual` are the classical variances, beside which an error by group may turn out to be zero."""
    if groups == 1:
        raise NamedErrorsError("one group", kind=kind)
    errors, k = np.sqrt(np.diag(covariance)), len(terms)
    gone = (errors <= ZERO * np.sqrt(usual)) | ~np.isfinite(errors) | ~(freedom > 0)
    if gone.any():
        names = tuple(name for name, none in zip((*terms, *constants), gone, strict=True) if none)
        raise NamedErrorsError("nothing left", terms=names, kind=kind, groups=groups)
    few = tuple(term for term, df in zip(terms, freedom, strict=False) if kind in SATTERTHWAITE and df < FEW_DF)
    if few:
        cautions += (both("named_errors.caution.few df", terms=enumeration(few)),)
    if kind in ("CR0", "CR1") and groups < FEW_GROUPS:
        better = "few groups" if constants == (CONSTANT,) else "few groups, ordered"
        cautions += (both(f"named_errors.caution.{better}", groups=groups, kind=kind),)
    return NamedErrors(
        kind, outcome, terms, constants, parameters[:k], errors[:k], parameters, errors, freedom, covariance, n, lost,
        groups, both("named_errors.asked", what=_what(kind, freedom[:k], groups)), cautions,
    )  # fmt: skip


def _what(kind: Kind, freedom: Array, groups: int) -> Text:
    by = "groups" if kind in BY_GROUP else "normal" if np.isinf(freedom).any() else "residual"
    by = "satterthwaite" if kind in SATTERTHWAITE else by
    low, high = float(freedom.min()), float(freedom.max())
    distribution = both(f"named_errors.distribution.{by}", df=high, low=low, high=high)
    name = "information" if kind == "classical" and by == "normal" else kind
    return both(f"named_errors.what.{name}", distribution=distribution, groups=groups)
