"""A table of ratings → one coefficient with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from clustergov.casestudies.agreement import alpha as krippendorff
from clustergov.casestudies.agreement import chance, interval
from clustergov.casestudies.agreement.alpha import SCALES
from clustergov.casestudies.agreement.chance import Estimate
from clustergov.casestudies.agreement.coefficient import Coefficient
from clustergov.casestudies.agreement.interval import Interval
from clustergov.casestudies.agreement.ratings import Patterns, Ratings
from clustergov.casestudies.agreement.weights import weights as matrix
from clustergov.problems import InputError, Problem

Name = Literal["percent", "alpha", "cohen", "conger", "fleiss", "scott", "ac", "brennan-prediger"]
NAMES: tuple[str, ...] = get_args(Name)
Kind = Literal["auto", "t", "log-t", "chi-square", "bootstrap", "pairs"]
KINDS: tuple[str, ...] = get_args(Kind)

TWO = ("cohen", "scott")
PAIRED = (*TWO, "alpha")
INTRACLASS = ("alpha", "fleiss", "scott")
"""With two coders and two categories these are one number: the intraclass kappa, alpha with a term for small n."""

DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How intervals are made.

    Attributes
    ----------
    kind : {"auto", "t", "log-t", "chi-square", "bootstrap", "pairs"}
        `auto` takes what keeps its level in simulations; see `interval`. `pairs` is Krippendorff's own bootstrap.
    level : float
    draws, seed : int
        Samples of a bootstrap.
    population : float
        Number of units of which these are a sample without replacement; infinite when they stand for a process.
    """

    kind: str = "auto"
    level: float = 0.95
    draws: int = DRAWS
    seed: int = 1
    population: float = float("inf")


def measure(ratings: Ratings, name: str, *, weights: str = "", settings: Settings | None = None) -> Coefficient:
    """One coefficient of a table of ratings.

    Parameters
    ----------
    name : {"percent", "alpha", "cohen", "conger", "fleiss", "scott", "ac", "brennan-prediger"}
        `cohen` and `scott` are for two coders; with more, `conger` and `fleiss` are their forms.
    weights : str
        For alpha its scale (nominal by default); for the others identity (default), linear, quadratic, ordinal, …
    settings : Settings

    Raises
    ------
    InputError
        An unknown name; a population smaller than the units.
    """
    settings = settings or Settings()
    _check(ratings, name, weights, settings)
    weights = weights or ("nominal" if name == "alpha" else "identity")
    empty = Coefficient(
        name, weights, None, level=settings.level, units=int((ratings.rated > 0).sum()),
        pairable=int((ratings.rated >= 2).sum()), coders=len(ratings.coders),
    )  # fmt: skip
    reason = _undefined(ratings, name)
    if reason:
        return replace(empty, reason=reason)
    patterns = ratings.patterns
    found = _estimate(name, weights, patterns, ratings.scores, patterns.counts[None, :])
    if not np.isfinite(found.value[0]):
        return replace(empty, reason="one-category")
    known = replace(
        empty, value=float(found.value[0]), observed=float(found.observed[0]), expected=float(found.expected[0])
    )
    if known.pairable < 2:
        return replace(known, reason="one-unit")
    return _with_interval(known, ratings, found, settings)


def _check(ratings: Ratings, name: str, weights: str, settings: Settings) -> None:
    if name not in NAMES:
        raise InputError(Problem("unknown-coefficient", f"found “{name}”.", f"Name one of: {', '.join(NAMES)}."))
    if name == "alpha" and weights and weights not in SCALES:
        raise InputError(
            Problem("unknown-scale", f"found the scale “{weights}”.", f"Name one of: {', '.join(SCALES)}.")
        )
    if settings.kind not in KINDS:
        raise InputError(Problem("unknown-interval", f"found “{settings.kind}”.", f"Name one of: {', '.join(KINDS)}."))
    units = int((ratings.rated > 0).sum())
    if settings.population < units:
        raise InputError(
            Problem("small-population", f"expected a population of at least the {units} units rated, "
                    f"found {settings.population:g}.", "Give the number of units from which these were drawn.")
        )  # fmt: skip


def _undefined(ratings: Ratings, name: str) -> str:
    """Why a coefficient cannot be computed; empty when it can."""
    raters = (ratings.codes >= 0).any(axis=0).sum()
    if raters < 2:
        # Several coders who rated nothing are not one coder: they have no unit in common.
        return "no-common-units" if raters == 0 and len(ratings.coders) > 1 else "one-coder"
    if not (ratings.rated >= 2).any():
        return "no-common-units"
    if name in TWO and len(ratings.coders) != 2:
        return "two-coders-only"
    compared = ratings.codes[ratings.rated >= 2]
    if name != "percent" and len(np.unique(compared[compared >= 0])) < 2:
        return "one-category"
    if name == "conger" and not (ratings.codes >= 0).any(axis=0).all():
        return "coder-without-units"
    return ""


def _estimate(name: str, weights: str, patterns: Patterns, scores: np.ndarray, counts: np.ndarray) -> Estimate:
    if name == "alpha":
        return krippendorff.alpha(weights, patterns, scores, counts)
    return chance.estimate(name, patterns, matrix(weights, scores), counts)


def _with_interval(known: Coefficient, ratings: Ratings, found: Estimate, settings: Settings) -> Coefficient:
    patterns, scores = ratings.patterns, ratings.scores
    if known.name == "alpha":
        se = krippendorff.standard_error(known.weights, patterns, scores, population=settings.population)
    else:
        near = matrix(known.weights, scores)
        se = chance.standard_error(known.name, patterns, near, found, population=settings.population)
    made = _interval(known, ratings, se, settings)
    if made is not None:
        # No sample can agree less than not at all.
        made = replace(made, low=max(made.low, -(known.expected or 0.0) / (1 - (known.expected or 0.0))))
    known = replace(known, se=se if np.isfinite(se) else None)
    if made is None:
        agreed = (known.value or 0.0) > 1 - 1e-12
        reason = "no-disagreement" if agreed else "no-variation" if se <= 1e-12 else "no-interval"
        return replace(known, reason=reason)
    return replace(known, low=made.low, high=made.high, distribution=made.distribution, df=made.df)


def _interval(known: Coefficient, ratings: Ratings, se: float, settings: Settings) -> Interval | None:
    kind, level, value = settings.kind, settings.level, known.value or 0.0
    counts = _present_absent(ratings)
    finite = settings.population < float("inf")
    if kind == "chi-square" or (kind == "auto" and not finite):
        if counts is not None and known.name in INTRACLASS:
            return _intraclass(known, counts, level)
        if kind == "auto" and counts is not None and known.name == "percent":
            return interval.wilson(value, sum(counts), level)
    if kind in ("bootstrap", "pairs"):
        return _bootstrap(known, ratings, settings)
    if not np.isfinite(se) or kind == "chi-square":
        return None
    if se <= 1e-12:
        agree = value > 1 - 1e-12 and kind == "auto" and known.weights in ("nominal", "identity")
        return interval.no_disagreement(known.pairable, known.expected or 0.0, level) if agree else None
    # The standard error of these rests on the units that two coders rated, that of the others on all that were rated.
    n = known.pairable if known.name in PAIRED else known.units
    if kind == "t" or value > 1 - 1e-12:
        return interval.t(value, se, n, level)
    return interval.log_t(value, se, n, level)


def _present_absent(ratings: Ratings) -> tuple[float, float, float] | None:
    """Units in which both, one or neither of two coders gave the second of two categories; None for other tables."""
    if len(ratings.categories) != 2 or len(ratings.coders) != 2:
        return None
    pairs = ratings.codes[ratings.rated == 2].sum(axis=1)
    both, one, neither = (float((pairs == wanted).sum()) for wanted in (2, 1, 0))
    return both, one, neither


def _intraclass(known: Coefficient, counts: tuple[float, float, float], level: float) -> Interval:
    made = interval.goodness_of_fit(*counts, level)
    if known.name != "alpha":
        return made
    small = 1 - 1 / (2 * sum(counts))
    return replace(made, low=1 - (1 - made.low) * small, high=1 - (1 - made.high) * small)


def _bootstrap(known: Coefficient, ratings: Ratings, settings: Settings) -> Interval | None:
    patterns, rng = ratings.patterns, np.random.default_rng(settings.seed)
    if settings.kind == "pairs":
        if known.name != "alpha":
            return None
        values = krippendorff.pairs_bootstrap(known.weights, patterns, ratings.scores, settings.draws, rng)
        return interval.percentile(values, settings.level, "pairs")
    values = bootstrap(ratings, known.name, weights=known.weights, draws=settings.draws, rng=rng)
    if len(np.unique(values[np.isfinite(values)])) < 2:
        return None
    return interval.percentile(values, settings.level, "bootstrap")


def bootstrap(
    ratings: Ratings, name: str, *, weights: str = "", draws: int = DRAWS, rng: np.random.Generator
) -> np.ndarray:
    """The coefficient of samples of units with replacement; NaN in samples where it is not defined.

    Returns
    -------
    ndarray, shape (draws,)
    """
    weights = weights or ("nominal" if name == "alpha" else "identity")
    patterns = ratings.patterns
    return _estimate(name, weights, patterns, ratings.scores, patterns.sampled(draws, rng)).value
