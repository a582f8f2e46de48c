"""What a file said: its text, where its pages begin, and what of it was taken or left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

MOST_BYTES = 200_000_000
"""Bytes of a file, also of what a zipped one holds; a document of 5,000 pages stays far below it."""

MOST_CHARACTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one file.

    Attributes
    ----------
    kind : str
        txt, md, docx, odt, pdf or html.
    text : str
        Paragraphs are separated by a blank line where the file knows paragraphs.
    pages : tuple of int
        Offset at which each page begins; empty where a file has no fixed pages, as Word and web pages have none.
    notes : tuple of Text
        What was taken, left or decoded, for the researcher.
    """

    kind: str
    text: str
    pages: tuple[int, ...] = ()
    notes: tuple[Text, ...] = ()


def unreadable(path: Path, rule: str, message: str, fix: str, *, line: int | None = None) -> InputError:
    """One mistake of a file."""
    return InputError(Problem(rule, message, fix, file=str(path), line=line))


def counted(**counts: int) -> tuple[Text, ...]:
    """A note per kind of content of which there is any; keys are those of the catalogue ``documents.taken``."""
    return tuple(both(f"documents.taken.{name}", n=count) for name, count in counts.items() if count)


def paragraphs_of(lines: Iterable[str]) -> str:
    """Join paragraphs with a blank line between; empty ones are left out."""
    return "\n\n".join(stripped for line in lines if (stripped := line.strip()))
