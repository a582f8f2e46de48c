"""``clustergov survey pool``: several waves as one file, each cell with its origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.table import print_table, refuse_unwritable

if TYPE_CHECKING:
    from clustergov.instruments.questionnaire import Questionnaire
    from clustergov.survey.pooling import Pooled, Wave

FILE = click.Path(path_type=Path)
NO_CROSSWALK = "-"


@click.command()
@click.option("--wave", "named", metavar="NAME DATA QUESTIONNAIRE CROSSWALK", nargs=4, multiple=True, required=True,
              help="A wave: its name, answers, questionnaire, and its crosswalk to the target (- for none). Repeat it.")  # fmt: skip
@click.option("--to", metavar="QUESTIONNAIRE", type=FILE, required=True, help="In whose terms the waves are pooled.")
@click.option("--out", metavar="POOLED.csv", type=FILE, required=True, help="To write; POOLED-origin.csv goes beside.")
@click.option("--overwrite", is_flag=True, help="Replace files of that name that differ.")
def pool(named: tuple[tuple[str, str, str, str], ...], to: Path, out: Path, overwrite: bool) -> None:
    """Pool waves of a survey in the terms of one version of its questionnaire.

    POOLED-origin.csv tells of every cell from which wave, variable and answer it comes. Either both files are written
    or none. Answers that a wave's own questionnaire does not allow stop it: see `survey check`.
    """
    from clustergov.instruments.check import read_questionnaire
    from clustergov.study.writing import write_files
    from clustergov.survey.pooled_tables import answers_table, origin_table
    from clustergov.survey.pooling import pool as lay
    from clustergov.survey.writing import csv_of

    refuse_unwritable(out)
    target = read_questionnaire(to)
    waves = [_wave(*each, target) for each in named]
    pooled = lay(waves, target)
    beside = out.with_name(f"{out.stem}-origin.csv")
    tables = {out: answers_table(pooled), beside: origin_table(pooled)}
    write_files({path: csv_of(table) for path, table in tables.items()}, overwrite=overwrite)
    click.echo(f"{'SYNTHETIC: ' if pooled.responses.synthetic else ''}{pooled.responses.n} responses: {out}, {beside}")
    for wave, (*_, crosswalk) in zip(waves, named, strict=True):
        if wave.crosswalk is not None and (count := wave.crosswalk.worded_otherwise):
            told = "1 variable was" if count == 1 else f"{count} variables were"
            click.echo(f"{crosswalk}: {told} worded otherwise: see the notes.")
    _print_pooled(pooled)


def _wave(name: str, data: str, questionnaire: str, crosswalk: str, target: Questionnaire) -> Wave:
    from clustergov.instruments.check import read_questionnaire
    from clustergov.instruments.versions.crosswalk import read_crosswalk
    from clustergov.survey.pooling import Wave
    from clustergov.survey.reading import read_responses

    own = read_questionnaire(Path(questionnaire))
    steps = None if crosswalk == NO_CROSSWALK else read_crosswalk(Path(crosswalk), own, target)
    return Wave(name, read_responses(Path(data), own, strict=True), steps)


def _print_pooled(pooled: Pooled) -> None:
    from clustergov.survey.pooled_tables import comparable
    from clustergov.survey.validation import WARNINGS, validate

    for told in pooled.responses.origin.detail:
        click.echo(told)
    counts = comparable(pooled)
    headings = ("variable", *map(str, counts.columns))
    print_table(headings, [(str(name), *map(str, row)) for name, *row in counts.itertuples(name=None)])
    rules = validate(pooled.responses)["rule"]
    for rule, count in rules[~rules.isin(WARNINGS)].value_counts().items():
        click.echo(f"{count} answers break the rule “{rule}” of version {pooled.responses.questionnaire.version}.")
