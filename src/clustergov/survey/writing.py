"""Responses to a file that reads back as the same responses."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.instruments.questionnaire import Blank
from clustergov.problems import InputError, Problem
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.formula_cells import harmless
from clustergov.survey.responses import Responses
from clustergov.survey.system_columns import Role, own_heading


def write_responses(responses: Responses, path: Path | str, *, free_text: bool = True) -> None:
    """Write responses as CSV: UTF-8, comma, CR LF; reading it back gives equal frame, blanks and unlisted answers.

    Columns: id; ``synthetic`` (only in synthetic responses, yes in every row); ``complete`` (yes or no) and
    ``lastpage`` (the last section seen whole) where it is known who submitted; then the variables. Choices and ticks
    are codes, also those of options marked blank, numbers have full precision, unlisted answers stand in their cell.
    Variables about which nothing is recorded are left out.

    Parameters
    ----------
    responses : Responses
    path : path
        Its folder exists. An existing file is replaced in one step.
    free_text : bool
        Whether to write text variables; without them the file holds no words of a respondent, and unlisted answers
        are left out too.

    Notes
    -----
    A text that a spreadsheet would run as a formula gets an apostrophe before it, which reading takes off again.
    One answer does not survive: a number such as 1.234 that its own file left open (a thousand or a fraction?) and that
    is therefore unlisted; read from this file, it is a fraction.
    """
    path = Path(path)
    content = csv_of(table_of(responses, free_text=free_text))
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise InputError(
            Problem("unwritable", f"cannot be written: {error.strerror}.", "Choose a folder you may write in.",
                    file=str(path))
        ) from None  # fmt: skip


def csv_of(table: pd.DataFrame) -> bytes:
    """A table of texts as CSV: UTF-8, comma, CR LF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.itertuples(index=False))
    return buffer.getvalue().encode("utf-8")


def table_of(responses: Responses, *, free_text: bool = True) -> pd.DataFrame:
    """The cells of that file as text, "" where blank."""
    codes = with_blank_options(responses)
    columns = {own_heading(role, responses.questionnaire): cells for role, cells in _own(responses).items()}
    unlisted = responses.unlisted if free_text else responses.unlisted.iloc[:0]
    kept = {(who, name): value for who, name, value in unlisted.itertuples(index=False)}
    for variable in responses.questionnaire.variables:
        name = variable.name
        recorded = (responses.blanks[name] != Blank.NOT_RECORDED.value).any() or (unlisted["variable"] == name).any()
        if not recorded or (variable.kind in ("text", "file") and not free_text):
            continue
        number = variable.kind == "number"
        cells = [_number(value) if number else _text(value) for value in codes[name]]
        columns[name] = [
            harmless(kept[who, name]) if (who, name) in kept else cell if number else harmless(cell)
            for who, cell in zip(codes.index, cells, strict=True)
        ]
    return pd.DataFrame(columns, dtype="str")


def _own(responses: Responses) -> dict[Role, list[str]]:
    columns: dict[Role, list[str]] = {"id": [harmless(str(name)) for name in responses.frame.index]}
    if responses.synthetic:
        columns["synthetic"] = ["yes"] * responses.n
    if responses.complete is not None:
        columns["complete"] = ["yes" if done else "no" for done in responses.complete]
        columns["lastpage"] = [str(page) for page in _last_sections(responses)]
    return columns


def _last_sections(responses: Responses) -> list[int]:
    """Per respondent, up to which section nothing was abandoned, from 1; 0 when already the first was."""
    pages = np.zeros(responses.n, dtype=int)
    going = np.ones(responses.n, dtype=bool)
    for section in responses.questionnaire.sections:
        names = [v.name for v in responses.questionnaire.variables if v.section.code == section.code]
        going &= ~(responses.blanks[names] == Blank.ABANDONED.value).any(axis=1).to_numpy(dtype=bool)
        pages += going
    return [int(page) for page in pages]


def _number(value: float) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
