"""Word and OpenDocument files are zip archives: whether one may be opened at all."""

from __future__ import annotations

import zipfile
from pathlib import Path

from clustergov.casestudies.documents.extracted import MOST_BYTES, unreadable

MOST_RATIO = 500
"""Bytes unpacked per packed byte; XML of real documents stays below 100."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_archive(path: Path, *, holds: str, wanted: str) -> None:
    """Refuse what is no archive, is encrypted, would unpack to far too much, or lacks the part that makes it a document.

    Sizes are those that the archive states; no reader unpacks more of a part than is stated, so lying does not help.

    Raises
    ------
    InputError
    """
    with path.open("rb") as file:
        if file.read(8) == _COMPOUND:
            raise unreadable(
                path, "document-encrypted", f"expected {wanted}, found one with a password or in the format before 2007.",
                "Open it in its own program and save it anew, without a password.",
            )  # fmt: skip
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        raise broken(path, wanted) from None
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > MOST_BYTES or (unpacked > 1_000_000 and unpacked > MOST_RATIO * max(packed, 1)):
        raise unreadable(
            path, "too-large", f"the file would unpack from {packed:,} to {unpacked:,} bytes, as no real document does.",
            "Do not open it; ask where it comes from.",
        )  # fmt: skip
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted(path)
    if holds not in {part.filename for part in parts}:
        raise unreadable(
            path, "document-kind", f"expected {wanted}, found an archive without “{holds}”.",
            "Check what kind of file it is, and save it anew from its own program.",
        )  # fmt: skip


def broken(path: Path, wanted: str) -> Exception:
    """The file cannot be unpacked."""
    return unreadable(
        path, "broken-document", f"expected {wanted}, found a file that cannot be unpacked.",
        "Get the file again; if it opens in its own program, save it anew there.",
    )  # fmt: skip


def encrypted(path: Path) -> Exception:
    """The file needs a password, which is never asked for."""
    return unreadable(
        path, "document-encrypted", "the document is protected by a password.", "Save a copy without one and add that."
    )
