"""Inference for linear fits against R: sandwich, clubSandwich, and enumerations written out in R."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, stdtr

from clustergov.analysis.inference import wild_bootstrap
from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.exact import fisher, unconditional
from clustergov.analysis.inference.heteroskedasticity import heteroskedastic
from clustergov.analysis.inference.permutation import assignments, between_groups, two_arms
from clustergov.analysis.inference.regressors import Array, Regressors, coded, regressors
from clustergov.analysis.inference.sandwich import Sandwich, moments_of
from clustergov.analysis.inference.wald import wald
from conformance.row import Row

TITLE = "Inference for linear models"
REFERENCE = Path(__file__).parents[1] / "reference"
TERMS = {
    "swiss": ["agriculture", "examination", "catholic"], "eight": ["few", "score"],
    "swiss_weighted": ["agriculture", "examination", "catholic"], "mortality": ["legal", "beertaxa", "year"], "mortality_weighted": ["legal", "beertaxa", "year"],
    "absorbed": ["x", "z", "absorbed"], "wild": ["x", "z"], "wild_six": ["x", "z"], "between": ["x", "z"],
}  # fmt: skip
TOLD = {
    "swiss": "swiss (R), n = 47", "swiss_weighted": "swiss (R), n = 47, weighted by education", "eight": "own, n = 40, eight rows with larger variance",
    "mortality": "MortalityRates (clubSandwich), ten states, n = {n}",
    "mortality_weighted": "the same, weighted by population",
    "absorbed": "own, n = 45 in six groups, one followed exactly", "wild": "own, n = 60 in eight groups",
    "wild_six": "own, n = 33 in six groups", "between": "own, n = 60, four of eight groups treated",
    "logit": "own yes or no, n = 200 in nine groups", "permuted": "own, seven and six answers from 1 to 5", "permuted_normal": "own, six against six",
}  # fmt: skip
QUANTITIES = {"standard_error": "standard error", "df": "degrees of freedom", "F_df": "F, second degrees of freedom"}


@cache
def data(name: str) -> tuple[Regressors, Array, pd.DataFrame]:
    frame = pd.read_csv(REFERENCE / f"inference-{name}.csv")
    X = np.column_stack([frame[TERMS[name]], np.ones(len(frame))])
    weights = frame["pop"].to_numpy(float) if name.endswith("weighted") else None
    return regressors(X, weights), frame["y"].to_numpy(dtype=float), frame


@cache
def sandwich(name: str, kind: str) -> Sandwich:
    design, _, frame = data(name)
    if kind.startswith("HC"):
        return heteroskedastic(design, kind)  # type: ignore[arg-type]  # the file's own names of the kinds
    codes, groups = coded(frame["g"].to_numpy())
    return cluster_robust(design, codes, groups, kind)  # type: ignore[arg-type]


def linear(name: str, kind: str, quantity: str, term: str) -> float:
    if name == "logit":
        return logit(kind, quantity, term)
    design, y, _ = data(name)
    robust = sandwich(name, kind)
    if quantity.startswith("F"):
        at = [TERMS[name].index(each) for each in term.split("+")]
        test = wald(robust, np.eye(design.k)[at], y)
        return {"F": test.statistic, "F_df": test.denominator, "F_p": test.p or np.nan}[quantity]
    j = TERMS[name].index(term)
    if quantity == "df":
        return moments_of(robust, j).df
    error = float(np.sqrt(robust.variance(j, design.residuals(y)[:, None])[0]))
    if quantity == "standard_error":
        return error
    return float(2 * stdtr(moments_of(robust, j).df, -abs(design.coefficients(y)[j] / error)))


def logit(kind: str, quantity: str, term: str) -> float:
    """As inference.generalised has it: the fit as least squares at its estimates."""
    frame = pd.read_csv(REFERENCE / "inference-logit.csv")
    X, y = np.column_stack([frame[["x", "z"]], np.ones(len(frame))]), frame["y"].to_numpy(float)
    b = np.zeros(3)
    for _ in range(30):
        mean = expit(X @ b)
        v = mean * (1 - mean)
        b += np.linalg.solve(X.T @ (X * v[:, None]), X.T @ (y - mean))
    codes, groups = coded(frame["g"].to_numpy())
    robust = cluster_robust(regressors(X * np.sqrt(v)[:, None]), codes, groups, kind, scale=v)  # type: ignore[arg-type]
    j = ["x", "z"].index(term)
    if quantity == "df":
        return moments_of(robust, j).df
    return float(np.sqrt(robust.variance(j, ((y - mean) / np.sqrt(v))[:, None])[0]))


def bootstrapped(name: str, term: str) -> float:
    design, y, frame = data(name)
    codes, groups = coded(frame["g"].to_numpy())
    sums = wild_bootstrap.restricted(design, TERMS[name].index(term), codes, groups, y[:, None])
    signs = wild_bootstrap.Signs(wild_bootstrap.all_signs(groups), enumerated=True)
    return float(wild_bootstrap.p_values(sums, signs, np.zeros(1))[0])


def permuted(name: str, kind: str) -> float:
    rng = np.random.default_rng(1)
    if kind == "group permutation":
        design, y, frame = data(name)
        codes, groups = coded(frame["g"].to_numpy())
        return float(between_groups(design, 0, codes, groups, y[:, None], 50_000, rng)[0])
    frame = pd.read_csv(REFERENCE / f"inference-{name}.csv")
    treated = frame["x"].to_numpy() == 1
    tried = assignments(int(treated.sum()), len(frame), 0, rng, treated)
    return float(two_arms(frame[["y"]].to_numpy(float), treated, tried, np.zeros(1))[0])


def ours(name: str, kind: str, quantity: str, term: str) -> float:
    if kind in ("Fisher", "exact"):
        a, n1, b, n0 = map(int, name.split())
        return fisher(a, n1, b, n0) if kind == "Fisher" else unconditional(a, n1, b, n0)
    if kind == "wild bootstrap":
        return bootstrapped(name, term)
    return permuted(name, kind) if "permutation" in kind else linear(name, kind, quantity, term)


def rows() -> Iterator[Row]:
    for row in pd.read_csv(REFERENCE / "inference.csv", keep_default_na=False).itertuples():
        name, kind, quantity, term = str(row.data), str(row.kind), str(row.quantity), str(row.term)
        if kind in ("Fisher", "exact"):
            a, n1, b, n0 = name.split()
            told = f"{a} of {n1} against {b} of {n0}"
        else:
            told = TOLD[name].format(n=len(pd.read_csv(REFERENCE / f"inference-{name}.csv")))
        statistic = f"{kind}, {QUANTITIES.get(quantity, quantity.replace('F_p', 'p of F'))}" + (
            f" of {term}" if term else ""
        )
        yield Row(told, statistic, ours(name, kind, quantity, term), float(row.value), 1e-8, str(row.source))
