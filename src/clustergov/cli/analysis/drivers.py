"""``clustergov analysis drivers``: what goes with an outcome, in the declared models of a study or in one asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.analysis.inputs import banner, finish, on_data
from clustergov.cli.analysis.spreading import spread_over, spreading

if TYPE_CHECKING:
    from clustergov.study.data import Data

ERRORS = ("policy", "classical", "HC0", "HC1", "HC2", "HC3", "HC4", "CR0", "CR1", "CR2", "CR3")
FAMILIES = ("ordinal", "probit", "linear", "binomial", "fractional", "beta")


@click.command("drivers")
@on_data
@click.option("--outcome", metavar="NAME", help="The outcome; without it the models that a study declares.")
@click.option("--predictors", metavar="A,B", help="Its predictors; labels are compared with a reference level.")
@click.option("--family", type=click.Choice(FAMILIES), default="ordinal", show_default=True,
              help="ordinal, probit: ordered answers. binomial: two answers. fractional, beta: shares of 0 to 1.")  # fmt: skip
@click.option("--reference", metavar="NAME=LEVEL", multiple=True,
              help="The level that the others of a labelled predictor are compared with.")  # fmt: skip
@click.option("--cluster", metavar="NAME", help="Rows of one group may depend on each other.")
@click.option("--errors", type=click.Choice(ERRORS), default="policy", show_default=True,
              help="Standard errors: policy lets the program choose; HC by row, CR by the groups of --cluster. CR1 is Stata's.")  # fmt: skip
@click.option("--weights", metavar="NAME", help="Sampling weights (linear, binomial).")
@click.option("--strata", metavar="NAME", help="Strata of the sample.")
@click.option("--fpc", metavar="N|NAME", help="Size of the population, or a column with that of each stratum.")
@click.option("--free", metavar="A,B", help="Predictors with a coefficient at every threshold.")
@click.option("--random", metavar="NAME", help="A level of its own for each group: a mixed linear model.")
@click.option("--slope", metavar="NAME", help="With --random: the predictor whose slope differs by group too.")
@click.option("--composition", metavar="A,B,C", help="Parts of one whole, which enter as log-ratios.")
@click.option("--zeros", metavar="HOW", default="refuse", show_default=True,
              help="Parts of 0: refuse, drop (those rows), or replace:SHARE, such as replace:0.005.")  # fmt: skip
@click.option(
    "--bootstrap", metavar="R", type=click.IntRange(min=50), help="Refit R times on rows drawn anew (ordinal, probit)."
)
@click.option("--impute", metavar="M", type=click.IntRange(min=2), help="Fill missing values M times and pool.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of --bootstrap and --impute.")
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Of intervals.")
@spreading
def drivers(
    data: Path, questionnaire: Path | None, json_file: Path | None, overwrite: bool, outcome: str | None,
    jobs: int, scheduler: str, keep: Path | None, **options: Any,
) -> None:  # fmt: skip
    """Model what goes with an outcome, in DATA.

    Under the table stand the rows that were lost and by which column, the reason for the kind of standard errors, and
    every caution. Ordered answers come with the test of proportional odds and with average marginal effects.
    """
    from clustergov.study.data import read_data

    found = read_data(data, questionnaire)
    banner(found)
    if outcome is None:
        _declared(found, options, json_file, overwrite)
        return
    from clustergov.analysis.models.model_choice import fitted
    from clustergov.cli.analysis.drivers_request import request
    from clustergov.cli.analysis.drivers_table import show

    asked = request(found, outcome, options)
    with spread_over(jobs, scheduler, keep, "Bootstrap") as how:
        modelled = fitted(asked.model, how)
    show(asked, modelled)
    finish(
        {"errors": asked.model.errors, "flow": asked.flow.frame(), "notes": asked.notes, "model": modelled},
        json_file,
        data=found,
        overwrite=overwrite,
    )


def _declared(data: Data, options: dict[str, Any], json_file: Path | None, overwrite: bool) -> None:
    """The models that a study declares."""
    from clustergov.problems import InputError, Problem

    if data.plan is None or data.plan.declared.drivers is None or data.responses is None:
        raise InputError(Problem("outcome", "expected --outcome and --predictors, found neither a study that declares drivers.",
                                 "Name them, or give a study.", file=data.file))  # fmt: skip
    given = [name for name in ("predictors", "cluster", "weights", "strata", "fpc", "free", "random", "slope", "composition",
                               "bootstrap", "impute") if options.get(name)]  # fmt: skip
    given += ["errors"] if options["errors"] != "policy" else []
    if given:
        raise InputError(
            Problem("outcome", f"--{given[0]} needs --outcome.", "Name the outcome.", place=f"--{given[0]}")
        )
    from clustergov.analysis.models.drivers import drivers_of_performance
    from clustergov.cli.analysis.drivers_table import show_declared
    from clustergov.study.analyse import MINIMUM

    minimum = None if data.synthetic else MINIMUM
    found = drivers_of_performance(data.plan.declared.drivers, data.responses, minimum=minimum, beside=True)
    show_declared(found)
    finish({"drivers": found.frame(), "flow": found.flow(), "sentence": found.sentence("en")}, json_file, data=data,
           overwrite=overwrite)  # fmt: skip
