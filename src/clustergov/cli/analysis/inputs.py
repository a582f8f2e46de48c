"""What every analysis command shares: DATA, --questionnaire, --json, and how a result is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from clustergov.language import Text
    from clustergov.study.data import Data

FILE = click.Path(path_type=Path)


MANY_COLUMNS = 12
MANY_VALUES = 20
"""A table with so many columns, or one with so many different values, seldom holds two equal rows by chance; own choice."""


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
    from clustergov.study.plain import plain
    from clustergov.study.writing import write_files

    if json_file is None:
        return
    whole = {
        "data": data.file, "synthetic": data.synthetic, "data_cautions": plain(_cautions(data)),
        **{key: plain(value) for key, value in content.items()},
    }  # fmt: skip
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_files({json_file: text.encode()}, overwrite=overwrite)
    click.echo(f"Written: {json_file}")


def banner(data: Data, language: str = "en") -> None:
    """Say first that answers are synthetic, where they are, and which rows are the same throughout."""
    if data.synthetic:
        click.echo("SYNTHETIC responses: nothing here is evidence about organisations.")
    for caution in _cautions(data):
        click.echo(f"Caution: {caution.to(language)}")


def _cautions(data: Data) -> list[Text]:
    """Rows that repeat another in every column, where the columns are so many or so fine that this is no chance."""
    from clustergov.analysis.models.row_flow import duplicated_rows

    table = data.table
    if table.shape[1] < MANY_COLUMNS and not any(table[name].nunique() > MANY_VALUES for name in table):
        return []
    twice = duplicated_rows(table)
    return [twice] if twice else []
