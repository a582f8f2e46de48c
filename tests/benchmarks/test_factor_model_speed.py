"""Confirmatory factor models against lavaan on the same data, in one run."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clustergov.analysis.scales.confirmatory.factor_model import Estimator
from clustergov.analysis.scales.confirmatory.fitting import factor_model
from factor_model_references import model_text, table

R = r"""
suppressMessages(library(lavaan))
a <- commandArgs(TRUE); x <- read.csv(a[1]); m <- paste(readLines(a[2]), collapse = "\n")
best <- Inf
for (i in 1:3) best <- min(best, system.time(
  f <- if (a[3] == "WLSMV") cfa(m, x, ordered = TRUE, estimator = "WLSMV") else cfa(m, x, estimator = a[3]))[["elapsed"]])
cat(best, f@test[[length(f@test)]]$stat)
"""


def best(work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


@pytest.mark.parametrize(("data", "estimator"), [("hs", "ML"), ("bfi", "MLR"), ("bfi", "WLSMV")])
def test_against_lavaan(data: str, estimator: Estimator, tmp_path: Path) -> None:
    frame, model = table(data), model_text(data)
    own = best(lambda: factor_model(model, frame, estimator=estimator))
    found = factor_model(model, frame, estimator=estimator)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = f"\n{data} (n = {found.n}, {len(found.items)} items), {estimator}: {own:.3f} s, {memory:.0f} MB at most"
    if shutil.which("Rscript") is None:
        print(line + "; Rscript is not here: nothing to compare with.")
        return
    frame.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "model.txt").write_text(model, encoding="utf-8")
    (tmp_path / "run.R").write_text(R, encoding="utf-8")
    command = ["Rscript", str(tmp_path / "run.R"), str(tmp_path / "data.csv"), str(tmp_path / "model.txt"), estimator]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    theirs, statistic = map(float, done.stdout.split())
    gap = abs(found.judged.chi_square - statistic) / statistic
    print(f"{line}; lavaan {theirs:.3f} s, {theirs / own:.1f} × as long; χ² differs by {gap:.1e}")
