"""``clustergov casestudies export`` and ``import``: case studies for, and from, other software."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.casestudies.inputs import FILE, LANGUAGE, folder_of, on_study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clustergov.casestudies.exchange.arriving import Arrived
    from clustergov.casestudies.exchange.departing import Format
    from clustergov.problems import Problem

MOST = 40
"""Notes that the terminal shows; the report file has all."""
LONGEST = 300
"""Characters of a note that the terminal shows."""


@click.command()
@on_study
@click.option("--to", "format_", type=click.Choice(["qdpx", "qdc", "csv"]), required=True,
              help="A REFI-QDA project, its codebook alone, or a table of coded segments.")  # fmt: skip
@click.option("--out", metavar="FILE", type=FILE, required=True, help="The file to write.")
@click.option("--withheld", is_flag=True, help="Also the words of speakers who did not agree to be shown.")
@click.option("--coder", "coders", metavar="NAME", multiple=True, help="Only codings of this coder; may be repeated.")
@click.option("--no-codings", is_flag=True, help="Texts and codes only, for somebody who is to code unseen elsewhere.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs.")
def export(
    study: Path, language: str, format_: Format, out: Path, withheld: bool, coders: tuple[str, ...], no_codings: bool,
    overwrite: bool,
) -> None:  # fmt: skip
    """Write the case studies of STUDY for QualCoder, NVivo, MAXQDA, ATLAS.ti and others, or as a table.

    Tells everything that the format does not hold, and writes the same beside FILE, as FILE-export.txt.
    """
    from clustergov.casestudies.corpus import read_corpus
    from clustergov.casestudies.exchange.departing import depart
    from clustergov.study.writing import write_files

    folder = folder_of(study)
    chosen = coders if coders or no_codings else None
    made = depart(read_corpus(folder), folder, format_, language=language, withheld=withheld, coders=chosen)
    report = out.with_name(f"{out.name}-export.txt")
    write_files({out: made.content, report: _report(made.notes)}, overwrite=overwrite)
    click.echo(f"{out}: {len(made.content):,} bytes; {_count(len(made.notes), 'note')} ({report})")
    _print_notes(made.notes)


@click.command("import")
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--into", "study", metavar="STUDY", type=FILE, help="A study that what is new is added to.")
@click.option("--out", metavar="DIR", type=FILE, help="A new folder of case studies.")
@click.option("--case", metavar="CODE", default="", help="Of STUDY, for texts that FILE puts in no case.")
@LANGUAGE
def import_(file: Path, study: Path | None, out: Path | None, case: str, language: str) -> None:
    """Take over a REFI-QDA project (.qdpx) or codebook (.qdc), as other programs write them.

    Into a study only what is new is added: concepts, texts, and the codings of whoever coded elsewhere. Nothing is
    written unless the whole holds. Tells everything that was left out, repaired or doubted, with how offsets were
    read, and writes the same as DIR/FILE-import.txt or beside the case studies of STUDY. --language is that of FILE.
    """
    from clustergov.casestudies.exchange.arriving import arrive
    from clustergov.problems import InputError, Problem

    if (study is None) == (out is None):
        raise InputError(
            Problem("import-place", "expected --into STUDY or --out DIR, found neither or both.", "Give one.")
        )
    folder = folder_of(study) if study is not None else None
    arrived = arrive(file, folder, language=language, case=case)
    report = f"{file.name}-import.txt"
    if out is not None:
        _write_new(arrived, out, report)
        place = out
    else:
        assert folder is not None
        _write_into(arrived, folder, report)
        place = folder
    click.echo(
        f"{place}: new are {_count(arrived.concepts, 'concept')}, {_count(arrived.cases, 'case')}, "
        f"{_count(arrived.documents, 'document')} and {_count(arrived.codings, 'coding')}; "
        f"{_count(len(arrived.notes), 'note')} ({place / report})"
    )
    _print_notes(arrived.notes)


def _write_new(arrived: Arrived, out: Path, report: str) -> None:
    from clustergov.study.output import check_new_folder, whole_folder

    check_new_folder(out)
    with whole_folder(out) as fresh:
        for name, content in (arrived.files | {report: _report(arrived.notes)}).items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _write_into(arrived: Arrived, folder: Path, report: str) -> None:
    from clustergov.problems import InputError, Problem
    from clustergov.study.writing import write_files

    changed = [name for name, content in arrived.before.items() if _content(folder / name) != content]
    if changed:
        raise InputError(
            [Problem("changed-meanwhile", "it was changed while the file was being read; nothing was written.",
                     "Import again.", file=str(folder / name)) for name in changed]
        )  # fmt: skip
    files = {folder / name: content for name, content in arrived.files.items()}
    write_files(files | {folder / report: _report(arrived.notes)}, overwrite=True)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _report(notes: Sequence[Problem]) -> bytes:
    return "".join(f"{note}\n" for note in notes).encode("utf-8")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _print_notes(notes: Sequence[Problem]) -> None:
    for note in notes[:MOST]:
        line = " ".join(f"{note.place + ': ' if note.place else ''}{note.message} {note.fix}".split())
        click.echo(f"  {line if len(line) <= LONGEST else line[:LONGEST] + ' …'}")
    if len(notes) > MOST:
        click.echo(f"  … and {len(notes) - MOST} more.")
