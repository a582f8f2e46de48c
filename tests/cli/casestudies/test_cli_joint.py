"""``clustergov casestudies joint`` as its user: show, freeze a choice, judge, change something, and mistakes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

PARTS = ("study.yml", "instruments", "survey", "analysis", "casestudies", "reports")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["casestudies", "joint", *map(str, arguments)])


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Path:
    """The shipped study, without a frozen choice and without judgements."""
    folder = tmp_path / "study"
    folder.mkdir()
    for part in PARTS:
        (shutil.copytree if (root / part).is_dir() else shutil.copy)(root / part, folder / part)
    (folder / "analysis" / "case-selection.lock.json").unlink(missing_ok=True)
    (folder / "casestudies" / "integration.yml").unlink(missing_ok=True)
    return folder


def test_show_writes_word_html_csv_and_json(study: Path, tmp_path: Path) -> None:
    result = call(study, "--language", "nl", "--json", tmp_path / "joint.json", "--out", tmp_path / "joint.docx")
    assert result.exit_code == 0, result.stderr
    assert "niets laat zien" in result.stdout
    written = json.loads((tmp_path / "joint.json").read_text(encoding="utf-8"))
    assert written["synthetic"] is True
    assert written["frozen"]["state"] == "not frozen"
    columns = written["chosen"]["columns"]
    rules = {row[columns.index("rule")] for row in written["chosen"]["rows"]}
    assert {"typical", "deviant high", "deviant low", "most similar"} <= rules
    real = [row for row in written["predictions"]["rows"] if row[1] != "respondent"]
    assert real
    assert all(row[written["predictions"]["columns"].index("predicted")] is None for row in real)
    assert len(docx.Document(str(tmp_path / "joint.docx")).tables) > 15
    again = call(study / "casestudies", "--out", tmp_path / "joint.csv")
    assert again.exit_code == 0, again.stderr
    table = pd.read_csv(tmp_path / "joint.csv")
    assert set(table["case"]) == {"leeuwarden", "nijmegen", "twente", "groningen"}
    assert table["judgement"].isna().all()
    refused = call(study, "--out", tmp_path / "joint.docx", "--language", "en")
    assert refused.exit_code == 2
    assert "file-exists" in refused.stderr


def test_freeze_judge_and_change(study: Path) -> None:
    """A choice is frozen once; a judgement rests on what was there; both are told when something changes."""
    frozen = call("select", study, "--time", "2026-11-22T10:00+01:00")
    assert frozen.exit_code == 0, frozen.stderr
    lock = json.loads((study / "analysis" / "case-selection.lock.json").read_text(encoding="utf-8"))
    assert lock["hash"] in frozen.stdout
    assert lock["time"] == "2026-11-22T10:00:00+01:00"
    assert call("select", study).exit_code == 2
    judged = call(
        "judge", study, "--driver", "staff", "--case", "nijmegen", "--judgement", "discord", "--reason-nl", "Omdat",
        "--reason-en", "Because", "--by", "first researcher", "--date", "2026-11-22",
    )  # fmt: skip
    assert judged.exit_code == 0, judged.stderr
    shown = call(study)
    assert shown.exit_code == 0, shown.stderr
    assert "is the same now" in shown.stdout
    assert "1 discord" in shown.stdout
    before = "concept: presence-effort\n    polarity: supports"
    codings = sorted((study / "casestudies" / "nijmegen" / "codings").glob("*.yml"))
    for path in (each for each in codings if before in each.read_text(encoding="utf-8")):
        text = path.read_text(encoding="utf-8").replace(before, before.replace("supports", "contradicts"))
        path.write_text(text, encoding="utf-8")
    declaration = study / "analysis" / "case-selection.yml"
    declaration.write_text(declaration.read_text(encoding="utf-8").replace("count: 2", "count: 3", 1), encoding="utf-8")
    changed = call(study)
    assert changed.exit_code == 1
    assert "staff, nijmegen: Changed since this judgement: the coded evidence." in changed.stdout
    assert "no longer that choice" in changed.stdout


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("--out", "joint.pdf"), "unknown-format"),
        (("nowhere",), "missing-file"),
    ],
)
def test_a_mistake_is_one_message(tmp_path: Path, arguments: tuple[str, ...], rule: str) -> None:
    result = call(*(tmp_path / each if each == "nowhere" else each for each in arguments))
    assert result.exit_code == 2
    assert rule in result.stderr
    assert "Traceback" not in result.stderr


def test_a_time_that_is_none_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    result = call("select", tmp_path, "--time", "noon")
    assert result.exit_code == 2
    assert "expected a time" in result.stderr


def test_every_mistake_in_declaration_and_judgements_is_told_at_once(study: Path) -> None:
    (study / "casestudies" / "integration.yml").write_text(
        "cells:\n  - {driver: staf, case: nijmegen, judgement: confirm, by: eerste onderzoeker, date: 2026-11-22,"
        " reason: {nl: Omdat, en: Because}}\n",
        encoding="utf-8",
    )
    declaration = study / "analysis" / "case-selection.yml"
    declaration.write_text(
        declaration.read_text(encoding="utf-8").replace("model: scale", "model: x"), encoding="utf-8"
    )
    result = call(study)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert "unknown-model" in result.stderr
    assert "unknown-driver" in result.stderr
