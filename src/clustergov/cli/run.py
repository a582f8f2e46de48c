"""``clustergov run``: the main job, and its rehearsal before the fieldwork."""

from __future__ import annotations

from pathlib import Path

import click

from clustergov.cli.retaining import tell_overdue_of

SMALLEST = 10
"""Respondents of the smallest study that a dry run draws."""
MOST_REPLICATIONS = 10_000


class Sizes(click.ParamType[tuple[int, ...]]):
    """Numbers of respondents: ``60,120,240``."""

    name = "numbers"

    def convert(
        self, value: str | tuple[int, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in value.split(",")]
        if not all(part.isascii() and part.isdigit() and SMALLEST <= int(part) <= 1_000_000 for part in parts):
            self.fail(f"expected numbers from {SMALLEST} on, such as 60,120,240; found “{value}”", param, ctx)
        return tuple(dict.fromkeys(int(part) for part in parts))


@click.command()
@click.argument("study", type=click.Path(path_type=Path), default=Path())
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for reports, tables and figures.")
@click.option("--quiet", is_flag=True, help="No progress, no verdict table: only the path of the output.")
@click.option(
    "--dry-run", is_flag=True, help="Before fieldwork: power, hidden tables and missing analyses, by simulation."
)
@click.option(
    "--replications",
    type=click.IntRange(2, MOST_REPLICATIONS),
    default=200,
    show_default=True,
    help="With --dry-run: draws of each size.",
)
@click.option("--n", "sizes", type=Sizes(), default=(), help="With --dry-run: respondents, such as 60,120,240.")
@click.option(
    "--simulation", type=click.Path(path_type=Path), help="With --dry-run: another model than the study's own."
)
@click.option("--jobs", type=click.IntRange(1, 64), help="With --dry-run: processes; as many as processors by default.")
@click.pass_context
def run(
    context: click.Context, study: Path, out: Path, quiet: bool, dry_run: bool, replications: int,
    sizes: tuple[int, ...], simulation: Path | None, jobs: int | None,
) -> None:  # fmt: skip
    """Check STUDY (a folder with study.yml), analyse it and write its reports.

    With --dry-run nothing real is read: the study is drawn many times from its simulation (`simulation`, or
    `rehearsal` beside a `file`, under `responses`; else every plausible answer) and analysed each time.
    """
    if dry_run:
        from clustergov.cli.dry_run import rehearse

        rehearse(study, out, replications=replications, sizes=sizes, simulation=simulation, jobs=jobs, quiet=quiet)
        return
    _refuse_dry_options(context)
    from clustergov.cli.screen import print_verdicts, progress
    from clustergov.study.run import run_study

    with progress(quiet=quiet) as tell:
        outcome = run_study(study, out, tell=tell)
    if not outcome.synthetic:
        tell_overdue_of((study.parent if study.is_file() else study) / "survey")
    if not quiet:
        print_verdicts(outcome)
    for report in outcome.reports:
        click.echo(str(report))


def _refuse_dry_options(context: click.Context) -> None:
    """An option that would change nothing is a misunderstanding."""
    names = {"replications": "--replications", "sizes": "--n", "simulation": "--simulation", "jobs": "--jobs"}
    for name, option in names.items():
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{option} belongs to --dry-run; add it, or leave {option} out.")
