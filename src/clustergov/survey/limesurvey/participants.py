"""The participants of a LimeSurvey survey: who they are by pseudonym, who was invited, reminded, and has completed."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clustergov.survey.collection.collecting import Invited, Person
from clustergov.survey.collection.people_file import is_address
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import RefusedError, said
from clustergov.survey.limesurvey.mailing import Participant, send

PAGE = 1000
"""Participants asked for at a time; LimeSurvey gives 10 unless told."""
ADDED_AT_ONCE = 100
PSEUDONYM = "pseudonym"
_ATTRIBUTE = "attribute_1"
_NEVER = ("", "N", "0", "None")
_WANTED = ["language", "emailstatus", "sent", "remindersent", "completed"]


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
        sent, unsent = send("invite_participants", waiting, self.number, self.server, again=self.all)
        return Invited(sent=tuple(sent), failed=tuple((failed | unsent).items()))

    def remind(self) -> Invited:
        """Send the reminder to whom the invitation was sent at least a day ago and who has not completed.

        Raises
        ------
        LimeSurveyError
            Before anything was sent.
        """
        waiting = [row for row in self.all() if row.sent and not row.completed and row.reachable and row.pseudonym]
        sent, failed = send("remind_participants", waiting, self.number, self.server, again=self.all)
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
        wrong = [person for person in people if not is_address(person.email)]
        yield from ((person.pseudonym, "expected one e-mail address, found something else") for person in wrong)
        good = [person for person in people if is_address(person.email)]
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
