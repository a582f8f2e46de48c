"""``survey seal`` and ``who`` as somebody at a terminal meets them."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from clustergov.survey.privacy import key_file

PASSPHRASE = "paard batterij nietje"
LIST = "naam;e-mail;land;leden\r\nJan de Vries;jan@example.org;NL;40\r\nMarie Dubois;marie@example.org;BE;12\r\n"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(key_file, "COST", 2**10)
    monkeypatch.setenv("CLUSTERGOV_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text(LIST, encoding="utf-8")


def survey(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["survey", *arguments])


def sealed(*more: str) -> Result:
    return survey("seal", "list.csv", "--key", "key.enc", "--out", "frame.csv", *more)


def test_seal_tells_what_it_did_and_shows_nobody() -> None:
    done = sealed("--keep", "leden")
    assert done.exit_code == 0, done.output
    assert "2 people, 2 of them new" in done.output
    assert "keep it outside the study" in done.output
    assert "jan@" not in done.output
    assert "Vries" not in done.output
    assert Path("frame.csv").read_text().splitlines()[0] == "pseudonym,land,leden"
    assert stat.S_IMODE(Path("key.enc").stat().st_mode) == 0o600
    before = Path("frame.csv").read_bytes()
    again = sealed("--keep", "leden")
    assert "0 of them new, 2 with the pseudonym they had" in again.output
    assert Path("frame.csv").read_bytes() == before


def test_nothing_is_written_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments, rule in (
        (("--keep", "naam"), "personal-column"),
        (("--key", "frame.csv"), "same-file"),
        (("--key", "none/key.enc"), "key-file"),
        (("--out", "frame.txt"), "out"),
    ):
        done = sealed(*arguments)
        assert done.exit_code == 2
        assert f"[{rule}]" in done.output
    monkeypatch.setenv("CLUSTERGOV_PASSPHRASE", "short")
    assert "[weak-passphrase]" in sealed().output
    assert [path.name for path in Path().iterdir()] == ["list.csv"]


def test_a_frame_without_its_key_file_is_not_sealed_again() -> None:
    sealed()
    Path("key.enc").unlink()
    done = sealed()
    assert done.exit_code == 2
    assert "[key-file]" in done.output


def test_without_a_passphrase_and_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLUSTERGOV_PASSPHRASE")
    done = sealed()
    assert done.exit_code == 2
    assert "[no-passphrase]" in done.output


def test_who_is_not_written_to_a_file() -> None:
    sealed()
    done = survey("who", "--key", "key.enc")
    assert done.exit_code == 2
    assert "[not-a-terminal]" in done.output
    assert "jan@" not in done.output


def test_who_shows_people_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "COST", 2**17)  # the program below has no other
    sealed()
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "clustergov", "survey", "who", "--key", "key.enc"]
    with subprocess.Popen(program, stdout=theirs, stdin=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
        assert running.wait() == 0, shown
    os.close(ours)
    assert "Jan de Vries" in shown.decode()
    assert "marie@example.org" in shown.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""
