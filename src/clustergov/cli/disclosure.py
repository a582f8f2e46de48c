"""``clustergov survey disclosure``: what giving out a file of responses would disclose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.table import print_table
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.survey.privacy.disclosure_report import DisclosureReport

FILE = click.Path(path_type=Path)
MOST = 15
"""Tables with small cells that the terminal shows."""


@click.command()
@click.argument("data", metavar="DATA", type=FILE)
@click.option("--questionnaire", required=True, type=FILE, help="The questionnaire that DATA answers.")
@click.option("--quasi-identifiers", metavar="A,B,…", required=True, help="Variables that others may know of somebody.")
@click.option("--k", type=click.IntRange(2, 1000), default=5, show_default=True, help="How many have to look alike.")
@click.option("--sensitive", metavar="A,B,…", default="", help="Variables that nobody should learn of somebody.")
@click.option("--frame", type=FILE, help="The sampling frame: everybody who could have answered.")
@click.option("--match", metavar="VARIABLE=COLUMN", multiple=True, help="A variable's column in the frame. Repeat it.")
@click.option("--json", "written", metavar="FILE", type=FILE, help="Also write the report as JSON.")
@click.pass_context
def disclosure(
    context: click.Context, data: Path, questionnaire: Path, quasi_identifiers: str, k: int, sensitive: str,
    frame: Path | None, match: tuple[str, ...], written: Path | None,
) -> None:  # fmt: skip
    """Tell how far respondents in DATA can be told apart, by which variables, and what would hide them.

    k-anonymity: how many look alike in the quasi-identifiers. l-diversity: whether those who look alike differ in what
    is sensitive. Small cells: one-way and two-way tables with fewer than k in a cell. Of real respondents no count from
    1 to k − 1 is shown. Exit code 1: somebody looks like fewer than k.
    """
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.collection.private_file import write_private
    from clustergov.survey.frame.frame import read_frame
    from clustergov.survey.privacy.disclosure_report import disclosure_report
    from clustergov.survey.reading import read_responses

    columns = _pairs(match)
    if written is not None and (not written.parent.is_dir() or written.is_dir()):
        raise InputError(
            Problem("out", "expected a file in a folder that exists.", "Correct --json.", file=str(written))
        )
    responses = read_responses(data, read_questionnaire(questionnaire), strict=False)
    report = disclosure_report(
        responses, _listed(quasi_identifiers), k=k, sensitive=_listed(sensitive),
        frame=read_frame(frame) if frame is not None else None, columns=columns,
    )  # fmt: skip
    if written is not None:
        write_private(written, (json.dumps(report.plain(), ensure_ascii=False, indent=1) + "\n").encode())
    _print(report)
    if not report.holds:
        context.exit(1)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _pairs(match: tuple[str, ...]) -> dict[str, str]:
    parts = [each.partition("=") for each in match]
    if wrong := [each for each, (name, _, column) in zip(match, parts, strict=True) if not name or not column]:
        raise InputError(Problem("match", f"expected VARIABLE=COLUMN, found “{wrong[0]}”.", "Correct --match."))
    return {name.strip(): column.strip() for name, _, column in parts}


def _print(report: DisclosureReport) -> None:
    _print_anonymity(report)
    _print_population(report)
    for each in report.diversity:
        click.echo(
            f"“{each.variable}”: who look alike gave at least {each.distinct} different answers (by entropy "
            f"{each.entropy:.2f}). The answers of {report.shown(each.known)} respondents follow from their class alone."
        )
    _print_variables(report)
    _print_suggestions(report)
    _print_small_cells(report)


def _print_anonymity(report: DisclosureReport) -> None:
    found, n = report.anonymity, report.anonymity.n
    click.echo(
        f"{'SYNTHETIC: ' if report.synthetic else ''}{n} respondents, known by {', '.join(report.quasi_identifiers)}"
    )
    verdict = "holds" if report.holds else "does not hold"
    click.echo(
        f"k-anonymity for k = {report.k} {verdict}: the smallest of {found.classes} classes has {found.smallest}."
    )
    share = f" ({found.under / n:.0%})" if n and report.shown(found.under).isdigit() else ""
    click.echo(
        f"In classes under {report.k}: {report.shown(found.under)} respondents{share}; like nobody else: {report.shown(found.unique)}."
    )


def _print_population(report: DisclosureReport) -> None:
    if (found := report.population) is None:
        return
    click.echo(
        f"In the frame of {found.size}: {report.shown(found.unique)} respondents are the only one of their class, "
        f"{report.shown(found.under)} are in classes under {report.k}; a guess by class is right in {found.risk:.0%}."
    )
    if found.absent:
        click.echo(f"{report.shown(found.absent)} respondents are of a class that the frame does not have.")


def _print_variables(report: DisclosureReport) -> None:
    if report.anonymity.unique == 0 and report.holds:
        return
    click.echo("What makes people known; without the variable there would be:")
    print_table(
        ("variable", "categories", "like nobody else", f"in classes under {report.k}"),
        [
            (each.variable, str(each.categories), report.shown(each.unique_without), report.shown(each.under_without))
            for each in report.contributions
        ],
    )


def _print_suggestions(report: DisclosureReport) -> None:
    if report.holds:
        return
    if not report.suggestions:
        click.echo(
            f"Nothing would hide everybody: there are fewer than {report.k} respondents, or too many combinations."
        )
    for place, each in enumerate(report.suggestions, start=1):
        click.echo(
            f"To hide everybody ({place}): {'; '.join(each.steps)}. Smallest class {each.smallest}, "
            f"{each.loss:.0%} of the information in these variables lost."
        )


def _print_small_cells(report: DisclosureReport) -> None:
    click.echo(f"{len(report.small_cells)} of {report.tables} one-way and two-way tables have cells under {report.k}.")
    rows = [
        (" × ".join(each.variables), str(each.cells), str(each.small), report.shown(each.respondents))
        for each in report.small_cells[:MOST]
    ]
    if rows:
        print_table(("table", "cells with anybody", f"under {report.k}", "respondents in these"), rows)
    if len(report.small_cells) > MOST:
        click.echo(f"… and {len(report.small_cells) - MOST} more; --json has them all.")
