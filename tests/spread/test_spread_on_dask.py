"""Work on a real Dask cluster: a scheduler and workers in processes of their own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import clustergov.spread.cluster as on_dask
from clustergov.analysis.models.design import FitError
from clustergov.problems import ClustergovError, InputError
from clustergov.spread import Progress, Spread, seeds, spread
from dask_cluster import DaskCluster, cluster
from spread_work import Draw, die, draw, refuse

pytest.importorskip("distributed", reason="the extra dask is not installed")


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


def test_the_same_numbers_as_in_this_process(dask: DaskCluster) -> None:
    tasks = [Draw(seed) for seed in seeds(7, 12)]
    told: list[Progress] = []
    found = spread(draw, tasks, Spread(scheduler=dask.address, tell=told.append))
    np.testing.assert_array_equal(found, spread(draw, tasks))
    np.testing.assert_array_equal(found, spread(draw, tasks, Spread(jobs=2)))
    assert told[-1].done == 12


def test_other_processes_do_the_work(dask: DaskCluster, tmp_path: Path) -> None:
    log = tmp_path / "log"
    spread(draw, [Draw(seed, str(log), 0.1) for seed in seeds(7, 8)], Spread(scheduler=dask.address))
    done_by = {int(line.split()[0]) for line in log.read_text(encoding="utf-8").splitlines()}
    assert done_by == {worker.pid for worker in dask.workers}


def test_an_error_of_the_work_arrives_whole(dask: DaskCluster) -> None:
    with pytest.raises(FitError, match="3 complete rows") as caught:
        spread(refuse, [0, 1, 2, 3], Spread(scheduler=dask.address))
    assert caught.value.failure == "too few"


def test_kept_results_are_not_made_again(dask: DaskCluster, tmp_path: Path) -> None:
    log = tmp_path / "log"
    tasks = [Draw(seed, str(log)) for seed in seeds(1, 6)]
    spread(draw, tasks[:4], Spread(keep=tmp_path / "keep"))
    spread(draw, tasks, Spread(scheduler=dask.address, keep=tmp_path / "keep"))
    assert len(log.read_text(encoding="utf-8").splitlines()) == 6


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    with cluster(tmp_path) as dask:
        tasks = [Draw(seed, seconds=0.1) for seed in seeds(3, 40)]
        told: list[Progress] = []

        def tell(progress: Progress) -> None:
            told.append(progress)
            if progress.done == 10 and dask.workers[0].poll() is None:
                dask.workers[0].send_signal(signal.SIGKILL)

        found = spread(draw, tasks, Spread(scheduler=dask.address, tell=tell))
        assert dask.workers[0].wait() == -signal.SIGKILL
    np.testing.assert_array_equal(found, spread(draw, [Draw(task.seed) for task in tasks]))
    assert [one.done for one in told if not one.remark] == list(range(1, 41))


def test_a_worker_that_comes_after_the_last_one_died_goes_on(tmp_path: Path) -> None:
    with cluster(tmp_path, workers=1) as dask:
        remarks: list[str] = []

        def tell(progress: Progress) -> None:
            if progress.done == 3:
                dask.workers[0].kill()
            if progress.remark:
                remarks.append(progress.remark)
                dask.add_worker()

        tasks = [Draw(seed, seconds=0.1) for seed in seeds(3, 8)]
        assert len(spread(draw, tasks, Spread(scheduler=dask.address, tell=tell))) == 8
    assert "no worker left" in remarks[0]


def test_work_that_kills_its_workers_is_told(tmp_path: Path) -> None:
    deaths = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}  # 3 by default: the test would start four workers
    with (
        cluster(tmp_path, workers=2, **deaths) as dask,
        pytest.raises(ClustergovError, match=r"took several workers.*memory"),
    ):
        spread(die, [1], Spread(scheduler=dask.address))


def test_a_scheduler_that_goes_away_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with cluster(tmp_path, workers=1) as dask:
        keep = tmp_path / "keep"

        def tell(progress: Progress) -> None:
            if progress.done == 3:
                dask.scheduler.kill()

        with pytest.raises(InputError, match=r"went away.*--keep") as caught:
            spread(draw, [Draw(seed, seconds=0.2) for seed in seeds(3, 8)], Spread(scheduler=dask.address, keep=keep, tell=tell))  # fmt: skip
    assert dask.address in str(caught.value)
    assert 3 <= len(list(keep.glob("*.result"))) < 8
    assert "Traceback" not in capfd.readouterr().err


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "REACH", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for address in (nobody, "tcp://no.such.host.invalid:8786", "nonsense://x:1", "tcp://127.0.0.1:notaport"):
        with pytest.raises(InputError, match=r"found none.*dask scheduler") as caught:
            spread(draw, [Draw(seeds(1, 1)[0])], Spread(scheduler=address))
        assert address in str(caught.value)


def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "REACH", 1.0)
    with (
        cluster(tmp_path, workers=0) as dask,
        pytest.raises(InputError, match=f"no workers.*dask worker {dask.address}"),
    ):
        spread(draw, [Draw(seeds(1, 1)[0])], Spread(scheduler=dask.address))


def test_workers_with_another_program_are_named(dask: DaskCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    there = on_dask.versions()
    monkeypatch.setattr(on_dask, "_here", lambda: there | {"numpy": "1.0"})
    task = Draw(seeds(1, 1)[0])
    with pytest.raises(InputError, match=r"worker tcp://.* has numpy .* where this process has 1\.0") as caught:
        spread(draw, [task], Spread(scheduler=dask.address))
    assert len(caught.value.problems) == 2
    # And where they join after the look at the others:
    monkeypatch.setattr(on_dask, "_refuse_other_programs", lambda client, address, here: None)
    with pytest.raises(InputError, match="joined later has numpy"):
        spread(draw, [task], Spread(scheduler=dask.address))


def test_without_distributed_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'clustergov\[dask\]'"):
        spread(draw, [Draw(seeds(1, 1)[0])], Spread(scheduler="tcp://127.0.0.1:1"))


def test_distributed_is_not_imported_without_a_scheduler() -> None:
    code = "import sys; from clustergov.spread import spread; spread(abs, [1, -2]); assert 'distributed' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
