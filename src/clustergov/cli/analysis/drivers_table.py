"""The tables of ``clustergov analysis drivers`` on the terminal, and what stands under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import numpy as np
import pandas as pd

from clustergov.cli.analysis.drivers_request import Request
from clustergov.cli.table import print_table
from clustergov.language import number, p_value, say

if TYPE_CHECKING:
    from clustergov.analysis.models.drivers import Drivers
    from clustergov.analysis.models.model_choice import Modelled

ODDS = {"ordinal", "binomial", "fractional", "beta"}


def show(request: Request, modelled: Modelled) -> None:
    """The coefficients, the flow of rows, the reasons and cautions; then what stands beside the fit."""
    _coefficients(modelled, request.model.level)
    click.echo(request.flow.sentence("en"))
    for note in (*request.notes, *_under(modelled.fit)):
        click.echo(note if isinstance(note, str) else note.to("en"))
    if modelled.odds is not None:
        _table(modelled.odds.frame().assign(term=lambda frame: frame["term"].replace("", "(all)")),
               "Proportional odds", ("term", "method", "chi2", "df", "p", "failure"))  # fmt: skip
        click.echo(say("proportional_odds.meaning", "en"))
    if modelled.effects is not None:
        frame = modelled.effects.frame(request.model.level)
        if frame["category"].isna().all():
            frame = frame.drop(columns="category")
        columns = [name for name in ("term", "kind", "category", "estimate", "low", "high") if name in frame]
        _table(frame.assign(**{name: 100 * frame[name] for name in ("estimate", "low", "high")}),
               "Average marginal effects, in percentage points", columns)  # fmt: skip
    if modelled.parts is not None:
        _table(modelled.parts, "Per doubling of a part against the others", ("part", "estimate", "low", "high"))
    if modelled.bootstrap is not None:
        _table(modelled.bootstrap.frame(request.model.level), f"Bootstrap, {len(modelled.bootstrap.lost)} samples",
               ("term", "estimate", "standard_error", "low", "high", "replicates"))  # fmt: skip
        for caution in modelled.bootstrap.cautions:
            click.echo(caution.to("en"))
    if modelled.pooled is not None:
        _table(modelled.pooled.frame(request.model.level), "Pooled over imputed tables",
               ("term", "estimate", "standard_error", "df", "low", "high", "p", "fmi"))  # fmt: skip
        for note in modelled.imputation:
            click.echo(note.to("en"))
    for reason in modelled.missing.values():
        click.echo(reason.to("en"))


def show_declared(found: Drivers) -> None:
    """The models of a study, each with its note."""
    frame = found.frame()
    for result in found.models:
        rows = frame[frame["model"] == result.model.code]
        _table(
            rows, result.model.title.to("en"), ("outcome", "term", "measure", "estimate", "low", "high", "p_adjusted")
        )
        click.echo(found.note(result.model.code, "en"))
    click.echo(say("drivers.limit", "en"))


def _coefficients(modelled: Modelled, level: float) -> None:
    frame = modelled.table
    columns = ["term", *(name for name in ("threshold", "method") if name in frame), "estimate", "standard_error"]
    columns += [*(["df"] if "df" in frame else []), "low", "high", "p"]
    if modelled.family in ODDS:
        odds = (
            frame["estimate"].where(frame["kind"].isin(["predictor", "freed"]))
            if "kind" in frame
            else frame["estimate"]
        )
        frame = frame.assign(**{"odds ratio": np.exp(odds)})
        columns.insert(columns.index("estimate"), "odds ratio")
    _table(frame, f"{modelled.family}, {level:.0%} intervals", columns)


def _under(fit: Any) -> list[Any]:
    """The reason for the kind of standard errors, and the cautions."""
    reason = [fit.reason] if hasattr(fit, "reason") else []
    if getattr(fit, "icc", None) is not None:
        ends = fit.icc_interval
        reason.append(say("mixed.icc", "en", group=fit.group, icc=fit.icc, low=ends.low, high=ends.high))
    if getattr(fit, "errors", "information") != "information":
        reason.append(say(f"logit.errors.{fit.errors}", "en", groups=fit.groups or 0))
    return [*reason, *getattr(fit, "cautions", ())]


def _table(frame: pd.DataFrame, title: str, columns: Any) -> None:
    shown = [name for name in columns if name in frame and not (name == "failure" and (frame[name] == "").all())]
    click.echo(f"\n{title}")
    print_table([name.replace("_", " ") for name in shown], [[_cell(row[name], name) for name in shown]
                for row in frame.to_dict("records")])  # fmt: skip


def _cell(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return "–"
    if name in ("p", "p_adjusted"):
        return p_value(float(value), "en").removeprefix("= ")
    if name in ("category", "replicates", "n") or (name == "df" and float(value).is_integer()):
        return f"{float(value):g}"
    return number(float(value), "en", 1 if name == "df" else 3)
