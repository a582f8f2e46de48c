"""Our own service as its users have it: the real command in processes of its own, and a client that only speaks HTTP."""

from __future__ import annotations

import contextlib
import html
import http.client
import json
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


SURVEY = (
    "clustergov.cli.serve, clustergov.survey.collection.fielding, clustergov.survey.service.server, z3, "
    "sqlalchemy.dialects.sqlite, sqlalchemy.dialects.postgresql"
)
"""What serving a survey imports."""

LAUNCHER = """
import json, os, signal, sys
from clustergov.cli import main
import uvicorn, uvicorn.protocols.http.httptools_impl, MODULES
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child:
        print(order["number"], child, flush=True)
        continue
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["clustergov", *order["arguments"]]
    main()
"""


class Launcher:
    """Starts the command in new processes that need not import it first: most of a start is importing."""

    def __init__(self, modules: str = SURVEY) -> None:
        self._orders = 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER.replace("MODULES", modules)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "CLUSTERGOV_MANAGER_PASSWORD": PASSWORD},
        )  # fmt: skip

    def start(self, arguments: list[str], log: Path) -> int:
        """The number of the new process, which leads a group of its own."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders += 1
        order = {"number": self._orders, "arguments": arguments, "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        number, process = map(int, self._process.stdout.readline().split())
        assert number == self._orders, "this is the answer to another order"
        return process

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


@dataclass
class Service:
    """``clustergov survey serve`` on a free port of the loopback address, in a process group of its own."""

    questionnaire: Path
    database: str
    launcher: Launcher
    workers: int = 1
    port: int = field(init=False)
    process: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self, *, wait: bool = True) -> None:
        arguments = ["survey", "serve", str(self.questionnaire), "--database", self.database]
        arguments += ["--port", str(self.port), "--workers", str(self.workers)]
        self.process = self.launcher.start(arguments, self.log)
        if wait:
            self.wait()

    @property
    def log(self) -> Path:
        return self.questionnaire.with_suffix(".log")

    def wait(self, seconds: float = 120) -> None:
        """Until it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.alive():
            with contextlib.suppress(OSError, http.client.HTTPException), Client(self.port, timeout=2) as client:
                if client.get("/health").status == 200:
                    return
            time.sleep(0.01)
        raise RuntimeError(f"the service does not answer: {self.log.read_text()[-2000:]}")

    def alive(self) -> bool:
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """As a power failure would: kill -9 of all its processes."""
        if not self.process:
            return
        self._gone(signal.SIGKILL)

    def stop(self) -> None:
        """As Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGINT)
        self._gone()

    def _gone(self, how: signal.Signals | None = None) -> None:
        """Wait until it has ended; `how` is sent to all its processes until then."""
        end = time.monotonic() + 30
        while self.alive():
            if how is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process, how)
            if time.monotonic() > end:
                status = Path(f"/proc/{self.process}/status")
                told = status.read_text(encoding="utf-8") if status.exists() else "no such process"
                raise RuntimeError(f"process {self.process} does not end: {told}{self.log.read_text()[-1000:]}")
            time.sleep(0.005)


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

    def reconnect(self) -> None:
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
def serving(
    questionnaire: Path, database: str, *, workers: int = 1, launcher: Launcher | None = None
) -> Iterator[Service]:
    """A service that answers, and that is gone afterwards."""
    starting = launcher or Launcher()
    service = Service(questionnaire, database, starting, workers)
    try:
        service.start()
        yield service
    finally:
        service.kill()
        if launcher is None:
            starting.close()
