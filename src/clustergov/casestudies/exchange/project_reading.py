"""Reading a REFI-QDA project (.qdpx, or a bare .qde) as its own values; everything left out or doubted is noted."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from clustergov.casestudies.exchange.code_elements import read_codes
from clustergov.casestudies.exchange.elements import (
    counted,
    file_stem,
    link_of,
    marked_selections,
    member_set,
    name_of,
    targets,
    time_of,
    user_of,
    uses_of,
    values_of,
    variable_of,
    within,
)
from clustergov.casestudies.exchange.guid import canonical
from clustergov.casestudies.exchange.offsets import Mark, place_marks
from clustergov.casestudies.exchange.package import Package
from clustergov.casestudies.exchange.readings import Readings
from clustergov.casestudies.exchange.references import reference_problems
from clustergov.casestudies.exchange.refi import (
    CaseEntry,
    MemoNote,
    Project,
    Selection,
    TextSource,
    User,
)
from clustergov.casestudies.exchange.safe_xml import (
    child,
    children,
    local,
    namespace,
    parse_xml,
    text_of,
    without_illegal,
)
from clustergov.instruments.exchange import Notes
from clustergov.problems import InputError, Problem

_ONE = ("ATLAS", "MAXQDA")
"""Programs that count a CRLF as one character."""


def read_project(content: bytes, file: str, notes: Notes) -> Project:
    """Read a project.

    Parameters
    ----------
    content : bytes
        A .qdpx, or the .qde out of one (then only texts that stand in it are there).
    notes : Notes
        Gathers what was left out, repaired or doubted.

    Raises
    ------
    InputError
        It is damaged, dangerous, or no REFI-QDA project.
    """
    package = Package(content, file) if content[:2] == b"PK" else None
    xml = package.project_xml() if package else content
    xml, illegal = without_illegal(xml)
    if illegal:
        notes.add("refi-characters", f"{counted(illegal, 'character')} that XML forbids were read as blanks.")
    root = parse_xml(xml, wanted="a REFI-QDA project", file=file)
    if local(root) != "Project":
        raise InputError(
            Problem("refi-kind", f"expected a REFI-QDA project, found an XML document <{local(root)[:40]}>.",
                    "A codebook alone ends in .qdc.", file=file)
        )  # fmt: skip
    for problem in reference_problems(root, package):
        notes.add(problem.rule, problem.message)
    return _Reader(package, notes, root).project()


class _Reader:
    """Reads one project element by element."""

    def __init__(self, package: Package | None, notes: Notes, root: etree._Element) -> None:
        self.package, self.notes, self.root = package, notes, root
        self.origin = root.get("origin", "")
        self._readings = Readings(notes, root.get("origin", ""))

    def project(self) -> Project:
        root, notes = self.root, self.notes
        known = namespace(root)
        if not known.lower().startswith("urn:qda-xml:project:"):
            notes.add("refi-namespace", f"the namespace is {known or 'missing'}; it was read as a REFI-QDA project.")
        sources = tuple(self._sources(child(root, "Sources")))
        project = Project(
            name=root.get("name", "").strip() or "project",
            origin=self.origin,
            description=text_of(child(root, "Description")),
            users=tuple(
                User(canonical(each.get("guid")), (each.get("name") or each.get("id") or "").strip())
                for each in children(child(root, "Users"), "User")
            ),
            codes=read_codes(child(child(root, "CodeBook"), "Codes"), notes),
            variables=tuple(map(variable_of, children(child(root, "Variables"), "Variable"))),
            cases=tuple(map(self._case, children(child(root, "Cases"), "Case"))),
            sources=sources,
            memos=tuple(self._memos(child(root, "Notes"))),
            sets=tuple(map(member_set, children(child(root, "Sets"), "Set"))),
            links=tuple(map(link_of, children(child(root, "Links"), "Link"))),
            notes=targets(root, "NoteRef"),
        )
        if graphs := sum(1 for _ in children(child(root, "Graphs"), "Graph")):
            notes.add("refi-graphs", f"left out: {graphs} graphs (networks drawn by hand); there is no place for them.")
        self._readings.say()
        return project

    def _sources(self, sources: etree._Element | None) -> Iterator[TextSource]:
        for element in children(sources):
            match local(element):
                case "TextSource":
                    yield from self._text(element, element)
                case "PDFSource":
                    yield from self._pdf(element)
                case "AudioSource" | "VideoSource":
                    yield from self._recording(element)
                case "PictureSource":
                    self._dropped(element, "a picture")

    def _pdf(self, element: etree._Element) -> Iterator[TextSource]:
        representation = child(element, "Representation")
        if representation is None:
            self._dropped(element, "a PDF without its text")
            return
        twins = {canonical(each.get("guid")) for each in children(representation, "PlainTextSelection")}
        lost = sum(canonical(each.get("guid")) not in twins for each in children(element, "PDFSelection"))
        if lost:
            self.notes.add(
                "refi-pdf-selection", f"left out: {counted(lost, 'selection')} of a part of a page; only text can be coded.",
                place=name_of(element),
            )  # fmt: skip
        for text in self._text(representation, element):
            self.notes.add("refi-pdf", "only the text of the PDF was taken, not its pages.", place=text.name)
            yield text

    def _recording(self, element: etree._Element) -> Iterator[TextSource]:
        self._dropped(element, "a recording (its transcripts are read as texts)" if child(element, "Transcript") is not None
                      else "a recording")  # fmt: skip
        for transcript in children(element, "Transcript"):
            yield from self._text(transcript, transcript, fallback=name_of(element))

    def _dropped(self, element: etree._Element, what: str) -> None:
        uses = sum(local(each) == "Coding" for each in element.iter() if not within(each, "Transcript", element))
        self.notes.add(
            "refi-source", f"left out: {what}" + (f", with {counted(uses, 'coding')}" if uses else "") + ".",
            place=name_of(element),
        )  # fmt: skip

    def _text(self, element: etree._Element, owner: etree._Element, fallback: str = "") -> Iterator[TextSource]:
        """The text in `element`; what stands around it (name, notes, values, codes of the whole) is that of `owner`."""
        name = (
            owner.get("name", "").strip() or element.get("name", "").strip() or fallback or file_stem(element) or "text"
        )
        raw = self._raw(element, name)
        if raw is None:
            return
        if element.get("richTextPath"):
            self.notes.add("refi-rich", "its styled twin was left out; codings rest on the plain text.", place=name)
        found = list(marked_selections(element))
        placed = place_marks(raw, [mark for _, mark in found], crlf=1 if self._counts_one() else 2)
        self._readings.take(raw, placed, name)
        yield TextSource(
            guid=canonical(owner.get("guid")),
            name=name,
            text=placed.text,
            description=text_of(child(owner, "Description")),
            user=user_of(owner),
            time=time_of(owner),
            selections=tuple(
                self._selection(each, mark, place) for (each, mark), place in zip(found, placed.places, strict=True)
            ),
            uses=tuple(use for each in dict.fromkeys((owner, element)) for use in uses_of(each)),
            notes=targets(owner, "NoteRef"),
            values=values_of(owner),
        )

    def _counts_one(self) -> bool:
        return any(name in self.origin.upper() for name in _ONE)

    def _selection(self, element: etree._Element, mark: Mark, place: tuple[int, int]) -> Selection:
        return Selection(
            guid=canonical(element.get("guid")),
            start=place[0],
            end=place[1],
            name=mark.name,
            description=text_of(child(element, "Description")),
            user=user_of(element),
            time=time_of(element),
            uses=tuple(uses_of(element)),
            notes=targets(element, "NoteRef"),
        )

    def _raw(self, element: etree._Element, name: str) -> str | None:
        """The text as it was counted, decoded and otherwise untouched; None, with a note, where there is none."""
        inside = child(element, "PlainTextContent")
        path = (element.get("plainTextPath") or "").strip()
        raw = self._file(path, name, told=inside is None) if path else None
        if raw is None and inside is not None:
            raw = text_of(inside)
        if raw is None and not path:
            rich = " (there is only rich text, whose offsets nobody can know)" if element.get("richTextPath") else ""
            self._missing(element, name, f"it has no plain text{rich}")
        elif raw is None:
            self._missing(element, name, "its text is not in the file")
        elif not raw.removeprefix("\ufeff").strip():
            self._missing(element, name, "its text is empty")
            return None
        return raw

    def _missing(self, element: etree._Element, name: str, why: str) -> None:
        uses = sum(local(each) == "Coding" for each in element.iter())
        self.notes.add("refi-no-text", f"left out, with {counted(uses, 'coding')}: {why}.", place=name)

    def _file(self, path: str, name: str, *, told: bool) -> str | None:
        scheme, _, rest = path.partition("://")
        if not rest:
            self.notes.add(
                "refi-path", f"the path “{path[:80]}” does not begin with internal://; it was read so.", place=name
            )
            rest = path
        elif scheme.lower() != "internal":
            self.notes.add("refi-external", f"“{path[:80]}” lies outside the file and was not opened.", place=name)
            return None
        content = self.package.source(rest.lstrip("/")) if self.package else None
        if content is None:
            if told:
                where = PurePosixPath(rest).name[:80]
                self.notes.add("refi-file", f"the file “{where}” is not in the package.", place=name)
            return None
        return self._decoded(content, name)

    def _decoded(self, content: bytes, name: str) -> str | None:
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        try:
            text = content.decode("utf-16" if wide else "utf-8")
        except UnicodeDecodeError as error:
            self.notes.add("refi-encoding", f"expected UTF-8, found byte {content[error.start]:#04x}.", place=name)
            return None
        if wide:
            self.notes.add("refi-encoding", "the text is in UTF-16, not in UTF-8 as the standard asks.", place=name)
        return text

    def _case(self, element: etree._Element) -> CaseEntry:
        return CaseEntry(
            guid=canonical(element.get("guid")),
            name=element.get("name", "").strip(),
            description=text_of(child(element, "Description")),
            codes=targets(element, "CodeRef"),
            values=values_of(element),
            sources=targets(element, "SourceRef"),
            selections=targets(element, "SelectionRef"),
        )

    def _memos(self, element: etree._Element | None) -> Iterator[MemoNote]:
        for note in children(element, "Note"):
            name = note.get("name", "").strip()
            inside, path = child(note, "PlainTextContent"), (note.get("plainTextPath") or "").strip()
            text = self._file(path, name or "note", told=inside is None) if path else None
            text = text_of(inside) if text is None else text
            own = text_of(child(note, "Description"))
            words = "\n".join(part for part in (text.removeprefix("\ufeff"), own) if part.strip())
            yield MemoNote(canonical(note.get("guid")), name, words.replace("\r\n", "\n"), user_of(note), time_of(note))
