"""A study's plan: ``study.yml`` and everything it names, read and checked before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clustergov.casestudies.documents.pseudonyms import FILE as PSEUDONYMS
from clustergov.problems import InputError
from clustergov.study.declared import Declared, read_declared
from clustergov.study.gathering import Gathering
from clustergov.study.study_file import DesignEntry, ReportWording, Study
from clustergov.yaml_file import read

if TYPE_CHECKING:
    from clustergov.analysis.planning.plan_deviations import PlanDeviations
    from clustergov.casestudies.agreement.declaration import AgreementDeclaration
    from clustergov.casestudies.corpus import Corpus
    from clustergov.casestudies.joint import Joint
    from clustergov.instruments.questionnaire import Questionnaire
    from clustergov.reports.joint.inputs import JointInputs
    from clustergov.survey.frame.frame import SamplingFrame
    from clustergov.survey.frame.outcome import Outcome
    from clustergov.survey.responses import Responses
    from clustergov.survey.synthetic.simulation import Simulation, Sketch

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
    declared: Declared
    preregistered: PlanDeviations | None
    corpus: Corpus | None
    agreement: AgreementDeclaration | None
    joint: Joint | None
    joint_inputs: JointInputs | None
    wording: ReportWording
    inputs: tuple[Path, ...]


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
    from clustergov.casestudies.corpus import read_corpus
    from clustergov.instruments.check import read_questionnaire
    from clustergov.study.preregistration import check_plan

    folder = Path(folder)
    path = folder if folder.is_file() else folder / "study.yml"
    folder = path.parent
    study, _ = read(path, Study, wanted="the study.yml of a study (make one with `clustergov new`)")
    gathering = Gathering(folder)
    gathering.files.append(path)
    wording = gathering.read(
        study.report, lambda file: read(file, ReportWording, wanted="the wording of the report")[0]
    )
    questionnaire = gathering.read(study.questionnaire, read_questionnaire)
    declared = read_declared(study, questionnaire, gathering)
    corpus = gathering.read(study.cases, read_corpus)
    model, responses = _answers(study, questionnaire, gathering, dry=dry, simulation=simulation)
    frame = outcome = None
    if study.design is not None and not dry:
        responses, frame, outcome = _designed(study.design, responses, gathering)
    agreement, joint, joint_inputs = _cases(study, questionnaire, declared, corpus, gathering)
    # A plan is frozen by a dry check; it cannot be held against itself while it is being made.
    preregistered = None if dry else gathering.read(study.plan, lambda file: check_plan(folder))
    # The declaration of case selection is read for the analysis and for the joint display: a mistake is told once.
    problems = list(dict.fromkeys(gathering.problems))
    if problems or questionnaire is None:
        count = len(problems)
        raise InputError(problems, summary=f"{count} mistake{'s' * (count != 1)} in the inputs of {path}:")
    return Plan(
        folder=folder,
        study=study,
        questionnaire=questionnaire,
        simulation=model,
        responses=responses,
        outcome=outcome,
        frame=frame,
        declared=declared,
        preregistered=preregistered,
        corpus=corpus,
        agreement=agreement,
        joint=joint,
        joint_inputs=joint_inputs,
        wording=wording or ReportWording(author=""),
        # A list of real names is no input of a result, and what stands in a manifest can be read by others.
        inputs=tuple(path for path in dict.fromkeys(gathering.files) if path.name != PSEUDONYMS),
    )


def _cases(
    study: Study, questionnaire: Questionnaire | None, declared: Declared, corpus: Corpus | None, gathering: Gathering
) -> tuple[AgreementDeclaration | None, Joint | None, JointInputs | None]:
    """How agreement is told, and what lays the cases beside the claims; what was wrong is in `gathering`."""
    from clustergov.casestudies.agreement.declaration import read_agreement
    from clustergov.casestudies.joint import read_joint
    from clustergov.casestudies.quotes import quotes_unfit_to_show
    from clustergov.reports.joint.inputs import read_joint_inputs

    if corpus is None:
        return None, None, None
    cases = gathering.folder / study.cases
    gathering.problems += gathering.take(cases, lambda folder: quotes_unfit_to_show(corpus, folder)) or ()
    agreement = gathering.take(cases / "agreement.yml", lambda file: read_agreement(file, corpus))
    if declared.claims is None or not (cases / "joint.yml").is_file():
        return agreement, None, None
    drivers = declared.drivers
    predictors = None if drivers is None else [predictor.code for predictor in drivers.predictors]
    joint = gathering.take(cases / "joint.yml", lambda file: read_joint(file, corpus.codebook, predictors=predictors))
    if joint is None:
        return agreement, None, None
    beside = gathering.take(
        cases,
        lambda folder: read_joint_inputs(
            gathering.folder,
            folder,
            corpus,
            joint,
            drivers,
            declaration=study.case_selection,
            questionnaire=questionnaire,
        ),
    )
    return agreement, joint, beside


def _answers(
    study: Study, questionnaire: Questionnaire | None, gathering: Gathering, *, dry: bool, simulation: Path | None
) -> tuple[Simulation | Sketch | None, Responses | None]:
    """The model that answers are drawn from, or the answers; what was wrong is in `gathering`."""
    from clustergov.survey.reading import read_responses
    from clustergov.survey.synthetic.simulation import plain_sketch, read_model

    if questionnaire is None:
        return None, None
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
    return model, responses


def _designed(
    entry: DesignEntry, responses: Responses | None, gathering: Gathering
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


def _partial_from(entry: DesignEntry, gathering: Gathering) -> float:
    """What the design says, else what fieldwork says."""
    from clustergov.survey.collection.fieldwork import Fieldwork, read_fieldwork

    if entry.partial_from is not None:
        return entry.partial_from
    there = entry.frame and (gathering.folder / FIELDWORK).is_file()
    described = gathering.read(FIELDWORK, read_fieldwork) if there else None
    return (described or Fieldwork(fieldwork="", questionnaire="")).partial_from
