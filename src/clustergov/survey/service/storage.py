"""What a survey in the field remembers: one row per response, and one transaction per page that was sent.

Two browser tabs may write to one response. Each page is entered into the answers as they stand, and kept only when
nobody has changed them since they were read (`Kept`, otherwise `Changed`: read again and enter again), so that neither
tab takes away what the other one sent.
"""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, CursorResult, Row, Select, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from clustergov.survey.service.database import Database, StorageUnavailableError
from clustergov.survey.service.invitations import YES, Invitations, today
from clustergov.survey.service.keys import random_key
from clustergov.survey.service.record import Survey, read_survey
from clustergov.survey.service.schema import INVITATION, LOGIN, RESPONSE, STEP, SURVEY
from clustergov.survey.service.stored import Counts, Kind, Outcome, Page, Stored

__all__ = ["Counts", "Kind", "Page", "Storage", "StorageUnavailableError", "Stored"]

T = TypeVar("T")


class Storage:
    """The database of one survey, see `record.prepare` for making one. Threads share it.

    Every method raises `StorageUnavailableError` when the database is full, locked or lost.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self._scattered = True
        self._insert = sqlite.insert if self.database.sqlite else postgresql.insert

    def close(self) -> None:
        """Finish what was handed in and let go of the connections."""
        self.database.close()

    def read(self, job: Callable[[Connection], T]) -> T:
        """Run a job that only reads."""
        return self.database.read(job)

    def write(self, job: Callable[[Connection], T]) -> T:
        """Run a job in one transaction that is on the disk when this returns; the job may be run twice."""
        return self.database.write(job)

    # --- the survey -------------------------------------------------------------------------------------------------

    def survey(self) -> Survey:
        """What is asked, how it is fielded, and whether it is open."""
        return self.database.read(read_survey)

    @cached_property
    def anonymous(self) -> bool:
        return self.survey().fieldwork.anonymous

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.database, anonymous=self.anonymous)

    def state(self) -> str:
        return self.database.read(lambda connection: str(connection.execute(_STATE).scalar_one()))

    def set_state(self, state: Literal["open", "closed"]) -> None:
        self.database.write(lambda connection: connection.execute(SURVEY.update().values(state=state)))

    def setting(self, name: str) -> str | None:
        """Something that all processes of the service share, such as the hash of the manager's password."""
        query = select(LOGIN.c.value).where(LOGIN.c.name == name)
        return self.database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    def set_setting(self, name: str, value: str) -> None:
        def job(connection: Connection) -> None:
            connection.execute(LOGIN.delete().where(LOGIN.c.name == name))
            connection.execute(LOGIN.insert().values(name=name, value=value))

        self.database.write(job)

    # --- respondents ------------------------------------------------------------------------------------------------

    def load(self, key_hash: str) -> Stored | None:
        """The response of a key; None when nothing was sent under it."""
        row = self.database.read(lambda connection: connection.execute(_OF_KEY, {"key": key_hash}).one_or_none())
        return None if row is None else _stored(row)

    def keep(self, page: Page) -> Outcome:
        """Write a page in one transaction, with what makes its repetition harmless; it is on the disk when this returns."""
        values = {
            "answers": json.dumps(dict(page.answers), ensure_ascii=False, separators=(",", ":")),
            "drafts": json.dumps(dict(page.drafts), ensure_ascii=False, separators=(",", ":")),
            "language": page.language,
            "changed": self._now(),
        }
        try:
            return self.database.write(lambda connection: self._keep(connection, page, values))
        except _UndoneError as undone:
            return undone.outcome
        finally:
            self._scattered = False

    def _keep(self, connection: Connection, page: Page, values: dict[str, Any]) -> Outcome:
        step = connection.execute(
            self._new_step, {"hash": page.step, "outcome": "submitted" if page.submit else "kept"}
        )
        if not _done(step):
            return "repeated"
        values = {**values, "submitted": values["changed"] if page.submit else ""}
        written = self._begin if page.revision == 0 else self._change
        if not written(connection, page, values):
            sent = connection.execute(_SUBMITTED, {"key": page.key_hash}).scalar_one_or_none()
            raise _UndoneError("submitted" if sent else "changed")
        if page.submit and page.pseudonym:
            day = YES if self.anonymous else today()
            if not _done(connection.execute(_COMPLETE, {"who": page.pseudonym, "day": day})):
                raise _UndoneError("submitted")
        return "kept"

    def _begin(self, connection: Connection, page: Page, values: dict[str, Any]) -> bool:
        row = {
            **values, "id": random_key(), "key_hash": page.key_hash, "pseudonym": (page.pseudonym or None) if not self.anonymous else None,
            "started": values["changed"], "screen": page.screen, "revision": 1,
        }  # fmt: skip
        return _done(connection.execute(self._new_response, row))

    def _change(self, connection: Connection, page: Page, values: dict[str, Any]) -> bool:
        row = {
            **values,
            "key": page.key_hash,
            "old": page.revision,
            "revision": page.revision + 1,
            "furthest": page.screen,
        }
        return _done(connection.execute(_CHANGE, row))

    @cached_property
    def _new_step(self) -> Any:
        return self._unless_there(STEP)

    @cached_property
    def _new_response(self) -> Any:
        return self._unless_there(RESPONSE)

    def _unless_there(self, table: Table) -> Any:
        # Without that option SQLAlchemy does not keep how many rows an INSERT made on PostgreSQL: it tells -1.
        return self._insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)

    def _now(self) -> str:
        now = datetime.datetime.now(datetime.UTC)
        return now.date().isoformat() if self.anonymous else now.isoformat(timespec="seconds")

    # --- what was collected -------------------------------------------------------------------------------------------

    def rows(self, kind: Kind = "all") -> Iterator[Stored]:
        """Responses in the order of their random ids."""
        query: Select[Any] = select(*_COLUMNS).order_by(RESPONSE.c.id)
        if kind != "all":
            query = query.where(RESPONSE.c.submitted != "" if kind == "complete" else RESPONSE.c.submitted == "")
        yield from map(_stored, self.database.read(lambda connection: connection.execute(query).all()))

    def counts(self) -> Counts:
        complete, partial = self.database.read(lambda connection: connection.execute(_COUNTS).one())
        return Counts(int(complete or 0), int(partial or 0), *self.invitations.counts())

    def erase(self, who: str) -> tuple[str, ...]:
        """Take away every response with that id or pseudonym, and every invitation of that pseudonym.

        Returns
        -------
        tuple of str
            Ids of the responses and hashes of the invitations that are gone. In anonymous mode a pseudonym finds only
            invitations: nobody can tell whose a response is.
        """

        def job(connection: Connection) -> tuple[str, ...]:
            mine = (RESPONSE.c.id == who) | (RESPONSE.c.pseudonym == who)
            responses = connection.execute(select(RESPONSE.c.id).where(mine)).scalars().all()
            links = (
                connection.execute(select(INVITATION.c.token_hash).where(INVITATION.c.pseudonym == who)).scalars().all()
            )
            connection.execute(RESPONSE.delete().where(mine))
            connection.execute(INVITATION.delete().where(INVITATION.c.pseudonym == who))
            return (*responses, *links)

        erased = self.database.write(job)
        self.scatter()
        return erased

    def scatter(self) -> None:
        """Leave no trace of what was erased, and of the order in which responses and invitations were written."""
        self.database.scatter((RESPONSE, INVITATION))

    def settle(self) -> None:
        """`scatter` where answers are anonymous and some came in by this process since; another time if it cannot be now."""
        if self._scattered or not self.anonymous:
            return
        self._scattered = True
        with contextlib.suppress(StorageUnavailableError):
            self._scattered = self.database.scatter((RESPONSE, INVITATION)) and self._scattered
            return
        self._scattered = False

    def repeated(self, step: str) -> bool:
        """Whether this very posting was kept before."""
        query = select(STEP.c.hash).where(STEP.c.hash == step)
        return self.database.read(lambda connection: connection.execute(query).scalar_one_or_none()) is not None


def _done(result: CursorResult[Any]) -> bool:
    """Whether a statement touched a row. Not knowing it would be as bad as not having written."""
    if result.rowcount < 0:
        raise RuntimeError("the database does not tell how many rows were written")
    return result.rowcount > 0


class _UndoneError(Exception):
    """A page that cannot be kept as it is: nothing of its transaction stays."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


_COLUMNS = tuple(RESPONSE.c[name] for name in Stored.__dataclass_fields__)
_OF_KEY = select(*_COLUMNS).where(RESPONSE.c.key_hash == bindparam("key"))
_STATE = select(SURVEY.c.state)
_SUBMITTED = select(RESPONSE.c.submitted).where(RESPONSE.c.key_hash == bindparam("key"))
# All links of the person at once: of two that are sent at the same moment, the second finds none open.
_COMPLETE = (
    INVITATION.update()
    .where(INVITATION.c.pseudonym == bindparam("who"), INVITATION.c.completed == "")
    .values(completed=bindparam("day"))
)
_CHANGE = (
    RESPONSE.update()
    .where(RESPONSE.c.key_hash == bindparam("key"), RESPONSE.c.revision == bindparam("old"), RESPONSE.c.submitted == "")
    .values(
        answers=bindparam("answers"), drafts=bindparam("drafts"), language=bindparam("language"),
        changed=bindparam("changed"), submitted=bindparam("submitted"), revision=bindparam("revision"),
        screen=bindparam("furthest"),
    )
)  # fmt: skip
_COUNTS = select(
    func.count().filter(RESPONSE.c.submitted != ""),
    func.count().filter(RESPONSE.c.submitted == ""),
).select_from(RESPONSE)


def _stored(row: Row[Any]) -> Stored:
    values: list[Any] = list(row)
    values[-2:] = (json.loads(each) for each in values[-2:])
    return Stored(*values)
