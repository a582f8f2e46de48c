"""What a LimeSurvey structure file holds, before it is understood: the same value for .lss and .txt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""Language → text as it stands in the file, with its HTML."""


@dataclass(frozen=True, slots=True)
class LimeAnswer:
    """One answer option; `scale` 1 is the second scale of a dual array."""

    code: str
    scale: int
    texts: Texts


@dataclass(frozen=True, slots=True)
class LimeSubquestion:
    """One subquestion; `scale` 1 is a column of an array of numbers or texts."""

    code: str
    scale: int
    texts: Texts
    relevance: str = ""


@dataclass(frozen=True, slots=True)
class LimeCondition:
    """A condition of the old style: the answer in `field` (sid X gid X qid) compared by `method` with `value`."""

    scenario: str
    field: str
    method: str
    value: str


@dataclass(frozen=True, slots=True)
class LimeQuestion:
    """One question; `number` is its qid (empty in a .txt without ids), `attributes` name → language or "" → value.

    `expressed` gathers the attributes that the questionnaire expresses, as they are taken; what is left is noted.
    """

    number: str
    type: str
    code: str
    texts: Texts
    help: Texts
    relevance: str
    mandatory: str
    other: bool
    pattern: str
    subquestions: tuple[LimeSubquestion, ...]
    answers: tuple[LimeAnswer, ...]
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conditions: tuple[LimeCondition, ...] = ()
    line: int | None = None
    expressed: set[str] = field(default_factory=set, compare=False)

    def attribute(self, name: str) -> str:
        """The attribute's value in any language, stripped; empty when it is not set."""
        return next((value.strip() for value in self.attributes.get(name, {}).values() if value.strip()), "")

    def take(self, name: str) -> str:
        """As `attribute`, for an attribute that the questionnaire expresses."""
        self.expressed.add(name)
        return self.attribute(name)

    def words(self, name: str, languages: tuple[str, ...]) -> Texts:
        """An attribute that respondents read, per language; one without a language counts for all."""
        self.expressed.add(name)
        values = self.attributes.get(name, {})
        found = {language: values.get(language) or values.get("", "") for language in languages}
        return {language: text for language, text in found.items() if text.strip()}

    def left(self) -> Iterator[tuple[str, str]]:
        """Name and value of every attribute that was not taken, each value once."""
        for name, values in self.attributes.items():
            if name not in self.expressed:
                yield from ((name, value) for value in dict.fromkeys(value.strip() for value in values.values()))


@dataclass(frozen=True, slots=True)
class LimeGroup:
    number: str
    titles: Texts
    texts: Texts
    relevance: str
    questions: tuple[LimeQuestion, ...]


@dataclass(frozen=True, slots=True)
class Leftover:
    """A cell of the file for which nothing above has a place.

    Attributes
    ----------
    table : str
        Table of a .lss, or ``class Q`` of a .txt.
    column : str
        Empty where the whole row has no place.
    place : str
        The question, subquestion, quota or whatever else it is about.
    value : str
    """

    table: str
    column: str
    place: str
    value: str


@dataclass(frozen=True, slots=True)
class LimeSurvey:
    """A whole structure; the base language comes first.

    `persons` are the names and addresses of administrators: kept only to take them out of texts, never passed on.
    `settings` are name and value of everything that is set for the survey as a whole, and `leftovers` the rest.
    """

    number: str
    languages: tuple[str, ...]
    titles: Texts
    welcome: Texts
    groups: tuple[LimeGroup, ...]
    persons: tuple[str, ...]
    description: Texts = field(default_factory=dict)
    closing: Texts = field(default_factory=dict)
    settings: tuple[tuple[str, str], ...] = ()
    leftovers: tuple[Leftover, ...] = ()
