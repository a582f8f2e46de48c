"""``clustergov survey``: simulate responses, check a file of responses, pool waves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.collecting import close, invite, remind, status
from clustergov.cli.deploy import deploy
from clustergov.cli.disclosure import disclosure
from clustergov.cli.erasing import erase
from clustergov.cli.fetching import fetch
from clustergov.cli.pooling import pool
from clustergov.cli.privacy import seal, who
from clustergov.cli.retaining import retention
from clustergov.cli.serve import serve
from clustergov.cli.simulate import simulate
from clustergov.cli.table import print_table
from clustergov.cli.weights import outcome, weights
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clustergov.survey.responses import Responses

FILE = click.Path(path_type=Path)
MOST = 60
"""Rows of a table of mistakes that the terminal shows."""


@click.group()
def survey() -> None:
    """Responses: simulate them, check a file of them, pool waves."""


survey.add_command(deploy)
survey.add_command(simulate)
survey.add_command(pool)
for command in (invite, remind, status, fetch, close):
    survey.add_command(command)
survey.add_command(serve)
survey.add_command(weights)
survey.add_command(outcome)
survey.add_command(seal)
survey.add_command(who)
survey.add_command(erase)
survey.add_command(disclosure)
survey.add_command(retention)


@survey.command()
@click.argument("data", metavar="DATA", type=FILE)
@click.option("--questionnaire", required=True, type=FILE, help="The questionnaire that DATA answers.")
@click.pass_context
def check(context: click.Context, data: Path, questionnaire: Path) -> None:
    """Read responses (LimeSurvey CSV, CSV, Excel) and tell what they are; every mistake in a table, with exit code 2."""
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.reading import read_responses

    asked = read_questionnaire(questionnaire)
    try:
        responses = read_responses(data, asked, strict=True)
    except InputError as error:
        if not all(problem.place.startswith("row ") for problem in error.problems):
            raise
        click.echo(error.summary or f"{len(error.problems)} answers are not what the questionnaire allows:")
        _print_mistakes(error.problems)
        context.exit(2)
    _print_summary(responses)


def _print_mistakes(problems: Sequence[Problem]) -> None:
    rows = [(problem.place, problem.message, problem.fix, problem.rule) for problem in problems[:MOST]]
    print_table(("where", "mistake", "what to do", "rule"), rows)
    if len(problems) > MOST:
        click.echo(f"… and {len(problems) - MOST} more.")


def _print_summary(responses: Responses) -> None:
    columns = responses.origin.columns
    matched = sum(bool(column.variable) for column in columns)
    origin = "SYNTHETIC responses" if responses.synthetic else "responses"
    click.echo(f"{responses.origin.file}: {responses.n} {origin} to {responses.questionnaire.questionnaire}")
    kinds = [column.match for column in columns]
    told = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
    click.echo(f"{matched} of {len(columns)} columns are variables of the questionnaire ({told})")
    if responses.complete is not None:
        click.echo(f"{int(responses.complete.sum())} of {responses.n} submitted")
    counts = responses.blank_counts()
    kept = [name for name in counts.columns if name == "answered" or counts[name].any()]
    print_table(("variable", *kept), [(name, *map(str, row)) for name, *row in counts[kept].itertuples(name=None)])
