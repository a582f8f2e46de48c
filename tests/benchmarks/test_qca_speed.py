"""QCA against R's package QCA in the same run; and twelve to sixteen conditions × 200 cases, which it cannot do with all models.

R is asked with a limit of seconds (CLUSTERGOV_R_SECONDS, 60); where it gives up or fails, the line says so.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_literal
from clustergov.casestudies.qca.minimisation import Minimisation, minimise
from clustergov.casestudies.qca.truth_table import CutOffs
from clustergov.casestudies.qca.truth_table_building import truth_table

REFERENCE = Path(__file__).parents[1] / "reference"
SECONDS = float(os.environ.get("CLUSTERGOV_R_SECONDS", "60"))
MEGABYTES = 1024

R = """
suppressMessages(library(QCA)); d <- read.csv("{file}", row.names = 1)
s <- system.time({{ tt <- truthTable(d, outcome = "{outcome}", incl.cut = .8); m <- minimize(tt, {how}) }})[["elapsed"]]
cat("\\n", s, length(m$solution), length(m$solution[[1]]), as.character(packageVersion("QCA")), "\\n")
"""


def test_lipset(tmp_path: Path) -> None:
    data = json.loads((REFERENCE / "qca-data.json").read_text(encoding="utf-8"))["LF"]
    frame = pd.DataFrame(data["columns"], index=data["cases"])
    ours, found = _ours(frame, "SURV", "DEV,URB,LIT,IND,STB", repeat=5)
    theirs = _theirs(tmp_path, frame, "SURV", 'include = "?", dir.exp = c("DEV", "URB", "LIT", "IND", "STB")')
    print(f"\nLipset, all three solutions: ours {ours:.4f} s, {_told(found)}; {_beside(theirs, ours)}")
    assert theirs[0] is None or ours <= 0.3 * theirs[0]


@pytest.mark.parametrize(
    ("conditions", "cases", "how"),
    [(6, 60, 'include = "?"'), (8, 60, 'include = "?"'), (8, 60, 'include = "?", first.min = TRUE'),
     (12, 200, 'include = "?", first.min = TRUE'), (14, 200, 'include = "?", first.min = TRUE'),
     (16, 200, 'include = "?", first.min = TRUE'), (12, 200, "")],
    ids=lambda value: str(value),
)  # fmt: skip
def test_random_tables(tmp_path: Path, conditions: int, cases: int, how: str) -> None:
    ours, found = _ours(_random(conditions, cases), "Y", "", repeat=1)
    theirs = _theirs(tmp_path, _random(conditions, cases), "Y", how)
    what = how or "conservative"
    print(f"\n{conditions} conditions × {cases} cases: ours {ours:.2f} s for all solutions, {_told(found)}; R ({what}) "
          f"{_beside(theirs, ours)}")  # fmt: skip
    assert ours < 60
    assert theirs[0] is None or ours <= 0.3 * theirs[0]
    if "first.min" not in how and theirs[0] is not None:
        solution = found.parsimonious if how else found.conservative
        assert (solution.count, len(solution.models[0].terms)) == theirs[1:]


@pytest.mark.parametrize("conditions", [12, 14, 16])
def test_memory(conditions: int) -> None:
    """In a process of its own, which counts its memory from the start."""
    code = f"import runpy; runpy.run_path({str(Path(__file__))!r})['alone']({conditions})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    print(f"\n{done.stdout.strip()}")
    assert float(done.stdout.split()[-2]) < MEGABYTES


def alone(conditions: int) -> None:
    for seed in (1, 2, 3):
        seconds, found = _ours(_random(conditions, 200, seed), "Y", "", repeat=1)
        print(f"{conditions} × 200, seed {seed}: {seconds:.1f} s, {_told(found)}")
    print("at most", round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "MB")


def _random(conditions: int, cases: int, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    names = [*"ABCDEFGHIJKLMNOP"[:conditions], "Y"]
    frame = pd.DataFrame(draw.integers(0, 2, size=(cases, conditions + 1)), columns=names)
    return frame.rename(index=lambda row: f"c{row}")


def _ours(frame: pd.DataFrame, outcome: str, expect: str, *, repeat: int) -> tuple[float, Minimisation]:
    """Seconds from calibrated data to all solutions with their parameters of fit: the fastest of `repeat`."""
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        table = calibrate(frame, list(frame.columns))
        built = truth_table(table, parse_literal(outcome, table.sets), [c for c in frame.columns if c != outcome],
                            CutOffs(0.8))  # fmt: skip
        found = minimise(built, parse_expectations(expect, built.conditions))
        taken.append(time.perf_counter() - start)
    return min(taken), found


def _theirs(folder: Path, frame: pd.DataFrame, outcome: str, how: str) -> tuple[float | None, int, int]:
    """Seconds, models and terms of R; no seconds where it is not there, fails, or takes too long."""
    if shutil.which("Rscript") is None:
        return None, 0, 0
    file = folder / "data.csv"
    frame.to_csv(file)
    try:
        shown = subprocess.run(["Rscript", "-e", R.format(file=file, outcome=outcome, how=how)], capture_output=True,
                               text=True, check=False, timeout=SECONDS)  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, -1, 0
    if shown.returncode:
        return None, -2 if "no package" not in shown.stderr else 0, 0
    seconds, models, terms, _ = shown.stdout.split()[-4:]
    return float(seconds), int(models), int(terms)


def _told(found: Minimisation) -> str:
    one = found.parsimonious
    bound = "" if one.exact else "at least "
    proven = "proven" if one.least_terms == len(one.models[0].terms) else f"at least {one.least_terms} needed"
    return f"{bound}{one.count} parsimonious models of {len(one.models[0].terms)} terms ({proven})"


def _beside(theirs: tuple[float | None, int, int], ours: float) -> str:
    if theirs[0] is None:
        return {0: "is not there", -1: f"took over {SECONDS:.0f} s", -2: "failed"}[theirs[1]]
    return f"R {theirs[0]:.2f} s for {theirs[1]} models of {theirs[2]} terms: {ours / theirs[0]:.3f} of R"
