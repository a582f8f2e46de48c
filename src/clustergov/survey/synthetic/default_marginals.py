"""Distributions that nobody declared: every answer possible, the middle of an ordered scale more often than its ends."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from clustergov.instruments.questionnaire import Variable
from clustergov.survey.synthetic.marginals import Marginal, from_probabilities
from clustergov.survey.synthetic.plausible import limits

TICKED = 0.4
EVEN = 0.3
"""Part of an ordered scale's distribution that is even over its options, so that none is rare."""

MOST = 400
"""Different numbers of one variable; a wider range is drawn in larger steps."""

MEDIAN = 0.35
"""Where in a number's range half of the respondents are: amounts are more often small than large."""


def default_marginal(variable: Variable) -> Marginal | None:
    """The distribution of a variable of which nothing is declared; None for one that has no possible answer."""
    if variable.kind == "number":
        return _number(variable)
    if variable.scale is None or not variable.scale.codes:
        return None
    if variable.kind == "tick":
        return from_probabilities(variable, {"N": 1 - TICKED, "Y": TICKED})
    codes = variable.scale.codes
    even = np.full(len(codes), 1 / len(codes))
    humped = binom.pmf(np.arange(len(codes)), len(codes) - 1, 0.5)
    share = EVEN * even + (1 - EVEN) * humped if variable.scale.ordered else even
    return from_probabilities(variable, dict(zip(codes, share.tolist(), strict=True)))


def _number(variable: Variable) -> Marginal | None:
    low, high = limits(variable.question)
    if variable.question.integer:
        low, high = float(np.ceil(low)), float(np.floor(high))
    if low > high:
        return None
    values = _grid(low, high, whole=variable.question.integer)
    place = np.interp(np.linspace(0, 1, len(values) + 1), [0, MEDIAN, 1], [0, 0.5, 1])
    return Marginal(variable.name, tuple(values.tolist()), values, np.diff(place), True)


def _grid(low: float, high: float, *, whole: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Numbers from `low` to `high`: whole ones where there are enough of them."""
    span = high - low
    if whole or (span >= 5 and low.is_integer()):
        step = max(1.0, np.ceil(span / MOST))
        return np.arange(low, high + 0.5 if whole else high + 1e-9, step)
    return np.unique(np.clip(np.round(np.linspace(low, high, 51), 6), low, high))
