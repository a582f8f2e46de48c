"""Imputation and its pooling against mice, glm and clm (tests/reference/imputation.R)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.missing.categorical_draw import CumulativeRows, mode
from clustergov.analysis.missing.joint_tests import pooled_statistics, wald_test
from clustergov.analysis.missing.linear_draw import LinearPosterior
from clustergov.analysis.missing.pooling import Pooled, pool
from conformance.row import Row

TITLE = "Missing answers: multiple imputation"
REFERENCE = Path(__file__).parents[1] / "reference"
CLOSED = 1e-11
SCALAR = "pool.scalar(Q, U, n = {n}, k = 1), mice 3.15"
WRITTEN = "R 4.2.2: written out from Li, Raghunathan & Rubin (1991) and Reiter (2007) (tests/reference/imputation.R)"
CASES = {
    "nhanes": ("nhanes of mice, n = 25, m = 20: chl ~ age + bmi", 22.0),
    "own-ordinal": ("own seeded items, n = 300, m = 10: cumulative logit", 293.0),
    "own-linear": ("own seeded items, n = 300, m = 10: linear", 296.0),
}
STATISTICS = {
    "qbar": "pooled {}", "t": "total variance of {}", "df": "Barnard–Rubin df of {}", "r": "relative increase in variance, {}",
    "lambda": "λ of {}", "fmi": "fraction of missing information, {}",
}  # fmt: skip


def rows() -> Iterator[Row]:
    expected = pd.read_csv(REFERENCE / "imputation.csv", dtype={"term": str}).fillna({"term": ""})
    values = expected.set_index(["case", "quantity", "term"])["value"]
    for case in CASES:
        yield from _pooled(case, values)
    found = pooled_statistics([11.2, 9.7, 14.9, 12.3, 8.8, 13.1], 3)
    source = "R 4.2.2: written out from Li, Meng, Raghunathan & Rubin (1991) (tests/reference/imputation.R)"
    yield Row("six χ² on 3 df", "D2", found.F, values["chi-squared", "D2", "F"], CLOSED, source)
    yield Row("six χ² on 3 df", "D2, df", found.df_residual, values["chi-squared", "D2", "df"], CLOSED, source)
    yield from _draw(values)
    yield from _modes(values)


def _tables(case: str) -> Pooled:
    tables = pd.read_csv(REFERENCE / "imputation-tables.csv").query("case == @case")
    terms = list(dict.fromkeys(tables["term"]))
    k, m = len(terms), int(tables["table"].max())
    covariances = tables[[f"with{at}" for at in range(1, k + 1)]].to_numpy().reshape(m, k, k)
    return pool(terms, tables["estimate"].to_numpy().reshape(m, k), covariances, df_complete=CASES[case][1])


def _pooled(case: str, values: pd.Series[float]) -> Iterator[Row]:
    found, (name, complete) = _tables(case), CASES[case]
    frame = found.frame().set_index("term").rename(columns={"estimate": "qbar", "riv": "r"})
    frame["t"] = frame["standard_error"] ** 2
    for term in found.terms:
        for quantity, words in STATISTICS.items():
            source = SCALAR.format(n=f"{complete + 1:g}")
            yield Row(name, words.format(term), frame.loc[term, quantity], values[case, quantity, term], CLOSED, source)
    test = wald_test(found)
    for key, ours in (("F", test.F), ("df", test.df_residual), ("p", test.p)):
        yield Row(name, f"D1 of all coefficients, {key}", ours, values[case, "D1", key], 1e-10, WRITTEN)


def _draw(values: pd.Series[float]) -> Iterator[Row]:
    data = pd.read_csv(REFERENCE / "imputation-draw.csv")
    X = np.column_stack([data[["age", "size", "i1"]].to_numpy(float), np.ones(len(data))])[None]
    posterior = LinearPosterior.of(X, data["result"].to_numpy(float))
    beta, sigma = posterior.drawn(np.array([270.5]), np.array([[0.3, -1.1, 0.8, 0.25]]))
    name, source = f"own seeded items, n = {len(data)}", "lm.fit(X, y), backsolve(chol(crossprod(X)), I), R 4.2.2"
    yield Row(name, "σ* drawn with χ² = 270.5", sigma[0], values["draw", "sigma", ""], 1e-10, source)
    for at, term in enumerate(("age", "size", "i1", "constant")):
        yield Row(name, f"β* of {term} with given z", beta[0, at], values["draw", "drawn", str(at + 1)], 1e-9, source)


def _modes(values: pd.Series[float]) -> Iterator[Row]:
    whole = pd.read_csv(REFERENCE / "imputation-augment.csv")
    for case, outcome, terms, call in (
        ("augmented logit", "member", ["age", "size"], "glm.fit(…, weights, quasibinomial()) on mice:::augment(), R 4.2.2"),
        ("augmented ordinal", "result", ["age", "size", "member"], "clm(…, weights) on mice:::augment(), ordinal 2022.11"),
    ):  # fmt: skip
        X = whole[terms].to_numpy(float)
        spread = X.std(axis=0)
        _, places = np.unique(whole[outcome], return_inverse=True)
        cuts = int(places.max())
        phi, information = mode(CumulativeRows.of(((X - X.mean(axis=0)) / spread)[None], places, cuts + 1))
        errors = np.sqrt(np.diag(np.linalg.inv(information[0])))
        for at, term in enumerate(terms):
            key = term if case == "augmented logit" else str(cuts + at + 1)
            name = f"{case} model of {outcome}, n = {len(whole)}"
            ours, error = phi[0, cuts + at] / spread[at], errors[cuts + at] / spread[at]
            yield Row(name, f"mode, {term}", ours, values[case, "estimate", key], 1e-8, call)
            yield Row(name, f"its standard error, {term}", error, values[case, "standard_error", key], 1e-8, call)
