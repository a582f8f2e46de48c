"""What goes out to, and comes in from, the formats of other software: the content, and notes of what did not fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem, missing_file

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read at all. The largest structure that was met in the field has 2 MB."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A questionnaire that came from other software.

    Attributes
    ----------
    questionnaire : Questionnaire
        Codes as in the file. From LimeSurvey, variables are named as its expressions name them (``code_sub``,
        ``code_row_col``, ``code_sub_0`` and ``code_sub_1`` for a dual array), and a list with a free “other” has the
        option ``-oth-``.
    notes : tuple of Problem
        Warnings: everything that the questionnaire does not express or that was repaired, each with its place.
    """

    questionnaire: Questionnaire
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A questionnaire as other software reads it.

    Attributes
    ----------
    content : bytes
        The whole file; equal for equal questionnaires.
    notes : tuple of Problem
        Warnings: everything of the questionnaire that the format does not express, each with its place.
    """

    content: bytes
    notes: tuple[Problem, ...] = ()


class Notes:
    """Collects what is not expressed or was repaired, with its place."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self._problems: list[Problem] = []

    def add(self, rule: str, message: str, *, place: str = "", fix: str = "", line: int | None = None) -> None:
        self._problems.append(
            Problem(rule, message, fix, file=self.file, line=line, place=place, severity="warning")
        )  # fmt: skip

    def all(self) -> tuple[Problem, ...]:
        return tuple(self._problems)


def listed(codes: Sequence[str], *, most: int = 6) -> str:
    """Codes in words: the first few, then how many more."""
    shown = ", ".join(codes[:most])
    return shown + (f" and {len(codes) - most} more" if len(codes) > most else "")


def spoken(texts: Iterable[Text], languages: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The languages that a questionnaire speaks: the first, and every other in which at least half of the texts are there.

    Returns
    -------
    languages, lacking : tuple of str, str
        In `lacking`, in words, how many texts each of the others lacks; "" where none is missing.
    """
    known = list(texts)
    missing = {language: sum(language not in text for text in known) for language in languages[1:]}
    declared = (*languages[:1], *(each for each, count in missing.items() if 2 * count <= len(known)))
    lacking = ", ".join(
        f"{language} {count} of {len(known)}" + ("" if language in declared else " (not declared)")
        for language, count in missing.items() if count
    )  # fmt: skip
    return declared, lacking


def read_content(path: Path | str, *, wanted: str, largest: int = LARGEST) -> bytes:
    """The bytes of a file.

    Raises
    ------
    InputError
        It is missing, cannot be read, is empty, or has more than `largest` bytes (then nothing of it is read).
    """
    path = Path(path)
    if not path.is_file():
        raise missing_file(path, wanted=wanted)
    try:
        if (size := path.stat().st_size) > largest:
            message = f"expected {wanted} of at most {largest:,} bytes, found {size:,}."
            raise InputError(Problem("too-large", message, "Check that it is the right file.", file=str(path)))
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Problem("unreadable", f"cannot be read: {error.strerror}.", file=str(path))) from None
    if not content.strip():
        raise InputError(Problem("empty-file", f"expected {wanted}, found an empty file.", file=str(path)))
    return content
