"""What happened in a case and when: events, money over time, episodes of learning and leverage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from clustergov.casestudies.codebook import Sourced
from clustergov.language import Text
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

Exactness = Literal["exact", "about", "unknown"]
"""Whether the source gives the year, the year was inferred or rounded, or no year is known."""

FIRST, LAST = 1800, 2100
"""Years outside this range are slips of the pen."""


class Dated(Sourced):
    """Base of what has a year, or a span of years.

    Attributes
    ----------
    year : int or None
        None only where `exactness` is unknown.
    until : int or None
        Last year of a span.
    about : {"case", "context"}
        The case itself, or its surroundings.
    """

    year: int | None = Field(default=None, ge=FIRST, le=LAST)
    until: int | None = Field(default=None, ge=FIRST, le=LAST)
    exactness: Exactness = "exact"
    about: Literal["case", "context"] = "case"

    @property
    def order(self) -> tuple[int, int]:
        """Sorts by year; what has none comes last."""
        return (LAST + 1, 0) if self.year is None else (self.year, self.until or self.year)


class Happening(Dated):
    """One event of a timeline, or one step in how a vision came about, in our own words."""

    text: Text


class Funding(Dated):
    """Money in one year or over a span.

    Attributes
    ----------
    text : Text
        Who pays for what.
    amount : float or None
        EUR, over the whole span, or each year where `yearly`; None where no amount is known.
    public : float or None
        Share of public money in it, 0 to 1; None where the source does not tell.
    """

    text: Text
    amount: float | None = Field(default=None, gt=0)
    yearly: bool = False
    public: float | None = Field(default=None, ge=0, le=1)


class Episode(Dated):
    """A stretch in which those involved learned something, or put existing policy to work for the cluster.

    Attributes
    ----------
    text : Text
        What happened.
    changed : Text
        What was different afterwards; says so where that is not known.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    kind: Literal["learning", "leverage"]
    title: Text
    text: Text
    changed: Text


def years(entry: Dated, place: Place, positions: Positions) -> Iterator[Problem]:
    """A problem per year that is missing, superfluous or out of order."""
    if entry.exactness == "unknown" and entry.year is not None:
        yield positions.problem(
            (*place, "exactness"), "year-and-unknown", f"the year is called unknown and given as {entry.year}.",
            "Leave out `year`, or call it exact or about.",
        )  # fmt: skip
    if entry.exactness != "unknown" and entry.year is None:
        yield positions.problem(
            place, "no-year", "expected a year, found none.",
            "Give `year`, or write `exactness: unknown` where no year is known.",
        )  # fmt: skip
    if entry.until is not None and (entry.year is None or entry.until <= entry.year):
        yield positions.problem(
            (*place, "until"), "span", f"expected `until` to come after `year`, found {entry.year} and {entry.until}.",
            "Give the first year as `year` and the last as `until`; one year needs no `until`.",
        )  # fmt: skip
