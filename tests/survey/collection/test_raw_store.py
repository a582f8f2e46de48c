"""Raw exports: stored byte for byte, for their owner's eyes, and never silently other than they were."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Literal

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.collecting import RawExport
from clustergov.survey.collection.raw_store import RawStore

WHEN = datetime.datetime(2026, 3, 1, 9, 30, 5, 123456, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def export(content: bytes = b'\xef\xbb\xbf"id"\r\n"1"\r\n\r\n', kind: Literal["complete", "partial"] = "complete",
           rows: int = 1, deleted: tuple[str, ...] = ()) -> RawExport:  # fmt: skip
    return RawExport(content, kind, WHEN, rows, deleted)


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "survey" / "raw")


def test_what_is_stored_is_what_came_and_only_its_owner_can_read_it(store: RawStore) -> None:
    content = bytes(range(256)) + b"\r\n\r\n"
    entry = store.add(export(content), address="123456")
    assert entry is not None
    path = store.folder / entry.file
    assert path.read_bytes() == store.read(entry) == content
    assert entry.file == "2026-03-01T08-30-05Z-complete.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.index.stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o777 == 0o700
    (line,) = store.index.read_text().splitlines()
    told = json.loads(line)
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["bytes"], told["rows"], told["taken"], told["address"]) == (260, 1, "2026-03-01T08:30:05Z", "123456")


def test_nothing_is_stored_before_there_is_something(store: RawStore) -> None:
    assert store.entries() == ()
    assert store.add(export(b"", rows=0), address="1") is None
    assert store.add(export(b"", "partial", rows=0), address="1") is None
    assert not store.folder.exists()


def test_exports_of_one_second_have_names_of_their_own(store: RawStore) -> None:
    names = [entry.file for n in range(3) if (entry := store.add(export(bytes([n])), address="1"))]
    assert names == [f"2026-03-01T08-30-05Z-complete{end}.csv" for end in ("", "-2", "-3")]
    assert [entry.file for entry in store.entries()] == names
    store.check()


def test_partial_responses_that_are_as_before_are_not_stored_again(store: RawStore) -> None:
    assert store.add(export(b"a", "partial"), address="1") is not None
    assert store.add(export(b"a", "partial"), address="1") is None
    assert store.add(export(b"b", "partial"), address="1") is not None
    assert store.add(export(b"", "partial", rows=0), address="1") is not None  # nobody is half-way any more
    assert len(store.entries()) == 3


def test_that_responses_were_deleted_is_stored_without_rows(store: RawStore) -> None:
    entry = store.add(export(b"", rows=0, deleted=("7",)), address="1")
    assert entry is not None
    assert store.entries()[0].deleted == ("7",)


@pytest.mark.parametrize("change", [b"", b"a", b"another"])
def test_an_altered_file_is_named(store: RawStore, change: bytes) -> None:
    entry = store.add(export(b"as it came"), address="1")
    assert entry is not None
    store.add(export(b"another one"), address="1")
    (store.folder / entry.file).write_bytes(change)
    with pytest.raises(InputError, match="SHA-256") as raised:
        store.check()
    (problem,) = raised.value.problems
    assert problem.rule == "raw-altered"
    assert problem.file.endswith(entry.file)


def test_a_file_that_is_gone_is_named(store: RawStore) -> None:
    entry = store.add(export(), address="1")
    assert entry is not None
    (store.folder / entry.file).unlink()
    with pytest.raises(InputError, match="No such file"):
        store.read(entry)


def test_two_surveys_are_never_mixed(store: RawStore) -> None:
    store.add(export(), address="123456")
    with pytest.raises(InputError, match="another folder"):
        store.add(export(), address="654321")
    with pytest.raises(InputError, match="another folder"):
        store.refuse_another("654321")
    assert len(store.entries()) == 1


def test_a_line_that_a_crash_cut_off_counts_for_nothing_and_is_replaced(store: RawStore) -> None:
    store.add(export(b"1"), address="1")
    whole = store.index.read_bytes()
    store.index.write_bytes(whole + whole[: len(whole) // 2])
    assert len(store.entries()) == 1
    store.add(export(b"2"), address="1")
    assert len(store.entries()) == 2
    store.check()


def test_a_file_without_its_line_counts_for_nothing(store: RawStore) -> None:
    store.add(export(b"1"), address="1")
    (store.folder / "2026-03-01T08-30-05Z-complete-2.csv").write_bytes(b"left by a crash")
    entry = store.add(export(b"2"), address="1")
    assert entry is not None
    assert entry.file.endswith("-3.csv")
    assert [store.read(each) for each in store.entries()] == [b"1", b"2"]


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"no json", b'{"file": "../../etc/passwd"}', b'{"file": "a.csv", "other": 1}', b"\xff"]
)
def test_an_index_that_is_none_is_refused(store: RawStore, line: bytes) -> None:
    store.add(export(), address="1")
    with store.index.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(InputError, match="index") as raised:
        store.entries()
    assert raised.value.problems[0].line == 2


def test_a_name_that_leads_out_of_the_folder_is_refused(store: RawStore) -> None:
    store.add(export(), address="1")
    store.index.write_text(store.index.read_text().replace('"2026', '"../2026', 1))
    with pytest.raises(InputError, match="raw-index"):
        store.entries()


def test_erasing_rewrites_one_file_and_keeps_its_old_hash(store: RawStore) -> None:
    first = store.add(export(b"one and two"), address="1")
    second = store.add(export(b"three"), address="1")
    assert first is not None
    assert second is not None
    fresh = store.rewrite(first, b"two", rows=0)
    assert fresh.replaces == (first.sha256,)
    assert store.entries() == (fresh, second)
    assert store.read(fresh) == b"two"
    again = store.rewrite(fresh, b"", rows=0)
    assert again.replaces == (first.sha256, fresh.sha256)
    assert (store.folder / first.file).stat().st_mode & 0o777 == 0o600
    assert not [path for path in store.folder.iterdir() if b"one and" in path.read_bytes()]


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(store: RawStore) -> None:
    store.folder.parent.mkdir(parents=True)
    store.folder.write_text("a file is here")
    with pytest.raises(InputError, match="cannot be"):
        store.add(export(), address="1")
    assert store.folder.read_text() == "a file is here"
