"""10,240 specifications with HC3 errors at n = 356, against R (lm, sandwich) and statsmodels in the same run; printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import time
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.multiverse.block import Block, fit
from clustergov.analysis.multiverse.multiverse import multiverse_of
from clustergov.analysis.multiverse.source import of_table
from clustergov.analysis.multiverse.subsets import every_subset

OUTCOMES, FOCALS, COVARIATES = (
    [f"y{place}" for place in range(5)],
    ["x0", "x1"],
    [f"z{place}" for place in range(10)],
)
SAMPLE = 320
"""Specifications that statsmodels and R fit; the time of all is extrapolated, one by one being all they do."""
WHOLE = 10_240


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(356, 10)) @ (np.eye(10) + 0.2 * rng.normal(size=(10, 10)))
    X = rng.normal(size=(356, 2)) + 0.4 * Z[:, :2]
    Y = 0.2 * X[:, :1] + 0.5 * Z[:, :1] + rng.normal(size=(356, 5))
    return pd.DataFrame(np.column_stack([Y, X, Z]), columns=[*OUTCOMES, *FOCALS, *COVARIATES])


def specifications() -> list[tuple[str, str, list[str]]]:
    subsets = list(product([False, True], repeat=len(COVARIATES)))
    return [
        (y, x, [name for name, held in zip(COVARIATES, subset, strict=True) if held])
        for y in OUTCOMES for x in FOCALS for subset in subsets
    ]  # fmt: skip


def block_of(table: pd.DataFrame) -> Block:
    names = list(table)
    chosen = specifications()
    covariates = np.array([[name in held for name in names] for _, _, held in chosen])
    return Block(
        np.arange(len(table)), table.to_numpy(), np.array([names.index(y) for y, _, _ in chosen]),
        np.array([names.index(x) for _, x, _ in chosen]), covariates, np.zeros(len(table), dtype=int),
        np.zeros(len(chosen), dtype=bool),
    )  # fmt: skip


def test_specifications_against_r_and_statsmodels(table: pd.DataFrame, tmp_path: Path) -> None:
    import statsmodels.api as sm

    chosen, block = specifications(), block_of(table)
    assert len(chosen) == WHOLE
    fits = fit(block)
    ours = float(np.median([_seconds(block) for _ in range(5)]))
    sample = np.linspace(0, WHOLE - 1, SAMPLE).astype(int)
    began = time.perf_counter()
    found = []
    for at in sample:
        y, x, held = chosen[at]
        X = sm.add_constant(table[[x, *held]].to_numpy())
        peer = sm.OLS(table[y].to_numpy(), X).fit(cov_type="HC3", use_t=True)
        found.append((peer.params[1], peer.bse[1]))
    theirs = (time.perf_counter() - began) * WHOLE / SAMPLE
    distance = np.abs(np.array(found) / np.column_stack([fits.estimate[sample], fits.error[sample]]) - 1).max()
    assert distance < 1e-10
    print(f"\n{WHOLE:,} OLS + HC3, n = 356: ours {ours:.2f} s; statsmodels {theirs:.1f} s ({SAMPLE} of them, extrapolated): "
          f"ratio {theirs / ours:.0f}; largest relative distance {distance:.1e}")  # fmt: skip
    in_r = _in_r(table, [chosen[at] for at in sample], tmp_path)
    if in_r is None:
        print("R with sandwich is not installed: no ratio")
    else:
        seconds, values = in_r
        distance = np.abs(values / np.column_stack([fits.estimate[sample], fits.error[sample]]) - 1).max()
        assert distance < 1e-10
        print(f"R lm + sandwich {seconds * WHOLE / SAMPLE:.1f} s ({SAMPLE} of them, extrapolated): "
              f"ratio {seconds * WHOLE / SAMPLE / ours:.0f}; largest relative distance {distance:.1e}")  # fmt: skip


def _seconds(block: Block) -> float:
    began = time.perf_counter()
    fit(block)
    return time.perf_counter() - began


def _in_r(
    table: pd.DataFrame, chosen: list[tuple[str, str, list[str]]], folder: Path
) -> tuple[float, np.ndarray] | None:
    """Seconds of the fits alone, and coefficient and error of each."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    table.to_csv(folder / "table.csv", index=False)
    formulas = [f"{y} ~ {' + '.join([x, *held])}" for y, x, held in chosen]
    (folder / "formulas.txt").write_text("\n".join(formulas) + "\n", encoding="utf-8")
    (folder / "fits.R").write_text(textwrap.dedent("""\
        library(sandwich)
        data <- read.csv("table.csv")
        formulas <- lapply(readLines("formulas.txt"), as.formula)
        run <- function(f) { m <- lm(f, data); c(coef(m)[2], sqrt(vcovHC(m, type = "HC3")[2, 2])) }
        invisible(run(formulas[[1]]))
        seconds <- system.time(found <- t(sapply(formulas, run)))[["elapsed"]]
        writeLines(c(format(seconds, digits = 15), format(found[, 1], digits = 17), format(found[, 2], digits = 17)))
        """), encoding="utf-8")  # fmt: skip
    done = subprocess.run([program, "fits.R"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    numbers = [float(line) for line in done.stdout.split()]
    return numbers[0], np.array(numbers[1:]).reshape(2, -1).T


def test_a_whole_multiverse_with_permutations(table: pd.DataFrame) -> None:
    specification = every_subset(OUTCOMES, FOCALS, COVARIATES)
    source = of_table(specification, table, pd.DataFrame(index=table.index))
    began = time.perf_counter()
    multiverse_of(specification, source, permutations=0)
    plain = time.perf_counter() - began
    began = time.perf_counter()
    found = multiverse_of(specification, source, permutations=50)
    tested = time.perf_counter() - began
    joint = found.curves[0].joint
    assert joint is not None
    print(f"\nwhole multiverse, 10,240 universes with duplicates and influence: {plain:.2f} s; "
          f"each permutation of all of them {(tested - plain) / 50 * 1000:.0f} ms")  # fmt: skip


def test_memory(tmp_path: Path) -> None:
    """The whole in a process of its own."""
    code = textwrap.dedent("""\
        import resource, numpy as np, pandas as pd
        from clustergov.analysis.multiverse.multiverse import multiverse_of
        from clustergov.analysis.multiverse.source import of_table
        from clustergov.analysis.multiverse.subsets import every_subset
        table = pd.DataFrame(np.random.default_rng(0).normal(size=(356, 17)), columns=[f"v{i}" for i in range(17)])
        names = list(table)
        s = every_subset(names[:5], names[5:7], names[7:])
        multiverse_of(s, of_table(s, table, pd.DataFrame(index=table.index)), permutations=10)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    print(f"\npeak memory of 10,240 universes with permutations: {int(done.stdout) / 1024:.0f} MB (whole process)")
    assert int(done.stdout) < 1024 * 1024
