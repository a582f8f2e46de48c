"""Ratings: units in rows, coders in columns, and nothing where a coder did not rate a unit."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from clustergov.problems import InputError, Problem

MISSING = -1
MOST_CATEGORIES = 2_000
"""Different values; more are the mark of a column that is no code."""

Category = str | float


@dataclass(frozen=True, eq=False)
class Ratings:
    """What each coder made of each unit.

    Attributes
    ----------
    codes : ndarray of int, shape (units, coders)
        Places in `categories`; −1 where a coder did not rate the unit.
    categories : tuple
        Numbers or names, in their order; may hold some that nobody used.
    coders, units : tuple of str
    """

    codes: np.ndarray
    categories: tuple[Category, ...]
    coders: tuple[str, ...]
    units: tuple[str, ...]

    @cached_property
    def rated(self) -> np.ndarray:
        """How many coders rated each unit."""
        return np.asarray((self.codes != MISSING).sum(axis=1))

    @cached_property
    def used(self) -> int:
        """Categories that somebody used."""
        return len(np.unique(self.codes[self.codes != MISSING]))

    @cached_property
    def scores(self) -> np.ndarray:
        """The categories as numbers; their places from 1 when they are names."""
        if all(isinstance(category, float) for category in self.categories):
            return np.array(self.categories, dtype=np.float64)
        return np.arange(1, len(self.categories) + 1, dtype=np.float64)

    @cached_property
    def patterns(self) -> Patterns:
        """The different rows and how often each occurs; units that nobody rated are left out."""
        kept = self.codes[self.rated > 0]
        if not len(kept):
            return Patterns(kept, np.zeros(0), len(self.categories))
        rows, counts = np.unique(kept, axis=0, return_counts=True)
        return Patterns(rows, counts.astype(np.float64), len(self.categories))

    def of(self, coders: Sequence[str]) -> Ratings:
        """The same units as some of the coders rated them."""
        places = [self.coders.index(coder) for coder in coders]
        return Ratings(self.codes[:, places], self.categories, tuple(coders), self.units)


@dataclass(frozen=True, eq=False)
class Patterns:
    """Different ways in which a unit was rated. Every coefficient depends on the units through their counts alone, so
    that a thousand samples of ten thousand units are a thousand rows of a few counts.

    Attributes
    ----------
    codes : ndarray of int, shape (patterns, coders)
    counts : ndarray of float, shape (patterns,)
    q : int
        Number of categories.
    """

    codes: np.ndarray
    counts: np.ndarray
    q: int

    @cached_property
    def marks(self) -> np.ndarray:
        """1 where a coder gave a category: shape (patterns, coders, categories)."""
        return np.asarray(self.codes[:, :, None] == np.arange(self.q)).astype(np.float64)

    @cached_property
    def table(self) -> np.ndarray:
        """How many coders gave each category: shape (patterns, categories)."""
        table = np.zeros((len(self.codes), self.q))
        for column in self.codes.T:
            there = np.flatnonzero(column != MISSING)
            np.add.at(table, (there, column[there]), 1.0)
        return table

    @cached_property
    def rated(self) -> np.ndarray:
        return np.asarray((self.codes != MISSING).sum(axis=1)).astype(np.float64)

    def sampled(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Counts of `draws` samples of units with replacement: shape (draws, patterns)."""
        n = self.counts.sum()
        return np.asarray(rng.multinomial(int(n), self.counts / n, size=draws)).astype(np.float64)


def ratings(frame: pd.DataFrame, *, categories: Sequence[Hashable] = (), file: str = "") -> Ratings:
    """Ratings of a table with a row per unit and a column per coder; empty cells are missing.

    Parameters
    ----------
    frame : DataFrame
        Its index names the units, its columns the coders.
    categories : sequence
        All values that could have been given, in their order; otherwise those that occur: numbers by size, names by
        the alphabet.
    file : str
        Named in problems.

    Raises
    ------
    InputError
        A coder stands twice, a value is not among `categories`, or there are more than 2,000 different values.
    """
    coders = [str(name) for name in frame.columns]
    problems = [
        Problem("coder-twice", f"the coder “{name}” stands twice.", "Give each column its own name.", file=file)
        for name in sorted({name for name in coders if coders.count(name) > 1})
    ]
    if problems:
        raise InputError(problems)
    # Each different value is read once: tables may have a million cells.
    places, values = pd.factorize(frame.to_numpy(dtype=object).ravel())
    found = [_clean(value) for value in values]
    listed = _categories({value for value in found if value}, tuple(str(name).strip() for name in categories), file)
    numbers = all(isinstance(category, float) for category in listed)
    place = {category: index for index, category in enumerate(listed)}
    codes = [place[float(value) if numbers else value] if value else MISSING for value in found]
    table = np.array([*codes, MISSING], dtype=np.int64)[places].reshape(frame.shape)
    return Ratings(table, listed, tuple(coders), tuple(str(name) for name in frame.index))


def _clean(value: object) -> str | None:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    text = str(value).strip()
    return text or None


def _categories(found: set[str], listed: tuple[str, ...], file: str) -> tuple[Category, ...]:
    wanted = listed or tuple(sorted(found))
    numbers = [_number(value) for value in (*wanted, *found)]
    numeric = bool(found) and all(number is not None for number in numbers)
    known: set[Category] = (
        {number for number in numbers[: len(wanted)] if number is not None} if numeric else set(wanted)
    )
    strange = sorted(value for value in found if (_number(value) if numeric else value) not in known)
    if strange:
        raise InputError(
            Problem("unknown-category", f"expected one of {', '.join(map(str, wanted))}, found {', '.join(strange[:5])}.",
                    "Add it to the categories, or correct the table.", file=file)
        )  # fmt: skip
    if len(known) > MOST_CATEGORIES:
        raise InputError(
            Problem("too-many-categories", f"found {len(known)} different values, expected at most {MOST_CATEGORIES}.",
                    "Check that every column but the first is a coder.", file=file)
        )  # fmt: skip
    if numeric:
        return tuple(sorted(value for value in known if isinstance(value, float)))
    return tuple(dict.fromkeys(wanted))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
