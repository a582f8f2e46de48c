"""Files written together appear all or not at all, and nothing that stands there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.study.writing import write_files


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_and_their_folders_are_made(tmp_path: Path) -> None:
    write_files({tmp_path / "a" / "b.txt": b"b", tmp_path / "c.txt": b"c"})
    assert content(tmp_path) == {"a/b.txt": b"b", "c.txt": b"c"}


def test_another_content_stays_unless_it_may_go(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"edited")
    files = {tmp_path / "a.txt": b"a", tmp_path / "b.txt": b"b"}
    with pytest.raises(InputError, match=r"b\.txt: a file of that name stands there and differs"):
        write_files(files)
    assert content(tmp_path) == {"b.txt": b"edited"}
    write_files(files, overwrite=True)
    assert content(tmp_path) == {"a.txt": b"a", "b.txt": b"b"}
    write_files(files)


def test_when_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_files({tmp_path / "a.txt": b"a", tmp_path / "folder": b"b"})
    assert content(tmp_path) == {}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be written"):
        write_files({tmp_path / "b.txt": b"b", tmp_path / "file" / "c.txt": b"c"})
    assert content(tmp_path) == {"file": b""}
