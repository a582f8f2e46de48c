"""From a submitted screen to answers: whatever is posted, what is stored is valid for what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clustergov.survey.service.judging import judge
from clustergov.survey.service.mistake import Mistake
from clustergov.survey.service.screens import Answers, Replayed, Screen, keep, replay
from clustergov.survey.service.typed import cleaned

__all__ = ["Entered", "Mistake", "Submission", "Submitted", "enter", "submission"]

Submitted = Mapping[str, Sequence[str]]

LANGUAGE = "language-"
"""How the move to another language begins; the language follows."""
_STAYS_OPEN = ("previous", "save", LANGUAGE)
"""How moves begin after which a multiple choice without a tick counts as not answered yet."""


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
        judged = judge(posed, shown, posted, replayed.known, answers, seen=not move.startswith(_STAYS_OPEN))
        for each in shown:
            whole.pop(each.name, None)
            typed.pop(each.name, None)
        whole |= judged.values
        typed |= judged.drafts
        mistakes += judged.mistakes
        keep(shown, judged.values.get, replayed)
    if whole != answers:
        _withdraw_broken(screens[number:], replayed, whole, typed)
    return Entered(whole, typed, tuple(mistakes))


def _withdraw_broken(
    later: tuple[Screen, ...], replayed: Replayed, whole: dict[str, str], typed: dict[str, str]
) -> None:
    """Answers to later screens that no longer fit, by their total or their constraint, are typed texts from now on."""
    for posed in (posed for screen in later for posed in screen.posed):
        shown = posed.open(replayed.known) or ()
        held = {each.name: whole[each.name] for each in shown if each.name in whole}
        if held and (posed.constraint is not None or posed.question.total is not None):
            judged = judge(posed, shown, dict(held), replayed.known, whole, seen=False)
            if any(mistake.whole and mistake.rule != "required" for mistake in judged.mistakes):
                typed |= held
                for name in held:
                    del whole[name]
        keep(shown, whole.get, replayed)


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
