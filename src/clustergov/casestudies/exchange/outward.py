"""A study's case studies as a REFI-QDA project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clustergov import __version__
from clustergov.casestudies.case import Case, Statement
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.sheet import CASE
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.labelled import write_labelled
from clustergov.casestudies.exchange.left_out import say_illegal, say_left, say_withheld
from clustergov.casestudies.exchange.moment import UNKNOWN, moment
from clustergov.casestudies.exchange.refi import (
    CaseEntry,
    Code,
    CodeUse,
    MemoNote,
    Project,
    Selection,
    TextSource,
    User,
    Value,
    Variable,
    VariableKind,
)
from clustergov.casestudies.exchange.sheet_memos import Memos, memo_text
from clustergov.casestudies.exchange.sidecar import Sidecar
from clustergov.instruments.exchange import Notes

NAME_LENGTH = 100
"""Characters of a selection that stand in its name, so that shifted offsets show."""

BETWEEN = "\n\n"
"""Between two statements or paragraphs in the text that is made of them."""


def origin() -> str:
    """This program, as files name what wrote them."""
    return f"clustergov {__version__}"


def to_project(
    corpus: Corpus, sidecar: Sidecar, notes: Notes, *, language: str, withheld: bool = False, memos: Memos | None = None
) -> Project:
    """The project that holds codebook, cases, texts and codings.

    Parameters
    ----------
    sidecar : Sidecar
        Gives every thing its GUID.
    notes : Notes
        Gathers what the format does not hold.
    language : str
        Of names and of the text that is made of statements and notes; other languages stand in descriptions.
    withheld : bool
        Whether documents whose speakers did not agree go along.
    memos : mapping, optional
        About whole documents and cases.
    """
    return _Outward(corpus, sidecar, notes, language, withheld, memos or {}).project()


def to_codes(corpus: Corpus, sidecar: Sidecar, language: str) -> tuple[Code, ...]:
    """The concepts as codes, each after the one above it; equal names are told apart by their code."""
    codebook = corpus.codebook
    names = Counter(concept.name.to(language).casefold() for concept in codebook.concepts)
    codes = []
    for _, concept in codebook.tree():
        name = concept.name.to(language)
        if names[name.casefold()] > 1:
            name = f"{name} ({concept.code})"
        codes.append(
            Code(
                guid=sidecar.guid("code", concept.code),
                name=name,
                codable=concept.codable,
                colour=concept.colour,
                description=write_labelled(describing.concept_lines(concept, language)),
                parent=sidecar.guid("code", concept.parent) if concept.parent else "",
            )
        )
    return tuple(codes)


def unit_text(units: Iterable[Statement], language: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The statements, or the paragraphs of a note, as one text, and where each stands in it."""
    places: dict[str, tuple[int, int]] = {}
    position, parts = 0, []
    for unit in units:
        words = unit.text.to(language).replace("\r\n", "\n").replace("\r", "\n")
        places[unit.code] = (position, position + len(words))
        parts.append(words)
        position += len(words) + len(BETWEEN)
    return BETWEEN.join(parts), places


def key_of(coding: Coding) -> str:
    """What tells a coding from all others of a study."""
    return "/".join((coding.case, coding.document, coding.coder, str(coding.round), coding.where, coding.concept))


class _Outward:
    def __init__(
        self, corpus: Corpus, sidecar: Sidecar, notes: Notes, language: str, withheld: bool, memos: Memos
    ) -> None:
        self.memos = memos
        self.corpus, self.sidecar, self.notes, self.language = corpus, sidecar, notes, language
        self.documents = [each for each in corpus.documents if each.quotable or withheld]
        self._codings: dict[tuple[str, str], list[Coding]] = {}
        for coding in corpus.codings:
            self._codings.setdefault((coding.case, coding.document), []).append(coding)
        self._memos: list[MemoNote] = []
        say_withheld(corpus, notes, withheld=withheld)

    def project(self) -> Project:
        corpus, codebook = self.corpus, self.corpus.codebook
        variables = self._variables()
        cases = tuple(self._case(case, variables) for case in corpus.cases)
        sources = tuple(self._sources(variables))
        say_left(corpus, self.notes)
        project = Project(
            name=codebook.title.to(self.language),
            origin=origin(),
            description=write_labelled(describing.project_lines(corpus, self.language)),
            users=tuple(self._users()),
            codes=to_codes(corpus, self.sidecar, self.language),
            variables=tuple(variables.values()),
            cases=cases,
            sources=sources,
            notes=tuple(note for case in corpus.cases for note in self._about(case.case, CASE)),
            memos=tuple(sorted(self._memos, key=lambda memo: memo.guid)),
        )
        say_illegal(project, self.notes)
        return project

    def _users(self) -> Iterator[User]:
        coders = {coding.coder for coding in self.corpus.codings} | {head.coder for head in self.memos}
        for coder in sorted(coders):
            known = self.sidecar.of("user", coder)
            yield User(self.sidecar.guid("user", coder), known.name if known and known.name else coder)

    def _sources(self, variables: Mapping[str, Variable]) -> Iterator[TextSource]:
        for case in self.corpus.cases:
            for code, units in case.units.items():
                if units:
                    yield self._units(case, code)
            for document in self.documents:
                if document.case == case.case:
                    yield self._document(document, variables)

    def _units(self, case: Case, code: str) -> TextSource:
        text, places = unit_text(case.units[code].values(), self.language)
        selections = []
        for coding in self._codings.get((case.case, code), ()):
            statement = self.corpus.statement(coding)
            citation = case.citation(statement, self.language) if statement else ""
            lines = describing.coding_lines(coding, statement, citation)
            selections.append(self._selection(coding, text, places[coding.at], lines))
        return TextSource(
            guid=self.sidecar.guid("source", f"{case.case}/{code}"),
            name=f"{case.case} {code}",
            text=text,
            description=write_labelled(describing.unit_lines(case, code, self.language)),
            selections=tuple(sorted(selections, key=_order)),
            notes=self._about(case.case, code),
        )

    def _document(self, document: Document, variables: Mapping[str, Variable]) -> TextSource:
        key = f"{document.case}/{document.code}"
        selections = [
            self._selection(coding, document.text, (coding.passage.start, coding.passage.end),
                            describing.coding_lines(coding, None, ""))
            for coding in self._codings.get((document.case, document.code), ()) if coding.passage is not None
        ]  # fmt: skip
        known = self.sidecar.of("source", key)
        return TextSource(
            guid=self.sidecar.guid("source", key),
            name=known.name if known and known.name else f"{document.case} {document.code}",
            text=document.text,
            description=write_labelled(describing.document_lines(document)),
            time=moment(known.time) if known else "",
            selections=tuple(sorted(selections, key=_order)),
            notes=self._about(document.case, document.code),
            values=_values(_attributes(document), variables),
        )

    def _selection(
        self, coding: Coding, text: str, place: tuple[int, int], lines: Sequence[tuple[str, str]]
    ) -> Selection:
        key = key_of(coding)
        known, user = self.sidecar.of("coding", key), self.sidecar.guid("user", coding.coder)
        made = self.corpus.made.get((coding.case, coding.document, coding.round, coding.coder, *coding.key), "")
        time = moment(made) or (moment(known.time) if known else "")
        use = CodeUse(self.sidecar.guid("coding", key), self.sidecar.guid("code", coding.concept), user, time)
        if coding.memo:
            guid = self.sidecar.guid("memo", key)
            self._memos.append(MemoNote(guid, "memo", coding.memo.to(self.language), user, time or UNKNOWN))
            use = replace(use, notes=(guid,))
        return Selection(
            guid=self.sidecar.guid("selection", key),
            start=place[0],
            end=place[1],
            name=text[place[0] : place[1]][:NAME_LENGTH],
            description=write_labelled(lines),
            user=user,
            time=time,
            uses=(use,),
        )

    def _about(self, case: str, document: str) -> tuple[str, ...]:
        """Notes for the memos about a whole document or case; their GUIDs."""
        guids = []
        for head, memo in sorted(self.memos.items(), key=lambda each: (each[0].coder, each[0].round)):
            if (head.case, head.document) == (case, document):
                key = "/".join((case, document, head.coder, str(head.round)))
                guids.append(guid := self.sidecar.guid("sheet", key))
                user = self.sidecar.guid("user", head.coder)
                self._memos.append(MemoNote(guid, f"memo {case} {document}", memo_text(head, memo), user, UNKNOWN))
        return tuple(guids)

    def _case(self, case: Case, variables: Mapping[str, Variable]) -> CaseEntry:
        sources = [code for code, units in case.units.items() if units]
        sources += [document.code for document in self.documents if document.case == case.case]
        return CaseEntry(
            guid=self.sidecar.guid("case", case.case),
            name=case.title.to(self.language),
            description=write_labelled(describing.case_lines(case)),
            values=_values(_attributes(case), variables),
            sources=tuple(self.sidecar.guid("source", f"{case.case}/{code}") for code in sources),
        )

    def _variables(self) -> dict[str, Variable]:
        kinds: dict[str, VariableKind] = {}
        owners: list[Case | Document] = [*self.corpus.cases, *self.documents]
        for owner in owners:
            for name, value in _attributes(owner).items():
                kind = _kind(value)
                kinds[name] = kind if kinds.get(name, kind) == kind else "Text"
        return {name: Variable(self.sidecar.guid("variable", name), name, kind) for name, kind in sorted(kinds.items())}


def _order(selection: Selection) -> tuple[int, int, str, str]:
    return selection.start, selection.end, selection.user, selection.guid


def _attributes(owner: Case | Document) -> Mapping[str, str | int | float | bool]:
    found: Mapping[str, str | int | float | bool] = getattr(owner, "attributes", {})
    return found


def _kind(value: str | int | float | bool) -> VariableKind:
    if isinstance(value, bool):
        return "Boolean"
    return "Integer" if isinstance(value, int) else "Float" if isinstance(value, float) else "Text"


def _values(attributes: Mapping[str, str | int | float | bool], variables: Mapping[str, Variable]) -> tuple[Value, ...]:
    return tuple(
        Value(variables[name].guid, _spelled(value, variables[name].kind)) for name, value in sorted(attributes.items())
    )


def _spelled(value: str | int | float | bool, kind: VariableKind) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # A decimal of the schema has no exponent.
    return f"{value:.17f}".rstrip("0").rstrip(".") if kind == "Float" and "e" in repr(value) else str(value)
