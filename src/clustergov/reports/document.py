"""The document model: one report as a value, rendered to Word and to HTML without knowing anything of statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text.

    `language` is set where it differs from the document's (an item wording that exists in another language only), so
    that a screen reader changes its voice. `to` makes it a link: ``#id`` of a table, figure or heading, or a URL.
    """

    text: str
    language: str = ""
    strong: bool = False
    emphasis: bool = False
    to: str = ""


Inline = str | tuple["str | Span", ...]
"""Text, or text and spans in a row."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered chapter (level 1) or section (2, 3) title; levels leave no gaps."""

    level: Literal[1, 2, 3]
    text: Inline
    id: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Inline


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph that must be seen: a limit, a caveat, the mark of synthetic data."""

    title: str
    text: Inline
    kind: Literal["limit", "synthetic", "information"] = "information"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a reader sees it, and the full-precision frame that is written as CSV.

    Attributes
    ----------
    id : str
        Unique in the document; the name of the CSV file.
    caption : Inline
        Without its number: the renderer counts.
    header : tuple of str
        Column headings in the document's language; the first column holds the row headings.
    rows : tuple of tuple of Inline
        Cells as text, already rounded and written in the document's language.
    data : DataFrame
        The same table with full precision and language-free column names.
    notes : tuple of Inline
        Under the table: n used, rows lost, how it was computed.
    widths : tuple of float
        Relative column widths; empty for equal ones.
    align : str
        One letter per column, l, r or c; empty: first column left, others right.
    marked : bool
        Whether the banner's mark stands with it; False for what is not built from the responses.
    """

    id: str
    caption: Inline
    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    data: pd.DataFrame
    notes: tuple[Inline, ...] = ()
    widths: tuple[float, ...] = ()
    align: str = ""
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption and an alternative text that states the finding with its numbers; `marked` as in `Table`."""

    id: str
    caption: Inline
    alt: str
    png: bytes
    notes: tuple[Inline, ...] = ()
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the table of contents stands."""


Block = Heading | Paragraph | Bullets | Notice | Table | Figure | Contents


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language.

    Attributes
    ----------
    date : str
        ISO date; from the study, never from the clock, so that two runs give equal bytes. Empty: none is told.
    banner : str
        Stands on every page, and with every figure and table: SYNTHETIC for simulated responses; empty for real ones.
    words : mapping
        The few words that a renderer needs, in the document's language: table, figure, contents, note, page.
    """

    title: Inline
    subtitle: str
    language: str
    author: str
    date: str
    blocks: tuple[Block, ...]
    banner: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def figures(self) -> tuple[Figure, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Figure))
