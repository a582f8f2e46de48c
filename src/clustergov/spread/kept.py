"""Results of finished tasks in a folder: an interrupted run goes on, and a changed task is never taken for an old one."""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clustergov.problems import InputError, Problem
from clustergov.spread.versions import fingerprint

MAGIC = b"clustergov result 1\n"


@dataclass(frozen=True, slots=True)
class Found:
    """A result that was in the folder; it may be None itself."""

    value: Any


class Kept:
    """A folder of results.

    A file's name is a hash of the work (its name and what is bound to it), of the program (every source file of this
    package, of the module that the work stands in, versions of the libraries) and of the task. Its content is a hash of
    the pickled result, then that pickle: half a file, or a file of another kind, is told from a whole one.

    Attributes
    ----------
    damaged : list of str
        Files met that are no whole result.

    Raises
    ------
    InputError
        The folder is a file, or cannot be made or written to.
    """

    def __init__(self, folder: Path, work: Callable[..., Any]) -> None:
        self.damaged: list[str] = []
        self._folder = folder
        self._work = f"{fingerprint(work)} {_hash(work)}"
        if folder.exists() and not folder.is_dir():
            raise _unusable(folder, "expected a folder for finished results, found a file.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(folder, f"the folder cannot be made: {error.strerror}.") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _unusable(folder, "the folder cannot be written to.")

    def read(self, task: Any) -> Found | None:
        """The result of this very task, or None; a damaged file is noted and counts as none."""
        path = self._path(task)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(path, f"cannot be read: {error.strerror}.") from None
        head, payload = content[: len(MAGIC) + 32], content[len(MAGIC) + 32 :]
        if head != MAGIC + hashlib.sha256(payload).digest():
            self.damaged.append(str(path))
            return None
        return Found(pickle.loads(payload))

    def write(self, task: Any, result: Any) -> None:
        """Store a result; other processes see all of the file or none."""
        payload = pickle.dumps(result, protocol=5)
        path = self._path(task)
        try:
            descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=path.stem, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(MAGIC + hashlib.sha256(payload).digest() + payload)
                Path(name).replace(path)
            except BaseException:  # a full disk, or an interruption: half a file is of no use to anybody
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _unusable(path, f"a result cannot be stored: {error.strerror}.") from None

    def _path(self, task: Any) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._work} {_hash(task)}'.encode()).hexdigest()}.result"


def _hash(value: Any) -> str:
    # Equal values give equal hashes, which pickles of them need not do.
    import joblib

    return str(joblib.hash(value, hash_name="sha1"))


def _unusable(path: Path, message: str) -> InputError:
    return InputError(Problem("keep", message, "Name another folder with --keep.", file=str(path)))
