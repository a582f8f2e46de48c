"""What a database is for: made for its owner alone, of one questionnaire, of one version, and never taken for another."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service import app as app_module
from clustergov.survey.service.database import parse_url
from clustergov.survey.service.record import open_survey, prepare
from clustergov.survey.service.schema import INVITATION, RESPONSE, SURVEY
from clustergov.survey.service.storage import Storage

FIELDWORK = Fieldwork(fieldwork="trial", questionnaire="small.yml")
Put = Callable[..., Any]


def changed(questionnaire: Questionnaire) -> Questionnaire:
    return questionnaire.model_copy(update={"version": "2"})


def test_the_file_is_its_owners_alone(routed: Questionnaire, tmp_path: Path) -> None:
    prepare(f"sqlite:///{tmp_path / 'answers.db'}", routed, FIELDWORK)
    storage = Storage(f"sqlite:///{tmp_path / 'answers.db'}")
    storage.set_setting("a", "b")
    for file in tmp_path.glob("answers.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    storage.close()


def test_what_was_prepared_is_read_again(routed: Questionnaire, database: str) -> None:
    survey = prepare(database, routed, FIELDWORK)
    assert survey.questionnaire == routed
    assert survey.fieldwork == FIELDWORK
    assert survey.state == "open"
    assert prepare(database, routed, FIELDWORK) == survey


def test_a_questionnaire_may_be_replaced_until_the_first_response(
    put: Put, routed: Questionnaire, database: str
) -> None:
    field = put()
    assert prepare(database, changed(routed), FIELDWORK).questionnaire.version == "2"
    prepare(database, routed, FIELDWORK)
    field.browser().send("/en/1", member="N")
    with pytest.raises(InputError, match="responses to another questionnaire") as refused:
        prepare(database, changed(routed), FIELDWORK)
    assert "--database" in refused.value.problems[0].fix
    assert prepare(database, routed, FIELDWORK).questionnaire.version == "1"


def test_a_promise_of_anonymity_is_not_taken_back(put: Put, routed: Questionnaire, database: str) -> None:
    put().browser().send("/en/1", member="N")
    with pytest.raises(InputError, match="collected as anonymous"):
        prepare(database, routed, FIELDWORK.model_copy(update={"anonymous": False}))


def test_a_database_of_a_later_version_is_not_touched(routed: Questionnaire, database: str) -> None:
    prepare(database, routed, FIELDWORK)
    storage = Storage(database)
    storage.write(lambda connection: connection.execute(SURVEY.update().values(version=99)))
    storage.close()
    for attempt in (lambda: prepare(database, routed, FIELDWORK), lambda: open_survey(database)):
        with pytest.raises(InputError, match="version 99"):
            attempt()


def test_a_database_of_other_software_is_refused(routed: Questionnaire, database: str) -> None:
    engine = create_engine(parse_url(database))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE payroll (who VARCHAR(10))"))
    engine.dispose()
    with pytest.raises(InputError, match="other tables"):
        prepare(database, routed, FIELDWORK)
    with pytest.raises(InputError, match="without one"):
        open_survey(database)


@pytest.mark.parametrize(
    "url",
    ["nonsense hidden", "mysql://me:hidden@there/x", "sqlite://", "postgresql://me:hidden@127.0.0.1:1/x",
     "sqlite:////nowhere/at/all.db"],
)  # fmt: skip
def test_what_cannot_be_a_database_is_told_without_its_password(routed: Questionnaire, url: str) -> None:
    with pytest.raises(InputError) as refused:
        prepare(url, routed, FIELDWORK)
    assert "hidden" not in str(refused.value)


def test_nothing_tells_in_which_order_rows_were_written(put: Put, database: str) -> None:
    """PostgreSQL's system columns tie what one transaction wrote; SQLite's log holds what was there before."""
    field = put(access="invited")
    tokens = field.storage.invitations.invite([(f"P{number}", "en") for number in range(4)])
    for token in tokens.values():
        browser = field.browser()
        browser.get(f"/i/{token}")
        browser.send("/en/1", member="N")
        browser.send("/en/3", "submit")
    field.storage.scatter()
    if database.startswith("sqlite"):
        file = Path(database.removeprefix("sqlite:///"))
        assert file.with_name(file.name + "-wal").stat().st_size == 0
        return
    for table, key in ((RESPONSE, "id"), (INVITATION, "token_hash")):
        query = text(f"SELECT {key}, xmin::text FROM {table.name} ORDER BY ctid")
        rows = field.storage.read(lambda connection, query=query: connection.execute(query).all())
        assert len({xmin for _, xmin in rows}) == 1
        assert [each for each, _ in rows] == sorted(each for each, _ in rows)


def tied(field: Any) -> int:
    """How many invitations were written in the same transaction as a response."""
    query = text("SELECT count(*) FROM invitation i JOIN response r ON i.xmin = r.xmin")
    rewritten = text(
        "SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM response UNION ALL SELECT xmin FROM invitation) x"
    )
    if field.storage.read(lambda connection: connection.execute(rewritten).scalar_one()) == 1:
        return 0
    return int(field.storage.read(lambda connection: connection.execute(query).scalar_one()))


@pytest.mark.parametrize("way", ["now and then", "when it stops"])
def test_a_service_takes_away_by_itself_what_ties_invitations_to_responses(
    put: Put, database: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "now and then":
        monkeypatch.setattr(app_module, "SETTLE", 0.01)
    field = put(access="invited")
    tokens = field.storage.invitations.invite([(f"P{number}", "en") for number in range(4)])
    log = Path(database.removeprefix("sqlite:///") + "-wal") if database.startswith("sqlite") else None
    left: Callable[[], int] = (lambda: log.stat().st_size if log.exists() else 0) if log else (lambda: tied(field))
    browser = field.browser()
    with browser.client:
        for token in tokens.values():
            browser.get(f"/i/{token}")
            browser.send("/en/1", member="N")
            browser.send("/en/3", "submit")
            browser.client.cookies.clear()
        if way == "now and then":
            for _ in range(6000):
                if not left():
                    break
                time.sleep(0.01)
            assert left() == 0
        else:
            assert left()
    assert left() == 0
    assert field.storage.counts().complete == 4


def test_statistics_of_postgresql_forget_who_was_erased(put: Put, database: str) -> None:
    if database.startswith("sqlite"):
        pytest.skip("SQLite takes no samples.")
    field = put(access="invited", anonymous=False)
    field.storage.invitations.invite([(f"P{number}", "en") for number in range(4)])
    field.storage.write(lambda connection: connection.exec_driver_sql("ANALYZE"))
    samples = text(
        "SELECT count(*) FROM pg_stats WHERE histogram_bounds::text LIKE '%P2%' OR most_common_vals::text LIKE '%P2%'"
    )
    assert field.storage.read(lambda connection: connection.execute(samples).scalar_one())
    field.storage.erase("P2")
    assert not field.storage.read(lambda connection: connection.execute(samples).scalar_one())


def test_what_was_erased_is_in_no_file(put: Put, database: str, tmp_path: Path) -> None:
    field = put(access="invited", anonymous=False)
    token = field.storage.invitations.invite([("P7", "en")])["P7"]
    browser = field.browser()
    browser.get(f"/i/{token}")
    browser.send("/en/1", name="Xanthippe", member="N")
    (row,) = field.storage.rows()
    assert field.storage.erase("P7")[0] == row.id
    assert field.storage.erase("P7") == ()
    assert list(field.storage.rows()) == []
    if database.startswith("sqlite"):
        for file in tmp_path.glob("answers.db*"):
            assert b"Xanthippe" not in file.read_bytes(), file.name


def test_a_file_that_is_no_database_is_called_so(routed: Questionnaire, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("pseudonym\n" * 100)
    for use in (lambda url: prepare(url, routed, FIELDWORK), open_survey):
        with pytest.raises(InputError, match="a file of another kind"):
            use(f"sqlite:///{file}")
    assert file.read_text() == "pseudonym\n" * 100


def test_a_database_that_is_not_there_is_told_with_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=str(tmp_path / "answers.db")):
        open_survey("sqlite:///answers.db")
