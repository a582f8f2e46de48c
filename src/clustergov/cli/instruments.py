"""``clustergov instruments``: check and show questionnaires; hand them on, take them over."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.exchange import export, import_
from clustergov.cli.versions import diff
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.instruments.codebook import Codebook, CodebookRow
    from clustergov.instruments.questionnaire import Questionnaire

FILE = click.Path(path_type=Path)


@click.group()
def instruments() -> None:
    """Questionnaires: check them, show them, hand them on to other software, take them over from it."""


instruments.add_command(export)
instruments.add_command(import_)
instruments.add_command(diff)


@instruments.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--strict", is_flag=True, help="Take warnings for mistakes.")
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], strict: bool) -> None:
    """Tell every mistake in questionnaire files, each with line and column. Exit code 2 if there are any.

    Warnings do not count, unless with --strict; those of an import are marked so.
    """
    from clustergov.instruments.check import check as check_file

    wrong = False
    for file in files:
        questionnaire, problems = check_file(file)
        if strict:
            problems = [replace(problem, severity="error") for problem in problems]
        for problem in problems:
            click.echo(str(problem))
        errors = sum(problem.severity == "error" for problem in problems)
        wrong = wrong or errors > 0
        counts = f"{_count(errors, 'mistake')}, {_count(len(problems) - errors, 'warning')}"
        click.echo(f"{file}: {counts}" + (f"; {_size(questionnaire)}" if questionnaire is not None else ""))
    context.exit(2 if wrong else 0)


@instruments.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.argument("code", required=False)
@click.option("--language", metavar="CODE", default="en", show_default=True,
              help="Of what is shown: nl, en, or any language of FILE.")  # fmt: skip
def show(file: Path, code: str | None, language: str) -> None:
    """Print the codebook of a questionnaire; with CODE only that variable, question, section or scale score."""
    from clustergov.instruments.check import read_questionnaire
    from clustergov.instruments.codebook import codebook

    questionnaire = read_questionnaire(file)
    spoken = list(dict.fromkeys(("nl", "en", *questionnaire.languages)))
    if language not in spoken:
        message = f"expected one of {', '.join(spoken)}, found “{language}”."
        raise InputError(Problem("language", message, "Correct --language.", file=str(file)))
    book = codebook(questionnaire, language)
    if code is None:
        click.echo(f"{book.title} ({questionnaire.questionnaire}, {questionnaire.version})\n{_size(questionnaire)}")
        for text in (book.welcome, book.closing):
            click.echo(f"\n{text}" if text else "", nl=bool(text))
        _print_rows(book, book.rows)
        for sentence in (*book.scores, *book.indicators):
            click.echo(f"\n{sentence}")
        return
    wanted = _variables(questionnaire, code)
    scores = [each for each, key in zip(book.scores, questionnaire.constructs, strict=True) if key.code == code]
    if not wanted and not scores:
        raise InputError(_unknown(code, questionnaire, file))
    for sentence in scores:
        click.echo(sentence)
    _print_rows(book, tuple(row for row in book.rows if row.variable in wanted))


def _variables(questionnaire: Questionnaire, code: str) -> set[str]:
    """Names of the variables that a code of any kind stands for."""
    keyed = {name for key in questionnaire.constructs if key.code == code for name in key.items}
    if keyed:
        return keyed
    return {
        variable.name
        for variable in questionnaire.variables
        if code in (variable.name, variable.question.code) or code == variable.section.code
    }


def _unknown(code: str, questionnaire: Questionnaire, file: Path) -> Problem:
    from difflib import get_close_matches

    known = {*questionnaire.by_name, *(key.code for key in questionnaire.constructs)}
    known |= {each.code for each in questionnaire.questions} | {each.code for each in questionnaire.sections}
    near = get_close_matches(code, sorted(known), n=3)
    fix = f"Did you mean {' or '.join(near)}?" if near else "Leave CODE out to see all."
    return Problem(
        "unknown-code", f"there is no variable, question, section or scale score “{code}”.", fix, file=str(file)
    )


def _print_rows(book: Codebook, rows: tuple[CodebookRow, ...]) -> None:
    """Print rows under their section and question; what all rows of a question share is said once, above them."""
    section = ""
    for (title, question), group in groupby(rows, key=lambda row: (row.section, row.question)):
        if title != section:
            section = title
            click.echo(f"\n{section.upper()}")
        click.echo(f"\n{question}")
        facts: list[str] = []
        answers: tuple[str, ...] = ()
        for row in group:
            if facts != (facts := _facts(book, row)):
                for line in facts:
                    click.echo(f"    {line}")
            if answers != (answers := () if row.kind == _ticked(book) else row.answers):
                for answer in answers:
                    click.echo(f"      {answer}")
            click.echo(f"  {row.variable}" + (f": {row.item}" if row.item else ""))


def _facts(book: Codebook, row: CodebookRow) -> list[str]:
    heading = dict(zip(type(row).__slots__, book.headings, strict=True))
    named = ("help", "routing", "constraint", "source", "mark", "scale_source", "constructs")
    plain = "; ".join(each for each in (row.kind, row.direction, row.range) if each)
    return [plain, *(f"{heading[name].lower()}: {getattr(row, name)}" for name in named if getattr(row, name))]


def _ticked(book: Codebook) -> str:
    from clustergov.language import say

    return say("codebook.kind.tick", book.language)


def _size(questionnaire: Questionnaire) -> str:
    items = sum(max(1, len(question.items)) for question in questionnaire.questions if question.kind != "note")
    counts = (
        _count(len(questionnaire.questions), "question"),
        _count(items, "item"),
        _count(len(questionnaire.variables), "variable"),
        _count(len(questionnaire.scales), "scale"),
        _count(len(questionnaire.constructs), "construct"),
    )
    return f"{', '.join(counts)}; languages: {', '.join(questionnaire.languages)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
