"""Addresses of surveys in the field: three forms, and a password in none of the answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.address import opened, parse

SECRET = "tiger/with@signs:in"


@pytest.mark.parametrize("text", ["123456", " 123456 ", "7"])
def test_digits_are_a_survey_on_limesurvey(text: str) -> None:
    assert (parse(text).kind, parse(text).shown) == ("limesurvey", text.strip())


def test_a_file_is_shown_with_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    relative, absolute = parse("sqlite:///answers.db"), parse(f"sqlite:///{tmp_path}/answers.db")
    assert relative.kind == "service"
    assert relative.shown == absolute.shown == f"sqlite:///{tmp_path}/answers.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_password_is_taken_along_and_not_shown(scheme: str) -> None:
    address = parse(f"{scheme}://me:tiger@db.example.org:5433/answers?sslmode=require")
    assert address.shown == "postgresql://me@db.example.org:5433/answers"
    assert "tiger" in address.text
    assert "tiger" not in repr(address)
    assert "PGPASSWORD" in address.remarks[0]
    assert "tiger" not in address.remarks[0]


@pytest.mark.parametrize("text", ["postgresql://db/answers", "postgresql:///answers", "sqlite:///a.db", "12"])
def test_an_address_without_password_needs_no_remark(text: str) -> None:
    assert parse(text).remarks == []


def test_a_password_may_also_stand_in_the_query() -> None:
    address = parse("postgresql://db/answers?user=me&password=tiger")
    assert "tiger" not in address.shown
    assert address.remarks


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "survey deploy"),
        ("12 34", "survey deploy"),
        ("-5", "survey deploy"),
        ("１２３", "survey deploy"),
        ("answers.db", "sqlite:///answers.db"),
        ("sqlite://", "after sqlite:///"),
        ("sqlite:///", "after sqlite:///"),
        ("sqlite:///a.db?mode=ro", "after sqlite:///"),
        ("sqlite://a.db", "after sqlite:///"),
        ("postgres://db/answers", "Begin with postgresql://"),
        ("postgresql://db", "a database after the host"),
        ("postgresql://db:port/answers", "a database after the host"),
        ("https://surveys.example.org/123456", "CLUSTERGOV_LIMESURVEY_URL"),
        ("mysql://db/answers", "survey deploy"),
    ],
)
def test_anything_else_is_told_with_what_would_do(text: str, hint: str) -> None:
    with pytest.raises(InputError, match="survey-address") as raised:
        parse(text)
    assert hint in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [f"postgres://me:{SECRET}@db/answers", f"postgresql://me:{SECRET}@db", f"https://me:{SECRET}@db/1",
     f"mysql://me:{SECRET}@db/answers", f"postgresql://me:{SECRET}@[db/x", f"mysql://db/x?password={SECRET}"],
)  # fmt: skip
def test_a_mistyped_address_does_not_repeat_its_password(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(text)
    assert "tiger" not in str(raised.value)
    assert "signs" not in str(raised.value)


def test_limesurvey_needs_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "USER", "PASSWORD"):
        monkeypatch.delenv(f"CLUSTERGOV_LIMESURVEY_{name}", raising=False)
    with pytest.raises(InputError, match="CLUSTERGOV_LIMESURVEY_URL"), opened(parse("123456")):
        pass
