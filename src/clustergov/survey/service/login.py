"""The login of whoever looks after a survey: one password, known by its Argon2id hash; sessions known by their hashes.

A session's cookie is made when the password was right and never before, so nobody can fix one beforehand. It is looked
up by its SHA-256, so that the time of the look-up tells nothing about those that exist. Every wrong try gets the same
answer and costs the same: also where the account has to wait, a hash is computed.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from clustergov.problems import InputError, Problem
from clustergov.survey.service.schema import MANAGER_SESSION, MANAGER_TRY

if TYPE_CHECKING:
    from clustergov.survey.service.storage import Storage

ACCOUNT = "manager"
SETTING = "manager_password"
SHORTEST = 12
"""Letters of a password (NIST SP 800-63B-4, 3.1.1.2, asks for 15 where it stands alone, 8 beside something else)."""

IDLE, ABSOLUTE = 30 * 60, 12 * 60 * 60
"""Seconds after which a session ends: without a page asked for, and at the latest."""

FREE_TRIES, LONGEST_WAIT = 5, 15 * 60
"""Wrong tries without a wait; after them the account waits 2, 4, 8, … seconds, at most this many."""

_TOUCHED_EVERY = 60
_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)
"""One verification takes 64 MiB; more than these at once wait, so that tries cannot use up the memory."""
_in_line = threading.BoundedSemaphore(8)
"""Tries that may wait; each holds one of the threads that answer respondents as well."""


class BusyError(Exception):
    """Too many tries at one moment; nothing was looked at."""


def set_password(storage: Storage, password: str) -> None:
    """Set the manager's password; whoever is logged in is logged out.

    Raises
    ------
    InputError
        It is shorter than `SHORTEST`.
    """
    if len(password) < SHORTEST:
        raise InputError(
            Problem("short-password", f"expected a password of at least {SHORTEST} characters, found {len(password)}.",
                    "Choose some words that do not belong together.")
        )  # fmt: skip
    storage.set_setting(SETTING, _hasher.hash(password))

    def forget(connection: Connection) -> None:
        connection.execute(delete(MANAGER_SESSION))
        connection.execute(delete(MANAGER_TRY))
        connection.execute(insert(MANAGER_TRY).values(account=ACCOUNT, failures=0, blocked_until=0))

    storage.database.write(forget)


@dataclass(frozen=True, slots=True)
class Login:
    """The manager's login, on the database that all workers share.

    Attributes
    ----------
    storage : Storage
    clock : callable
        Seconds since 1970.
    """

    storage: Storage
    clock: Callable[[], float] = time.time

    @property
    def possible(self) -> bool:
        """Whether a password was ever set; without one there are no manager's pages."""
        return self.storage.setting(SETTING) is not None

    def enter(self, password: str) -> str | None:
        """A new session's token where the password is right; None for every other reason.

        Raises
        ------
        BusyError
            So many try at this moment that respondents would have to wait for them.
        """
        if not _in_line.acquire(blocking=False):
            raise BusyError
        try:
            return self._enter(password)
        finally:
            _in_line.release()

    def _enter(self, password: str) -> str | None:
        stored = self.storage.setting(SETTING)
        may_try = self.storage.database.write(self._begin_try)
        right = _verify(stored if may_try and stored else _nobody(), password)
        if not (right and may_try and stored):
            return None
        if _hasher.check_needs_rehash(stored):
            self.storage.set_setting(SETTING, _hasher.hash(password))
        token = secrets.token_urlsafe(32)
        self.storage.database.write(lambda connection: self._begin_session(connection, token))
        return token

    def wait(self) -> int:
        """Whole seconds until the account may be tried again."""
        until = self.storage.database.read(
            lambda connection: connection.execute(select(MANAGER_TRY.c.blocked_until)).scalar_one_or_none()
        )
        left = (until or 0) - int(self.clock())
        return left if 0 < left <= LONGEST_WAIT else 0

    def inside(self, token: str) -> bool:
        """Whether this is the token of a session that lasts; its use is noted once a minute."""
        if not token:
            return False
        now, hashed = int(self.clock()), _hashed(token)
        row = self.storage.database.read(
            lambda connection: connection.execute(
                select(MANAGER_SESSION.c.begun, MANAGER_SESSION.c.used).where(MANAGER_SESSION.c.token_hash == hashed)
            ).first()
        )
        # Times from a clock that was ahead for a while are not waited for: they end what they belong to.
        if row is None or abs(now - row.used) > IDLE or abs(now - row.begun) > ABSOLUTE:
            return False
        if now - row.used >= _TOUCHED_EVERY:
            used = update(MANAGER_SESSION).where(MANAGER_SESSION.c.token_hash == hashed).values(used=now)
            self.storage.database.write(lambda connection: connection.execute(used))
        return True

    def leave(self, token: str) -> None:
        """End a session, and forget those that have ended by themselves."""
        hashed = _hashed(token)
        self.storage.database.write(
            lambda connection: connection.execute(delete(MANAGER_SESSION).where(MANAGER_SESSION.c.token_hash == hashed))
        )

    def _begin_try(self, connection: Connection) -> bool:
        """Count a try before it is made, so that tries at several workers at one moment cannot share one count."""
        now = int(self.clock())
        # FOR UPDATE on PostgreSQL; on SQLite writing transactions come one after the other anyway.
        row = connection.execute(select(MANAGER_TRY.c.failures, MANAGER_TRY.c.blocked_until).with_for_update()).first()
        if row is None or now < row.blocked_until <= now + LONGEST_WAIT:
            return False
        failures = row.failures + 1
        wait = min(2 ** min(failures - FREE_TRIES, 20), LONGEST_WAIT) if failures > FREE_TRIES else 0
        connection.execute(update(MANAGER_TRY).values(failures=failures, blocked_until=now + wait))
        return True

    def _begin_session(self, connection: Connection, token: str) -> None:
        now = int(self.clock())
        ended = (MANAGER_SESSION.c.used < now - IDLE) | (MANAGER_SESSION.c.begun < now - ABSOLUTE)
        connection.execute(delete(MANAGER_SESSION).where(ended))
        connection.execute(update(MANAGER_TRY).values(failures=0, blocked_until=0))
        connection.execute(insert(MANAGER_SESSION).values(token_hash=_hashed(token), begun=now, used=now))


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows."""
    return _hasher.hash(secrets.token_urlsafe())


def _verify(stored: str, password: str) -> bool:
    with _at_once:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _hashed(token: str) -> str:
    return hashlib.sha256(f"manager:{token}".encode()).hexdigest()
