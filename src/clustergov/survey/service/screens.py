"""A questionnaire as the screens on which it is put: cut so that nothing on a screen depends on that same screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Condition
from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Scale, Section, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.problems import InputError, Problem

Paging = Literal["section", "question", "survey"]
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One variable as a respondent meets it.

    Attributes
    ----------
    role : {"answer", "other", "comment"}
        other: the text beside “other”; comment: a remark.
    beside : str
        The box whose remark this is, empty for other fields.
    when : Condition or None
        Of its item; that of the question stands with the question.
    codes : frozenset of str
        What a choice may be; options marked blank among them.
    blank : frozenset of str
        Options that are no answer: conditions do not see them.
    """

    name: str
    kind: Literal["choice", "tick", "number", "text", "date"]
    role: Literal["answer", "other", "comment"]
    beside: str
    item: Item | None
    scale: Scale | None
    when: Condition | None
    codes: frozenset[str]
    blank: frozenset[str]


@dataclass(frozen=True, slots=True)
class Posed:
    """One question with its conditions read and its fields.

    Attributes
    ----------
    other : str
        Code of the option beside which a single choice has its free answer; empty when there is none.
    watched : tuple of Field
        Those that conditions of later questions look at.
    """

    question: Question
    section: Section
    when: Condition | None
    constraint: Condition | None
    fields: tuple[Field, ...]
    other: str
    filtered: bool
    watched: tuple[Field, ...] = ()

    @property
    def code(self) -> str:
        return self.question.code

    def open(self, known: Answers) -> tuple[Field, ...] | None:
        """The fields that are shown to somebody with these answers; None when the question is not asked."""
        if self.when is not None and not self.when.holds(known):
            return None
        if not self.filtered:
            return self.fields
        shown = tuple(field for field in self.fields if field.when is None or field.when.holds(known))
        return shown if any(field.role == "answer" for field in shown) else None


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands on one page.

    Attributes
    ----------
    number : int
        From 1.
    section : Section
        Of its first question.
    posed : tuple of Posed
    looks_at : frozenset of str
        The variables that decide what is asked here.
    fields : frozenset of str
        The names that a form of this screen may hold.
    """

    number: int
    section: Section
    posed: tuple[Posed, ...]
    looks_at: frozenset[str]
    fields: frozenset[str]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(posed.question for posed in self.posed)


def cut(questionnaire: Questionnaire, paging: Paging) -> tuple[Screen, ...]:
    """The screens of a questionnaire, in order.

    Parameters
    ----------
    questionnaire : Questionnaire
    paging : {"section", "question", "survey"}
        How much stands on one screen at most. A note stands with the question after it.

    Raises
    ------
    InputError
        It asks for files, or for something whose routing is unknown or looks ahead: all such questions at once.
    """
    posed = _pose(questionnaire)
    watched = {name for each in posed for name in _looked_at(each)}
    posed = [replace(each, watched=tuple(field for field in each.fields if field.name in watched)) for each in posed]
    screens: list[list[Posed]] = []
    here: set[str] = set()
    for place, each in enumerate(posed):
        previous = posed[place - 1] if place else None
        if previous is None or _breaks(previous, each, paging) or here & _looked_at(each):
            screens.append([])
            here = set()
        screens[-1].append(each)
        here |= {field.name for field in each.fields}
    return tuple(_screen(number, each) for number, each in enumerate(screens, start=1))


def _screen(number: int, posed: list[Posed]) -> Screen:
    looked_at = frozenset(name for each in posed for name in _looked_at(each))
    names = frozenset(field.name for each in posed for field in each.fields)
    return Screen(number, posed[0].section, tuple(posed), looked_at, names)


def _breaks(previous: Posed, each: Posed, paging: Paging) -> bool:
    if paging == "survey":
        return False
    if previous.section.code != each.section.code:
        return True
    return paging == "question" and previous.question.kind != "note"


def _looked_at(posed: Posed) -> set[str]:
    conditions = [posed.when, *(field.when for field in posed.fields)]
    return {name for condition in conditions if condition is not None for name in condition.variables}


def _pose(questionnaire: Questionnaire) -> list[Posed]:
    posed: list[Posed] = []
    problems: list[Problem] = []
    earlier: set[str] = set()
    for section in questionnaire.sections:
        for question in section.questions:
            found = list(_unfit(question))
            if not found:
                each = _posed(question, section, questionnaire)
                found = list(_ahead(each, earlier))
                posed.append(each)
            problems += found
            earlier |= {variable.name for variable in questionnaire.of(question.code)}
    if problems:
        raise InputError(problems, summary="The service cannot put this questionnaire to respondents:")
    return posed


def _unfit(question: Question) -> Iterator[Problem]:
    place = f"question {question.code}"
    if question.kind == "file":
        yield Problem(
            "file-question", f"“{question.code}” asks for a file, and the service takes no uploads.",
            "Ask for a text that says where the file is, or field the questionnaire on LimeSurvey.", place=place,
        )  # fmt: skip
    if question.relevance:
        yield Problem(
            "unknown-routing", f"“{question.code}” has a condition that could not be read: {question.relevance}.",
            "Write it as `when`, or remove `relevance`.", place=place,
        )  # fmt: skip


def _ahead(posed: Posed, earlier: set[str]) -> Iterator[Problem]:
    ahead = sorted(_looked_at(posed) - earlier)
    if ahead:
        yield Problem(
            "routing-forward", f"“{posed.code}” is asked by an answer that is not given before it: {', '.join(ahead)}.",
            "Look at an earlier question, or move one of the two.", place=f"question {posed.code}",
        )  # fmt: skip


def _posed(question: Question, section: Section, questionnaire: Questionnaire) -> Posed:
    fields = tuple(_field(variable) for variable in questionnaire.of(question.code))
    scale = questionnaire.scales.get(question.scale)
    codes = [option.code for option in scale.options] if question.other and scale is not None else []
    other = next((code for code in codes if code.casefold() in OTHER_CODES), "")
    when = parse(question.when) if question.when else None
    filtered = any(field.when is not None for field in fields)
    return Posed(question, section, when, enforced(question), fields, other, filtered)


def _field(variable: Variable) -> Field:
    question, item = variable.question, variable.item
    options = variable.scale.options if variable.scale is not None and variable.kind == "choice" else ()
    role: Literal["answer", "other", "comment"] = "answer"
    beside = ""
    if variable.kind == "text" and question.kind == "multiple" and item is not None:
        role, beside = "comment", f"{question.code}_{item.code}"
    elif variable.name == f"{question.code}_other" and item is None:
        role = "other"
    elif variable.name == f"{question.code}_comment" and item is None:
        role = "comment"
    assert variable.kind != "file"
    return Field(
        variable.name, variable.kind, role, beside, item, variable.scale,
        parse(item.when) if item is not None and item.when else None,
        frozenset(option.code for option in options),
        frozenset(option.code for option in options if option.blank is not None),
    )  # fmt: skip


def substantive(field: Field, value: str) -> bool:
    """Whether conditions see an answer: an option marked blank is none."""
    return value not in field.blank


@dataclass(frozen=True, slots=True)
class Replayed:
    """Answers replayed in order: those that are asked for, and what conditions see of them."""

    kept: dict[str, str]
    known: dict[str, str]


def replay(screens: tuple[Screen, ...], answers: Answers, *, before: int | None = None) -> Replayed:
    """Go through the screens up to, and without, the one numbered `before`, and keep only what is asked."""
    replayed = Replayed({}, {})
    for screen in screens[: None if before is None else before - 1]:
        for posed in screen.posed:
            keep(posed.open(replayed.known), answers.get, replayed)
    return replayed


def keep(fields: tuple[Field, ...] | None, answer: Callable[[str], str | None], replayed: Replayed) -> None:
    """Take over the answers to these fields."""
    for field in fields or ():
        value = answer(field.name)
        if value is None:
            continue
        replayed.kept[field.name] = value
        if substantive(field, value):
            replayed.known[field.name] = value


def route(screens: tuple[Screen, ...], answers: Answers) -> tuple[int, ...]:
    """The numbers of the screens on which anything is asked, a note counted too."""
    known: dict[str, str] = {}
    shown = []
    for screen in screens:
        open_here = False
        for posed in screen.posed:
            fields = posed.open(known)
            if fields is None:
                continue
            open_here = True
            for field in posed.watched:
                value = answers.get(field.name)
                if value is not None and value not in field.blank and (field.when is None or field in fields):
                    known[field.name] = value
        if open_here:
            shown.append(screen.number)
    return tuple(shown)
