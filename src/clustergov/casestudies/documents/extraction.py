"""Any file that can be read becomes one normalised text, which from then on is the document."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from clustergov.casestudies.documents.extracted import MOST_BYTES, MOST_CHARACTERS, Extracted, counted, unreadable
from clustergov.casestudies.documents.open_document import read_open_document
from clustergov.casestudies.documents.passage import normalise
from clustergov.casestudies.documents.pdf import read_pdf
from clustergov.casestudies.documents.plain import read_plain
from clustergov.casestudies.documents.web import read_web_page
from clustergov.casestudies.documents.word import read_word
from clustergov.problems import missing_file

NORMALISATION = "nfc-1"
"""What `tidy` does, by name; it is written beside every document, and another way of tidying gets another name."""

_PLAIN = (".txt", ".md", ".markdown")
_WEB = (".html", ".htm", ".xhtml")
_READERS: dict[str, Callable[[Path], Extracted]] = {".docx": read_word, ".odt": read_open_document, ".pdf": read_pdf}
_MAGIC = (
    (b"%PDF-", (".pdf",)),
    (b"PK\x03\x04", (".docx", ".odt")),
    (b"{\\rtf", ()),
    (b"\xd0\xcf\x11\xe0", (".docx", ".odt")),
)


def extract(path: Path | str, *, encoding: str = "") -> Extracted:
    """Read a file as text: .txt, .md, .docx, .odt, .pdf or .html. The file itself is never changed.

    Parameters
    ----------
    encoding : str
        Of plain text and web pages; empty: UTF-8, or what the file itself declares.

    Raises
    ------
    InputError
        It is missing, empty, too large, of another kind or damaged, needs a password, or holds no text.
    """
    path = Path(path)
    if not path.is_file():
        raise missing_file(path, wanted="a document")
    _check(path)
    suffix = path.suffix.lower()
    if suffix in _PLAIN:
        found = read_plain(path, encoding=encoding)
    elif suffix in _WEB:
        found = read_web_page(path, encoding=encoding)
    else:
        found = _READERS[suffix](path)
    if len(found.text) > MOST_CHARACTERS:
        raise unreadable(path, "too-large", f"expected at most {MOST_CHARACTERS:,} characters, found more.",
                         "Cut the document in parts.")  # fmt: skip
    found = tidy(found)
    if not found.text.strip():
        raise unreadable(path, "empty-document", "expected a document, found one without any text.",
                         "Check the file; what is only a picture must be recognised as text first.")  # fmt: skip
    return found


def tidy(found: Extracted) -> Extracted:
    """Normalise a text once, before anything in it is coded; offsets of pages follow.

    Accents are composed (NFC, Unicode Standard Annex 15), so that an é typed on one machine is found by a search on
    another; NFC changes no meaning, unlike NFKC, which would turn ² into 2. Every line end becomes LF. Control
    characters, byte-order marks within the text and soft hyphens, which nobody sees, are removed and counted.
    """
    bounds = [*found.pages, len(found.text)] if found.pages else [0, len(found.text)]
    parts = [found.text[start:end] for start, end in pairwise(bounds)]
    lines = [_lines(part) for part in parts]
    composed = [unicodedata.normalize("NFC", part) for part in lines]
    clean = ["".join(filter(_visible, part)) for part in composed]
    removed = sum(len(part) for part in composed) - sum(len(part) for part in clean)
    starts = [sum(len(part) for part in clean[:number]) for number in range(len(clean))]
    notes = counted(composed=int(composed != lines), removed=removed)
    return Extracted(found.kind, "".join(clean), tuple(starts) if found.pages else (), found.notes + notes)


def _lines(text: str) -> str:
    text = normalise(text)
    for other in "\v\f\x85\u2028\u2029":
        text = text.replace(other, "\n")
    return text


def _visible(character: str) -> bool:
    if character in "\n\t":
        return True
    return character not in "\ufeff\u00ad" and unicodedata.category(character) not in ("Cc", "Cs")


def _check(path: Path) -> None:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise unreadable(path, "too-large", f"expected at most {MOST_BYTES:,} bytes, found {size:,}.",
                         "Leave out pictures, or cut the document in parts.")  # fmt: skip
    if not size:
        raise unreadable(path, "empty-file", "expected a document, found an empty file.", "Get the file again.")
    suffix = path.suffix.lower()
    kinds = (*_PLAIN, *_WEB, *_READERS)
    if suffix not in kinds:
        raise unreadable(path, "document-kind", f"expected {', '.join(kinds[:-1])} or {kinds[-1]}, found “{suffix or path.name}”.",
                         "Save the document in one of these formats.")  # fmt: skip
    with path.open("rb") as file:
        head = file.read(1024)
    for mark, fitting in _MAGIC:
        if head.startswith(mark) and suffix not in fitting:
            raise unreadable(
                path, "document-kind", f"the file is called {suffix} but is another kind of file.",
                f"Give it the ending that it should have{' (' + ' or '.join(fitting) + ')' if fitting else ''}, or save it anew.",
            )  # fmt: skip
