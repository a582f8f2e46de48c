"""Schemathesis against the running service: whatever it makes of our OpenAPI schema, no 5xx and no undeclared status.

In two ways: as anybody, and as the manager who is logged in, with the token against forgery in every form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from attacker import FORM, Attacker
from clustergov.survey.service.app import create_app
from clustergov.survey.service.settings import Settings
from serving import PASSWORD, Service, serving

schemathesis = pytest.importorskip("schemathesis", reason="Install it: pip install schemathesis")

QUESTIONNAIRE = """\
questionnaire: probed
version: 1
title: {nl: Proef, en: Trial}
languages: [en, nl]
sections:
  - code: first
    title: {en: First, nl: Eerst}
    questions:
      - {code: words, kind: text, text: {en: Words, nl: Woorden}}
      - {code: number, kind: number, text: {en: Number, nl: Getal}}
"""
CASES = 6
"""Requests per operation and kind of client, where there is anything to vary; there are some twenty operations."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("probed")
    questionnaire = folder / "probed.yml"
    questionnaire.write_text(QUESTIONNAIRE, encoding="utf-8")
    with serving(questionnaire, f"sqlite:///{folder / 'probed.db'}") as running:
        yield running


@pytest.fixture(scope="module")
def schema(service: Service) -> dict[str, Any]:
    """The application's OpenAPI schema, which the service does not hand out; of languages and numbers, those that there are."""
    app = create_app(Settings(service.database))
    try:
        found: dict[str, Any] = app.openapi()
    finally:
        app.state.storage.close()
    for path in found["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                own = {"language": {"enum": ["en", "nl"]}, "number": {"type": "integer", "minimum": 1, "maximum": 3}}
                if parameter["name"] in own:
                    parameter["schema"] = own[parameter["name"]]
    return found


def _operations(schema: dict[str, Any]) -> list[Any]:
    found = [result.ok() for result in schemathesis.openapi.from_dict(schema).get_all_operations()]
    return sorted(found, key=lambda operation: operation.path.startswith("/manage"))  # these close the survey


@pytest.fixture(scope="module")
def clients(service: Service) -> tuple[Attacker, Attacker]:
    """Somebody, and the manager."""
    somebody, manager = Attacker(service.port), Attacker(service.port)
    assert somebody.get("/en/1").status == 200
    assert manager.log_in(PASSWORD).status == 303
    manager.get("/en/1")
    return somebody, manager


def _token(client: Attacker, path: str) -> str:
    """The token that a page of this client has."""
    if not path.startswith("/manage"):
        return client.get("/en/1").hidden.get("csrf", "")
    return client.get("/manage/en/login" if path.endswith("/login") else "/manage/en").hidden.get("csrf", "")


def test_no_server_error_and_no_undeclared_status(
    schema: dict[str, Any], clients: tuple[Attacker, Attacker], service: Service
) -> None:
    operations = _operations(schema)
    assert len(operations) > 15
    statuses: set[tuple[str, int]] = set()
    for operation in operations:
        for client in clients:
            statuses |= _probe(operation, client)
    assert not [(what, status) for what, status in statuses if status >= 500]
    reached = {("GET /{language}/{number}", 200), ("POST /{language}/{number}", 303), ("GET /manage/{language}", 200)}
    assert statuses >= reached, "hardly anything was reached"
    assert Attacker(service.port).get("/health").status == 200


def _probe(operation: Any, client: Attacker) -> set[tuple[str, int]]:
    """What the service answers to cases of one operation, right and wrong ones."""
    seen: set[tuple[str, int]] = set()
    varied = bool(operation.definition.raw.get("parameters"))
    declared = {str(status) for status in operation.definition.raw["responses"]}

    @settings(
        max_examples=CASES if varied else 2, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=_negative()), fields=_FIELDS)
    def check(case: Any, fields: dict[str, str]) -> None:
        path = case.as_transport_kwargs(base_url="http://h")["url"].removeprefix("http://h")
        if not re.fullmatch(r"/[!-~]*", path):
            return
        status = _ask(client, operation.method.upper(), path, fields)
        seen.add((operation.label, status))
        assert str(status) in declared, f"{operation.label} answered {status}, which it does not declare"

    check()
    return seen


_FIELDS = st.dictionaries(
    st.sampled_from(["words", "number", "move", "step", "seen", "password", "x"]), st.text(max_size=20)
)


def _negative() -> Any:
    return schemathesis.GenerationMode.NEGATIVE


def _ask(client: Attacker, method: str, path: str, fields: dict[str, str]) -> int:
    # Whoever is logged out, or made to wait, would see nothing more: these two are attacks of their own elsewhere.
    if method == "POST" and path.endswith(("/logout", "/login")):
        client = Attacker(client.port)
    if method == "GET":
        return int(client.get(path).status)
    body = urlencode({"csrf": _token(client, path), **fields}, errors="replace").encode()
    return int(client.ask(method, path, body, [("Content-Type", FORM)]).status)
