"""``clustergov survey seal`` and ``who``: people and their pseudonyms."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clustergov.cli.passphrase import ask_passphrase
from clustergov.cli.retaining import tell_overdue_of
from clustergov.cli.table import print_table, refuse_unwritable
from clustergov.problems import InputError, Problem

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("people", metavar="FRAME.csv", type=FILE)
@click.option("--key", type=FILE, required=True, help="The encrypted key file, such as survey/key.enc.")
@click.option("--out", type=FILE, required=True, help="The frame without persons, such as survey/frame.csv.")
@click.option(
    "--keep", metavar="HEADING", multiple=True, help="A column in doubt that belongs in the frame. Repeat it."
)
@click.option("--leave-out", metavar="HEADING", multiple=True, help="A column that goes into neither. Repeat it.")
def seal(people: Path, key: Path, out: Path, keep: tuple[str, ...], leave_out: tuple[str, ...]) -> None:
    """Part a list of people: names and addresses into an encrypted key file, the rest into a frame with pseudonyms.

    What is not known to be harmless goes into the key file; what went where, and why, is told. Run it again with a
    longer list to add people: who is known keeps the pseudonym. The passphrase is asked for, or comes from
    CLUSTERGOV_PASSPHRASE or the system's keyring.
    """
    from clustergov.survey.collection.private_file import write_private
    from clustergov.survey.privacy.key_file import KeyFile, read_key_file, write_key_file
    from clustergov.survey.privacy.sealing import read_people
    from clustergov.survey.privacy.sealing import seal as part

    refuse_unwritable(out)
    _refuse_places(people, key, out)
    tell_overdue_of(key.parent)
    found = read_people(people)
    passphrase = ask_passphrase(key, new=not key.exists())
    known = read_key_file(key, passphrase) if key.exists() else KeyFile()
    sealed = part(found, known, frame=read_people(out) if out.exists() else None, keep=keep, leave_out=leave_out)
    # First who they are, then the frame: should the second fail, running it again gives everybody the same pseudonym.
    write_key_file(sealed.key_file, key, passphrase)
    write_private(out, sealed.content())
    where = {"frame": out.name, "key": f"{key.name} only", "nowhere": "left out"}
    print_table(("column", "goes to", "why"), [(c.heading, where[c.place], c.reason) for c in sealed.columns])
    click.echo(
        f"{out}: {len(sealed.rows)} people, {sealed.added} of them new, {sealed.known} with the pseudonym they had."
    )
    if not sealed.email:
        click.echo("No column has e-mail addresses: nobody can be invited by this key file.")
    click.echo(f"{people} still tells who they are: keep it outside the study, or delete it.")


def _refuse_places(people: Path, key: Path, out: Path) -> None:
    problems = []
    if len({path.resolve() for path in (people, key, out)}) < 3:
        problems.append(
            Problem("same-file", "the list, the key file and the frame must be three files.", "Name another.")
        )
    if not key.parent.is_dir() or key.is_dir():
        problems.append(
            Problem("key-file", "expected a file in a folder that exists.", "Correct --key.", file=str(key))
        )
    if out.exists() and not key.exists():
        problems.append(
            Problem("key-file", f"{out} is there and its key file is not: its people could never be found again.",
                    "Name its key file with --key, or another frame with --out.", file=str(key))
        )  # fmt: skip
    if problems:
        raise InputError(problems)


@click.command()
@click.argument("pseudonyms", metavar="[PSEUDONYM]...", nargs=-1)
@click.option("--key", type=FILE, required=True, help="The encrypted key file.")
def who(pseudonyms: tuple[str, ...], key: Path) -> None:
    """Show who is behind pseudonyms (all, when none is named): on the terminal, never in a file."""
    from clustergov.survey.privacy.key_file import read_key_file
    from clustergov.survey.privacy.pseudonym import as_typed

    if not sys.stdout.isatty():
        raise InputError(
            Problem("not-a-terminal", "this shows who people are, and does so on a terminal only.",
                    "Run it without > or |.")
        )  # fmt: skip
    tell_overdue_of(key.parent)
    entries = read_key_file(key, ask_passphrase(key)).entries
    wanted = {as_typed(each) for each in pseudonyms}
    unknown = wanted - {entry.pseudonym for entry in entries}
    if unknown:
        raise InputError(
            Problem("unknown-pseudonym", f"the key file does not know {', '.join(sorted(unknown))}.", "Check the spelling.",
                    file=str(key))
        )  # fmt: skip
    shown = [entry for entry in entries if not wanted or entry.pseudonym in wanted]
    headings = list(dict.fromkeys(heading for entry in shown for heading in entry.cells))
    rows = [(entry.pseudonym, *(entry.cells.get(heading, "") for heading in headings)) for entry in shown]
    print_table(("pseudonym", *headings), rows)
