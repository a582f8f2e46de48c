"""What commands about a survey in the field are given: its address, a study's folder, and who the people are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.problems import InputError, Problem, missing_file

if TYPE_CHECKING:
    from clustergov.survey.collection.address import Address
    from clustergov.survey.collection.collecting import Person
    from clustergov.survey.collection.fieldwork import Fieldwork


def parsed(address: str) -> Address:
    from clustergov.survey.collection.address import parse

    found = parse(address)
    for remark in found.remarks:
        click.echo(remark, err=True)
    return found


def study_folder(study: Path | None) -> Path | None:
    """The study's folder: the one that is named, else this one if there is a study in it."""
    if study is not None:
        return study.parent if study.name == "study.yml" else study
    return Path() if Path("study.yml").is_file() else None


def fieldwork_of(named: Path | None, folder: Path | None) -> Fieldwork:
    """The description of fieldwork; one that says nothing where there is none."""
    from clustergov.survey.collection.fieldwork import Fieldwork, read_fieldwork

    file = named or (folder / "survey" / "fieldwork.yml" if folder is not None else None)
    if file is None or (named is None and not file.is_file()):
        return Fieldwork(fieldwork="", questionnaire="")
    return read_fieldwork(file)


def people_of(key: Path | None, plain: Path | None, folder: Path | None, *, needed: bool) -> tuple[Person, ...]:
    if key is not None and plain is not None:
        raise InputError(Problem("two-lists", "both --key and --people are given.", "Name one of them."))
    if plain is not None:
        from clustergov.survey.collection.people_file import read_people

        found = read_people(plain)
        click.echo(f"{plain} has names and addresses in the clear; `clustergov survey seal` encrypts them.", err=True)
        return found
    sealed = key or (folder / "survey" / "key.enc" if folder is not None else None)
    if key is not None and not key.is_file():
        raise missing_file(key, wanted="an encrypted key file, made by `clustergov survey seal`")
    if sealed is not None and sealed.is_file():
        from clustergov.cli.passphrase import ask_passphrase
        from clustergov.survey.privacy.key_file import people

        return people(sealed, ask_passphrase(sealed))
    if needed:
        raise InputError(
            Problem("which-people", "it is not told who is to be invited.",
                    "Add --key KEY.enc (made by `clustergov survey seal`), or --people FILE.csv.")
        )  # fmt: skip
    return ()


def in_frame(people: Sequence[Person], frame: Path | None) -> tuple[Person, ...]:
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
