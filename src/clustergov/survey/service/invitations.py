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

        def job(connection: Connection) -> dict[str, str]:
            known = set(connection.execute(select(INVITATION.c.pseudonym)).scalars())
            wanted = {pseudonym: language for pseudonym, language in people if pseudonym not in known}
            return _add(connection, [(pseudonym, language, today(), "") for pseudonym, language in wanted.items()])

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

        def job(connection: Connection) -> dict[str, tuple[str, str]]:
            rows = [Invitation(*row) for row in connection.execute(_ALL)]
            waiting = {row.pseudonym: row for row in rows if not row.completed and row.reminded != today()}
            added = _add(connection, [(row.pseudonym, row.language, row.invited, "") for row in waiting.values()])
            for pseudonym in added:
                connection.execute(_REMIND, {"who": pseudonym, "day": today()})
            return {pseudonym: (token, waiting[pseudonym].language) for pseudonym, token in added.items()}

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


def _add(connection: Connection, people: Sequence[tuple[str, str, str, str]]) -> dict[str, str]:
    tokens = {pseudonym: random_key() for pseudonym, *_ in people}
    rows: list[dict[str, Any]] = [
        {"token_hash": invitation_hash(tokens[pseudonym]), "pseudonym": pseudonym, "language": language,
         "invited": invited, "reminded": reminded, "opened": "", "completed": ""}
        for pseudonym, language, invited, reminded in people
    ]  # fmt: skip
    if rows:
        connection.execute(INVITATION.insert(), rows)
    return tokens


_COLUMNS = tuple(INVITATION.c[name] for name in Invitation.__dataclass_fields__)
_ALL = select(*_COLUMNS).order_by(INVITATION.c.token_hash)
_FIND = select(*_COLUMNS).where(INVITATION.c.token_hash == bindparam("token"))
_OPEN = (
    INVITATION.update()
    .where(INVITATION.c.token_hash == bindparam("token"), INVITATION.c.opened == "")
    .values(opened=bindparam("day"))
)
_REMIND = INVITATION.update().where(INVITATION.c.pseudonym == bindparam("who")).values(reminded=bindparam("day"))
