"""The participants of a LimeSurvey survey: who they are by pseudonym, who was invited, reminded, and has completed."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clustergov.survey.collecting import Invited, Person
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import LimeSurveyError, NothingThereError, RefusedError, said

PAGE = 1000
"""Participants asked for at a time; LimeSurvey gives 10 unless told."""
ADDED_AT_ONCE = 100
SENT_AT_ONCE = 20
"""Few at a time: what became of a batch is known even when the next one breaks off."""
PSEUDONYM = "pseudonym"
_ATTRIBUTE = "attribute_1"
_NEVER = ("", "N", "0", "None")
_WANTED = ["language", "emailstatus", "sent", "remindersent", "completed"]
_ONE_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")


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


@dataclass(frozen=True, slots=True)
class Participants:
    """The participants table of one survey.

    Parameters
    ----------
    number : int
        The survey's.
    server : Connection
    """

    number: int
    server: Connection

    def exist(self) -> bool:
        """Whether the survey has a participants table; without one everybody who has the address may answer."""
        return "token_count" in (self.server.ask("get_summary", self.number) or {})

    def all(self) -> list[Participant]:
        """Everybody in the table, in its order; nobody where there is no table.

        Raises
        ------
        LimeSurveyError
        """
        if not self.exist():
            return []
        attribute = self._attribute()
        return [_participant(row, attribute) for row in self._rows([*_WANTED, attribute])]

    def invite(self, people: Sequence[Person], languages: Sequence[str]) -> Invited:
        """Add whom the table does not have yet, and send the invitation to whom it was not sent.

        Nothing is asked of the server twice: where an answer is lost, the table is read again, since LimeSurvey notes
        there to whom it sent. A person is known by pseudonym; one who is there already is not added again.

        Parameters
        ----------
        people : sequence of Person
        languages : sequence of str
            Those of the survey, the base language first.

        Raises
        ------
        LimeSurveyError
            Before anything was sent.
        """
        if not self.exist():
            self.make_table()
        known = {row.pseudonym: row for row in self.all() if row.pseudonym}
        failed = dict(self._add([person for person in people if person.pseudonym not in known], languages))
        known = {row.pseudonym: row for row in self.all() if row.pseudonym}
        asked = [known[person.pseudonym] for person in people if person.pseudonym in known]
        waiting = []
        for row in asked:
            if row.sent or row.completed:
                continue
            if row.reachable:
                waiting.append(row)
            else:
                failed[row.pseudonym] = "opted out, or mails to this address came back"
        sent, unsent = self._send("invite_participants", waiting)
        return Invited(sent=tuple(sent), failed=tuple((failed | unsent).items()))

    def remind(self) -> Invited:
        """Send the reminder to whom the invitation was sent at least a day ago and who has not completed.

        Raises
        ------
        LimeSurveyError
            Before anything was sent.
        """
        waiting = [row for row in self.all() if row.sent and not row.completed and row.reachable and row.pseudonym]
        sent, failed = self._send("remind_participants", waiting)
        return Invited(sent=tuple(sent), failed=tuple(failed.items()))

    def _rows(self, attributes: list[str]) -> Iterator[dict[str, Any]]:
        """Every row, page by page: LimeSurvey's “start” is the number of a participant and no offset."""
        start, seen = 0, set[int]()
        while True:
            rows = self.server.rows("list_participants", self.number, start=start, limit=PAGE, attributes=attributes)
            fresh = [row for row in rows if int(row["tid"]) not in seen]
            yield from fresh
            seen |= {int(row["tid"]) for row in fresh}
            if len(rows) < PAGE or not fresh:
                return
            start = max(seen) + 1

    def _attribute(self) -> str:
        """The participants' attribute that holds the pseudonym: the one that is called so, else the first.

        Raises
        ------
        RefusedError
            The first attribute is there for something else.
        """
        properties = self.server.ask("get_survey_properties", self.number, ["attributedescriptions"])
        described = _descriptions((properties or {}).get("attributedescriptions"))
        named = [name for name, text in described.items() if text.casefold() == PSEUDONYM]
        if not named and described.get(_ATTRIBUTE):
            raise RefusedError(
                f"the participants of survey {self.number} have no attribute “{PSEUDONYM}”, and {_ATTRIBUTE} is "
                f"“{said(described[_ATTRIBUTE])}”.",
                f"In LimeSurvey add an attribute that is called “{PSEUDONYM}” (Participants → Manage attributes).",
            )
        return named[0] if named else _ATTRIBUTE

    def make_table(self) -> None:
        """Make the table, with an attribute for the pseudonym.

        Raises
        ------
        LimeSurveyError
            Among others when it is there.
        """
        description = {_ATTRIBUTE: {"description": PSEUDONYM, "mandatory": "N", "show_register": "N", "cpdbmap": ""}}
        self.server.tell("set_survey_properties", self.number, attributedescriptions=json.dumps(description))
        self.server.tell("activate_tokens", self.number, [1])

    def _add(self, people: Sequence[Person], languages: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Add people with tokens of our own; those who were not added, and why."""
        attribute = self._attribute() if people else _ATTRIBUTE
        wrong = [person for person in people if not _ONE_ADDRESS.fullmatch(person.email)]
        yield from ((person.pseudonym, "expected one e-mail address, found something else") for person in wrong)
        good = [person for person in people if _ONE_ADDRESS.fullmatch(person.email)]
        for start in range(0, len(good), ADDED_AT_ONCE):
            batch = good[start : start + ADDED_AT_ONCE]
            rows = [_row(person, attribute, languages) for person in batch]
            # Tokens are made here: LimeSurvey's own are shorter, and with create_tokens it would replace these.
            told = self.server.tell("add_participants", self.number, participant_data=rows, create_tokens=False)
            for person, row in zip(batch, told, strict=False):
                if row.get("errors"):
                    yield person.pseudonym, f"LimeSurvey did not add this person: {_errors(row['errors'])}"
                elif row.get(attribute) != person.pseudonym:
                    self.server.tell("delete_participants", self.number, [int(row["tid"])])
                    raise RefusedError(
                        f"the participants table of survey {self.number} has no {attribute} for the pseudonym.",
                        f"In LimeSurvey add an attribute that is called “{PSEUDONYM}” (Participants → Manage attributes).",
                    )

    def _send(self, method: str, rows: Sequence[Participant]) -> tuple[list[str], dict[str, str]]:
        """Have mails sent in small batches; to whom they went, and to whom not, with the reason."""
        sent: list[str] = []
        failed: dict[str, str] = {}
        for start in range(0, len(rows), SENT_AT_ONCE):
            batch = rows[start : start + SENT_AT_ONCE]
            try:
                outcome = self._send_batch(method, batch)
            except LimeSurveyError as error:
                reason = " ".join(problem.message for problem in error.problems)
                gone, unknown = self._after_a_loss(method, batch)
                sent += gone
                failed |= dict.fromkeys(unknown, f"broken off: {reason} Run the command again.")
                failed |= dict.fromkeys([row.pseudonym for row in rows[start + len(batch) :]], "not tried any more")
                break
            sent += [row.pseudonym for row in batch if outcome[row.number] == ""]
            failed |= {row.pseudonym: outcome[row.number] for row in batch if outcome[row.number]}
        return sent, failed

    def _send_batch(self, method: str, batch: Sequence[Participant]) -> dict[int, str]:
        """Number → "" when the mail was sent, else the reason.

        A server may send fewer than asked (its `maxemails`): those it did not look at are asked for once more.
        """
        outcome: dict[int, str] = {}
        waiting = [row.number for row in batch]
        while waiting:
            arguments = (waiting, True, True) if method == "invite_participants" else (1, None, waiting, True)
            try:
                told = self.server.tell(method, self.number, *arguments)
            except NothingThereError:
                told = {}
            done = {int(key): _reason(row) for key, row in told.items() if str(key).isdigit() and isinstance(row, dict)}
            outcome |= {number: reason for number, reason in done.items() if number in waiting}
            if not done.keys() & set(waiting):
                why = (
                    "LimeSurvey does not take the address for one, or has excluded this person"
                    if method == "invite_participants"
                    else "invited or reminded less than a day ago"
                )
                return outcome | dict.fromkeys(waiting, why)
            waiting = [number for number in waiting if number not in done]
        return outcome

    def _after_a_loss(self, method: str, batch: Sequence[Participant]) -> tuple[list[str], list[str]]:
        """Whom LimeSurvey notes as sent to after an answer was lost, and the others."""
        if method != "invite_participants":
            return [], [row.pseudonym for row in batch]
        try:
            now = {row.number: row for row in self.all()}
        except LimeSurveyError:
            now = {}
        gone = [row.pseudonym for row in batch if row.number in now and now[row.number].sent]
        return gone, [row.pseudonym for row in batch if row.pseudonym not in gone]


def new_token() -> str:
    """A personal access code: 128 bits of chance in letters and digits, which LimeSurvey leaves as they are."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def _row(person: Person, attribute: str, languages: Sequence[str]) -> dict[str, str]:
    language = person.language if person.language in languages else languages[0]
    return {
        "firstname": person.name, "email": person.email, "language": language, "token": new_token(),
        attribute: person.pseudonym,
    }  # fmt: skip


def _participant(row: dict[str, Any], attribute: str) -> Participant:
    def told(name: str) -> bool:
        return str(row.get(name) or "") not in _NEVER

    return Participant(
        number=int(row["tid"]),
        token=str(row.get("token") or ""),
        pseudonym=str(row.get(attribute) or ""),
        sent=told("sent"),
        reminded=told("remindersent"),
        completed=told("completed"),
        reachable=str(row.get("emailstatus") or "OK") == "OK",
    )


def _descriptions(text: Any) -> dict[str, str]:
    """Attribute → its description; LimeSurvey keeps them as JSON in a text."""
    try:
        found = json.loads(text) if isinstance(text, str) and text else text
    except ValueError:
        return {}
    rows = found.items() if isinstance(found, dict) else ()
    return {str(name): str(each.get("description") or "") for name, each in rows if isinstance(each, dict)}


def _errors(errors: Any) -> str:
    texts = [text for found in (errors.values() if isinstance(errors, dict) else [errors])
             for text in (found if isinstance(found, list) else [found])]  # fmt: skip
    return said("; ".join(str(text) for text in texts))


def _reason(row: dict[str, Any]) -> str:
    if row.get("status") == "OK":
        return ""
    return said(row.get("error") or "") or "LimeSurvey could not send it"
