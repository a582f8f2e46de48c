"""Completed questionnaires per second, and how long respondents wait, on SQLite and PostgreSQL with full durability.

One page of 40 questions and 105 fields; a respondent is a new session that asks for the page, sends it, and is thanked;
eight at a time, from a process of their own. LimeSurvey 6.14 (PHP's built-in server with four processes, MariaDB)
completed 1.5 a second in that shape on two cores. Nothing here fails for being slow: it prints.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from clustergov.survey.service.storage import Storage
from postgresql_server import PostgresqlServer
from serving import serving

LIMESURVEY = 1.5
"""Questionnaires per second."""

SECONDS = 8.0

HEAD = """\
questionnaire: wide
version: 1
title: {nl: Breed, en: Wide}
languages: [en, nl]
scales:
  agree:
    direction: ascending
    options:
      - {code: A1, text: {en: strongly disagree, nl: zeer oneens}}
      - {code: A2, text: {en: disagree, nl: oneens}}
      - {code: A3, text: {en: neutral, nl: neutraal}}
      - {code: A4, text: {en: agree, nl: eens}}
      - {code: A5, text: {en: strongly agree, nl: zeer eens}}
sections:
  - code: all
    title: {en: All, nl: Alles}
    questions:
"""


def wide() -> tuple[str, dict[str, str]]:
    """A questionnaire of 40 questions and 105 fields, and answers to all of them."""
    lines, answers = [HEAD], {}

    def add(code: str, rest: str, items: int = 0) -> None:
        rows = ", ".join(
            f"{{code: i{k}, text: {{en: Row {k} of {code}, nl: Rij {k} van {code}}}}}" for k in range(items)
        )
        listed = f", items: [{rows}]" if items else ""
        text = f"{{en: What do you think of {code}?, nl: Wat vindt u van {code}?}}"
        lines.append(f"      - {{code: {code}, text: {text}, {rest}{listed}}}\n")

    for k in range(5):
        add(f"array{k}", "kind: array, scale: agree, required: true", 9)
        answers |= {f"array{k}_i{item}": f"A{1 + (k + item) % 5}" for item in range(9)}
        add(f"multiple{k}", "kind: multiple", 6)
        answers |= {f"multiple{k}_i{item}": "Y" for item in range(6)}
        add(f"number{k}", "kind: number, integer: true, minimum: 0, maximum: 1000, required: true")
        add(f"text{k}", "kind: text")
        answers |= {f"number{k}": str(100 + k), f"text{k}": f"What I think of this, in some words ({k})."}
    for k in range(20):
        add(f"single{k}", "kind: single, scale: agree, required: true")
        answers[f"single{k}"] = f"A{1 + k % 5}"
    assert len(lines) == 1 + 40
    assert len(answers) == 105
    return "".join(lines), answers


def ask(port: int, body: Path, rate: float = 0, seconds: float = SECONDS) -> dict[str, object]:
    command = [
        sys.executable,
        str(Path(__file__).with_name("respondent_load.py")),
        str(port),
        str(body),
        str(seconds),
        str(rate),
    ]
    done = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert not done["failed"], done["failed"]
    return done  # type: ignore[no-any-return]


def shown(took: list[float]) -> str:
    cuts = statistics.quantiles(took, n=100)
    return f"p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f} ms"


def measure(name: str, database: str, folder: Path, workers: int) -> None:
    text, answers = wide()
    questionnaire, body = folder / "wide.yml", folder / "body"
    questionnaire.write_text(text, encoding="utf-8")
    body.write_bytes(urlencode({**answers, "move": "submit"}).encode())
    with serving(questionnaire, database, workers=workers) as service:
        ask(service.port, body, seconds=2)  # warm
        before = len(list(Storage(database).rows("complete")))
        most = ask(service.port, body)
        completed = len(most["took"]["thanks"])  # type: ignore[index]
        rate = completed / float(most["seconds"])  # type: ignore[arg-type]
        rows = list(Storage(database).rows("complete"))
        assert len(rows) - before == completed
        assert all(row.answers == answers for row in rows), "what was stored is not what was sent"
        half = ask(service.port, body, rate / 2)
    print(f"\n{name}, {workers} process(es), full durability: {rate:.0f} questionnaires per second, "
          f"{rate / LIMESURVEY:.0f} × LimeSurvey's {LIMESURVEY}")  # fmt: skip
    for what, done in (("at that rate", most), ("at half of it", half)):
        took = done["took"]
        every = [each for kind in ("get", "post", "thanks") for each in took[kind]]  # type: ignore[index]
        print(f"  {what}: {shown(every)} per request; page {shown(took['get'])}; sent {shown(took['post'])}")  # type: ignore[index]
    print(
        f"  (the respondents themselves took {100 * float(most['client']) / float(most['seconds']):.0f}% of one core)"
    )  # type: ignore[arg-type]


def test_questionnaires_per_second_on_sqlite(tmp_path: Path) -> None:
    measure("SQLite", f"sqlite:///{tmp_path / 'wide.db'}", tmp_path, workers=1)


@pytest.mark.parametrize("workers", [2])
def test_questionnaires_per_second_on_postgresql(
    tmp_path: Path, postgresql_server: PostgresqlServer, workers: int
) -> None:
    postgresql_server.start()
    measure("PostgreSQL", postgresql_server.database(), tmp_path, workers)
