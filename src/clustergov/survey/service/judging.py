"""The answers to one question held against what it allows; the same rules as in files of responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made

from clustergov.instruments.questionnaire import Question
from clustergov.language import Text
from clustergov.survey.service.mistake import Mistake
from clustergov.survey.service.screens import Answers, Field, Posed
from clustergov.survey.service.typed import LONG_TEXT, SHORT_TEXT, Read, read_date, read_number, read_text, stored
from clustergov.survey.total import room


@dataclass(slots=True)
class Judged:
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


def judge(
    posed: Posed, shown: tuple[Field, ...], typed: dict[str, str], known: Answers, before: Answers, *, seen: bool
) -> Judged:
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
    judged = Judged(posed, shown, typed)
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


def _put_beside(judged: Judged, before: Answers) -> None:
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


def _choice(judged: Judged, each: Field) -> None:
    code = judged.typed.get(each.name, "")
    if code in each.codes:
        judged.values[each.name] = code
    elif code:
        judged.wrong(each.name, "unknown-code")


def _tick(judged: Judged, each: Field) -> None:
    judged.values[each.name] = "Y" if judged.typed.get(each.name) == "Y" else "N"


def _number(judged: Judged, each: Field) -> None:
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


def _date(judged: Judged, each: Field) -> None:
    if text := judged.typed.get(each.name, ""):
        _take(judged, each, read_date(text) if len(text) <= 40 else Read(rule="not-a-date"))


def _text(judged: Judged, each: Field) -> None:
    text = judged.typed.get(each.name, "")
    if not text:
        return
    most = LONG_TEXT if judged.posed.question.kind == "text" else SHORT_TEXT
    read = read_text(text, most=most)
    if read.rule:
        _refuse(judged, each, read.rule, {"most": most, "length": len(text)})
    elif read.value:
        judged.values[each.name] = read.value


_READ: Mapping[str, Callable[[Judged, Field], None]] = {
    "choice": _choice, "tick": _tick, "number": _number, "date": _date, "text": _text,
}  # fmt: skip


def _take(judged: Judged, each: Field, read: Read) -> None:
    if read.rule:
        _refuse(judged, each, read.rule, _limits(judged.posed.question))
    else:
        judged.values[each.name] = read.value


def _refuse(judged: Judged, each: Field, rule: str, values: Mapping[str, float] | None = None) -> None:
    # What is kept to be put right is bounded too.
    judged.drafts[each.name] = judged.typed[each.name][: 2 * LONG_TEXT]
    judged.wrong(each.name, rule, values)


def _ticks(judged: Judged, *, seen: bool) -> None:
    """Boxes left open are N once the question was answered or passed."""
    if not seen and "Y" not in judged.values.values() and f"{judged.posed.code}_other" not in judged.values:
        judged.values = {name: value for name, value in judged.values.items() if value != "N"}


def _places(judged: Judged) -> None:
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


def _total(judged: Judged, total: float) -> None:
    """Numbers add up; where they do and none may be negative, an empty field is 0."""
    if judged.mistakes:
        # The others do not add up without the one that could not be read.
        judged.withdraw()
    if not judged.values:
        return
    found = round(sum(float(value) for value in judged.values.values()), 9)
    if abs(found - total) > room(total):
        judged.wrong(judged.shown[0].name, "total", {"total": total, "found": found}, whole=True)
        judged.withdraw()
    elif judged.posed.question.minimum is not None and judged.posed.question.minimum >= 0:
        for each in judged.shown:
            judged.values.setdefault(each.name, stored(0.0))


def _constraint(judged: Judged, known: Answers) -> None:
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


def _required(judged: Judged) -> None:
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
