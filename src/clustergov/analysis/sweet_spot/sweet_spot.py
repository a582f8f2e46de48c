"""A claimed sweet spot held against responses: the verdict on the optimum, and the mean share with its breakdowns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.analysis.models.design import FitError
from clustergov.analysis.sweet_spot.country_shares import CountryShares, country_shares
from clustergov.analysis.sweet_spot.mean_share import GroupShare, group_shares
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum, share_optimum
from clustergov.analysis.sweet_spot.specification import (
    MeanShareClaim,
    SweetSpotSpecification,
    read_sweet_spot,
)
from clustergov.analysis.sweet_spot.telling import told_countries, told_group, told_share
from clustergov.language import Text
from clustergov.survey.responses import Responses

__all__ = ["MeanShare", "SweetSpot", "read_sweet_spot", "sweet_spot"]


@dataclass(frozen=True, slots=True, eq=False)
class MeanShare:
    """The mean share of the organisations.

    Attributes
    ----------
    groups : tuple of GroupShare
        All first, then by age; empty when even the mean of all cannot be told.
    countries : CountryShares or None
        None where no country is declared, or with a `failure`.
    value, margin, alpha, level
    failure, countries_failure : FitError or None
    """

    groups: tuple[GroupShare, ...]
    countries: CountryShares | None
    value: float
    margin: float
    alpha: float
    level: float
    failure: FitError | None = None
    countries_failure: FitError | None = None

    def frame(self) -> pd.DataFrame:
        """One row per group: kind (all, age, country), group, n, mean, low, high, level, p, verdict, chance.

        Of a country the pooled mean; countries that may not be named are left out.
        """
        rows = [
            {"kind": "all" if group.code == "all" else "age", "group": group.code, "n": group.n, "mean": group.mean,
             "low": group.interval.low if group.interval else np.nan,
             "high": group.interval.high if group.interval else np.nan, "level": self.level, "p": group.p,
             "verdict": group.verdict or "", "chance": np.nan}
            for group in self.groups
        ]  # fmt: skip
        if self.countries is not None:
            rows += [
                {"kind": "country", "group": str(name), "n": int(row["n"]), "mean": row["pooled"], "low": row["low"],
                 "high": row["high"], "level": self.level, "p": np.nan, "verdict": "", "chance": row["chance"]}
                for name, row in zip(self.countries.listed().index, self.countries.listed().to_dict("records"), strict=True)
            ]  # fmt: skip
        names = ["kind", "group", "n", "mean", "low", "high", "level", "p", "verdict", "chance"]
        return pd.DataFrame(rows, columns=names).astype({"n": "Int64"})

    def told(self, language: str) -> tuple[str, ...]:
        """One sentence per group, then the countries."""
        if self.failure is not None:
            return (self.failure.reason.to(language),)
        sentences = [told_group(group, self.value, self.margin, language) for group in self.groups]
        if self.countries is not None:
            sentences.append(told_countries(self.countries, language))
        if self.countries_failure is not None:
            sentences.append(self.countries_failure.reason.to(language))
        return tuple(sentences)

    def sentence(self, language: str) -> str:
        return " ".join(self.told(language))


@dataclass(frozen=True, slots=True, eq=False)
class SweetSpot:
    """The claim and what the responses say of it.

    Attributes
    ----------
    title, share, outcome : Text
        Words for the claim, the share and the outcome.
    held_equal : tuple of Text
    tested : ShareOptimum or None
        None when nothing can be fitted, with the reason in `failure`.
    mean_share : MeanShare or None
    started : int
        Respondents in the responses.
    synthetic : bool
    """

    title: Text
    share: Text
    outcome: Text
    held_equal: tuple[Text, ...]
    tested: ShareOptimum | None
    failure: FitError | None
    mean_share: MeanShare | None
    started: int
    synthetic: bool

    def frame(self) -> pd.DataFrame:
        """One row per number: part, quantity, estimate, low, high, level, p, n; empty when nothing was fitted."""
        return pd.DataFrame() if self.tested is None else self.tested.frame()

    def told(self, language: str) -> tuple[str, ...]:
        """The verdict first, then what it rests on, one sentence per part."""
        if self.tested is None:
            return () if self.failure is None else (self.failure.reason.to(language),)
        return told_share(self.tested, self.share, self.outcome, self.held_equal, language)

    def sentence(self, language: str) -> str:
        mean = self.mean_share.told(language) if self.mean_share else ()
        return " ".join([*self.told(language), *mean])


def sweet_spot(
    specification: SweetSpotSpecification, responses: Responses, *, reference_year: int | None = None, seed: int = 1,
    minimum: int | None = None, resamples: int = 2000,
) -> SweetSpot:  # fmt: skip
    """Test the declared optimum and the declared mean share on responses.

    Parameters
    ----------
    reference_year : int or None
        The year in which ages are counted; None: no breakdown by age.
    minimum : int or None
        Smallest count that is shown; None for synthetic responses.
    """
    share, outcome = specification.share.values(responses), specification.outcome.values(responses)
    held = {f"{number}": quantity.values(responses) for number, quantity in enumerate(specification.held_equal, 1)}
    tested: ShareOptimum | None = None
    failure: FitError | None = None
    try:
        refuse_outside(share, specification.limits)
        tested = share_optimum(
            share.rename("share"), outcome.rename("outcome"), pd.DataFrame(held, index=share.index),
            named=specification.optimum, margin=specification.margin, level=specification.level,
            alpha=specification.alpha, seed=seed, resamples=resamples, minimum=minimum,
            least_side=specification.support.each_side, least_beyond=specification.support.beyond,
        )  # fmt: skip
    except FitError as error:
        failure = error
    claim = specification.mean_share
    mean = None if claim is None else _mean_share(claim, specification, share, responses, reference_year, seed, minimum)
    return SweetSpot(
        specification.title, specification.share.label, specification.outcome.label,
        tuple(quantity.label for quantity in specification.held_equal), tested, failure, mean, responses.n,
        responses.synthetic,
    )  # fmt: skip


def refuse_outside(share: pd.Series[float], limits: tuple[float, float]) -> None:
    """Refuse shares outside their limits, by a point of which people may be off in adding up."""
    slack = 0.01 * (limits[1] - limits[0])
    outside = int(((share < limits[0] - slack) | (share > limits[1] + slack)).sum())
    if outside:
        raise SweetSpotError("outside limits", n=outside, low=limits[0], high=limits[1])


def _mean_share(
    claim: MeanShareClaim, specification: SweetSpotSpecification, share: pd.Series[float], responses: Responses,
    reference_year: int | None, seed: int, minimum: int | None,
) -> MeanShare:  # fmt: skip
    ages = None
    if claim.year and reference_year is not None:
        ages = reference_year - responses.values(claim.year)
    country = responses.codes(claim.country) if claim.country else None
    return mean_share(
        share, ages, country, value=claim.value, margin=claim.margin, alpha=specification.alpha,
        level=specification.level, responses=responses, seed=seed, minimum=minimum,
    )  # fmt: skip


def mean_share(
    share: pd.Series[float], ages: pd.Series[float] | None, country: pd.Series[str] | None, *, value: float,
    margin: float, alpha: float = 0.05, level: float = 0.95, responses: Responses | None = None, seed: int = 1,
    minimum: int | None = None,
) -> MeanShare:  # fmt: skip
    """The mean share of all, by age and by country; what cannot be told carries its reason."""
    try:
        groups = group_shares(
            share, ages, value=value, margin=margin, alpha=alpha, level=level,
            design=responses.design if responses else None, minimum=minimum,
        )  # fmt: skip
    except FitError as error:
        return MeanShare((), None, value, margin, alpha, level, failure=error)
    if country is None:
        return MeanShare(groups, None, value, margin, alpha, level)
    try:
        countries = country_shares(share, country, value=value, margin=margin, seed=seed, level=level, minimum=minimum)
    except FitError as error:
        return MeanShare(groups, None, value, margin, alpha, level, countries_failure=error)
    return MeanShare(groups, countries, value, margin, alpha, level)
