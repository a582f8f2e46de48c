"""A QCA of survey respondents, declared as data: which sets, from which answers, by which anchors, expected how, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from clustergov.casestudies.codebook import duplicates
from clustergov.casestudies.qca.calibration import Calibration, Method
from clustergov.casestudies.qca.truth_table import CutOffs
from clustergov.instruments.questionnaire import Mark, Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.survey.origin import Origin
from clustergov.yaml_file import Entry, Place, Positions, read

Expectation = Literal["present", "absent", "none"]
"""Whether a condition is expected to help when it is there, when it is not, or nothing is expected: then no counterfactual
on it is easy."""


class AnchorsEntry(Entry):
    """How numbers become memberships; the methods and what their anchors mean are those of `Calibration`."""

    method: Method = "logistic"
    anchors: tuple[float, ...]
    idm: float = 0.95
    below: float = 1.0
    above: float = 1.0
    inverted: bool = False

    def calibration(self) -> Calibration:
        return Calibration(self.method, self.anchors, self.idm, self.below, self.above, self.inverted)


class SetEntry(Origin):
    """A condition or the outcome: where its numbers come from, and from where on a respondent belongs to the set.

    Attributes
    ----------
    name : str
        As it stands in the formulas: a capital letter, then letters, figures or _.
    reason : Text
        Why the anchors lie there: knowledge from outside these answers, never their median.
    expect : {"present", "absent", "none"}
        Of a condition.
    """

    name: str = Field(pattern=r"^[A-Z][A-Za-z0-9_]*$")
    label: Text
    calibration: AnchorsEntry
    expect: Expectation = "none"
    reason: Text
    source: str = ""
    mark: Mark


class CutOffsEntry(Entry):
    """From where on a configuration counts as sufficient; see `CutOffs`."""

    inclusion: float = Field(default=0.8, ge=0.5, le=1)
    contradiction: float | None = Field(default=None, ge=0, le=1)
    frequency: int = Field(default=1, ge=1)
    pri: float = Field(default=0.5, ge=0, le=1)
    reason: Text

    @model_validator(mode="after")
    def _below(self) -> Self:
        if self.contradiction is not None and self.contradiction > self.inclusion:
            raise ValueError("expected `contradiction` no higher than `inclusion`: it begins the band under it")
        return self

    def cut_offs(self) -> CutOffs:
        return CutOffs(self.inclusion, self.contradiction, self.frequency, self.pri)


class RobustnessEntry(Entry):
    """What is varied to see whether the solution holds.

    Attributes
    ----------
    anchors : float
        Share of the distance between neighbouring anchors by which each set's anchors are moved, up and down.
    inclusion, pri, frequency : tuple
        Other cut-offs that could have been chosen.
    without_each_case : bool
        Whether every case is left out once.
    shuffled, seed : int
        How often the outcome is dealt to the cases at random, to see what chance gives; 0: never.
    """

    anchors: float = Field(default=0.2, gt=0, lt=0.5)
    inclusion: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()
    pri: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()
    frequency: tuple[Annotated[int, Field(ge=1)], ...] = ()
    without_each_case: bool = True
    shuffled: int = Field(default=500, ge=0, le=5000)
    seed: int = Field(default=1, ge=0)
    reason: Text


class QcaDeclaration(Entry):
    """The content of ``analysis/qca.yml``.

    Attributes
    ----------
    negated : bool
        Whether the absence of the outcome is analysed too: it needs an analysis of its own.
    exclude : tuple of str
        Remainders that cannot exist, as formulas such as ``A*~B``; never used as counterfactuals.
    """

    title: Text
    outcome: SetEntry
    conditions: tuple[SetEntry, ...] = Field(min_length=2)
    cut_offs: CutOffsEntry
    negated: bool = True
    exclude: tuple[str, ...] = ()
    robustness: RobustnessEntry
    mark: Mark

    @property
    def sets(self) -> tuple[SetEntry, ...]:
        """The conditions, then the outcome."""
        return (*self.conditions, self.outcome)

    @property
    def expectations(self) -> tuple[str, ...]:
        """Per condition ``A``, ``~A``, or ``-`` where nothing is expected."""
        written = {"present": "{}", "absent": "~{}", "none": "-"}
        return tuple(written[one.expect].format(one.name) for one in self.conditions)


def read_qca(path: Path | str, questionnaire: Questionnaire) -> QcaDeclaration:
    """Read a declaration of a QCA and hold it against the questionnaire.

    Raises
    ------
    InputError
        With every mistake: unknown variables, anchors out of order, a set twice, a condition made of the outcome's
        answers, an outcome of several levels.
    """
    declared, positions = read(path, QcaDeclaration, wanted="a declaration of a QCA")
    problems = list(_problems(declared, questionnaire, positions))
    if problems:
        raise InputError(problems)
    return declared


def _problems(declared: QcaDeclaration, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    places: list[Place] = [*(("conditions", at) for at in range(len(declared.conditions))), ("outcome",)]
    for place, entry in zip(places, declared.sets, strict=True):
        yield from entry.problems(place, questionnaire, positions)
        for problem in entry.calibration.calibration().problems(entry.name):
            yield positions.problem((*place, "calibration", "anchors"), problem.rule, problem.message, problem.fix)
    yield from duplicates(
        positions, [((*p, "name"), e.name) for p, e in zip(places, declared.sets, strict=True)], "set"
    )
    outcome = set(declared.outcome.parts(questionnaire))
    for at, entry in enumerate(declared.conditions):
        if shared := sorted(outcome.intersection(entry.parts(questionnaire))):
            yield positions.problem(("conditions", at), "shared-part", f"{', '.join(shared)} is also a part of the outcome.",
                                    "A condition cannot be made of what it should explain: remove one of the two.")  # fmt: skip
    if declared.outcome.calibration.calibration().levels > 2:
        yield positions.problem(("outcome", "calibration"), "qca-outcome-levels",
                                "expected an outcome that is there or not, found one of several levels.",
                                "Give one threshold, or the anchors of a fuzzy set.")  # fmt: skip
