"""A study's plan, and the example of the README that changes one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from clustergov.study.plan import check_study


def test_the_shipped_study_is_whole(root: Path) -> None:
    plan = check_study(root)
    assert plan.simulation is not None
    assert plan.responses is None
    assert plan.declared.claims is not None
    assert len(plan.declared.claims.claims) == 16
    assert plan.joint is not None
    assert root / "study.yml" in plan.inputs


def test_the_claim_in_the_readme_can_be_added_as_it_stands(root: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    shutil.copyfile(root / "study.yml", study / "study.yml")
    for folder in ("instruments", "survey", "analysis", "casestudies", "reports"):
        shutil.copytree(root / folder, study / folder)
    source, claim = re.findall(r"```yaml\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    path = study / "analysis" / "claims.yml"
    text = path.read_text(encoding="utf-8").replace("sources:\n", source, 1)
    path.write_text(f"{text.rstrip()}\n{claim}", encoding="utf-8")
    claims = check_study(study).declared.claims
    assert claims is not None
    assert claims.claims[-1].id == "17"


def test_the_shipped_study_keeps_its_frozen_plan(root: Path) -> None:
    preregistered = check_study(root).preregistered
    assert preregistered is not None
    assert preregistered.kept, preregistered.sentence("en")
    assert not preregistered.deviations, "freeze it again: clustergov analysis plan freeze . --overwrite"
