"""``clustergov instruments diff`` and ``clustergov survey pool``: what they say, write and refuse."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

NEW = "instruments/cluster-organisation.yml"
OLD = "tests/instruments/versions/cluster-organisation-0.9.yml"


@pytest.fixture(autouse=True)
def _at_the_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def clustergov(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def waves(tmp_path: Path) -> list[object]:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("id,submitdate,legal,member,participants,staff\n1,2024-01-01,Y,N,30,5\n2,2024-01-02,N,,4,0\n")
    new.write_text("id,submitdate,legal,member,firms,staff\n1,2026-01-01,N,Y,30,7\n")
    crosswalk = tmp_path / "x.yml"
    assert clustergov("instruments", "diff", OLD, NEW, "--crosswalk", crosswalk).exit_code == 0
    return ["--wave", "2024", old, OLD, crosswalk, "--wave", "2026", new, NEW, "-", "--to", NEW]


def test_what_leaves_every_answer_comparable_is_counted_and_told_when_asked_for() -> None:
    short, whole = clustergov("instruments", "diff", OLD, NEW), clustergov("instruments", "diff", OLD, NEW, "--all")
    assert short.exit_code == whole.exit_code == 0
    assert "[cosmetic]" not in short.output
    assert "[cosmetic]" in whole.output
    assert short.output.startswith("[scale-breaking] ")
    last = short.output.splitlines()[-1]
    assert last == whole.output.splitlines()[-1]
    assert last.startswith("clusterorganisation 0.9 → 1.0: 9 scale-breaking, 4 routing-breaking, ")


def test_no_change_is_said_to_be_none() -> None:
    result = clustergov("instruments", "diff", NEW, NEW)
    assert (result.exit_code, result.output) == (0, "clusterorganisation 1.0 → 1.0: no change\n")


def test_a_crosswalk_that_somebody_edited_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    words = ("instruments", "diff", OLD, NEW, "--crosswalk", path)
    assert clustergov(*words).output.splitlines()[-1] == f"{path}: 39 variables filled, 26 left open"
    assert clustergov(*words).exit_code == 0, "the same file again harms nobody"
    path.write_text("mine", encoding="utf-8")
    refused = clustergov(*words)
    assert (refused.exit_code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert clustergov(*words, "--overwrite").exit_code == 0


COFFEE = """\
questionnaire: {name}
version: {version}
title: {{en: Coffee, nl: Koffie}}
languages: [nl, en]
sections:
  - code: s
    title: {{en: Coffee, nl: Koffie}}
    questions:
      - {{code: cups, kind: number, text: {{nl: Hoeveel kopjes per dag?, en: "{cups}"}}}}
      - {{code: taste, kind: text, text: {{nl: "{taste}", en: How does it taste?}}}}
"""


@pytest.fixture
def coffee(tmp_path: Path) -> list[Path]:
    """Two drafts: the first question differs in English, the second in Dutch."""
    words = [("coffee", "How many cups a day?", "Hoe smaakt het?"), ("tea", "How many mugs a day?", "Hoe smaakt die?")]
    paths = [tmp_path / "old.yml", tmp_path / "new.yml"]
    for path, version, (name, cups, taste) in zip(paths, "12", words, strict=True):
        path.write_text(COFFEE.format(name=name, version=version, cups=cups, taste=taste), encoding="utf-8")
    return paths


def test_texts_are_shown_in_one_language_where_they_changed_in_it(coffee: list[Path]) -> None:
    for words in ([], ["--language", "en"]):
        told = clustergov("instruments", "diff", *coffee, *words).output
        assert "question cups: “How many cups a day?” → “How many mugs a day?” (en)" in told
        assert "question taste: “Hoe smaakt het?” → “Hoe smaakt die?” (nl)" in told
    dutch, english = (clustergov("instruments", "diff", OLD, NEW, "--language", each).output for each in ("nl", "en"))
    assert "section performance: “Prestaties” → “Resultaten” (nl, en)" in dutch
    assert "question website: “Heeft uw organisatie" in dutch
    assert "(nl, en)" in english
    assert "question website: “Does your organisation have a website of its own?”" in english
    assert "Prestaties" not in english


def test_a_language_that_only_one_version_speaks_is_refused() -> None:
    result = clustergov("instruments", "diff", OLD, NEW, "--language", "de")
    assert result.exit_code == 2
    assert "(nl, en), found “de”" in result.output


def test_two_questionnaires_are_no_versions_of_one(coffee: list[Path]) -> None:
    lines = clustergov("instruments", "diff", *coffee).output.splitlines()
    assert [line for line in lines if line.startswith("Warning")] == [
        "Warning: “coffee” and “tea” are two questionnaires: equal codes need not ask the same."
    ]
    assert any(line.startswith("coffee 1 → tea 2: 2 label") for line in lines)
    assert "Warning" not in clustergov("instruments", "diff", OLD, NEW).output


def test_waves_are_pooled_with_their_origin_beside(waves: list[object], tmp_path: Path) -> None:
    out = tmp_path / "pooled.csv"
    result = clustergov("survey", "pool", *waves, "--out", out)
    assert result.exit_code == 0, result.output
    assert "wave 2024: 2 responses to version 0.9 old.csv" in result.output
    noted = sum("label: " in line and ", old: " in line for line in (tmp_path / "x.yml").read_text().splitlines())
    assert noted > 1
    assert f"x.yml: {noted} variables were worded otherwise: see the notes." in result.output
    assert ["staff", "0", "1", "2", "0"] in [line.split() for line in result.output.splitlines()]
    pooled = pd.read_csv(out, dtype="str").set_index("id")
    assert list(pooled.index) == ["2024:1", "2024:2", "2026:1"]
    assert list(pooled["firms"]) == ["30", "4", "30"]
    assert pooled["staff"].isna().tolist() == [True, True, False]
    origin = pd.read_csv(tmp_path / "pooled-origin.csv", dtype="str").set_index("id")
    assert list(origin["firms"]) == ["2024:participants=30", "2024:participants=4", "2026:firms=30"]
    assert list(origin["wave"]) == ["2024", "2024", "2026"]
    assert clustergov("survey", "check", out, "--questionnaire", NEW).exit_code == 0
    assert clustergov("survey", "pool", *waves, "--out", out).exit_code == 0, "the same again"


def test_either_both_files_are_written_or_none(waves: list[object], tmp_path: Path) -> None:
    (tmp_path / "pooled-origin.csv").write_text("mine", encoding="utf-8")
    result = clustergov("survey", "pool", *waves, "--out", tmp_path / "pooled.csv")
    assert result.exit_code == 2
    assert "file-exists" in result.output
    assert not (tmp_path / "pooled.csv").exists()
    assert (tmp_path / "pooled-origin.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("place", "word", "told"),
    [
        (4, "-", "no-crosswalk"), (9, "OLD.yml", "OLD.yml"), (2, "nowhere.csv", "nowhere.csv"), (3, NEW, "crosswalk-version"),
        (6, "2024", "wave-twice"), (4, "nowhere.yml", "nowhere.yml"), (1, "a:b", "wave-name"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_message_and_writes_nothing(
    place: int, word: str, told: str, waves: list[object], tmp_path: Path
) -> None:
    waves[place] = word
    result = clustergov("survey", "pool", *waves, "--out", tmp_path / "pooled.csv")
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.glob("pooled*"))
