"""When a case was first coded: the earliest line of its journals, also of what was undone; files without one tell nothing."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from clustergov.casestudies.coding.journal import SUFFIX
from clustergov.casestudies.first_coded import first_coded, moment_of
from clustergov.problems import InputError

HEAD = '{"journal": 1, "case": "north", "document": "memo", "coder": "ann", "round": 1}\n'


def line(time: str, act: str = "code") -> str:
    return f'{{"n": 1, "session": "a", "time": "{time}", "coder": "ann", "act": "{act}"}}\n'


def test_the_earliest_action_of_all_journals_counts(tmp_path: Path) -> None:
    codings = tmp_path / "north" / "codings"
    codings.mkdir(parents=True)
    (codings / f"memo.ann{SUFFIX}").write_text(
        HEAD + line("2026-11-22T10:00:00Z", "remove") + line("2026-11-22T09:00:00+00:00"), encoding="utf-8"
    )
    (codings / f"other.ann{SUFFIX}").write_text(HEAD + line("2026-11-22T11:30:00+02:00"), encoding="utf-8")
    (codings / "memo.ann.yml").write_text("", encoding="utf-8")
    found = first_coded(tmp_path)["north"]
    assert found.time == datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
    assert found.untimed == 0
    assert found.before(datetime.datetime(2026, 11, 22, 9, 1, tzinfo=datetime.UTC)) is True
    assert found.before(datetime.datetime(2026, 11, 22, 8, tzinfo=datetime.UTC)) is False


def test_files_without_a_journal_leave_it_open(tmp_path: Path) -> None:
    codings = tmp_path / "north" / "codings"
    codings.mkdir(parents=True)
    (codings / "memo.ann.yml").write_text("", encoding="utf-8")
    found = first_coded(tmp_path)["north"]
    assert (found.time, found.untimed) == (None, 1)
    assert found.before(datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)) is None


def test_a_line_that_was_cut_off_is_passed_by_and_a_broken_one_is_told(tmp_path: Path) -> None:
    codings = tmp_path / "north" / "codings"
    codings.mkdir(parents=True)
    journal = codings / f"memo.ann{SUFFIX}"
    journal.write_text(HEAD + line("2026-11-22T10:00:00Z") + '{"n": 2, "ti', encoding="utf-8")
    assert first_coded(tmp_path)["north"].time is not None
    journal.write_text(HEAD + "<<<<<<< mine\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        first_coded(tmp_path)
    assert caught.value.problems[0].rule == "journal-line"


def test_a_time_without_zone_is_utc() -> None:
    assert moment_of("2026-11-22T10:00").tzinfo == datetime.UTC
