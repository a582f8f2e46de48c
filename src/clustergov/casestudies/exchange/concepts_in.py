"""Codes that come in become concepts, or are recognised as concepts of the study."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clustergov.casestudies.codebook import Codebook, Concept
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.intake import Intake
from clustergov.casestudies.exchange.labelled import Lines, by_language, first
from clustergov.casestudies.exchange.naming import code_of, completed, unlike
from clustergov.casestudies.exchange.refi import Code
from clustergov.casestudies.exchange.sidecar import Known
from clustergov.instruments.exchange import listed
from clustergov.instruments.questionnaire import Source
from clustergov.language import LANGUAGES, Text, both

RULES = ("definition", "include", "exclude")


@dataclass(slots=True)
class Concepts:
    """The codebook with what came in.

    Attributes
    ----------
    of : dict
        GUID of a code → code of the concept.
    """

    codebook: Codebook
    of: dict[str, str] = field(default_factory=dict)
    known: list[Known] = field(default_factory=list)


def take_concepts(intake: Intake) -> Concepts:
    """Recognise codes by their GUID, by the code in their description, or by their name; make concepts of the others."""
    return _Taking(intake).all()


class _Taking:
    def __init__(self, intake: Intake) -> None:
        self.intake, self.notes = intake, intake.notes
        self.codes = [code for code in intake.project.codes if not self._is_case(code)]
        self.by_code: dict[str, Concept] = dict(intake.corpus.codebook.by_code) if intake.corpus else {}
        self.taken = Concepts(_codebook(intake))
        # A code on which nothing hangs is looked up by where it stands.
        self._above = {code.guid: code.parent for code in intake.project.codes}
        self._used = {use.code for source in intake.project.sources for use in source.uses}
        self._used |= {
            use.code for source in intake.project.sources for selection in source.selections for use in selection.uses
        }
        self._own = {intake.sidecar.guid("code", code): code for code in self.by_code}
        self._names: dict[str, list[str]] = {}
        for concept in self.by_code.values():
            for name in concept.name.values():
                self._names.setdefault(_plain(name), []).append(concept.code)

    def all(self) -> Concepts:
        fresh, by_name = [], []
        for code in self.codes:
            lines = describing.lines_of(code.description, describing.CODE)
            found = self._own.get(code.guid) or (
                name if (name := first(lines, "code")) in self.by_code and self.intake.corpus else ""
            )
            if not found and self.intake.corpus and len(same := set(self._names.get(_plain(code.name), ()))) == 1:
                found = same.pop()
                by_name.append(found)
            # Two codes of the file never become one concept.
            if found and found not in self.taken.of.values():
                self.taken.of[code.guid] = found
                self._compare(code, self.by_code[found])
            else:
                concept = self._concept(code, lines)
                self.by_code[concept.code] = concept
                self.taken.of[code.guid] = concept.code
                fresh.append(concept)
                self.taken.known.append(Known("code", concept.code, code.guid))
        self._say(fresh, by_name)
        self.taken.codebook = _with(self.taken.codebook, fresh, self.intake)
        return self.taken

    def _compare(self, code: Code, concept: Concept) -> None:
        names = {_plain(each) for name in concept.name.values() for each in (name, f"{name} ({concept.code})")}
        if _plain(code.name) not in names:
            self.notes.add(
                "refi-renamed",
                f"it is called “{code.name}” in the file; the study's name was kept.",
                place=concept.code,
            )

    def _is_case(self, code: Code) -> bool:
        return any(case.guid == code.guid for case in self.intake.project.cases)

    def _concept(self, code: Code, lines: Lines) -> Concept:
        fields: dict[str, Any] = describing.concept_fields(lines) if lines else self._foreign(code)
        wanted = fields.pop("code", "") or code_of(code.name, "code")
        if wanted != code_of(wanted, "code"):
            wanted = code_of(wanted, "code")
        own = unlike(wanted, self.by_code)
        if lines:
            self._renamed(fields, code, lines)
        name = self._name(fields.get("name") or Text({self.intake.language: code.name}), self._parent(code))
        memos = self.intake.memo(*code.notes)
        if memos:
            language = self.intake.language
            fields["memo"] = Text({**fields.get("memo", {}), language: "\n\n".join(
                [*filter(None, [fields.get("memo", Text({})).get(language, "")]), *memos])})  # fmt: skip
        codable = code.codable or code.guid in self._used
        if codable and not code.codable:
            self.notes.add("refi-folder-coded", "a folder was given to passages; it became a concept.", place=code.name)
        fields |= {"code": own, "name": name, "parent": self._parent(code), "codable": codable, "colour": code.colour}
        fields.setdefault("source", ())
        fields.setdefault("mark", "U" if codable else "D")
        languages = self.intake.languages
        for label in (*RULES, "memo", "name"):
            if label in fields:
                fields[label] = completed(fields[label], languages)
        fields["examples"] = tuple(completed(each, languages) for each in fields.get("examples", ()))
        return Concept.model_construct(**{**_defaults(), **fields})

    def _foreign(self, code: Code) -> dict[str, Any]:
        words = code.description.strip()
        return {"definition": Text({self.intake.language: words})} if words else {}

    def _renamed(self, fields: dict[str, Any], code: Code, lines: Lines) -> None:
        language = first(lines, "language") or self.intake.language
        names = dict(by_language(lines, "name"))
        written = names.get(language, "")
        if code.name not in (" ".join(written.split()), f"{' '.join(written.split())} ({first(lines, 'code')})"):
            self.notes.add(
                "refi-renamed",
                f"“{written}” is called “{code.name}” in the file; the new name counts.",
                place=code.name,
            )
            fields["name"] = Text({**names, language: code.name})

    def _parent(self, code: Code) -> str:
        above = code.parent
        while above and above not in self.taken.of:
            above = self._above.get(above, "")
        return self.taken.of.get(above, "")

    def _name(self, name: Text, parent: str) -> Text:
        """A name that no other concept under the same parent has."""
        others = {
            (language, _plain(words)) for concept in self.by_code.values() if concept.parent == parent
            for language, words in concept.name.items()
        }  # fmt: skip
        completed_ = completed(name, self.intake.languages)
        new = {}
        for language, words in completed_.items():
            new[language], number = words, 2
            while (language, _plain(new[language])) in others:
                new[language], number = f"{words} ({number})", number + 1
        if new != dict(completed_):
            self.notes.add(
                "refi-name",
                "another code at the same place has this name; it got a number.",
                place=next(iter(name.values())),
            )
        return Text(new)

    def _say(self, fresh: list[Concept], by_name: list[str]) -> None:
        if self.intake.corpus is None:
            return
        if by_name:
            self.notes.add("refi-by-name", f"recognised by nothing but their name: {listed(by_name)}.",
                           fix="See that they mean what the study means.")  # fmt: skip
        if fresh:
            self.notes.add("refi-new-concepts", f"new in the codebook: {listed([concept.code for concept in fresh])}.")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _defaults() -> dict[str, Any]:
    return {name: field.default for name, field in Concept.model_fields.items() if not field.is_required()}


def _codebook(intake: Intake) -> Codebook:
    if intake.corpus is not None:
        return intake.corpus.codebook
    lines, project = intake.lines, intake.project
    title = by_language(lines, "title") or {intake.language: project.name or intake.stem}
    return Codebook(
        codebook=first(lines, "codebook") or code_of(project.name or intake.stem, "imported"),
        version=first(lines, "version") or "1",
        title=completed(Text(title), intake.languages),
        languages=intake.languages,
        caveats=describing.caveats_of(lines),
        origin=first(lines, "origin"),
        sources=describing.sources_of(lines),
        concepts=(),
    )


def _with(codebook: Codebook, fresh: list[Concept], intake: Intake) -> Codebook:
    cited = {key for concept in fresh for key in concept.source}
    fresh = [concept.model_copy(update={"source": tuple(key for key in concept.source if key in codebook.sources)})
             for concept in fresh]  # fmt: skip
    if cited - set(codebook.sources):
        intake.notes.add(
            "refi-sources", f"not listed, so no longer cited: {listed(sorted(cited - set(codebook.sources)))}."
        )
    lacking = [concept for concept in fresh if concept.codable and not all(
        (concept.source, concept.definition, concept.include, concept.exclude, concept.examples))]  # fmt: skip
    update: dict[str, Any] = {}
    if lacking and not codebook.origin and intake.corpus is None:
        update["origin"] = f"imported from {intake.origin}"
    elif lacking and not codebook.origin:
        fresh = [_to_write(concept, codebook, intake) for concept in fresh]
        update["sources"] = {**codebook.sources, **_imported(intake)}
    return codebook.model_copy(update=update | {"concepts": (*codebook.concepts, *fresh)})


def _imported(intake: Intake) -> dict[str, Any]:
    return {"imported": Source(citation="", description=both("exchange.imported", origin=intake.origin))}


def _to_write(concept: Concept, codebook: Codebook, intake: Intake) -> Concept:
    """In a codebook of one's own every concept has rules: those that did not come along are still to be written."""
    if not concept.codable:
        return concept
    words = completed(both("exchange.to_write", origin=intake.origin), codebook.languages)
    words = Text({language: words[language] for language in (*codebook.languages, *LANGUAGES) if language in words})
    update: dict[str, Any] = {name: words for name in RULES if not getattr(concept, name)}
    if not concept.examples:
        update["examples"] = (words,)
    if not concept.source:
        update["source"] = ("imported",)
    return concept.model_copy(update=update)
