"""What every analysis command shares: DATA, --questionnaire, --json, and how a result is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from clustergov.study.data import Data

FILE = click.Path(path_type=Path)


def on_data(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command DATA, --questionnaire, --json and --overwrite."""
    for decorate in (
        click.option("--overwrite", is_flag=True, help="Replace a file of that name that differs."),
        click.option("--json", "json_file", type=FILE, help="A file for the whole result, in full precision."),
        click.option("--questionnaire", type=FILE, help="The questionnaire that DATA answers; a study names its own."),
        click.argument("data", metavar="DATA", type=FILE),
    ):
        command = decorate(command)
    return command


def names(text: str | None) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def finish(content: Mapping[str, Any], json_file: Path | None, *, data: Data, overwrite: bool) -> None:
    """Write a result to --json, with whether its data are synthetic; nothing without it."""
    from clustergov.cli.analysis.data_cautions import data_cautions
    from clustergov.study.plain import plain
    from clustergov.study.writing import write_files

    if json_file is None:
        return
    whole = {
        "data": data.file, "synthetic": data.synthetic, "data_cautions": plain(data_cautions(data)),
        **{key: plain(value) for key, value in content.items()},
    }  # fmt: skip
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_files({json_file: text.encode()}, overwrite=overwrite)
    click.echo(f"Written: {json_file}")


def banner(data: Data, language: str = "en") -> None:
    """Say first that answers are synthetic, where they are, and what must be known of the table."""
    from clustergov.cli.analysis.data_cautions import data_cautions

    if data.synthetic:
        click.echo("SYNTHETIC responses: nothing here is evidence about organisations.")
    for caution in data_cautions(data):
        click.echo(f"Caution: {caution.to(language)}")
