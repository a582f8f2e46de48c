"""OpenDocument texts (.odt): their words as a reader sees them, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from clustergov.casestudies.documents.archive import broken, check_archive, encrypted
from clustergov.casestudies.documents.extracted import Extracted, counted, paragraphs_of
from clustergov.problems import InputError

WANTED = "an OpenDocument text (.odt)"

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_LEFT = {
    f"{_TEXT}tracked-changes": "", f"{_OFFICE}annotation": "comments", f"{_TEXT}hidden-text": "hidden",
    f"{_TEXT}hidden-paragraph": "hidden", f"{_OFFICE}forms": "", f"{_TEXT}sequence-decls": "", f"{_TEXT}note-citation": "",
    f"{_TEXT}index-source": "", "{http://www.w3.org/2000/svg}title": "", "{http://www.w3.org/2000/svg}desc": "",
}  # fmt: skip
_MOST_BLANKS = 1000


def read_open_document(path: Path) -> Extracted:
    """Read an OpenDocument text; taken and left is the same as of a Word document.

    Raises
    ------
    InputError
    """
    check_archive(path, holds="content.xml", wanted=WANTED)
    try:
        body = _body(path)
    except InputError:
        raise
    except Exception:
        # odfdo has no error of its own for a damaged package: it raises whatever it happens to stumble over.
        raise broken(path, WANTED) from None
    if body is None:
        raise broken(path, WANTED)
    reader = _Reader()
    reader.counts["deleted"] = sum(1 for _ in body.iter(f"{_TEXT}deletion"))
    reader.counts["inserted"] = sum(1 for _ in body.iter(f"{_TEXT}insertion"))
    paragraphs = [*reader.paragraphs(body), *reader.notes()]
    return Extracted("odt", paragraphs_of(paragraphs), (), counted(**reader.counts))


def _body(path: Path) -> Any:
    import odfdo

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    document = odfdo.Document(path)
    if b"encryption-data" in _part(document, "META-INF/manifest.xml"):
        raise encrypted(path)
    return etree.fromstring(_part(document, "content.xml"), parser).find(f"{_OFFICE}body/{_OFFICE}text")


def _part(document: Any, name: str) -> bytes:
    content = document.container.get_part(name)
    return content if isinstance(content, bytes) else str(content).encode()


class _Reader:
    """One way through a document, which numbers the notes as they are met."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._met: list[Any] = []
        self._boxes: list[Any] = []

    def paragraphs(self, container: Any) -> Iterator[str]:
        for child in container:
            if child.tag in _PARAGRAPHS:
                yield "".join(self._words(child))
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    self.counts["boxes"] += 1
                    yield from self.paragraphs(box)
            elif child.tag == f"{_TABLE}table":
                self.counts["tables"] += 1
                yield from self._rows(child)
            elif child.tag in _LEFT:
                self._leave(child)
            elif isinstance(child.tag, str):
                yield from self.paragraphs(child)

    def notes(self) -> Iterator[str]:
        for number, note in enumerate(self._met, 1):
            yield f"[{number}] " + " ".join(text for text in (part.strip() for part in self.paragraphs(note)) if text)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(f"{_TABLE}table-row"):
            if next(row.iterancestors(f"{_TABLE}table")) is not table:
                continue
            cells = [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
            yield "\t".join("\n".join(text for text in self.paragraphs(cell) if text.strip()) for cell in cells)

    def _words(self, element: Any) -> Iterator[str]:
        yield _collapsed(element.text)
        for child in element:
            yield from self._child(child)
            yield _collapsed(child.tail)

    def _child(self, child: Any) -> Iterator[str]:
        tag = child.tag
        if tag == f"{_TEXT}s":
            number = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(number) if number.isdecimal() else 1, _MOST_BLANKS)
        elif tag == f"{_TEXT}tab":
            yield "\t"
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        elif tag == f"{_TEXT}note":
            self.counts["notes"] += 1
            self._met.append(child)
            yield f"[{len(self._met)}]"
        elif tag == f"{_DRAW}text-box":
            self._boxes.append(child)
        elif tag in _LEFT:
            self._leave(child)
        elif isinstance(tag, str):
            yield from self._words(child)

    def _leave(self, child: Any) -> None:
        if kind := _LEFT[child.tag]:
            self.counts[kind] += 1


def _collapsed(text: str | None) -> str:
    """White space in the file is one blank, as the format says; longer runs are written as elements."""
    if not text:
        return ""
    # No-break spaces are words of the text: only the four white-space characters of XML collapse.
    parts = [part for part in text.replace("\t", " ").replace("\n", " ").replace("\r", " ").split(" ") if part]
    head, tail = text[0] in " \t\r\n", text[-1] in " \t\r\n"
    return (" " if head else "") + " ".join(parts) + (" " if tail and parts else "")
