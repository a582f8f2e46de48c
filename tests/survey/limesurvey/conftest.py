"""A fake LimeSurvey, and the questionnaires that ours are tried with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # modules that several tests share

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from remote_control import PASSWORD, USER, FakeLimeSurvey, fake_limesurvey

TESTS = Path(__file__).resolve().parents[2]


@pytest.fixture
def fake() -> Iterator[FakeLimeSurvey]:
    """A server on loopback; citric is needed to speak with it."""
    pytest.importorskip("citric", reason="pip install 'clustergov[limesurvey]'")
    with fake_limesurvey() as server:
        yield server


@pytest.fixture
def credentials(fake: FakeLimeSurvey) -> Credentials:
    return Credentials(fake.url, USER, PASSWORD)


@pytest.fixture
def waits() -> list[float]:
    """The seconds that would have been waited."""
    return []


@pytest.fixture
def server(credentials: Credentials, waits: list[float]) -> Iterator[Connection]:
    with Connection(credentials, sleep=waits.append) as opened:
        yield opened


@pytest.fixture(scope="session")
def every_kind() -> Questionnaire:
    return read_questionnaire(TESTS / "instruments" / "every_kind.yml")
