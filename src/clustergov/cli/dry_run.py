"""``clustergov run --dry-run``: what a study can find before anybody has answered, as a table on the terminal and a report."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clustergov.study.dry_run import DryRun
    from clustergov.study.plan import Plan


def rehearse(
    study: Path, out: Path, *, replications: int, sizes: tuple[int, ...], simulation: Path | None, jobs: int | None, quiet: bool
) -> None:  # fmt: skip
    """Dry-run a study, write what was found, and show the main figures."""
    from clustergov.cli.screen import progress
    from clustergov.study.dry_run import dry_run
    from clustergov.study.dry_run_output import write_dry_run
    from clustergov.study.output import check_output
    from clustergov.study.plan import check_study

    folder = check_output(out)
    plan = check_study(study, dry=True, simulation=simulation)
    began = time.monotonic()
    bar = sys.stderr.isatty()
    with progress(quiet=quiet) as tell:
        # Without a terminal a line per draw would bury everything else.
        every = 1 if bar else max(1, replications // 4)
        found = dry_run(
            plan, replications=replications, sizes=sizes, jobs=jobs or os.cpu_count() or 1,
            tell=lambda stage, done, total: tell(stage, done if bar else done - 1, total) if done and done % every == 0 else None,
        )  # fmt: skip
    reports = write_dry_run(plan, found, folder)
    if not quiet:
        _show(plan, found)
        seconds = time.monotonic() - began
        click.echo(
            f"{len(found.sizes) * replications} draws in {seconds:.0f} s; seed {found.seed}: the same figures each time"
        )
    for report in reports:
        click.echo(str(report))


def _show(plan: Plan, found: DryRun) -> None:
    from clustergov.cli.table import print_table
    from clustergov.study.dry_run_document import grouped, rate_text, share_text, thinned

    sizes = [f"n = {at.n}" for at in found.sizes]
    click.echo(
        f"SYNTHETIC rehearsal of {plan.study.study}: {found.replications} draws of each n from “{found.simulation}”"
    )
    if found.sizes[0].claims:
        rows = []
        for place, first in enumerate(found.sizes[0].claims):
            powers = [at.claims[place] for at in found.sizes]
            verdicts = _shares(powers[-1].verdicts)
            rows.append((f"claim {first.claim}", *(rate_text(power.found, "en") for power in powers), verdicts))
        print_table(("found", *sizes, f"verdicts at {sizes[-1]}"), rows)
    if found.sizes[0].drivers:
        click.echo()
        shown = [
            (f"{model}: {term}", f"{len(powers[0])} {'planted' if planted else 'none planted'}",
             *(share_text(sum(power.found.share for power in each) / len(each), "en") for each in powers))
            for (model, term, planted), powers in grouped(found).items()
        ]  # fmt: skip
        print_table(("told apart from none", "outcomes", *sizes), shown)
    click.echo()
    print_table(("respondents", *sizes), _flow(found))
    hidden = [(" ".join(name), *(_shares(left) for left in lefts)) for name, lefts in thinned(found).items()]
    if hidden:
        click.echo()
        print_table(("does not stay whole with counts under five hidden", *sizes), hidden)
    click.echo()
    for kind in ("question", "construct"):
        codes = [use.code for use in found.unused if use.kind == kind]
        if codes:
            click.echo(f"Used by no claim, driver, indicator, scale or routing: {kind}s {', '.join(codes)}")
    for part in found.unasked:
        click.echo(f"Nobody gave a usable answer for part {part} of a claim")


def _flow(found: DryRun) -> list[tuple[str, ...]]:
    rows = [("submitted", *(f"{at.submitted:.0f}" for at in found.sizes))]
    for model in found.sizes[0].used:
        rows.append((f"used in {model}", *(f"{at.used[model]:.0f}" for at in found.sizes)))
    return rows


def _shares(shares: Mapping[str, float]) -> str:
    from clustergov.study.dry_run_document import share_text

    return ", ".join(f"{what} {share_text(share, 'en')}" for what, share in shares.items())
