"""What the commands on case studies share: STUDY, --language, --json, and how a result is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.problems import missing_file

if TYPE_CHECKING:
    from clustergov.casestudies.corpus import Corpus

FILE = click.Path(path_type=Path)
LANGUAGE = click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)


def on_study(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command STUDY (a study, or its folder of case studies) and --language."""
    return click.argument("study", type=FILE, default=Path())(LANGUAGE(command))


def with_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --json and --overwrite."""
    for decorate in (
        click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs."),
        click.option("--json", "json_file", type=FILE, help="A file for the whole result, in full precision."),
    ):
        command = decorate(command)
    return command


def folder_of(study: Path) -> Path:
    """The folder of the case studies: STUDY itself when a codebook lies in it, else its folder `casestudies`.

    Raises
    ------
    InputError
        There is none.
    """
    folder = study if (study / "codebook.yml").is_file() else study / "casestudies"
    if not folder.is_dir():
        raise missing_file(folder, wanted="the folder casestudies of a study")
    return folder


def read_study(study: Path) -> Corpus:
    """Read the case studies of STUDY, and its joint display where it declares one.

    Raises
    ------
    InputError
        With every mistake in them.
    """
    from clustergov.casestudies.corpus import read_corpus
    from clustergov.casestudies.joint import read_joint

    folder = folder_of(study)
    corpus = read_corpus(folder)
    if (folder / "joint.yml").is_file():
        read_joint(folder / "joint.yml", corpus.codebook)
    return corpus


def write_json(content: Mapping[str, Any], json_file: Path | None, *, overwrite: bool) -> None:
    """Write a result to --json; nothing without it."""
    from clustergov.study.plain import plain
    from clustergov.study.writing import write_files

    if json_file is None:
        return
    text = json.dumps(plain(content), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_files({json_file: text.encode()}, overwrite=overwrite)
    click.echo(f"Written: {json_file}")
