"""Who a browser stands for: the person of a personal link, or somebody with a random key."""

from __future__ import annotations

from dataclasses import dataclass

from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service.invitations import Invitation, Invitations
from clustergov.survey.service.keys import random_key, response_hash, well_formed

PERSONAL, OPEN = "i", "o"
"""First letter of a respondent's cookie: the token of a personal link, or a random key."""


@dataclass(frozen=True, slots=True)
class Who:
    """A respondent, by what the browser holds.

    Attributes
    ----------
    cookie : str
    key_hash : str
        Of the response.
    pseudonym : str
        Of the invitation; empty without one.
    done : bool
        The questionnaire was sent under one of the person's links.
    """

    cookie: str
    key_hash: str
    pseudonym: str = ""
    done: bool = False

    @property
    def personal(self) -> bool:
        return self.cookie[0] == PERSONAL

    @property
    def key(self) -> str:
        return self.cookie[1:]


def new_cookie() -> str:
    return OPEN + random_key()


def identify(cookie: str, invitations: Invitations, fieldwork: Fieldwork) -> Who | None:
    """The respondent that a cookie stands for; None when nobody is let in with it."""
    if not cookie or not well_formed(cookie[1:]):
        return None
    if cookie[0] == PERSONAL:
        invitation = invitations.find(cookie[1:])
        return None if invitation is None else invited(cookie, invitation, anonymous=fieldwork.anonymous)
    if cookie[0] != OPEN or fieldwork.access == "invited":
        return None
    return Who(cookie, response_hash(cookie[1:]))


def invited(cookie: str, invitation: Invitation, *, anonymous: bool) -> Who:
    """The person of an invitation.

    With a pseudonym all links of a person open one response; in anonymous mode nothing but the token leads to it.
    """
    key = cookie[1:] if anonymous else f"person:{invitation.pseudonym}"
    return Who(cookie, response_hash(key), invitation.pseudonym, bool(invitation.completed))
