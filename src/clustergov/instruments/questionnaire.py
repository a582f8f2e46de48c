"""The questionnaire: sections, questions, response scales, routing, constructs; immutable once read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field

from clustergov.language import Text
from clustergov.yaml_file import Entry

Mark = Literal["P", "S", "D", "U"]
"""Confidence: Published and read, Secondary, Derived by us, Uncertain (never a finding)."""

Kind = Literal[
    "single", "multiple", "array", "ranking", "number", "numbers", "text", "texts", "date", "file", "note"
]  # fmt: skip
"""What a question asks for.

single: one option. multiple: any of the items, ticked or not. array: one option of a shared scale per item.
ranking: options put in order, one place per item. number, text, date, file: one value. numbers, texts: one per item.
note: text to read, no answer.
"""

Direction = Literal["ascending", "descending", "none"]
"""Whether a higher position in the scale means more of what is asked (ascending), less, or nothing (unordered)."""


class Blank(StrEnum):
    """Why a cell holds no substantive answer."""

    NOT_ASKED = "not asked"
    """The version of the questionnaire that this respondent saw lacks the question."""
    NOT_APPLICABLE = "not applicable"
    """Routing passed it by, or the respondent chose “not applicable”."""
    REFUSED = "refused or don't know"
    SKIPPED = "skipped"
    """Seen and left open by someone who went on or finished."""
    ABANDONED = "abandoned"
    """After the point at which the respondent stopped."""
    NOT_RECORDED = "not recorded"
    """The file does not tell which of these it is."""


class Option(Entry):
    """One answer of a scale. `blank` set means that choosing it is no substantive answer."""

    code: str = Field(coerce_numbers_to_str=True)
    text: Text
    blank: Literal["not applicable", "refused or don't know"] | None = None


class Scale(Entry):
    """A response scale: options in the order in which they are shown."""

    direction: Direction
    options: tuple[Option, ...]
    mark: Mark | None = None
    source: str = ""

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the substantive options, in order."""
        return tuple(option.code for option in self.options if option.blank is None)

    @cached_property
    def ordered(self) -> bool:
        return self.direction != "none"

    def text(self, code: str) -> Text | None:
        return next((option.text for option in self.options if option.code == code), None)


class Item(Entry):
    """A row of an array, a box of a multiple choice, a field of a set of numbers or texts, a place of a ranking.

    `scale` overrides the question's scale (an imported dual-scale array has two). `when` is the condition under which
    this item is shown, where its question is; empty means always.
    """

    code: str = Field(coerce_numbers_to_str=True)
    text: Text
    scale: str = ""
    when: str = ""
    source: str = ""
    mark: Mark | None = None


class Question(Entry):
    """One question.

    Attributes
    ----------
    code : str
        Letter first, then letters and digits, at most 20: also a valid code in LimeSurvey.
    when : str
        Condition under which it is asked, in the routing language; empty means always.
    relevance : str
        The condition as an imported file wrote it, where it could not be read as `when`; such routing is unknown.
    minimum, maximum : float or None
        Smallest and largest number allowed, in `unit`.
    total : float or None
        What the numbers of a `numbers` question must add up to (100 for shares).
    constraint : str
        What must hold among this question's answers and earlier ones, in the routing language; empty means nothing. A
        constraint that looks at a blank is not applied to it: nobody is made to answer by it.
    constraint_message : Text or None
        What a respondent is told when it does not hold.
    random_order : bool
        Items (or the options of a single choice) are shown in an order of chance.
    other : bool
        A single or multiple choice with a free “other” answer, in the variable ``code_other``.
    comment : bool
        A free remark beside the answer, in ``code_comment`` (per item, ``code_itemcomment``, for multiple choice).
    """

    code: str = Field(coerce_numbers_to_str=True)
    kind: Kind
    text: Text
    help: Text | None = None
    scale: str = ""
    items: tuple[Item, ...] = ()
    when: str = ""
    relevance: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    unit: Text | None = None
    total: float | None = None
    constraint: str = ""
    constraint_message: Text | None = None
    random_order: bool = False
    other: bool = False
    comment: bool = False
    source: str = ""
    mark: Mark | None = None


class Section(Entry):
    code: str = Field(coerce_numbers_to_str=True)
    title: Text
    text: Text | None = None
    questions: tuple[Question, ...]


class Construct(Entry):
    """A scale score: which variables, which of them reversed, how many valid ones are needed.

    The score is the mean of the valid items (reversed ones turned within the scale's range), missing when fewer than
    `minimum_valid` are valid. `score: sum` gives that mean times the number of items: the sum itself when all are valid,
    and prorated, as if the missing items had the person's mean, when some are not.
    """

    code: str
    title: Text
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    minimum_valid: int
    score: Literal["mean", "sum"] = "mean"
    direction: Direction = "ascending"
    source: str = ""
    mark: Mark | None = None


class Indicator(Entry):
    """A figure that is computed from answers and held against those of other organisations.

    Attributes
    ----------
    dimension : str
        Key of the questionnaire's `dimensions`.
    formula : str
        How it is computed, as a number in the routing language, such as ``private / sum(private, public) * 100``.
    unit : Text
        What the number counts, such as per cent or members per full-time equivalent.
    direction : {"ascending", "descending", "none"}
        Whether more of it is better, worse, or neither (a description).
    evidence : Text
        Which document or figure an assessor would ask for.
    """

    code: str = Field(coerce_numbers_to_str=True)
    dimension: str
    title: Text
    formula: str
    unit: Text
    direction: Direction
    evidence: Text
    source: str = ""
    mark: Mark | None = None


class Source(Entry):
    """Where something is known from.

    Attributes
    ----------
    citation : str
        Author, title, year: what is the same in every language; empty where the description says all.
    description : Text or None
        What kind of document it is and of which date, for a reader; the citation goes before it.
    """

    citation: str
    description: Text | None = None
    url: str = ""

    def named(self, language: str) -> str:
        """Citation and description as a reader of `language` sees them."""
        if self.description is None:
            return self.citation
        return ", ".join(part for part in (self.citation.removesuffix("."), self.description.to(language)) if part)

    def located(self, language: str) -> str:
        """The same with its address."""
        return self.named(language) + (f" ({self.url})" if self.url else "")


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the responses.

    Attributes
    ----------
    name : str
        ``code``, ``code_item``, ``code_other`` or ``code_comment``.
    kind : {"choice", "tick", "number", "text", "date", "file"}
        What a cell holds: a scale's code; Y or N; a number; free text; ISO date; file names.
    scale : Scale or None
        For choices.
    """

    name: str
    question: Question
    item: Item | None
    kind: Literal["choice", "tick", "number", "text", "date", "file"]
    scale: Scale | None
    section: Section

    @property
    def label(self) -> Text:
        """The item's text, or the question's where there is no item (or the item has no words)."""
        if self.item is None or not any(text.strip() for text in self.item.text.values()):
            return self.question.text
        return self.item.text


TICK = Scale(
    direction="ascending",
    options=(
        Option(code="N", text=Text({"nl": "niet aangekruist", "en": "not ticked"})),
        Option(code="Y", text=Text({"nl": "aangekruist", "en": "ticked"})),
    ),
)


class Questionnaire(Entry):
    """A questionnaire as one value. `languages` lists the complete ones, the first is the base language.

    `text` is read before the first question and `closing` after the last. `indicators` are grouped by `dimensions`.
    `imported_from` names the software that a questionnaire was taken over from, such as ``LimeSurvey``; the form of
    its codes and its missing translations are then facts, told as warnings, and not mistakes of whoever holds the file.
    """

    questionnaire: str
    version: str = Field(coerce_numbers_to_str=True)
    title: Text
    languages: tuple[str, ...]
    imported_from: str = ""
    text: Text | None = None
    closing: Text | None = None
    sources: dict[str, Source] = {}
    scales: dict[str, Scale] = {}
    sections: tuple[Section, ...]
    constructs: tuple[Construct, ...] = ()
    dimensions: dict[str, Text] = {}
    indicators: tuple[Indicator, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Every column that responses to this questionnaire have, in questionnaire order."""
        return tuple(
            variable
            for section in self.sections
            for question in section.questions
            for variable in _variables(question, section, self.scales)
        )

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        return {variable.name: variable for variable in self.variables}

    def of(self, question: str) -> tuple[Variable, ...]:
        """The variables of one question, by its code."""
        return tuple(variable for variable in self.variables if variable.question.code == question)


def _variables(question: Question, section: Section, scales: dict[str, Scale]) -> Iterator[Variable]:
    own = scales.get(question.scale)
    code = question.code
    match question.kind:
        case "single":
            yield Variable(code, question, None, "choice", own, section)
        case "number" | "text" | "date" | "file":
            yield Variable(code, question, None, question.kind, None, section)
        case "multiple":
            for item in question.items:
                yield Variable(f"{code}_{item.code}", question, item, "tick", TICK, section)
                if question.comment:
                    yield Variable(f"{code}_{item.code}comment", question, item, "text", None, section)
        case "array" | "ranking":
            for item in question.items:
                scale = scales.get(item.scale) if item.scale else own
                yield Variable(f"{code}_{item.code}", question, item, "choice", scale, section)
        case "numbers" | "texts":
            for item in question.items:
                kind: Literal["number", "text"] = "number" if question.kind == "numbers" else "text"
                yield Variable(f"{code}_{item.code}", question, item, kind, None, section)
        case "note":
            return
    if question.other:
        yield Variable(f"{code}_other", question, None, "text", None, section)
    if question.comment and question.kind != "multiple":
        yield Variable(f"{code}_comment", question, None, "text", None, section)
