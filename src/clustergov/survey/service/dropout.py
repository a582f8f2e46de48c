"""Where respondents stop: per question who saw it, answered it, left it open and went no further; and what came in per day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clustergov.instruments.questionnaire import Question, Section
from clustergov.survey.service.screens import Field, Posed, Replayed, Screen, keep

if TYPE_CHECKING:
    from clustergov.survey.service.storage import Stored


@dataclass
class QuestionCounts:
    """What became of one question, in persons.

    Attributes
    ----------
    saw : int
        It was on a page that they were shown, and routing asked it of them.
    answered : int
        Of these, who gave an answer to any part of it; an option such as “don't know” is one, a multiple choice
        without a tick is none.
    stopped : int
        Who did not submit, and whose first open question on the last page that they were shown it is. Whoever is still
        at it is counted too: nobody can tell the two apart.
    """

    question: Question
    section: Section
    saw: int = 0
    answered: int = 0
    stopped: int = 0

    @property
    def left_open(self) -> int:
        return self.saw - self.answered


@dataclass
class Overview:
    """What came in.

    Attributes
    ----------
    questions : list of QuestionCounts
        In the order of the questionnaire, notes left out.
    begun, submitted : Counter of day (ISO 8601)
    languages : Counter of language
    """

    questions: list[QuestionCounts]
    begun: Counter[str] = field(default_factory=Counter)
    submitted: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    @property
    def days(self) -> list[tuple[str, int, int]]:
        """Day, begun, submitted: every day on which there was either, in order."""
        return [(day, self.begun[day], self.submitted[day]) for day in sorted(self.begun | self.submitted)]


def overview(screens: tuple[Screen, ...], rows: Iterable[Stored]) -> Overview:
    """Go through every response as its respondent went through the questionnaire.

    Parameters
    ----------
    screens : tuple of Screen
    rows : iterable of Stored
        Complete and partial ones.
    """
    posed = [each for screen in screens for each in screen.posed if each.question.kind != "note"]
    found = Overview([QuestionCounts(each.question, each.section) for each in posed])
    counts = {each.question.code: each for each in found.questions}
    for row in rows:
        found.languages[row.language] += 1
        found.begun[row.started[:10]] += 1
        if row.submitted:
            found.submitted[row.submitted[:10]] += 1
        _count(screens, row, counts)
    return found


def _count(screens: tuple[Screen, ...], row: Stored, counts: dict[str, QuestionCounts]) -> None:
    replayed = Replayed({}, {})
    last: list[tuple[str, bool]] = []
    for screen in screens:
        if not row.submitted and screen.number > row.screen:
            break
        seen = list(_seen(screen, row, replayed))
        last = seen or last
        for code, answered in seen:
            counts[code].saw += 1
            counts[code].answered += answered
    if not row.submitted and last:
        counts[next((code for code, answered in last if not answered), last[-1][0])].stopped += 1


def _seen(screen: Screen, row: Stored, replayed: Replayed) -> Iterable[tuple[str, bool]]:
    for posed in screen.posed:
        fields = posed.open(replayed.known)
        if fields is None or posed.question.kind == "note":
            continue
        keep(fields, row.answers.get, replayed)
        yield posed.code, _answered(posed, fields, row)


def _answered(posed: Posed, fields: tuple[Field, ...], row: Stored) -> bool:
    if posed.question.kind == "multiple":
        return any(row.answers.get(each.name, "N") != "N" for each in fields)
    return any(each.name in row.answers for each in fields if each.role != "comment")
