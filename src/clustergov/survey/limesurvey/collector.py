"""A survey in the field on a LimeSurvey server, as a collector of answers."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

from clustergov.survey.collection.collecting import Invited, Person, RawExport, Status
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.collection.raw_rows import read_rows
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import LimeSurveyError, NothingThereError, RefusedError
from clustergov.survey.limesurvey.participants import Participants

MOST_RANGES = 5
"""Ranges of ids fetched one by one; where there are more, one export from the first to the last is less work."""
_OWN = ("id", "submitdate", "lastpage", "startlanguage", "token")
"""LimeSurvey's own columns that are asked for; addresses of computers, referrers and times of starting are not."""
_WEST = datetime.timedelta(hours=12)
"""How far behind UTC the westernmost clocks are."""
Completion = Literal["complete", "incomplete"]


class LimeSurveyCollector:
    """One survey on a LimeSurvey server; keeps to `collecting.Collector`.

    Parameters
    ----------
    number : int
        The survey's.
    server : Connection
        Open.

    Raises
    ------
    LimeSurveyError
        From every method.
    """

    def __init__(self, number: int, server: Connection) -> None:
        self.number = number
        self.server = server
        self.participants = Participants(number, server)

    def __repr__(self) -> str:
        return f"LimeSurveyCollector({self.number}, {self.server!r})"

    @property
    def address(self) -> str:
        """Where respondents begin."""
        url = self.server.credentials.url
        base = re.sub(r"(/|/?\?r=)admin/remotecontrol/?$", "", url)
        return f"{base}?r=survey/index&sid={self.number}" if "?r=" in url else f"{base}/{self.number}"

    def status(self) -> Status:
        """Where the survey stands.

        LimeSurvey keeps the end of a survey in the time of its own clock, of which it does not tell the zone: in the
        hours around it “open” or “closed” may be said too early or too late.
        """
        words = self.server.ask("get_language_properties", self.number, settings=["surveyls_title"])
        counts = self.server.ask("get_summary", self.number) or {}
        people = self.participants.all()
        invited = "token_count" in counts
        return Status(
            title=html.unescape(str((words or {}).get("surveyls_title") or "")),
            address=self.address,
            state=self._state(),
            complete=int(counts.get("completed_responses", 0)),
            partial=int(counts.get("incomplete_responses", 0)),
            invited=sum(row.sent for row in people) if invited else None,
            reminded=sum(row.reminded for row in people) if invited else None,
            completed=sum(row.completed for row in people) if invited else None,
        )

    def invite(self, people: Sequence[Person], fieldwork: Fieldwork) -> Invited:
        """Invite people; LimeSurvey sends the mails, with the texts that `survey deploy` gave it.

        Raises
        ------
        RefusedError
            The survey is not open: the links would lead nowhere.
        """
        if (state := self._state()) != "open":
            raise RefusedError(
                f"survey {self.number} is {state}: personal links would lead nowhere.",
                "Activate it first (clustergov survey deploy)."
                if state == "not active"
                else "Give it a later end in LimeSurvey.",
            )
        return self.participants.invite(people, self._languages())

    def remind(self, fieldwork: Fieldwork) -> Invited:
        """Remind whom the invitation was sent to and who has not completed."""
        if (state := self._state()) != "open":
            raise RefusedError(f"survey {self.number} is {state}: nobody could answer a reminder.",
                               "Remind while it is open.")  # fmt: skip
        return self.participants.remind()

    def fetch(self, *, have: Collection[str] = ()) -> tuple[RawExport, ...]:
        """All partial responses, and the complete ones that are not in `have`.

        LimeSurvey numbers a response when it is begun, so that of whoever finishes late has a low number: which
        complete ones there are is asked first (their ids alone), and then what is missing, in as few ranges as will do.
        """
        fields = self._fields()
        partial = self._export("incomplete", fields)
        there = self._ids()
        missing = sorted(set(there) - {int(number) for number in have if number.isdigit()})
        deleted = tuple(sorted((set(have) - {str(number) for number in there}), key=_as_number))
        complete = [self._export("complete", fields, between=each) for each in _ranges(missing, there)]
        if not complete:
            complete = [_raw(b"", "complete")]
        first = RawExport(complete[0].content, "complete", complete[0].taken, complete[0].rows, deleted)
        return partial, first, *complete[1:]

    def pseudonyms(self) -> dict[str, str]:
        """Token → pseudonym of everybody who was invited by pseudonym.

        Responses to an anonymised survey have no token, so that nothing ties them to this.
        """
        return {row.token: row.pseudonym for row in self.participants.all() if row.token and row.pseudonym}

    def close(self) -> None:
        """End the survey; responses and participants stay where they are.

        Its end is set twelve hours back, so that it is past by the clock of a server in any time zone.
        """
        if self._state() == "closed":
            return
        end = (datetime.datetime.now(datetime.UTC) - _WEST).strftime("%Y-%m-%d %H:%M:%S")
        told = self.server.tell("set_survey_properties", self.number, expires=end)
        if not (isinstance(told, dict) and told.get("expires") is True):
            raise RefusedError(f"LimeSurvey did not take the end of survey {self.number}.",
                               "Set its end in LimeSurvey: Publication & access → Expiry date.")  # fmt: skip

    def erase(self, who: str) -> tuple[str, ...]:
        """Delete a person's participant and responses from the server, by pseudonym or by the id of a response.

        Returns
        -------
        tuple of str
            Ids of the responses that were deleted.
        """
        rows = [row for row in self.participants.all() if row.pseudonym == who]
        ids: list[int] = []
        for row in rows:
            try:
                found = self.server.ask("get_response_ids", self.number, row.token)
            except LimeSurveyError:  # an anonymised survey has no column of tokens
                found = []
            ids += [int(number) for number in found or []]
        if not rows and who.isdigit():
            ids = [int(who)] if int(who) in {*self._ids(), *self._ids("incomplete")} else []
        for number in ids:
            self.server.tell("delete_response", self.number, number)
        if rows:
            self.server.tell("delete_participants", self.number, [row.number for row in rows])
        return tuple(str(number) for number in ids)

    def _state(self) -> Literal["not active", "open", "closed"]:
        properties = self.server.ask("get_survey_properties", self.number, ["active", "expires"])
        if properties.get("active") != "Y":
            return "not active"
        expires = str(properties.get("expires") or "")
        try:
            end = datetime.datetime.fromisoformat(expires).replace(tzinfo=datetime.UTC) if expires else None
        except ValueError:
            end = None
        return "closed" if end is not None and end <= datetime.datetime.now(datetime.UTC) else "open"

    def _languages(self) -> list[str]:
        found = self.server.ask("get_survey_properties", self.number, ["language", "additional_languages"])
        return [str(found["language"]), *str(found.get("additional_languages") or "").split()]

    def _fields(self) -> list[str]:
        """Names of the columns to ask for: answers, and what tells one response from another. No name, no address."""
        fields = self.server.ask("get_fieldmap", self.number)
        return [name for name, entry in fields.items() if name in _OWN or entry.get("qid")]

    def _ids(self, completion: Completion = "complete") -> list[int]:
        found = self._export(completion, ["id"])
        return sorted(int(row.id) for row in read_rows(found.content, masked=False, file=Path("the list of ids")))

    def _export(self, completion: Completion, fields: list[str], between: tuple[int, int] | None = None) -> RawExport:
        options: dict[str, Any] = {}
        if between is not None:
            options = {"from_response_id": between[0], "to_response_id": between[1]}
        try:
            content = self.server.ask(
                "export_responses", self.number, file_format="csv", completion_status=completion, heading_type="code",
                response_type="short", fields=fields, additional_options={"useEMCode": True}, **options,
            )  # fmt: skip
        except NothingThereError:
            content = b""
        return _raw(content, "complete" if completion == "complete" else "partial")


def _raw(content: bytes, kind: Literal["complete", "partial"]) -> RawExport:
    rows = sum(1 for _ in read_rows(content, masked=False, file=Path(f"the export of {kind} responses")))
    return RawExport(content, kind, datetime.datetime.now(datetime.UTC), rows)


def _ranges(missing: Sequence[int], there: Sequence[int]) -> list[tuple[int, int]]:
    """First and last ids of the runs of missing ones among those that are there."""
    wanted = set(missing)
    runs: list[tuple[int, int]] = []
    going = False
    for number in there:
        if number in wanted:
            runs = [*runs[:-1], (runs[-1][0], number)] if going else [*runs, (number, number)]
        going = number in wanted
    return runs if len(runs) <= MOST_RANGES else [(missing[0], missing[-1])]


def _as_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdigit() else 0, text)
