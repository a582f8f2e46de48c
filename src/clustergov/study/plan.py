"""A study's plan: ``study.yml`` and everything it names, read and checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from clustergov.problems import InputError, Problem
from clustergov.study.study_file import DesignEntry, ReportWording, Study
from clustergov.yaml_file import read

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
