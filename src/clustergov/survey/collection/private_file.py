"""Files that hold something personal: for their owner's eyes only, whole or not there at all, and on the disk when told so."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from clustergov.problems import InputError, Problem

MODE = 0o600
FOLDER_MODE = 0o700


def private_folder(path: Path | str) -> Path:
    """Make a folder that only its owner can enter; the folders above it are made as usual.

    Raises
    ------
    InputError
        It cannot be made, or is a file.
    """
    path = Path(path)
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        path.chmod(FOLDER_MODE)
    except OSError as error:
        raise _unwritable(path, error) from None
    return path


def write_private(path: Path | str, content: bytes) -> None:
    """Write a file that only its owner can read (mode 0600), replacing what stands there in one step.

    When this returns the file survives a loss of power: file and folder were both flushed to the disk.

    Raises
    ------
    InputError
        It cannot be written; what stood there before is whole.
    """
    path = Path(path)
    fresh: Path | None = None
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # made with mode 0600
        fresh = Path(name)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def append_private(path: Path | str, line: bytes) -> None:
    """Add one line to a file of lines; a line that a crash had cut off is taken away first: nobody was told of it.

    Raises
    ------
    InputError
        It cannot be written.
    """
    path = Path(path)
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT, MODE)
        with os.fdopen(number, "r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)
            file.seek(whole)
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        flush_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None


def flush_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can."""
    with contextlib.suppress(OSError, AttributeError):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        Problem("unwritable", f"cannot be written: {error.strerror}.", "Choose a folder that is yours and has room.",
                file=str(path))
    )  # fmt: skip
