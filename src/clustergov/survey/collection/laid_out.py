"""The tables that fetching lays out anew each time: replaced as long as nobody else has written in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.private_file import private_folder, write_private

RESPONSES, PARTIAL, DISPOSITIONS = "responses.csv", "partial.csv", "dispositions.csv"
NOTE = "laid-out.json"
"""In the folder of raw exports: file → hashes of what fetching wrote last; two while it is being replaced."""


def write_laid_out(folder: Path, raw: Path, files: Mapping[str, bytes | None], *, overwrite: bool = False) -> None:
    """Write tables, readable by their owner only; None takes an older one away.

    Raises
    ------
    InputError
        Somebody else wrote or changed one of them, and `overwrite` is not set; nothing was then changed.
    """
    known = _known(raw)
    problems = [
        Problem("file-exists", "this file was edited since it was fetched, or not fetched at all.",
                "Move it, or add --overwrite.", file=str(folder / name))
        for name, content in files.items()
        if not overwrite and (folder / name).is_file() and _hash((folder / name).read_bytes()) not in
        {*known.get(name, ()), *([] if content is None else [_hash(content)])}
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    fresh = {name: [_hash(content)] for name, content in files.items() if content is not None}
    # Should the machine stop half-way, the old files are known as well as the new ones.
    both = {name: [*known.get(name, []), *fresh.get(name, [])] for name in {*known, *fresh}}
    private_folder(raw)
    write_private(raw / NOTE, _note(both))
    for name, content in files.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            write_private(folder / name, content)
    write_private(raw / NOTE, _note(fresh))


def note_again(folder: Path, raw: Path) -> None:
    """Take the tables as they are now for what fetching wrote, after a person was erased from them."""
    known = _known(raw)
    if known:
        there = {name: [_hash((folder / name).read_bytes())] for name in known if (folder / name).is_file()}
        write_private(raw / NOTE, _note(there))


def _known(raw: Path) -> dict[str, list[str]]:
    try:
        found = json.loads((raw / NOTE).read_bytes())
    except (OSError, ValueError):
        return {}
    rows = found.items() if isinstance(found, dict) else ()
    return {str(name): [str(value) for value in values] for name, values in rows if isinstance(values, list)}


def _note(hashes: Mapping[str, list[str]]) -> bytes:
    return (json.dumps(dict(sorted(hashes.items())), indent=1) + "\n").encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
