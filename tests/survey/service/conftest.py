"""A small questionnaire in the field, in this process: on SQLite, and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service.app import create_app
from clustergov.survey.service.record import prepare
from clustergov.survey.service.settings import Settings
from clustergov.survey.service.storage import Storage

SMALL = """\
questionnaire: small
version: 1
title: {nl: Klein, en: Small}
languages: [en, nl]
scales:
  yes-no:
    direction: none
    options: [{code: Y, text: {en: "yes", nl: ja}}, {code: N, text: {en: "no", nl: nee}}]
sections:
  - code: first
    title: {en: First, nl: Eerst}
    questions:
      - {code: name, kind: text, text: {en: Name, nl: Naam}}
      - {code: member, kind: single, scale: yes-no, required: true, text: {en: Member?, nl: Lid?}}
  - code: second
    title: {en: Second, nl: Tweede}
    questions:
      - {code: since, kind: number, integer: true, required: true, when: member = "Y", text: {en: Since?, nl: Sinds?}}
  - code: third
    title: {en: Third, nl: Derde}
    questions:
      - {code: remark, kind: text, text: {en: Remark, nl: Opmerking}}
"""
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Browser:
    """One respondent's browser; `tab` is what stands on its page."""

    def __init__(self, app: Any) -> None:
        self.client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page."""
        page = self.get(path)
        assert page.status_code == 200, (page.status_code, page.headers.get("location"), page.text[:500])
        return hidden(page.text)

    def post(self, path: str, fields: Mapping[str, str]) -> Any:
        return self.client.post(path, data=dict(fields))

    def send(self, path: str, move: str = "next", **answers: str) -> Any:
        """Open a page, fill it in and send it."""
        return self.post(path, {**self.form(path), **answers, "move": move})


def hidden(text: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(text)}


class Field:
    """A survey in the field."""

    def __init__(self, url: str, questionnaire: Questionnaire, fieldwork: Fieldwork, **settings: Any) -> None:
        self.url = url
        prepare(url, questionnaire, fieldwork)
        self.storage = Storage(url)
        self.storage.set_setting("public", "http://127.0.0.1:8000")
        self.app = create_app(Settings(url, "http://127.0.0.1:8000", **settings))

    def browser(self) -> Browser:
        return Browser(self.app)

    def close(self) -> None:
        self.app.state.storage.close()
        self.storage.close()


@pytest.fixture
def routed(tmp_path: Path) -> Questionnaire:
    file = tmp_path / "small.yml"
    file.write_text(SMALL, encoding="utf-8")
    return read_questionnaire(file)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'answers.db'}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def put(routed: Questionnaire, database: str) -> Iterator[Callable[..., Field]]:
    """Put the small questionnaire into the field, with what is said of fieldwork."""
    fields: list[Field] = []

    def make(**said: Any) -> Field:
        fields.append(Field(database, routed, Fieldwork(fieldwork="trial", questionnaire="small.yml", **said)))
        return fields[-1]

    yield make
    for field in fields:
        field.close()
