"""The service's own log: per request a line that tells nothing about who asked and what was answered.

Method, template of the route (``/r/{token}``, never the path with the token in it), status, milliseconds. No address of a
computer, no query, no cookie, no answer, and no time finer than the day: in a small population the second in which a
page was sent would tell whose it was. An exception is told by its type and the place in the code: its message and its
variables may hold answers.
"""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

RECORD = logging.getLogger("clustergov.service")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


def configure(level: int = logging.INFO) -> None:
    """Write the log to the standard error stream, and nothing of the web server's own but its warnings."""
    if not RECORD.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%d"))
        RECORD.addHandler(handler)
    RECORD.setLevel(level)
    RECORD.propagate = False
    logging.getLogger("uvicorn.access").disabled = True


class Log:
    """Around everything else: one line per request, when it has been answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            took = 1000 * (time.perf_counter() - begun)
            RECORD.info("%s %s %d %.1f ms", _method(scope), route_of(scope), status, took)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "-"


def route_of(scope: Scope) -> str:
    """The template of the route that answered; “-” where there was none."""
    return str(getattr(scope.get("route"), "path", "-"))


def tell(error: BaseException, scope: Scope) -> None:
    """Log an exception, and those that caused it, without its message."""
    RECORD.error("%s %s failed: %s", _method(scope), route_of(scope), " from ".join(_named(error)))


def _named(error: BaseException) -> list[str]:
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(told) < 5:
        told.append(f"{type(seen).__module__}.{type(seen).__qualname__} at {_place(seen)}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return told


def _place(error: BaseException) -> str:
    """The innermost line of our own code, and the innermost of all."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [frame for frame in frames if "clustergov" in PurePath(frame[0]).parts][-1:]
    places = dict.fromkeys([*ours, *frames[-1:]])
    return ", ".join(f"{'/'.join(PurePath(file).parts[-2:])}:{line}" for file, line in places) or "an unknown place"
