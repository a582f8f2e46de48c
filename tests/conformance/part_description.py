"""Rank correlations, shares and paired orders against R 4.2 (stats) and a published example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.description.ordering import dominance
from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.description.share import mean_share, proportion
from conformance.row import Row

TITLE = "Rank correlations, shares and orders"
REFERENCE = Path(__file__).parents[1] / "reference"
CLOSED = 1e-10
OVER_PAIRS = "R 4.2.2 stats: written out over all pairs of observations (tests/reference/claims_statistics.R)"


def rows() -> Iterator[Row]:
    yield from _tau()
    yield from _sas()
    yield from _shares()
    yield from _orders()


def _tau() -> Iterator[Row]:
    data = pd.read_csv(REFERENCE / "claims_statistics-data.csv")
    for row in pd.read_csv(REFERENCE / "claims_statistics-tau.csv").to_dict("records"):
        found = kendall_tau_b(data[row["first"]], data[row["second"]])
        name = f"own seeded table, n = {found.n}: {row['first']} and {row['second']}"
        yield Row(name, "Kendall's tau-b", found.tau, row["tau"], CLOSED, 'cor.test(x, y, method = "kendall"), R 4.2.2')
        yield Row(name, "its standard error", found.standard_error, row["ase1"], CLOSED, OVER_PAIRS)
        yield Row(name, "p, error under tau = 0", found.p, row["p"], CLOSED, OVER_PAIRS)


def _sas() -> Iterator[Row]:
    table = np.array([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]])
    rows, columns = np.indices(table.shape)
    found = kendall_tau_b(np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel()))
    source = "SAS/STAT User's Guide, procedure FREQ, example of the Cochran–Armitage trend test"
    printed = (
        ("Kendall's tau-b", found.tau, 0.3373),
        ("its standard error", found.standard_error, 0.0642),
        ("lower end of the 95% interval", found.interval.low, 0.2114),
        ("upper end of the 95% interval", found.interval.high, 0.4631),
    )
    for statistic, ours, reference in printed:
        yield Row(
            "pain by dose, n = 161",
            statistic,
            ours,
            reference,
            5e-5,
            source,
            relative=False,
            why="four printed decimals",
        )


def _shares() -> Iterator[Row]:
    call = "prop.test(x, n, correct = FALSE, conf.level = {level:g}), R 4.2.2"
    shares = pd.read_csv(REFERENCE / "claims_statistics-share.csv")
    for row in shares[shares["x"].between(1, shares["n"] - 1)].to_dict("records"):
        found = proportion([1.0] * row["x"] + [0.0] * (row["n"] - row["x"]), level=row["level"])
        for end in ("low", "high"):
            statistic = f"{'lower' if end == 'low' else 'upper'} end of Wilson's interval at {row['level']:g}"
            yield Row(
                f"{row['x']} of {row['n']}",
                statistic,
                getattr(found.interval, end),
                row[end],
                CLOSED,
                call.format(**row),
            )
    public = pd.read_csv(REFERENCE / "claims_statistics-public.csv")["public"]
    for row in pd.read_csv(REFERENCE / "claims_statistics-mean_share.csv").to_dict("records"):
        found = mean_share(public, level=row["level"], against=0.6)
        statistic = f"lower end of t's interval at {row['level']:g}"
        source = f"t.test(public, mu = 0.6, conf.level = {row['level']:g}), R 4.2.2"
        yield Row("fifteen shares", statistic, found.interval.low, row["low"], CLOSED, source)


def _orders() -> Iterator[Row]:
    for row in pd.read_csv(REFERENCE / "claims_statistics-matched.csv").to_dict("records"):
        tied = row["n"] - row["b"] - row["c"]
        found = dominance(
            [2.0] * row["b"] + [1.0] * row["c"] + [3.0] * tied, [1.0] * row["b"] + [2.0] * row["c"] + [3.0] * tied
        )
        name = f"{row['b']} against {row['c']} of {row['n']} pairs"
        yield Row(name, "exact p of equal order", found.p, row["p"], CLOSED, "binom.test(b, b + c), R 4.2.2")
