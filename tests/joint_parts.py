"""What the joint display is made of, and ways to change one part of it at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clustergov.analysis.case_selection.selection import CaseSelection, case_selection
from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.models.drivers import Drivers
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.integration import Integration
from clustergov.casestudies.joint import Joint
from clustergov.reports.joint.cases_and_model import CasesAndModel
from clustergov.reports.joint.display import JointDisplay
from clustergov.reports.joint.inputs import JointInputs, joint_findings
from clustergov.survey.responses import Origin, Responses


@dataclass(frozen=True)
class Parts:
    """What the joint display is made of."""

    corpus: Corpus
    joint: Joint
    assessments: tuple[Assessment, ...]
    drivers: Drivers
    responses: Responses
    inputs: JointInputs

    def changed(self, **parts: object) -> Parts:
        return replace(self, **parts)  # type: ignore[arg-type]

    def judged(self, integration: Integration) -> Parts:
        return self.changed(inputs=replace(self.inputs, integration=integration))

    def real(self) -> Parts:
        """The same answers as if somebody had given them."""
        return self.changed(responses=replace(self.responses, origin=Origin("real", "answers.csv", "0" * 64)))

    def linked(self, links: dict[str, tuple[str, bool]]) -> Parts:
        """Cases that name a respondent, with or without consent."""
        cases = tuple(
            case.model_copy(update={"respondent": links[case.case][0], "link_consent": links[case.case][1]})
            if case.case in links
            else case
            for case in self.corpus.cases
        )
        return self.changed(corpus=replace(self.corpus, cases=cases))

    def selection(self) -> CaseSelection:
        assert self.inputs.specification is not None
        return case_selection(self.inputs.specification, self.drivers.specification, self.responses)

    def display(self) -> JointDisplay:
        return self._both()[0]

    def model(self) -> CasesAndModel:
        found = self._both()[1]
        assert isinstance(found, CasesAndModel)
        return found

    def _both(self) -> tuple[JointDisplay, object]:
        return joint_findings(
            self.inputs, self.corpus, self.joint, self.assessments, self.responses, drivers=self.drivers,
            specification=self.drivers.specification, minimum=None if self.responses.synthetic else 5,
        )  # fmt: skip
