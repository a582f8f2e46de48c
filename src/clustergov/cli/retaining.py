"""``clustergov survey retention``: what a study keeps of persons, until when, and what is due to go."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.table import print_table

if TYPE_CHECKING:
    from clustergov.survey.collection.fieldwork import Fieldwork

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("study", metavar="[STUDY]", type=FILE, default=Path())
@click.pass_context
def retention(context: click.Context, study: Path) -> None:
    """List what a study keeps of persons, until when, and what is due to go; nothing is deleted.

    The dates are those of survey/fieldwork.yml. Exit code 1: something is overdue, or an erasure was begun and not
    finished.
    """
    from clustergov.survey.collection.fieldwork import read_fieldwork
    from clustergov.survey.privacy.retention import kept, overdue
    from clustergov.survey.privacy.study_files import JOURNAL

    fieldwork = read_fieldwork(study / "survey" / "fieldwork.yml")
    today = datetime.datetime.now(datetime.UTC).date()
    found = kept(study, fieldwork, today)
    rows = [
        (each.place, each.what, each.kind, str(each.until or "no date"), "due" if each.due else "") for each in found
    ]
    if rows:
        print_table(("where", "what", "kind", "kept until", ""), rows)
    else:
        click.echo("Nothing about persons is in this study.")
    for kind in overdue(fieldwork, today):
        click.echo(f"The date for {kind} is past, also for copies, backups and what the survey software still has.")
    if not (fieldwork.retention.personal_data and fieldwork.retention.responses):
        click.echo("Not every date is set: see “retention” in survey/fieldwork.yml.")
    begun = (study / "survey" / JOURNAL).exists()
    if begun:
        click.echo("An erasure was begun here and not finished: run the same survey erase again.")
    if begun or any(each.due for each in found):
        context.exit(1)


def tell_overdue(fieldwork: Fieldwork) -> None:
    """Say on the error stream what is past its date, by every command that touches it."""
    from clustergov.survey.privacy.retention import warnings

    for told in warnings(fieldwork, datetime.datetime.now(datetime.UTC).date()):
        click.echo(told, err=True)


def tell_overdue_of(folder: Path) -> None:
    """The same by the folder ``survey``; silent where it does not say how it is fielded, or says so wrongly."""
    from clustergov.problems import InputError
    from clustergov.survey.collection.fieldwork import read_fieldwork

    path = folder / "fieldwork.yml"
    if path.is_file():
        try:
            tell_overdue(read_fieldwork(path))
        except InputError:
            return
