"""Mails that LimeSurvey sends to participants: a few at a time, none a second time, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import LimeSurveyError, NothingThereError, said

AT_ONCE = 20
"""Few at a time: what became of a batch is known even when the next one breaks off."""
Method = Literal["invite_participants", "remind_participants"]
_NOT_CONSIDERED: dict[Method, str] = {
    "invite_participants": "LimeSurvey does not take the address for one, or has excluded this person",
    "remind_participants": "invited or reminded less than a day ago",
}
"""Why LimeSurvey passes somebody over without a word."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One row of the participants table, without name and address.

    Attributes
    ----------
    number : int
        LimeSurvey's ``tid``.
    token : str
    pseudonym : str
        Empty when somebody else added this person.
    sent, reminded, completed : bool
        completed is also true of those who may not be asked again (``Q``, by a quota).
    reachable : bool
        Neither opted out nor bounced.
    """

    number: int
    token: str
    pseudonym: str
    sent: bool
    reminded: bool
    completed: bool
    reachable: bool

    def __repr__(self) -> str:
        return f"Participant({self.number})"


def send(
    method: Method,
    rows: Sequence[Participant],
    number: int,
    server: Connection,
    *,
    again: Callable[[], list[Participant]],
) -> tuple[list[str], dict[str, str]]:
    """Have LimeSurvey send invitations or reminders.

    Parameters
    ----------
    method : {"invite_participants", "remind_participants"}
    rows : sequence of Participant
        To whom.
    number : int
        The survey's.
    server : Connection
    again : callable
        Reads the participants once more: after an answer was lost they tell to whom a mail went.

    Returns
    -------
    sent : list of str
        Pseudonyms.
    failed : dict of str to str
        Pseudonym → why not.
    """
    sent: list[str] = []
    failed: dict[str, str] = {}
    for start in range(0, len(rows), AT_ONCE):
        batch = rows[start : start + AT_ONCE]
        try:
            outcome = _send_batch(method, batch, number, server)
        except LimeSurveyError as error:
            reason = " ".join(problem.message for problem in error.problems)
            gone = _sent_after_all(method, batch, again)
            lost = [row.pseudonym for row in batch if row.pseudonym not in gone]
            sent += gone
            failed |= dict.fromkeys(lost, f"broken off: {reason} Run the command again.")
            failed |= dict.fromkeys([row.pseudonym for row in rows[start + len(batch) :]], "not tried any more")
            break
        sent += [row.pseudonym for row in batch if outcome[row.number] == ""]
        failed |= {row.pseudonym: outcome[row.number] for row in batch if outcome[row.number]}
    return sent, failed


def _send_batch(method: Method, batch: Sequence[Participant], number: int, server: Connection) -> dict[int, str]:
    """Number → "" when the mail was sent, else the reason.

    A server may send fewer than asked (its `maxemails`): those it did not look at are asked for once more.
    """
    outcome: dict[int, str] = {}
    waiting = [row.number for row in batch]
    while waiting:
        # Bare calls: “email”, “go on after an error”; and for reminders “days since the last mail” before them.
        arguments = (waiting, True, True) if method == "invite_participants" else (1, None, waiting, True)
        try:
            told = server.tell(method, number, *arguments)
        except NothingThereError:
            told = {}
        done = {int(key): _reason(row) for key, row in told.items() if str(key).isdigit() and isinstance(row, dict)}
        outcome |= {key: reason for key, reason in done.items() if key in waiting}
        if not done.keys() & set(waiting):
            return outcome | dict.fromkeys(waiting, _NOT_CONSIDERED[method])
        waiting = [key for key in waiting if key not in done]
    return outcome


def _sent_after_all(method: Method, batch: Sequence[Participant], again: Callable[[], list[Participant]]) -> list[str]:
    """Of a batch whose answer was lost, whom LimeSurvey notes as sent to that it did not before."""
    try:
        now = {row.number: row for row in again()}
    except LimeSurveyError:
        return []
    noted = {row.number: now[row.number] for row in batch if row.number in now}
    if method == "invite_participants":
        return [row.pseudonym for row in batch if row.number in noted and noted[row.number].sent and not row.sent]
    return [row.pseudonym for row in batch if row.number in noted and noted[row.number].reminded and not row.reminded]


def _reason(row: dict[str, Any]) -> str:
    if row.get("status") == "OK":
        return ""
    return said(row.get("error") or "") or "LimeSurvey could not send it"
