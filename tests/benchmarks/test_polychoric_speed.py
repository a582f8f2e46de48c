"""Polychoric correlations of 25 items and 2,436 respondents against psych::polychoric in the same run."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.polychoric import polychoric

DATA = Path(__file__).parents[1] / "reference" / "scales-bfi.csv.gz"

THEIRS = """
suppressMessages(library(psych)); options(mc.cores = 2)
x <- read.csv(gzfile("{data}"))
invisible(suppressMessages(polychoric(x[1:5])))
cat(min(replicate(3, system.time(p <<- polychoric(x))[["elapsed"]])), "\\n")
cat(sprintf("%.17g", p$rho[upper.tri(p$rho)]), "\\n")
cat(as.character(packageVersion("psych")), "\\n")
"""


def test_against_psych() -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not there")
    shown = subprocess.run(["Rscript", "-e", THEIRS.format(data=DATA)], capture_output=True, text=True, check=False)
    if shown.returncode:
        pytest.skip(f"psych is not there: {shown.stderr[-200:]}")
    seconds, correlations, version = shown.stdout.strip().splitlines()
    values = pd.read_csv(DATA).astype(float)
    polychoric(values.iloc[:, :5])
    own = {errors: _fastest(values, errors) for errors in (False, True)}
    found = polychoric(values, errors=False).correlations
    theirs = np.array(correlations.split(), dtype=float)
    gap = np.abs(found[np.tril_indices(25, -1)] - theirs).max()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n25 × {len(values)}: psych {version.strip()} {float(seconds):.2f} s; ours {own[False]:.3f} s"
        f" ({float(seconds) / own[False]:.0f} × as fast), with standard errors {own[True]:.3f} s"
        f" ({float(seconds) / own[True]:.0f} ×); largest difference {gap:.1e}; at most {memory:.0f} MB in this process"
    )
    assert gap < 5e-5  # psych stops its search at about 1e-5


def _fastest(values: pd.DataFrame, errors: bool) -> float:
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        polychoric(values, errors=errors)
        taken.append(time.perf_counter() - start)
    return min(taken)
