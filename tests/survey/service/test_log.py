"""The log: what it tells of a request, and that a whole session with recognisable personal data leaves no trace in it."""

from __future__ import annotations

import logging
import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest

from attacker import Attacker
from clustergov.survey.service.keys import random_key
from clustergov.survey.service.log import RECORD, route_of, tell
from serving import PASSWORD, serving

QUESTIONNAIRE = """\
questionnaire: logged
version: 1
title: {nl: Proef, en: Trial}
languages: [en, nl]
sections:
  - code: first
    title: {en: First, nl: Eerst}
    questions:
      - {code: words, kind: text, required: true, text: {en: Words, nl: Woorden}}
      - {code: number, kind: number, text: {en: Number, nl: Getal}}
"""
PERSONAL = ("Zwaantje-Testpersoon", "zwaantje@voorbeeld.example", "31612345678", "Geheimstraat 17", "1987654321")


def test_nothing_personal_in_the_log_of_a_whole_session(tmp_path: Path) -> None:
    """Answers, mistakes, links, cookies, passwords, queries, headers, a download, errors, and a lost database."""
    (tmp_path / "logged.yml").write_text(QUESTIONNAIRE, encoding="utf-8")
    token = random_key()
    words = " ".join(PERSONAL)
    with serving(tmp_path / "logged.yml", f"sqlite:///{tmp_path / 'logged.db'}") as service:
        person = Attacker(service.port)
        telling = [
            ("User-Agent", PERSONAL[0]),
            ("Referer", f"http://x/{PERSONAL[1]}"),
            ("X-Forwarded-For", "203.0.113.77"),
        ]
        person.get(f"/en/1?name={PERSONAL[0]}&q={quote(words)}", telling)
        form = person.get("/en/1", telling).hidden
        person.post("/en/1", {**form, "words": words, "number": PERSONAL[0], "move": "next"}, telling)
        person.send("/en/1", {"words": words, "number": "1987654321", "move": "save"}, telling)
        person.get("/en/saved")
        person.get(f"/i/{token}", telling)
        person.get(f"/r/{PERSONAL[0]}")
        person.get(f"/{PERSONAL[0]}")
        person.get("/en/1", [("Host", PERSONAL[0])])
        person.ask(PERSONAL[0].upper(), "/en/1", None)
        person.raw(f"{words}\r\n\r\n".encode(), seconds=0.3)
        person.post("/en/1", {"words": words})
        manager = Attacker(service.port)
        manager.send("/manage/en/login", {"password": PERSONAL[0]})
        manager.log_in(PASSWORD)
        assert PERSONAL[0].encode() in manager.get("/manage/en/export/all.csv").body
        _break(tmp_path / "logged.db")
        assert manager.get("/manage/en").status in (500, 503)
        person.post("/en/1", {**form, "words": words, "move": "next"})
        cookies = [*person.cookies.values(), *manager.cookies.values()]
        log = service.log.read_text(encoding="utf-8")
    for secret in (
        *PERSONAL,
        PASSWORD,
        token,
        *cookies,
        *(cookie[1:] for cookie in cookies),
        "127.0.0.1:",
        "203.0.113.77",
    ):
        assert secret.lower() not in log.replace(f"http://127.0.0.1:{service.port}", "").lower()
    lines = [line for line in log.splitlines() if re.match(r"\d{4}-\d\d-\d\d INFO", line)]
    assert len(lines) > 15
    told = r"\d{4}-\d\d-\d\d INFO (GET|POST|HEAD|-) (-|/[a-z{}./\w-]*) \d{3} \d+\.\d ms"
    assert [line for line in lines if not re.fullmatch(told, line)] == []
    assert "GET /i/{token} 404" in log
    assert "Traceback" not in log
    assert re.search(r"ERROR GET /manage/\{language\} failed: .*OperationalError|Unavailable", log)


def _break(database: Path) -> None:
    """Take the table of responses away under the running service."""
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE response")
    connection.close()


def _fail() -> None:
    try:
        {}[PERSONAL[1]]
    except KeyError as error:
        raise ValueError(PERSONAL[0]) from error


def test_exceptions_are_told_without_their_message(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RECORD, "propagate", True)
    with pytest.raises(ValueError, match=PERSONAL[0]) as failure, caplog.at_level(logging.ERROR, logger=RECORD.name):
        _fail()
    tell(failure.value, {"method": PERSONAL[0], "route": None})
    [message] = caplog.messages
    assert message.startswith("- - failed: builtins.ValueError at service/test_log.py:")
    assert "from builtins.KeyError at" in message
    assert not [part for part in PERSONAL if part in message]


def test_route_of_a_request_that_none_answered() -> None:
    assert route_of({"path": "/i/secret"}) == "-"
