"""A study's plan: ``study.yml`` and everything it names, read and checked before anything is computed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import Field, field_validator, model_validator

from clustergov.language import Language, Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, read

if TYPE_CHECKING:
    from clustergov.analysis.claims.assessment import Claims
    from clustergov.analysis.claims.verdicts import DecisionTable
    from clustergov.analysis.missing.declaration import MissingSpecification
    from clustergov.analysis.models.drivers import DriverSpecification
    from clustergov.analysis.multiverse.declaration import MultiverseSpecification
    from clustergov.analysis.planning.plan_deviations import PlanDeviations
    from clustergov.analysis.scales.measurement_specification import MeasurementSpecification
    from clustergov.analysis.sweet_spot.specification import SweetSpotSpecification
    from clustergov.casestudies.corpus import Corpus
    from clustergov.casestudies.joint import Joint
    from clustergov.instruments.questionnaire import Questionnaire
    from clustergov.survey.frame.frame import SamplingFrame
    from clustergov.survey.frame.outcome import Outcome
    from clustergov.survey.responses import Responses
    from clustergov.survey.synthetic.simulation import Simulation, Sketch

Value = TypeVar("Value")
Wanted = TypeVar("Wanted")

FIELDWORK = "survey/fieldwork.yml"
"""Where a study says how it is fielded."""


class ResponsesEntry(Entry):
    """Where the answers come from: a simulation or a file, never both.

    `rehearsal` is the simulation that a dry run of a study with real responses draws from.
    """

    simulation: str = ""
    file: str = ""
    rehearsal: str = ""
    not_asked: tuple[str, ...] = ()
    strict: bool = True

    @model_validator(mode="after")
    def _either_or(self) -> ResponsesEntry:
        if bool(self.simulation) == bool(self.file):
            raise ValueError("expected either “simulation” or “file”: synthetic and real answers are never mixed")
        if self.rehearsal and self.simulation:
            raise ValueError("“rehearsal” is for a study whose responses are a file; this one has a “simulation”")
        return self


class DesignEntry(Entry):
    """The finite population that the respondents are part of: a frame that lists it, or its size alone.

    Attributes
    ----------
    frame : str
        The sampling frame's file; respondents are matched to it by pseudonym.
    population : int or None
        N, where there is no frame or the responses are anonymous.
    weights : str
        A file of weights, as `clustergov survey weights` writes it.
    dispositions : str
        A file of what became of those who did not answer.
    partial_from : float or None
        Share of the asked questions from which a response that was not submitted is partial; by default that of
        ``survey/fieldwork.yml``, where the study has one.
    eligibility : float or None
        e, the share of cases of unknown eligibility that are eligible; estimated by default.
    """

    frame: str = ""
    population: int | None = Field(default=None, ge=1)
    weights: str = ""
    dispositions: str = ""
    partial_from: float | None = Field(default=None, ge=0, le=1)
    eligibility: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _one_population(self) -> DesignEntry:
        if bool(self.frame) == (self.population is not None):
            raise ValueError("expected either “frame” or “population”: the one counts what the other declares")
        if self.dispositions and not self.frame:
            raise ValueError("“dispositions” need a “frame”: they tell what became of its members")
        return self


class Study(Entry):
    """What ``study.yml`` says. Paths are relative to its folder; `design` and every analysis may be left out.

    `claims` names one registry or several. `missing` says how the answers behind `drivers` are imputed. `plan` is the lock
    of a plan that was frozen (`clustergov analysis plan freeze`).

    `fieldwork` is the year in which people answered, from which ages of organisations are counted; by default that of
    `date`.
    """

    study: str
    title: Text
    languages: tuple[Language, ...]
    date: str
    seed: int = Field(ge=0)
    fieldwork: int | None = Field(default=None, ge=1900, le=2200)
    questionnaire: str
    responses: ResponsesEntry
    design: DesignEntry | None = None
    claims: tuple[str, ...] = ()
    verdicts: str = ""
    measurement: str = ""
    drivers: str = ""
    missing: str = ""
    sweet_spot: str = ""
    multiverse: str = ""
    plan: str = ""
    cases: str = ""
    report: str = ""

    @field_validator("claims", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return ((value,) if value else ()) if isinstance(value, str) else value

    @field_validator("date", mode="before")
    @classmethod
    def _iso_date(cls, value: Any) -> str:
        try:
            return datetime.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise ValueError("expected a date such as 2026-11-21") from None

    @model_validator(mode="after")
    def _complete(self) -> Study:
        if not self.languages or len(set(self.languages)) < len(self.languages):
            raise ValueError("expected at least one of the languages nl and en, none twice")
        if bool(self.claims) != bool(self.verdicts):
            raise ValueError("“claims” and “verdicts” need each other: the one has the claims, the other how to decide")
        if self.missing and not self.drivers:
            raise ValueError("“missing” says how the answers behind “drivers” are imputed, and there are no “drivers”")
        if self.design is not None and not self.responses.file:
            raise ValueError("“design” needs responses from a file: simulated ones are drawn from a model without end")
        return self


class ReportWording(Entry):
    """What ``reports/report.yml`` says: the words of a report that a person may edit."""

    author: str
    subtitle: Text | None = None
    introduction: tuple[Text, ...] = ()
    limits: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A study whose inputs have all been read and found right. What a study leaves out is None here."""

    folder: Path
    study: Study
    questionnaire: Questionnaire
    simulation: Simulation | Sketch | None
    responses: Responses | None
    outcome: Outcome | None
    frame: SamplingFrame | None
    claims: Claims | None
    decisions: DecisionTable | None
    measurement: MeasurementSpecification | None
    drivers: DriverSpecification | None
    missing: MissingSpecification | None
    sweet_spot: SweetSpotSpecification | None
    multiverse: MultiverseSpecification | None
    preregistered: PlanDeviations | None
    corpus: Corpus | None
    joint: Joint | None
    wording: ReportWording
    inputs: tuple[Path, ...]


class _Gathering:
    """Reads one input after the other and keeps every mistake, so that all of them are told at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.files: list[Path] = []

    def read(self, name: str, reader: Callable[[Path], Value]) -> Value | None:
        if not name:
            return None
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            self.problems.append(
                Problem("path-outside", "expected a path inside the study, found one that leads out of it.",
                        "Copy the file into the study: what a study needs travels with it.", file=name)
            )  # fmt: skip
            return None
        self.files += [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())
        return self._try(path, reader)

    def read_together(self, names: tuple[str, ...], reader: Callable[[list[Path]], Value]) -> Value | None:
        """Read several files that make one value; each is recorded, and a path outside the study is a mistake."""
        found: list[Path] = []
        for name in names:
            self.read(name, found.append)
        return self._try(found, reader) if found and len(found) == len(names) else None

    def read_elsewhere(self, path: Path, reader: Callable[[Path], Value]) -> Value | None:
        """Read a file that the user named beside the study."""
        self.files += [path] if path.is_file() else []
        return self._try(path, reader)

    def _try(self, path: Wanted, reader: Callable[[Wanted], Value]) -> Value | None:
        try:
            return reader(path)
        except InputError as error:
            self.problems += error.problems
            return None


def check_study(folder: Path | str, *, dry: bool = False, simulation: Path | None = None) -> Plan:
    """Read ``study.yml`` in `folder` and everything it names.

    Parameters
    ----------
    dry : bool
        For a dry run: responses are not read, nor is what fieldwork brings; the plan has a simulation in every case,
        by default one that declares nothing.
    simulation : path, optional
        With `dry`, a model in place of the study's own.

    Raises
    ------
    InputError
        With every mistake in every file; nothing has been computed or written.
    """
    from clustergov.analysis.claims.assessment import read_claims
    from clustergov.analysis.claims.verdicts import read_verdicts
    from clustergov.analysis.missing.declaration import read_missing
    from clustergov.analysis.models.drivers import read_drivers
    from clustergov.analysis.multiverse.multiverse_reading import read_multiverse
    from clustergov.analysis.scales.measurement_specification import read_measurement
    from clustergov.analysis.sweet_spot.specification import read_sweet_spot
    from clustergov.casestudies.corpus import read_corpus
    from clustergov.casestudies.joint import read_joint
    from clustergov.instruments.check import read_questionnaire
    from clustergov.study.preregistration import check_plan
    from clustergov.survey.reading import read_responses
    from clustergov.survey.synthetic.simulation import plain_sketch, read_model

    folder = Path(folder)
    path = folder if folder.is_file() else folder / "study.yml"
    folder = path.parent
    study, _ = read(path, Study, wanted="the study.yml of a study (make one with `clustergov new`)")
    gathering = _Gathering(folder)
    gathering.files.append(path)
    wording = gathering.read(
        study.report, lambda file: read(file, ReportWording, wanted="the wording of the report")[0]
    )
    questionnaire = gathering.read(study.questionnaire, read_questionnaire)
    decisions = gathering.read(study.verdicts, read_verdicts)
    corpus = gathering.read(study.cases, read_corpus)
    joint = claims = measurement = drivers = missing = sweet_spot = multiverse = None
    model = responses = outcome = frame = None
    if questionnaire is not None:
        claims = gathering.read_together(study.claims, lambda files: read_claims(files, questionnaire))
        measurement = gathering.read(study.measurement, lambda file: read_measurement(file, questionnaire))
        drivers = gathering.read(study.drivers, lambda file: read_drivers(file, questionnaire))
        missing = gathering.read(study.missing, lambda file: read_missing(file, questionnaire))
        sweet_spot = gathering.read(study.sweet_spot, lambda file: read_sweet_spot(file, questionnaire))
        multiverse = gathering.read(study.multiverse, lambda file: read_multiverse(file, questionnaire))
        own = study.responses.simulation or (study.responses.rehearsal if dry and simulation is None else "")
        model = gathering.read(own, lambda file: read_model(file, questionnaire))
        if dry and simulation is not None:
            model = gathering.read_elsewhere(simulation, lambda file: read_model(file, questionnaire))
        elif dry and not own:
            model = plain_sketch(questionnaire)
        responses = gathering.read(
            "" if dry else study.responses.file,
            lambda file: read_responses(
                file, questionnaire, strict=study.responses.strict, not_asked=study.responses.not_asked
            ),
        )
    if study.design is not None and not dry:
        responses, frame, outcome = _designed(study.design, responses, gathering)
    if corpus is not None and claims is not None and (folder / study.cases / "joint.yml").is_file():
        joint = gathering.read(f"{study.cases}/joint.yml", lambda file: read_joint(file, corpus.codebook))
    # A plan is frozen by a dry check; it cannot be held against itself while it is being made.
    preregistered = None if dry else gathering.read(study.plan, lambda file: check_plan(folder))
    if gathering.problems or questionnaire is None:
        count = len(gathering.problems)
        raise InputError(gathering.problems, summary=f"{count} mistake{'s' * (count != 1)} in the inputs of {path}:")
    return Plan(
        folder=folder,
        study=study,
        questionnaire=questionnaire,
        simulation=model,
        responses=responses,
        outcome=outcome,
        frame=frame,
        claims=claims,
        decisions=decisions,
        measurement=measurement,
        drivers=drivers,
        missing=missing,
        sweet_spot=sweet_spot,
        multiverse=multiverse,
        preregistered=preregistered,
        corpus=corpus,
        joint=joint,
        wording=wording or ReportWording(author=""),
        inputs=tuple(dict.fromkeys(gathering.files)),
    )


def _designed(
    entry: DesignEntry, responses: Responses | None, gathering: _Gathering
) -> tuple[Responses | None, SamplingFrame | None, Outcome | None]:
    """The responses with their design, the frame, and the outcome of fieldwork; what was wrong is in `gathering`."""
    from clustergov.survey.frame.design import design_of, read_weights
    from clustergov.survey.frame.disposition import read_dispositions
    from clustergov.survey.frame.frame import read_frame
    from clustergov.survey.frame.outcome import outcome

    frame = gathering.read(entry.frame, read_frame)
    weights = gathering.read(entry.weights, read_weights)
    if frame is not None:
        members = set(frame.members.index)
        frame = frame.noted(gathering.read(entry.dispositions, lambda file: read_dispositions(file, members)) or {})
    partial_from = _partial_from(entry, gathering)
    if gathering.problems or responses is None:
        return responses, frame, None
    known, size, found = frame, entry.population, None
    try:
        if frame is not None:
            found = outcome(responses, frame, partial_from=partial_from, eligibility=entry.eligibility)
            if not found.linked:  # anonymous responses: the frame tells how many there are, not which of them answered
                known, size = None, len(frame.eligible)
        design = design_of(
            responses.frame.index, frame=known, population=size, weights=weights,
            file=entry.weights or entry.frame or "study.yml",
        )  # fmt: skip
    except InputError as error:
        gathering.problems += error.problems
        return responses, frame, None
    return replace(responses, design=design), frame, found


def _partial_from(entry: DesignEntry, gathering: _Gathering) -> float:
    """What the design says, else what fieldwork says."""
    from clustergov.survey.collection.fieldwork import Fieldwork, read_fieldwork

    if entry.partial_from is not None:
        return entry.partial_from
    there = entry.frame and (gathering.folder / FIELDWORK).is_file()
    described = gathering.read(FIELDWORK, read_fieldwork) if there else None
    return (described or Fieldwork(fieldwork="", questionnaire="")).partial_from
