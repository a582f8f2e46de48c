"""Private files: whole or not there, and for their owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection import private_file
from clustergov.survey.collection.private_file import append_private, private_folder, write_private


def test_a_file_is_its_owners_from_the_first_byte_and_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_is_whole_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_file.os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_lines_are_added_and_a_torn_one_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    append_private(path, b"one")
    path.write_bytes(path.read_bytes() + b"tor")
    append_private(path, b"two")
    assert path.read_bytes() == b"one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_is_its_owners_alone(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert made.stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="unwritable"):
        private_folder(tmp_path / "file")
