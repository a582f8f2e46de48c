"""``clustergov analysis multiverse``: one question under every defensible choice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.analysis.inputs import FILE, banner, finish, names, on_data
from clustergov.cli.analysis.spreading import spread_over, spreading
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.analysis.multiverse.declaration import MultiverseSpecification
    from clustergov.analysis.multiverse.result import Multiverse
    from clustergov.analysis.multiverse.source import Source
    from clustergov.study.data import Data

ASKED = ("outcome", "focal", "covariates", "always", "cluster", "smallest", "as_answered")
"""Options that take the place of a file."""


@click.command()
@on_data
@click.option(
    "--multiverse", "declared", type=FILE, help="A declaration of forks; a study has analysis/multiverse.yml."
)
@click.option("--outcome", help="Without a file: outcomes, with commas.")
@click.option("--focal", help="Without a file: predictors that are asked about, with commas.")
@click.option("--covariates", help="Without a file: held equal in every combination, with commas.")
@click.option("--always", help="Without a file: held equal in every universe, with commas.")
@click.option("--cluster", help="Without a file: groups; errors then by HC3 and by CR2.")
@click.option(
    "--smallest", type=click.FloatRange(0, min_open=True), help="Smallest effect that matters; 0.2 by default."
)
@click.option("--as-answered", is_flag=True, help="Outcomes in their own unit instead of standard deviations.")
@click.option("--permutations", default=1000, show_default=True, help="Of the joint test; 0 for none.")
@click.option(
    "--seed", type=click.IntRange(0), default=20_260_101, show_default=True, help="Of permutations and imputations."
)
@spreading
@click.pass_context
def multiverse(
    ctx: click.Context, /, data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool,
    declared: Path | None, outcome: str | None, focal: str | None, covariates: str | None, always: str | None,
    cluster: str | None, smallest: float | None, as_answered: bool, permutations: int, seed: int, jobs: int,
    scheduler: str, keep: Path | None,
) -> None:  # fmt: skip
    """Every universe of DATA: its estimate, the curve they make, a joint test by permutation, and what each fork does.

    The forks are declared in a file; or every outcome is taken with every focal predictor and every set of covariates:
    --outcome y --focal x --covariates a,b,c. Exit code 1 when the preregistered universe cannot be fitted.
    """
    from clustergov.study.data import read_data

    asked = {name: value for name in ASKED if (value := ctx.params[name])}
    if declared is not None and asked:
        raise InputError(Problem("both", "expected a declaration or columns, found both.",
                                 f"Leave out --multiverse, or --{next(iter(asked)).replace('_', '-')}."))  # fmt: skip
    given = read_data(data, questionnaire)
    from clustergov.analysis.multiverse.multiverse import multiverse_of

    specification, source = _asked(given, outcome, focal, covariates, always, cluster, smallest, as_answered) \
        if asked else _declared(given, data, declared)  # fmt: skip
    with spread_over(jobs, scheduler, keep, "permutations") as how:
        found = multiverse_of(specification, source, permutations=permutations, seed=seed, how=how)
    banner(given)
    _print(found)
    finish({"multiverse": found, "universes": found.frame(), "influence": found.influence(),
            "sentence": {language: found.sentence(language) for language in ("nl", "en")}},
           json_file, data=given, overwrite=overwrite)  # fmt: skip
    if found.refusal[found.preregistered]:
        ctx.exit(1)


def _declared(given: Data, data: Path, declared: Path | None) -> tuple[MultiverseSpecification, Source]:
    from clustergov.analysis.multiverse.multiverse_reading import read_multiverse
    from clustergov.analysis.multiverse.source import of_responses

    if given.responses is None:
        raise InputError(Problem("no-questionnaire", "a plain table has no questionnaire to hold a declaration against.",
                                 "Name its --questionnaire, or columns: --outcome y --focal x --covariates a,b,c.",
                                 file=given.file))  # fmt: skip
    if declared is None:
        folder = data if data.is_dir() else data.parent
        declared = folder / "analysis" / "multiverse.yml"
        if given.plan is None or not declared.is_file():
            raise InputError(Problem("no-multiverse", "expected a declaration of forks, or columns.",
                                     "Name --multiverse FILE, or --outcome y --focal x --covariates a,b,c.",
                                     file=given.file))  # fmt: skip
    specification = read_multiverse(declared, given.responses.questionnaire)
    return specification, of_responses(specification, given.responses)


def _asked(
    given: Data, outcome: str | None, focal: str | None, covariates: str | None, always: str | None,
    cluster: str | None, smallest: float | None, as_answered: bool,
) -> tuple[MultiverseSpecification, Source]:  # fmt: skip
    import pandas as pd

    from clustergov.analysis.multiverse.source import of_table
    from clustergov.analysis.multiverse.subsets import every_subset

    columns = [names(outcome), names(focal), names(covariates), names(always)]
    tables = [
        given.numbers(named, option=option)
        for named, option in zip(columns, ("--outcome", "--focal", "--covariates", "--always"), strict=True)
        if named or option in ("--outcome", "--focal")
    ]
    specification = every_subset(
        columns[0], columns[1], columns[2], always=columns[3], groups=cluster or "", smallest=smallest or 0.2,
        scale="as answered" if as_answered else "standardised",
    )  # fmt: skip
    labels = pd.DataFrame(index=given.table.index)
    if cluster:
        labels[cluster] = given.labels(cluster, option="--cluster")
    return specification, of_table(specification, pd.concat(tables, axis=1), labels)


def _print(found: Multiverse) -> None:
    from clustergov.analysis.multiverse.telling import unit
    from clustergov.language import number

    for curve in found.curves:
        click.echo(
            f"\n{unit(curve.unit, 'en').capitalize()}: what each fork makes of the differences between estimates"
        )
        rows = sorted(curve.whole, key=lambda code: -curve.whole[code])
        labels = {fork.code: (fork.label.to("en"), fork.standing) for fork in found.specification.forks}
        print_table(
            ["fork", "class", "alone %", "with others %"],
            [[*labels[code], number(100 * curve.alone[code], "en", 1), number(100 * curve.whole[code], "en", 1)]
             for code in rows],
        )  # fmt: skip
    click.echo("")
    click.echo(found.sentence("en"))
