"""A Dask scheduler and workers in processes of their own, on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parent
PATIENCE = 60


class DaskCluster:
    """Started by `cluster`; `workers` can be killed."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._file = folder / "scheduler.json"
        self._log = (folder / "dask.log").open("ab")
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                                     "--scheduler-file", str(self._file), **environment)  # fmt: skip
        self.address = self._address()

    def add_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        worker = self._start("dask_worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
                             "--host", "127.0.0.1", "--local-directory", str(self._file.parent), **environment)  # fmt: skip
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
        self._log.close()

    def _start(self, program: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        surroundings = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH")))),
            **environment,
        }
        process = subprocess.Popen([sys.executable, "-m", f"distributed.cli.{program}", *arguments],
                                   stdout=self._log, stderr=self._log, env=surroundings)  # fmt: skip
        self._processes.append(process)
        return process

    def _address(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])
            except (FileNotFoundError, ValueError):
                time.sleep(0.05)
        raise TimeoutError(self._file)


@contextmanager
def cluster(folder: Path, workers: int = 2, **environment: str) -> Iterator[DaskCluster]:
    """A scheduler, with additions to its environment, and some workers; all gone afterwards."""
    found = DaskCluster(folder, **environment)
    try:
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        found.close()
