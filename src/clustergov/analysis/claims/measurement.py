"""One part of a claim measured in responses: which answers count, which are lost and why, and the estimate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.analysis.claims.claim import Part, Term
from clustergov.analysis.description.ordering import ordering
from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.description.share import (
    Share,
    mean_share,
    population_mean_share,
    population_proportion,
    proportion,
)
from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Blank
from clustergov.instruments.scoring import score
from clustergov.language import Text, both
from clustergov.survey.frame.design import SamplingDesign
from clustergov.survey.responses import Responses

OUTSIDE = "outside comparison"
"""Answered, but in no group that is compared, or a number that has no logarithm."""

Barrier = Literal["not asked", "absent", "not recorded", "too few", "no variance", "model"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a part of a claim comes to.

    Attributes
    ----------
    value : float
        tau and dominance in [−1, 1]; shares as proportions; odds ratios as log odds.
    intervals : tuple of Interval
        On the same scale, one per level asked for, in that order.
    p : float
        Two-sided, of no association, equal order, or the share named; NaN where none is.
    n : int
        Respondents used. For an ordering of each pair: of the pair with the fewest.
    lost : tuple of (str, int)
        The other respondents by the reason why their first missing answer is blank (`Blank`), or `OUTSIDE`.
    cautions : tuple of Text
    """

    value: float
    intervals: tuple[Interval, ...]
    p: float
    n: int
    lost: tuple[tuple[str, int], ...]
    cautions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a part of a claim cannot be assessed; n: usable answers."""

    barrier: Barrier
    reason: Text
    n: int
    lost: tuple[tuple[str, int], ...] = ()


def measure(
    part: Part, terms: Sequence[Term], responses: Responses, *, levels: Sequence[float], minimum_n: int
) -> Estimate | Obstacle:
    """Estimate one part, with an interval per level.

    Parameters
    ----------
    terms : sequence of Term
        What is held equal in an odds ratio.
    minimum_n : int
        With fewer usable answers the part is not assessable.
    """
    if part.not_asked is not None:
        return Obstacle("not asked", both("claims.barrier.not asked", why=part.not_asked), 0)
    atoms = _atoms(part, terms, responses)
    absent = tuple(name for name in atoms if name not in responses.frame.columns)
    if absent:
        return Obstacle("absent", both("claims.barrier.absent", variables=", ".join(absent)), 0)
    for name in atoms:
        if (responses.blanks[name] == Blank.NOT_RECORDED.value).all():
            return Obstacle("not recorded", both("claims.barrier.not recorded", variable=name), 0)
    table = pd.DataFrame(dict(_columns(part, terms, responses)), index=responses.frame.index)
    used = _used(part, table)
    lost = _lost(used, atoms, responses)
    n = int(used.sum())
    if n < minimum_n:
        return Obstacle("too few", both("claims.barrier.too few", n=n, minimum=minimum_n), n, lost)
    if part.measure == "odds ratio":
        return _odds_ratio(part, table, levels, n, lost)
    try:
        passed_by = (responses.blanks[list(atoms)] == Blank.NOT_APPLICABLE.value).all(axis=1)
        outside = passed_by & ~_undecided(atoms, responses)
        found = [_estimate(part, table, level, responses.design, outside) for level in levels]
    except ValueError:
        return Obstacle("no variance", both("claims.barrier.no variance", n=n), n, lost)
    return Estimate(found[0][0], tuple(interval for _, interval, _ in found), found[0][2], n, lost)


def _estimate(
    part: Part, table: pd.DataFrame, level: float, design: SamplingDesign | None, outside: pd.Series[bool]
) -> tuple[float, Interval, float]:
    """Value, interval and p; ValueError where the answers do not vary.

    Shares and mean shares describe a population and follow the design. Correlations, orderings and odds ratios are about
    how answers come about, in organisations like these; they are neither weighted nor corrected for N.
    """
    against = part.threshold if part.form == "threshold" else part.published.middle if part.published else None
    match part.measure:
        case "share" | "mean share":
            share = _share(part, table, level, against, design, outside)
            return share.share, share.interval, share.p
        case "ordering":
            order = ordering(table[list(part.higher)], table[list(part.lower)], level=level, compare=part.compare)
            return order.dominance, order.interval, order.p
        case _:
            correlation = kendall_tau_b(table["driver"], table["outcome"], level=level)
            return correlation.tau, correlation.transformed(level), correlation.p


def _share(
    part: Part, table: pd.DataFrame, level: float, against: float | None, design: SamplingDesign | None,
    outside: pd.Series[bool],
) -> Share:  # fmt: skip
    values = table["outcome" if part.measure == "share" else "share"]
    if design is None:
        plain = proportion if part.measure == "share" else mean_share
        return plain(values, level=level, against=against)
    # Of those whom the question does not apply to it is known that they are no part of what the share is of.
    known = values.mask(outside, 0.0)
    of_population = population_proportion if part.measure == "share" else population_mean_share
    return of_population(known, design, level=level, against=against, domain=~outside)


def _undecided(atoms: Sequence[str], responses: Responses) -> pd.Series[bool]:
    """Who left open what decides whether they are asked: whether it applies to them is not known."""
    names = list(dict.fromkeys(name for atom in atoms for name in _deciding(atom, responses)))
    told = responses.blanks[names]
    return ((told != "") & (told != Blank.NOT_APPLICABLE.value)).any(axis=1)


def _deciding(name: str, responses: Responses) -> set[str]:
    """The variables on which it rests whether a question is asked, and those on which these rest."""
    found, waiting = set[str](), [name]
    while waiting:
        condition = asked_when(responses.questionnaire.by_name[waiting.pop()])
        fresh = set(condition.variables if condition is not None else ()) - found
        found |= fresh
        waiting += fresh
    return found & set(responses.blanks.columns)


def _odds_ratio(
    part: Part, table: pd.DataFrame, levels: Sequence[float], n: int, lost: tuple[tuple[str, int], ...]
) -> Estimate | Obstacle:
    predictors = table.drop(columns="outcome").rename(columns={"driver": part.driver})
    try:
        fit = cumulative_logit(table["outcome"].rename(part.outcome), predictors)
    except FitError as error:
        return Obstacle("model", error.reason, n, lost)
    at = fit.terms.index(part.driver)
    intervals = tuple(fit.interval(part.driver, level) for level in levels)
    return Estimate(float(fit.estimates[at]), intervals, fit.p(part.driver), fit.n, lost, fit.cautions)


def _atoms(part: Part, terms: Sequence[Term], responses: Responses) -> tuple[str, ...]:
    """The variables that a part rests on: constructs are taken apart into their items."""
    items = {construct.code: construct.items for construct in responses.questionnaire.constructs}
    named = (*part.variables, *(term.variable for term in terms))
    return tuple(dict.fromkeys(atom for name in named for atom in items.get(name, (name,))))


def _columns(part: Part, terms: Sequence[Term], responses: Responses) -> Iterator[tuple[str, pd.Series[float]]]:
    """Numbers, NaN where unusable: `driver`, `outcome`, `share`, the items of an ordering, and each term."""
    if part.measure == "ordering":
        yield from ((name, numbers(name, responses)) for name in (*part.higher, *part.lower))
    elif part.measure == "mean share":
        yield "share", _person_share(part, responses)
    elif part.measure == "share":
        yield "outcome", _yes(part.outcome, part, responses)
    else:
        yield "driver", _driver(part, responses)
        yield "outcome", numbers(part.outcome, responses) if part.outcome else _person_share(part, responses)
        for term in terms:
            values = numbers(term.variable, responses)
            if term.transform == "log2":
                values = values.where(values > 0).map(np.log2)
            yield term.variable, values / term.per


def numbers(name: str, responses: Responses) -> pd.Series[float]:
    """Numbers of a variable, or scores of a construct; NaN where blank."""
    construct = next((entry for entry in responses.questionnaire.constructs if entry.code == name), None)
    if construct is None:
        return responses.values(name)
    items = {item: responses.values(item).to_numpy() for item in construct.items}
    return pd.Series(score(construct, responses.questionnaire, items), index=responses.frame.index)


def _driver(part: Part, responses: Responses) -> pd.Series[float]:
    if part.groups is None:
        return numbers(part.driver, responses)
    one, zero = dict.fromkeys(part.groups.one, 1.0), dict.fromkeys(part.groups.zero, 0.0)
    return responses.codes(part.driver).map(zero | one).astype(float)


def _yes(name: str, part: Part, responses: Responses) -> pd.Series[float]:
    if part.yes:
        codes = responses.codes(name)
        return codes.isin(part.yes).astype(float).where(codes.notna())
    values = numbers(name, responses)
    cut = np.nan if part.above is None else part.above
    return (values > cut).astype(float).where(values.notna())


def _person_share(part: Part, responses: Responses) -> pd.Series[float]:
    """Of each respondent: the fraction of answered items that are `yes`, or the sum of the items' percentages."""
    columns = {item: _yes(item, part, responses) if part.yes else numbers(item, responses) for item in part.items}
    items = pd.DataFrame(columns)
    enough = items.notna().sum(axis=1) >= (part.minimum_valid or len(part.items))
    # Sums of percentages are rounded to where floating point ends; one really past 100 stays outside and is not used.
    person = items.mean(axis=1) if part.yes else (items.sum(axis=1) / 100).round(9)
    return person.where(enough & person.between(0, 1))


def _used(part: Part, table: pd.DataFrame) -> pd.Series[bool]:
    if part.measure == "ordering" and part.compare == "each":
        pairs = [table[[upper, lower]].notna().all(axis=1) for upper in part.higher for lower in part.lower]
        return min(pairs, key=lambda pair: int(pair.sum()))
    return table.notna().all(axis=1)


def _lost(used: pd.Series[bool], atoms: Sequence[str], responses: Responses) -> tuple[tuple[str, int], ...]:
    blanks = responses.blanks.loc[~used, list(atoms)].itertuples(index=False)
    reasons = Counter(next((reason for reason in row if reason), OUTSIDE) for row in blanks)
    order = [*(kind.value for kind in Blank), OUTSIDE]
    return tuple((reason, reasons[reason]) for reason in order if reasons[reason])
