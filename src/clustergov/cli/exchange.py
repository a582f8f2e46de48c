"""``clustergov instruments export`` and ``import``: questionnaires for, and from, other software."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clustergov.problems import Problem

FILE = click.Path(path_type=Path)
MOST = 40
"""Notes that the terminal shows of one file; the report file has all."""


def _formats(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Print the table of formats, and stop."""
    if not value:
        return
    from clustergov.study.formats import FORMATS

    for name, format_ in FORMATS.items():
        click.echo(f"{name:<15}FILE{format_.ending:<32}{format_.meaning}")
    context.exit()


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--to", "formats", metavar="FORMAT", multiple=True, required=True,
              help="all, or one or more of --formats; several with commas or by repeating.")  # fmt: skip
@click.option("--out", metavar="DIR", type=FILE, required=True, help="Folder to write into; made if it is not there.")
@click.option(
    "--language",
    "languages",
    metavar="CODE",
    multiple=True,
    help="Of Word files, and of labels in SPSS and Stata; by default all of FILE, the first for labels. Other formats hold all.",
)
@click.option("--responses", metavar="DATA", type=FILE,
              help="Responses to FILE, for SPSS, Stata, DDI and the codebooks.")  # fmt: skip
@click.option("--unlisted", is_flag=True, help="Let answers that FILE does not allow become blank (not recorded).")
@click.option("--overwrite", is_flag=True, help="Replace files of that name that differ.")
@click.option("--formats", "listing", is_flag=True, is_eager=True, expose_value=False, callback=_formats,
              help="List the formats, and stop.")  # fmt: skip
def export(
    file: Path, formats: tuple[str, ...], out: Path, languages: tuple[str, ...], responses: Path | None, unlisted: bool,
    overwrite: bool,
) -> None:  # fmt: skip
    """Write a questionnaire in the formats of other software, on paper, as codebook.

    Either every file is written or none. What a format cannot express is told, with its place.
    """
    from clustergov.instruments.check import read_questionnaire
    from clustergov.study.formats import FORMATS, chosen
    from clustergov.study.formats import export as make
    from clustergov.study.writing import write_files

    wanted = chosen(formats)
    questionnaire = read_questionnaire(file)
    answers = None
    if responses is not None:
        from clustergov.survey.reading import read_responses

        answers = read_responses(responses, questionnaire, strict=not unlisted)
    made = make(questionnaire, wanted, stem=file.stem, languages=languages, responses=answers)
    write_files({out / name: each.content for name, each in made.items()}, overwrite=overwrite)
    for name, each in made.items():
        click.echo(
            f"{out / name}: {len(each.content):,} bytes"
            + (f"; {_count(len(each.notes), 'note')}" if each.notes else "")
        )
        _print_notes(each.notes)
    if answers is not None and len(answers.unlisted):
        click.echo(f"Answers that {file.name} does not know, and that are blank now: {len(answers.unlisted)}.")
    private = [name for name in wanted if FORMATS[name].persons]
    if answers is not None and not answers.synthetic and private:
        click.echo(f"Not to be published: {', '.join(private)} hold the answers, and the words, of single persons.")


@click.command("import")
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--out", metavar="X.yml", type=FILE, required=True, help="The questionnaire to write.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs.")
def import_(file: Path, out: Path, overwrite: bool) -> None:
    """Take a questionnaire over from LimeSurvey (.lss, .txt, .lsa) or an XLSForm (.xlsx, .xls).

    Prints the import report: everything that our questionnaires do not express, each with its place. The same report
    is written beside X.yml, as X-import.txt.
    """
    from clustergov.instruments.check import check_questionnaire
    from clustergov.instruments.reading import read_foreign
    from clustergov.instruments.write import questionnaire_yaml
    from clustergov.problems import InputError, Problem
    from clustergov.study.writing import write_files

    if out.suffix.casefold() not in (".yml", ".yaml"):
        message = f"expected a file name ending in .yml, found “{out.name}”."
        raise InputError(Problem("out", message, "Correct --out.", file=str(out)))
    imported = read_foreign(file)
    questionnaire = imported.questionnaire
    problems = check_questionnaire(questionnaire)
    report = "".join(f"{note}\n" for note in imported.notes)
    contents = {out: questionnaire_yaml(questionnaire), out.with_name(f"{out.stem}-import.txt"): report}
    write_files({path: content.encode("utf-8") for path, content in contents.items()}, overwrite=overwrite)
    click.echo(f"Import report: {_count(len(imported.notes), 'note')}")
    _print_notes(imported.notes)
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(f"{out}: {_count(len(questionnaire.questions), 'question')}, "
               f"{_count(len(questionnaire.variables), 'variable')}, "
               f"languages: {', '.join(questionnaire.languages)}; {_count(errors, 'mistake')}, "
               f"{_count(len(problems) - errors, 'warning')} (clustergov instruments check {out})")  # fmt: skip


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _print_notes(notes: Sequence[Problem]) -> None:
    for note in notes[:MOST]:
        click.echo(f"  {note.place + ': ' if note.place else ''}{note.message} {note.fix}".rstrip())
    if len(notes) > MOST:
        click.echo(f"  … and {len(notes) - MOST} more.")
