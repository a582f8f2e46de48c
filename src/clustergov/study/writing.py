"""Several files written together: all of them or none, and nothing that somebody edited is lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from clustergov.problems import InputError, Problem


def write_files(files: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Write files, making their folders; each appears whole.

    Parameters
    ----------
    files : mapping of Path to bytes
    overwrite : bool
        Whether a file with other content may be replaced; one with equal content never matters.

    Raises
    ------
    InputError
        Files with other content stand there, or cannot be written; nothing was then changed.
    """
    standing = [path for path, content in files.items() if _differs(path, content)]
    if standing and not overwrite:
        raise InputError(
            [Problem("file-exists", "a file of that name stands there and differs.", "Move it, or add --overwrite.", file=str(path))
             for path in standing]
        )  # fmt: skip
    written: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(21, "it is a folder", str(path))
            number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            written[path] = Path(name)
            with os.fdopen(number, "wb") as file:
                file.write(content)
            written[path].chmod(0o644)
        for path, fresh in written.items():
            fresh.replace(path)
    except OSError as error:
        where = str(error.filename or next(iter(files), ""))
        message = f"cannot be written: {error.strerror}."
        raise InputError(
            Problem("unwritable", message, "Choose a folder that is yours and has room.", file=where)
        ) from None
    finally:
        for fresh in written.values():
            fresh.unlink(missing_ok=True)


def _differs(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() != content
    except OSError:
        return True
