"""Multiple imputation by predictive mean matching against R's mice, on the same table in the same run."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.missing.chains import impute

M, ITERATIONS = 20, 5
IN_R = """
suppressPackageStartupMessages(library(mice)); d <- read.csv(commandArgs(TRUE)[1])
start <- proc.time()[["elapsed"]]
imp <- mice(d, m = {m}, maxit = {iterations}, method = "pmm", seed = 1, printFlag = FALSE)
cat(proc.time()[["elapsed"]] - start, mean(sapply(1:{m}, function(i) coef(lm(v0 ~ v1 + v2, complete(imp, i)))[["v1"]])))
"""


def table(rows: int = 500, columns: int = 25) -> pd.DataFrame:
    """Columns of three factors and noise, 15 % of the cells missing."""
    rng = np.random.default_rng(1)
    whole = rng.normal(size=(rows, 3)) @ rng.normal(size=(3, columns)) + 1.5 * rng.normal(size=(rows, columns))
    data = pd.DataFrame(whole, columns=[f"v{at}" for at in range(columns)])
    return data.mask(rng.random(data.shape) < 0.15)


def test_against_mice(tmp_path: Path) -> None:
    data = table()
    impute(data, m=2, iterations=1, seed=1)
    start = time.perf_counter()
    found = impute(data, m=M, iterations=ITERATIONS, seed=1)
    own = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slope = np.mean([np.linalg.lstsq(np.column_stack([frame[["v1", "v2"]], np.ones(len(frame))]), frame["v0"])[0][0]
                     for frame in found.frames()])  # fmt: skip
    told = f"\npmm, m = {M}, {ITERATIONS} iterations, 500 × 25: {own:.2f} s, peak of this process {memory:.0f} MB"
    if shutil.which("Rscript") is None:
        print(f"{told}; mice is not held against it, because there is no Rscript")
        return
    file = tmp_path / "table.csv"
    data.to_csv(file, index=False)
    command = ["Rscript", "-e", IN_R.format(m=M, iterations=ITERATIONS), str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        print(f"{told}; mice does not run here: {run.stderr.strip().splitlines()[-1:]}")
        return
    other, theirs = map(float, run.stdout.split()[-2:])
    print(f"{told}; mice takes {other:.1f} s, {other / own:.0f} × as long; one slope {slope:.4f} and {theirs:.4f}")
