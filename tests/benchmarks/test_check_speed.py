"""How long the check of a questionnaire with 500 questions takes, half of them routed, against reading its file."""

from __future__ import annotations

import time
from pathlib import Path

from clustergov import yaml_file
from clustergov.instruments.check import check

QUESTIONS = 500
HEAD = """\
questionnaire: large
version: 1
title: {nl: Groot, en: Large}
languages: [nl, en]
scales:
  five:
    direction: ascending
    options:
      - {code: 1, text: {nl: nooit, en: never}}
      - {code: 2, text: {nl: zelden, en: rarely}}
      - {code: 3, text: {nl: soms, en: sometimes}}
      - {code: 4, text: {nl: vaak, en: often}}
      - {code: 5, text: {nl: altijd, en: always}}
sections:
  - code: all
    title: {nl: Alles, en: All}
    questions:
"""


def large() -> str:
    """Every second question is routed by the one before and by one further back: chains across the whole."""
    lines = [HEAD]
    for index in range(QUESTIONS):
        lines.append(
            f"      - code: q{index}\n        text: {{nl: Hoe vaak komt {index} voor?, en: How often is {index}?}}\n"
        )
        number = index % 10 == 4
        lines.append(
            "        kind: number\n        minimum: 0\n        maximum: 100\n"
            if number
            else "        kind: single\n        scale: five\n"
        )
        if index % 2:
            back = max(0, index - 3)
            joined = (
                f"q{index - 1} > 2 or q{back} = 1",
                f"q{index - 1} = 3",
                f"q{index - 1} + q{back} > 4 and not q{back} = 5",
            )
            lines.append(f"        when: {joined[index % 3]}\n")
    return "".join(lines)


def seconds(what: object, path: Path, runs: int = 5) -> float:
    assert callable(what)

    def once() -> float:
        start = time.perf_counter()
        what(path)
        return time.perf_counter() - start

    return min(once() for _ in range(runs))


def test_check_against_reading(tmp_path: Path) -> None:
    path = tmp_path / "large.yml"
    path.write_text(large(), encoding="utf-8")
    start = time.perf_counter()
    _, problems = check(path)
    first = time.perf_counter() - start
    assert problems == []
    reading, checking = seconds(yaml_file.load, path), seconds(check, path)
    print(
        f"\n{QUESTIONS} questions: check takes {checking / reading:.0f} × the time of reading the file; "
        f"{first:.2f} s the first time, with loading the solver (budget 2 s)"
    )
