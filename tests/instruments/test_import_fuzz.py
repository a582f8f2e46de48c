"""LimeSurvey files changed at random: either one clear message, or a questionnaire that passes and can be written."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clustergov.instruments.check import check, check_questionnaire
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.write import write_questionnaire
from clustergov.problems import InputError
from limesurvey_files import all_types, everything, everything_txt, lsa
from limesurvey_mutations import mutated

EXAMPLES = int(os.environ.get("CLUSTERGOV_EXAMPLES", "50"))
SEEDS = {
    "old.lss": everything("old").encode(), "new.lss": everything("new").encode(), "types.lss": all_types("old").encode(),
    "all.txt": everything_txt().encode(), "all.lsa": lsa(everything("new")),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changed")


@pytest.mark.roundtrip
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(SEEDS)), seed=st.integers(0, 2**32 - 1))
def test_a_changed_file_is_read_or_refused(folder: Path, name: str, seed: int) -> None:
    path = folder / name
    path.write_bytes(mutated(SEEDS[name], random.Random(seed), times=4))
    try:
        result = read_limesurvey(path)
    except InputError:
        return
    assert [problem for problem in check_questionnaire(result.questionnaire) if problem.severity == "error"] == []
    write_questionnaire(result.questionnaire, folder / "X.yml")
    read, problems = check(folder / "X.yml")
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert read == result.questionnaire
    assert all(note.message.isprintable() and note.place.isprintable() for note in result.notes)
