"""``clustergov analysis``: scales, drivers, claims, multiverse and power, of a study or of any table."""

from __future__ import annotations

import click

from clustergov.cli.lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "reliability": "clustergov.cli.analysis.reliability:reliability",
    "factors": "clustergov.cli.analysis.factors:factors",
    "missing": "clustergov.cli.analysis.missing:missing",
    "drivers": "clustergov.cli.analysis.drivers:drivers",
    "claims": "clustergov.cli.analysis.claims:claims",
    "recheck": "clustergov.cli.analysis.recheck:recheck",
    "sweet-spot": "clustergov.cli.analysis.sweet_spot:sweet_spot",
    "multiverse": "clustergov.cli.analysis.multiverse:multiverse",
    "power": "clustergov.cli.analysis.power:power",
    "plan": "clustergov.cli.analysis.plan:plan",
}


@click.group(cls=LazyGroup, places=COMMANDS)
def analysis() -> None:
    """Analyses of DATA: a study, its responses (with --questionnaire), or any plain table with numbers.

    With --json FILE the result is written as it is in Python, in full precision.
    """
