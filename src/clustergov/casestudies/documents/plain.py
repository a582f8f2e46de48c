"""Plain text and Markdown: which encoding they are in, and their pages where form feeds part them."""

from __future__ import annotations

import codecs
from pathlib import Path

from clustergov.casestudies.documents.extracted import Extracted, unreadable
from clustergov.casestudies.documents.passage import normalise
from clustergov.language import Text, both

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_plain(path: Path, *, encoding: str = "") -> Extracted:
    """Read a text; Markdown stays as it stands, with its marks.

    Parameters
    ----------
    encoding : str
        Empty: UTF-8, or UTF-16 with a byte-order mark; never guessed.

    Raises
    ------
    InputError
        It is not in that encoding, or not text.
    """
    text, notes = decoded(path, path.read_bytes(), encoding)
    text = normalise(text)
    pages = text.removesuffix("\f").split("\f")
    kind = "md" if path.suffix.lower() in (".md", ".markdown") else "txt"
    if len(pages) == 1:
        return Extracted(kind, text, (), notes)
    starts, offset = [], 0
    parts = [page.strip("\n") for page in pages]
    for part in parts:
        starts.append(offset)
        offset += len(part) + 2
    return Extracted(kind, "\n\n".join(parts), tuple(starts), notes)


def decoded(path: Path, content: bytes, encoding: str) -> tuple[str, tuple[Text, ...]]:
    """Decode bytes; a note says so where it is not UTF-8.

    Raises
    ------
    InputError
    """
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    chosen = marked or _known(path, encoding) or "utf-8"
    try:
        text = content.decode(chosen)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        told = content[error.start : error.start + 1].hex()
        raise unreadable(
            path, "encoding", f"expected text in {chosen.removesuffix('-sig').upper()}, found byte 0x{told}.",
            "Save the file as UTF-8, or name its encoding: --encoding windows-1252 for most older Windows files.", line=line,
        ) from None  # fmt: skip
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise unreadable(
            path, "not-text", "expected text, found a NUL character: this is another kind of file, or UTF-16 without its mark.",
            "Save the document as plain text in UTF-8, or name its encoding: --encoding utf-16-le.", line=line,
        )  # fmt: skip
    return text, () if chosen in ("utf-8", "utf-8-sig") else (both("documents.taken.encoding", encoding=chosen),)


def _known(path: Path, encoding: str) -> str:
    if not encoding:
        return ""
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)  # some codecs turn bytes into bytes and are no encodings of text
    except (LookupError, ValueError):
        raise unreadable(
            path, "encoding", f"expected the name of an encoding, found “{encoding}”.",
            "Such as utf-8, windows-1252, iso-8859-15 or utf-16-le.",
        ) from None  # fmt: skip
    return found.name
