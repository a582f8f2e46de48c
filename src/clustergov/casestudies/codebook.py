"""The codebook: which concepts are coded, what each one takes in and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator

from clustergov.casestudies.codebook_rules import hierarchy_problems, name_problems, rule_problems
from clustergov.instruments.questionnaire import Mark, Source
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions
from clustergov.yaml_file import read as read_yaml


class Sourced(Entry):
    """Base of what is known from somewhere.

    Attributes
    ----------
    source : tuple of str
        Keys of the file's own list of sources, at least one; a single key needs no brackets in YAML.
    mark : {"P", "S", "D", "U"}
        How sure it is; U is never a finding.
    """

    source: tuple[str, ...]
    mark: Mark

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


NOTHING = Text({})
"""A text that was not given."""


class Concept(Sourced):
    """One concept of the codebook, or a folder of concepts.

    Attributes
    ----------
    parent : str
        Code of the concept or folder under which it stands; empty at the top.
    codable : bool
        False: a folder, which orders concepts and is never given to a passage; it needs a code and a name only.
    colour : str
        As ``#rrggbb``, for the coding page; empty: the page chooses one. It never carries meaning by itself.
    definition, include, exclude : Text
        What it means; what a coder takes in; what looks alike but is left out (and where it goes instead). Empty for
        folders, and where a codebook with an `origin` does not say; ``codebook_rules.cautions`` tells.
    examples : tuple of Text
        Of our own making; no passage of any document. In the file also a single `example`.
    memo : Text
        How the concept came about and was sharpened.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    parent: str = ""
    codable: bool = True
    colour: str = Field(default="", pattern=r"^(#[0-9a-fA-F]{6})?$")
    name: Text
    definition: Text = NOTHING
    include: Text = NOTHING
    exclude: Text = NOTHING
    examples: tuple[Text, ...] = ()
    memo: Text = NOTHING

    @model_validator(mode="before")
    @classmethod
    def _forms(cls, value: Any) -> Any:
        """Read a single `example` as a list of one; a folder cites nothing."""
        if not isinstance(value, dict):
            return value
        value = dict(value)
        if "example" in value:
            if "examples" in value:
                raise ValueError("expected `example` or `examples`, found both")
            value["examples"] = [value.pop("example")]
        if value.get("codable") is False:
            value.setdefault("source", ())
            value.setdefault("mark", "D")
        return value

    @property
    def example(self) -> Text:
        """The first example; empty where there is none."""
        return self.examples[0] if self.examples else NOTHING


class Remark(Entry):
    """A caveat that is shown wherever the material is shown."""

    code: str
    text: Text


class Codebook(Entry):
    """The concepts of a set of case studies.

    Attributes
    ----------
    origin : str
        Which software a codebook was imported from; such a one may lack rules, sources and marks (then U).
    languages : tuple of str
        In which every text of codebook and cases stands.
    """

    codebook: str
    origin: str = ""
    version: str = Field(coerce_numbers_to_str=True)
    title: Text
    languages: tuple[str, ...]
    caveats: tuple[Remark, ...] = ()
    sources: dict[str, Source]
    concepts: tuple[Concept, ...]

    @model_validator(mode="before")
    @classmethod
    def _imported(cls, value: Any) -> Any:
        """Let the concepts of an imported codebook come without sources and marks."""
        if not (isinstance(value, dict) and value.get("origin") and isinstance(value.get("concepts"), list)):
            return value
        missing: dict[str, Any] = {"source": (), "mark": "U"}
        return value | {"concepts": [missing | c if isinstance(c, dict) else c for c in value["concepts"]]}

    @cached_property
    def by_code(self) -> dict[str, Concept]:
        return {concept.code: concept for concept in self.concepts}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(concept.code for concept in self.concepts)

    @cached_property
    def codable(self) -> tuple[Concept, ...]:
        """The concepts that may be given to a passage, in the order of the file; folders are left out."""
        return tuple(concept for concept in self.concepts if concept.codable)

    def children(self, code: str = "") -> tuple[str, ...]:
        """Codes that stand directly under `code`, in the order of the file; those at the top without it."""
        return tuple(concept.code for concept in self.concepts if concept.parent == code)

    def descendants(self, code: str) -> tuple[str, ...]:
        """Codes under `code` at any depth, a concept before what stands under it; `code` itself is left out."""
        return tuple(below for child in self.children(code) for below in (child, *self.descendants(child)))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes above `code`, the nearest first."""
        parent = self.by_code[code].parent
        return (parent, *self.ancestors(parent)) if parent else ()

    def path(self, code: str, language: str) -> str:
        """The name of a concept behind those of what it stands under: ``Governance › Trust``."""
        names = [self.by_code[above].name.to(language) for above in reversed(self.ancestors(code))]
        return " › ".join([*names, self.by_code[code].name.to(language)])

    def tree(self) -> tuple[tuple[int, Concept], ...]:
        """Depth from 0 and concept, each before what stands under it."""
        return tuple(
            (len(self.ancestors(code)), self.by_code[code])
            for top in self.children()
            for code in (top, *self.descendants(top))
        )


def read(path: Path | str) -> Codebook:
    """Read a codebook.

    Raises
    ------
    InputError
        With every mistake: unknown or missing keys, a concept twice, a source that is not listed, a missing language, a
        parent that does not exist or stands under its own child, two names alike under one parent.
    """
    codebook, positions = read_yaml(path, Codebook, wanted="a codebook")
    problems = [
        *duplicates(positions, [(("concepts", i, "code"), c.code) for i, c in enumerate(codebook.concepts)], "concept"),
        *missing_languages(codebook, positions, codebook.languages),
        *hierarchy_problems(codebook, positions),
        *name_problems(codebook, positions),
    ]
    for index, concept in enumerate(codebook.concepts):
        problems += rule_problems(concept, index, codebook, positions)
        if (concept.codable and not codebook.origin) or concept.source:
            problems += unknown_sources(concept, ("concepts", index), codebook.sources, positions)
    if problems:
        raise InputError(problems)
    return codebook


def duplicates(positions: Positions, codes: list[tuple[Place, str]], what: str) -> Iterator[Problem]:
    """A problem per code that stands a second time."""
    seen: set[str] = set()
    for place, code in codes:
        if code in seen:
            yield positions.problem(
                place, "duplicate-code", f"the {what} “{code}” stands twice.", "Give each its own code."
            )
        seen.add(code)


def unknown_sources(entry: Sourced, place: Place, known: dict[str, Source], positions: Positions) -> Iterator[Problem]:
    """A problem when nothing is cited, and one per cited key that the file does not list."""
    if not entry.source:
        yield positions.problem(
            (*place, "source"), "no-source", "expected at least one source, found none.",
            "Name the key of a source that this file lists.",
        )  # fmt: skip
    yield from unlisted(entry.source, place, known, positions)


def unlisted(keys: tuple[str, ...], place: Place, known: dict[str, Source], positions: Positions) -> Iterator[Problem]:
    """A problem per cited key that the file does not list."""
    for key in keys:
        if key not in known:
            yield positions.problem(
                (*place, "source"), "unknown-source", f"the source “{key}” is not listed in this file.",
                f"List it under `sources`, or name one of: {', '.join(known) or '(none)'}.",
            )  # fmt: skip


def missing_languages(value: object, positions: Positions, languages: tuple[str, ...]) -> Iterator[Problem]:
    """A problem per text that lacks one of the languages."""
    for place, text in texts(value, ()):
        lacking = [language for language in languages if language not in text]
        if lacking:
            yield positions.problem(
                place, "missing-language", f"the text is not there in: {', '.join(lacking)}.",
                f"Every text here stands in {' and '.join(languages)}.",
            )  # fmt: skip


def texts(value: object, place: Place = ()) -> Iterator[tuple[Place, Text]]:
    """Every text in an entry or under it, with its place in the file."""
    if isinstance(value, Text):
        if value:
            yield place, value
    elif isinstance(value, Entry):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), (*place, name.replace("_", " ")))
    elif isinstance(value, tuple):
        for index, child in enumerate(value):
            yield from texts(child, (*place, index))
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from texts(child, (*place, key))
