"""The key file opens with its passphrase alone, shows nothing without it, and is there whole or as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.collecting import Person
from clustergov.survey.privacy import key_file as module
from clustergov.survey.privacy.key_file import Entry, KeyFile, people, read_key_file, refuse_weak, write_key_file

PASSPHRASE = "paard batterij nietje café"
MARIE = Entry("Q7A", {"e-mail": "marie@example.org", "naam": "Marie Dubois"}, "marie@example.org", "Marie Dubois", "nl")
JAN = Entry("A3C", {"e-mail": "jan@example.org"}, "jan@example.org")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_key_file(KeyFile().with_entries([MARIE, JAN]), tmp_path / "key.enc", PASSPHRASE)
    return tmp_path / "key.enc"


def test_it_comes_back_and_shows_nothing(path: Path) -> None:
    found = read_key_file(path, PASSPHRASE)
    assert found.entries == (JAN, MARIE)
    content = path.read_bytes()
    assert not any(word in content for word in (b"marie", b"Marie", b"pseudonym"))
    assert "marie" not in f"{found!r}{people(path, PASSPHRASE)!r}".casefold()
    assert people(path, PASSPHRASE) == (
        Person("A3C", "jan@example.org"), Person("Q7A", "marie@example.org", "Marie Dubois", "nl"),
    )  # fmt: skip


@pytest.mark.usefixtures("dear")
def test_a_guess_costs_what_it_ought_to(tmp_path: Path) -> None:
    assert module.COST >= 2**17
    write_key_file(KeyFile((JAN,)), tmp_path / "key.enc", PASSPHRASE)
    assert b"scrypt n=131072 " in (tmp_path / "key.enc").read_bytes()
    assert read_key_file(tmp_path / "key.enc", PASSPHRASE).entries == (JAN,)


def test_it_is_for_its_owner_alone(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    write_key_file(read_key_file(path, PASSPHRASE), path, PASSPHRASE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["key.enc"]


def test_equal_content_gives_other_bytes(path: Path) -> None:
    before = path.read_bytes()
    write_key_file(read_key_file(path, PASSPHRASE), path, PASSPHRASE)
    assert path.read_bytes()[60:] != before[60:]


def test_é_may_be_typed_in_two_ways(path: Path) -> None:
    assert read_key_file(path, PASSPHRASE.replace("é", "e\N{COMBINING ACUTE ACCENT}")).entries == (JAN, MARIE)


def test_one_message_for_all_that_does_not_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    messages = set()
    for passphrase, content in (
        ("another passphrase", whole),
        (PASSPHRASE, whole[:-1]),
        (PASSPHRASE, whole + b"x"),
        (PASSPHRASE, whole[: start + 5] + bytes([whole[start + 5] ^ 1]) + whole[start + 6 :]),
        (PASSPHRASE, whole.replace(b"n=1024", b"n=2048")),
        (PASSPHRASE, whole.replace(b"n=1024", b"n=512")),
        (PASSPHRASE, whole.replace(b"n=1024", b"n=99999999")),
        (PASSPHRASE, b""),
        (PASSPHRASE, b"name;e-mail\nMarie;marie@example.org\n"),
        (PASSPHRASE, whole[: start + 3]),
        (PASSPHRASE, whole[:start]),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError) as told:
            read_key_file(path, passphrase)
        messages.add(str(told.value))
    assert len(messages) == 1
    assert PASSPHRASE not in messages.pop()


def test_other_ways_of_not_being_there(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_key_file(tmp_path / "none.enc", PASSPHRASE)
    with pytest.raises(InputError, match="cannot be opened"):
        read_key_file(tmp_path, PASSPHRASE)
    path.write_bytes(path.read_bytes().replace(b"clustergov-key 1", b"clustergov-key 2"))
    with pytest.raises(InputError, match="later version"):
        read_key_file(path, PASSPHRASE)


@pytest.mark.parametrize("weak", ["", "short", "elevensigns", "aaaaaaaaaaaaaaaaaaaaaaa", "ababababababab"])
def test_a_weak_passphrase_is_refused(weak: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="weak-passphrase") as told:
        write_key_file(KeyFile(), tmp_path / "key.enc", weak)
    assert not weak or weak not in str(told.value)
    assert not list(tmp_path.iterdir())


def test_twelve_signs_are_enough() -> None:
    refuse_weak("twelve signs")


def test_what_somebody_else_wrote_meanwhile_stays(path: Path) -> None:
    mine, theirs = read_key_file(path, PASSPHRASE), read_key_file(path, PASSPHRASE)
    write_key_file(theirs.without("A3C"), path, PASSPHRASE)
    with pytest.raises(InputError, match="key-file-changed"):
        write_key_file(mine, path, PASSPHRASE)
    assert read_key_file(path, PASSPHRASE).entries == (MARIE,)


def test_a_disk_that_refuses_leaves_it_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_key_file(read_key_file(path, PASSPHRASE).without("A3C"), path, PASSPHRASE)
    assert read_key_file(path, PASSPHRASE).entries == (JAN, MARIE)


def test_adding_replaces_who_is_there() -> None:
    later = Entry("Q7A", {"e-mail": "new@example.org"}, "new@example.org")
    assert KeyFile().with_entries([MARIE]).with_entries([JAN, later]).entries == (JAN, later)
