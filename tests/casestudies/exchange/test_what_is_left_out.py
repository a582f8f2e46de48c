"""What an export does not hold is told: a study with everything in it goes out and in, and every difference has its note."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path
from typing import Any

import pytest

from clustergov.casestudies.coding.workbench import Choice, Workbench
from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.exchange.arriving import arrive
from clustergov.casestudies.exchange.departing import depart
from clustergov.casestudies.exchange.sheet_memos import read_sheets

ROUNDS = """\
rounds:
  - number: 1
    code: first
    title: {nl: Eerste, en: First}
    coders: [ann, bea]
    blind: true
"""

ATTRIBUTES = """\
attributes:
  - attribute: role
    of: document
    name: {nl: Rol, en: Role}
    type: text
    values: [manager, alderman]
"""

TOLD = {
    "resolutions": "consensus",
    "done": "done",
    "attributes": "attributes",
    "pages": "places",
    "paragraphs": "places",
    "resolved": "consensus",
    "made": "history",
    "timeline": "portrait",
    "respondent": "portrait",
}
"""Field that differs → the rule of the note that says so."""


@pytest.fixture
def full_study(small_study: Path) -> Path:
    (small_study / "rounds.yml").write_text(ROUNDS, encoding="utf-8")
    (small_study / "attributes.yml").write_text(ATTRIBUTES, encoding="utf-8")
    (small_study / "agreement.yml").write_text("width: 0.3\n", encoding="utf-8")
    case = small_study / "north" / "case.yml"
    case.write_text(case.read_text(encoding="utf-8") + "respondent: r-1\n", encoding="utf-8")
    documents = small_study / "north" / "documents.yml"
    lines = documents.read_text(encoding="utf-8").rstrip("\n")
    documents.write_text(lines + "\n    attributes: {role: manager}\n    paragraphs: lines\n", encoding="utf-8")
    with Workbench.open(small_study) as bench:
        for coder in ("ann", "bea"):
            bench.write_memo(coder, 1, "north", "interview", {"en": f"All of it\x0b by {coder}"})
            bench.finish(coder, 1)
        first, second, *_ = bench.disagreements(1)
        bench.resolve(1, first.id, present=["ann", "bea"], memo={"en": "None of them."})
        where = {"at": second.at} if second.at else {"start": second.start, "end": second.end}
        bench.resolve(1, second.id, choices=[Choice("vision", **where)], present=["ann", "bea"])  # type: ignore[arg-type]
    return small_study


def differing(one: Any, other: Any) -> set[str]:
    """Fields of two values of one kind that are not the same."""
    model = getattr(type(one), "model_fields", None)
    names = list(model) if model else [field.name for field in dataclasses.fields(one)]
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def differences(before: Corpus, after: Corpus, folder: Path, back: Path) -> set[str]:
    found = differing(before, after) - {"cases", "documents", "codings", "cautions"} | differing(
        before.codebook, after.codebook
    )
    for ours, theirs in zip(before.cases, after.cases, strict=True):
        found |= differing(ours, theirs)
    for text, other in zip(before.documents, after.documents, strict=True):
        found |= differing(text, other)
    assert set(after.codings) == set(before.codings)
    sheets = dict(read_sheets(back, after.cases))
    for head, sheet in read_sheets(folder, before.cases):
        if head in sheets:
            found |= differing(sheet, sheets[head])
        else:
            assert (dict(sheet.codings), sheet.memo) == ({}, None)
            found |= {name for name in ("resolutions", "done") if getattr(sheet, name)}
    return found


def test_everything_that_does_not_come_back_was_told(full_study: Path, tmp_path: Path) -> None:
    corpus = read_corpus(full_study)
    made = depart(corpus, full_study, "qdpx", language="en")
    (tmp_path / "out.qdpx").write_bytes(made.content)
    arrived = arrive(tmp_path / "out.qdpx", None, language="en")
    back = tmp_path / "back"
    for name, content in arrived.files.items():
        (back / name).parent.mkdir(parents=True, exist_ok=True)
        (back / name).write_bytes(content)
    rules = {note.rule for note in made.notes}
    found = differences(corpus, read_corpus(back), full_study, back)
    assert found >= {"resolutions", "done", "respondent", "paragraphs", "resolved", "made"}
    assert found - {"memo"} <= TOLD.keys(), found
    assert {TOLD[name] for name in found - {"memo"}} <= rules
    assert "memo" not in found or "characters" in rules
    assert {"beside", "polarity", "characters"} <= rules
    (told,) = [note.message for note in made.notes if note.rule == "consensus"]
    assert told.startswith("1 coding of 2 decisions taken together")


def test_the_table_and_single_coders_tell_it_too(full_study: Path) -> None:
    corpus = read_corpus(full_study)
    table = depart(corpus, full_study, "csv", language="en")
    assert {"consensus", "done", "memos", "history", "beside", "segments"} <= {note.rule for note in table.notes}
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["coder"] for row in rows].count("consensus") == 1
    alone = depart(corpus, full_study, "qdpx", language="en", coders=["ann"])
    assert "consensus" not in {note.rule for note in alone.notes}
