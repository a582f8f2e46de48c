"""Writing the list of a case's documents so that it diffs and merges well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clustergov.casestudies.documents.document import DocumentEntry
from clustergov.casestudies.plain_file import dump, given, remark_of, replace_file


def to_text(entries: Sequence[DocumentEntry], *, remark: str = "") -> str:
    """The list as YAML, one key a line; `remark` are lines that begin with ``#``."""
    return dump({"documents": [given(entry) for entry in entries]}, remark=remark)


def write(entries: Sequence[DocumentEntry], path: Path | str) -> None:
    """Write the list whole or not at all; remarks at the top of the file that stands there are kept, others are not."""
    path = Path(path)
    replace_file(path, to_text(entries, remark=remark_of(path)))
