"""The shipped questionnaire fielded: scripted respondents in real browsers, on every way that it can be fielded.

The same answer sheets, covering every route in Dutch and English, come back as the same responses and the same tables of
the study from our service on SQLite, from our service on PostgreSQL with several workers, and from a LimeSurvey server.
"""

from __future__ import annotations

import filecmp
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import requests
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.reports.compose import compose
from clustergov.reports.tables import write_tables
from clustergov.study.analyse import analyse
from clustergov.study.new import new_example
from clustergov.study.plan import check_study
from clustergov.survey.collection.fieldwork import read_fieldwork
from clustergov.survey.privacy.consent import fielded
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.synthetic.answer_sheets import AnswerSheet, answer_sheets, uncovered
from clustergov.survey.synthetic.assembling import of_sheets
from clustergov.survey.writing import write_responses
from live_limesurvey import MISSING, LimeServer, LiveSurvey, configured
from live_respondent import answer as answer_limesurvey
from live_respondent import opened_browser
from service_respondent import answer as answer_service

RESPONDENTS = 32
SEED = 20261122


@pytest.fixture(scope="module")
def asked(root: Path) -> Questionnaire:
    """The shipped questionnaire as respondents meet it: with its questions for consent."""
    own = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    return fielded(own, read_fieldwork(root / "survey" / "fieldwork.yml"))


@pytest.fixture(scope="module")
def sheets(asked: Questionnaire) -> list[AnswerSheet]:
    many = answer_sheets(asked, 4 * RESPONDENTS, np.random.default_rng(SEED))
    # Those that walk every route come first; of the others whoever agrees, so that there is something to analyse.
    walking = next(number for number in range(len(many)) if not uncovered(asked, many[:number]))
    agreeing = [sheet for sheet in many[2 * walking :] if sheet["answers"]["consentanalysis"] == "Y"]
    drawn = [*many[: 2 * walking], *agreeing][:RESPONDENTS]
    assert len(drawn) >= 30
    assert {sheet["language"] for sheet in drawn} == {"nl", "en"}
    for language in ("nl", "en"):
        assert uncovered(asked, [sheet for sheet in drawn if sheet["language"] == language]) == []
    assert any(sheet["stop"] for sheet in drawn)
    return drawn


@pytest.fixture(scope="module")
def expected(asked: Questionnaire, sheets: list[AnswerSheet]) -> Responses:
    return of_sheets(sheets, asked)


@pytest.fixture(scope="module")
def tables(expected: Responses, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the study, from the same answers without any fieldwork."""
    return _analysed(_consented(expected), tmp_path_factory.mktemp("direct"))


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with opened_browser(chromium) as opened:
        yield opened


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_our_service_brings_home_what_was_answered(
    database: str, browser: Any, asked: Questionnaire, sheets: list[AnswerSheet], expected: Responses, tables: Path,
    root: Path, tmp_path: Path, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    address = (
        f"sqlite:///{tmp_path / 'fieldwork.db'}" if database == "sqlite" else request.getfixturevalue("postgresql")
    )
    workers = 1 if database == "sqlite" else 2
    with _serving(root, address, workers) as server:
        for sheet in sheets:
            visited, last = answer_service(
                browser, f"{server}/{sheet['language']}", sheet["answers"], stop=_stop(asked, sheet)
            )
            assert not any(page.refused for page in visited), (sheet, visited[-1])
            assert {page.language for page in visited} == {sheet["language"]}
            assert bool(sheet["stop"]) or re.search("Dank|Thank", last), last
    _same(_fetched(address, root, tmp_path), expected, tables, root, tmp_path)


@pytest.mark.skipif(not configured(), reason=MISSING)
def test_limesurvey_brings_home_what_was_answered(
    browser: Any, asked: Questionnaire, sheets: list[AnswerSheet], expected: Responses, tables: Path, root: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    number = _deployed(root)
    server = LimeServer.from_environment()
    try:
        survey = LiveSurvey(server, number)
        for sheet in sheets:
            pages = answer_limesurvey(
                browser, survey, _for_limesurvey(asked, sheet), language=sheet["language"], stop=_stop(asked, sheet)
            )
            assert not any(page.refused for page in pages), (sheet, pages[-1])
        _same(_fetched(str(number), root, tmp_path), expected, tables, root, tmp_path)
    finally:
        server.client.delete_survey(number)
        server.close()


def _for_limesurvey(asked: Questionnaire, sheet: AnswerSheet) -> dict[str, str]:
    """The answers in LimeSurvey's codes: “other” is no option there."""
    codes = LimeCodes.of(asked, Notes())
    return {name: codes.answer(asked.by_name[name], answer) for name, answer in sheet["answers"].items()}


def _stop(asked: Questionnaire, sheet: AnswerSheet) -> set[str]:
    return {variable.name for variable in asked.variables if variable.section.code == sheet["stop"]}


@contextmanager
def _serving(root: Path, address: str, workers: int) -> Iterator[str]:
    """The command that a user types, as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "clustergov",
        "survey",
        "serve",
        str(root),
        "--database",
        address,
        "--port",
        str(port),
    ]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"CLUSTERGOV_MANAGER_PASSWORD": "a long password of the tests"},
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    session = requests.Session()
    session.mount(
        "http://", requests.adapters.HTTPAdapter(max_retries=requests.adapters.Retry(60, backoff_factor=0.02))
    )
    try:
        assert session.get(address, timeout=30).status_code == 200
    except requests.ConnectionError:
        process.kill()
        pytest.fail((process.communicate()[0] or b"").decode())


def _deployed(root: Path) -> int:
    done = CliRunner().invoke(command, ["survey", "deploy", str(root), "--activate", "--yes"])
    assert done.exit_code == 0, done.output
    found = re.search(r"^Survey (\d+) is what", done.output, re.M)
    assert found, done.output
    return int(found[1])


def _fetched(address: str, root: Path, folder: Path) -> Path:
    """The folder of responses, fetched by the command."""
    out = folder / "fetched"
    done = CliRunner().invoke(
        command, ["survey", "fetch", address, "--study", str(root), "--use", "analysis", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    return out


def _consented(responses: Responses) -> Responses:
    kept = (responses.frame["consentanalysis"] == "Y").to_numpy() & responses.complete.to_numpy()  # type: ignore[union-attr]  # sheets tell who submitted
    return _rows(responses, lambda frame: frame[kept])


def _rows(responses: Responses, chosen: Callable[[Any], Any]) -> Responses:
    return Responses(
        responses.questionnaire, chosen(responses.frame), chosen(responses.blanks), Origin("real"),
        responses.unlisted, chosen(responses.complete), responses.chosen,
    )  # fmt: skip


def _same(fetched: Path, expected: Responses, tables: Path, root: Path, folder: Path) -> None:
    own = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    came = read_responses(fetched / "responses.csv", own, strict=True)
    pd.testing.assert_frame_equal(_sorted(came), _sorted(_consented(expected)))
    partial = read_responses(fetched / "partial.csv", own, strict=True)
    begun = ~expected.complete & (expected.frame["consentanalysis"] == "Y")  # type: ignore[operator]  # sheets tell
    pd.testing.assert_frame_equal(_sorted(partial), _sorted(_rows(expected, lambda frame: frame[begun.to_numpy()])))
    own_tables = _analysed(came, folder)
    names = sorted(path.name for path in tables.iterdir())
    assert names == sorted(path.name for path in own_tables.iterdir())
    assert filecmp.cmpfiles(own_tables, tables, names, shallow=False) == (names, [], [])


def _texts(responses: Responses) -> pd.DataFrame:
    """Answers, and beside them why a cell is blank."""
    # Who did not agree was left out by `fetch`, and the question with it.
    own = [name for name in responses.frame.columns if not name.startswith("consent")]
    blanks = responses.blanks.map(lambda reason: f" ({reason})" if reason else "")
    return (responses.frame.astype("str").fillna("") + blanks)[own]


def _sorted(responses: Responses) -> pd.DataFrame:
    """The same in an order that does not depend on who came first."""
    text = _texts(responses)
    return text.sort_values(list(text.columns)).reset_index(drop=True)


def _analysed(responses: Responses, folder: Path) -> Path:
    """The folder of tables of the shipped study with these responses."""
    text = _texts(responses)
    # Who came first is chance, and may change the last digit of a sum.
    order = text.sort_values(list(text.columns)).index
    numbers = pd.Index([str(place) for place in range(1, len(order) + 1)], name="id")
    write_responses(_rows(responses, lambda frame: frame.loc[order].set_axis(numbers)), folder / "sorted.csv")
    new_example(folder / "study", responses=folder / "sorted.csv")
    plan = check_study(folder / "study")
    assert plan.responses is not None
    findings = analyse(plan, plan.responses, None, stage=lambda name: None)
    write_tables(compose(findings, "en"), folder / "tables")
    return folder / "tables"
