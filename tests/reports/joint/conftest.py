"""The shipped study's parts of a joint display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clustergov.analysis.case_selection.declaration import read_selection
from clustergov.casestudies.integration import Integration
from clustergov.casestudies.joint import read_joint
from clustergov.reports.findings import Findings
from clustergov.reports.joint.inputs import JointInputs
from joint_parts import Parts


@pytest.fixture(scope="session")
def parts(root: Path, findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """The shipped study, in a folder where nothing has been frozen or judged."""
    assert findings.cases is not None
    assert findings.claimed is not None
    assert findings.drivers is not None
    corpus = findings.cases.corpus
    joint = read_joint(root / "casestudies" / "joint.yml", corpus.codebook)
    specification = read_selection(root / "analysis" / "case-selection.yml", findings.drivers.specification)
    inputs = JointInputs(tmp_path_factory.mktemp("study"), specification, Integration())
    return Parts(corpus, joint, findings.claimed.assessments, findings.drivers, findings.responses, inputs)


@pytest.fixture
def study_folder(parts: Parts, tmp_path: Path) -> Callable[[Parts], Parts]:
    """Give parts a folder of their own, to freeze a choice in."""
    return lambda own: own.changed(inputs=replace(own.inputs, folder=tmp_path))
