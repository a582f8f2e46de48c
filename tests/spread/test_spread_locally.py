"""Work in this process and in several: the same numbers, in order, after deaths, errors and interruptions."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.problems import ClustergovError, InputError
from clustergov.spread import Progress, Spread, SpreadWarning, seeds, spread
from clustergov.spread.local import in_processes
from spread_work import Draw, die, die_once, draw, draw_otherwise, nothing, process, refuse, scaled

SCRIPT = [sys.executable, str(Path(__file__).parents[1] / "spread_work.py")]
TASKS = [Draw(seed) for seed in seeds(7, 12)]


def test_the_same_numbers_with_one_job_and_with_two() -> None:
    before = [task.seed.spawn_key for task in TASKS]
    one, two = spread(draw, TASKS), spread(draw, TASKS, Spread(jobs=2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, spread(draw, TASKS))
    assert len({result[0] for result in one}) == len(TASKS)
    assert [task.seed.spawn_key for task in TASKS] == before
    assert spread(draw, []) == []


def test_progress_is_told() -> None:
    told: list[Progress] = []
    spread(draw, TASKS, Spread(tell=told.append))
    assert [(one.done, one.total) for one in told] == [(done, 12) for done in range(1, 13)]


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    told: list[Progress] = []
    tasks = [(str(tmp_path / "died"), number) for number in range(8)]
    assert spread(die_once, tasks, Spread(jobs=2, tell=told.append)) == list(range(8))
    assert (tmp_path / "died").exists()
    assert any("died" in one.remark for one in told)


def test_the_last_task_left_is_not_done_in_the_process_that_asks(tmp_path: Path) -> None:
    found = dict(in_processes(process, [(0, 1)], 2, lambda remark: None))
    assert found[0] != os.getpid()
    again = dict(in_processes(die_once, [(0, (str(tmp_path / "died"), 3))], 2, lambda remark: None))
    assert again == {0: 3}


def test_processes_that_keep_dying_are_told() -> None:
    with pytest.raises(ClustergovError, match=r"died 3 times.*fewer jobs"):
        spread(die, [1, 2, 3], Spread(jobs=2, tell=lambda progress: None))


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_work_arrives_whole(jobs: int) -> None:
    with pytest.raises(FitError, match="3 complete rows") as caught:
        spread(refuse, [0, 1, 2, 3], Spread(jobs=jobs))
    assert caught.value.failure == "too few"
    assert caught.value.reason["nl"].startswith("Er zijn 3")


def done_in(log: Path) -> int:
    return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0


def test_kept_results_are_not_made_again(tmp_path: Path) -> None:
    log, keep = tmp_path / "log", tmp_path / "deep" / "keep"
    tasks = [Draw(seed, str(log)) for seed in seeds(1, 6)]
    first = spread(draw, tasks[:4], Spread(keep=keep))
    told: list[Progress] = []
    second = spread(draw, tasks, Spread(keep=keep, tell=told.append))
    assert done_in(log) == 6
    assert (told[0].done, told[0].kept) == (4, 4)
    np.testing.assert_array_equal(second[:4], first)
    np.testing.assert_array_equal(second, spread(draw, tasks))


def test_another_task_or_other_work_is_never_taken_for_a_kept_one(tmp_path: Path) -> None:
    task = Draw(seeds(1, 1)[0])
    one = spread(draw, [task], Spread(keep=tmp_path))[0]
    for work, other in (
        (draw, Draw(seeds(2, 1)[0])), (draw, Draw(task.seed, seconds=0.001)), (draw_otherwise, task),
        (partial(scaled, 2.0), task), (partial(scaled, 3.0), task),
    ):  # fmt: skip
        found = spread(work, [other], Spread(keep=tmp_path))[0]
        np.testing.assert_array_equal(found, spread(work, [other])[0])
    np.testing.assert_array_equal(spread(partial(scaled, 3.0), [task], Spread(keep=tmp_path))[0], 3 * one)
    assert len(list(tmp_path.glob("*.result"))) == 6


def test_another_version_is_never_taken_for_a_kept_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import clustergov.spread.kept as kept

    log = tmp_path / "log"
    tasks = [Draw(seed, str(log)) for seed in seeds(1, 2)]
    spread(draw, tasks, Spread(keep=tmp_path / "keep"))
    monkeypatch.setattr(kept, "fingerprint", lambda work: "another")
    spread(draw, tasks, Spread(keep=tmp_path / "keep"))
    assert done_in(log) == 4


@pytest.mark.parametrize("damage", ["cut", "turned", "empty", "other"])
def test_a_damaged_result_is_made_again_and_told(damage: str, tmp_path: Path) -> None:
    tasks = TASKS[:3]
    whole = spread(draw, tasks, Spread(keep=tmp_path))
    file = sorted(tmp_path.glob("*.result"))[1]
    content = file.read_bytes()
    file.write_bytes({"cut": content[:-5], "turned": content[:-1] + bytes([content[-1] ^ 1]), "empty": b"",
                      "other": b"PK\x03\x04 not ours"}[damage])  # fmt: skip
    with pytest.warns(SpreadWarning, match=f"{file.name}.*damaged"):
        np.testing.assert_array_equal(spread(draw, tasks, Spread(keep=tmp_path)), whole)
    assert file.read_bytes() == content


def test_a_result_may_be_nothing(tmp_path: Path) -> None:
    assert spread(nothing, [1, 2], Spread(keep=tmp_path)) == [None, None]
    told: list[Progress] = []
    assert spread(nothing, [1, 2], Spread(keep=tmp_path, tell=told.append)) == [None, None]
    assert told[0].kept == 2


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    log, keep = tmp_path / "log", tmp_path / "keep"
    command = [*SCRIPT, str(keep), str(log), "30", "1"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)
    until = time.monotonic() + 60
    while done_in(log) < 8 and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert running.stdout is not None
    running.stdout.close()
    stored = len(list(keep.glob("*.result")))
    assert 5 <= stored < 30
    begun = done_in(log)
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    # Only what had not been stored is done: the one task that the kill interrupted is begun twice.
    assert done_in(log) - begun == 30 - stored
    expected = sum(float(spread(draw, [Draw(seed)])[0][0]) for seed in seeds(5, 30))
    assert float(again.stdout) == pytest.approx(expected, rel=1e-12)


def runs(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_process_outlives_a_killed_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [*SCRIPT, str(tmp_path / "keep"), str(log), "2000", "2"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while done_in(log) < 8 and time.monotonic() < until:
        time.sleep(0.02)
    workers = {int(line.split()[0]) for line in log.read_text(encoding="utf-8").splitlines()}
    assert running.pid not in workers
    running.kill()
    running.wait()
    while any(map(runs, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [worker for worker in workers if runs(worker)]


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match=r"cannot be stored: No space left.*--keep"):
        spread(draw, TASKS[:2], Spread(keep=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for keep, found in ((file, "found a file"), (file / "below", "cannot be made")):
        with pytest.raises(InputError, match=f"{found}.*--keep"):
            spread(draw, TASKS, Spread(keep=keep))


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"jobs": -2}, {"jobs": 2, "scheduler": "tcp://127.0.0.1:1"}])
def test_where_work_cannot_be_done_is_told(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="jobs"):
        Spread(**wrong)  # type: ignore[arg-type]  # a table of wrong values
