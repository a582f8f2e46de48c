"""``clustergov analysis reliability``: how well items measure one thing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.analysis.data_cautions import data_cautions
from clustergov.cli.analysis.inputs import banner, finish, names, on_data
from clustergov.cli.analysis.items_request import items_asked
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.analysis.scales.consistency import Consistency
    from clustergov.study.data import Data


@click.command()
@on_data
@click.option("--items", help="Columns of one scale, with commas; without it every construct and array of a study.")
@click.option("--reverse", help="Those of --items that run the other way, with commas; needs --range.")
@click.option("--range", "limits", help="Lowest and highest possible answer, as 1:6; other values are refused.")
@click.option(
    "--omega-factors", type=click.IntRange(2), help="Group factors of omega hierarchical; without it none is computed."
)
@click.option(
    "--draws", type=click.IntRange(0), default=1000, show_default=True, help="Resamples behind omega's interval."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the resamples.")
def reliability(
    data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool, items: str | None,
    reverse: str | None, limits: str | None, omega_factors: int | None, draws: int, seed: int,
) -> None:  # fmt: skip
    """Internal consistency of scales in DATA: alpha, omega total with an interval by resampling, and each item.

    Alpha has Feldt's interval. Omega total is McDonald's, of one factor by maximum likelihood, over the observed
    variance of the sum. With --omega-factors omega hierarchical after Schmid-Leiman as well.
    """
    from clustergov.study.data import read_data

    given = read_data(data, questionnaire)
    if items is None:
        if reverse or limits:
            raise InputError(
                Problem("items", "--reverse and --range are for named items.", "Add --items.", file=str(data))
            )
        found, refused = _of_all(given, omega_factors, draws, seed)
    else:
        values = items_asked(given, names(items), names(reverse), limits)
        found, refused = [_of_items(values, names(reverse), omega_factors, draws, seed)], []
    banner(given)
    told = [caution.to("en") for caution in data_cautions(given)]
    for scale in found:
        _tell(scale, told)
    for reason in refused:
        click.echo(f"Not computed: {reason.sentence('en')}")
    content = {
        "scales": [{"sentences": {"nl": scale.sentence("nl"), "en": scale.sentence("en")}, "result": scale,
                    "items": scale.alpha.frame()} for scale in found],
        "not_computed": refused,
    }  # fmt: skip
    finish(content, json_file, data=given, overwrite=overwrite)


def _of_items(values: pd.DataFrame, turned: list[str], factors: int | None, draws: int, seed: int) -> Consistency:
    from clustergov.analysis.scales.consistency import consistency

    return consistency(values, turned=turned, factors=factors, draws=draws, seed=seed)


def _of_all(given: Data, factors: int | None, draws: int, seed: int) -> tuple[list[Consistency], list[Any]]:
    from clustergov.analysis.scales.consistency import consistencies

    if given.responses is None:
        message = "a plain table does not say which columns are a scale."
        raise InputError(Problem("items", message, "Name them with --items, or give --questionnaire.", file=given.file))
    return consistencies(given.responses, factors=factors, draws=draws, seed=seed)


def _tell(scale: Consistency, told: list[str]) -> None:
    """Print one scale; a caution that stands above all results is not told again."""
    from clustergov.language import number

    sentence = scale.sentence("en")
    for caution in told:
        sentence = sentence.replace(f" {caution}", "")
    click.echo(sentence)
    alpha, k = scale.alpha, len(scale.alpha.items)
    loadings = scale.omega.loadings.tolist() if scale.omega else [float("nan")] * k
    columns = (alpha.means, alpha.deviations, alpha.item_rest, alpha.alpha_if_deleted, loadings)
    rows = [
        (item, "yes" if item in alpha.reversed else "", *(number(column[j], "en", 2) for column in columns))
        for j, item in enumerate(alpha.items)
    ]
    print_table(("item", "reversed", "mean", "sd", "item–rest", "alpha without", "loading"), rows)
