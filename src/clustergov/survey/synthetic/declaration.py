"""What ``survey/simulation.yml`` may say: the declared model of simulated responses, as it stands in the file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from clustergov.instruments.questionnaire import Mark
from clustergov.yaml_file import Entry


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _codes(value: Any) -> Any:
    return tuple(str(code) for code in value) if isinstance(value, list | tuple) else value


def _by_code(value: Any) -> Any:
    return {str(code): share for code, share in value.items()} if isinstance(value, dict) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""Variables; the code of a question or of a construct stands for all its variables."""

Codes = Annotated[tuple[str, ...], BeforeValidator(_codes)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Declared(Entry):
    """A number of the model with its mark: what it rests on. P and S need a source, D and U a note or a source."""

    mark: Mark
    source: str = ""
    note: str = ""


class SizeEntry(Declared):
    value: int = Field(ge=2, le=10_000_000)


class MarginalEntry(Declared):
    """The distribution of one variable: probabilities per code, or quantiles of a whole number."""

    probabilities: Annotated[dict[str, float], BeforeValidator(_by_code)] | None = None
    quantiles: tuple[tuple[float, float], ...] | None = None


class PartEntry(Declared):
    """One part of a composition: how many have it, and how large it is relative to the other parts that are there."""

    present: Probability
    weight: float = Field(gt=0)


class ShareEntry(Declared):
    """Parts that together have a wanted mean share of the whole."""

    parts: Names
    share: float = Field(gt=0, lt=1)
    claim: int | None = None


class CompositionEntry(Entry):
    parts: dict[str, PartEntry]
    step: float = Field(gt=0)
    mean_share: ShareEntry


class AssociationEntry(Declared):
    """Kendall correlations that are planted: of each `of` with each `to`, or within `among`.

    With `paired` the first of `of` goes with the first of `to`, and so on. `published` is what a source says where that
    is not the number itself.
    """

    of: Names = ()
    to: Names = ()
    among: Names = ()
    paired: bool = False
    tau: float = Field(ge=-1, le=1)
    claim: int | None = None
    published: str = ""


class TargetEntry(Declared):
    """A published figure that the distributions must meet; checked when the file is read.

    Either `variable` with a `share` (or `share above`, `share below`) of `codes` or of numbers `above` a cut; or a
    variable whose mean is the `highest` or `lowest` of `among`.
    """

    claim: int | None = None
    variable: str = ""
    codes: Codes = ()
    above: float | None = None
    share: Probability | None = None
    share_above: Probability | None = None
    share_below: Probability | None = None
    highest: str = ""
    lowest: str = ""
    among: Names = ()


class RateEntry(Declared):
    rate: Probability


class MissingEntry(Entry):
    """Why answers are missing; all of it at random.

    skipped: per question, or per row of an array, that is not compulsory. refused: chooses “I don't know” where it is
    offered. not_applicable: chooses “not applicable” where it is offered. abandoned: respondents who stop before a
    section (each after the first equally likely).
    """

    skipped: RateEntry
    refused: RateEntry
    not_applicable: RateEntry
    abandoned: RateEntry


class Declaration(Entry):
    """The declared model: distributions, associations, missing answers, published targets."""

    simulation: str
    questionnaire: str
    seed: int = Field(ge=0)
    respondents: SizeEntry
    marginals: dict[str, MarginalEntry]
    compositions: dict[str, CompositionEntry] = {}
    associations: tuple[AssociationEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()
    missing: MissingEntry
