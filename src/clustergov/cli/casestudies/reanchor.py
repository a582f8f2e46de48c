"""``clustergov casestudies reanchor``: codings follow a transcript that was edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.casestudies.inputs import folder_of, on_study, with_json, write_json

if TYPE_CHECKING:
    from clustergov.casestudies.reanchoring import Reanchoring, ReanchoringReport


@click.command()
@on_study
@with_json
@click.option("--write", "write_it", is_flag=True, help="Store the new places; without it nothing is changed.")
@click.pass_context
def reanchor(
    context: click.Context, study: Path, language: str, json_file: Path | None, overwrite: bool, write_it: bool
) -> None:
    """Look up every coded passage of STUDY in its document as it is now: same, moved, changed or lost.

    Exit code 1 when a passage was lost; lost codings are never removed.
    """
    from clustergov.casestudies.reanchoring import reanchoring

    report = reanchoring(folder_of(study), write_it=write_it)
    rows = report.frame().to_dict("records")
    write_json({**_totals(report), "written": write_it, "passages": rows}, json_file, overwrite=overwrite)
    click.echo("\n".join([*_lines(report, language), report.sentence(language)]))
    if not write_it and (report.counts["moved"] or report.counts["changed"] or report.documents):
        click.echo("Nothing was written; add --write to store the new places.")
    if report.counts["lost"]:
        context.exit(1)


def _totals(report: ReanchoringReport) -> dict[str, object]:
    totals: dict[str, object] = {status: report.counts[status] for status in ("same", "moved", "changed", "lost")}
    return totals | {"documents": [f"{case}/{code}" for case, code in report.documents]}


def _lines(report: ReanchoringReport, language: str) -> list[str]:
    return [line for each in report.found if each.placed.status != "same" for line in _told(each, language)]


def _told(each: Reanchoring, language: str) -> list[str]:
    from clustergov.language import say

    coding, placed = each.coding, each.placed
    assert coding.passage is not None
    where = (
        f"{coding.case}/{coding.document} {coding.coder} {coding.concept} {coding.passage.start}–{coding.passage.end}"
    )
    if placed.status == "lost" or each.location is None:
        lines = [f"lost     {where}: {say(f'documents.reanchoring.reason.{placed.reason}', language)}"]
    else:
        lines = [f"{placed.status:<8} {where} → {placed.start}–{placed.end} ({each.location.text(language)})"]
    if each.words:
        lines.append(f"           - {' '.join(each.words.split())}")
    if each.new_words:
        lines.append(f"           + {' '.join(each.new_words.split())}")
    return lines
