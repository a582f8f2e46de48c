"""The multiverse against lm, sandwich, clubSandwich, aov, psych and mice, and against permutations written out in R."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.multiverse.block import Block, fit, pieces
from clustergov.analysis.multiverse.influence import shares
from clustergov.analysis.multiverse.joint import STATISTICS, joint, statistics
from clustergov.analysis.multiverse.multiverse import multiverse_of
from clustergov.analysis.multiverse.one_factor import one_factor
from clustergov.analysis.multiverse.permutation import every_order, refit
from clustergov.analysis.multiverse.pooled import pooled
from clustergov.analysis.multiverse.source import of_table
from clustergov.analysis.multiverse.subsets import every_subset
from conformance.row import Row

TITLE = "Multiverse: specifications, permutation, influence of forks"
REFERENCE = Path(__file__).parents[1] / "reference"
TOLERANCE = 1e-9
Found = Callable[[pd.Series], float]  # type: ignore[type-arg]  # a row of the reference


def rows() -> Iterator[Row]:
    """Every number of tests/reference/multiverse.csv beside ours."""
    reference = pd.read_csv(REFERENCE / "multiverse.csv", keep_default_na=False)
    version = reference[reference["what"] == "versions"].set_index("outcome")["quantity"]
    for row in reference[reference["what"] != "versions"].to_dict("records"):
        ours, data, source = KINDS[row["what"]]
        name = " ".join(filter(None, (row["outcome"], f"held: {row['held']}" if row["held"] else "", row["quantity"])))
        yield Row(data, f"{row['what']}: {name}", ours(row), float(row["value"]), TOLERANCE, source.format(**version))


@cache
def _universes() -> pd.DataFrame:
    data = pd.read_csv(REFERENCE / "multiverse-swiss.csv")
    specification = every_subset(["Fertility", "Infant.Mortality"], ["Education"],
                                 ["Agriculture", "Examination", "Catholic"], scale="as answered")  # fmt: skip
    numbers = data.drop(columns="province").astype(float)
    found = multiverse_of(
        specification, of_table(specification, numbers, pd.DataFrame(index=data.index)), permutations=0
    )
    frame = found.frame()
    held = [" ".join(name for name in ("Agriculture", "Examination", "Catholic") if row[name] == "with")
            for row in frame.to_dict("records")]  # fmt: skip
    return frame.assign(held=held).rename(columns={"standard_error": "error"}).set_index(["outcome", "held"])


def _hc3(row: dict[str, str]) -> float:
    return float(_universes().loc[(row["outcome"], row["held"]), row["quantity"]])


@cache
def _standardised() -> tuple[float, float]:
    data = pd.read_csv(REFERENCE / "multiverse-swiss.csv").drop(columns="province").astype(float)
    specification = every_subset(["Fertility"], ["Education"], ["Agriculture"])
    found = multiverse_of(specification, of_table(specification, data, pd.DataFrame(index=data.index)), permutations=0)
    return float(found.estimate[found.preregistered]), float(found.error[found.preregistered])


@cache
def _clustered(held: str, rows: bool) -> dict[str, float]:
    data = pd.read_csv(REFERENCE / "multiverse-air.csv")
    columns = data[["Ozone", "Wind", "Temp", "Solar.R"]].to_numpy(float)
    covariates = np.array([[False, False, "Temp" in held, "Solar.R" in held]])
    groups = np.arange(len(data)) if rows else pd.factorize(data["Month"])[0]
    block = Block(np.arange(len(data)), columns, np.array([0]), np.array([1]), covariates, groups, np.array([True]))
    fits = fit(block)
    return {"estimate": float(fits.estimate[0]), "error": float(fits.error[0]), "df": float(fits.df[0])}


@cache
def _exact() -> dict[str, float]:
    columns = pd.read_csv(REFERENCE / "multiverse-tiny.csv")[["y", "x", "z"]].to_numpy(float)
    covariates = np.array([[False, False, False], [False, False, True]])
    block = Block(np.arange(7), columns, np.array([0, 0]), np.array([1, 1]), covariates, np.arange(7),
                  np.array([False, False]))  # fmt: skip
    fits = fit(block)
    observed = statistics(fits.estimate, fits.error, fits.df)
    permuted = statistics(*refit(block, list(pieces(block)), every_order(7)[1:]), fits.df)
    found = joint(observed, permuted, 2)
    return {name: float(getattr(found, name)) for name in (*STATISTICS, *(f"p_{name}" for name in STATISTICS))}


@cache
def _shares() -> tuple[np.ndarray, np.ndarray]:
    cells = pd.read_csv(REFERENCE / "multiverse-cells.csv")
    return shares(cells["estimate"].to_numpy(), cells[["a", "b", "c"]].to_numpy() - 1)


def _share(row: dict[str, str]) -> float:
    return float(_shares()[row["quantity"] == "whole"]["abc".index(row["outcome"])])


@cache
def _scores() -> np.ndarray:
    data = pd.read_csv(REFERENCE / "multiverse-attitude.csv")
    return one_factor(data.to_numpy(float), tuple(data.columns))


@cache
def _pooled() -> dict[str, float]:
    estimates, errors = np.array([[0.21, 0.35, 0.28, 0.19, 0.31]]), np.array([[0.11, 0.12, 0.10, 0.13, 0.115]])
    found = pooled(estimates, errors, np.full((1, 5), 30.0), np.array([5]))
    return {name: float(values[0]) for name, values in zip(("estimate", "error", "df"), found, strict=True)}


KINDS = {
    "HC3": (_hc3, "swiss, n = 47", 'lm(); vcovHC(type = "HC3"), sandwich {sandwich}'),
    "standardised": (lambda row: _standardised()[row["quantity"] == "error"], "swiss, n = 47",
                     'lm(I(y / sd(y)) ~ …); vcovHC(type = "HC3"), sandwich {sandwich}'),
    "CR2": (lambda row: _clustered(row["held"], False)[row["quantity"]], "airquality, n = 111, 5 months",
            'coef_test(vcov = "CR2", test = "Satterthwaite"), clubSandwich {clubSandwich}'),
    "CR2 rows": (lambda row: _clustered(row["held"], True)[row["quantity"]], "airquality, n = 111, each row a group",
                 'coef_test(vcov = "CR2", test = "Satterthwaite"), clubSandwich {clubSandwich}'),
    "exact": (lambda row: _exact()[row["quantity"]], "7 rows, all 5,040 orders, 2 universes",
              "lm() of fitted(b) + resid(b)[p] for every p, R {R}"),
    "shares": (_share, "2 × 3 × 2 universes", "summary(aov(estimate ~ a * b * c)), interactions divided equally, R {R}"),
    "factor": (lambda row: float(_scores()[int(row["quantity"]) - 1]), "attitude, n = 30, 7 items",
               'fa(1, fm = "minres") refined by optim(); scores by solve(R, loadings), psych {psych}'),
    "pooled": (lambda row: _pooled()[row["quantity"]], "5 tables", 'pool.scalar(n = 32, k = 2), mice {mice}'),
}  # fmt: skip
