"""A PostgreSQL of the tests' own: an unprivileged user, a temporary folder, a free port of the loopback address."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HOW = "Install it: apt-get install postgresql (Debian), or put the folder of initdb and postgres on PATH."


def programs() -> Path | None:
    """The folder that holds initdb and postgres: the newest of Debian's, or the one on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _nobody() -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@dataclass
class PostgresqlServer:
    """One server. `start` and `stop` may be repeated; the data stay until `remove`."""

    programs: Path
    folder: Path = field(init=False)
    port: int = field(init=False)
    _process: subprocess.Popen[bytes] | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "survey", "-A", "trust", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, **_nobody(), check=False)  # type: ignore[call-overload]  # keywords of one overload
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")

    def start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"],
                stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **_nobody(),
            )  # type: ignore[call-overload]  # keywords of one overload  # fmt: skip
        for _ in range(200):
            ready = subprocess.run(
                [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
            )
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """In an orderly way, without waiting for its clients."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a power failure would: kill -9 of all its processes."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        if how is signal.SIGKILL:
            # Each of its processes has a session of its own; their parent is the one that we started.
            subprocess.run(["pkill", "-KILL", "-P", str(self._process.pid)], check=False)
        self._process.send_signal(how)
        self._process.wait(timeout=30)

    def database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"survey{next(self._numbers)}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "survey", name)
        return f"postgresql://survey@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
