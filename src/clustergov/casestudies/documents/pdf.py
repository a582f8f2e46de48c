"""PDF: the text that it carries, line by line, with the page on which each line stands."""

from __future__ import annotations

import logging
import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

from clustergov.casestudies.documents.archive import encrypted
from clustergov.casestudies.documents.extracted import MOST_CHARACTERS, Extracted, counted, unreadable
from clustergov.language import Text, both
from clustergov.problems import InputError

_GAP = 1.35
"""A distance between lines of this many times the usual one begins a paragraph."""


def read_pdf(path: Path) -> Extracted:
    """Read a PDF.

    Lines stay as they are printed, hyphens at their ends included, since joining them would be a guess; a wider gap
    between lines becomes a blank line. Left are annotations, form fields, pictures and every property of the file.

    Raises
    ------
    InputError
        It is no PDF, is broken or needs a password; or it is a scan without text.
    """
    from pypdf.errors import DependencyError, FileNotDecryptedError

    # pypdf writes to the log what it repairs; what matters is told here.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = _page_texts(path)
    except (FileNotDecryptedError, DependencyError):
        raise encrypted(path) from None
    except InputError:
        raise
    except Exception:
        # Broken files reach anywhere in the parser, which raises whatever it happens to stumble over.
        raise unreadable(
            path, "broken-document", "expected a PDF, found a file that cannot be read as one.",
            "Get the file again; if it opens in a viewer, print it to a new PDF there.",
        ) from None  # fmt: skip
    return _joined(path, pages)


def _page_texts(path: Path) -> list[str]:
    import pypdf

    reader = pypdf.PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise encrypted(path)
    pages, size = [], 0
    for page in reader.pages:
        pages.append(_page_text(page))
        size += len(pages[-1])
        if size > MOST_CHARACTERS:
            break  # it is refused as too large
    return pages


def _joined(path: Path, pages: list[str]) -> Extracted:
    silent = [number for number, page in enumerate(pages, 1) if not page]
    if len(silent) == len(pages):
        raise unreadable(
            path, "scanned-document", f"the PDF has {len(pages)} pages and no text: it is a scan, or empty.",
            "Recognise its text first, for instance with ocrmypdf, read it over, and add the result.",
        )  # fmt: skip
    starts, offset = [], 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + 2 if page else 0
    text = "\n\n".join(page for page in pages if page)
    starts = [min(start, len(text)) for start in starts]
    unknown = sum(text.count(mark) for mark in ("\N{REPLACEMENT CHARACTER}", "(cid:"))
    unknown += sum("\ue000" <= character <= "\uf8ff" for character in text)
    notes: tuple[Text, ...] = counted(unknown=unknown)
    if silent:
        notes += (both("documents.taken.silent", pages=", ".join(map(str, silent))),)
    return Extracted("pdf", text, tuple(starts), notes)


def _page_text(page: Any) -> str:
    lines: list[str] = [""]
    heights: list[float | None] = [None]

    def visit(text: str, outer: Any, inner: Any, font: Any, size: float) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append("")
                heights.append(None)
            lines[-1] += part
            if part.strip() and heights[-1] is None:
                heights[-1] = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]

    whole = page.extract_text(visitor_text=visit)
    if "".join("".join(lines).split()) != "".join(whole.split()):
        return _tidy(whole.split("\n"), [None] * (whole.count("\n") + 1))
    return _tidy(lines, heights)


def _tidy(lines: list[str], heights: list[float | None]) -> str:
    """Lines without blanks at their ends, and a blank line where the gap above one is wider than usual."""
    kept = [(line.strip(), height) for line, height in zip(lines, heights, strict=True) if line.strip()]
    gaps = [above - below for (_, above), (_, below) in pairwise(kept) if above is not None and below is not None]
    usual = statistics.median_low([gap for gap in gaps if gap > 1] or [0])
    written: list[str] = []
    last: float | None = None
    for line, height in kept:
        # A line higher up than the one before begins a column or a margin.
        if written and last is not None and height is not None and not -1 <= last - height <= _GAP * usual:
            written.append("")
        written.append(line)
        last = height
    return "\n".join(written)
