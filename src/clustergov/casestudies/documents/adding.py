"""Adding a document to a case: its text is stored in the form in which it will be coded, with what is known about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clustergov.casestudies.attribute import AttributeValue, attribute_problems, read_attributes
from clustergov.casestudies.case import STATEMENTS
from clustergov.casestudies.documents.document import Consent, DocumentEntry, PageEntry, names_person, read_list
from clustergov.casestudies.documents.document_writing import to_text
from clustergov.casestudies.documents.extracted import Extracted
from clustergov.casestudies.documents.extraction import NORMALISATION, extract, tidy
from clustergov.casestudies.documents.location import paragraph_unit
from clustergov.casestudies.documents.passage import digest
from clustergov.casestudies.documents.pseudonyms import FILE, Pseudonyms, read_pseudonyms
from clustergov.casestudies.plain_file import remark_of, replace_file
from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem, missing_file

_OPENS = 24
"""Code points of a page that are kept to find its beginning again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a researcher tells of a document; what is left out of one that is replaced stays as it was.

    Attributes
    ----------
    code : str
        Empty: the next free of document-1, document-2, …; never made from the name of the file, which may hold a person's.
    title : str
        Empty: the code.
    attribution : str
        Who speaks, as a role; like the title in the language of the document.
    language : str
        Of the document, such as nl.
    """

    consent: Consent | None = None
    attribution: str = ""
    language: str = ""
    code: str = ""
    title: str = ""
    mark: Mark | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was stored.

    Attributes
    ----------
    entry : DocumentEntry
    path : Path
        Of the stored text.
    characters, pages, pseudonymised : int
        Code points; pages, 0 where there are none; names that were replaced.
    replaced : bool
        A document of this code was there and has another text now: its codings must be anchored again.
    notes : tuple of Text
    """

    entry: DocumentEntry
    path: Path
    characters: int
    pages: int
    pseudonymised: int
    replaced: bool
    notes: tuple[Text, ...]


def add(
    source: Path | str, folder: Path | str, case: str, told: Told, *, encoding: str = "", replace: bool = False
) -> Added:
    """Read a file and store it as ``CASE/documents/CODE.txt`` with its entry in ``CASE/documents.yml``.

    The file itself is not changed, and nothing of its properties (authors, dates, its name) is carried over. Names of
    the study's list of pseudonyms are replaced before anything is stored.

    Parameters
    ----------
    folder : Path
        Of the case studies.
    encoding : str
        See `extraction.extract`.
    replace : bool
        Whether a document of that code gets this text; what is known about it stays, where it is not told anew.

    Raises
    ------
    InputError
        The file cannot be read, the case is not there, or what is told does not hold; nothing was then stored.
    """
    place = Path(folder) / case
    if not (place / "case.yml").is_file():
        raise missing_file(place / "case.yml", wanted="a case")
    path = place / "documents.yml"
    entries = list(read_list(path)[0].documents) if path.exists() else []
    pseudonyms = read_pseudonyms(Path(folder) / FILE)
    code = told.code or _free(entries)
    old = next((entry for entry in entries if entry.code == code), None)
    problems = [*_lacking(told, code, old, path, replace), *_shown(told, code, pseudonyms),
                *_attributes(told.attributes, Path(folder) / "attributes.yml")]  # fmt: skip
    try:
        extracted = extract(source, encoding=encoding)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    found, names = _pseudonymised(extracted, pseudonyms)
    entry = _entry(code, found, told, old, told.language or (old.language if old else ""))
    stored = place / entry.file
    stored.parent.mkdir(exist_ok=True)
    # Text first: a text without an entry is overlooked, an entry without its text would be a mistake.
    replace_file(stored, found.text)
    kept = [entry if each.code == code else each for each in entries] if old else [*entries, entry]
    replace_file(path, to_text(kept, remark=remark_of(path)))
    changed = old is not None and old.sha256 != entry.sha256
    return Added(entry, stored, len(found.text), len(found.pages), names, changed, found.notes)


def _pseudonymised(found: Extracted, pseudonyms: Pseudonyms) -> tuple[Extracted, int]:
    """Names replaced, page by page, so that pages begin where they did; a name over a page's end is found as well."""
    text, number = pseudonyms.apply(found.text)
    if not number:
        return found, 0
    places = [named for named in pseudonyms.find(found.text) if named.sure]
    grown = [
        (named.end, len(pseudonyms.entries[named.entry].pseudonym) - (named.end - named.start)) for named in places
    ]
    pages = tuple(start + sum(more for end, more in grown if end <= start) for start in found.pages)
    notes = (*found.notes, both("documents.taken.pseudonyms", n=number))
    return tidy(Extracted(found.kind, text, tuple(min(page, len(text)) for page in pages), notes)), number


def page_entries(text: str, pages: tuple[int, ...]) -> tuple[PageEntry, ...]:
    """Where each page begins, with its first words."""
    ends = [*pages[1:], len(text)]
    return tuple(
        PageEntry(start=start, opens=text[start : min(start + _OPENS, end)])
        for start, end in zip(pages, ends, strict=False)
    )


def _entry(code: str, found: Extracted, told: Told, old: DocumentEntry | None, language: str) -> DocumentEntry:
    title = Text({language: told.title}) if told.title else old.title if old else Text({language: code})
    role = Text({language: told.attribution}) if told.attribution else old.attribution if old else Text({})
    return DocumentEntry(
        code=code,
        file=f"documents/{code}.txt",
        title=title,
        language=language,
        consent=told.consent or (old.consent if old else "not given"),
        attribution=role,
        mark=told.mark or (old.mark if old else "P"),
        sha256=digest(found.text),
        kind=found.kind,
        normalisation=NORMALISATION,
        paragraphs=paragraph_unit(found.text),
        pages=page_entries(found.text, found.pages),
        attributes={**(old.attributes if old else {}), **told.attributes},
    )


def _lacking(told: Told, code: str, old: DocumentEntry | None, path: Path, replace: bool) -> Iterator[Problem]:
    """What must be told of a document and is not, or cannot hold."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", code) or code == STATEMENTS:
        yield Problem("document-code", f"expected small letters, digits and hyphens, found “{code}”.",
                      "Such as --code interview-3; “statements” is taken.")  # fmt: skip
    if old is not None and not replace:
        yield Problem("duplicate-code", f"the case has a document “{code}” already.",
                      "Choose another --code, or add --replace to give it this text.", file=str(path))  # fmt: skip
    if old is None and replace:
        yield Problem("unknown-document", f"the case has no document “{code}” that could be replaced.",
                      "Name one that it has with --code, or leave --replace out.", file=str(path))  # fmt: skip
    if old is not None and replace and old.file != f"documents/{code}.txt":
        yield Problem("document-file", f"the text of “{code}” stands in {old.file}, not in documents/{code}.txt.",
                      "Edit that file itself, or move it there and change `file` in the list.", file=str(path))  # fmt: skip
    if not (old and not told.language) and not re.fullmatch(r"[a-z]{2,3}", told.language):
        yield Problem("document-language", f"expected the language of the document, found “{told.language}”.",
                      "Such as --language nl.")  # fmt: skip
    if old is None and told.consent is None:
        yield Problem("no-consent", "expected whether the speaker agreed to be quoted, found nothing.",
                      "Add --consent given, “not given”, or “not needed” for a public document.")  # fmt: skip
    if old is None and not told.attribution.strip():
        yield Problem(
            "no-attribution", "expected who speaks, found nothing.", 'Add a role: --attribution "cluster manager".'
        )
    if names_person(told.attribution):
        yield Problem("attribution-names-person", "expected a role, found what looks like a person, an address or a number.",
                      "Write the role only, such as cluster manager.")  # fmt: skip


def _attributes(values: Mapping[str, AttributeValue], path: Path) -> list[Problem]:
    declared = read_attributes(path) if path.is_file() else ()
    return attribute_problems(values, "document", declared, path, ())


def _shown(told: Told, code: str, pseudonyms: Pseudonyms) -> list[Problem]:
    """Title, role and code are shown, so they hold no listed name either."""
    shown = {"title": told.title, "attribution": told.attribution, "code": code.replace("-", " ")}
    return [
        Problem("name-survives", f"the {name} holds a name of {FILE}.", "Write a role or a pseudonym.")
        for name, text in shown.items()
        if any(named.sure or name == "code" for named in pseudonyms.find(text))
    ]


def _free(entries: list[DocumentEntry]) -> str:
    taken = {entry.code for entry in entries}
    return next(code for number in range(1, len(taken) + 2) if (code := f"document-{number}") not in taken)
