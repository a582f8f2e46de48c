"""What a sketch of a simulation may say: only what one cares about; all else is plausible by itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from clustergov.survey.synthetic.declaration import (
    AssociationEntry,
    CompositionEntry,
    MarginalEntry,
    Names,
    Probability,
    SizeEntry,
    TargetEntry,
)
from clustergov.yaml_file import Entry

Kind = Literal["straightlining", "random", "midpoint", "first"]
"""How somebody answers who does not read.

straightlining: one place of the scale, drawn once, in every row of every list. random: any option of every list and
choice, with equal chance. midpoint: the middle of the scale in every list. first: its first option.
"""

Link = Literal["logistic", "normal"]


def _sized(value: Any) -> Any:
    return {"value": value, "mark": "D"} if isinstance(value, int) else value


def _unmarked(value: Any) -> Any:
    """In a sketch a number without a mark is merely planted."""
    return {"mark": "U", **value} if isinstance(value, dict) else value


def _kinds(value: Any) -> Any:
    if isinstance(value, str):
        return {value: 1.0}
    return dict.fromkeys(value, 1.0) if isinstance(value, list | tuple) else value


class CoefficientEntry(Entry):
    """The effect of one driver: per `per` steps of its own numbers on the scale of the link, or standardised.

    standardised: in standard deviations of the outcome's latent variable per standard deviation of the driver.
    """

    step: float | None = None
    per: float = Field(default=1.0, gt=0)
    standardised: float | None = Field(default=None, gt=-1, lt=1)

    @model_validator(mode="after")
    def _one(self) -> CoefficientEntry:
        if (self.step is None) == (self.standardised is None):
            raise ValueError("expected either “step” or “standardised”")
        return self


class EffectEntry(Entry):
    """Outcomes that depend on drivers: latent outcome = Σ coefficient × driver + noise, cut where its shares fall.

    logistic: a step multiplies the odds of any higher answer by exp(step), as in a cumulative logit. normal: an
    ordered probit.
    """

    outcome: Names
    drivers: dict[str, CoefficientEntry]
    link: Link = "logistic"
    claim: int | None = None
    note: str = ""


class CarelessEntry(Entry):
    """The share of respondents who do not read, and how they answer, by weight."""

    share: Probability
    kinds: Annotated[dict[Kind, Annotated[float, Field(gt=0)]], BeforeValidator(_kinds)] = {"straightlining": 1.0}


class ExceptionEntry(Entry):
    """Questions (or variables) that are left open more, or less, often than the others; under a condition or always."""

    questions: Names
    rate: Probability
    when: str = ""


class NonresponseEntry(Entry):
    """Item nonresponse.

    rate: of every question, or row of a list, that is not compulsory. refused, not_applicable: how often an option of
    that kind is chosen where there is one. exceptions: the last that fits counts. Conditions look at what respondents
    would answer, also where they then leave it open.
    """

    rate: Probability = 0.02
    refused: Probability = 0.02
    not_applicable: Probability = 0.02
    exceptions: tuple[ExceptionEntry, ...] = ()


class DropoutEntry(Entry):
    """Who stops: the hazard before each section after the first, `start` × `growth` for each further one, or its own."""

    start: Probability = 0.0
    growth: float = Field(default=1.0, gt=0)
    sections: dict[str, Probability] = {}


class SketchDeclaration(Entry):
    """A simulation of which only a part is declared."""

    simulation: str
    questionnaire: str
    seed: int = Field(default=1, ge=0)
    respondents: Annotated[SizeEntry, BeforeValidator(_sized)] = SizeEntry(value=200, mark="D")
    marginals: dict[str, Annotated[MarginalEntry, BeforeValidator(_unmarked)]] = {}
    compositions: dict[str, CompositionEntry] = {}
    associations: tuple[Annotated[AssociationEntry, BeforeValidator(_unmarked)], ...] = ()
    effects: tuple[EffectEntry, ...] = ()
    targets: tuple[Annotated[TargetEntry, BeforeValidator(_unmarked)], ...] = ()
    careless: CarelessEntry | None = None
    nonresponse: NonresponseEntry = NonresponseEntry()
    dropout: DropoutEntry = DropoutEntry()
