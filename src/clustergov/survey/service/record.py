"""What a database is for: the questionnaire in the field, how it is fielded, and the version of the tables."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.exc import NoResultFound

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError, Problem
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service.database import Database, StorageUnavailableError
from clustergov.survey.service.schema import METADATA, RESPONSE, SURVEY, VERSION

UNREACHABLE = "database-unreachable"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey in the field.

    Attributes
    ----------
    questionnaire : Questionnaire
        As it is fielded: with the questions of consent in front.
    fieldwork : Fieldwork
    sha256 : str
        Of the questionnaire in the database.
    state : {"open", "closed"}
    """

    questionnaire: Questionnaire
    fieldwork: Fieldwork
    sha256: str
    state: Literal["open", "closed"]


def read_survey(connection: Connection) -> Survey:
    """What this database is for."""
    row = connection.execute(select(SURVEY)).one()
    return Survey(
        Questionnaire.model_validate_json(row.questionnaire),
        Fieldwork.model_validate_json(row.fieldwork),
        row.sha256,
        row.state,
    )


def prepare(url: str, questionnaire: Questionnaire, fieldwork: Fieldwork) -> Survey:
    """Make the tables and write down what they are for; or make sure that they are for this very questionnaire.

    A questionnaire may be replaced until the first response, and never after: answers would be explained by questions
    that nobody was asked. That holds for its wording too; the same codes under other words can mean the opposite.

    Raises
    ------
    InputError
        The database cannot be reached or written, is of other software or of a later version, or holds responses to
        another questionnaire.
    """
    database = Database(url)
    try:
        _create_file(database)
        return database.write(lambda connection: _prepare(connection, database.shown, questionnaire, fieldwork))
    except StorageUnavailableError as error:
        raise unreachable(database.shown, error) from None
    finally:
        database.close()


def open_survey(url: str) -> tuple[Database, Survey]:
    """The database of a survey that is in the field already.

    Raises
    ------
    InputError
        There is none, or it cannot be read.
    """
    database = Database(url)
    try:
        if database.file is not None and not database.file.is_file():
            raise _no_survey(f"sqlite:///{database.file}", "found no such file")
        return database, database.read(lambda connection: _checked(connection, database.shown))
    except StorageUnavailableError as error:
        database.close()
        raise unreachable(database.shown, error) from None
    except InputError:
        database.close()
        raise


def _checked(connection: Connection, shown: str) -> Survey:
    if not inspect(connection).has_table(SURVEY.name):
        raise _no_survey(shown, "found a database without one")
    _refuse_other_version(connection, shown)
    try:
        return read_survey(connection)
    except NoResultFound:
        raise _no_survey(shown, "found an empty one") from None


def _create_file(database: Database) -> None:
    """For nobody but its owner; the files that SQLite puts beside it take over its mode."""
    if database.file is None or database.file.exists():
        return
    try:
        os.close(os.open(database.file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise InputError(
            Problem(
                "database-file",
                f"the database cannot be made: {error.strerror}.",
                "Choose a folder that is there and yours, with --database sqlite:///folder/file.db.",
                file=str(database.file),
            )
        ) from None


def _prepare(connection: Connection, shown: str, questionnaire: Questionnaire, fieldwork: Fieldwork) -> Survey:
    tables = set(inspect(connection).get_table_names())
    if tables and SURVEY.name not in tables:
        raise InputError(
            Problem(
                "foreign-database",
                f"expected an empty database or one of a survey, found one with other tables at {shown}.",
                "Name another one with --database.",
            )
        )
    if tables:
        _refuse_other_version(connection, shown)
    METADATA.create_all(connection)
    asked = questionnaire.model_dump_json(by_alias=True, exclude_defaults=True)
    values = {
        "version": VERSION,
        "questionnaire": asked,
        "sha256": hashlib.sha256(asked.encode()).hexdigest(),
        "fieldwork": fieldwork.model_dump_json(by_alias=True),
    }
    before = connection.execute(select(SURVEY.c.sha256, SURVEY.c.fieldwork)).one_or_none()
    if before is None:
        connection.execute(SURVEY.insert().values(part="survey", state="open", **values))
    else:
        if connection.execute(select(func.count()).select_from(RESPONSE)).scalar_one():
            _refuse_other_survey(before.sha256, before.fieldwork, values, fieldwork, shown)
        connection.execute(SURVEY.update().values(**values))
    return read_survey(connection)


def _refuse_other_version(connection: Connection, shown: str) -> None:
    version = connection.execute(select(SURVEY.c.version)).scalar()
    if version is not None and version != VERSION:
        raise InputError(
            Problem(
                "database-version",
                f"expected a database of version {VERSION}, found version {version} at {shown}.",
                "Use the version of clustergov that made it, or export its responses there and start a new database.",
            )
        )


def _refuse_other_survey(sha256: str, before: str, values: dict[str, object], now: Fieldwork, shown: str) -> None:
    what = ""
    if sha256 != values["sha256"]:
        what = f"responses to another questionnaire, notice or consent (sha256 {sha256[:12]}…, this one is {str(values['sha256'])[:12]}…)"
    elif Fieldwork.model_validate_json(before).anonymous != now.anonymous:
        promised = "not anonymous" if now.anonymous else "anonymous"
        what = f"responses that were collected as {promised}"
    if what:
        raise InputError(
            Problem(
                "other-questionnaire",
                f"expected a database of this survey, found {what} at {shown}.",
                "Serve questionnaire and fieldwork.yml as they were when the first response came in; or name a new database with --database "
                "and pool the two afterwards (clustergov survey pool).",
            )
        )


def _no_survey(shown: str, found: str) -> InputError:
    return InputError(
        Problem(
            "no-survey",
            f"expected the database of a survey at {shown}, {found}.",
            "Check the address; `clustergov survey serve` makes the database.",
        )
    )


def unreachable(shown: str, error: StorageUnavailableError) -> InputError:
    """The database cannot be used at all, said to whoever runs a command."""
    if "file is not a database" in str(error):
        return InputError(
            Problem(
                "no-database",
                f"expected a SQLite database at {shown}, found a file of another kind.",
                "Name another file.",
            )
        )
    return InputError(
        Problem(
            UNREACHABLE,
            f"the database {shown} cannot be used: {error}.",
            "Check that it is running, that there is room on its disk, and that you may write to it.",
        )
    )
