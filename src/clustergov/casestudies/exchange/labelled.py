"""Labelled lines: what REFI-QDA has no field for, written into a description so that people and we can read it.

``polarity: supports`` is one label and its value; further lines of a value are indented by two blanks. A text counts as
labelled only when every line has this form and every label is a known one; anything else is somebody's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Lines = list[tuple[str, str]]

_LABEL = re.compile(r"([a-z][a-z0-9]*(?: [a-z0-9][a-z0-9-]*){0,2}):(?: (.*))?", re.DOTALL)


def write_labelled(lines: Iterable[tuple[str, str]]) -> str:
    """Write labels with their values, in this order."""
    return "\n".join(f"{label}: " + value.replace("\n", "\n  ") for label, value in lines)


def read_labelled(text: str, known: Sequence[str]) -> Lines | None:
    """Read labels with their values; None when the text is not of this form, or the first word of a label is not known."""
    found: Lines = []
    for line in text.split("\n"):
        if line.startswith("  ") and found:
            label, value = found[-1]
            found[-1] = label, f"{value}\n{line[2:]}"
            continue
        match = _LABEL.fullmatch(line)
        if match is None or match[1].split(" ")[0] not in known:
            return None
        found.append((match[1], match[2] or ""))
    return found


def by_language(lines: Lines, label: str) -> dict[str, str]:
    """The values of ``label nl``, ``label en`` …, by language; later ones win."""
    start = label + " "
    return {key.removeprefix(start): value.strip() for key, value in lines if key.startswith(start) and value.strip()}


def first(lines: Lines, label: str) -> str:
    """The first value of a label; empty when it is not there."""
    return next((value for key, value in lines if key == label), "")
