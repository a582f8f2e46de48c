"""What a failed import leaves behind: found by its number and its mark, and deleted; nothing else ever is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import LimeSurveyError, NoSuchSurveyError, UnreachableError

_LOOKS = 6
"""How often an import of which nothing is known is looked for, and whether it still grows."""
_BETWEEN = 3.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An import that can be told from everything else on the server.

    Attributes
    ----------
    wanted : int
        A number that no survey had before.
    mark : str
        Stands in the title until the import is found to be whole.
    before : frozenset of int
        Surveys that were there before; they are never touched.
    """

    wanted: int
    mark: str
    before: frozenset[int]


def marked(server: Connection) -> Marked:
    """Look what is there, and choose a number and a mark.

    Raises
    ------
    LimeSurveyError
    """
    before = surveys(server)
    while True:
        wanted = 100_000 + secrets.randbelow(900_000)
        if wanted not in before and not _is_there(server, wanted):
            return Marked(wanted, f"clustergov-{secrets.token_hex(6)}", before)


def surveys(server: Connection) -> frozenset[int]:
    """Numbers of the surveys that the server lists; one without words in its base language is there and not listed.

    Raises
    ------
    LimeSurveyError
    """
    return frozenset(int(row["sid"]) for row in server.rows("list_surveys"))


def remove_debris(server: Connection, own: Marked, *, unknown: bool) -> tuple[int, ...]:
    """Delete what an import of ours left behind.

    That is: the survey under the number that was free, and any that came up since with our mark in its title (when the
    number was taken meanwhile LimeSurvey silently gives another). A survey without our mark that has a title is somebody's.

    Parameters
    ----------
    server : Connection
    own : Marked
    unknown : bool
        Whether the import may still be going on, its answer having been lost; then it is waited for.

    Returns
    -------
    tuple of int
        Numbers of the surveys that were deleted.

    Raises
    ------
    LimeSurveyError
    """
    if unknown:
        _wait(server, own.wanted)
    candidates = surveys(server) - own.before | ({own.wanted} if _is_there(server, own.wanted) else set())
    removed = []
    for number in sorted(candidates):
        title = _title(server, number)
        if own.mark in title or (number == own.wanted and not title):
            server.tell("delete_survey", number)
            removed.append(number)
    return tuple(removed)


def _wait(server: Connection, number: int) -> None:
    """Until what comes in grows no more."""
    seen = -1
    for _ in range(_LOOKS):
        count = len(server.rows("list_questions", number)) if _is_there(server, number) else 0
        if count == seen and count:
            return
        seen = count
        server.pause(_BETWEEN)


def _is_there(server: Connection, number: int) -> bool:
    try:
        server.ask("get_survey_properties", number, ["sid"])
    except NoSuchSurveyError:
        return False
    return True


def _title(server: Connection, number: int) -> str:
    """Its title; a survey that broke off before its words came in has none, and asking for them is an error."""
    try:
        return str(server.ask("get_language_properties", number, settings=["surveyls_title"])["surveyls_title"] or "")
    except UnreachableError:
        raise
    except LimeSurveyError:
        return ""
