"""A whole study read and computed for its joint display."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustergov.problems import InputError, Problem, missing_file

if TYPE_CHECKING:
    from clustergov.analysis.case_selection.selection import CaseSelection
    from clustergov.language import Text
    from clustergov.reports.joint.cases_and_model import CasesAndModel
    from clustergov.reports.joint.display import JointDisplay
    from clustergov.reports.joint.inputs import JointInputs
    from clustergov.study.plan import Plan
    from clustergov.survey.responses import Responses


@dataclass(frozen=True)
class JointStudy:
    """What the command tells.

    Attributes
    ----------
    cases : Path
        The folder of the case studies.
    model : CasesAndModel, Text or None
        See `joint_findings`.
    """

    plan: Plan
    cases: Path
    inputs: JointInputs
    display: JointDisplay
    model: CasesAndModel | Text | None

    @property
    def broken(self) -> bool:
        """Whether something that was checked does not hold: a judgement is stale, or a frozen choice was not kept."""
        from clustergov.reports.joint.cases_and_model import CasesAndModel

        stale = any(cell.state == "stale" for row in self.display.rows for cell in row.cells)
        lost = isinstance(self.model, CasesAndModel) and self.model.state.state in ("altered", "changed", "unreadable")
        return stale or lost

    def content(self) -> dict[str, Any]:
        """Everything as tables in full precision."""
        from clustergov.reports.joint.cases_and_model import CasesAndModel
        from clustergov.reports.joint.paths import SideBySide

        whole: dict[str, Any] = {
            "synthetic": self.display.synthetic, "display": self.display.frame(), "passages": self.display.passages(),
            "estimates": self.display.estimates(),
        }  # fmt: skip
        model = self.model
        if not isinstance(model, CasesAndModel):
            return whole | {"model": model}
        state = {"state": model.state.state, "time": model.state.lock.time if model.state.lock else None,
                 "hash": model.state.lock.hash if model.state.lock else None, "sentences": model.state.sentences,
                 "order": [{"case": case, "coded": order} for case, _, order in model.order.orders]}  # fmt: skip
        sides = model.sides.frame() if isinstance(model.sides, SideBySide) else model.sides
        return whole | {
            "frozen": state, "chosen": model.frame(), "predictions": model.predictions(), "profiles": model.profiles(),
            "omitted": model.omitted(), "candidates": model.candidates.sentences("en"), "paths": sides,
            "necessity": model.necessity(),
        }  # fmt: skip

    def document(self, language: str, *, word: bool) -> bytes:
        """The chapter as a document of its own."""
        from clustergov.language import say
        from clustergov.reports.chapters.joint import joint
        from clustergov.reports.document import Contents, Document
        from clustergov.reports.html import render_html
        from clustergov.reports.word import render_word

        banner = say("chapters.banner", language) if self.display.synthetic else ""
        blocks = (Contents(), *joint(self.display, language, self.model, banner=banner))
        study = self.plan.study
        document = Document(
            study.title.to(language), "", language, self.plan.wording.author, study.date, blocks, banner
        )
        return render_word(document) if word else render_html(document).encode()


def read_joint_study(study: Path) -> JointStudy:
    """Read a study and compute its joint display.

    Raises
    ------
    InputError
        A mistake in any input; no claims, no cases or no joint.yml.
    """
    from clustergov.analysis.claims.assessment import assess
    from clustergov.analysis.models.drivers import drivers_of_performance
    from clustergov.casestudies.qca.respondents import declared_qca
    from clustergov.reports.joint.inputs import joint_findings, read_joint_inputs
    from clustergov.spread.threads import one_thread
    from clustergov.study.analyse import MINIMUM

    plan, responses = _plan(study)
    declared = plan.declared
    if plan.corpus is None or plan.joint is None or declared.claims is None or declared.decisions is None:
        raise _incomplete(plan)
    cases = plan.folder / plan.study.cases
    inputs = read_joint_inputs(
        plan.folder,
        cases,
        plan.corpus,
        plan.joint,
        declared.drivers,
        declaration=_named(plan),
        questionnaire=plan.questionnaire,
    )
    minimum = None if responses.synthetic else MINIMUM
    with one_thread():
        assessments = assess(declared.claims, declared.decisions, responses)
        drivers = (
            drivers_of_performance(declared.drivers, responses, minimum=minimum, beside=True)
            if declared.drivers
            else None
        )
        display, model = joint_findings(
            inputs, plan.corpus, plan.joint, assessments, responses, drivers=drivers, specification=declared.drivers,
            minimum=minimum, qca=declared_qca(declared.qca, responses, robust=False) if declared.qca else None,
        )  # fmt: skip
    return JointStudy(plan, cases, inputs, display, model)


def selection_of(study: Path) -> tuple[Path, CaseSelection]:
    """The folder of a study, and the choice that its model makes now.

    Raises
    ------
    InputError
        The study declares no drivers or no selection, or its model cannot be fitted.
    """
    from clustergov.analysis.case_selection.declaration import read_selection
    from clustergov.analysis.case_selection.selection import case_selection
    from clustergov.analysis.models.design import FitError
    from clustergov.reports.joint.inputs import DECLARATION

    plan, responses = _plan(study)
    if plan.declared.drivers is None:
        raise InputError(Problem("no-drivers", "the study declares no models of performance.",
                                 "Name a declaration under `drivers` in study.yml.", file=str(plan.folder / "study.yml")))  # fmt: skip
    path = plan.folder / (_named(plan) or DECLARATION)
    specification = read_selection(path, plan.declared.drivers)
    try:
        return plan.folder, case_selection(specification, plan.declared.drivers, responses)
    except FitError as failure:
        raise InputError(
            Problem("no-model", failure.reason["en"], "Correct the declaration.", file=str(path))
        ) from None


def frozen_now(time: str | None) -> str:
    """The time of freezing in ISO form: the one given, or now.

    Raises
    ------
    InputError
        The one given is no time.
    """
    from clustergov.casestudies.first_coded import moment_of

    if time is None:
        return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    try:
        return moment_of(time).isoformat(timespec="seconds")
    except ValueError:
        raise InputError(Problem("time", f"expected a time such as 2026-11-22T10:00+01:00, found “{time}”.",
                                 "Correct --time.")) from None  # fmt: skip


def _plan(study: Path) -> tuple[Plan, Responses]:
    from clustergov.study.analyse import draw
    from clustergov.study.plan import check_study

    whole = study.parent if (study / "codebook.yml").is_file() else study
    if not (whole if whole.is_file() else whole / "study.yml").is_file():
        raise missing_file(whole / "study.yml", wanted="a whole study: survey and cases meet only there")
    plan = check_study(whole)
    drawn = draw(plan)
    responses = drawn.responses if drawn else plan.responses
    if responses is None:
        raise RuntimeError("a checked plan has a simulation or responses")
    return plan, responses


def _named(plan: Plan) -> str:
    """The declaration of selection that study.yml names, if it names one."""
    return str(getattr(plan.study, "case_selection", ""))


def _incomplete(plan: Plan) -> InputError:
    return InputError(
        Problem("no-joint-display", "expected claims, verdicts, cases and casestudies/joint.yml, found not all of them.",
                "A joint display needs a survey that tests claims and cases that speak to their drivers.",
                file=str(plan.folder / "study.yml"))
    )  # fmt: skip
