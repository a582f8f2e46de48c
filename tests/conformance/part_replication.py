"""Rechecks, criteria of replication, pooling and adjusted p-values against R, and TOSTER's known results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.multiplicity import adjusted
from clustergov.analysis.recheck.correlation import recheck_r
from clustergov.analysis.recheck.null_tau import exact_p, null_variance
from clustergov.analysis.recheck.reported_p import reported_p
from clustergov.analysis.recheck.rounding import Printed
from clustergov.analysis.recheck.test_statistic import p_of
from clustergov.analysis.replication.bayes_factor import by_normal, correlation, jzs, replication_t
from clustergov.analysis.replication.equivalence import equivalence
from clustergov.analysis.replication.pooling import Pooled, pool
from clustergov.analysis.replication.prediction import prediction_interval
from clustergov.analysis.replication.telescopes import detectable, detectable_d, detectable_r
from conformance.row import Row

TITLE = "Rechecks, replication, pooling and multiplicity"
REFERENCE = Path(__file__).parents[1] / "reference"
P = (0.0004, 0.31, 0.012, 0.049, 0.0021, 0.76, 0.012, 0.02)
CLOSED, INTEGRAL, ROOT = 1e-12, 1e-8, 1e-9


def rows() -> Iterator[Row]:
    for row in pd.read_csv(REFERENCE / "replication.csv").to_dict("records"):
        given = tuple(row[f"a{place}"] for place in range(1, 9) if not pd.isna(row[f"a{place}"]))
        ours, tolerance, why = _ours(str(row["topic"]), str(row["statistic"]), given)
        yield Row(row["data"], row["statistic"], ours, row["value"], tolerance, row["source"], why=why)
    yield from _toster()


def _ours(topic: str, statistic: str, given: tuple[float, ...]) -> tuple[float, float, str]:
    kind, _, detail = topic.partition("-")
    if kind == "pool":
        found = _pooled(detail)
        return _field(found, statistic), 1e-7, ""
    if kind == "p.adjust":
        correction = {"holm": "holm", "BH": "benjamini-hochberg", "BY": "benjamini-yekutieli"}[detail]
        return float(adjusted(P, correction)[int(given[0]) - 1]), 1e-15, ""  # type: ignore[arg-type]  # its own words
    if topic == "prediction":
        interval = prediction_interval(0.21, 0.05, 0.07)
        return (interval.low if statistic == "lower end" else interval.high), CLOSED, ""
    tolerance = INTEGRAL if kind == "bf" else ROOT if kind == "telescope" else CLOSED
    return METHODS[topic](*given), tolerance, ""


def _tau_variance(first: float, second: float, n: float) -> float:
    data = pd.read_csv(REFERENCE / f"replication-tau-{first:.0f}x{second:.0f}.csv")
    assert len(data) == n
    return null_variance(int(n), data["x"].value_counts().tolist(), data["y"].value_counts().tolist())


def _exact_r(r: float, n: float) -> float:
    exactly = Printed(f"{r:g}", r, r, 0.01)
    return recheck_r(exactly, reported_p("< 1"), (int(n), int(n))).low


METHODS: dict[str, Callable[..., float]] = {
    "tau-exact": lambda n, concordant: exact_p(int(concordant), int(n)),
    "tau-variance": _tau_variance,
    "p-t": lambda t, df: p_of("t", t, (df,)),
    "p-F": lambda f, one, two: p_of("F", f, (one, two)),
    "p-chi2": lambda value, df: p_of("chi2", value, (df,)),
    "p-r": _exact_r,
    "telescope-d": lambda n: detectable_d(n, other=n),
    "telescope-d1": lambda n: detectable_d(n),
    "telescope-r": lambda n: detectable_r(int(n)),
    "telescope-z": lambda: detectable(1.0),
    "bf-t": lambda: jzs([2.2], [(30, 25)]),
    "bf-t1": lambda: jzs([2.2], [(40, None)]),
    "bf-t1wide": lambda: jzs([-0.8], [(120, None)], scale=1.0),
    "bf-meta": lambda: jzs([2.2, 0.5], [(30, 25), (80, 90)]),
    "bf-replication": lambda: replication_t(2.2, (30, 25), 0.5, (80, 90)),
    "bf-replication1": lambda: replication_t(2.9, (40, None), 3.1, (90, None)),
    "bf-r": lambda r, n, kappa: correlation([r], [int(n)], kappa=kappa),
    "bf-normal": by_normal,
}


@cache
def _pooled(detail: str) -> Pooled:
    if detail == "adhoc":
        return pool([0.17, 0.05, 0.21], [0.05, 0.06, 0.045], method="PM", adhoc=True)
    if detail == "alike":
        return pool([0.17, 0.165, 0.172], [0.05, 0.06, 0.045], method="PM", adhoc=True)
    data = pd.read_csv(REFERENCE / "replication-pooling.csv")
    return pool(data["yi"], data["sei"], method="PM" if detail == "PM" else "REML")


def _field(found: Pooled, statistic: str) -> float:
    names = {"b": "estimate", "se": "standard_error", "ci.lb": "low", "ci.ub": "high"}
    return float(found.frame()[names.get(statistic, statistic)].iloc[0])


def _toster() -> Iterator[Row]:
    source = "TOSTER 0.8.3, tests/testthat/test-known_results.R: TOSTone(m = 0.54, mu = 0.5, sd = 1.2, n = 100, ±0.3 d)"
    found = equivalence(0.04, 1.2 / np.sqrt(100), -0.36, 0.36, df=99)
    numbers = (("p against the lower limit", found.p_low, 0.0006040021), ("p against the upper limit", found.p_high, 0.004474619),
               ("lower end of the 90% interval", found.interval.low, -0.1592469),
               ("upper end of the 90% interval", found.interval.high, 0.2392469))  # fmt: skip
    for statistic, ours, reference in numbers:
        yield Row("summary statistics, n = 100", statistic, ours, reference, 3e-7, source)
