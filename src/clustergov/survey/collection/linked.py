"""Which pseudonym stands behind which response, kept beside the raw exports: survey software may forget it before we do."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.private_file import private_folder, write_private

FILE = "pseudonyms.csv"
Known = Literal["token", "response"]
"""By what the software tells a person's response: an access code in it, or its own id."""


def remember(folder: Path, found: Mapping[str, str], *, by: Known) -> dict[str, str]:
    """Add what the software tells now to what it told before, and give all of it.

    Participants are often deleted when fieldwork ends; responses fetched before keep their pseudonyms all the same.

    Parameters
    ----------
    folder : Path
        Of the raw exports.
    found : mapping of str to str
        Token or id of a response → pseudonym.

    Raises
    ------
    InputError
        The file is no such table, or cannot be written.
    """
    before = _read(folder / FILE)
    after = before | dict(found)
    if after != before:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow((by, "pseudonym"))
        writer.writerows(after.items())
        private_folder(folder)
        write_private(folder / FILE, buffer.getvalue().encode())
    return after


def _read(path: Path) -> dict[str, str]:
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, csv.Error):
        rows = []
    if not rows or any(len(row) != 2 for row in rows):
        raise InputError(
            Problem("pseudonyms", "expected a table of two columns, token (or response) and pseudonym.",
                    "Bring it back from a copy, or delete it: what the survey software still knows is fetched again.",
                    file=str(path))
        )  # fmt: skip
    return {row[0]: row[1] for row in rows[1:]}
