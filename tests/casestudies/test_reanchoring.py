"""Codings follow an edited transcript: reported, written on request, and never thrown away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.casestudies.coding.coding import Coding, read, write
from clustergov.casestudies.corpus import read_corpus
from clustergov.casestudies.documents.adding import Told, add
from clustergov.casestudies.documents.passage import anchor
from clustergov.casestudies.reanchoring import COLUMNS, reanchoring
from clustergov.cli import command
from clustergov.problems import InputError

OLD = (
    "Eerst was er een plan voor de haven.\nToen kwam er vertrouwen tussen de bedrijven.\nLater viel de subsidie weg.\n"
    "Dit gaat er helemaal uit zonder iets na te laten.\nDe rest is geschiedenis voor wie het weten wil.\n"
)
NEW = OLD.replace("Eerst", "Heel eerst").replace("vertrouwen", "veel vertrouwen").replace(OLD.split("\n")[3] + "\n", "")


@pytest.fixture
def edited(small_study: Path) -> Path:
    """A study in which every line of a document is coded, and which was edited since."""
    north = small_study / "north"
    (north / "interview.txt").write_text(OLD, encoding="utf-8", newline="")
    for coder in ("ann", "bea"):
        codings = []
        for line in OLD.rstrip("\n").split("\n"):
            start = OLD.index(line)
            codings.append(
                Coding(
                    "north",
                    "interview",
                    coder,
                    "trust",
                    passage=anchor(OLD, start, start + len(line), document="interview"),
                )
            )
        write(codings, north / "codings" / f"interview.{coder}.yml")
    read_corpus(small_study)
    (north / "interview.txt").write_text(NEW, encoding="utf-8", newline="")
    return small_study


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_coding_is_told_and_nothing_is_written(edited: Path) -> None:
    before = snapshot(edited)
    report = reanchoring(edited)
    assert snapshot(edited) == before
    assert [each.placed.status for each in report.found] == ["changed", "changed", "moved", "lost", "moved"] * 2
    changed, lost = report.found[1], report.found[3]
    assert (changed.words, changed.new_words) == (
        "Toen kwam er vertrouwen tussen de bedrijven.", "Toen kwam er veel vertrouwen tussen de bedrijven."
    )  # fmt: skip
    assert changed.location is not None
    assert changed.location.line == 2
    assert lost.placed.reason == "removed"
    frame = report.frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame["new_start"].isna().sum() == 2
    assert "words changed: 4; lost: 2" in report.sentence("en")
    assert "niet teruggevonden: 2" in report.sentence("nl")


def test_written_places_hold_and_lost_codings_stay(edited: Path) -> None:
    reanchoring(edited, write_it=True)
    again = reanchoring(edited)
    assert dict(again.counts) == {"same": 8, "lost": 2}
    codings, _ = read(edited / "north" / "codings" / "interview.ann.yml", case="north")
    assert len(codings) == 5
    assert [coding.passage.exact in NEW for coding in codings if coding.passage] == [True, True, True, False, True]
    before = snapshot(edited)
    reanchoring(edited, write_it=True)
    assert snapshot(edited) == before
    with pytest.raises(InputError) as caught:
        read_corpus(edited)
    assert {problem.rule for problem in caught.value.problems} == {"passage-lost"}


def test_hash_and_pages_of_the_list_follow(small_study: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("Bladzijde een.\fHier begint bladzijde twee.\fEn hier drie.", encoding="utf-8")
    added = add(source, small_study, "south", Told(consent="given", attribution="bestuurder", language="nl"))
    added.path.write_text(
        "Vooraf. " + added.path.read_text(encoding="utf-8").replace("begint", "start"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert [problem.rule for problem in caught.value.problems] == ["document-changed"]
    report = reanchoring(small_study, write_it=True)
    assert report.documents == (("south", "document-1"),)
    document = read_corpus(small_study).documents[-1]
    assert document.locate(document.text.index("drie")).text("en") == "p. 3, ¶ 1"
    assert document.locate(document.text.index("Hier")).page == 2
    assert reanchoring(small_study).documents == ()


def test_words_of_somebody_who_did_not_agree_are_not_told(edited: Path) -> None:
    path = edited / "north" / "documents.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("consent: given", "consent: not given"), encoding="utf-8")
    assert not any(each.words or each.new_words for each in reanchoring(edited).found)


def test_two_codings_never_come_to_stand_on_one_place(small_study: Path) -> None:
    text = "Vooraf ging het over heel iets anders. Zij spraken over geld. Daarna gingen zij weer verder met het plan.\n"
    words = "Zij spraken over geld."
    start = text.index(words)
    twice = text.replace(words, f"{words} {words}")
    (small_study / "north" / "codings" / "interview.bea.yml").unlink()
    codings = [
        Coding("north", "interview", "ann", "trust", passage=anchor(twice, at, at + len(words), document="interview"))
        for at in (start, start + len(words) + 1)
    ]
    write(codings, small_study / "north" / "codings" / "interview.ann.yml")
    (small_study / "north" / "interview.txt").write_text(text, encoding="utf-8", newline="")
    report = reanchoring(small_study, write_it=True)
    assert [(each.placed.status, each.placed.reason) for each in report.found] == [("same", ""), ("lost", "taken")]
    held, _ = read(small_study / "north" / "codings" / "interview.ann.yml", case="north")
    assert len(held) == 2


def test_the_command_ends_with_1_when_something_is_lost(edited: Path) -> None:
    runner = CliRunner()
    out = edited / "out.json"
    result = runner.invoke(command, ["casestudies", "reanchor", str(edited), "--write", "--json", str(out)])
    assert result.exit_code == 1, result.output
    told = json.loads(out.read_text(encoding="utf-8"))
    assert (told["lost"], told["changed"], told["moved"], len(told["passages"])) == (2, 4, 4, 10)
    assert "+ Toen kwam er veel vertrouwen" in result.output
    path = edited / "north" / "interview.txt"
    path.write_text(path.read_text(encoding="utf-8") + OLD.split("\n")[3], encoding="utf-8", newline="")
    assert runner.invoke(command, ["casestudies", "reanchor", str(edited)]).exit_code == 0


def test_a_document_that_cannot_be_read_stops_before_anything_is_written(edited: Path) -> None:
    (edited / "north" / "interview.txt").write_bytes(b"\xff\xfe\xfd")
    before = snapshot(edited)
    with pytest.raises(InputError):
        reanchoring(edited, write_it=True)
    assert snapshot(edited) == before
