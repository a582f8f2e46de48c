"""``clustergov analysis factors``: what items have in common, explored or by a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.analysis.data_cautions import data_cautions
from clustergov.cli.analysis.inputs import FILE, banner, finish, names, on_data
from clustergov.cli.analysis.items_request import items_asked
from clustergov.cli.analysis.spreading import spread_over, spreading
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.analysis.scales.exploratory import Exploration

CONFIRMING = ("estimator", "group", "invariance", "marker", "std_lv", "parameterization")
"""Options that only a model of --model takes."""

EXPLORING = ("items", "reverse", "limits", "correlation", "zero_cells", "smooth", "how_many", "method", "rotation",
             "kaiser", "draws", "seed", "jobs", "scheduler", "keep")  # fmt: skip


@click.command()
@on_data
@click.option("--items", help="Columns, with commas.")
@click.option("--reverse", help="Those of --items that run the other way, with commas; needs --range.")
@click.option("--range", "limits", help="Lowest and highest possible answer, as 1:6; other values are refused.")
@click.option("--correlation", type=click.Choice(["pearson", "polychoric"]), default="pearson", show_default=True)
@click.option(
    "--zero-cells", type=click.Choice(["none", "half", "half-2x2"]), default="half-2x2", show_default=True,
    help="Empty cells of polychoric tables: left, half an answer (psych), half an answer in 2 x 2 tables (lavaan).",
)  # fmt: skip
@click.option(
    "--smooth", is_flag=True, help="Smooth a matrix that is no correlation matrix; without it, it is refused."
)
@click.option("--factors", "how_many", default="parallel", show_default=True, help="A number, or parallel.")
@click.option("--method", type=click.Choice(["minres", "ml"]), default="minres", show_default=True)
@click.option("--rotation", type=click.Choice(["oblimin", "varimax", "none"]), default="oblimin", show_default=True)
@click.option("--kaiser/--no-kaiser", default=None, help="Rows of unit length while rotating; by default with varimax.")
@click.option("--draws", type=click.IntRange(20), default=500, show_default=True, help="Of the parallel analysis.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of these draws.")
@click.option("--model", type=FILE, help="A file with a model in lavaan's syntax: confirm instead of explore.")
@click.option(
    "--estimator",
    type=click.Choice(["ML", "MLR", "WLSMV"]),
    help="With --model; by default WLSMV where an item has fewer than five different answers, else MLR.",
)
@click.option("--group", help="With --model: a column with groups.")
@click.option(
    "--invariance",
    is_flag=True,
    help="With --model and --group: levels of invariance, each tested against the one before.",
)
@click.option(
    "--marker", help="With --model: one or more variables, with commas, that theory ties to none of the factors."
)
@click.option("--std-lv", is_flag=True, help="With --model: factors of variance 1, all loadings free.")
@click.option("--parameterization", type=click.Choice(["delta", "theta"]), help="With --model by WLSMV.")
@spreading
@click.pass_context
def factors(
    ctx: click.Context, /, data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool,
    items: str | None, reverse: str | None, limits: str | None, correlation: str, zero_cells: str, smooth: bool,
    how_many: str, method: str, rotation: str, kaiser: bool | None, draws: int, seed: int, model: Path | None,
    estimator: str | None, group: str | None, invariance: bool, marker: str | None, std_lv: bool,
    parameterization: str | None, jobs: int, scheduler: str, keep: Path | None,
) -> None:  # fmt: skip
    """Factors of items in DATA: adequacy, how many (parallel analysis), and loadings.

    With --model FILE a confirmatory model is fitted instead.
    """
    from clustergov.study.data import read_data

    _refuse_mixed(ctx, str(data), confirming=model is not None)
    given = read_data(data, questionnaire)
    if model is not None:
        from clustergov.cli.analysis.factor_model import run_model

        run_model(given, model=model, estimator=estimator, group=group, json_file=json_file, overwrite=overwrite,
                  invariance=invariance, marker=marker, std_lv=std_lv,
                  parameterization=parameterization or "delta")  # fmt: skip
        return
    import numpy as np

    from clustergov.analysis.scales.adequacy import adequacy
    from clustergov.analysis.scales.exploratory import explore
    from clustergov.analysis.scales.item_correlations import item_correlations
    from clustergov.analysis.scales.parallel_analysis import parallel_analysis

    wanted = _count(how_many, str(data))
    values = items_asked(given, names(items), names(reverse), limits)
    correlations = item_correlations(values, kind=correlation, zero_cells=zero_cells, smooth=smooth)  # type: ignore[arg-type]  # checked by click
    fit_for = adequacy(correlations)
    with spread_over(jobs, scheduler, keep, "parallel analysis") as how:
        parallel = parallel_analysis(correlations, rng=np.random.default_rng(seed), draws=draws, how=how)
    count = wanted or max(parallel.component_count, 1)
    found = explore(correlations, count, method=method, rotation=rotation, kaiser=kaiser)  # type: ignore[arg-type]  # checked by click
    banner(given)
    said = {language: _told([fit_for.sentence(language), parallel.sentence(language), found.sentence(language)],
                            [caution.to(language) for caution in correlations.cautions])
            for language in ("nl", "en")}  # fmt: skip
    above = [caution.to("en") for caution in data_cautions(given)]
    for sentence in said["en"]:
        for caution in above:
            sentence = sentence.replace(f" {caution}", "")
        click.echo(sentence)
    _tell(found)
    content = {
        "sentences": said, "adequacy": fit_for, "parallel": parallel, "exploration": found,
        "correlations": {"items": correlations.items, "kind": correlations.kind, "matrix": correlations.matrix,
                         "zero_cells": correlations.zero_cells, "largest_change": correlations.largest_change,
                         "n": correlations.n, "lost": correlations.lost},
    }  # fmt: skip
    finish(content, json_file, data=given, overwrite=overwrite)


def _refuse_mixed(ctx: click.Context, file: str, *, confirming: bool) -> None:
    """Refuse options of the other half of the command by name, rather than do nothing with them."""
    from click.core import ParameterSource

    wrong = [
        option.opts[0]
        for option in ctx.command.params
        if option.name in (EXPLORING if confirming else CONFIRMING)
        and ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    if wrong:
        what = "a model says which items it has; these options explore" if confirming else "only a model takes these"
        fix = "Leave them out." if confirming else "Add --model FILE, or leave them out."
        raise InputError(Problem("options", f"{what}: {', '.join(wrong)}.", fix, file=file))
    if not confirming and ctx.params.get("items") is None:
        raise InputError(Problem("items", "expected items.", "Name columns with --items, or add --model.", file=file))


def _count(how_many: str, file: str) -> int | None:
    if how_many == "parallel":
        return None
    if not how_many.isdigit() or int(how_many) < 1:
        message = f"expected a number of factors from 1, or parallel, found “{how_many}”."
        raise InputError(Problem("factors", message, "Correct --factors.", file=file))
    return int(how_many)


def _told(sentences: list[str], cautions: list[str]) -> list[str]:
    """A caution about the correlations stands in several results: it is said once, in the last."""
    for caution in cautions:
        sentences[:-1] = [sentence.replace(f" {caution}", "") for sentence in sentences[:-1]]
    return sentences


def _tell(found: Exploration) -> None:
    from clustergov.language import number

    rows = [
        (found.items[i], *(number(value, "en", 2) for value in found.loadings[i]), f"{found.communalities[i]:.2f}",
         f"{found.complexity[i]:.1f}")
        for i in found.order()
    ]  # fmt: skip
    print_table(("item", *found.names, "communality", "complexity"), rows)
    if found.factors > 1 and found.rotation == "oblimin":
        click.echo("Correlations of the factors:")
        square = [
            (name, *(number(value, "en", 2) for value in row))
            for name, row in zip(found.names, found.factor_correlations, strict=True)
        ]
        print_table(("", *found.names), square)
