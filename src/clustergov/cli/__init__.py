"""The command line: parses, calls, and turns an error of the input into one message and exit code 2."""

from __future__ import annotations

import signal
import sys
from typing import Any

import click

import clustergov
from clustergov.cli.lazy import LazyGroup
from clustergov.problems import ClustergovError

COMMANDS = {
    "run": "clustergov.cli.run:run",
    "new": "clustergov.cli.new:new",
    "instruments": "clustergov.cli.instruments:instruments",
    "survey": "clustergov.cli.survey:survey",
    "analysis": "clustergov.cli.analysis:analysis",
    "casestudies": "clustergov.cli.casestudies:casestudies",
}


class Road(LazyGroup):
    """The commands in the order of the road; a mistake in what was given is one message and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ClustergovError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("Stopped. Nothing was written; what stood there before is whole.", err=True)
            ctx.exit(130)


@click.group(cls=Road, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(clustergov.__version__, prog_name="clustergov")
def command() -> None:
    """From questionnaire to report: studies of cluster organisations.

    Exit codes: 0 done; 1 done, and something you asked to be checked does not hold; 2 the input is wrong.
    """


def main() -> None:
    """The program `clustergov`."""
    # As an interruption from the keyboard, so that a half-written folder is cleared away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a C locale cannot write “–”; better a “?” than a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    command(prog_name="clustergov")
