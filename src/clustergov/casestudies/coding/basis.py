"""What codings rest on, codebook, rounds, cases and texts, as they were when they were read."""

from __future__ import annotations

from pathlib import Path

from clustergov.casestudies.coding.desk import refuse

_COMMON = ("codebook.yml", "rounds.yml")

Stamp = tuple[int, int] | None


class Basis:
    """The files of a study that are read once, when it is opened.

    Parameters
    ----------
    folder : Path
        Of the case studies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._common = {folder / name: _stamp(folder / name) for name in _COMMON}
        self._own: dict[str, dict[Path, Stamp]] = {}
        for file in folder.glob("*/case.yml"):
            self._own[file.parent.name] = {path: _stamp(path) for path in _files(file.parent)}

    def check(self, case: str) -> None:
        """Refuse what would be coded by a codebook, or on a text, that is not the study's any more.

        Raises
        ------
        InputError
            One of the files was changed since.
        """
        for path, stamp in (*self._common.items(), *self._own.get(case, {}).items()):
            if _stamp(path) != stamp:
                raise refuse("study-changed", f"{path.relative_to(self._folder)} was changed since this program read it.",
                             "Stop the program and start it again.", file=str(path))  # fmt: skip


def _files(folder: Path) -> list[Path]:
    """Everything of a case but its codings."""
    return [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] != "codings"]


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
