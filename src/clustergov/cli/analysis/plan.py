"""``clustergov analysis plan freeze`` and ``check``: a plan of analysis frozen by hash, and deviations from it."""

from __future__ import annotations

from pathlib import Path

import click

from clustergov.problems import InputError, Problem

FILE = click.Path(path_type=Path)


@click.group()
def plan() -> None:
    """Freeze the plan of a study by hash, and tell deviations from it."""


@plan.command()
@click.argument("study", metavar="STUDY", type=FILE)
@click.option("--date", help="Date of freezing, as 2026-11-21; by default the date in study.yml, never the clock’s.")
@click.option("--note", default="", help="A note that is kept with the plan, such as where its hash is deposited.")
@click.option("--overwrite", is_flag=True, help="Replace a plan that was frozen before.")
def freeze(study: Path, date: str | None, note: str, overwrite: bool) -> None:
    """Freeze what STUDY declares: claims, verdicts, drivers and whatever else decides its analysis.

    Only content counts: comments, white space and the order of keys may change afterwards. Deposit the hash elsewhere:
    it shows that the plan stayed the same, and only a deposit shows when it was made.
    """
    from clustergov.study.plan import check_study
    from clustergov.study.preregistration import freeze as freeze_plan
    from clustergov.study.writing import write_files

    given = _iso(date)
    checked = check_study(study, dry=True)
    path, text, frozen = freeze_plan(checked.folder, date=given or checked.study.date, note=note)
    write_files({path: text.encode()}, overwrite=overwrite)
    click.echo(f"Frozen: {', '.join(frozen.files)}.")
    click.echo(f"Hash: {frozen.hash}")
    click.echo(f"Written: {path}")


@plan.command()
@click.argument("study", metavar="STUDY", type=FILE)
@click.option("--json", "json_file", type=FILE, help="A file for the whole result.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs.")
@click.pass_context
def check(context: click.Context, study: Path, json_file: Path | None, overwrite: bool) -> None:
    """Tell how what STUDY declares now differs from its frozen plan. Exit code 1 when it does, wording aside."""
    import json

    from clustergov.study.plain import plain
    from clustergov.study.preregistration import check_plan
    from clustergov.study.writing import write_files

    found = check_plan(study)
    for sentence in found.told("en"):
        click.echo(sentence)
    if json_file is not None:
        content = json.dumps({"kept": found.kept, "plan": plain(found)}, ensure_ascii=False, indent=1) + "\n"
        write_files({json_file: content.encode()}, overwrite=overwrite)
        click.echo(f"Written: {json_file}")
    if not found.kept:
        context.exit(1)


def _iso(date: str | None) -> str | None:
    import datetime

    if date is None:
        return None
    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError:
        told = f"expected a date such as 2026-11-21, found “{date}”."
        raise InputError(Problem("date", told, "Correct --date.")) from None
