"""A researcher's own documents: transcripts and texts in UTF-8, with consent and a role instead of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.casestudies.attribute import AttributeValue
from clustergov.casestudies.case import STATEMENTS
from clustergov.casestudies.codebook import duplicates
from clustergov.casestudies.documents.location import Layout, Location, Unit
from clustergov.casestudies.documents.passage import digest, normalise
from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text
from clustergov.problems import InputError, Problem, missing_file
from clustergov.yaml_file import Entry, Positions
from clustergov.yaml_file import read as read_yaml

Consent = Literal["given", "not given", "not needed"]
"""Whether passages may be shown: the speaker agreed, did not, or the document is public."""

SUFFIXES = (".txt", ".md")

# A role, not a person: an e-mail address, a telephone number and a form of address before a name give somebody away.
_PERSON = re.compile(
    r"\S@\S|\d[\d -]{7,}\d|\b(?:[Dd]hr|[Mm]evr|[Mm]w|[Mm]rs?|[Mm]s|[Dd]rs?|[Ii]r|[Ii]ng|[Pp]rof|[Dd]e heer|[Mm]evrouw)\b\.? [A-Z]"
)


def names_person(role: str) -> bool:
    """Whether an attribution looks like a person, an address or a number instead of a role."""
    return _PERSON.search(role) is not None


class PageEntry(Entry):
    """Where a page begins, and with which words, so that it is found again after an edit."""

    start: int = Field(ge=0)
    opens: str = Field(coerce_numbers_to_str=True)


class DocumentEntry(Entry):
    """What is known about one document.

    Attributes
    ----------
    file : str
        Path from the case's folder; plain text or Markdown.
    attribution : Text
        Who speaks, as a role (cluster manager, alderman), never as a person.
    sha256 : str
        Of the normalised text; when given, a changed text is reported.
    mark : {"P", "S", "D", "U"}
    kind : str
        What the text was read from: txt, md, docx, odt, pdf or html; empty where it was always this text.
    normalisation : str
        How the text was tidied when it was added; empty: not at all.
    paragraphs : {"", "blocks", "lines"}
        What counts as a paragraph; empty: found from the text.
    pages : tuple of PageEntry
        Empty where the document has no fixed pages.
    attributes : dict
        Declared in ``attributes.yml``.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    file: str
    title: Text
    language: str
    consent: Consent
    attribution: Text
    mark: Mark = "P"
    sha256: str = ""
    kind: str = ""
    normalisation: str = ""
    paragraphs: Unit | Literal[""] = ""
    pages: tuple[PageEntry, ...] = ()
    attributes: dict[str, AttributeValue] = {}


class DocumentList(Entry):
    """The file ``documents.yml`` of a case."""

    documents: tuple[DocumentEntry, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its text.

    Attributes
    ----------
    case : str
    text : str
        Normalised: no byte-order mark, lines end in LF; otherwise as it stands in the file.
    sha256 : str
        Of `text` as UTF-8.
    pages : tuple of int
        Offset at which each page begins; empty without pages.
    paragraphs : {"", "blocks", "lines"}
    attributes : Mapping
    """

    case: str
    code: str
    title: Text
    language: str
    consent: Consent
    attribution: Text
    mark: Mark
    text: str
    sha256: str
    pages: tuple[int, ...] = ()
    paragraphs: Unit | Literal[""] = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)

    @property
    def quotable(self) -> bool:
        """Whether its passages may be shown."""
        return self.consent != "not given"

    def locate(self, offset: int) -> Location:
        """Page, paragraph and line of an offset in `text`."""
        return _layout(self.text, self.pages, self.paragraphs).locate(offset)


# A long text is cut into paragraphs once, however many passages ask where they stand.
@lru_cache(maxsize=64)
def _layout(text: str, pages: tuple[int, ...], paragraphs: Unit | Literal[""]) -> Layout:
    return Layout(text, pages, paragraphs)


def read_text(path: Path | str) -> str:
    """Read one plain text or Markdown file and normalise it.

    Raises
    ------
    InputError
        It is missing, of another kind, not UTF-8, or empty.
    """
    path = Path(path)
    if not path.is_file():
        raise missing_file(path, wanted="a document")
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            Problem("document-kind", f"expected {' or '.join(SUFFIXES)}, found “{path.suffix or path.name}”.",
                    "Save the document as plain text in UTF-8.", file=str(path))
        )  # fmt: skip
    try:
        text = normalise(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            Problem("encoding", f"expected UTF-8 text, found byte {error.object[error.start]:#04x}.",
                    "Save the file as UTF-8.", file=str(path), line=line)
        ) from None  # fmt: skip
    if not text.strip():
        raise InputError(Problem("empty-file", "expected a document, found an empty file.", file=str(path)))
    return text


def read(path: Path | str, *, case: str) -> tuple[Document, ...]:
    """Read ``documents.yml`` and the documents that it lists.

    Raises
    ------
    InputError
        With every mistake, in the list and in the documents.
    """
    path = Path(path)
    listed, positions = read_list(path)
    codes = [(("documents", i, "code"), entry.code) for i, entry in enumerate(listed.documents)]
    problems = [*duplicates(positions, list(codes), "document")]
    documents: list[Document] = []
    for index, entry in enumerate(listed.documents):
        problems += _entry_problems(entry, index, positions)
        try:
            text = read_text(path.parent / entry.file)
        except InputError as error:
            problems += error.problems
            continue
        if entry.sha256 and entry.sha256 != digest(text):
            problems.append(
                positions.problem(
                    ("documents", index, "sha256"), "document-changed",
                    f"the text of {entry.file} is no longer the one that was listed.",
                    f"Restore it, or anchor its codings again: clustergov casestudies reanchor --write (sha256: {digest(text)}).",
                )
            )  # fmt: skip
        else:
            problems += _page_problems(entry, text, index, positions)
        documents.append(_document(entry, case, text))
    if problems:
        raise InputError(problems)
    return tuple(documents)


def read_list(path: Path) -> tuple[DocumentList, Positions]:
    """Read ``documents.yml`` alone, without the documents that it lists.

    Raises
    ------
    InputError
        With every mistake that shows in the list.
    """
    return read_yaml(path, DocumentList, wanted="a list of documents")


def _document(entry: DocumentEntry, case: str, text: str) -> Document:
    return Document(
        case=case,
        code=entry.code,
        title=entry.title,
        language=entry.language,
        consent=entry.consent,
        attribution=entry.attribution,
        mark=entry.mark,
        text=text,
        sha256=digest(text),
        pages=tuple(page.start for page in entry.pages),
        paragraphs=entry.paragraphs,
        attributes=entry.attributes,
    )


def _page_problems(entry: DocumentEntry, text: str, index: int, positions: Positions) -> Iterator[Problem]:
    last = 0
    for number, page in enumerate(entry.pages):
        if page.start < last or page.start > len(text) or not text.startswith(page.opens, page.start):
            yield positions.problem(
                ("documents", index, "pages", number), "page-map", f"page {number + 1} of {entry.file} does not begin there.",
                "Add the document again with --replace, or anchor its codings again: clustergov casestudies reanchor.",
            )  # fmt: skip
            return
        last = page.start


def _entry_problems(entry: DocumentEntry, index: int, positions: Positions) -> Iterator[Problem]:
    if entry.code == STATEMENTS:
        yield positions.problem(
            ("documents", index, "code"), "reserved-code", f"a document cannot be called “{STATEMENTS}”.",
            "That name stands for the statements of the case; choose another.",
        )  # fmt: skip
    for language, role in entry.attribution.items():
        # The found text is left out on purpose: it may be a name.
        if names_person(role):
            yield positions.problem(
                ("documents", index, "attribution", language), "attribution-names-person",
                "expected a role, found what looks like a person, an address or a number.",
                "Write the role only, such as cluster manager.",
            )  # fmt: skip
