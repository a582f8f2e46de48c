"""Texts that come in: documents, or statements and notes that one of our own exports wrote out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, get_args

from clustergov.casestudies.case import STATEMENTS, Case, Note, Statement
from clustergov.casestudies.coding.sheet import CASE
from clustergov.casestudies.documents.document import Consent, Document, DocumentEntry
from clustergov.casestudies.documents.passage import digest
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.cases_in import Cases, attributes_of
from clustergov.casestudies.exchange.elements import counted
from clustergov.casestudies.exchange.intake import Intake, NewDocument
from clustergov.casestudies.exchange.labelled import Lines, by_language, first
from clustergov.casestudies.exchange.naming import code_of, completed, unlike
from clustergov.casestudies.exchange.outward import unit_text
from clustergov.casestudies.exchange.refi import TextSource
from clustergov.casestudies.exchange.sidecar import Known
from clustergov.instruments.exchange import listed
from clustergov.language import Text, both

_RESERVED = (STATEMENTS, CASE)


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a source went.

    Attributes
    ----------
    text : str
        As the study has it, on which passages are anchored.
    units : Mapping
        Of statements and notes: code → where it stands in the text; empty for a document.
    changed : bool
        The study's text is another than that of the file.
    there : bool
        The study had it already.
    """

    case: str
    document: str
    text: str
    units: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    changed: bool = False
    there: bool = False


@dataclass(slots=True)
class Texts:
    """Sources by their place among those of the file → where they went, and what is new of them."""

    of: dict[int, Taken] = field(default_factory=dict)
    fresh: list[NewDocument] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


def take_texts(intake: Intake, cases: Cases) -> Texts:
    """Recognise texts by GUID, by the codes in their description, or by being equal; make documents of the others."""
    return _Taking(intake, cases).all()


class _Taking:
    def __init__(self, intake: Intake, cases: Cases) -> None:
        self.intake, self.cases, self.notes = intake, cases, intake.notes
        self.taken = Texts()
        self.documents: tuple[Document, ...] = intake.corpus.documents if intake.corpus else ()
        self._own = {intake.sidecar.guid("source", f"{each.case}/{each.code}"): each for each in self.documents}
        self._equal = {each.sha256: each for each in reversed(self.documents)}
        self._codes: dict[str, set[str]] = {}
        self._unsaid: list[str] = []

    def all(self) -> Texts:
        for place, source in enumerate(self.intake.project.sources):
            taken = self._units(source) or self._there(source) or self._new(source)
            self.taken.of[place] = taken
            if not taken.there:
                own = describing.lines_of(source.description, describing.DOCUMENT)
                name = "" if own or taken.units else source.name
                key = f"{taken.case}/{taken.document}"
                self.taken.known.append(Known("source", key, source.guid, name, source.time))
        if self._unsaid:
            self.notes.add(
                "refi-consent", f"the file does not say whether the speakers of {counted(len(self._unsaid), 'text')} agreed to be "
                f"shown: nothing of them is shown until documents.yml says so ({listed(self._unsaid)}).",
                fix="Write consent and attribution there.",
            )  # fmt: skip
        return self.taken

    def _units(self, source: TextSource) -> Taken | None:
        """Statements or a note, when the text is still the one that was made of them."""
        lines = describing.lines_of(source.description, describing.UNITS)
        code, case, units = first(lines, "units"), self._case_of(lines), describing.units_of(lines)
        text, places = unit_text(units, first(lines, "language"))
        if not code or case is None or text != source.text:
            if lines:
                self.notes.add("refi-units", "this is no longer the text of the statements that it was made of; it became a "
                               "document.", place=source.name)  # fmt: skip
            return None
        if case.case in self.cases.fresh and not case.units.get(code):
            case = self._with_units(case, code, units, lines) or case
        if not case.units.get(code):
            self.notes.add(
                "refi-units", f"the case “{case.case}” has no “{code}”; it became a document.", place=source.name
            )
            return None
        self._compare(case.units[code], units, source)
        there = case.case not in self.cases.fresh
        known = {key: place for key, place in places.items() if key in case.units[code]}
        return Taken(case.case, code, text, known, there=there)

    def _compare(self, there: Mapping[str, Statement], units: Sequence[Statement], source: TextSource) -> None:
        gone = [unit.code for unit in units if unit.code not in there]
        other = [unit.code for unit in units if unit.code in there and there[unit.code].text != unit.text]
        if gone:
            self.notes.add("refi-units", f"no longer in the study, so codings of them were left out: {listed(gone)}.",
                           place=source.name)  # fmt: skip
        if other:
            self.notes.add("refi-units", f"worded otherwise in the study now: {listed(other)}.", place=source.name,
                           fix="See that the codings still hold.")  # fmt: skip

    def _case_of(self, lines: Lines) -> Case | None:
        code = first(lines, "case")
        corpus = self.intake.corpus
        return self.cases.fresh.get(code) or (corpus.by_case.get(code) if corpus else None)

    def _with_units(self, case: Case, code: str, units: tuple[Statement, ...], lines: Lines) -> Case | None:
        """The new case with its statements, or a note, made again; None when the file does not hold them whole."""
        known = {key for each in case.units.values() for key in each}
        codes = [unit.code for unit in units]
        if not units or len(set(codes)) < len(codes) or known & set(codes) or not all(map(self._cites(case), units)):
            return None
        if code == STATEMENTS:
            fresh = case.model_copy(update={"statements": units})
        else:
            title = Text(by_language(lines, "title") or {self.intake.language: code})
            note = Note(code=code_of(code, "note"), title=title, label="paraphrase", paragraphs=units)
            fresh = case.model_copy(update={"notes": (*case.notes, note)})
        # What a model computed once belongs to the copy that it was computed for.
        self.cases.fresh[case.case] = fresh = Case.model_validate(fresh.model_dump(by_alias=True))
        return fresh

    @staticmethod
    def _cites(case: Case) -> Any:
        def listed_sources(unit: Statement) -> bool:
            return bool(unit.source) and all(key in case.sources for key in unit.source)

        return listed_sources

    def _there(self, source: TextSource) -> Taken | None:
        """The document of the study that a source is."""
        lines = describing.lines_of(source.description, describing.DOCUMENT)
        named = (first(lines, "case"), first(lines, "document"))
        document = (
            self._own.get(source.guid)
            or next((each for each in self.documents if (each.case, each.code) == named), None)
            or self._equal.get(digest(source.text))
        )
        if document is None:
            return None
        changed = document.text != source.text
        if changed:
            self.notes.add("refi-text", "its text is another than that of the study; passages were looked up in the study's.",
                           place=f"{document.case}/{document.code}")  # fmt: skip
        return Taken(document.case, document.code, document.text, changed=changed, there=True)

    def _new(self, source: TextSource) -> Taken:
        lines = describing.lines_of(source.description, describing.DOCUMENT)
        case = self._holder(source, lines)
        name = first(lines, "document") or PurePosixPath(source.name.replace("\\", "/")).name
        stem = name.rsplit(".", 1)[0] if "." in name[-6:] else name
        taken = self._taken(case)
        code = unlike(code_of(stem, "text"), taken)
        taken.add(code)
        entry = self._entry(source, lines, code)
        self.taken.fresh.append(NewDocument(case, entry, source.text))
        return Taken(case, code, source.text)

    def _holder(self, source: TextSource, lines: Lines) -> str:
        named = self._case_of(lines)
        if named is not None:
            return named.case
        return self.cases.holder.get(source.guid) or self.cases.default(self.intake)

    def _taken(self, case: str) -> set[str]:
        if case not in self._codes:
            corpus = self.intake.corpus
            there = self.cases.fresh.get(case) or (corpus.by_case[case] if corpus else None)
            codes = {each.code for each in self.documents if each.case == case}
            self._codes[case] = {*_RESERVED, *codes, *(there.units if there else ())}
        return self._codes[case]

    def _entry(self, source: TextSource, lines: Lines, code: str) -> DocumentEntry:
        language, languages = self.intake.language, self.intake.languages
        consent = first(lines, "consent")
        if not lines:
            self._unsaid.append(code)
            if source.description.strip() and not describing.lines_of(source.description, describing.UNITS):
                self.notes.add(
                    "refi-description", f"left out, what the file says of it: {source.description.strip()}", place=code
                )
        title = Text(by_language(lines, "title") or {language: source.name})
        mark: Any = first(lines, "mark")
        values = (*source.values, *self.cases.values.get(source.guid, ()))
        agreed: Any = consent if consent in get_args(Consent) else "not given"
        return DocumentEntry(
            code=code,
            file=f"documents/{code}.txt",
            title=completed(title, languages),
            language=first(lines, "language") or language,
            consent=agreed,
            attribution=completed(Text(by_language(lines, "attribution")) or both("exchange.not_known"), languages),
            mark=mark if mark in ("P", "S", "D", "U") else "P",
            sha256=digest(source.text),
            attributes=attributes_of(values, "document", self.intake, code),
        )
