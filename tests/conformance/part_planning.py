"""Power by formula, against pwr, and the power of two one-sided tests by integration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from clustergov.analysis.planning.closed_forms import (
    correlation_power,
    difference_power,
    effect_for,
    equivalence_power,
    f2_power,
    n_for,
)
from conformance.row import Row

TITLE = "Power and sample size"
REFERENCE = Path(__file__).parents[1] / "reference"
SOLVED = "pwr solves for the effect by uniroot with a tolerance of about 1e-4 of its range"


def number(row: dict[Any, Any]) -> float:
    n, k, effect, other, alpha = int(row["n"]), int(row["k"]), row["effect"], row["other"], row["alpha"]
    match row["form"]:
        case "f2":
            return f2_power(n, k, effect, tested=int(other), alpha=alpha)
        case "difference":
            return difference_power(n, k, effect, alpha=alpha)
        case "correlation":
            return correlation_power(n, effect, alpha=alpha)
        case "equivalence":
            return equivalence_power(n, 5, other, away=effect, alpha=alpha)
        case "effect f2":
            return effect_for(lambda f2: f2_power(n, k, f2, tested=1))
        case "effect d":
            return effect_for(lambda d: difference_power(n, n, d))
        case "n d":
            return n_for(lambda size: difference_power(size, size, effect))
    return n_for(lambda size: correlation_power(size, effect))


def rows() -> Iterator[Row]:
    for row in pd.read_csv(REFERENCE / "planning.csv").to_dict("records"):
        solved = row["form"].startswith("effect")
        yield Row(
            "by formula", f"{row['form']}: n = {row['n']:g}, effect {row['effect']:g}, alpha {row['alpha']:g}",
            float(number(row)), row["value"], 2e-3 if solved else 1e-6, row["source"], why=SOLVED if solved else "",
        )  # fmt: skip
