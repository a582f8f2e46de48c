"""``clustergov instruments diff``: what changed between two versions of a questionnaire."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from clustergov.instruments.questionnaire import Questionnaire

FILE = click.Path(path_type=Path)
QUIET = ("cosmetic", "presentation", "moved")
"""Kinds that leave every answer comparable; told by their number unless asked for."""


@click.command()
@click.argument("old", metavar="OLD", type=FILE)
@click.argument("new", metavar="NEW", type=FILE)
@click.option("--all", "everything", is_flag=True, help="Also changes that leave every answer comparable.")
@click.option("--crosswalk", metavar="X.yml", type=FILE, help="Write a proposal of which answers are which, to edit.")
@click.option("--language", metavar="CODE", help="In which texts are shown; else the first that both versions speak.")
@click.option("--overwrite", is_flag=True, help="Replace a crosswalk of that name that differs.")
def diff(old: Path, new: Path, everything: bool, crosswalk: Path | None, language: str | None, overwrite: bool) -> None:
    """Tell what each change between two versions does to the comparison of answers.

    Kinds: scale-breaking, routing-breaking, removed, added, renamed, key, limits, label, moved, presentation, language,
    cosmetic. Behind a text that changed stand the languages in which it did.
    """
    from clustergov.instruments.check import read_questionnaire
    from clustergov.instruments.versions.diff import compare
    from clustergov.instruments.versions.proposal import crosswalk_yaml, propose
    from clustergov.study.writing import write_files

    before, after = read_questionnaire(old), read_questionnaire(new)
    _refuse_unspoken(language, before, after)
    changes = compare(before, after, language or "")
    if crosswalk is not None:
        proposal = propose(before, after, language or "")
        write_files({crosswalk: crosswalk_yaml(proposal).encode("utf-8")}, overwrite=overwrite)
    one = before.questionnaire == after.questionnaire
    if not one:
        names = f"“{before.questionnaire}” and “{after.questionnaire}”"
        click.echo(f"Warning: {names} are two questionnaires: equal codes need not ask the same.", err=True)
    for change in changes:
        if everything or change.kind not in QUIET:
            click.echo(str(change))
    counts = {
        kind: sum(change.kind == kind for change in changes) for kind in dict.fromkeys(each.kind for each in changes)
    }
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "no change"
    newer = after.version if one else f"{after.questionnaire} {after.version}"
    click.echo(f"{before.questionnaire} {before.version} → {newer}: {told}")
    if crosswalk is not None:
        open_steps = sum(not step.old for step in proposal.variables)
        click.echo(f"{crosswalk}: {len(proposal.variables) - open_steps} variables filled, {open_steps} left open")


def _refuse_unspoken(language: str | None, old: Questionnaire, new: Questionnaire) -> None:
    from clustergov.problems import InputError, Problem

    spoken = [each for each in old.languages if each in new.languages]
    if language is not None and language not in spoken:
        message = (
            f"expected a language of both versions ({', '.join(spoken) or 'they share none'}), found “{language}”."
        )
        raise InputError(Problem("unknown-language", message, "Name one of these.", place="--language"))
