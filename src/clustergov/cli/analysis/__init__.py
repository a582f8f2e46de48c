"""``clustergov analysis``: scales, drivers, claims, multiverse and power, of a study or of any table."""

from __future__ import annotations

import importlib

import click

COMMANDS: dict[str, str] = {
    "reliability": "clustergov.cli.analysis.reliability:reliability",
    "factors": "clustergov.cli.analysis.factors:factors",
    "claims": "clustergov.cli.analysis.claims:claims",
    "recheck": "clustergov.cli.analysis.recheck:recheck",
    "plan": "clustergov.cli.analysis.plan:plan",
    "power": "clustergov.cli.analysis.power:power",
    "sweet-spot": "clustergov.cli.analysis.sweet_spot:sweet_spot",
    "drivers": "clustergov.cli.analysis.drivers:drivers",
    "multiverse": "clustergov.cli.analysis.multiverse:multiverse",
    "missing": "clustergov.cli.analysis.missing:missing",
    # name: "clustergov.cli.analysis.<module>:<function>"
}


class _Analyses(click.Group):
    """Each command imported when it is used: statistics take seconds to import."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Analyses)
def analysis() -> None:
    """Analyses of DATA: a study, its responses (with --questionnaire), or any plain table with numbers.

    With --json FILE the result is written as it is in Python, in full precision.
    """
