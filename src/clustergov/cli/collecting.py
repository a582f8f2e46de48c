"""``clustergov survey invite``, ``remind``, ``status`` and ``close``: a survey in the field, by its address."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.confirming import confirm
from clustergov.cli.field_inputs import fieldwork_of, in_frame, parsed, people_of, study_folder
from clustergov.cli.links import deliver, made, place_for
from clustergov.cli.retaining import tell_overdue, tell_overdue_of
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.survey.collection.collecting import Invited

FILE = click.Path(path_type=Path)
MOST = 60
"""Rows of a table of failures that the terminal shows."""

ADDRESS = click.argument("address", metavar="ADDRESS")
STUDY = click.option(
    "--study", type=FILE, help="The study's folder; its survey/fieldwork.yml and survey/key.enc are used."
)
FIELDWORK = click.option("--fieldwork", type=FILE, help="How it is fielded, where that is not survey/fieldwork.yml.")
KEY = click.option("--key", type=FILE, help="The encrypted key file with names and addresses (survey seal makes it).")
PEOPLE = click.option(
    "--people", type=FILE, help="Instead of it, less private: a CSV with pseudonym,email,name,language."
)
OUT = click.option("--out", type=FILE, help="Folder for personal links and letters; survey/ of the study by default.")
YES = click.option("--yes", is_flag=True, help="Do it without asking.")


@click.command()
@ADDRESS
@click.option("--study", type=FILE, help="The study's folder; its survey/fieldwork.yml tells until when data are kept.")
@click.option("--json", "json_file", metavar="FILE", type=FILE, help="Write it as JSON too.")
def status(address: str, study: Path | None, json_file: Path | None) -> None:
    """Tell where a survey in the field stands.

    ADDRESS is the number of a survey on LimeSurvey (123456), or the database of our own service (sqlite:///answers.db,
    postgresql://user@host/database).
    """
    from clustergov.survey.collection.address import opened

    where, folder = parsed(address), study_folder(study)
    if folder is not None:
        tell_overdue_of(folder / "survey")
    with opened(where) as survey:
        found = survey.status()
    rows = [("title", found.title), ("address", found.address), ("state", found.state)]
    names = ("complete", "partial", "invited", "reminded", "opened", "completed")
    rows += [(name, str(value)) for name in names if (value := getattr(found, name)) is not None]
    print_table(("", found.address if where.kind == "limesurvey" else where.shown), rows)
    if json_file is not None:
        _write(json_file, (json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n").encode())


@click.command()
@ADDRESS
@STUDY
@FIELDWORK
@KEY
@PEOPLE
@click.option("--frame", type=FILE, help="Invite only those who are in this sampling frame.")
@OUT
@YES
@click.pass_context
def invite(
    context: click.Context, address: str, study: Path | None, fieldwork: Path | None, key: Path | None,
    people: Path | None, frame: Path | None, out: Path | None, yes: bool,
) -> None:  # fmt: skip
    """Invite people: nobody twice, whoever was invited before is passed over.

    LimeSurvey sends the mails itself. Our own service sends none: it gives personal links, as a table for a mail merge
    and as one letter per person that a mail program opens ready to be sent. Exit code 1: somebody could not be invited.
    """
    from clustergov.survey.collection.address import opened
    from clustergov.survey.collection.letters import message_of

    where, folder = parsed(address), study_folder(study)
    described = fieldwork_of(fieldwork, folder)
    tell_overdue(described)
    chosen = in_frame(people_of(key, people, folder, needed=True), frame)
    place = place_for(where, out, folder, described, "invitation")
    with made(place), opened(where) as survey:
        now = survey.status()
        confirm(f"Invite {_counted(len(chosen))} to “{now.title}” ({where.shown})?", yes=yes)
        done = survey.invite(chosen, described)
        deliver(done, chosen, place, message_of("invitation", described, title=now.title), described.contact)
    before = len(chosen) - len({person.pseudonym for person, _ in done.links} | {*done.sent, *dict(done.failed)})
    if before:
        click.echo(f"{_counted(before)} had been invited before and got nothing now.")
    _tell_failed(context, done)


@click.command()
@ADDRESS
@STUDY
@FIELDWORK
@KEY
@PEOPLE
@OUT
@YES
@click.pass_context
def remind(
    context: click.Context, address: str, study: Path | None, fieldwork: Path | None, key: Path | None,
    people: Path | None, out: Path | None, yes: bool,
) -> None:  # fmt: skip
    """Remind those who were invited and have not completed; nobody else.

    LimeSurvey reminds nobody within a day of the last mail. As with `survey invite`, our own service gives links and
    letters. Exit code 1: somebody could not be reminded.
    """
    from clustergov.survey.collection.address import opened
    from clustergov.survey.collection.letters import message_of

    where, folder = parsed(address), study_folder(study)
    described = fieldwork_of(fieldwork, folder)
    tell_overdue(described)
    known = people_of(key, people, folder, needed=False) if where.kind == "service" else ()
    place = place_for(where, out, folder, described, "reminder")
    with made(place), opened(where) as survey:
        now = survey.status()
        waiting = max(0, (now.invited or 0) - (now.completed or 0))
        if not waiting:
            click.echo(
                "Nobody to remind: everybody who was invited has completed." if now.invited else "Nobody was invited."
            )
            return
        confirm(f"Remind {_counted(waiting)} of “{now.title}” ({where.shown})?", yes=yes)
        done = survey.remind(described)
        deliver(done, known, place, message_of("reminder", described, title=now.title), described.contact)
    _tell_failed(context, done)


@click.command()
@ADDRESS
@YES
def close(address: str, yes: bool) -> None:
    """End a survey: nobody can answer any more. Responses stay where they are."""
    from clustergov.survey.collection.address import opened

    where = parsed(address)
    with opened(where) as survey:
        now = survey.status()
        if now.state != "closed":
            confirm(
                f"Close “{now.title}” ({where.shown})? {now.complete} complete and {now.partial} partial responses stay; "
                "whoever is answering now cannot go on.", yes=yes,
            )  # fmt: skip
            survey.close()
            now = survey.status()
    click.echo(f"“{now.title}” is {now.state}: {now.complete} complete, {now.partial} partial.")


def _tell_failed(context: click.Context, done: Invited) -> None:
    if not done.failed:
        return
    click.echo(f"{_counted(len(done.failed))} got nothing:")
    print_table(("pseudonym", "why"), list(done.failed[:MOST]))
    if len(done.failed) > MOST:
        click.echo(f"… and {len(done.failed) - MOST} more.")
    context.exit(1)


def _counted(people: int) -> str:
    return "1 person" if people == 1 else f"{people} people"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            Problem("unwritable", f"cannot be written: {error.strerror}.", "Name another file.", file=str(path))
        ) from None
