"""Word documents (.docx): their words as a reader sees them, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from clustergov.casestudies.documents.archive import broken, check_archive
from clustergov.casestudies.documents.extracted import Extracted, counted, paragraphs_of

WANTED = "a Word document (.docx)"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Of tracked changes the state as if accepted is taken, which is what most people see.
_LEFT = {
    f"{_W}{name}": kind
    for name, kind in (("del", "deleted"), ("moveFrom", "deleted"), ("instrText", ""), ("delText", ""))
}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011", f"{_W}ptab": "\t"}
_NOTES = {f"{_W}footnoteReference": "footnotes", f"{_W}endnoteReference": "endnotes"}


def read_word(path: Path) -> Extracted:
    """Read a Word document.

    Taken are paragraphs, tables (a row is a paragraph, cells apart by tabs), text boxes where they are anchored, inserted
    text, and foot- and endnotes at the end under the number that stands in the text. Left are deleted text, comments,
    headers and footers, hidden text, automatic numbering, pictures, and every property of the file (authors, dates).

    Raises
    ------
    InputError
    """
    import docx

    check_archive(path, holds="word/document.xml", wanted=WANTED)
    try:
        document = docx.Document(str(path))
        reader = _Reader(_notes(document.part))
        paragraphs = list(reader.paragraphs(document.element.body))
        paragraphs += list(reader.notes())
        comments = sum(1 for part in _related(document.part, "comments") for _ in part.iter(f"{_W}comment"))
    except Exception:
        # python-docx has no error of its own for a damaged package: it raises whatever it happens to stumble over.
        raise broken(path, WANTED) from None
    return Extracted("docx", paragraphs_of(paragraphs), (), counted(**reader.counts, comments=comments))


def _related(part: Any, kind: str) -> list[Any]:
    """The XML of the parts of a kind; python-docx hands parts that it does not know as bytes."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return [
        etree.fromstring(relation.target_part.blob, parser)
        for relation in part.rels.values()
        if not relation.is_external and relation.reltype.endswith(f"/{kind}")
    ]


def _notes(part: Any) -> dict[tuple[str, str], Any]:
    return {
        (kind, str(note.get(f"{_W}id"))): note
        for kind in ("footnotes", "endnotes")
        for root in _related(part, kind)
        for note in root
    }


class _Reader:
    """One way through a document, which numbers the notes as they are met."""

    def __init__(self, notes: dict[tuple[str, str], Any]) -> None:
        self.counts: Counter[str] = Counter()
        self._notes = notes
        self._met: list[Any] = []
        self._boxes: list[Any] = []

    def paragraphs(self, container: Any) -> Iterator[str]:
        for child in container:
            if child.tag == f"{_W}p":
                yield "".join(self._words(child))
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    self.counts["boxes"] += 1
                    yield from self.paragraphs(box)
            elif child.tag == f"{_W}tbl":
                self.counts["tables"] += 1
                yield from self._rows(child)
            elif child.tag in _LEFT:
                self.counts["deleted"] += 1
            elif isinstance(child.tag, str) and child.tag != _FALLBACK:
                # Content controls, inserted paragraphs, custom XML: whatever wraps paragraphs.
                yield from self.paragraphs(child)

    def notes(self) -> Iterator[str]:
        for number, note in enumerate(self._met, 1):  # a note may cite another, which is then met on the way
            yield f"[{number}] " + " ".join(text for text in (part.strip() for part in self.paragraphs(note)) if text)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not table:
                continue
            cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
            yield "\t".join("\n".join(text for text in self.paragraphs(cell) if text.strip()) for cell in cells)

    def _words(self, element: Any) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag == f"{_W}t":
                yield child.text or ""
            elif tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag in _NOTES:
                yield self._reference(_NOTES[tag], str(child.get(f"{_W}id")))
            elif tag == f"{_W}txbxContent":
                self._boxes.append(child)
            elif tag in _LEFT:
                self.counts[_LEFT[tag]] += bool(_LEFT[tag])
            elif tag == f"{_W}r" and _hidden(child):
                self.counts["hidden"] += 1
            elif tag == f"{_W}sym":
                self.counts["symbols"] += 1
                yield "\N{REPLACEMENT CHARACTER}"
            elif isinstance(tag, str) and tag != _FALLBACK:
                self.counts["inserted"] += tag in (f"{_W}ins", f"{_W}moveTo") and len(child) > 0
                yield from self._words(child)

    def _reference(self, kind: str, number: str) -> str:
        note = self._notes.get((kind, number))
        if note is None:
            return ""
        self.counts["notes"] += 1
        self._met.append(note)
        return f"[{len(self._met)}]"


def _hidden(run: Any) -> bool:
    found = run.find(f"{_W}rPr/{_W}vanish")
    return found is not None and found.get(f"{_W}val", "true") not in ("0", "false", "off")
