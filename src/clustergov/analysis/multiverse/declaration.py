"""A multiverse declared as data: what is asked, and every choice that could have been made otherwise, with its reason."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text
from clustergov.survey.origin import Origin
from clustergov.yaml_file import Entry

About = Literal["outcome", "focal", "scoring", "exclusion", "missing", "covariates", "model", "covariance"]
"""What a fork is about; there may be several about exclusion and covariates, and one about each of the others."""

Standing = Literal["equivalent", "debatable", "wrong in hindsight"]
"""Of a fork or one of its options. equivalent: nothing speaks for one option above another. debatable: experts differ.
wrong in hindsight: known to answer another question or to be biased; shown for comparison, never counted as robustness.
After Del Giudice, M. & Gangestad, S. W. (2021). A traveler's guide to the multiverse. AMPPS 4(1), 1–15."""

Scoring = Literal["mean", "all items", "factor"]
"""mean: of the valid items, from `minimum valid` on. all items: their mean where every one is answered. factor: the
regression score on the one factor of the items, where every one is answered."""

Missing = Literal["complete", "common", "impute"]
"""complete: respondents with a value for everything in that universe. common: those with a value for everything in any
universe. impute: multiple imputation of the items and predictors."""

ModelKind = Literal["linear", "ordinal"]
Covariance = Literal["HC3", "CR2"]
Scale = Literal["standardised", "as answered"]


class Measure(Origin):
    """Where numbers come from, and the meaningful step by which they are divided."""

    label: Text
    per: float = Field(default=1, gt=0)
    step: Text = Text({})


class Covariate(Measure):
    """Something that may be held equal; `code` is its name in the forks."""

    code: str


class Option(Entry):
    """One way of going on at a fork; which of the fields count depends on what the fork is about.

    Attributes
    ----------
    preregistered : bool
        The way that was laid down before the data were seen; one of each fork.
    standing : Standing or None
        `class` in the file; the fork's own where it is left out.
    origin : Measure or None
        Of an outcome or a focal predictor.
    rule : str
        Of scoring and of missing values; `Scoring` and `Missing`.
    minimum_valid : int
        Of scoring by the mean; 0 for what the questionnaire says.
    keep_if : str
        Of an exclusion: a condition in the questionnaire's language; empty to keep everybody.
    straightliners : tuple of str
        Of an exclusion: questions; who gives one and the same answer to every item of all of them is left out.
    terms : tuple of str
        Of covariates: codes.
    kind, errors : str
        Of model and covariance.
    groups : str
        Of CR2: the variable whose values are the groups.
    """

    code: str
    label: Text
    preregistered: bool = False
    standing: Standing | None = Field(default=None, alias="class")
    reason: Text | None = None
    origin: Measure | None = None
    rule: str = ""
    minimum_valid: int = Field(default=0, ge=0)
    keep_if: str = ""
    straightliners: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    kind: ModelKind = "linear"
    errors: Covariance = "HC3"
    groups: str = ""


class Fork(Entry):
    code: str
    about: About
    label: Text
    standing: Standing = Field(alias="class")
    reason: Text
    options: tuple[Option, ...]

    @property
    def preregistered(self) -> int:
        """Place of the option laid down beforehand."""
        return next(place for place, option in enumerate(self.options) if option.preregistered)

    def standing_of(self, option: Option) -> Standing:
        return option.standing or self.standing


class SmallestEffect(Entry):
    """The smallest effect that matters, in the unit of the preregistered universe's curve, and why."""

    value: float = Field(gt=0)
    reason: Text


class MultiverseSpecification(Entry):
    """One question and its forks.

    Attributes
    ----------
    scale : Scale
        standardised: every outcome in its standard deviations, so that unlike outcomes stand in one curve. as answered:
        in its own unit, one curve per unit.
    outcome, focal : Measure or None
        Where there is no fork about them.
    always : tuple of str
        Covariates of every universe.
    imputations : int
    """

    title: Text
    mark: Mark
    level: float = Field(default=0.95, gt=0.5, lt=1)
    scale: Scale = "standardised"
    smallest_effect: SmallestEffect
    outcome: Measure | None = None
    focal: Measure | None = None
    covariates: tuple[Covariate, ...] = ()
    always: tuple[str, ...] = ()
    imputations: int = Field(default=5, ge=2, le=200)
    forks: tuple[Fork, ...] = Field(min_length=1)

    @property
    def universes(self) -> int:
        count = 1
        for fork in self.forks:
            count *= len(fork.options)
        return count

    def about(self, about: About) -> tuple[int, ...]:
        """Places of the forks about something."""
        return tuple(place for place, fork in enumerate(self.forks) if fork.about == about)
