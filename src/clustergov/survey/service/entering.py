"""From a submitted screen to answers: whatever is posted, what is stored is valid for what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made

from clustergov.instruments.questionnaire import Question
from clustergov.language import Text, say
from clustergov.survey.implied import TOTAL_TOLERANCE
from clustergov.survey.service.screens import Answers, Field, Posed, Replayed, Screen, keep, replay
from clustergov.survey.service.typed import (
    LONG_TEXT,
    SHORT_TEXT,
    Read,
    cleaned,
    read_date,
    read_number,
    read_text,
    shown_number,
    stored,
)

Submitted = Mapping[str, Sequence[str]]

_STAYS_OPEN = ("previous", "save")
"""Moves after which a multiple choice without a tick counts as not answered yet."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something on a screen that has to be put right.

    Attributes
    ----------
    field : str
        Name of the first variable that it is about.
    question : str
        Code of the question.
    rule : str
        ``required``, ``unknown-code``, ``not-a-number``, ``thousands``, ``not-integer``, ``out-of-range``, ``total``,
        ``constraint``, ``not-a-date``, ``date-order``, ``too-long``, ``rank-twice`` or ``rank-gap``.
    whole : bool
        It is about the question as a whole and not about one field.
    """

    field: str
    question: str
    rule: str
    whole: bool = False
    values: Mapping[str, float] = made(default_factory=dict)
    message: Text | None = None

    def text(self, language: str) -> str:
        """What a respondent is told; `language` is nl or en for our own sentences."""
        if self.message is not None:
            return self.message.to(language)
        spoken = language if language == "nl" else "en"
        values = {name: shown_number(value, spoken) for name, value in self.values.items()}
        return say(f"service.mistake.{self.rule}", spoken, **values)


@dataclass(frozen=True, slots=True)
class Entered:
    """What a submitted screen leaves to be stored.

    Attributes
    ----------
    answers : dict
        All answers, those to other screens unchanged.
    drafts : dict
        All typed texts that are no valid answer, by variable.
    mistakes : tuple of Mistake
        Of this screen, in its order.
    """

    answers: dict[str, str]
    drafts: dict[str, str]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole questionnaire looked through again before it counts as submitted.

    Attributes
    ----------
    answers : dict
        Only what is asked; boxes left open are N, shares left open beside a reached total are 0.
    screen : int or None
        The first screen with a mistake; None when there is none.
    mistakes : tuple of Mistake
        Of that screen.
    """

    answers: dict[str, str]
    screen: int | None
    mistakes: tuple[Mistake, ...]


@dataclass(slots=True)
class _Judged:
    """One question's answers, typed texts that are none, and mistakes, while they are looked at."""

    posed: Posed
    shown: tuple[Field, ...]
    typed: dict[str, str]
    values: dict[str, str] = made(default_factory=dict)
    drafts: dict[str, str] = made(default_factory=dict)
    mistakes: list[Mistake] = made(default_factory=list)

    def wrong(
        self,
        name: str,
        rule: str,
        values: Mapping[str, float] | None = None,
        *,
        whole: bool = False,
        message: Text | None = None,
    ) -> None:
        self.mistakes.append(Mistake(name, self.posed.code, rule, whole, values or {}, message))

    def withdraw(self) -> None:
        """Keep what was answered as typed texts only."""
        self.drafts |= {name: self.typed[name] for name in self.values if self.typed.get(name)}
        self.values.clear()


def enter(screens: tuple[Screen, ...], number: int, submitted: Submitted, answers: Answers, drafts: Answers) -> Entered:
    """Take in one submitted screen (see `Form.enter`)."""
    screen = screens[number - 1]
    move = "".join(submitted.get("move", ())[-1:])
    replayed = replay(screens, answers, before=number)
    whole, typed = dict(answers), dict(drafts)
    mistakes: list[Mistake] = []
    for posed in screen.posed:
        shown = posed.open(replayed.known)
        if shown is None:
            continue
        posted = {each.name: cleaned(given[-1]) for each in shown if (given := submitted.get(each.name))}
        judged = judge(posed, shown, posted, replayed.known, answers, seen=move not in _STAYS_OPEN)
        for each in shown:
            whole.pop(each.name, None)
            typed.pop(each.name, None)
        whole |= judged.values
        typed |= judged.drafts
        mistakes += judged.mistakes
        keep(shown, judged.values.get, replayed)
    return Entered(whole, typed, tuple(mistakes))


def submission(screens: tuple[Screen, ...], answers: Answers, drafts: Answers) -> Submission:
    """Look through all screens (see `Form.submission`)."""
    replayed = Replayed({}, {})
    for screen in screens:
        mistakes: list[Mistake] = []
        for posed in screen.posed:
            shown = posed.open(replayed.known)
            if shown is None:
                continue
            typed = {each.name: drafts.get(each.name) or answers.get(each.name, "") for each in shown}
            judged = judge(posed, shown, typed, replayed.known, answers, seen=True)
            mistakes += judged.mistakes
            keep(shown, judged.values.get, replayed)
        if mistakes:
            return Submission(replayed.kept, screen.number, tuple(mistakes))
    return Submission(replayed.kept, None, ())


def judge(
    posed: Posed, shown: tuple[Field, ...], typed: dict[str, str], known: Answers, before: Answers, *, seen: bool
) -> _Judged:
    """Read the answers to one question and hold them against what it allows.

    Parameters
    ----------
    posed : Posed
    shown : tuple of Field
        Those of its fields that were put to the respondent.
    typed : dict
        Cleaned texts by variable.
    known : mapping
        Answers to earlier questions as conditions see them.
    before : mapping
        The answers as they were.
    seen : bool
        The respondent is done with this screen: boxes left open are N.
    """
    judged = _Judged(posed, shown, typed)
    _put_beside(judged, before)
    for each in shown:
        _READ[each.kind](judged, each)
    question = posed.question
    if question.kind == "multiple":
        _ticks(judged, seen=seen)
    elif question.kind == "ranking":
        _places(judged)
    elif question.total is not None:
        _total(judged, question.total)
    _constraint(judged, known)
    _required(judged)
    return judged


def _put_beside(judged: _Judged, before: Answers) -> None:
    """Texts beside an option or a box: typing one chooses it, choosing otherwise drops it."""
    posed, typed = judged.posed, judged.typed
    for each in judged.shown:
        text = typed.get(each.name)
        if not text or each.role == "answer":
            continue
        if each.role == "other" and posed.other:
            if not typed.get(posed.code):
                typed[posed.code] = posed.other
            elif typed[posed.code] != posed.other:
                del typed[each.name]
        elif each.beside and typed.get(each.beside) != "Y":
            # Unticked after the remark was made: both go. A remark made without a tick means the tick.
            if before.get(each.name) == text and before.get(each.beside) == "Y":
                del typed[each.name]
            else:
                typed[each.beside] = "Y"


def _choice(judged: _Judged, each: Field) -> None:
    code = judged.typed.get(each.name, "")
    if code in each.codes:
        judged.values[each.name] = code
    elif code:
        judged.wrong(each.name, "unknown-code")


def _tick(judged: _Judged, each: Field) -> None:
    judged.values[each.name] = "Y" if judged.typed.get(each.name) == "Y" else "N"


def _number(judged: _Judged, each: Field) -> None:
    text = judged.typed.get(each.name, "")
    if not text:
        return
    read = read_number(text) if len(text) <= 40 else Read(rule="not-a-number")
    if not read.rule and (rule := _number_rule(float(read.value), judged.posed.question)):
        read = Read(rule=rule)
    _take(judged, each, read)


def _number_rule(number: float, question: Question) -> str:
    """The rule that a number breaks."""
    low, high = question.minimum, question.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        return "out-of-range" if low is not None and high is not None else "too-low" if high is None else "too-high"
    return "not-integer" if question.integer and not number.is_integer() else ""


def _limits(question: Question) -> dict[str, float]:
    limits = {"low": question.minimum, "high": question.maximum}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _date(judged: _Judged, each: Field) -> None:
    if text := judged.typed.get(each.name, ""):
        _take(judged, each, read_date(text) if len(text) <= 40 else Read(rule="not-a-date"))


def _text(judged: _Judged, each: Field) -> None:
    text = judged.typed.get(each.name, "")
    if not text:
        return
    most = LONG_TEXT if judged.posed.question.kind == "text" else SHORT_TEXT
    read = read_text(text, most=most)
    if read.rule:
        _refuse(judged, each, read.rule, {"most": most, "length": len(text)})
    elif read.value:
        judged.values[each.name] = read.value


_READ: Mapping[str, Callable[[_Judged, Field], None]] = {
    "choice": _choice, "tick": _tick, "number": _number, "date": _date, "text": _text,
}  # fmt: skip


def _take(judged: _Judged, each: Field, read: Read) -> None:
    if read.rule:
        _refuse(judged, each, read.rule, _limits(judged.posed.question))
    else:
        judged.values[each.name] = read.value


def _refuse(judged: _Judged, each: Field, rule: str, values: Mapping[str, float] | None = None) -> None:
    # What is kept to be put right is bounded too.
    judged.drafts[each.name] = judged.typed[each.name][: 2 * LONG_TEXT]
    judged.wrong(each.name, rule, values)


def _ticks(judged: _Judged, *, seen: bool) -> None:
    """Boxes left open are N once the question was answered or passed."""
    if not seen and "Y" not in judged.values.values() and f"{judged.posed.code}_other" not in judged.values:
        judged.values = {name: value for name, value in judged.values.items() if value != "N"}


def _places(judged: _Judged) -> None:
    """A ranking names nothing twice and begins at its first place."""
    chosen = [judged.values.get(each.name, "") for each in judged.shown]
    given = [code for code in chosen if code]
    gap = next((place for place, code in enumerate(chosen) if not code), len(chosen))
    if len(set(given)) < len(given):
        again = next(place for place, code in enumerate(chosen) if code and code in chosen[:place])
        judged.wrong(judged.shown[again].name, "rank-twice")
        judged.withdraw()
    elif gap < len(given):
        judged.wrong(judged.shown[gap].name, "rank-gap")
        judged.withdraw()


def _total(judged: _Judged, total: float) -> None:
    """Numbers add up; where they do and none may be negative, an empty field is 0."""
    if judged.mistakes:
        # The others do not add up without the one that could not be read.
        judged.withdraw()
    if not judged.values:
        return
    found = round(sum(float(value) for value in judged.values.values()), 9)
    if abs(found - total) > TOTAL_TOLERANCE * abs(total) + 1e-9:
        judged.wrong(judged.shown[0].name, "total", {"total": total, "found": found}, whole=True)
        judged.withdraw()
    elif judged.posed.question.minimum is not None and judged.posed.question.minimum >= 0:
        for each in judged.shown:
            judged.values.setdefault(each.name, stored(0.0))


def _constraint(judged: _Judged, known: Answers) -> None:
    """The constraint holds among these answers and earlier ones; nothing more is said where another mistake is told."""
    constraint = judged.posed.constraint
    if constraint is None:
        return
    answers = dict(known)
    for each in judged.shown:
        answers.pop(each.name, None)
        value = judged.values.get(each.name)
        if value is not None and value not in each.blank:
            answers[each.name] = value
    if not constraint.holds(answers):
        if not judged.mistakes:
            message = judged.posed.question.constraint_message
            judged.wrong(judged.shown[0].name, "constraint", whole=True, message=message)
        judged.withdraw()


def _required(judged: _Judged) -> None:
    """A compulsory question is answered: every row of it, one box at least of a multiple choice."""
    if not judged.posed.question.required or judged.posed.question.kind == "note":
        return
    wrong = {mistake.field for mistake in judged.mistakes}
    answered = judged.values.keys() | judged.drafts.keys() | wrong
    if judged.posed.question.kind == "multiple":
        ticked = any(value != "N" for value in judged.values.values()) or judged.drafts or wrong
        if not ticked:
            judged.wrong(judged.shown[0].name, "required", whole=True)
        return
    for each in judged.shown:
        if each.role == "answer" and each.name not in answered:
            judged.wrong(each.name, "required")
