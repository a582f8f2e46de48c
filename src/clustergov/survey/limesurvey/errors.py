"""What can go wrong between here and a LimeSurvey server: one error per thing that a person would do something else about."""

from __future__ import annotations

import html
import re
from typing import ClassVar

from clustergov.problems import InputError, Problem

LONGEST = 300
"""Characters of a server's own words that a message repeats."""

_HIDDEN = (
    (re.compile(r"\s*The SQL statement executed was:.*", re.S), ""),
    (re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+"), "[…]"),
    (re.compile(r"(Duplicate entry )'[^']*'"), r"\1[…]"),
)
"""Databases repeat the row that they refuse: addresses and tokens stay out of messages."""


class LimeSurveyError(InputError):
    """Base of everything that a LimeSurvey server, or the way to it, refuses.

    Attributes
    ----------
    rule : str
        The rule of its problem.
    """

    rule: ClassVar[str] = "limesurvey"
    fix: ClassVar[str] = "Look in the log of the LimeSurvey server, or ask who runs it."

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(Problem(self.rule, message, fix or self.fix))


class UnreachableError(LimeSurveyError):
    """Nobody answers: no such host, connection refused or broken off, no answer in time."""

    rule = "limesurvey-unreachable"
    fix = "Check CLUSTERGOV_LIMESURVEY_URL, and whether the server runs and can be reached from here."


class UntrustedError(LimeSurveyError):
    """The server's certificate cannot be verified."""

    rule = "limesurvey-certificate"
    fix = (
        "If the server has a certificate of your organisation's own, name that authority's file in REQUESTS_CA_BUNDLE; "
        "verification cannot be switched off."
    )


class WrongAddressError(LimeSurveyError):
    """Something answers, but it is no RemoteControl."""

    rule = "limesurvey-address"
    fix = (
        "CLUSTERGOV_LIMESURVEY_URL is the address of RemoteControl, such as "
        "https://surveys.example.org/index.php/admin/remotecontrol "
        "(or …/index.php?r=admin/remotecontrol where addresses have that form)."
    )


class SwitchedOffError(LimeSurveyError):
    """RemoteControl is switched off, or speaks XML."""

    rule = "limesurvey-switched-off"
    fix = "An administrator switches it on: Configuration → Global settings → Interfaces → RPC interface: JSON-RPC."


class LoginRefusedError(LimeSurveyError):
    """The server does not know this user with this password."""

    rule = "limesurvey-login"
    fix = (
        "Check CLUSTERGOV_LIMESURVEY_USER and the password (CLUSTERGOV_LIMESURVEY_PASSWORD, or that in the keyring); "
        "after a few more wrong ones the server lets nobody in for some minutes."
    )


class TooManyLoginsError(LoginRefusedError):
    """The server lets nobody in for a while, after wrong passwords."""

    rule = "limesurvey-login-blocked"
    fix = "Wait as long as it says and check the password before you try again."


class SessionExpiredError(LimeSurveyError):
    """The server has forgotten the session, and again right after a new login."""

    rule = "limesurvey-session"
    fix = "Do it again; if it stays so, the server's sessions end too early (iSessionExpirationTime in its config.php)."


class NotAllowedError(LimeSurveyError):
    """The user may not do this, or the survey is not there: LimeSurvey says the same of both."""

    rule = "limesurvey-permission"
    fix = "Check the survey's number, and ask an administrator for the right to do this."


class NoSuchSurveyError(LimeSurveyError):
    """The server has no survey of that number."""

    rule = "limesurvey-no-survey"
    fix = "Check the number: it is the one that `clustergov survey deploy` printed."


class NothingThereError(LimeSurveyError):
    """The server's way of saying “none”; where none is an answer, it is made an empty result before anyone sees it."""

    rule = "limesurvey-nothing"
    fix = "Check the survey's number."


class RefusedError(LimeSurveyError):
    """The server did not do it, and says why in words of its own."""

    rule = "limesurvey-refused"


class FailedError(LimeSurveyError):
    """The server broke off: an error of PHP or of its database."""

    rule = "limesurvey-failed"


class UnintelligibleError(LimeSurveyError):
    """An answer that is not in the form of RemoteControl."""

    rule = "limesurvey-answer"
    fix = "Check that no proxy or log-in page stands between here and the server."


_STATUSES: tuple[tuple[str, type[LimeSurveyError]], ...] = (
    (r"invalid session key", SessionExpiredError),
    (r"maximum (number of )?login attempts|number of maximum login", TooManyLoginsError),
    (r"invalid user ?name or password|incorrect username", LoginRefusedError),
    (r"no permission|permission denied|not allowed", NotAllowedError),
    (r"invalid survey ?id", NoSuchSurveyError),
    (r"no (surveys|groups|questions|quotas|users|survey participants|survey groups) found", NothingThereError),
    (r"no (available )?data\b|no candidate tokens|no results were found|no survey response table", NothingThereError),
)
"""English prose, not codes: what LimeSurvey 6.14 says, without regard to capitals."""


def of_status(status: str, *, what: str) -> LimeSurveyError:
    """The error that a status text means.

    Parameters
    ----------
    status : str
        As the server sent it, perhaps with HTML in it.
    what : str
        What was asked for, such as ``import_survey``.
    """
    told = said(status)
    for pattern, error in _STATUSES:
        if re.search(pattern, told, re.I):
            return error(f"LimeSurvey answered “{told}” ({what}).")
    return RefusedError(f"LimeSurvey did not do it ({what}): “{told}”.")


def said(text: object) -> str:
    """A server's words for a message: no HTML, no address or token of a person, not too long."""
    plain = html.unescape(re.sub(r"<[^<>]*>", " ", str(text)))
    for pattern, instead in _HIDDEN:
        plain = pattern.sub(instead, plain)
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
