"""``clustergov survey invite``, ``remind``, ``status``, ``fetch``, ``close``: a survey in the field, by its address."""

from __future__ import annotations

import datetime
import json
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.confirming import confirm
from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clustergov.survey.address import Address
    from clustergov.survey.collecting import Invited, Person
    from clustergov.survey.fieldwork import Contact, Fieldwork, Message
    from clustergov.survey.letters import Kind

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
@click.option("--json", "json_file", metavar="FILE", type=FILE, help="Write it as JSON too.")
def status(address: str, json_file: Path | None) -> None:
    """Tell where a survey in the field stands.

    ADDRESS is the number of a survey on LimeSurvey (123456), or the database of our own service (sqlite:///answers.db,
    postgresql://user@host/database).
    """
    from clustergov.survey.address import opened

    where = parsed(address)
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
    from clustergov.survey.address import opened
    from clustergov.survey.letters import message_of

    where, folder = parsed(address), study_folder(study)
    described = _fieldwork(fieldwork, folder)
    chosen = _in_frame(_people(key, people, folder, needed=True), frame)
    place = _place_for_links(where, out, folder, described, "invitation")
    with _made(place), opened(where) as survey:
        now = survey.status()
        confirm(f"Invite {_counted(len(chosen))} to “{now.title}” ({where.shown})?", yes=yes)
        done = survey.invite(chosen, described)
        _deliver(done, chosen, place, message_of("invitation", described, title=now.title), described.contact)
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
    from clustergov.survey.address import opened
    from clustergov.survey.letters import message_of

    where, folder = parsed(address), study_folder(study)
    described = _fieldwork(fieldwork, folder)
    known = _people(key, people, folder, needed=False) if where.kind == "service" else ()
    place = _place_for_links(where, out, folder, described, "reminder")
    with _made(place), opened(where) as survey:
        now = survey.status()
        waiting = max(0, (now.invited or 0) - (now.completed or 0))
        if not waiting:
            click.echo(
                "Nobody to remind: everybody who was invited has completed." if now.invited else "Nobody was invited."
            )
            return
        confirm(f"Remind {_counted(waiting)} of “{now.title}” ({where.shown})?", yes=yes)
        done = survey.remind(described)
        _deliver(done, known, place, message_of("reminder", described, title=now.title), described.contact)
    _tell_failed(context, done)


@click.command()
@ADDRESS
@YES
def close(address: str, yes: bool) -> None:
    """End a survey: nobody can answer any more. Responses stay where they are."""
    from clustergov.survey.address import opened

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


def parsed(address: str) -> Address:
    from clustergov.survey.address import parse

    found = parse(address)
    for remark in found.remarks:
        click.echo(remark, err=True)
    return found


def study_folder(study: Path | None) -> Path | None:
    """The study's folder: the one that is named, else this one if there is a study in it."""
    if study is not None:
        return study.parent if study.name == "study.yml" else study
    return Path() if Path("study.yml").is_file() else None


def _fieldwork(named: Path | None, folder: Path | None) -> Fieldwork:
    """The description of fieldwork; one that says nothing where there is none."""
    from clustergov.survey.fieldwork import Fieldwork, read_fieldwork

    file = named or (folder / "survey" / "fieldwork.yml" if folder is not None else None)
    if file is None or (named is None and not file.is_file()):
        return Fieldwork(fieldwork="", questionnaire="")
    return read_fieldwork(file)


def _people(key: Path | None, plain: Path | None, folder: Path | None, *, needed: bool) -> tuple[Person, ...]:
    if key is not None and plain is not None:
        raise InputError(Problem("two-lists", "both --key and --people are given.", "Name one of them."))
    if plain is not None:
        from clustergov.survey.people_file import read_people

        click.echo(f"{plain} has names and addresses in the clear; `clustergov survey seal` encrypts them.", err=True)
        return read_people(plain)
    sealed = key or (folder / "survey" / "key.enc" if folder is not None else None)
    if sealed is not None and (key is not None or sealed.is_file()):
        from clustergov.cli.passphrase import ask_passphrase
        from clustergov.survey.privacy.key_file import people

        return people(sealed, ask_passphrase(sealed))
    if needed:
        raise InputError(
            Problem("which-people", "it is not told who is to be invited.",
                    "Add --key KEY.enc (made by `clustergov survey seal`), or --people FILE.csv.")
        )  # fmt: skip
    return ()


def _in_frame(people: Sequence[Person], frame: Path | None) -> tuple[Person, ...]:
    if frame is None:
        chosen = tuple(people)
    else:
        from clustergov.survey.frame.frame import read_frame

        members = {str(name) for name in read_frame(frame).members.index}
        chosen = tuple(person for person in people if person.pseudonym in members)
        if len(chosen) < len(members):
            click.echo(
                f"{len(members) - len(chosen)} of {len(members)} in the frame have no address on record.", err=True
            )
    if not chosen:
        raise InputError(
            Problem("nobody", "nobody is left to be invited.", "Look into the list of people and the frame.")
        )
    return chosen


def _place_for_links(
    where: Address, out: Path | None, folder: Path | None, fieldwork: Fieldwork, kind: Kind
) -> Path | None:
    """A folder of their own for links; None for LimeSurvey, which sends them itself."""
    if where.kind == "limesurvey":
        return None
    from clustergov.survey.letters import message_of

    message_of(kind, fieldwork, title="")
    base = out or (folder / "survey" if folder is not None else None)
    if base is None:
        raise InputError(Problem("out", "personal links need a folder.", "Add --out DIR."))
    time = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    return base / f"{kind}-{time}"


@contextmanager
def _made(place: Path | None) -> Iterator[None]:
    """Make the folder before there are links, since links that cannot be written would be lost; take an empty one away."""
    if place is None:
        yield
        return
    from clustergov.survey.private_file import private_folder

    private_folder(place)
    try:
        yield
    finally:
        with suppress(OSError):
            place.rmdir()


def _deliver(
    done: Invited, people: Sequence[Person], place: Path | None, message: Message, contact: Contact | None
) -> None:
    """Write personal links and letters; a service knows people by pseudonym only, who they are comes from `people`."""
    if done.sent:
        click.echo(f"LimeSurvey sent {len(done.sent)} mail{'s' if len(done.sent) > 1 else ''}.")
    if place is None or not done.links:
        return
    from clustergov.survey.letters import letters, links_table
    from clustergov.survey.private_file import write_private

    known = {person.pseudonym: person for person in people}
    links = [(known.get(person.pseudonym, person), link) for person, link in done.links]
    write_private(place / "links.csv", links_table(links))
    written = letters(links, message, contact)
    for name, content in written.items():
        write_private(place / name, content)
    click.echo(
        f"{place}: links.csv with {len(links)} personal links, and {len(written)} letters ready to be sent (.eml)."
    )
    click.echo("Each link opens one person's questionnaire. Delete this folder when the mails are out.")


def _tell_failed(context: click.Context, done: Invited) -> None:
    if not done.failed:
        return
    click.echo(f"{_counted(len(done.failed))} could not be reached:")
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
