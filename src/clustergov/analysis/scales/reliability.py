"""Internal consistency: Cronbach's alpha with Feldt's interval, item–rest correlations, Spearman–Brown for two items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import fdtri

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import enumeration
from clustergov.instruments.questionnaire import Construct, Questionnaire, Scale, Variable
from clustergov.instruments.rules.constructs import item_range
from clustergov.language import Text, both, say
from clustergov.survey.responses import Responses

if TYPE_CHECKING:
    from clustergov.analysis.scales.omega import OmegaTotal

Array = NDArray[np.float64]

LEAST_COMPLETE = 10
"""Respondents with an answer to every item below which nothing is computed; own choice, below it intervals are void."""

LEAST_ITEMS = 3
"""Items of an array from which on it is taken for a scale."""

MOST_UNLISTED = 0.05
"""Share of answers outside the scale above which the rest is a selection; own choice."""

Cause = Literal["items", "order", "answers", "variance", "unlisted"]


@dataclass(frozen=True, slots=True)
class Reliability:
    """Internal consistency of one scale in one sample.

    Attributes
    ----------
    scale : str
        Code of the question or construct.
    label : Text
        Its words.
    items : tuple of str
        The k variables used, in questionnaire order.
    reversed : tuple of str
        Those that the scoring key turns; turned before anything is computed. No other is ever turned.
    n, lost : int
        Respondents with all k answers; those with some of them but not all.
    alpha : float
        Cronbach's alpha, at most 1; negative when items disagree. Cronbach, L. J. (1951). Coefficient alpha and the
        internal structure of tests. Psychometrika 16, 297–334, eq. 2.
    interval : Interval
        Feldt, L. S., Woodruff, D. J. & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
        Psychological Measurement 11, 93–103.
    means, deviations : tuple of float, length k
        Mean and standard deviation of each item, 1 for the least answer.
    item_rest : tuple of float, length k
        Pearson's correlation of each item with the sum of the others.
    alpha_if_deleted : tuple of float, length k
        NaN with two items.
    spearman_brown : float or None
        2r / (1 + r), with two items only. Eisinga, R. et al. (2013). International Journal of Public Health 58, 637–642.
    cautions : tuple of Text
    omega : OmegaTotal or None
        On the same answers; None until `consistency.with_omega` adds it, and with two items.
    """

    scale: str
    label: Text
    items: tuple[str, ...]
    reversed: tuple[str, ...]
    n: int
    lost: int
    alpha: float
    interval: Interval
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    item_rest: tuple[float, ...]
    alpha_if_deleted: tuple[float, ...]
    spearman_brown: float | None
    cautions: tuple[Text, ...]
    omega: OmegaTotal | None = None

    def frame(self) -> pd.DataFrame:
        """One row per item: scale, item, reversed, n, mean, sd, item_rest, alpha_if_deleted."""
        return pd.DataFrame(
            {
                "scale": self.scale, "item": self.items, "reversed": [item in self.reversed for item in self.items],
                "n": self.n, "mean": self.means, "sd": self.deviations, "item_rest": self.item_rest,
                "alpha_if_deleted": self.alpha_if_deleted,
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        sentences = [say("reliability.alpha", language, label=_named(self.label, self.scale, language), alpha=self.alpha, level=self.interval.level,
                         low=self.interval.low, high=self.interval.high, k=len(self.items), n=self.n,
                         lost=self.lost)]  # fmt: skip
        if self.spearman_brown is not None:
            sentences.append(say("reliability.spearman brown", language, value=self.spearman_brown))
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


@dataclass(frozen=True, slots=True)
class NotComputed:
    """A scale whose reliability was not computed, and why.

    Attributes
    ----------
    scale : str
        Code of the question or construct.
    cause : {"items", "order", "answers", "variance", "unlisted"}
        Fewer than three items; no ordered scale; too few complete answers; an item without variance; answers that the
        scale does not list, as after recoding, so that the others are a selection.
    """

    scale: str
    label: Text
    items: tuple[str, ...]
    cause: Cause
    reason: Text

    def sentence(self, language: str) -> str:
        return f"{_named(self.label, self.scale, language)}: {self.reason.to(language)}"


def _named(label: Text, scale: str, language: str) -> str:
    """Several arrays of one questionnaire often share their words: the code tells them apart."""
    words = label.to(language)
    return words if words == scale else f"{words} ({scale})"


def alpha(X: Array) -> float:
    """Cronbach's alpha of answers (n, k) without gaps; NaN when the sum does not vary."""
    if X.shape[1] < 2 or not X.sum(axis=1).var(ddof=1) > 0:
        return np.nan
    # Here and not above: it takes seconds to import, and a study is checked before anything is computed.
    import pingouin

    # Only the value: pingouin rounds its (Feldt's) interval to three decimals.
    return float(pingouin.cronbach_alpha(data=pd.DataFrame(X))[0])


def standardised_alpha(X: Array) -> float:
    """Alpha of answers (n, k) brought to one standard deviation: k r̄ / (1 + (k − 1) r̄) of the mean correlation r̄."""
    k = X.shape[1]
    R = np.corrcoef(X, rowvar=False)
    mean = float((R.sum() - k) / (k * (k - 1)))
    return float(k * mean / (1 + (k - 1) * mean))


def feldt(value: float, n: int, k: int, level: float = 0.95) -> Interval:
    """Feldt's interval of alpha from n respondents and k items."""
    tail, df1, df2 = (1 - level) / 2, n - 1, (n - 1) * (k - 1)
    high_f, low_f = float(fdtri(df1, df2, 1 - tail)), float(fdtri(df1, df2, tail))
    return Interval(1 - (1 - value) * high_f, 1 - (1 - value) * low_f, level)


def reliability(
    values: pd.DataFrame, *, scale: str, label: Text, turned: Sequence[str] = (), level: float = 0.95
) -> Reliability | NotComputed:
    """Internal consistency of the columns of `values`, one per item, on the respondents who answered all of them.

    Parameters
    ----------
    values : DataFrame of float
        A higher value means more; those named in `turned` were turned already. Columns without any answer are left
        out, and that is told.
    """  # fmt: skip
    answered = values.loc[:, values.notna().any()]
    cautions = []
    if unused := tuple(str(name) for name in values if name not in answered):
        cautions.append(both("reliability.caution.left out", items=enumeration(unused)))
    items = tuple(str(name) for name in answered)

    def not_computed(cause: Cause, **fields: object) -> NotComputed:
        return NotComputed(scale, label, items, cause, both(f"reliability.not computed.{cause}", **fields))

    if len(items) < 2:
        return not_computed("items", k=len(items), needed=2)
    whole = answered.dropna()
    X, n, k = whole.to_numpy(dtype=float), len(whole), len(items)
    if n < LEAST_COMPLETE:
        return not_computed("answers", n=n, needed=LEAST_COMPLETE)
    if constant := tuple(item for item, column in zip(items, X.T, strict=True) if np.ptp(column) == 0):
        return not_computed("variance", items=enumeration(constant))
    value = alpha(X)
    if np.isnan(value):
        return not_computed("variance", items=enumeration(items))
    rest = X.sum(axis=1, keepdims=True) - X
    item_rest = tuple(_correlation(X[:, j], rest[:, j]) for j in range(k))
    if negative := tuple(item for item, r in zip(items, item_rest, strict=True) if r < 0):
        cautions.append(both("reliability.caution.negative", items=enumeration(negative)))
    if value < 0:
        cautions.append(both("reliability.caution.below zero"))
    return Reliability(
        scale, label, items, tuple(turned), n, int(answered.notna().any(axis=1).sum()) - n, value,
        feldt(value, n, k, level), tuple(map(float, X.mean(axis=0))), tuple(map(float, X.std(axis=0, ddof=1))),
        item_rest, tuple(alpha(np.delete(X, j, axis=1)) for j in range(k)),
        2 * item_rest[0] / (1 + item_rest[0]) if k == 2 else None, tuple(cautions),
    )  # fmt: skip


def _correlation(a: Array, b: Array) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if np.ptp(b) > 0 else np.nan


def reliability_of_arrays(responses: Responses, *, level: float = 0.95) -> tuple[Reliability | NotComputed, ...]:
    """Each array of at least three items that share one ordered scale; for every other array the reason why not.

    An array with several scales (dual-scale arrays have two) yields one result per scale.
    """
    results: list[Reliability | NotComputed] = []
    for question in responses.questionnaire.questions:
        if question.kind != "array":
            continue
        groups = _by_scale(responses.questionnaire, question.code)
        for name, variables in groups.items():
            code = question.code if len(groups) == 1 else f"{question.code} ({name})"
            results.append(_of_array(code, question.text, variables, responses, level))
    return tuple(results)


def _by_scale(questionnaire: Questionnaire, question: str) -> dict[str, list[Variable]]:
    groups: dict[str, list[Variable]] = {}
    for variable in questionnaire.of(question):
        if variable.kind == "choice":
            name = (variable.item.scale if variable.item else "") or variable.question.scale
            groups.setdefault(name, []).append(variable)
    return groups


def _of_array(
    code: str, label: Text, variables: list[Variable], responses: Responses, level: float
) -> Reliability | NotComputed:
    names = tuple(variable.name for variable in variables)
    scale = variables[0].scale
    if scale is None or not scale.ordered:
        return NotComputed(code, label, names, "order", both(f"reliability.not computed.{_orderless(scale)}"))
    values = pd.DataFrame({name: responses.values(name) for name in names})
    answered = int(values.notna().any().sum())
    if answered < LEAST_ITEMS:
        reason = both("reliability.not computed.items", k=answered, needed=LEAST_ITEMS)
        return NotComputed(code, label, names, "items", reason)
    return _with_unlisted(reliability(values, scale=code, label=label, level=level), values, responses)


def _with_unlisted(
    found: Reliability | NotComputed, values: pd.DataFrame, responses: Responses
) -> Reliability | NotComputed:
    """Refuse a scale many of whose answers are not listed, tell of a few."""
    unlisted = int(responses.unlisted["variable"].isin(values.columns).sum())
    total = unlisted + int(values.notna().to_numpy().sum())
    if not unlisted or isinstance(found, NotComputed):
        return found
    if unlisted > MOST_UNLISTED * total:
        reason = both("reliability.not computed.unlisted", unlisted=unlisted, total=total, most=MOST_UNLISTED)
        return NotComputed(found.scale, found.label, found.items, "unlisted", reason)
    caution = both("reliability.caution.unlisted", unlisted=unlisted, total=total)
    return replace(found, cautions=(*found.cautions, caution))


def _orderless(scale: Scale | None) -> str:
    return "order unknown" if scale is None else "order"


def reliability_of_constructs(responses: Responses, *, level: float = 0.95) -> tuple[Reliability | NotComputed, ...]:
    """Each construct of the questionnaire, items turned as its scoring key says."""
    return tuple(_of_construct(construct, responses, level) for construct in responses.questionnaire.constructs)


def _of_construct(construct: Construct, responses: Responses, level: float) -> Reliability | NotComputed:
    limits = {name: item_range(responses.variable(name)) for name in construct.items}
    if None in limits.values():
        reason = both("reliability.not computed.order")
        return NotComputed(construct.code, construct.title, construct.items, "order", reason)
    values = item_values(responses, construct)
    found = reliability(values, scale=construct.code, label=construct.title, turned=construct.reversed, level=level)
    found = _with_unlisted(found, values, responses)
    if isinstance(found, Reliability) and len(set(limits.values())) > 1:
        return replace(found, cautions=(*found.cautions, both("reliability.caution.ranges")))
    return found


def item_values(responses: Responses, scale: Construct | Reliability) -> pd.DataFrame:
    """Answers to the items of a scale, turned where it says so: lowest plus highest possible answer minus the answer."""
    values = pd.DataFrame({name: responses.values(name) for name in scale.items})
    for name in scale.reversed:
        low, high = item_range(responses.variable(name)) or (np.nan, np.nan)
        values[name] = low + high - values[name]
    return values


def summary(results: Sequence[Reliability | NotComputed]) -> pd.DataFrame:
    """One row per scale.

    Columns scale, items, n, lost, alpha, low, high, level, spearman_brown, cause ("" when computed), omega, omega_low,
    omega_high (empty unless `consistency.with_omega` added them).
    """
    return pd.DataFrame(list(_summary_rows(results)), columns=[
        "scale", "items", "n", "lost", "alpha", "low", "high", "level", "spearman_brown", "cause",
        "omega", "omega_low", "omega_high",
    ]).astype({"n": "Int64", "lost": "Int64"})  # fmt: skip


def _summary_rows(results: Sequence[Reliability | NotComputed]) -> Iterator[tuple[object, ...]]:
    for found in results:
        if isinstance(found, NotComputed):
            gaps = (np.nan,) * 5
            yield (found.scale, len(found.items), None, None, *gaps, found.cause, *gaps[:3])
        else:
            interval, brown = found.interval, found.spearman_brown
            yield (found.scale, len(found.items), found.n, found.lost, found.alpha, interval.low, interval.high,
                   interval.level, np.nan if brown is None else brown, "", *_omega_cells(found))  # fmt: skip


def _omega_cells(found: Reliability) -> tuple[float, float, float]:
    if found.omega is None:
        return (np.nan, np.nan, np.nan)
    interval = found.omega.interval
    return (found.omega.omega, *((interval.low, interval.high) if interval else (np.nan, np.nan)))
