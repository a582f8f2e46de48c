"""Sweet spots: lines, curves, Fieller, two lines and pooled countries, against lm with sandwich, splines, lme4, metafor."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.sweet_spot.country_shares import CountryShares, country_shares
from clustergov.analysis.sweet_spot.mean_share import group_shares
from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum, share_optimum
from clustergov.analysis.sweet_spot.two_lines import TwoLines
from clustergov.survey.frame.design import SamplingDesign
from conformance.row import Row

TITLE = "Sweet spots and mean shares"
REFERENCE = Path(__file__).parents[1] / "reference"
NAMES = {
    "peak": "simulated, peak at 60, n = 180, two covariates", "line": "simulated, straight line, n = 80",
    "swiss": "swiss (R), fertility by agriculture, n = 47", "countries": "simulated, 117 organisations in 11 countries",
}  # fmt: skip
LMER = "lmer stops where its deviance no longer moves: seven digits of the variances at most"


@cache
def frame(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"sweet_spot-{name}.csv")


@cache
def tested(name: str) -> ShareOptimum:
    data = frame(name)
    controls = data.drop(columns=["x", "y"])
    return share_optimum(data["x"].astype(float), data["y"], controls if controls.shape[1] else None, resamples=50)


@cache
def pooled() -> CountryShares:
    data = frame("countries")
    return country_shares(data["share"].astype(float), data["country"], value=60, margin=5)


def number(data: str, part: str, quantity: str) -> float | None:
    """Ours; None where we compute no such number."""
    if part in ("countries", "pooled", "error", "metafor"):
        return _country(part, quantity)
    if part.startswith("mean share"):
        return _mean(part, quantity)
    found = tested(data)
    match part, quantity:
        case "linear", "slope":
            return found.linear.slope
        case "linear", "low":
            return found.linear.interval.low
        case "linear", "p":
            return found.linear.p
        case "quadratic", "curvature" | "turning":
            return float(getattr(found.quadratic, quantity))
        case "quadratic", "low":
            return found.quadratic.curvature_interval.low
        case "quadratic", "fieller low" | "fieller high" if found.quadratic.fieller is not None:
            return getattr(found.quadratic.fieller, quantity.split()[1])
        case "curve", "top" if found.curve is not None:
            return found.curve.top
        case "curve", _ if found.curve is not None:
            kind, at = quantity.split()
            return float(getattr(found.curve, kind)[int(at) - 1])
        case "preset" | "found", _:
            return _lines(getattr(found, part), quantity)
        case "naive", "distance":
            return found.nearness.distance
        case "naive", "distance p":
            return found.nearness.distance_p
    return None


def _lines(lines: TwoLines, quantity: str) -> float:
    if quantity == "break":
        return lines.at
    side, _, end = quantity.partition(" ")
    if end == "p":
        return float(getattr(lines, f"{side}_p"))
    return float(getattr(getattr(lines, f"{side}_interval"), end) if end else getattr(lines, side))


def _country(part: str, quantity: str) -> float | None:
    found = pooled()
    if part == "countries":
        return None if quantity == "restricted log-likelihood" else float(getattr(found, quantity))
    if part == "metafor":
        return found.mean if quantity == "mean" else float(found.countries.loc[quantity, "pooled"])
    return float(found.countries.loc[quantity, part])


def _mean(part: str, quantity: str) -> float:
    share = frame("countries")["share"].astype(float)
    design = SamplingDesign(300) if part.endswith("300") else None
    whole = group_shares(share, None, value=60, margin=5, design=design)[0]
    assert whole.interval is not None
    assert whole.equivalence is not None
    values = {"mean": whole.mean, "low": whole.interval.low, "equivalence high": whole.equivalence.high, "p": whole.p}
    return values[quantity]


def rows() -> Iterator[Row]:
    for row in pd.read_csv(REFERENCE / "sweet_spot.csv").to_dict("records"):
        ours = number(row["data"], row["part"], row["quantity"])
        if ours is None:
            continue
        variance = "lmer" in row["source"] or "mixed" in row["source"] or "rma" in row["source"]
        assert np.isfinite(ours), row
        yield Row(
            NAMES[row["data"]], f"{row['part']}: {row['quantity']}", ours, row["value"], 2e-6 if variance else 1e-8,
            row["source"], why=LMER if variance else "",
        )  # fmt: skip
