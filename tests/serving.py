"""Our own service as its users have it: the real command in processes of its own, and a client that only speaks HTTP."""

from __future__ import annotations

import contextlib
import html
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
PASSWORD = "for tests only, and no secret"


@dataclass
class Service:
    """``clustergov survey serve`` on a free port of the loopback address, in a process group of its own."""

    questionnaire: Path
    database: str
    workers: int = 1
    port: int = field(init=False)
    prefix: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self, *, wait: bool = True) -> None:
        command = [
            *self.prefix, sys.executable, "-c", "from clustergov.cli import main; main()", "survey", "serve",
            str(self.questionnaire), "--database", self.database, "--port", str(self.port),
            "--workers", str(self.workers),
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "CLUSTERGOV_MANAGER_PASSWORD": PASSWORD},
            )  # fmt: skip
        if wait:
            self.wait()

    @property
    def log(self) -> Path:
        return self.questionnaire.with_suffix(".log")

    def wait(self, seconds: float = 60) -> None:
        """Until it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self._process is not None
            if self._process.poll() is not None:
                raise RuntimeError(f"the service ended: {self.log.read_text()[-2000:]}")
            with contextlib.suppress(OSError, http.client.HTTPException), Client(self.port, timeout=2) as client:
                if client.get("/health").status == 200:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"the service does not answer: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """As a power failure would: kill -9 of all its processes."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)

    def stop(self) -> int:
        """As Ctrl-C does; its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(timeout=30)
        finally:
            self.kill()


@dataclass(frozen=True)
class Got:
    """An answer of the service."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its form."""
        return {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(self.text)}


class Client:
    """One browser without a screen: a connection, and the cookie that it was given."""

    def __init__(self, port: int, *, timeout: float = 30) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookie = ""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Got:
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Got:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Got:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        if "set-cookie" in told:
            self.cookie = told["set-cookie"].split(";")[0]
        return Got(response.status, told, response.read().decode())


@contextlib.contextmanager
def serving(questionnaire: Path, database: str, *, workers: int = 1) -> Iterator[Service]:
    """A service that answers, and that is gone afterwards."""
    service = Service(questionnaire, database, workers)
    service.start()
    try:
        yield service
    finally:
        service.kill()
