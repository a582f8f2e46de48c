"""A check of common-method variance with a marker variable: it can show trouble, it never shows absence.

Williams, L. J., Hartman, N. & Cavazotte, F. (2010). Method variance and marker variables: a review and comprehensive CFA
marker technique. Organizational Research Methods 13, 477–514. A marker is a variable that theory ties to none of the
factors and that was answered in the same way. That one factor does not fit, which is known as Harman's test, shows
nothing about method variance and is not offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from clustergov.analysis.scales.confirmatory.factor_model import Estimator, FactorModel
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.fitting import Prepared, fitted, prepare
from clustergov.analysis.scales.confirmatory.model_syntax import Operator, Setting, Term, read_model
from clustergov.analysis.scales.confirmatory.nested import Difference, difference
from clustergov.analysis.scales.confirmatory.parameter_table import variables
from clustergov.language import say

Array = NDArray[np.float64]
Name = Literal["cfa", "baseline", "method-C", "method-U", "method-R"]

ALPHA = 0.05
"""Level at which unequal method loadings (method-U) are kept instead of equal ones; the authors' own."""


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """One model of the marker check, and what it is tested against."""

    name: Name
    model: FactorModel
    against: Name | None
    difference: Difference | None


@dataclass(frozen=True, slots=True, eq=False)
class MarkerCheck:
    """Models with a marker, and correlations of the factors' scores with it partialled out.

    Attributes
    ----------
    markers : tuple of str
    models : tuple of Marked
        cfa, baseline (marker apart from the factors, its own parameters kept), method-C (equal method loadings of all
        items), method-U (unequal ones), method-R (factor correlations kept at the baseline's).
    kept : {"method-C", "method-U"}
        Whose method loadings method-R restricts.
    correlations : DataFrame
        One row per pair of factors: first, second, correlation, adjusted, t, df, p, low, high of mean scores, adjusted for
        the marker after Lindell, M. K. & Whitney, D. J. (2001). Journal of Applied Psychology 86, 114–121, eq. 4–5.
    reference : float
        The marker's correlation that is partialled out: the smallest in size with any factor's score.
    """

    markers: tuple[str, ...]
    models: tuple[Marked, ...]
    kept: Name
    correlations: pd.DataFrame
    reference: float

    def frame(self) -> pd.DataFrame:
        """One row per model: model, chi_square, df, cfi, rmsea, against, difference, difference_df, difference_p."""
        rows = []
        for found in self.models:
            gap = found.difference.test if found.difference else None
            test, indices = found.model.judged, found.model.indices
            rows.append((found.name, test.chi_square, test.df, indices.cfi, indices.rmsea, found.against or "",
                         gap.chi_square if gap else np.nan, gap.df if gap else None, gap.p if gap else np.nan))  # fmt: skip
        return pd.DataFrame(rows, columns=[
            "model", "chi_square", "df", "cfi", "rmsea", "against", "difference", "difference_df", "difference_p",
        ]).astype({"difference_df": "Int64"})  # fmt: skip

    def sentence(self, language: str) -> str:
        first = self.models[0].model
        told = [say("confirmatory.marker.intro", language, n=first.n, lost=first.lost, markers=", ".join(self.markers))]
        for found in self.models:
            if found.difference and (test := found.difference.test):
                told.append(say(f"confirmatory.marker.{found.name}", language, against=found.against, chi=test.chi_square,
                                df=test.df, p=test.p))  # fmt: skip
        if len(self.correlations):
            change = (self.correlations["adjusted"] - self.correlations["correlation"]).abs().max()
            told.append(say("confirmatory.marker.partial", language, reference=self.reference, change=change))
        return " ".join([*told, say("confirmatory.marker.limit", language)])


def marker_check(
    model: str | Sequence[Term],
    values: pd.DataFrame,
    markers: Sequence[str],
    *,
    estimator: Estimator = "ML",
    file: str = "",
) -> MarkerCheck:
    """Fit the models of the marker technique one after the other.

    Factor variances are 1. A single marker is taken as free of error, so that its method variance is rather over- than
    understated.

    Raises
    ------
    InputError
        The model cannot be read.
    ModelError
        A marker is an item of the model, or one of the models cannot be fitted.
    """
    terms = read_model(model, file=file) if isinstance(model, str) else tuple(model)
    items, factors = variables(terms)
    if inside := tuple(marker for marker in markers if marker in items):
        raise ModelError("no marker", terms=inside)
    method = _unused("Method", (*items, *factors, *map(str, markers)))
    whole = (*terms, *(_term(method, "=~", marker) for marker in markers))
    prepared = prepare(whole, values, estimator=estimator)

    def fit(given: Sequence[Term]) -> FactorModel:
        return fitted(given, prepared, std_lv=True)

    free = fit(whole)
    apart = _apart(terms, factors, method, markers, free)
    baseline = fit(apart)
    common = [*apart, *(_term(method, "=~", item, "common") for item in items)]
    equal, unequal = fit(common), fit([*apart, *(_term(method, "=~", item) for item in items)])
    by_kind = difference(unequal, equal, prepared)
    kept: Name = "method-U" if by_kind.test and by_kind.test.p < ALPHA else "method-C"
    chosen = [*apart, *(_term(method, "=~", item, *(["common"] if kept == "method-C" else [])) for item in items)]
    restricted = fit(_with_correlations(chosen, factors, baseline))
    wide = unequal if kept == "method-U" else equal
    models = (
        Marked("cfa", free, None, None),
        Marked("baseline", baseline, None, None),
        Marked("method-C", equal, "baseline", difference(equal, baseline, prepared)),
        Marked("method-U", unequal, "method-C", by_kind),
        Marked("method-R", restricted, kept, difference(wide, restricted, prepared)),
    )
    table, reference = _partial(free, prepared, factors, method)
    return MarkerCheck(tuple(map(str, markers)), models, kept, table, reference)


def _unused(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _term(left: str, operator: Operator, right: str, *settings: Setting) -> Term:
    return Term(left, operator, right, tuple((setting,) for setting in settings), 0, 0)


def _apart(
    terms: Sequence[Term], factors: Sequence[str], method: str, markers: Sequence[str], free: FactorModel
) -> list[Term]:
    """The baseline: the marker uncorrelated with the factors, its loadings and residuals as estimated."""
    at = {(p.left, p.operator, p.right): float(v) for p, v in zip(free.table.parameters, free.estimates, strict=True)}
    known = {(t.left, t.right) for t in terms if t.operator == "~~"}
    apart = list(terms)
    apart += [_term(method, "=~", marker, at[method, "=~", marker]) for marker in markers]
    if not free.table.thresholds:
        apart += [_term(m, "~~", m, at[m, "~~", m]) for m in markers if (m, m) not in known]
    outer = [f for f in factors if (f, "~~", method) in at or (method, "~~", f) in at]
    return apart + [_term(factor, "~~", method, 0.0) for factor in outer]


def _with_correlations(terms: Sequence[Term], factors: Sequence[str], baseline: FactorModel) -> list[Term]:
    """Every free covariance of two factors fixed where the baseline has it."""
    fixed = {
        frozenset((p.left, p.right)): float(v)
        for p, v in zip(baseline.table.parameters, baseline.estimates, strict=True)
        if p.operator == "~~" and p.left != p.right and {p.left, p.right} <= set(factors) and p.free >= 0
    }
    kept = [t for t in terms if not (t.operator == "~~" and frozenset((t.left, t.right)) in fixed)]
    return kept + [_term(a, "~~", b, fixed[frozenset((a, b))]) for a, b in combinations(factors, 2) if frozenset((a, b)) in fixed]  # fmt: skip


def _partial(free: FactorModel, prepared: Prepared, factors: Sequence[str], method: str) -> tuple[pd.DataFrame, float]:
    """Lindell and Whitney's correlations of mean scores, items turned by the sign of their loading."""
    rows = np.concatenate(prepared.data.rows)
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    place = {item: j for j, item in enumerate(prepared.data.items)}
    signs: dict[str, list[tuple[int, float]]] = {}
    for p, value in zip(free.table.parameters, free.estimates, strict=True):
        if p.operator == "=~" and p.right in place:
            signs.setdefault(p.left, []).append((place[p.right], float(np.sign(value))))
    scored = [f for f in factors if f in signs]
    scores = np.column_stack([sum(z[:, j] * sign for j, sign in signs[f]) for f in (*scored, method)])
    R, n = np.corrcoef(scores.T), len(rows)
    with_marker = R[-1, :-1]
    reference = float(with_marker[np.abs(with_marker).argmin()])
    first, second = np.triu_indices(len(scored), 1)
    r = R[first, second]
    adjusted = (r - reference) / (1 - reference)
    df = n - 3
    t = adjusted / np.sqrt((1 - adjusted**2) / df)
    reach = float(ndtri(0.975)) / np.sqrt(n - 4)
    table = pd.DataFrame(
        {
            "first": [scored[i] for i in first], "second": [scored[i] for i in second], "correlation": r,
            "adjusted": adjusted, "t": t, "df": df, "p": 2 * stdtr(df, -np.abs(t)),
            "low": np.tanh(np.arctanh(adjusted) - reach), "high": np.tanh(np.arctanh(adjusted) + reach),
        }
    )  # fmt: skip
    return table, reference
