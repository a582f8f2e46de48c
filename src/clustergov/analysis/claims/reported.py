"""What a source reports of a figure beside the figure itself, so that the two can be held against each other."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from clustergov.analysis.recheck.correlation import recheck_r, recheck_tau
from clustergov.analysis.recheck.granularity import recheck_mean, recheck_percentage, recheck_sd
from clustergov.analysis.recheck.outcome import Recheck, not_checkable
from clustergov.analysis.recheck.ratio import recheck_ratio
from clustergov.analysis.recheck.reported_p import ReportedP, reported_p
from clustergov.analysis.recheck.rounding import Printed, printed
from clustergov.analysis.recheck.test_statistic import Direction, recheck_test
from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text
from clustergov.yaml_file import Entry

Statistic = Literal["tau", "r", "t", "F", "chi2", "z", "mean", "percentage", "odds ratio"]

NEEDED: dict[Statistic, tuple[str, ...]] = {"odds ratio": ("interval",)}
"""Keys that a statistic cannot be rechecked without; what else is missing makes it “not checkable”."""


class Sample(Entry):
    """How many respondents a source had, as far as that is known.

    Attributes
    ----------
    low, high : int
        Equal when n is known.
    reason : Text or None
        Where the range comes from; needed when it is not published (mark D or U).
    """

    low: int = Field(ge=4)
    high: int = Field(ge=4)
    mark: Mark
    reason: Text | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("expected low to be at most high")
        if self.mark in ("D", "U") and self.reason is None:
            raise ValueError("expected a reason for an n that is not published")
        return self

    @property
    def range(self) -> tuple[int, int]:
        return self.low, self.high


class Reported(Entry):
    """A figure as printed, with what the source prints beside it.

    Attributes
    ----------
    value, p, df, sd, interval : str
        As printed, with trailing zeros: their digits tell the rounding. p may carry a sign: ``<= 0.05``.
    n : Sample or None
        By default that of the source, under `samples`.
    categories : (int, int)
        Of a tau: how many different values each variable has; 0 where that is not known.
    items : int
        Of a mean or percentage: items per respondent that it is the mean of.
    scale : (int, int) or None
        Least and largest answer.
    direction : {"positive", "negative"} or None
        Only where the source stated beforehand which way it tests (one tail).
    truncated : bool
        Digits were cut off instead of rounded.
    """

    statistic: Statistic
    value: str = Field(coerce_numbers_to_str=True)
    mark: Mark
    p: str = Field(default="", coerce_numbers_to_str=True)
    n: Sample | None = None
    df: tuple[str, ...] = ()
    sd: str = Field(default="", coerce_numbers_to_str=True)
    interval: tuple[str, str] | None = None
    level: float = Field(default=0.95, gt=0, lt=1)
    categories: tuple[int, int] = (0, 0)
    items: int = Field(default=1, ge=1)
    scale: tuple[int, int] | None = None
    direction: Direction | None = None
    truncated: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for key in NEEDED.get(self.statistic, ()):
            if not getattr(self, key):
                raise ValueError(f"a reported {self.statistic} needs “{key}”")
        if any(count == 1 or count < 0 for count in self.categories):
            raise ValueError("expected at least two categories of each variable, or 0 where their number is not known")
        if self.scale is not None and self.scale[0] >= self.scale[1]:
            raise ValueError("expected a scale with its least answer first, such as 1:5")
        return self

    @property
    def printed(self) -> Printed:
        return printed(self.value, truncated=self.truncated)

    @property
    def reported_p(self) -> ReportedP | None:
        return reported_p(self.p, truncated=self.truncated) if self.p else None


def recheck(reported: Reported, sample: Sample | None) -> Recheck:
    """Hold a reported figure against its own p, n, degrees of freedom, standard deviation or interval.

    Parameters
    ----------
    sample : Sample or None
        The source's n, used where the figure has none of its own.

    Raises
    ------
    InputError
        Figures that are impossible by themselves, such as a correlation above 1.
    """
    value, p = reported.printed, reported.reported_p
    figures = f"{reported.statistic} = {reported.value}"
    known = reported.n or sample
    n = known.range if known else None
    tails = 1 if reported.direction else 2
    if reported.mark == "U":
        return not_checkable(reported.statistic, figures, "uncertain")
    match reported.statistic:
        case "mean" | "percentage":
            return _of_counts(reported, value, n, figures)
        case "odds ratio":
            assert reported.interval is not None  # the model asks for it
            ends = [printed(end, truncated=reported.truncated) for end in reported.interval]
            return recheck_ratio(value, ends[0], ends[1], p, level=reported.level)
        case _ if p is None:
            return not_checkable(reported.statistic, figures, "p")
        case "tau":
            return recheck_tau(value, p, n, categories=reported.categories, tails=tails)
        case "r":
            return recheck_r(value, p, n, tails=tails)
        case test:
            df = tuple(printed(each) for each in reported.df)
            return recheck_test(test, value, df, p, direction=reported.direction)


def _of_counts(reported: Reported, value: Printed, n: tuple[int, int] | None, figures: str) -> Recheck:
    if n is None:
        return not_checkable(reported.statistic, figures, "count")
    if reported.statistic == "percentage":
        return recheck_percentage(value, n)
    if n[0] < n[1]:
        return not_checkable(reported.statistic, figures, "count")
    if reported.sd:
        sd = printed(reported.sd, truncated=reported.truncated)
        return recheck_sd(value, sd, n[0], items=reported.items, scale=reported.scale)
    return recheck_mean(value, n[0], items=reported.items, scale=reported.scale)
