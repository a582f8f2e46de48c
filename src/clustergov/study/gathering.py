"""Reading the files of a study one after the other, keeping every mistake until all have been read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clustergov.problems import InputError, Problem

Value = TypeVar("Value")
Wanted = TypeVar("Wanted")


class Gathering:
    """Reads one input after the other and keeps every mistake, so that all of them are told at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.files: list[Path] = []

    def read(self, name: str, reader: Callable[[Path], Value]) -> Value | None:
        if not name:
            return None
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            self.problems.append(
                Problem("path-outside", "expected a path inside the study, found one that leads out of it.",
                        "Copy the file into the study: what a study needs travels with it.", file=name)
            )  # fmt: skip
            return None
        self.files += [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())
        return self.take(path, reader)

    def read_together(self, names: tuple[str, ...], reader: Callable[[list[Path]], Value]) -> Value | None:
        """Read several files that make one value; each is recorded, and a path outside the study is a mistake."""
        found: list[Path] = []
        for name in names:
            self.read(name, found.append)
        return self.take(found, reader) if found and len(found) == len(names) else None

    def read_elsewhere(self, path: Path, reader: Callable[[Path], Value]) -> Value | None:
        """Read a file that the user named beside the study."""
        self.files += [path] if path.is_file() else []
        return self.take(path, reader)

    def take(self, path: Wanted, reader: Callable[[Wanted], Value]) -> Value | None:
        """Read something whose files are recorded already."""
        try:
            return reader(path)
        except InputError as error:
            self.problems += error.problems
            return None
