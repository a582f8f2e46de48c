"""Cookies of the service: their names, how they are set, and how they are read so that none can be put under another."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Literal

from clustergov.survey.service.posted import Headers

if TYPE_CHECKING:
    from starlette.types import Scope

Area = Literal["response", "manager", "login"]
"""response: a respondent's. manager: the session of whoever looks after the survey. login: before there is a session."""

_KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")


def area_of(path: str) -> Area:
    """To which cookie the forms on the page at this path are bound."""
    if path != "/manage" and not path.startswith("/manage/"):
        return "response"
    return "login" if path.endswith("/login") else "manager"


def cookie_name(area: Area, *, https: bool) -> str:
    """Over https with the prefix ``__Host-``: browsers then take it from this very host and for the whole of it only.

    Without the prefix a neighbour under the same domain could set a cookie of that name (RFC 6265bis, section 4.1.3.2).
    """
    name = "clustergov" if area == "response" else f"clustergov-{area}"
    return f"__Host-{name}" if https else name


def set_cookie(area: Area, value: str, *, https: bool, seconds: int | None = None) -> str:
    """The value of a ``Set-Cookie`` header.

    Parameters
    ----------
    area : {"response", "manager", "login"}
    value : str
        base64url; empty to take the cookie away.
    https : bool
        Secure, and with the prefix.
    seconds : int, optional
        How long the browser keeps it; until it is closed where it is not given.

    Notes
    -----
    Respondents come from a link in an e-mail, so their cookie is SameSite=Lax; the manager's is Strict.
    """
    if value and not _KEY.fullmatch(value):
        raise ValueError("expected a key in base64url")
    parts = [f"{cookie_name(area, https=https)}={value}", "Path=/", "HttpOnly"]
    parts.append("SameSite=Lax" if area == "response" else "SameSite=Strict")
    if https:
        parts.append("Secure")
    if not value:
        parts.append("Max-Age=0")
    elif seconds is not None:
        parts.append(f"Max-Age={seconds}")
    return "; ".join(parts)


def cookie_of(scope: Scope, area: Area, *, https: bool) -> str:
    """The key in that cookie of a request; "" when there is none, when it is no key, or when there are two.

    Of two cookies with one name nobody can tell which one we set, and somebody may want his to be believed.
    """
    return read_cookie(scope["headers"], cookie_name(area, https=https))


def read_cookie(headers: Headers, name: str) -> str:
    """The one cookie of that name, see `cookie_of`."""
    wanted = name.encode()
    found = []
    for key, value in headers:
        if key == b"cookie":
            for pair in value.split(b";"):
                cookie, _, content = pair.strip().partition(b"=")
                if cookie == wanted:
                    found.append(content)
    text = found[0].decode("latin-1") if len(found) == 1 else ""
    return text if _KEY.fullmatch(text) else ""


def csrf(key: str) -> str:
    """What a form has to carry so that it is believed to come from our page in the browser that holds `key`."""
    return hashlib.sha256(f"csrf:{key}".encode()).hexdigest()
