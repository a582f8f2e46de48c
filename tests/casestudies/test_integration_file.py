"""Judgements in their file: read with every mistake, written so that they come back, hashes that follow the evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.evidence import evidence
from clustergov.casestudies.integration import (
    Integration,
    IntegrationCell,
    evidence_hash,
    read_integration,
    write_integration,
)
from clustergov.problems import InputError

GOOD = """\
# A remark that stays.
cells:
  - driver: staff
    case: north
    judgement: confirm
    reason: {nl: Omdat, en: Because}
    by: first researcher
    date: 2026-11-22
    evidence: "0123456789abcdef"
    estimate: "1234567890123456"
"""


def read(path: Path) -> Integration:
    return read_integration(path, drivers=["staff", "money"], cases=["north", "south"], languages=("nl", "en"))


def test_no_file_is_no_judgement(tmp_path: Path) -> None:
    assert read(tmp_path / "integration.yml").cells == ()


def test_judgements_come_back_as_they_were_written_with_the_remark(tmp_path: Path) -> None:
    path = tmp_path / "integration.yml"
    path.write_text(GOOD, encoding="utf-8")
    before = read(path)
    more = before.cells[0].model_copy(update={"driver": "money", "judgement": "expand", "estimate": "0" * 16})
    write_integration(before.written(more), path)
    assert path.read_text(encoding="utf-8").startswith("# A remark that stays.\n")
    again = read(path)
    assert [cell.driver for cell in again.cells] == ["money", "staff"]
    assert again.cell("staff", "north") == before.cells[0]
    assert again.cell("money", "north") == more
    replaced = again.written(more.model_copy(update={"judgement": "discord"}))
    assert [cell.judgement for cell in replaced.cells] == ["discord", "confirm"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("driver: staff", "driver: stuff", "unknown-driver"),
        ("case: north", "case: east", "unknown-case"),
        ("judgement: confirm", "judgement: agree", "literal-error"),
        ("judgement: confirm", "judgement: ", "literal-error"),
        ("{nl: Omdat, en: Because}", "{nl: Omdat}", "missing-language"),
        ("by: first researcher", "by: j.jansen@example.org", "value-error"),
        ("by: first researcher", "by: Dr. Jansen", "value-error"),
        ("by: first researcher", "by: J. P. Jansen", "value-error"),
        ("date: 2026-11-22", "date: yesterday", "value-error"),
        ('evidence: "0123456789abcdef"', "evidence: short", "string-pattern-mismatch"),
        ("    by: first researcher\n", "", "missing-key"),
        ("    date: 2026-11-22\n", "    date: 2026-11-22\n    mood: good\n", "unknown-key"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, rule: str) -> None:
    path = tmp_path / "integration.yml"
    assert GOOD.count(old) == 1
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert rule in [problem.rule for problem in caught.value.problems]
    assert all(problem.line for problem in caught.value.problems)


def test_two_judgements_on_one_place_are_told(tmp_path: Path) -> None:
    path = tmp_path / "integration.yml"
    path.write_text(GOOD + GOOD.split("cells:\n")[1], encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert [problem.rule for problem in caught.value.problems] == ["judgement-twice"]


def test_state_follows_both_fingerprints() -> None:
    cell = IntegrationCell.model_validate({
        "driver": "d", "case": "c", "judgement": "expand", "reason": {"en": "x"}, "by": "coder", "date": "2026-01-01",
        "evidence": "a" * 16, "estimate": "b" * 16,
    })  # fmt: skip
    assert cell.state("a" * 16, "b" * 16) == "current"
    assert cell.state("c" * 16, "b" * 16) == "stale"
    assert cell.state("a" * 16, "c" * 16) == "stale"
    assert cell.model_copy(update={"estimate": ""}).state("a" * 16, "b" * 16) == "without stamp"


def test_the_fingerprint_of_evidence_ignores_order_and_coder_and_sees_consent(small_corpus: Corpus) -> None:
    rows = evidence(small_corpus, ["trust", "vision"]).to_dict("records")
    assert len(rows) > 2
    same = evidence_hash(rows)
    assert evidence_hash(rows[::-1]) == same
    assert evidence_hash([{**row, "coder": "another"} for row in rows]) == same
    assert evidence_hash([*rows[:-1], {**rows[-1], "quotable": False}]) != same
    assert evidence_hash(rows[:-2]) != same
    assert evidence_hash([]) == evidence_hash([])
