"""What every request and every answer of the service passes, so that no page can forget it.

A request: the host is one of ours, heads and bodies are small, a posted form is urlencoded UTF-8, comes from our own page
(``Origin``, ``Sec-Fetch-Site``) and carries the token of the browser that it was given to; the parsed form is handed on as
``scope["form"]``, its bytes as ``scope["body"]``. An answer: the headers that keep browsers from running, framing, sniffing or storing it; a redirect
leads to a path of ours or nowhere; an error is a page without detail, whatever went wrong.

Written as plain ASGI: Starlette's ``BaseHTTPMiddleware`` costs a task and two queues per request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from clustergov.survey.service.cookies import area_of, cookie_of, csrf
from clustergov.survey.service.database import StorageUnavailableError
from clustergov.survey.service.headers import HEADERS, allowed
from clustergov.survey.service.log import Log, tell
from clustergov.survey.service.pages import KINDS, simple_page
from clustergov.survey.service.posted import (
    Form,
    RefusedError,
    form_of,
    header,
    read_body,
    refuse_other_types,
    without_csrf,
)

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from clustergov.survey.service.settings import Settings as ServiceSettings

    Page = Callable[[int, str], str]

_NO_STORE = (b"cache-control", b"no-store")
_HSTS = (b"strict-transport-security", b"max-age=31536000")

STATUSES = (400, 403, 404, 405, 408, 413, 414, 415, 421, 422, 429, 431, 500, 503)
"""Statuses that have a page: those that this module gives, and those that the application may."""

DECLARED: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": {"text/html": {}}}
    for status in (400, 403, 404, 405, 408, 413, 414, 415, 421, 431)
}
"""What any route may answer because of this module: ``FastAPI(responses=DECLARED)``."""

_UNSAFE = re.compile(rb"[\x00-\x20\x7f-\xff\\]")
"""What may not stand in the address of a redirect of ours: line ends, blanks, backslashes, what is not ASCII."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service stands in the world.

    Attributes
    ----------
    hosts : frozenset of str
        Names under which it may be addressed, with a port where that is not the usual one, in lower case; beside them
        this machine's own names (see `allowed`).
    https : bool
        Whether browsers reach it over https, by itself or through a proxy.
    proxy : bool
        Whether a proxy of ours stands before it, whose ``X-Forwarded-For`` is believed.
    languages : tuple of str
        Of the error pages; the first where a browser asks for none of them.
    most_bytes, most_fields : int
        Of a posted form.
    seconds : float
        In which a form has to be here whole.
    """

    hosts: frozenset[str]
    https: bool = False
    proxy: bool = False
    languages: tuple[str, ...] = ("en", "nl")
    most_bytes: int = 262_144
    most_fields: int = 5_000
    most_header_bytes: int = 16_384
    most_headers: int = 100
    most_path_bytes: int = 2_048
    seconds: float = 20.0


class Security:
    """Around the application; `page` writes the error pages: of a status, in a language."""

    def __init__(self, app: ASGIApp, *, settings: Settings, page: Page) -> None:
        self.app, self.settings, self.page = app, settings, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _Answer(self, scope, send)
        try:
            self._look_at_head(scope)
            if scope["method"] == "POST":
                scope["body"] = await self._body(scope, receive)
                scope["form"] = self._form(scope)
                receive = _nothing_more
            await self.app(scope, receive, answer.send)
        except RefusedError as refused:
            await answer.error(refused.status)
        except StorageUnavailableError as error:
            tell(error, scope)
            await answer.error(503, [(b"retry-after", b"5")])
        except Exception as error:  # whatever it is, the respondent gets a page and the log no data
            tell(error, scope)
            await answer.error(500)

    def _look_at_head(self, scope: Scope) -> None:
        settings, headers = self.settings, scope["headers"]
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise RefusedError(405)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > settings.most_path_bytes:
            raise RefusedError(414)
        if (
            len(headers) > settings.most_headers
            or sum(len(k) + len(v) for k, v in headers) > settings.most_header_bytes
        ):
            raise RefusedError(431)
        if not allowed(header(headers, b"host").decode("latin-1").lower(), settings.hosts):
            raise RefusedError(421)
        if "\0" in scope["path"] or "\ufffd" in scope["path"]:
            raise RefusedError(400)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        refuse_other_types(scope["headers"])
        self._refuse_other_sites(scope)
        settings = self.settings
        return await read_body(scope["headers"], receive, most=settings.most_bytes, seconds=settings.seconds)

    def _form(self, scope: Scope) -> Form:
        form = form_of(scope["body"], most_fields=self.settings.most_fields)
        key = cookie_of(scope, area_of(scope["path"]), https=self.settings.https)
        return without_csrf(form, csrf(key) if key else "")

    def _refuse_other_sites(self, scope: Scope) -> None:
        """Refuse what a browser says another site made it send.

        Under our own policy ``no-referrer`` browsers write ``Origin: null`` for our forms too (Fetch standard, “append a
        request Origin header”); then ``Sec-Fetch-Site`` decides, and in browsers without that the token alone.
        """
        origin, site = header(scope["headers"], b"origin"), header(scope["headers"], b"sec-fetch-site")
        scheme = b"https://" if self.settings.https else b"http://"
        if site not in (b"", b"same-origin", b"none"):
            raise RefusedError(403)
        if origin not in (b"", b"null") and origin.lower() != scheme + header(scope["headers"], b"host").lower():
            raise RefusedError(403)

    def language(self, scope: Scope) -> str:
        """The first of our languages that the browser lists; browsers list theirs in order of preference."""
        accepted = b",".join(value for key, value in scope["headers"] if key == b"accept-language").decode("latin-1")
        wanted = (part.split(";")[0].split("-")[0].strip().lower() for part in accepted.split(","))
        return next((tag for tag in wanted if tag in self.settings.languages), self.settings.languages[0])


async def _nothing_more() -> Message:
    """The body has been read already."""
    return {"type": "http.request", "body": b"", "more_body": False}


class _Answer:
    """One answer on its way out."""

    def __init__(self, security: Security, scope: Scope, send: Send) -> None:
        self.security, self.scope, self._send = security, scope, send
        self.started = self.replaced = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif not self.replaced:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", ())]
        told = dict(headers)
        if message["status"] >= 400 and not told.get(b"content-type", b"").startswith(b"text/html"):
            # What a framework says of its errors may repeat what was sent to it.
            self.replaced = True
            kept = [(name, value) for name, value in headers if name in (b"allow", b"retry-after")]
            await self.error(message["status"], kept)
            return
        if not _safe(headers):
            self.replaced = True
            await self.error(500)
            return
        self.started = True
        added = [pair for pair in self._added(told) if pair[0] not in told]
        await self._send({**message, "headers": headers + added})

    def _added(self, told: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        added = [*HEADERS]
        if b"cache-control" not in told:
            added.append(_NO_STORE)
        if self.security.settings.https:
            added.append(_HSTS)
        return added

    async def error(self, status: int, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        """Answer with the page of an error; where an answer is under way already, nothing can be added to it."""
        if self.started:
            return
        self.started = True
        status = status if status in STATUSES else 400 if status < 500 else 500
        page = self.security.page(status, self.security.language(self.scope)).encode()
        own = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]
        if status == 405 and not headers:
            own.append((b"allow", b"GET, POST"))
        if status in (400, 408, 413):
            # The rest of what was sent is not read: it must not be taken for the next request.
            own.append((b"connection", b"close"))
        started = {
            "type": "http.response.start",
            "status": status,
            "headers": [*own, *(headers or ()), *self._added({})],
        }
        await self._send(started)
        await self._send({"type": "http.response.body", "body": page})


def _safe(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether no header holds a line end, and a redirect leads to a path on this host."""
    for name, value in headers:
        if b"\r" in value or b"\n" in value or b"\0" in value:
            return False
        if name == b"location" and (not value.startswith(b"/") or value.startswith(b"//") or _UNSAFE.search(value)):
            return False
    return True


def secure(app: FastAPI, settings: ServiceSettings) -> None:
    """Put the log and this module's checks around an application that has all its routes.

    Parameters
    ----------
    app : FastAPI
        ``app.state.form`` tells the languages and the title for its error pages.
    settings : Settings of the service
        Without a `base_url` only this machine's own names are answered.
    """
    netloc = urlsplit(settings.base_url).netloc.lower()
    own = Settings(
        frozenset({netloc} if netloc else ()),
        https=settings.secure,
        proxy=settings.behind_proxy,
        languages=tuple(app.state.form.languages),
    )
    app.add_exception_handler(RequestValidationError, _no_such_page)
    app.add_middleware(Security, settings=own, page=lambda status, language: _error_page(app, status, language))
    app.add_middleware(Log)


async def _no_such_page(_request: Request, _error: Exception) -> Response:
    """All that the framework reads for itself stands in the path: what is no language or number there is no page."""
    return Response(status_code=404)


def _error_page(app: FastAPI, status: int, language: str) -> str:
    kind = str(status) if str(status) in KINDS else "400" if status < 500 else "500"
    questionnaire = app.state.form.questionnaire
    return simple_page(kind, language, title=questionnaire.title.to(language))
