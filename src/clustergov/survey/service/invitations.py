"""Invitations: personal links of which the database knows only a hash."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from clustergov.survey.service.database import Database
from clustergov.survey.service.keys import invitation_hash, random_key
from clustergov.survey.service.schema import INVITATION

YES = "yes"
"""In place of a day in anonymous mode: the only response of a Tuesday would belong to whoever opened a link that day."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One personal link. `invited` and `reminded` are days; `opened` and `completed` too, or “yes” in anonymous mode."""

    token_hash: str
    pseudonym: str
    language: str
    invited: str
    reminded: str
    opened: str
    completed: str


class Invitations:
    """The invitations of one survey."""

    def __init__(self, database: Database, *, anonymous: bool) -> None:
        self._database = database
        self._anonymous = anonymous

    def find(self, token: str) -> Invitation | None:
        """The invitation of a personal link; None when there is none."""
        row = self._database.read(
            lambda connection: connection.execute(_FIND, {"token": invitation_hash(token)}).one_or_none()
        )
        return None if row is None else Invitation(*row)

    def opened(self, token: str) -> None:
        """Note that a link was opened, the first time."""
        values = {"token": invitation_hash(token), "day": YES if self._anonymous else today()}
        self._database.write(lambda connection: connection.execute(_OPEN, values))

    def all(self) -> tuple[Invitation, ...]:
        """Every link, in the order of their hashes."""
        rows = self._database.read(lambda connection: connection.execute(_ALL).all())
        return tuple(Invitation(*row) for row in rows)

    def invite(self, people: Sequence[tuple[str, str]]) -> dict[str, str]:
        """Make personal links.

        Parameters
        ----------
        people : sequence of (pseudonym, language)
            Who has a link already gets no second one; see `renew`.

        Returns
        -------
        dict
            Pseudonym → token, of those who were invited now. Tokens are not kept: this is the only time to see them.
        """

        made = _Made()

        def job(connection: Connection) -> dict[str, str]:
            rows = [Invitation(*row) for row in connection.execute(_ALL)]
            known = {row.pseudonym for row in rows}
            wanted = {pseudonym: language for pseudonym, language in people if pseudonym not in known}
            _add(connection, made, [(pseudonym, language, today(), "") for pseudonym, language in wanted.items()])
            ours = wanted.keys() | made.among(rows).keys()
            return {pseudonym: made[pseudonym] for pseudonym, _ in people if pseudonym in ours}

        return self._database.write(job)

    def renew(self) -> dict[str, tuple[str, str]]:
        """A further link for everybody whose questionnaire is not in: what a reminder carries.

        The first link cannot be sent again, as only its hash is known. It stays valid: people answer from whichever
        e-mail they find, and answers may have been saved under it. So a person may have several links; the first
        questionnaire that is sent under one of them closes them all. Without anonymity they all open the same response.
        In anonymous mode, where nobody can tell which response is a person's, each opens one of its own. Nobody is
        reminded twice on one day.

        Returns
        -------
        dict
            Pseudonym → (token, language).
        """

        made = _Made()

        def job(connection: Connection) -> dict[str, tuple[str, str]]:
            rows = [Invitation(*row) for row in connection.execute(_ALL)]
            waiting = {row.pseudonym: row for row in rows if not row.completed and row.reminded != today()}
            _add(connection, made, [(row.pseudonym, row.language, row.invited, "") for row in waiting.values()])
            for pseudonym in waiting:
                connection.execute(_REMIND, {"who": pseudonym, "day": today()})
            return {who: (made[who], row.language) for who, row in (waiting | made.among(rows)).items()}

        return self._database.write(job)

    def counts(self) -> tuple[int, int, int, int] | tuple[None, None, None, None]:
        """Persons invited, reminded, who opened a link, and who sent the questionnaire; None where nobody was invited."""
        rows = self.all()
        if not rows:
            return None, None, None, None
        asked: tuple[Callable[[Invitation], str], ...] = (
            lambda row: row.invited, lambda row: row.reminded, lambda row: row.opened, lambda row: row.completed,
        )  # fmt: skip
        invited, reminded, opened, completed = (len({row.pseudonym for row in rows if told(row)}) for told in asked)
        return invited, reminded, opened, completed


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


class _Made(dict[str, str]):
    """Pseudonym → token, made once.

    Where the connection is lost while the database acknowledges, the job runs a second time and finds everybody invited:
    by their tokens it knows that it was itself, and the links are not lost.
    """

    def __missing__(self, pseudonym: str) -> str:
        self[pseudonym] = random_key()
        return self[pseudonym]

    def among(self, rows: Sequence[Invitation]) -> dict[str, Invitation]:
        """Those of these whose links are ours."""
        hashes = {invitation_hash(token) for token in self.values()}
        return {row.pseudonym: row for row in rows if row.token_hash in hashes}


def _add(connection: Connection, made: _Made, people: Sequence[tuple[str, str, str, str]]) -> None:
    rows: list[dict[str, Any]] = [
        {"token_hash": invitation_hash(made[pseudonym]), "pseudonym": pseudonym, "language": language,
         "invited": invited, "reminded": reminded, "opened": "", "completed": ""}
        for pseudonym, language, invited, reminded in people
    ]  # fmt: skip
    if rows:
        connection.execute(INVITATION.insert(), rows)


_COLUMNS = tuple(INVITATION.c[name] for name in Invitation.__dataclass_fields__)
_ALL = select(*_COLUMNS).order_by(INVITATION.c.token_hash)
_FIND = select(*_COLUMNS).where(INVITATION.c.token_hash == bindparam("token"))
_OPEN = (
    INVITATION.update()
    .where(INVITATION.c.token_hash == bindparam("token"), INVITATION.c.opened == "")
    .values(opened=bindparam("day"))
)
_REMIND = INVITATION.update().where(INVITATION.c.pseudonym == bindparam("who")).values(reminded=bindparam("day"))
