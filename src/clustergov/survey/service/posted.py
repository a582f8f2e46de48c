"""What a browser posted: its body read within limits of size and time, and decoded strictly or not at all."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.types import Receive

Headers = Iterable[tuple[bytes, bytes]]
Form = dict[str, list[str]]
"""Name of a field to everything that was sent under it, in order; no field is there without a value."""

FORM_TYPE = b"application/x-www-form-urlencoded"
_TYPES = {FORM_TYPE, FORM_TYPE + b";charset=utf-8"}
CSRF_FIELD = "csrf"


class RefusedError(Exception):
    """A request that is answered with an error page before the application sees it.

    Attributes
    ----------
    status : int
        Of the answer, 400 to 499.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def header(headers: Headers, name: bytes) -> bytes:
    """The value of a header that may stand once only; b"" where it is not there.

    Raises
    ------
    RefusedError
        400: it stands there twice, so that a proxy and we could each believe another one.
    """
    values = [value for key, value in headers if key == name]
    if len(values) > 1:
        raise RefusedError(400)
    return values[0] if values else b""


def refuse_other_types(headers: Headers) -> None:
    """Take forms as a page without script sends them, and nothing else: no multipart, no JSON, nothing compressed.

    Raises
    ------
    RefusedError
        415.
    """
    kind = header(headers, b"content-type").lower().replace(b" ", b"").replace(b'"', b"")
    if kind not in _TYPES or header(headers, b"content-encoding"):
        raise RefusedError(415)


async def read_body(headers: Headers, receive: Receive, *, most: int, seconds: float) -> bytes:
    """The whole body, which may come in chunks.

    Parameters
    ----------
    headers : pairs of bytes
    receive : ASGI receive
    most : int
        Bytes. What its sender announces is looked at first, what really comes is counted as it comes.
    seconds : float
        In which the whole of it has to be here.

    Raises
    ------
    RefusedError
        400: a length that is no number, a length beside chunks (the two ways to smuggle a request), or the sender went
        away. 408: too slow. 413: too large.
    """
    announced = header(headers, b"content-length")
    if announced and (not announced.isdigit() or header(headers, b"transfer-encoding")):
        raise RefusedError(400)
    if announced and (len(announced) > 12 or int(announced) > most):
        raise RefusedError(413)
    try:
        async with asyncio.timeout(seconds):
            return await _chunks(receive, most)
    except TimeoutError:
        raise RefusedError(408) from None


async def _chunks(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise RefusedError(400)
        body += message.get("body", b"")
        if len(body) > most:
            raise RefusedError(413)
        if not message.get("more_body", False):
            return bytes(body)


def form_of(body: bytes, *, most_fields: int) -> Form:
    """The fields of a form: strict UTF-8, no NUL (PostgreSQL has no text with it), every field with a sign of equality.

    Raises
    ------
    RefusedError
        400: it is not that. 413: more than `most_fields` fields.
    """
    if body.count(b"&") >= most_fields:
        raise RefusedError(413)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), encoding="utf-8", errors="strict"
        )
    except ValueError:
        raise RefusedError(400) from None
    form: Form = {}
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise RefusedError(400)
        form.setdefault(name, []).append(value)
    return form


def without_csrf(form: Form, expected: str) -> Form:
    """The form without its field against forgery, which has to stand there once and be the one of this browser.

    Raises
    ------
    RefusedError
        403.
    """
    sent = form.pop(CSRF_FIELD, [])
    if not expected or len(sent) != 1 or not hmac.compare_digest(sent[0].encode(), expected.encode()):
        raise RefusedError(403)
    return form
