"""``clustergov analysis multiverse`` on a plain table and on a study: output, JSON, exit codes, a Dask cluster."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.problems import ClustergovError
from dask_cluster import cluster


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(90, 5)), columns=list("yxabc"))
    frame["y"] += frame["x"]
    frame["flat"], frame["place"] = 3.0, [f"p{i % 9}" for i in range(90)]
    file = tmp_path_factory.mktemp("table") / "table.csv"
    frame.to_csv(file, index=False)
    return file


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(command, ["analysis", "multiverse", *map(str, arguments)])
    if isinstance(done.exception, ClustergovError):  # which the program turns into one message and exit code 2
        return 2, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


COLUMNS = ("--outcome", "y", "--focal", "x", "--covariates", "a,b,c", "--permutations", 120)


def test_a_plain_table(table: Path, tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    code, told = run(table, *COLUMNS, "--cluster", "place", "--json", file)
    assert code == 0, told
    assert "16 universes (forks: 4)" in told
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["synthetic"] is False
    assert len(written["universes"]["rows"]) == 16
    assert written["multiverse"]["curves"][0]["joint"]["permutations"] == 120
    assert set(written["sentence"]) == {"nl", "en"}


def test_the_same_numbers_on_a_cluster_and_after_an_interruption(table: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.json" for name in ("here", "there", "kept")]
    assert run(table, *COLUMNS, "--json", files[0])[0] == 0
    with cluster(tmp_path) as dask:
        code, told = run(table, *COLUMNS, "--scheduler", dask.address, "--keep", tmp_path / "keep", "--json", files[1])
        assert code == 0, told
    code, told = run(table, *COLUMNS, "--keep", tmp_path / "keep", "--json", files[2])
    assert "2 of 2 parts were kept" in told
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name its --questionnaire"),
        (("--outcome", "y"), "no-columns"),
        (("--outcome", "y", "--focal", "nobody", "--covariates", "a"), "unknown-column"),
        (("--outcome", "place", "--focal", "x", "--covariates", "a"), "not-numeric"),
        (("--outcome", "y", "--focal", "x"), "make one universe"),
        (("--outcome", "y", "--focal", "x", "--covariates", "a,x"), "two places"),
        (("--outcome", "y", "--focal", "flat", "--covariates", "a"), "same value everywhere"),
        ((*COLUMNS[:6], "--permutations", "-5"), "0 or more permutations"),
        ((*COLUMNS[:6], "--seed", "-1"), "-1 is not in the range"),
        ((*COLUMNS[:6], "--jobs", "0"), "expected 1 or more jobs"),
        ((*COLUMNS[:6], "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"), "found both"),
        ((*COLUMNS[:6], "--keep", __file__), "found a file"),
        ((*COLUMNS[:6], "--multiverse", "some.yml"), "found both"),
    ],
)
def test_bad_input_is_one_message(table: Path, arguments: tuple[str, ...], told: str) -> None:
    code, output = run(table, *arguments)
    assert code == 2
    assert told in output


def test_a_preregistered_universe_that_cannot_be_fitted(table: Path) -> None:
    code, output = run(table, "--outcome", "y", "--focal", "x", "--covariates", "a,flat", "--permutations", 0)
    assert code == 1
    assert "The preregistered universe has no estimate" in output
