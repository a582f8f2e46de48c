"""What every request to the coding page passes: it comes from this machine, from our own page, and with the token.

A page of another site that knows the port can neither read (cookie with ``SameSite=Strict``, no sharing headers) nor write
(``Origin``); a name that somebody points at 127.0.0.1 is no name of ours (DNS rebinding). Written as plain ASGI, in the
manner of the survey service, whose checks it uses.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from clustergov.survey.service.cookies import read_cookie
from clustergov.survey.service.headers import HEADERS, allowed
from clustergov.survey.service.log import tell
from clustergov.survey.service.posted import RefusedError, header, read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Page = Callable[[int, Scope], str]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

# Under `same-origin` browsers name the origin of our own forms, so that a form without one can be refused.
_OWN = {b"content-security-policy": CONTENT_SECURITY_POLICY.encode(), b"referrer-policy": b"same-origin"}
ANSWER_HEADERS = tuple((name, _OWN.get(name, value)) for name, value in HEADERS)

MOST_BYTES = 262_144
"""Of what is posted; a memo may be long, but not so long."""
MOST_PATH = 4_096
SECONDS = 20.0
TYPES = {
    b"application/json",
    b"application/json;charset=utf-8",
    b"application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded;charset=utf-8",
}
OPEN = "/static/"
"""Script and stylesheet hold nothing of anybody; the page of an error is shown with them."""


def cookie_name(port: int) -> str:
    """Cookies do not tell ports apart, so two studies that are served at once need two names."""
    return f"clustergov-coding-{port}"


class Gate:
    """Around the application; `page` writes the page of an error."""

    def __init__(self, app: ASGIApp, *, token: str, port: int, page: Page) -> None:
        self.app, self.token, self.port, self.page = app, token, port, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _Answer(send)
        try:
            await self._pass(scope, receive, answer.send)
        except RefusedError as refused:
            await self._refuse(refused.status, scope, answer.send)
        except Exception as error:  # whatever it is, the coder gets a page and the terminal a line without texts
            tell(error, scope)
            if not answer.started:
                await self._refuse(500, scope, answer.send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._look_at_head(scope)
        if scope["method"] == "GET" and "token" in (query := parse_qs(scope["query_string"].decode("latin-1"))):
            await self._let_in(query["token"][0], send)
            return
        if not scope["path"].startswith(OPEN) and not self._known(scope):
            raise RefusedError(401)
        if scope["method"] == "POST":
            receive = await self._body(scope, receive)
        await self.app(scope, receive, send)

    def _look_at_head(self, scope: Scope) -> None:
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise RefusedError(405)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_PATH:
            raise RefusedError(414)
        if not allowed(header(scope["headers"], b"host").decode("latin-1").lower(), frozenset()):
            raise RefusedError(421)
        if "\0" in scope["path"] or "\ufffd" in scope["path"]:
            raise RefusedError(400)

    async def _let_in(self, given: str, send: Send) -> None:
        """Exchange the token of the address for a cookie, so that it stands in no history and on no projector."""
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise RefusedError(401)
        cookie = f"{cookie_name(self.port)}={self.token}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
        start = {"type": "http.response.start", "status": 303, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": b""})

    def _known(self, scope: Scope) -> bool:
        return hmac.compare_digest(read_cookie(scope["headers"], cookie_name(self.port)), self.token)

    async def _body(self, scope: Scope, receive: Receive) -> Receive:
        headers = scope["headers"]
        origin, site = header(headers, b"origin"), header(headers, b"sec-fetch-site")
        own = b"http://" + header(headers, b"host").lower()
        if origin.lower() != own and not (origin in (b"", b"null") and site == b"same-origin"):
            raise RefusedError(403)
        kind = header(headers, b"content-type").lower().replace(b" ", b"")
        if kind not in TYPES or header(headers, b"content-encoding"):
            raise RefusedError(415)
        body = await read_body(headers, receive, most=MOST_BYTES, seconds=SECONDS)

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return again

    async def _refuse(self, status: int, scope: Scope, send: Send) -> None:
        page = self.page(status, scope).encode()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]
        if status in (400, 408, 413):
            # What was not read of the body must not be taken for the next request.
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": page})


class _Answer:
    """One answer on its way out, with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = list(message.get("headers", ()))
            told = {bytes(name).lower() for name, _ in headers}
            added = [*ANSWER_HEADERS, (b"cache-control", b"no-store")]
            message = {**message, "headers": headers + [pair for pair in added if pair[0] not in told]}
        await self._send(message)
