"""What the wheel takes along: the shipped study, and nothing that git keeps out."""

from __future__ import annotations

import tomllib
from pathlib import Path

from clustergov.study.new import FOLDERS


def test_the_shipped_study_is_packed_by_rules_that_heed_gitignore(root: Path) -> None:
    """A forced file is packed even when .gitignore names it: names behind pseudonyms would leave with the wheel."""
    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert list(told["force-include"]) == ["study.yml"]
    assert set(told["only-include"]) == {"src/clustergov", *FOLDERS}
    assert {folder: told["sources"][folder] for folder in FOLDERS} == {
        folder: f"clustergov/example/{folder}" for folder in FOLDERS
    }
    ignored = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"casestudies/pseudonyms.yml", "survey/raw", "survey/responses.csv"} <= set(ignored)
