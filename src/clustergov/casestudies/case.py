"""A case: what it is, what must be kept in mind about it, statements with their sources, notes, and its portrait.

The portrait (timeline, actors, governance, vision, funding, episodes, rules) restates in order what statements and
notes tell; only statements and the paragraphs of notes are coded, so that one fact is not counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.casestudies.attribute import AttributeValue
from clustergov.casestudies.codebook import (
    Remark,
    Sourced,
    duplicates,
    missing_languages,
    texts,
    unknown_sources,
    unlisted,
)
from clustergov.casestudies.happening import Dated, Episode, Funding, Happening, years
from clustergov.casestudies.network import Actor, Relation, network_problems
from clustergov.casestudies.profile import KnownValue, profile_problems
from clustergov.casestudies.reading import Governance, Reading, RuleReading, reading_problems, rule_problems
from clustergov.instruments.questionnaire import Source
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions
from clustergov.yaml_file import read as read_yaml

About = Literal["case", "context", "contrast"]
"""What a statement is about: the case itself, its surroundings, or another case put beside it for contrast."""

STATEMENTS = "statements"
"""Name under which the statements of a case are coded; no note or document may have it."""

_OPENING, _CLOSING = "\"'“„”‘‚«»‹›", "\"'“”‘’«»‹›"


class Statement(Sourced):
    """One thing known about a case, in our own words.

    Attributes
    ----------
    code : str
        Unique within the case, across statements and the paragraphs of notes.
    about : {"case", "context", "contrast"}
        A contrast tells about another organisation and is never evidence on the case.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    text: Text
    about: About = "case"


class Note(Entry):
    """A case note: a paraphrase in our own words, never set in quotation marks. Each paragraph can be coded."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: Text
    label: Literal["paraphrase"]
    paragraphs: tuple[Statement, ...]


class Case(Entry):
    """One case.

    Attributes
    ----------
    case : str
        Its code: the name of its folder.
    subject : Text
        What it is a case of.
    period : Text
        The years that the material covers.
    contrast : bool
        Put beside the other cases for comparison; not one of those that the study is about.
    caveats : tuple of Remark
        Shown wherever the case is shown.
    respondent : str
        The response that answers for this case in the survey; empty: none.
    link_consent : bool
        The organisation agreed that this response is shown beside its name; without it nothing of the response is.
    profile : tuple of KnownValue
        What is publicly known of it on the drivers that the survey measures.
    timeline, vision, funding, episodes : tuple
        In any order; a reader sees them by year.
    rules : tuple of RuleReading
        What the case says on each of the study's rules; empty: not read.
    """

    case: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: Text
    subject: Text
    period: Text
    contrast: bool = False
    respondent: str = Field(default="", coerce_numbers_to_str=True)
    link_consent: bool = False
    profile: tuple[KnownValue, ...] = ()
    caveats: tuple[Remark, ...] = ()
    sources: dict[str, Source]
    statements: tuple[Statement, ...] = ()
    timeline: tuple[Happening, ...] = ()
    actors: tuple[Actor, ...] = ()
    relations: tuple[Relation, ...] = ()
    governance: Governance | None = None
    vision: tuple[Happening, ...] = ()
    funding: tuple[Funding, ...] = ()
    episodes: tuple[Episode, ...] = ()
    rules: tuple[RuleReading, ...] = ()
    notes: tuple[Note, ...] = ()
    attributes: dict[str, AttributeValue] = {}

    @cached_property
    def units(self) -> dict[str, dict[str, Statement]]:
        """What can be coded: document (`statements` or a note's code) → code → statement or paragraph."""
        return {
            STATEMENTS: {statement.code: statement for statement in self.statements},
            **{note.code: {paragraph.code: paragraph for paragraph in note.paragraphs} for note in self.notes},
        }

    def sourced(self) -> Iterator[tuple[Place, Sourced]]:
        """Everything that names its sources and carries a mark, with its place in the file."""
        yield from _units(self)
        for name in ("profile", "timeline", "actors", "relations", "vision", "funding", "episodes"):
            for index, entry in enumerate(getattr(self, name)):
                yield (name, index), entry

    def readings(self) -> Iterator[tuple[Place, Reading]]:
        """Every question put to the case, with its place in the file."""
        if self.governance is not None:
            for name, reading in self.governance.parts().items():
                yield ("governance", name.replace("_", " ")), reading
        for index, rule in enumerate(self.rules):
            yield ("rules", index), rule

    @cached_property
    def cited(self) -> frozenset[str]:
        """Keys of the sources that anything in the case rests on."""
        keys = {key for _, entry in self.sourced() for key in entry.source}
        return frozenset(keys | {key for _, reading in self.readings() for key in reading.source})

    def citation(self, statement: Sourced, language: str) -> str:
        """The sources of a statement as a reader sees them."""
        return "; ".join(self.sources[key].located(language) for key in statement.source)


def read(path: Path | str, *, languages: tuple[str, ...] = ()) -> Case:
    """Read a case; every text must stand in each of `languages`.

    Raises
    ------
    InputError
        With every mistake in the file.
    """
    case, positions = read_yaml(path, Case, wanted="a case")
    problems = [
        *duplicates(
            positions, [(place, statement.code) for place, statement in _units(case)], "statement or paragraph"
        ),
        *duplicates(positions, [(("notes", i, "code"), note.code) for i, note in enumerate(case.notes)], "note"),
        *_reserved(case, positions),
        *missing_languages(case, positions, languages),
        *_quotations(case, positions),
        *network_problems(case.actors, case.relations, positions),
        *rule_problems(case.rules, positions),
        *profile_problems(case.profile, positions),
        *duplicates(
            positions, [(("episodes", i, "code"), each.code) for i, each in enumerate(case.episodes)], "episode"
        ),
    ]
    for place, entry in case.sourced():
        problems += unknown_sources(entry, place, case.sources, positions)
        if isinstance(entry, Dated):
            problems += years(entry, place, positions)
    for place, reading in case.readings():
        problems += reading_problems(reading, place, positions)
        problems += unlisted(reading.source, place, case.sources, positions)
    if problems:
        raise InputError(problems)
    return case


def _units(case: Case) -> Iterator[tuple[Place, Statement]]:
    for index, statement in enumerate(case.statements):
        yield ("statements", index), statement
    for index, note in enumerate(case.notes):
        for number, paragraph in enumerate(note.paragraphs):
            yield ("notes", index, "paragraphs", number), paragraph


def _reserved(case: Case, positions: Positions) -> Iterator[Problem]:
    for index, note in enumerate(case.notes):
        if note.code == STATEMENTS:
            yield positions.problem(
                ("notes", index, "code"), "reserved-code", f"a note cannot be called “{STATEMENTS}”.",
                "That name stands for the statements of the case; choose another.",
            )  # fmt: skip


def _quotations(case: Case, positions: Positions) -> Iterator[Problem]:
    for place, said in texts(case):
        for language, text in said.items():
            if place[0] != "sources" and text[0] in _OPENING and text[-1] in _CLOSING:
                yield positions.problem(
                    (*place, language), "quoted-paraphrase",
                    "a text in our own words stands in quotation marks, as if somebody had said it.",
                    "Remove the marks; what somebody literally said belongs in a document of your own.",
                )  # fmt: skip
