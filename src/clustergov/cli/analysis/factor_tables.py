"""The tables of ``clustergov analysis factors --model`` on the terminal, and what stands under them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from clustergov.cli.table import print_table

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.analysis.scales.confirmatory.factor_model import FactorModel
    from clustergov.analysis.scales.confirmatory.invariance import Invariance
    from clustergov.analysis.scales.confirmatory.marker import MarkerCheck

MOST_SUGGESTIONS = 5
"""Modification indices shown; the JSON file has all."""

PROBABILITIES = ("p", "p_close", "difference_p")

KINDS = {
    "=~": "Loadings", "~": "Regressions among factors", "~~": "Variances and covariances", "~1": "Intercepts and means",
    "|": "Thresholds", "~*~": "Scales of ordinal items",
}  # fmt: skip


def show_model(found: FactorModel, suggestions: pd.DataFrame) -> None:
    """Fit, estimates by kind, explained shares, cautions, and the largest modification indices as questions."""
    click.echo(found.sentence("en"))
    _table(found.fit_frame(), "Fit")
    frame = found.frame()
    columns = ["lhs", "op", "rhs", "estimate", "standard_error", "z", "low", "high", "standardized"]
    if len(found.groups) > 1:
        columns.insert(0, "group")
    for operator, title in KINDS.items():
        rows = frame[(frame["op"] == operator) & ((operator != "~*~") | (frame["free"] > 0))]
        if len(rows) and not (operator == "~1" and (rows["estimate"] == 0).all()):
            _table(rows[columns], title)
    shares = found.r_squared if len(found.groups) > 1 else found.r_squared[["item", "r_squared"]]
    _table(shares, "Share of each item's variance that is explained")
    if found.aic is not None and found.bic is not None:
        click.echo(f"Log-likelihood {found.log_likelihood:.3f}, AIC {found.aic:.3f}, BIC {found.bic:.3f}, "
                   f"{found.table.size} free parameters.")  # fmt: skip
    if len(suggestions):
        shown = suggestions if len(found.groups) > 1 else suggestions.drop(columns="group")
        _table(shown.head(MOST_SUGGESTIONS), "Largest modification indices")
        click.echo("They were found in these data: questions for another sample, no findings.")


def show_invariance(found: Invariance) -> None:
    frame = found.frame().drop(columns=["equal", "failure"])
    _table(frame, "Levels of invariance, each against the one before")
    click.echo(found.sentence("en"))


def show_marker(found: MarkerCheck) -> None:
    _table(found.frame(), "Models with the marker")
    if len(found.correlations):
        _table(found.correlations, "Correlations of mean scores, and adjusted for the marker")
    click.echo(found.sentence("en"))


def _table(frame: pd.DataFrame, title: str) -> None:
    click.echo(f"\n{title}")
    columns = [str(column) for column in frame.columns]
    rows = [
        [_cell(name, value) for name, value in zip(columns, row, strict=True)] for row in frame.itertuples(index=False)
    ]
    print_table(columns, rows)


def _cell(column: str, value: object) -> str:
    if isinstance(value, float):
        if column in PROBABILITIES and value < 0.001:
            return "< 0.001"
        return "–" if math.isnan(value) else f"{value:.3f}"
    return "–" if str(value) == "<NA>" else str(value)
