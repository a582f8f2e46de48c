"""The address of a survey in the field: a number on a LimeSurvey server, or the database of our own service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.collecting import Collector

EXPECTED = (
    "expected the number of a survey on LimeSurvey (123456), or the database of our own service "
    "(sqlite:///answers.db or postgresql://user@host/database)"
)
_POSTGRESQL = ("postgresql", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a survey is.

    Attributes
    ----------
    kind : {"limesurvey", "service"}
    text : str
        As it was given; may hold a password, and is therefore not shown.
    shown : str
        The same without a password; a file's with its whole path.
    """

    kind: Literal["limesurvey", "service"]
    text: str = field(repr=False)
    shown: str

    @property
    def remarks(self) -> list[str]:
        """What a person should know about this address."""
        if self.kind == "service" and _has_password(self.text):
            return [
                "The address holds a password, which others on this machine can see while the command runs: "
                "put it into PGPASSWORD or ~/.pgpass."
            ]
        return []


def parse(text: str) -> Address:
    """Understand an address.

    Raises
    ------
    InputError
        It is none; the message never repeats a password.
    """
    text = text.strip()
    if re.fullmatch(r"\d{1,12}", text, re.ASCII):
        return Address("limesurvey", text, text)
    scheme, separator, _ = text.partition("://")
    if separator and scheme == "sqlite":
        return _sqlite(text)
    if separator and scheme in _POSTGRESQL:
        return _postgresql(text)
    raise InputError(Problem("survey-address", f"{EXPECTED}, found “{_guarded(text)}”.", _hint(text)))


@contextmanager
def opened(address: Address) -> Iterator[Collector]:
    """The collector behind an address; connections are given back at the end.

    Raises
    ------
    InputError
        Nobody answers there, there is no such survey, or what speaks with it is not installed.
    """
    if address.kind == "limesurvey":
        from clustergov.survey.limesurvey.collector import LimeSurveyCollector
        from clustergov.survey.limesurvey.connection import Connection
        from clustergov.survey.limesurvey.credentials import Credentials

        with Connection(Credentials.find()) as server:
            yield LimeSurveyCollector(int(address.text), server)
        return
    from clustergov.survey.service.collector import ServiceCollector

    collector = ServiceCollector(address.text)
    try:
        yield collector
    finally:
        collector.dispose()


def _sqlite(text: str) -> Address:
    path = text.removeprefix("sqlite://")
    if not path.startswith("/") or not path.strip("/") or "?" in path or "#" in path:
        raise InputError(
            Problem("survey-address", f"expected a file after sqlite:///, found “{_guarded(text)}”.",
                    "Write sqlite:///answers.db, or sqlite:////full/path/answers.db with four strokes.")
        )  # fmt: skip
    return Address("service", text, f"sqlite:///{Path(path.removeprefix('/')).resolve()}")


def _postgresql(text: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = None, None
    if parts is None or not parts.path.strip("/"):
        raise InputError(
            Problem("survey-address", f"expected a database after the host, found “{_guarded(text)}”.",
                    "Write postgresql://user@host/database; the password goes into PGPASSWORD or ~/.pgpass.")
        )  # fmt: skip
    user = f"{parts.username}@" if parts.username else ""
    host = f"{parts.hostname or ''}{f':{port}' if port else ''}"
    # A query may hold a password too: what it says is not shown.
    return Address("service", text, urlunsplit(("postgresql", f"{user}{host}", parts.path, "", "")))


def _has_password(text: str) -> bool:
    return re.search(r"://[^/?#@]*:[^@]*@", text) is not None or re.search(r"[?&]password=", text) is not None


def _guarded(text: str) -> str:
    """What was given, without what could be a password in it."""
    bare = re.sub(r"(://[^/?#@:]*):.*@", r"\1:…@", text)
    bare = re.sub(r"(password=)[^&]*", r"\1…", bare, flags=re.IGNORECASE)
    return bare if len(bare) <= 80 else bare[:79] + "…"


def _hint(text: str) -> str:
    if text.startswith("postgres://"):
        return "Begin with postgresql://."
    if text.startswith(("http://", "https://")):
        return (
            "Of a survey on LimeSurvey give only its number, and the server's address in CLUSTERGOV_LIMESURVEY_URL; "
            "of our own service give its database."
        )
    if "://" not in text and (Path(text).is_file() or text.endswith((".db", ".sqlite", ".sqlite3"))):
        return f"For that file write sqlite:///{_guarded(text)}"
    return "`clustergov survey deploy` and `clustergov survey serve` print the address of what they set up."
