"""Work for the tests of spreading: in a module of its own, so that other processes can import it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clustergov.analysis.models.design import FitError


@dataclass(frozen=True)
class Draw:
    """A task with its own seed; its doing is noted as a line in `log`, if there is one."""

    seed: np.random.SeedSequence
    log: str = ""
    seconds: float = 0.0


def draw(task: Draw) -> np.ndarray:
    """A regression on drawn numbers: needs BLAS, and differs with every seed."""
    if task.log:
        with Path(task.log).open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {task.seed.spawn_key}\n")
    time.sleep(task.seconds)
    rng = np.random.default_rng(task.seed)
    X = rng.normal(size=(400, 8))
    return np.linalg.solve(X.T @ X, X.T @ rng.normal(size=400))


def draw_otherwise(task: Draw) -> np.ndarray:
    return -draw(task)


def scaled(factor: float, task: Draw) -> np.ndarray:
    return factor * draw(task)


def die_once(task: tuple[str, int]) -> int:
    """Kill the process at task 3, the first time."""
    mark, number = Path(task[0]), task[1]
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def process(number: int) -> int:
    """The process in which it is done."""
    return os.getpid()


def refuse(number: int) -> int:
    if number == 2:
        raise FitError("too few", n=3, parameters=4, needed=5)
    return number


def nothing(number: int) -> None:
    return None


if __name__ == "__main__":  # a run that a test interrupts: folder, log, number of tasks, jobs
    import sys

    import spread_work  # by this name also the run that goes on finds the work
    from clustergov.spread import Spread, seeds, spread

    tasks = [spread_work.Draw(seed, sys.argv[2], 0.05) for seed in seeds(5, int(sys.argv[3]))]
    results = spread(spread_work.draw, tasks, Spread(int(sys.argv[4]), keep=Path(sys.argv[1])))
    print(sum(float(result[0]) for result in results))
