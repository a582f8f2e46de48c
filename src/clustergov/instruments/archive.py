"""Zip archives (.lsa, .xlsx) opened with care: what they unpack to is bounded before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from clustergov.problems import InputError, Problem

LARGEST = 256 * 1024 * 1024
"""Bytes of all members together, unpacked."""
MOST = 2000
"""Members."""


def members(content: bytes, file: str, *, wanted: str) -> dict[str, bytes]:
    """Every file in an archive, by its name inside.

    Raises
    ------
    InputError
        It is no archive, is damaged or encrypted, holds more than `MOST` files, or unpacks to more than `LARGEST` bytes,
        whatever its directory says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST or sum(entry.file_size for entry in entries) > LARGEST:
                raise _bomb(file, wanted)
            found: dict[str, bytes] = {}
            left = LARGEST
            for entry in entries:
                # The directory of a hostile archive lies about sizes; so only what is left is read.
                with archive.open(entry) as member:
                    found[entry.filename] = member.read(left + 1)
                left -= len(found[entry.filename])
                if left < 0:
                    raise _bomb(file, wanted)
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError):
        message = f"expected {wanted}, found a zip archive that is damaged, encrypted, or no zip archive at all."
        raise InputError(Problem("archive", message, "Export it again.", file=file)) from None


def _bomb(file: str, wanted: str) -> InputError:
    message = f"expected {wanted}, found an archive that unpacks to more than {LARGEST:,} bytes or {MOST:,} files."
    return InputError(Problem("archive-too-large", message, "Check where it comes from.", file=file))
