"""Personal links on their way out: a folder for each round, with a table for a mail merge and one letter per person."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.survey.collection.address import Address
    from clustergov.survey.collection.collecting import Invited, Person
    from clustergov.survey.collection.fieldwork import Contact, Fieldwork, Message
    from clustergov.survey.collection.letters import Kind

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Hosts that nobody reaches from elsewhere."""


def place_for(where: Address, out: Path | None, folder: Path | None, fieldwork: Fieldwork, kind: Kind) -> Path | None:
    """A folder of their own for links; None for LimeSurvey, which sends them itself."""
    if where.kind == "limesurvey":
        return None
    from clustergov.survey.collection.letters import message_of

    message_of(kind, fieldwork, title="")
    base = out or (folder / "survey" if folder is not None else None)
    if base is None:
        raise InputError(Problem("out", "personal links need a folder.", "Add --out DIR."))
    time = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    return base / f"{kind}-{time}"


@contextmanager
def made(place: Path | None) -> Iterator[None]:
    """Make the folder before there are links, since links that cannot be written would be lost; take an empty one away."""
    if place is None:
        yield
        return
    from clustergov.survey.collection.private_file import private_folder

    private_folder(place)
    try:
        yield
    finally:
        with suppress(OSError):
            place.rmdir()


def deliver(
    done: Invited, people: Sequence[Person], place: Path | None, message: Message, contact: Contact | None
) -> None:
    """Write personal links and letters; a service knows people by pseudonym only, who they are comes from `people`."""
    if done.sent:
        click.echo(f"LimeSurvey sent {len(done.sent)} mail{'s' if len(done.sent) > 1 else ''}.")
    if place is None or not done.links:
        return
    from clustergov.survey.collection.letters import letters, links_table
    from clustergov.survey.collection.private_file import write_private

    known = {person.pseudonym: person for person in people}
    links = [(known.get(person.pseudonym, person), link) for person, link in done.links]
    write_private(place / "links.csv", links_table(links))
    written = letters(links, message, contact)
    for name, content in written.items():
        write_private(place / name, content)
    click.echo(
        f"{place}: links.csv with {len(links)} personal links, and {len(written)} letters ready to be sent (.eml)."
    )
    if urlsplit(links[0][1]).hostname in LOOPBACK:
        click.echo("Warning: these links open on this machine only. For others start the service with --base-url, and "
                   "then make links with `clustergov survey remind`.", err=True)  # fmt: skip
    click.echo("Each link opens one person's questionnaire. Delete this folder when the mails are out.")
