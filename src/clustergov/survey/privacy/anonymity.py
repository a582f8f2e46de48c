"""How far respondents can be told apart by what others may know of them: k-anonymity, l-diversity, and the population.

A blank is an answer of its own kind here: who leaves a question open can be known by that. (Software that lets a blank
match everything finds larger classes.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

BLANK = "–"
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Anonymity:
    """k-anonymity of a table.

    Attributes
    ----------
    n : int
        Respondents.
    smallest : int
        Size of the smallest class of respondents who look alike: the table is k-anonymous for this k.
    classes : int
    under : int
        Respondents in classes of fewer than the wanted k.
    unique : int
        Respondents who look like nobody else.
    """

    n: int
    smallest: int
    classes: int
    under: int
    unique: int


@dataclass(frozen=True, slots=True)
class Diversity:
    """l-diversity of a sensitive variable within the classes.

    Attributes
    ----------
    variable : str
    distinct : int
        Fewest different answers in a class.
    entropy : float
        exp of the smallest entropy of a class: the table is entropy l-diverse for every l up to this.
    known : int
        Respondents in classes of which all gave the same answer: whoever knows them to be in it knows their answer.
    """

    variable: str
    distinct: int
    entropy: float
    known: int


@dataclass(frozen=True, slots=True)
class Population:
    """Respondents held against everybody who could have answered.

    Attributes
    ----------
    size : int
        Of the population.
    unique : int
        Respondents whose class has one member in the population: whoever has the frame knows who they are.
    under : int
        Respondents whose class there has fewer than the wanted k members.
    absent : int
        Respondents whose class is not in the frame, so that one of the two is wrong.
    risk : float
        Mean of 1 / members of the class over the others: the chance that a guess by class is right.
    """

    size: int
    unique: int
    under: int
    absent: int
    risk: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one variable adds to telling people apart.

    Attributes
    ----------
    variable : str
    categories : int
    unique_without, under_without : int
        Respondents who are still unique, or in classes under k, when this variable is left out.
    """

    variable: str
    categories: int
    unique_without: int
    under_without: int


def codes(column: pd.Series) -> Codes:
    """The categories of a column as numbers from 0; a blank is one of them."""
    found, _ = pd.factorize(column.astype("object").where(column.notna(), BLANK), sort=False)
    return found.astype(np.int64)


def class_sizes(columns: Sequence[Codes], n: int) -> Codes:
    """Per respondent, how many look like this one, oneself included."""
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    _, place, counts = np.unique(classes(columns, n), return_inverse=True, return_counts=True)
    return counts[place].astype(np.int64)


def classes(columns: Sequence[Codes], n: int) -> Codes:
    """Per respondent, the number of the class of those who look alike."""
    together = np.zeros(n, dtype=np.int64)
    for column in columns:
        # Numbered anew at each step, so that the numbers never get larger than n times the categories of one column.
        together = np.unique(together * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1].reshape(-1)
    return together.astype(np.int64)


def anonymity(columns: Sequence[Codes], n: int, k: int) -> Anonymity:
    """k-anonymity (Sweeney 2002, Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 557-570, def. 3)."""
    sizes = class_sizes(columns, n)
    return Anonymity(
        n=n,
        smallest=int(sizes.min(initial=n)),
        classes=len(np.unique(classes(columns, n))),
        under=int((sizes < k).sum()),
        unique=int((sizes == 1).sum()),
    )


def diversity(columns: Sequence[Codes], sensitive: pd.Series) -> Diversity:
    """l-diversity, distinct and by entropy (Machanavajjhala et al. 2007, ACM TKDD 1(1), art. 3, section 4.2).

    Parameters
    ----------
    sensitive : Series
        The answers that nobody should be able to tell of somebody; blanks are left out, as they tell nothing.
    """
    given = sensitive.notna().to_numpy(dtype=bool)
    together = classes(columns, len(sensitive))[given]
    if not len(together):
        return Diversity(str(sensitive.name), 0, 0.0, 0)
    counts = pd.crosstab(together, sensitive[given].to_numpy()).to_numpy(dtype=float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    distinct = (counts > 0).sum(axis=1)
    known = counts.sum(axis=1)[distinct == 1].sum()
    return Diversity(str(sensitive.name), int(distinct.min()), float(np.exp(entropy.min())), int(known))


def against(sample: pd.DataFrame, population: pd.DataFrame, k: int) -> Population:
    """Hold respondents against the frame.

    Parameters
    ----------
    sample, population : DataFrame
        The same columns in both, written alike.
    """
    keys = list(sample.columns)
    frame = population[keys].astype("object").where(population[keys].notna(), BLANK)
    members = frame.groupby(keys, dropna=False).size().rename("members").reset_index()
    own = sample.astype("object").where(sample.notna(), BLANK)
    found = own.merge(members, on=keys, how="left")["members"].fillna(0).to_numpy(dtype=float)
    there = found > 0
    risk = float((1 / found[there]).mean()) if there.any() else 0.0
    unique, under = int((found == 1).sum()), int((there & (found < k)).sum())
    return Population(len(population), unique, under, int((~there).sum()), risk)


def contributions(columns: Sequence[Codes], names: Sequence[str], k: int) -> tuple[Contribution, ...]:
    """What each variable adds, the one without which most people are hidden first."""
    n = len(columns[0]) if columns else 0
    found = []
    for place, name in enumerate(names):
        rest = anonymity([each for other, each in enumerate(columns) if other != place], n, k)
        found.append(Contribution(name, len(np.unique(columns[place])), rest.unique, rest.under))
    return tuple(sorted(found, key=lambda each: (each.unique_without, each.under_without, each.variable)))
