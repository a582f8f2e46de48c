"""A questionnaire made ready to be put to respondents: which screen follows, what a submitted screen means, its page."""

from __future__ import annotations

from collections.abc import Mapping

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.service.entering import (
    Entered,
    Mistake,
    Submission,
    Submitted,
    enter,
    submission,
)
from clustergov.survey.service.pages import Chrome, Pages
from clustergov.survey.service.screens import Answers, Paging, Screen, cut, replay, route


class Form:
    """One questionnaire, compiled once per process; it holds nothing of any respondent.

    Parameters
    ----------
    questionnaire : Questionnaire
        Checked as `instruments.check` does; for fieldwork with consent the one that `survey.privacy` makes of it.
    paging : {"section", "question", "survey"}
        How much stands on one screen at most; a screen is cut where something on it would depend on it.

    Attributes
    ----------
    screens : tuple of Screen
    end : int
        Number of the page after the last screen, which only asks to send the answers.
    languages : tuple of str

    Raises
    ------
    InputError
        It asks for something that the service cannot put to respondents; every such question is named.
    """

    def __init__(self, questionnaire: Questionnaire, paging: Paging = "section") -> None:
        self.questionnaire = questionnaire
        self.screens: tuple[Screen, ...] = cut(questionnaire, paging)
        self.end = len(self.screens) + 1
        self.languages = questionnaire.languages
        self._pages = Pages(questionnaire, self.screens)

    def language(self, wanted: str) -> str:
        """The language of the questionnaire in which somebody who wants `wanted` is served."""
        return wanted if wanted in self.languages else self.languages[0]

    def shown(self, number: int, answers: Answers) -> bool:
        """Whether anything on a screen is asked of somebody with these answers."""
        return number == self.end or number in route(self.screens, answers)

    def first_screen(self, answers: Answers) -> int:
        """The first screen on which something is asked; the page that ends the questionnaire when there is none."""
        return self.next_screen(0, answers) or self.end

    def next_screen(self, number: int, answers: Answers) -> int | None:
        """The next screen on which something is asked, or None."""
        return next((each for each in route(self.screens, answers) if each > number), None)

    def previous_screen(self, number: int, answers: Answers) -> int | None:
        """The screen before on which something was asked, or None."""
        return next((each for each in reversed(route(self.screens, answers)) if each < number), None)

    def asked(self, answers: Answers) -> dict[str, str]:
        """The answers without those to what routing does not ask, replayed in order."""
        return replay(self.screens, answers).kept

    def enter(self, number: int, submitted: Submitted, answers: Answers, drafts: Answers | None = None) -> Entered:
        """Take in one submitted screen.

        Parameters
        ----------
        number : int
            The screen that was posted, from 1.
        submitted : mapping of str to list of str
            The fields of the form; only those offered on this screen are looked at, and ``move``: after ``previous``,
            ``save`` and ``language-…`` a multiple choice without a tick stays open.
        answers, drafts : mapping
            As they are stored.

        Returns
        -------
        Entered
            Whole answers and drafts to be stored, and what has to be put right before going on.
        """
        if not 1 <= number <= len(self.screens):
            return Entered(dict(answers), dict(drafts or {}), ())
        return enter(self.screens, number, submitted, answers, drafts or {})

    def submission(self, answers: Answers, drafts: Answers | None = None) -> Submission:
        """Look through every screen again; a later change may have made an earlier answer wrong."""
        return submission(self.screens, answers, drafts or {})

    def page(
        self,
        number: int,
        language: str,
        answers: Answers,
        drafts: Mapping[str, str],
        mistakes: tuple[Mistake, ...],
        chrome: Chrome,
    ) -> str:
        """The page of one screen, with what was answered or typed in its fields.

        Parameters
        ----------
        number : int
            From 1; `end` for the page that only asks to send the answers.
        language : str
        answers, drafts : mapping
            What was typed goes before what was answered.
        mistakes : tuple of Mistake
            Told above the questions and beside the fields; none when somebody comes back to a screen.
        chrome : Chrome
        """
        return self._pages.page(number, self.language(language), answers, drafts, mistakes, chrome)
