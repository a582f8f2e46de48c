"""The plan of a study: frozen into a lock beside its analysis, and held against what the study declares now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clustergov.analysis.planning.frozen_plan import FrozenFile, FrozenPlan, ResponsesThen, lock_text, read_lock
from clustergov.analysis.planning.plan_deviations import PlanDeviations, plan_deviations
from clustergov.problems import InputError, Problem, missing_file
from clustergov.yaml_file import load

LOCK = "analysis/plan.lock.json"
"""Where the lock stands, unless study.yml names another file under `plan`."""

DECLARED = {
    "questionnaire": "", "claims": "", "verdicts": "", "drivers": "", "multiverse": "analysis/multiverse.yml",
    "sweet spot": "analysis/sweet-spot.yml", "measurement": "analysis/measurement.yml", "missing": "analysis/missing.yml",
    "case selection": "analysis/case-selection.yml", "qca": "analysis/qca.yml",
}  # fmt: skip
"""Keys of study.yml that name what is planned, and where it stands if they name nothing and it is there."""
NOT_PLANNED = {"title", "date", "report", "cases", "plan", "languages"}
"""Keys of study.yml that are no part of the plan."""


def freeze(folder: Path, *, date: str, note: str = "") -> tuple[Path, str, FrozenPlan]:
    """Make the lock of a study whose inputs were found right (`plan.check_study`); nothing is written.

    Parameters
    ----------
    date : str
        ISO; the study's own or one that is given, never the clock's.

    Returns
    -------
    path, text, plan
    """
    plan = FrozenPlan(date, note, _responses(folder), _declared(folder))
    return lock_path(folder), lock_text(plan), plan


def check_plan(folder: Path) -> PlanDeviations:
    """Hold the lock of a study against its files.

    Raises
    ------
    InputError
        There is no lock, it cannot be read, or a declared file cannot.
    """
    folder = folder.parent if folder.is_file() else folder
    path = lock_path(folder)
    if not path.is_file():
        raise missing_file(
            path, wanted="a frozen plan (make one with `clustergov analysis plan freeze`)", rule="no-plan"
        )
    try:
        plan, claimed = read_lock(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        kind = "no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
        raise InputError(Problem("plan-unreadable", f"expected a frozen plan, found {kind}.",
                                 "Restore the file from where it was deposited.", file=str(path))) from None  # fmt: skip
    return plan_deviations(plan, claimed, _declared(folder))


def lock_path(folder: Path) -> Path:
    """Where the lock of a study stands."""
    named = _study(folder).get("plan")
    return folder / (str(named) if named else LOCK)


def _study(folder: Path) -> Mapping[str, Any]:
    content, _ = load(folder / "study.yml", wanted="the study.yml of a study (make one with `clustergov new`)")
    if not isinstance(content, Mapping):
        raise InputError(
            Problem("study", "expected keys and values.", "Compare with the example.", file=str(folder / "study.yml"))
        )
    return content


def _responses(folder: Path) -> ResponsesThen:
    entry = _study(folder).get("responses")
    named = entry.get("file") if isinstance(entry, Mapping) else None
    if not named:
        return "simulation"
    return "file" if (folder / str(named)).exists() else "none"


def _declared(folder: Path) -> dict[str, FrozenFile]:
    study = _study(folder)
    path = folder / "study.yml"
    own = {key: value for key, value in study.items() if key not in NOT_PLANNED}
    # Paths to responses change when fieldwork begins; that there are some is told apart.
    own.pop("responses", None)
    files = {"study": FrozenFile("study.yml", _sha256(path), own)}
    for key, usual in DECLARED.items():
        for number, name in enumerate(_named(study.get(key), folder, usual), start=1):
            content, _ = load(folder / name)
            files[key if number == 1 else f"{key} {number}"] = FrozenFile(name, _sha256(folder / name), content)
    return files


def _named(value: Any, folder: Path, usual: str) -> Iterator[str]:
    if isinstance(value, list):
        yield from map(str, value)
    elif value:
        yield str(value)
    elif usual and (folder / usual).is_file():
        yield usual


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
