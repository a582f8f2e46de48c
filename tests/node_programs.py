"""Programs in JavaScript that tests hold our exports against; they come from tests/node, once `npm ci` has run there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from conftest import unavailable

FOLDER = Path(__file__).parent / "node"
INSTALL = "Install Node 20 or later, then: npm ci --prefix tests/node"


def package(name: str) -> Path:
    """The folder of an installed package; without it the test is skipped."""
    folder = FOLDER / "node_modules" / name
    if shutil.which("node") is None or not (folder / "package.json").is_file():
        unavailable(f"Node with {name}", INSTALL)
    return folder


def surveyjs(task: str, jobs: list[dict[str, Any]]) -> list[Any]:
    """Have SurveyJS itself do all jobs in one process: evaluate expressions, fill forms in, or say what they refuse."""
    package("survey-core")
    done = subprocess.run(
        ["node", str(FOLDER / "surveyjs.js")],
        input=json.dumps({"task": task, "jobs": jobs}), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    results: list[Any] = json.loads(done.stdout)
    return results
