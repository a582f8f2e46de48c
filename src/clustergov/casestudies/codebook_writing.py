"""Writing a codebook so that it diffs and merges well: one key a line, always in the same order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clustergov.casestudies.codebook import Codebook, Concept
from clustergov.casestudies.plain_file import dump, given, remark_of, replace_file


def to_text(codebook: Codebook, *, remark: str = "") -> str:
    """A codebook as YAML: one key a line, a text per language on one line, nothing that only repeats a default.

    Parameters
    ----------
    remark : str
        Lines that begin with ``#``, to stand at the top.
    """
    content = given(codebook) | {"concepts": [_concept(concept) for concept in codebook.concepts]}
    return dump(content, remark=remark)


def write(codebook: Codebook, path: Path | str) -> None:
    """Write a codebook whole or not at all; remarks at the top of the file that stands there are kept, others are not."""
    path = Path(path)
    replace_file(path, to_text(codebook, remark=remark_of(path)))


def _concept(concept: Concept) -> dict[str, Any]:
    entry = given(concept)
    # What a concept is comes before where that is from, as people write it.
    sources = {key: entry.pop(key) for key in ("source", "mark") if key in entry}
    if not concept.codable and not concept.source:
        sources = {} if concept.mark == "D" else {"mark": concept.mark}
    return entry | sources
