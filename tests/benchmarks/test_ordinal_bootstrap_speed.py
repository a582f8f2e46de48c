"""1,000 bootstrap ordered logits against ordinal::clm and statsmodels' OrderedModel, all in one run on the same samples."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.analysis.models.ordinal_bootstrap import ordinal_bootstrap, weighted_fits

N, K, REPLICATES = 356, 8, 1000
CLM, ORDERED = 100, 6
"""Replicates that the peers fit; their time for all is told from these."""

SCRIPT = """
suppressMessages(library(ordinal))
data <- read.csv(commandArgs(TRUE)[1]); draws <- as.matrix(read.csv(commandArgs(TRUE)[2]))
data$y <- ordered(data$y); formula <- reformulate(setdiff(names(data), "y"), "y")
invisible(clm(formula, data = data))
start <- proc.time()[["elapsed"]]
found <- t(apply(draws, 1, function(rows) coef(clm(formula, data = data[rows, ]))))
cat(proc.time()[["elapsed"]] - start, "\\n")
tight <- clm(formula, data = data[draws[1, ], ], control = clm.control(gradTol = 1e-12))
cat(sprintf("%.17g", coef(tight)), "\\n")
"""


def test_against_clm_and_ordered_model(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(N, K)), columns=[f"x{i}" for i in range(K)])
    latent = X.to_numpy() @ np.linspace(0.1, 0.6, K) + rng.logistic(size=N)
    y = pd.Series(np.digitize(latent, [-2.0, -0.7, 0.7, 2.0]) + 1.0, name="y")
    ordinal_bootstrap(y, X, replicates=50, seed=0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    own = min(_timed(lambda: ordinal_bootstrap(y, X, replicates=REPLICATES, seed=1)) for _ in range(3))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    draws = rng.integers(0, N, size=(CLM, N))
    ours = _weighted(y, X, draws)
    gap = max(np.abs(_single(y, X, rows) - found).max() for rows, found in zip(draws[:20], ours[:20], strict=True))
    print(f"\n{REPLICATES} ordered logits, n = {N}, {K} predictors, 5 categories: {own:.2f} s, {memory:.0f} MB more memory; "
          f"largest difference from single fits {gap:.0e}")  # fmt: skip
    _against_ordered_model(y, X, draws, ours, own)
    _against_clm(y, X, draws, ours, own, tmp_path)


def _timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _weighted(y: pd.Series, X: pd.DataFrame, draws: np.ndarray) -> np.ndarray:
    rows = OrderedRows.of(y, X)
    weights = np.array([np.bincount(drawn, minlength=N) for drawn in draws], dtype=float)
    return weighted_fits(rows, weights, rows.maximum("logit")[1], "logit")[0]


def _single(y: pd.Series, X: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    fit = cumulative_logit(y.iloc[rows].reset_index(drop=True), X.iloc[rows].reset_index(drop=True))
    return np.concatenate([fit.thresholds, fit.estimates])


def _against_ordered_model(y: pd.Series, X: pd.DataFrame, draws: np.ndarray, ours: np.ndarray, own: float) -> None:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    def fit(rows: np.ndarray) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return (
                OrderedModel(y.to_numpy()[rows], X.to_numpy()[rows], distr="logit")
                .fit(method="bfgs", disp=False)
                .params
            )

    gap = np.abs(fit(draws[0])[:K] - ours[0, 4:]).max()
    taken = _timed(lambda: [fit(rows) for rows in draws[:ORDERED]]) / ORDERED * REPLICATES
    print(f"statsmodels OrderedModel: {taken:.0f} s for {REPLICATES} (told from {ORDERED}), {taken / own:.0f} × as long; "
          f"largest difference {gap:.0e}")  # fmt: skip


def _against_clm(y: pd.Series, X: pd.DataFrame, draws: np.ndarray, ours: np.ndarray, own: float, folder: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("ordinal::clm is not compared: Rscript is not installed")
    X.assign(y=y).to_csv(folder / "data.csv", index=False)
    pd.DataFrame(draws + 1).to_csv(folder / "draws.csv", index=False)
    (folder / "clm.R").write_text(SCRIPT, encoding="utf-8")
    command = ["Rscript", str(folder / "clm.R"), str(folder / "data.csv"), str(folder / "draws.csv")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip(f"ordinal::clm is not compared: {told.stderr.strip().splitlines()[-1]}")
    seconds, tight = told.stdout.strip().splitlines()
    taken = float(seconds) / CLM * REPLICATES
    gap = np.abs(np.array(tight.split(), dtype=float) - ours[0]).max()
    print(f"ordinal::clm: {taken:.1f} s for {REPLICATES} (told from {CLM}), {taken / own:.0f} × as long; "
          f"largest difference from a fit with gradTol 1e-12 {gap:.0e}")  # fmt: skip
