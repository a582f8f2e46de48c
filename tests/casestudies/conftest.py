"""The small study of two cases, written anew for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.corpus import Corpus, read_corpus
from small_cases import write_study


@pytest.fixture
def small_study(tmp_path: Path) -> Path:
    return write_study(tmp_path)


@pytest.fixture
def small_corpus(small_study: Path) -> Corpus:
    return read_corpus(small_study)
