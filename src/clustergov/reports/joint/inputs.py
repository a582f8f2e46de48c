"""What a study has beside its cases for the joint display: the declared selection, its lock, judgements, times of coding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clustergov.analysis.case_selection.declaration import SelectionSpecification, read_selection
from clustergov.analysis.case_selection.selection import CaseSelection, case_selection
from clustergov.analysis.case_selection.selection_lock import (
    SelectionLock,
    SelectionState,
    freeze,
    lock_text,
    read_lock,
    state_of,
)
from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.driver_specification import DriverSpecification
from clustergov.analysis.models.drivers import Drivers
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.first_coded import FirstCoded, first_coded, moment_of
from clustergov.casestudies.integration import Integration, read_integration
from clustergov.casestudies.joint import Joint
from clustergov.casestudies.qca.respondents import DeclaredQca
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.reports.joint.case_account import answers_of
from clustergov.reports.joint.cases_and_model import CasesAndModel, cases_and_model
from clustergov.reports.joint.chosen_row import shown_names
from clustergov.reports.joint.display import JointDisplay, joint_display
from clustergov.reports.joint.qca_paths import beside_regression
from clustergov.survey.collection.private_file import private_folder, write_private
from clustergov.survey.privacy.study_files import FROZEN_CHOICE
from clustergov.survey.responses import Responses

DECLARATION = "analysis/case-selection.yml"
LOCK = "analysis/case-selection.lock.json"
PRIVATE_LOCK = f"survey/raw/{FROZEN_CHOICE}"
"""Of a choice among real respondents: it holds pseudonyms and answers, so it stands where git does not look."""
INTEGRATION = "integration.yml"


@dataclass(frozen=True)
class JointInputs:
    """What was read.

    Attributes
    ----------
    folder : Path
        Of the study.
    specification : SelectionSpecification or None
        None: the study declares no selection of cases.
    integration : Integration
    first : mapping of str to FirstCoded
    files : tuple of Path
        That were read, for the manifest.
    """

    folder: Path
    specification: SelectionSpecification | None
    integration: Integration
    first: Mapping[str, FirstCoded] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def read_joint_inputs(
    folder: Path,
    cases: Path,
    corpus: Corpus,
    joint: Joint,
    drivers: DriverSpecification | None,
    *,
    declaration: str = "",
    questionnaire: Questionnaire | None = None,
) -> JointInputs:
    """Read everything, and hold profiles of cases against the declared drivers.

    Parameters
    ----------
    folder, cases : Path
        Of the study, and of its case studies.
    declaration : str
        Path of the declaration of selection from `folder`; by default `DECLARATION`, where it is there.
    questionnaire : Questionnaire or None
        To hold the values of profiles against its scales; None: not checked.

    Raises
    ------
    InputError
        With every mistake in them.
    """
    problems: list[Problem] = []
    path = folder / (declaration or DECLARATION)
    specification, integration, first = None, Integration(), {}
    if drivers is not None and (declaration or path.is_file()):
        try:
            specification = read_selection(path, drivers)
        except InputError as error:
            problems += error.problems
    try:
        integration = read_integration(
            cases / INTEGRATION, drivers=[each.driver for each in joint.drivers],
            cases=[case.case for case in corpus.cases], languages=corpus.codebook.languages,
        )  # fmt: skip
    except InputError as error:
        problems += error.problems
    try:
        first = first_coded(cases)
    except InputError as error:
        problems += error.problems
    if drivers is not None:
        problems += _profiles(corpus, [predictor.code for predictor in drivers.predictors], cases)
        if questionnaire is not None:
            problems += _off_scale(corpus, answers_of(drivers, questionnaire), cases)
    if problems:
        raise InputError(problems)
    beside = (path if specification else None, folder / LOCK, folder / PRIVATE_LOCK, cases / INTEGRATION)
    files = tuple(each for each in beside if each and each.is_file())
    return JointInputs(folder, specification, integration, first, files)


def _profiles(corpus: Corpus, known: Sequence[str], cases: Path) -> list[Problem]:
    problems = [
        Problem("unknown-driver", f"no driver “{entry.driver}” is declared.", f"Expected one of: {', '.join(known)}.",
                file=str(cases / case.case / "case.yml"), place=f"profile[{index}].driver")
        for case in corpus.cases
        for index, entry in enumerate(case.profile)
        if entry.driver not in known
    ]  # fmt: skip
    owners: dict[str, str] = {}
    for case in corpus.cases:
        if case.respondent and case.respondent in owners:
            problems.append(
                Problem("respondent-twice", f"“{case.case}” and “{owners[case.respondent]}” name one respondent.",
                        "A response answers for one case.", file=str(cases / case.case / "case.yml"), place="respondent")
            )  # fmt: skip
        owners.setdefault(case.respondent, case.case)
    return problems


def _off_scale(corpus: Corpus, answers: Mapping[str, Sequence[Text]], cases: Path) -> list[Problem]:
    return [
        Problem("value-off-scale", f"expected the position of an answer, 1 to {len(answers[entry.driver])}, found {entry.value}.",
                "Positions: " + ", ".join(f"{at} {text.to('en')}" for at, text in enumerate(answers[entry.driver], start=1)) + ".",
                file=str(cases / case.case / "case.yml"), place=f"profile[{index}].value")
        for case in corpus.cases
        for index, entry in enumerate(case.profile)
        if entry.driver in answers and not isinstance(entry.value, str) and not 1 <= entry.value <= len(answers[entry.driver])
    ]  # fmt: skip


def lock_path(folder: Path, *, synthetic: bool) -> Path:
    """Where the lock of a choice stands."""
    return folder / (LOCK if synthetic else PRIVATE_LOCK)


def selection_state(folder: Path, selection: CaseSelection) -> SelectionState:
    """Whether the selection is the one that was frozen."""
    path = lock_path(folder, synthetic=selection.synthetic)
    if not path.is_file():
        return SelectionState("not frozen", None)
    try:
        lock, claimed = _read(path)
    except (ValueError, OSError):
        return SelectionState("unreadable", None)
    return state_of(selection, lock, claimed)


def _read(path: Path) -> tuple[SelectionLock, str]:
    lock, claimed = read_lock(path.read_text(encoding="utf-8"))
    moment_of(lock.time)
    return lock, claimed


def freeze_selection(
    folder: Path, selection: CaseSelection, *, time: str, note: str = "", overwrite: bool = False
) -> tuple[Path, SelectionLock]:
    """Write the lock of a choice, whole or not at all; of real respondents for their owner's eyes only.

    Raises
    ------
    InputError
        Another lock stands there and `overwrite` was not asked for; or it cannot be written.
    """
    path, lock = lock_path(folder, synthetic=selection.synthetic), freeze(selection, time=time, note=note)
    if path.exists() and not overwrite:
        raise InputError(
            Problem("already-frozen", "a choice was frozen before.",
                    "Keep it: a choice that is frozen anew is no longer older than the reading. Add --overwrite if no case "
                    "has been read.", file=str(path))
        )  # fmt: skip
    if selection.synthetic:
        path.parent.mkdir(parents=True, exist_ok=True)
    else:
        private_folder(path.parent)
    write_private(path, lock_text(lock).encode())
    if selection.synthetic:
        path.chmod(0o644)
    return path, lock


def joint_findings(
    inputs: JointInputs, corpus: Corpus, joint: Joint, assessments: Sequence[Assessment], responses: Responses,
    *, drivers: Drivers | None, specification: DriverSpecification | None, minimum: int | None,
    qca: DeclaredQca | None = None,
) -> tuple[JointDisplay, CasesAndModel | Text | None]:  # fmt: skip
    """The display, and cases under the model: a text where the model cannot be fitted, None where none is declared."""
    display = joint_display(
        joint, corpus, assessments, synthetic=responses.synthetic, drivers=drivers, integration=inputs.integration
    )
    if inputs.specification is None or specification is None:
        return display, None
    try:
        selection = case_selection(inputs.specification, specification, responses)
    except FitError as failure:
        return display, failure.reason
    sides = beside_regression(qca, selection, shown_names(corpus, selection), minimum=minimum)
    found = cases_and_model(
        corpus, joint, selection, selection_state(inputs.folder, selection), inputs.first,
        outcome=_label(inputs.specification.outcome, responses), minimum=minimum, sides=sides,
        answers=answers_of(specification, responses.questionnaire),
    )  # fmt: skip
    return display, found


def _label(outcome: str, responses: Responses) -> Text:
    """The words for an outcome."""
    titles = {construct.code: construct.title for construct in responses.questionnaire.constructs}
    found = titles[outcome] if outcome in titles else responses.questionnaire.by_name[outcome].label
    return Text({language: words.rstrip(".") for language, words in found.items()})
