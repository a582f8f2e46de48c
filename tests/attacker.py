"""A client of our service that sends whatever it likes: any header, any cookie, any bytes."""

from __future__ import annotations

import html
import http.client
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@dataclass(frozen=True)
class Reply:
    """An answer with every header that it had, in order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def header(self, name: str) -> str:
        """The header's value; "" when it is not there."""
        return next(iter(self.every(name)), "")

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its form."""
        return {html.unescape(name): html.unescape(value) for name, value in _HIDDEN.findall(self.text)}


@dataclass
class Attacker:
    """One browser, as far as it has cookies; `host` is what it writes into the header of that name."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = ""
    timeout: float = 20

    def get(self, path: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
        return self.ask("GET", path, None, headers)

    def post(
        self, path: str, fields: Mapping[str, str] | Sequence[tuple[str, str]], headers: Sequence[tuple[str, str]] = ()
    ) -> Reply:
        return self.ask("POST", path, urlencode(fields).encode(), [("Content-Type", FORM), *headers])

    def send(self, path: str, fields: Mapping[str, str], headers: Sequence[tuple[str, str]] = ()) -> Reply:
        """Post a page's own form back: its hidden fields, and these."""
        return self.post(path, {**self.get(path).hidden, **fields}, headers)

    def ask(self, method: str, path: str, body: bytes | None, headers: Sequence[tuple[str, str]] = ()) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if not any(name.lower() == "host" for name, _ in headers):
                connection.putheader("Host", self.host or f"127.0.0.1:{self.port}")
            if self.cookies and not any(name.lower() == "cookie" for name, _ in headers):
                connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None and not any(
                name.lower() in ("content-length", "transfer-encoding") for name, _ in headers
            ):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            told = tuple((name.lower(), value) for name, value in response.getheaders())
            reply = Reply(response.status, told, response.read())
        finally:
            connection.close()
        self._keep(reply)
        return reply

    def _keep(self, reply: Reply) -> None:
        for cookie in reply.every("set-cookie"):
            name, _, value = cookie.split(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)

    def raw(self, content: bytes, *, seconds: float = 5) -> bytes:
        """Write these bytes to a connection of its own and read until it is closed or nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(content)
            answer = b""
            try:
                while chunk := connection.recv(65_536):
                    answer += chunk
            except TimeoutError:
                pass
        return answer

    def log_in(self, password: str, language: str = "en") -> Reply:
        """As the manager."""
        return self.send(f"/manage/{language}/login", {"password": password})
