"""Inference beside the packages that do the same: CR2 with Satterthwaite's degrees of freedom, and HC3 of many models.

Prints ratios; nothing depends on the clock but the agreement of the numbers.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import specifications
from clustergov.analysis.inference.policy import infer, policy
from clustergov.analysis.inference.regressors import coded, regressors
from clustergov.analysis.inference.sandwich import moments

N, TERMS, GROUPS, REPEATS = 356, 8, 20, 20

R = """
suppressMessages(library(clubSandwich))
d <- read.csv("data.csv"); m <- lm(y ~ . - g, data = d)
started <- proc.time()[["elapsed"]]
for (i in seq_len({repeats})) t <- coef_test(m, vcovCR(m, cluster = d$g, type = "CR2"), test = "Satterthwaite")
cat((proc.time()[["elapsed"]] - started) / {repeats}, "\\n")
cat(sprintf("%.15g", c(t$SE[-1], t$df_Satt[-1])), "\\n")
"""


def seconds(what: Callable[[], object], repeats: int = REPEATS) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        what()
    return (time.perf_counter() - started) / repeats


def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    labels = rng.integers(GROUPS, size=N)
    X = rng.normal(size=(N, TERMS)) + 0.2 * rng.normal(size=(GROUPS, TERMS))[labels]
    return rng.normal(size=N) + 0.4 * rng.normal(size=GROUPS)[labels], X, labels


def test_cr2_beside_clubsandwich(tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed: nothing to compare with")
    y, X, labels = data()
    frame = pd.DataFrame(X, columns=[f"x{i}" for i in range(TERMS)]).assign(y=y, g=labels)
    frame.to_csv(tmp_path / "data.csv", index=False, float_format="%.17g")
    (tmp_path / "club.R").write_text(R.replace("{repeats}", str(REPEATS)), encoding="utf-8")
    ran = subprocess.run(["Rscript", "club.R"], cwd=tmp_path, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip(f"clubSandwich does not run: {ran.stderr[-200:]}")
    theirs, numbers = ran.stdout.splitlines()[-2:]
    codes, groups = coded(labels)

    def ours() -> tuple[np.ndarray, np.ndarray]:
        design = regressors(np.column_stack([X, np.ones(N)]))
        robust = cluster_robust(design, codes, groups, "CR2")
        errors = np.sqrt(robust.variances(design.residuals(y)[:, None])[:, 0])
        return errors, np.array([each.df for each in moments(robust)])

    errors, df = ours()
    np.testing.assert_allclose(np.r_[errors[:-1], df[:-1]], np.array(numbers.split(), dtype=float), rtol=1e-9)
    mine, whole = seconds(ours), seconds(lambda: policy(X, [f"x{i}" for i in range(TERMS)], labels), 5)
    print(
        f"\nCR2 with degrees of freedom, n = {N}, {TERMS} terms, {GROUPS} groups: {1000 * mine:.1f} ms, "
        f"clubSandwich {1000 * float(theirs):.1f} ms, ratio {float(theirs) / mine:.1f}; "
        f"choosing the method of all {TERMS} terms: {1000 * whole:.0f} ms"
    )


def test_hc3_of_many_models_beside_statsmodels() -> None:
    from statsmodels.regression.linear_model import OLS

    y, X, _ = data()
    models = np.stack([np.column_stack([X, np.ones(N)])] * 256)
    models[:, :, 1] += np.random.default_rng(2).normal(size=(256, N))
    Y = np.tile(y, (256, 1))
    mine = seconds(lambda: specifications(Y, models), 5)
    theirs = seconds(lambda: [OLS(y, each).fit(cov_type="HC3").bse[0] for each in models], 1)
    np.testing.assert_allclose(
        specifications(Y, models)[1], [OLS(y, each).fit(cov_type="HC3").bse[0] for each in models], rtol=1e-8
    )
    print(
        f"\nHC3 of 256 models, n = {N}: {1000 * mine:.0f} ms, statsmodels {1000 * theirs:.0f} ms, ratio {theirs / mine:.1f}"
    )


def test_a_whole_inference() -> None:
    y, X, labels = data()
    names = [f"x{i}" for i in range(TERMS)]
    for grouped in (None, labels):
        took = seconds(lambda grouped=grouped: infer(y, X, names, grouped), 3)
        print(
            f"\ninfer, n = {N}, {TERMS} terms, {'groups' if grouped is not None else 'no groups'}: {1000 * took:.0f} ms"
        )
