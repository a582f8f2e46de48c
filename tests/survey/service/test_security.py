"""The checks around an application that makes every mistake: it redirects anywhere, breaks headers, tells what went wrong."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from clustergov.survey.service.cookies import csrf
from clustergov.survey.service.database import StorageUnavailableError
from clustergov.survey.service.headers import allowed
from clustergov.survey.service.security import Security, Settings

KEY = "o" + "a" * 26
COOKIE = (b"cookie", f"__Host-clustergov={KEY}".encode())
HOST = (b"host", b"survey.example.org")
SETTINGS = Settings(frozenset({"survey.example.org"}), https=True, languages=("nl", "en"))


def page(status: int, language: str) -> str:
    return f"<p>{status} {language}</p>"


def asked(
    app: Any, method: str = "GET", body: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = (HOST,), **more: Any
) -> list[Any]:
    """The messages that an application behind the checks sends."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": method,
        "path": "/en/1",
        "raw_path": b"/en/1",
        "query_string": b"",
        "headers": list(headers),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Security(app, settings=SETTINGS, page=page)({**scope, **more}, receive, send))
    return sent


def answering(status: int = 200, *headers: tuple[bytes, bytes], body: bytes = b"secret detail") -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app


def failing(error: Exception, *, late: bool = False) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if late:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


@pytest.mark.parametrize(
    ("location", "status"),
    [(b"/nl/3", 303), (b"/manage/en/login?left=true", 303), (b"//evil.example", 500), (b"https://evil.example", 500), (b"/\\evil", 500),
     (b"evil", 500), (b"/a b", 500), (b"/\r\nSet-Cookie: x=y", 500), (b"", 500), (b"/\xe9", 500), (b"javascript:alert(1)", 500)],
)  # fmt: skip
def test_redirects_lead_to_paths_of_ours_or_nowhere(location: bytes, status: int) -> None:
    start, body = asked(answering(303, (b"location", location)))
    assert start["status"] == status
    assert status == 303 or not [value for name, value in start["headers"] if name == b"location"]
    assert status == 303 or body["body"] == b"<p>500 nl</p>"


def test_a_line_end_in_a_header_never_leaves() -> None:
    start, _ = asked(answering(200, (b"x-said", b"a\r\nSet-Cookie: evil=1")))
    assert start["status"] == 500
    assert b"evil" not in b"".join(value for _, value in start["headers"])


@pytest.mark.parametrize("status", [400, 404, 405, 418, 422, 500, 503, 599])
def test_errors_are_pages_without_detail(status: int) -> None:
    start, body = asked(answering(status, (b"content-type", b"application/json"), (b"retry-after", b"5")))
    assert body["body"].startswith(b"<p>")
    assert b"secret" not in body["body"]
    assert dict(start["headers"])[b"retry-after"] == b"5"
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()


def test_pages_of_our_own_stay_as_they_are() -> None:
    start, body = asked(answering(422, (b"content-type", b"text/html; charset=utf-8")))
    assert (start["status"], body["body"]) == (422, b"secret detail")


@pytest.mark.parametrize(("error", "status"), [(ValueError("secret"), 500), (StorageUnavailableError("secret"), 503)])
def test_exceptions_become_pages(error: Exception, status: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        start, body = asked(failing(error))
    assert start["status"] == status
    assert b"secret" not in body["body"]
    assert "secret" not in caplog.text


def test_an_answer_under_way_is_not_added_to() -> None:
    assert [message["type"] for message in asked(failing(ValueError(), late=True))] == ["http.response.start"]


def test_headers_over_https() -> None:
    [start, _] = asked(answering(200, (b"content-type", b"text/html")))
    told = dict(start["headers"])
    assert told[b"strict-transport-security"] == b"max-age=31536000"
    assert told[b"cache-control"] == b"no-store"
    [start, _] = asked(answering(200, (b"cache-control", b"public")))
    assert dict(start["headers"])[b"cache-control"] == b"public"


def test_the_form_is_handed_on_without_its_token() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope)
        await answering(200)(scope, receive, send)

    token = csrf(KEY).encode()
    form = (b"content-type", b"application/x-www-form-urlencoded")
    origin = (b"origin", b"https://survey.example.org")
    [start, _] = asked(app, "POST", b"a=1&a=2&b=&csrf=" + token, (HOST, COOKIE, form, origin))
    assert start["status"] == 200
    assert seen["form"] == {"a": ["1", "2"], "b": [""]}
    assert seen["body"].endswith(token)
    over_http = (b"origin", b"http://survey.example.org")
    [start, _] = asked(app, "POST", b"csrf=" + token, (HOST, COOKIE, form, over_http))
    assert start["status"] == 403


def test_a_websocket_is_closed() -> None:
    assert asked(answering(), type="websocket") == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("accepted", "language"), [(b"en-GB,nl;q=0.5", "en"), (b"de,nl", "nl"), (b"", "nl"), (b"\xff\x00", "nl")]
)
def test_error_pages_speak_the_browsers_language(accepted: bytes, language: str) -> None:
    [_, body] = asked(answering(404), headers=(HOST, (b"accept-language", accepted)))
    assert body["body"].decode() == f"<p>404 {language}</p>"


@pytest.mark.parametrize(
    ("host", "answered"),
    [("survey.example.org", True), ("survey.example.org:443", False), ("localhost", True), ("localhost:8000", True), ("127.0.0.1:1", True),
     ("[::1]:8000", True), ("[::1]", True), ("localhost.evil", False), ("evil", False), ("", False), ("localhost:x", False)],
)  # fmt: skip
def test_hosts(host: str, answered: bool) -> None:
    assert allowed(host, SETTINGS.hosts) == answered
