"""``clustergov casestudies recode`` and ``settle``: codings get another concept; journals are written into their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clustergov.cli.casestudies.inputs import FILE, folder_of, on_study


@click.command()
@click.argument("old")
@click.argument("new", required=False, default="")
@click.argument("study", type=FILE, default=Path())
@click.option("--by", required=True, help="Who does it: a role or pseudonym, kept with every change.")
@click.option(
    "--only", multiple=True, metavar="PLACE", help="CASE, CASE/DOCUMENT or CASE/DOCUMENT/WHERE; may be repeated."
)
@click.option(
    "--keep", type=click.Choice(["old", "new"]), help="Whose polarity stays where one place has both concepts."
)
@click.option("--remove", is_flag=True, help="Take the codings of OLD away instead; NEW is then left out.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)
def recode(old: str, new: str, study: Path, by: str, only: tuple[str, ...], keep: Any, remove: bool, dry_run: bool,
           language: str) -> None:  # fmt: skip
    """Give codings with the concept OLD the concept NEW, of every coder in every round of STUDY.

    A concept that was renamed or merged: put NEW into the codebook, recode, then take OLD out. One that was split: recode
    with --only, once for every part.
    """
    from clustergov.casestudies.coding.recode import recode as do
    from clustergov.language import say

    if remove and new and study == Path():
        # With --remove there is no NEW: what stands in its place is STUDY.
        new, study = "", Path(new)
    if bool(new) == remove:
        raise click.UsageError("Give NEW, or --remove.")
    done = do(folder_of(study), old, new, by=by, only=only, keep=keep, write=not dry_run)
    for coding in done.places:
        click.echo(f"  {'/'.join(coding.place)}  {coding.coder}" + (f"  {coding.round}" if coding.round != 1 else ""))
    key = "removed" if remove else "recoded"
    click.echo(say(f"coding.{key}{'_dry' if dry_run else ''}", language, n=len(done.places), files=len(done.files),
                   old=old, new=new, merged=done.merged))  # fmt: skip
    if done.left:
        click.echo(say("coding.left", language, n=done.left, old=old))


@click.command()
@on_study
def settle(study: Path, language: str) -> None:
    """Write what the journals of STUDY hold into its files of codings, for a commit or an edit by hand."""
    from clustergov.casestudies.coding.desk import every_store
    from clustergov.language import say

    click.echo(say("coding.settled", language, n=sum(store.settle() for store in every_store(folder_of(study)))))
