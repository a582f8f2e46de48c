"""What a respondent does: opens a link, reads a page, sends it, comes back later, sends the questionnaire off."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clustergov.language import say
from clustergov.survey.service.cookies import csrf
from clustergov.survey.service.entering import LANGUAGE
from clustergov.survey.service.form import Form
from clustergov.survey.service.identity import OPEN, PERSONAL, Who, identify, invited
from clustergov.survey.service.keys import random_key, step_hash, well_formed
from clustergov.survey.service.markup import words_language
from clustergov.survey.service.pages import Chrome
from clustergov.survey.service.record import Survey
from clustergov.survey.service.reply import Go, Plain, Reply, Shown
from clustergov.survey.service.storage import Page, Storage, StorageUnavailableError, Stored

ATTEMPTS = 8
"""How often a page is entered anew because another tab wrote in between."""

STATE_SECONDS = 1.0
"""For how long it is believed that a survey is still open."""

Submitted = Mapping[str, Sequence[str]]


class Respondents:
    """Everything that respondents may ask of one survey. Threads share it; it holds nothing of anybody."""

    def __init__(self, storage: Storage, form: Form, survey: Survey, *, base_url: str, style: str) -> None:
        self._storage, self._form, self._survey, self._base_url, self._style = storage, form, survey, base_url, style
        self._checked, self._open = -STATE_SECONDS, True

    # --- ways in ----------------------------------------------------------------------------------------------------

    def open_link(self, token: str) -> Reply:
        """A personal link: from here on the browser holds its token, and no address does."""
        invitation = self._storage.invitations.find(token) if well_formed(token) else None
        if invitation is None:
            return Plain("unknown", 404)
        who = invited(PERSONAL + token, invitation, anonymous=self._survey.fieldwork.anonymous)
        stored = None if who.done else self._storage.load(who.key_hash)
        if who.done or (stored is not None and stored.submitted):
            return Plain("used", 410)
        if not invitation.opened and self.is_open():
            self._storage.invitations.opened(token)
        language = stored.language if stored is not None else self._form.language(invitation.language)
        return Go(f"/{language}/{self._resume(stored)}", who.cookie)

    def resume(self, key: str) -> Reply:
        """The link that somebody noted down to go on elsewhere."""
        who = self._who(OPEN + key)
        stored = None if who is None else self._storage.load(who.key_hash)
        if who is None or stored is None:
            return Plain("unknown", 404)
        if stored.submitted:
            return Plain("used", 410)
        return Go(f"/{stored.language}/{self._resume(stored)}", who.cookie)

    def start(self, cookie: str, language: str) -> Reply:
        """The survey's own address."""
        who = self._who(cookie)
        if who is None:
            return Plain("unknown", 403) if self._invited_only else Go(f"/{language}/{self._form.first_screen({})}")
        stored = self._storage.load(who.key_hash)
        if who.done or (stored is not None and stored.submitted):
            return Plain("used", 410)
        return Go(f"/{language}/{self._resume(stored)}")

    def _who(self, cookie: str) -> Who | None:
        return identify(cookie, self._storage.invitations, self._survey.fieldwork)

    @property
    def _invited_only(self) -> bool:
        return self._survey.fieldwork.access == "invited"

    def _resume(self, stored: Stored | None) -> int:
        """The furthest screen that was put to the respondent, or the nearest before it that is still asked."""
        if stored is None:
            return self._form.first_screen({})
        furthest = min(stored.screen, self._form.end)
        if self._form.shown(furthest, stored.answers):
            return furthest
        return self._form.previous_screen(furthest, stored.answers) or self._form.first_screen(stored.answers)

    def is_open(self) -> bool:
        """Whether answers are taken; looked up again every second."""
        now = time.monotonic()
        if now - self._checked >= STATE_SECONDS:
            self._open = self._storage.state() == "open"
            self._checked = now
        return self._open

    # --- pages ------------------------------------------------------------------------------------------------------

    def show(self, cookie: str, language: str, number: int) -> Reply:
        """One screen. A new respondent gets a cookie and no row: that comes with the first page that is sent."""
        if not self.is_open():
            return Plain("closed", 410)
        who = self._who(cookie)
        if who is None:
            return Plain("unknown", 403)
        stored = self._storage.load(who.key_hash)
        if who.done or (stored is not None and stored.submitted):
            return Plain("used", 410)
        if not self._allowed(number, stored):
            return Go(f"/{language}/{self._resume(stored)}")
        answers, drafts = (stored.answers, stored.drafts) if stored is not None else ({}, {})
        return self._page(who, language, number, answers, drafts)

    def finished(self, cookie: str, language: str) -> Reply:
        """The thanks, to whoever has sent the questionnaire, and to nobody else."""
        who = self._who(cookie)
        stored = None if who is None else self._storage.load(who.key_hash)
        if stored is not None and stored.submitted:
            return Plain("thanks", receipt="" if self._survey.fieldwork.anonymous else stored.id)
        if who is not None and who.done:
            return Plain("used", 410)
        return Go(f"/{language}/{self._resume(stored)}")

    def saved(self, cookie: str, language: str) -> Reply:
        """How to go on later, with the link for it."""
        who = self._who(cookie)
        stored = None if who is None else self._storage.load(who.key_hash)
        if who is None or stored is None:
            return Go(f"/{language}/{self._form.first_screen({})}")
        if stored.submitted or who.done:
            return Plain("used", 410)
        return Plain("saved", link=f"{self._base_url}/{'i' if who.personal else 'r'}/{who.key}")

    def _allowed(self, number: int, stored: Stored | None) -> bool:
        answers = stored.answers if stored is not None else {}
        furthest = max(stored.screen if stored is not None else 0, self._form.first_screen(answers))
        return number <= furthest and self._form.shown(number, answers)

    def _page(
        self, who: Who, language: str, number: int, answers: Mapping[str, str], drafts: Mapping[str, str],
        mistakes: tuple[Any, ...] = (), *, status: int = 200, notices: tuple[str, ...] = (), step: str = "",
        stored: Mapping[str, str] | None = None,
    ) -> Shown:  # fmt: skip
        """One screen as HTML; `stored` are the answers on record where those shown are not."""
        hidden = {
            "csrf": csrf(who.cookie),
            "step": step or random_key(),
            "seen": self._seen(number, answers if stored is None else stored),
        }
        chrome = Chrome(
            action=f"/{language}/{number}",
            hidden=hidden,
            style=self._style,
            languages={other: f"/{other}/{number}" for other in self._form.languages},
            notices=tuple(say(f"respondent.{notice}", words_language(language)) for notice in notices),
            seed=who.key_hash[:16],
        )
        return Shown(self._form.page(number, language, answers, drafts, mistakes, chrome), status)

    def _seen(self, number: int, answers: Mapping[str, str]) -> str:
        """A short sum over the answers on one screen: whether anybody changed them since it was shown."""
        if number > len(self._form.screens) or not answers:
            return "0"
        fields = self._form.screens[number - 1].fields
        here = sorted((name, answer) for name, answer in answers.items() if name in fields)
        return hashlib.sha256(repr(here).encode()).hexdigest()[:16] if here else "0"

    # --- a page that was sent -----------------------------------------------------------------------------------------

    def post(self, cookie: str, language: str, number: int, submitted: Submitted, body: bytes) -> Reply:
        """Take in one page: on the disk before anybody is told so, and once however often it is sent."""
        step = _last(submitted, "step")
        try:
            if not self.is_open():
                return Plain("closed", 410)
            who = self._who(cookie)
            if who is None:
                return Plain("unknown", 403)
            for _ in range(ATTEMPTS):
                answer = self._take(who, language, number, submitted, step_hash(who.cookie, step, body), step)
                if answer is not None:
                    return answer
        except StorageUnavailableError:
            pass
        fields = tuple((name, value) for name, values in submitted.items() for value in values)
        return Plain("unavailable", 503, (("csrf", csrf(cookie)), *fields))

    def _take(
        self, who: Who, language: str, number: int, submitted: Submitted, step: str, shown_step: str
    ) -> Reply | None:
        """Enter the page into the answers as they stand; None when they changed meanwhile."""
        stored = self._storage.load(who.key_hash)
        if who.done or (stored is not None and stored.submitted):
            return self._again(step, language)
        if not self._allowed(number, stored):
            return Go(f"/{language}/{self._resume(stored)}")
        answers, drafts = (stored.answers, stored.drafts) if stored is not None else ({}, {})
        entered = self._form.enter(number, submitted, answers, drafts)
        if self._conflict(number, submitted, answers, entered.answers) and not self._storage.repeated(step):
            return self._page(
                who, language, number, entered.answers, entered.drafts, entered.mistakes,
                status=409, notices=("conflict",), stored=answers,
            )  # fmt: skip
        move = _last(submitted, "move")
        kept, answer = self._next(who, language, number, move, entered)
        if stored is None and kept.language and not (kept.answers or kept.drafts):
            return answer  # who looks for a language has not begun
        furthest = max(kept.screen, stored.screen if stored is not None else 0)
        page = Page(
            who.key_hash, step, stored.revision if stored is not None else 0, kept.answers, kept.drafts, furthest,
            kept.language or language, kept.submit, who.pseudonym,
        )  # fmt: skip
        try:
            outcome = self._storage.keep(page)
        except StorageUnavailableError:
            return self._page(
                who, language, number, entered.answers, entered.drafts, status=503, notices=("unavailable",),
                step=shown_step, stored=answers,
            )  # fmt: skip
        if outcome == "changed":
            return None
        return self._again(step, language) if outcome == "submitted" else answer

    def _conflict(self, number: int, submitted: Submitted, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
        """Whether this screen was answered otherwise since it was shown, in another tab or on another device."""
        seen, now = _last(submitted, "seen"), self._seen(number, before)
        return bool(seen) and seen != now and self._seen(number, after) != now

    def _again(self, step: str, language: str) -> Reply:
        """Something sent after the questionnaire was: the same acknowledgement for the same, and for nothing else."""
        return Go(f"/{language}/thanks") if self._storage.repeated(step) else Plain("used", 409)

    def _next(self, who: Who, language: str, number: int, move: str, entered: Any) -> tuple[_Kept, Reply]:
        """What is to be kept of an entered page, and what to answer once it is."""
        form, answers, drafts = self._form, entered.answers, entered.drafts
        here = _Kept(answers, drafts, number)
        if move == "previous":
            return here, Go(f"/{language}/{form.previous_screen(number, answers) or number}")
        if move == "save":
            return here, Go(f"/{language}/saved")
        if (other := move.removeprefix(LANGUAGE)) != move and other in form.languages:
            return _Kept(answers, drafts, number, language=other), Go(f"/{other}/{number}")
        if entered.mistakes:
            return here, self._page(who, language, number, answers, drafts, entered.mistakes, status=422)
        following = form.next_screen(number, answers)
        if following is not None or move != "submit":
            target = following or form.end
            return _Kept(answers, drafts, target), Go(f"/{language}/{target}")
        whole = form.submission(answers, drafts)
        if whole.screen is not None:
            return here, self._page(who, language, whole.screen, answers, drafts, whole.mistakes, status=422)
        return _Kept(whole.answers, {}, number, True), Go(f"/{language}/thanks")


@dataclass(frozen=True, slots=True)
class _Kept:
    answers: Mapping[str, str]
    drafts: Mapping[str, str]
    screen: int
    submit: bool = False
    language: str = ""


def _last(submitted: Submitted, name: str) -> str:
    values = submitted.get(name, ())
    return values[-1] if values else ""
