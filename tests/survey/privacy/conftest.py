"""Key files that open fast: what a guess costs is tried once, with the cost of the real ones."""

from __future__ import annotations

import pytest

from clustergov.survey.privacy import key_file

COST = key_file.COST


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "COST", 2**10)


@pytest.fixture
def dear(cheap: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "COST", COST)
