"""A claimed sweet spot, declared as data: which share, which outcome, which optimum and margin, what is held equal, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from clustergov.analysis.sweet_spot.support import LEAST_BEYOND, LEAST_SIDE
from clustergov.instruments.questionnaire import Mark, Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.survey.origin import Origin
from clustergov.yaml_file import Entry, Place, Positions, read


class Quantity(Origin):
    """A number per organisation, and why it is this one."""

    label: Text
    reason: Text
    source: str = ""
    mark: Mark


class SupportLimits(Entry):
    """How many organisations are needed: on each side of the optimum, and beyond the margin on each side."""

    each_side: int = Field(default=LEAST_SIDE, ge=3)
    beyond: int = Field(default=LEAST_BEYOND, ge=2)
    reason: Text


class MeanShareClaim(Entry):
    """The claim that the mean share is a named one, in all organisations, by age, and in most countries.

    Attributes
    ----------
    margin : float
        Points within which a mean counts as the named share.
    year, country : str
        Variables with the year of start and the country; left out, there is no breakdown.
    """

    value: float
    margin: float = Field(gt=0)
    year: str = ""
    country: str = ""
    reason: Text
    source: str = ""
    mark: Mark


class SweetSpotSpecification(Entry):
    """The content of ``analysis/sweet-spot.yml``. `optimum`, `margin` and values of the share are in its own unit."""

    title: Text
    share: Quantity
    outcome: Quantity
    optimum: float
    margin: float = Field(gt=0)
    limits: tuple[float, float] = (0, 100)
    held_equal: tuple[Quantity, ...] = ()
    support: SupportLimits
    level: float = Field(default=0.95, gt=0.5, lt=1)
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    mean_share: MeanShareClaim | None = None
    reason: Text
    source: str = ""
    mark: Mark

    @model_validator(mode="after")
    def _inside(self) -> Self:
        low, high = self.limits
        if not low < self.optimum - self.margin < self.optimum + self.margin < high:
            raise ValueError(
                "expected optimum − margin and optimum + margin inside the limits: an optimum at an end is none"
            )
        if self.mean_share is not None and not low < self.mean_share.value < high:
            raise ValueError("expected the mean share’s value inside the limits")
        return self


def read_sweet_spot(path: Path | str, questionnaire: Questionnaire) -> SweetSpotSpecification:
    """Read a declaration of a sweet spot and hold it against the questionnaire.

    Raises
    ------
    InputError
        With every mistake: unknown variables and constructs, values without order, all parts of a composition, an
        outcome that shares a part with the share or with what is held equal.
    """
    specification, positions = read(path, SweetSpotSpecification, wanted="a declaration of a sweet spot")
    problems = list(_problems(specification, questionnaire, positions))
    if problems:
        raise InputError(problems)
    return specification


def _problems(
    specification: SweetSpotSpecification, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    places: list[tuple[Place, Quantity]] = [(("share",), specification.share), (("outcome",), specification.outcome)]
    places += [(("held equal", at), quantity) for at, quantity in enumerate(specification.held_equal)]
    for place, quantity in places:
        yield from quantity.problems(place, questionnaire, positions)
    outcome = set(specification.outcome.parts(questionnaire))
    for place, quantity in places:
        if quantity is not specification.outcome and (
            shared := sorted(outcome.intersection(quantity.parts(questionnaire)))
        ):
            yield positions.problem(place, "shared-part", f"{', '.join(shared)} is also a part of the outcome.",
                                    "An outcome cannot be explained by its own parts: remove one of the two.")  # fmt: skip
    entering = set().union(*(q.parts(questionnaire) for _, q in places if q is not specification.outcome))
    for question in questionnaire.questions:
        names = {variable.name for variable in questionnaire.of(question.code)}
        if question.total is not None and names and names <= entering:
            yield positions.problem(("share",), "composition",
                                    f"all parts of “{question.code}” enter, and they always add up to {question.total:g}.",
                                    "Leave one part out.")  # fmt: skip
    if (claim := specification.mean_share) is not None:
        for key, name in (("year", claim.year), ("country", claim.country)):
            if name and name not in questionnaire.by_name:
                yield _unknown(name, ("mean share", key), positions)
            elif key == "year" and name and questionnaire.by_name[name].kind != "number":
                yield positions.problem(("mean share", key), "not-a-number", f"“{name}” is no number.",
                                        "Name the variable with the year of start.")  # fmt: skip


def _unknown(name: str, place: Place, positions: Positions) -> Problem:
    return positions.problem(place, "unknown-variable", f"the questionnaire has no variable “{name}”.",
                             "Use the name of a variable, such as code or code_item.")  # fmt: skip
