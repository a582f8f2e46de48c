"""``clustergov instruments diff``: what changed between two versions of a questionnaire."""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(path_type=Path)
QUIET = ("cosmetic", "presentation", "moved")
"""Kinds that leave every answer comparable; told by their number unless asked for."""


@click.command()
@click.argument("old", metavar="OLD", type=FILE)
@click.argument("new", metavar="NEW", type=FILE)
@click.option("--all", "everything", is_flag=True, help="Also changes that leave every answer comparable.")
@click.option("--crosswalk", metavar="X.yml", type=FILE, help="Write a proposal of which answers are which, to edit.")
@click.option("--overwrite", is_flag=True, help="Replace a crosswalk of that name that differs.")
def diff(old: Path, new: Path, everything: bool, crosswalk: Path | None, overwrite: bool) -> None:
    """Tell what each change between two versions does to the comparison of answers.

    Kinds: scale-breaking, routing-breaking, removed, added, renamed, key, limits, label, moved, presentation, language,
    cosmetic.
    """
    from clustergov.instruments.check import read_questionnaire
    from clustergov.instruments.versions.diff import compare
    from clustergov.instruments.versions.proposal import crosswalk_yaml, propose
    from clustergov.study.writing import write_files

    before, after = read_questionnaire(old), read_questionnaire(new)
    changes = compare(before, after)
    if crosswalk is not None:
        proposal = propose(before, after)
        write_files({crosswalk: crosswalk_yaml(proposal).encode("utf-8")}, overwrite=overwrite)
    for change in changes:
        if everything or change.kind not in QUIET:
            click.echo(str(change))
    counts = {
        kind: sum(change.kind == kind for change in changes) for kind in dict.fromkeys(each.kind for each in changes)
    }
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "no change"
    click.echo(f"{before.questionnaire} {before.version} → {after.version}: {told}")
    if crosswalk is not None:
        open_steps = sum(not step.old for step in proposal.variables)
        click.echo(f"{crosswalk}: {len(proposal.variables) - open_steps} variables filled, {open_steps} left open")
