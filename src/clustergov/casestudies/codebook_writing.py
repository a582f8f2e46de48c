"""Writing a codebook so that it diffs and merges well: one key a line, always in the same order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clustergov.casestudies.codebook import Codebook, Concept
from clustergov.casestudies.plain_file import dump, remark_of, replace_file
from clustergov.language import Text
from clustergov.yaml_file import Entry


def to_text(codebook: Codebook, *, remark: str = "") -> str:
    """A codebook as YAML: one key a line, a text per language on one line, nothing that only repeats a default.

    Parameters
    ----------
    remark : str
        Lines that begin with ``#``, to stand at the top.
    """
    content = _given(codebook) | {"concepts": [_concept(concept) for concept in codebook.concepts]}
    return dump(content, remark=remark)


def write(codebook: Codebook, path: Path | str) -> None:
    """Write a codebook whole or not at all; remarks at the top of the file that stands there are kept, others are not."""
    path = Path(path)
    replace_file(path, to_text(codebook, remark=remark_of(path)))


def _concept(concept: Concept) -> dict[str, Any]:
    entry = _given(concept)
    # What a concept is comes before where that is from, as people write it.
    sources = {key: entry.pop(key) for key in ("source", "mark") if key in entry}
    if not concept.codable and not concept.source:
        sources = {} if concept.mark == "D" else {"mark": concept.mark}
    return entry | sources


def _given(entry: Entry) -> dict[str, Any]:
    """What an entry holds beyond its defaults."""
    values = {name: (getattr(entry, name), field) for name, field in type(entry).model_fields.items()}
    return {
        name.replace("_", " "): _plain(value)
        for name, (value, field) in values.items()
        if field.is_required() or value != field.default
    }


def _plain(value: object) -> object:
    if isinstance(value, Text):
        return dict(value)
    if isinstance(value, Entry):
        return _given(value)
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, tuple) else value
