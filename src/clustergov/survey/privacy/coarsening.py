"""Which coarser categories hide everybody in a class of k: a search over ladders of coarsening, the smallest loss first."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.instruments.questionnaire import Variable
from clustergov.survey.privacy.anonymity import Codes, class_sizes, codes

MOST = 20_000
"""Combinations that are tried."""
STEPS = 3
"""Coarser versions of a variable, beside leaving it out."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to give a variable out.

    Attributes
    ----------
    told : str
        In words; empty for the variable as it is.
    column : ndarray of int
    loss : float
        Share of the variable's entropy that is lost, from 0 to 1.
    """

    told: str
    column: Codes
    loss: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to give the data out that hides everybody.

    Attributes
    ----------
    steps : tuple of str
        What to do.
    smallest : int
        Size of the smallest class afterwards.
    loss : float
        Mean share of the variables' entropy that is lost.
    """

    steps: tuple[str, ...]
    smallest: int
    loss: float


def ladder(column: pd.Series, variable: Variable | None, k: int) -> tuple[Rung, ...]:
    """A variable, coarser and coarser, and last not at all.

    Numbers go into classes of equal width, ordered answers are merged with their neighbours, of unordered ones the rare
    ones are put together.
    """
    own = codes(column)
    rungs = [Rung("", own, 0.0)]
    for told, coarser in itertools.islice(_coarser(column, variable, k), STEPS):
        loss = _loss(own, coarser)
        if loss > rungs[-1].loss:
            rungs.append(Rung(f"{column.name}: {told}", coarser, loss))
    if _entropy(own) > 0:
        rungs.append(Rung(f"leave out {column.name}", np.zeros(len(own), dtype=np.int64), 1.0))
    return tuple(rungs)


def suggest(ladders: Sequence[tuple[Rung, ...]], k: int, *, wanted: int = 3) -> tuple[Suggestion, ...]:
    """The combinations of rungs under which every class has k members, the smallest loss first.

    From the data as they are, rungs are climbed in the order of their loss (uniform-cost search over the lattice of
    Samarati 2001, IEEE TKDE 13(6), 1010-1027); what lies above a solution is none of its own.
    """
    n = len(ladders[0][0].column) if ladders else 0
    start = (0,) * len(ladders)
    queue: list[tuple[float, tuple[int, ...]]] = [(0.0, start)]
    seen, found, solutions = {start}, list[Suggestion](), list[tuple[int, ...]]()
    for _ in range(MOST):
        if not queue or len(found) == wanted:
            break
        loss, node = heapq.heappop(queue)
        if any(all(low <= high for low, high in zip(below, node, strict=True)) for below in solutions):
            continue
        chosen = [rungs[place] for rungs, place in zip(ladders, node, strict=True)]
        smallest = int(class_sizes([rung.column for rung in chosen], n).min(initial=n))
        if smallest >= k:
            solutions.append(node)
            steps = tuple(rung.told for rung in chosen if rung.told)
            found.append(Suggestion(steps, smallest, loss / len(ladders)))
            continue
        for place, rungs in enumerate(ladders):
            higher = (*node[:place], node[place] + 1, *node[place + 1 :])
            if higher[place] < len(rungs) and higher not in seen:
                seen.add(higher)
                heapq.heappush(queue, (loss - rungs[node[place]].loss + rungs[higher[place]].loss, higher))
    return tuple(found)


def _coarser(column: pd.Series, variable: Variable | None, k: int) -> Iterator[tuple[str, Codes]]:
    if variable is not None and variable.kind == "number":
        yield from _classes(column.astype(float))
    elif variable is not None and variable.scale is not None and variable.scale.ordered:
        yield from _neighbours(column, variable.scale.codes)
    else:
        yield from _rare(column, k)


def _classes(numbers: pd.Series) -> Iterator[tuple[str, Codes]]:
    """Classes of equal width, from about a tenth to about a half of the range."""
    spread = float(numbers.max() - numbers.min()) if numbers.notna().any() else 0.0
    if spread <= 0:
        return
    for width in dict.fromkeys(_nice(spread / parts) for parts in (10, 5, 2)):
        yield f"in classes of {width:g}", codes(np.floor(numbers / width))


def _nice(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= width * 0.999)


def _neighbours(column: pd.Series, order: Sequence[str]) -> Iterator[tuple[str, Codes]]:
    """Neighbouring answers merged, by two, by three and into halves."""
    for size in sorted({2, 3, math.ceil(len(order) / 2)}):
        if 1 < size < len(order):
            groups = {code: str(place // size) for place, code in enumerate(order)}
            merged = [order[start : start + size] for start in range(0, len(order), size)]
            told = ", ".join("+".join(group) for group in merged if len(group) > 1)
            # Options marked blank (“don't know”) are no neighbours of anything.
            yield (
                f"merge {told}",
                codes(column.map(lambda code, groups=groups: groups.get(code, code), na_action="ignore")),
            )


def _rare(column: pd.Series, k: int) -> Iterator[tuple[str, Codes]]:
    """The rarest answers put together: all under k, and as many more until the group has k, 2k, 4k respondents."""
    counts = [(str(code), int(count)) for code, count in column.value_counts(ascending=True).items()]
    counts.sort(key=lambda each: (each[1], each[0]))
    earlier = 1
    for size in (k, 2 * k, 4 * k):
        merged = sum(count < k for _, count in counts)
        while merged < len(counts) and sum(count for _, count in counts[:merged]) < size:
            merged += 1
        if earlier < merged < len(counts):
            earlier = merged
            rare = [code for code, _ in counts[:merged]]
            yield f"merge {', '.join(rare)}", codes(column.where(~column.isin(rare), "other"))


def _entropy(column: Codes) -> float:
    shares = np.bincount(column) / max(len(column), 1)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def _loss(own: Codes, coarser: Codes) -> float:
    before = _entropy(own)
    return 1 - _entropy(coarser) / before if before > 0 else 0.0
