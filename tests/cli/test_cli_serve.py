"""``clustergov survey serve``: what it tells, how it ends, and what it refuses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from serving import Client, Launcher, serving

SMALL = """\
questionnaire: small
version: 1
title: {nl: Klein, en: Small}
languages: [en, nl]
sections:
  - code: first
    title: {en: First, nl: Eerst}
    questions:
      - {code: name, kind: text, text: {en: Name, nl: Naam}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def serve(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, for cases in which it ends by itself."""
    return subprocess.run(
        [sys.executable, "-c", "from clustergov.cli import main; main()", "survey", "serve", *arguments],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], rule: str) -> None:
    assert done.returncode == 2, done
    assert f"[{rule}]" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_port_that_is_taken_is_told(small: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(serve(str(small), "--port", str(taken.getsockname()[1])), "cannot-listen")
    assert not small.with_suffix(".db").exists()


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (["--database", "mysql://me:hidden@there/x"], "database-url"),
        (["--database", "postgresql://me:hidden@127.0.0.1:1/x"], "database-unreachable"),
        (["--database", "sqlite:////nowhere/at/all.db"], "database-file"),
        (["--host", "0.0.0.0"], "base-url"),
        (["--base-url", "https://survey.example.org/path"], "base-url"),
    ],
)
def test_mistakes_are_one_message_and_no_password(small: Path, arguments: list[str], rule: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = serve(str(small), "--port", str(port), *arguments)
    refused(done, rule)
    assert "hidden" not in done.stderr + done.stdout


@pytest.mark.parametrize("until", ["2020-01-31", "2999-01-31"])
def test_what_is_past_its_date_is_told(small: Path, until: str) -> None:
    fieldwork = small.with_name("fieldwork.yml")
    fieldwork.write_text(
        f"fieldwork: first\nquestionnaire: {small.name}\nretention: {{responses: {until}}}\n", encoding="utf-8"
    )
    with socket.socket() as taken:  # it ends by itself, as nothing can listen there
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve(str(fieldwork), "--port", str(taken.getsockname()[1]))
    assert "[cannot-listen]" in done.stderr
    assert ("Responses were to be kept until 2020-01-31" in done.stderr) == (until == "2020-01-31")


def test_without_psycopg_it_is_told_what_to_install(small: Path, tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError")
    done = serve(str(small), "--port", "18999", "--database", "postgresql://me@127.0.0.1:1/x", PYTHONPATH=str(tmp_path))
    refused(done, "missing-psycopg")
    assert "pip install 'clustergov[postgresql]'" in done.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_it_tells_where_it_is_and_ends_cleanly(small: Path, workers: int) -> None:
    database = f"sqlite:///{small.with_suffix('.db')}"
    launcher = Launcher()
    with serving(small, database, workers=workers, launcher=launcher) as service:
        with Client(service.port) as client:
            assert client.get("/").headers["location"] == "/en/1"
        service.stop()
    launcher.close()
    told = service.log.read_text()
    assert f"Small: http://127.0.0.1:{service.port}/" in told
    assert str(small.with_suffix(".db")) in told
    assert "/manage" in told
    assert "Every answer that was acknowledged is in the database." in told
    assert "Traceback" not in told


def test_a_made_up_password_is_shown_once(small: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", "from clustergov.cli import main; main()", "survey", "serve", str(small),
             "--port", str(port)],
            stdout=subprocess.PIPE, text=True, env={k: v for k, v in os.environ.items() if "CLUSTERGOV" not in k},
        )  # fmt: skip
        assert process.stdout is not None
        lines = []
        while not (line := process.stdout.readline()).startswith("Stop with"):
            assert line, "it ended"
            lines.append(line)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        told.append("".join(lines))
    assert "shown only now" in told[0]
    assert "shown only now" not in told[1]


@pytest.mark.parametrize(("email", "warned"), [("team@example.org", True), ("team@university.test", False)])
def test_a_contact_that_the_example_left_is_warned_of(email: str, warned: bool) -> None:
    from clustergov.cli.serve import _placeholders
    from clustergov.survey.collection.fieldwork import Contact, Fieldwork

    fieldwork = Fieldwork(fieldwork="x", questionnaire="x", contact=Contact(name="The team", email=email))
    assert [email in told for told in _placeholders(fieldwork)] == [True] * warned


@pytest.mark.parametrize(
    ("address", "told", "warned"),
    [
        ("https://survey.example.org", False, True),
        ("https://survey.example.org", True, False),
        ("http://localhost:8000", False, False),
    ],
)
def test_https_without_word_of_a_proxy_is_warned_of(address: str, told: bool, warned: bool) -> None:
    from clustergov.cli.serve import _unseen_proxy
    from clustergov.survey.service.settings import Settings

    settings = Settings("sqlite:///a.db", address, behind_proxy=told, secure=address.startswith("https:"))
    assert bool(list(_unseen_proxy(settings))) == warned
