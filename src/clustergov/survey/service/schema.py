"""The tables of a survey in the field: no running numbers, no addresses, no times that a respondent was not told of."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

VERSION = 1
"""Of these tables; a database of a later one is not touched."""

METADATA = MetaData()


def _table(name: str, *columns: Column[str] | Column[int]) -> Table:
    # Without SQLite's hidden row numbers, which count in the order of arrival.
    return Table(name, METADATA, *columns, sqlite_with_rowid=False)


def _key(name: str) -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, default=default)


SURVEY = _table(
    "survey",
    _key("part"),  # always “survey”: there is one row
    Column("version", Integer, nullable=False),
    _text("questionnaire"),  # JSON, as it is fielded: with the questions of consent
    _text("sha256"),
    _text("fieldwork"),  # JSON
    _text("state"),  # open or closed
)

RESPONSE = _table(
    "response",
    _key("id"),  # random
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("pseudonym", Text, nullable=True, index=True),
    _text("language"),
    _text("started"),
    _text("changed"),
    _text("submitted"),  # empty until then
    Column("screen", Integer, nullable=False),  # the furthest that was put to the respondent
    Column("revision", Integer, nullable=False),
    _text("answers"),  # JSON
    _text("drafts"),  # JSON: what was typed and is no valid answer
)

INVITATION = _table(
    "invitation",
    _key("token_hash"),
    Column("pseudonym", Text, nullable=False, index=True),
    _text("language"),
    _text("invited"),
    _text("reminded"),
    _text("opened"),
    _text("completed"),
)

STEP = _table("step", _key("hash"), _text("outcome"))

LOGIN = _table("login", _key("name"), _text("value"))

MANAGER_SESSION = _table(
    "manager_session",
    _key("token_hash"),
    Column("begun", Integer, nullable=False),  # seconds since 1970, of the manager's own visit
    Column("used", Integer, nullable=False),
)

MANAGER_TRY = _table(
    "manager_try",
    _key("account"),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Integer, nullable=False),
)
