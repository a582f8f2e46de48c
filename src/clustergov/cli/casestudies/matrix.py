"""``clustergov casestudies matrix``: cases against concepts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.casestudies.inputs import on_study, read_study, with_json, write_json

if TYPE_CHECKING:
    from clustergov.casestudies.matrix import CaseMatrix


@click.command()
@on_study
@with_json
@click.option(
    "--by", "attribute", default="", metavar="ATTRIBUTE", help="Columns per value of an attribute instead of per case."
)
def matrix(study: Path, language: str, json_file: Path | None, overwrite: bool, attribute: str) -> None:
    """Show how many coded passages each case has of each concept; an empty cell says that nothing was found."""
    from dataclasses import fields

    from clustergov.casestudies.attribute_matrix import attribute_matrix
    from clustergov.casestudies.matrix import case_matrix

    corpus = read_study(study)
    found = attribute_matrix(corpus, attribute) if attribute else case_matrix(corpus)
    write_json({field.name: getattr(found, field.name) for field in fields(found)}, json_file, overwrite=overwrite)
    click.echo("\n".join(_table(found, language)))


def _table(found: CaseMatrix, language: str) -> list[str]:
    from clustergov.language import say

    header = [say("casestudies.matrix.heading", language), *(title.to(language) for _, title in found.cases)]
    rows = [
        [name.to(language), *(found.cell_text(case, code, language) for case, _ in found.cases)]
        for code, name in found.concepts
    ]
    widths = [max(len(row[place]) for row in [header, *rows]) for place in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in [header, ["-" * width for width in widths], *rows]]  # fmt: skip
    return [*lines, "", found.sentence(language), "", *found.caveat_lines(language)]
