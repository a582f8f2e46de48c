"""``clustergov casestudies serve``: the page on which documents are coded."""

from __future__ import annotations

from pathlib import Path

import click

from clustergov.cli.casestudies.inputs import folder_of, on_study


@click.command()
@on_study
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="A fixed port; by default any that is free.")
@click.option("--coder", default="", metavar="NAME", help="Code as NAME and nobody else; by default the page asks.")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def serve(study: Path, language: str, port: int, coder: str, no_browser: bool) -> None:
    """Code the documents, notes and statements of STUDY in a browser on this machine.

    Every action is on the disk before the page shows it. Stop with Ctrl-C; started again, everything is there.
    """
    from clustergov.casestudies.workbench.server import serve as serve_page

    serve_page(
        folder_of(study), port=port, coder=coder, language=language, browser=not no_browser, tell=click.echo
    )  # fmt: skip
    click.echo("Stopped. Every coding that was acknowledged is in the folder of the case studies.")
