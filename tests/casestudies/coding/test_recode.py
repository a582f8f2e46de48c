"""A concept deleted, renamed, merged or split while in use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.casestudies.coding.recode import recode
from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.corpus import read_corpus
from clustergov.casestudies.reanchoring import reanchoring
from clustergov.cli.casestudies import casestudies
from clustergov.language import Text
from clustergov.problems import InputError


def rename(folder: Path, old: str, new: str) -> None:
    path = folder / "codebook.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"code: {old}", f"code: {new}"), encoding="utf-8")


def used(folder: Path) -> dict[tuple[str, str], str]:
    return {("/".join(c.place), c.coder): c.concept for c in read_corpus(folder).codings}


def rules(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_corpus(folder)
    assert "casestudies recode trust" in str(caught.value)
    return [problem.rule for problem in caught.value.problems]


def test_a_code_that_was_renamed_is_told_where_it_is_used_and_followed(small_study: Path) -> None:
    before = used(small_study)
    with Workbench.open(small_study) as bench:
        bench.code("cas", 1, "south", "memo", "trust", at="p1", polarity="contradicts")
    (small_study / "south/codings/memo.cas.yml").unlink()  # the journal alone has to do
    (small_study / "south/codings/memo.cas.journal.jsonl").write_text(
        "\n".join((small_study / "south/codings/memo.cas.journal.jsonl").read_text(encoding="utf-8").split("\n")[:2])
        + "\n",
        encoding="utf-8",
    )
    rename(small_study, "trust", "confidence")
    assert rules(small_study) == ["unknown-concept"] * 5  # one a file, whatever the number of its codings
    done = recode(small_study, "trust", "confidence", by="cas")
    assert (len(done.places), done.merged, done.left) == (6, 0, 0)
    changed = {place: "confidence" if concept == "trust" else concept for place, concept in before.items()}
    assert used(small_study) == changed | {("south/memo/p1", "cas"): "confidence"}
    assert [c.polarity for c in read_corpus(small_study).codings if c.coder == "cas"] == ["contradicts"]
    journal = (small_study / "north/codings/interview.bea.journal.jsonl").read_text(encoding="utf-8")
    assert '"coder": "cas", "act": "recode"' in journal


def test_two_codes_that_became_one_keep_both_memos_and_ask_about_polarity(small_study: Path) -> None:
    with Workbench.open(small_study) as bench:
        bench.code(
            "ann", 1, "north", "memo", "vision", at="p1", polarity="supports", memo={"nl": "visie", "en": "vision"}
        )
        bench.change("ann", "1/north/memo/ann/p1/trust", memo={"nl": "vertrouwen"})
    with pytest.raises(InputError) as caught:
        recode(small_study, "trust", "vision", by="ann")
    assert [(p.rule, Path(p.file).name, p.line) for p in caught.value.problems] == [
        ("polarity-differs", "memo.ann.yml", 4)
    ]
    trial = recode(small_study, "trust", "vision", by="ann", keep="old", write=False)
    assert (trial.merged, trial.left, trial.written) == (1, 0, False)
    assert sorted(used(small_study).values()).count("trust") > 0
    done = recode(small_study, "trust", "vision", by="ann", keep="old")
    assert (done.merged, done.left) == (1, 0)
    (one,) = [c for c in read_corpus(small_study).codings if c.document == "memo"]
    assert (one.concept, one.polarity) == ("vision", "qualifies")
    assert one.memo == Text({"nl": "visie\nvertrouwen", "en": "vision"})


def test_a_code_is_split_by_place_and_taken_out(small_study: Path) -> None:
    done = recode(small_study, "trust", "vision", by="ann", only=["north/interview"])
    assert (len(done.places), done.left) == (2, 3)
    done = recode(small_study, "trust", "", by="ann", only=["north/statements/s2", "north/memo"])
    assert (len(done.places), done.left) == (2, 1)
    assert used(small_study)["north/statements/s3", "ann"] == "trust"
    assert ("north/memo/p1", "ann") not in used(small_study)
    with pytest.raises(InputError, match="vision \\(3\\)"):
        recode(small_study, "trust", "", by="ann", only=["north/stat", "south"])  # the beginning of a name is no place


def test_decisions_follow_a_concept_that_was_renamed(small_study: Path) -> None:
    with Workbench.open(small_study) as bench:
        one = (
            next(d for d in bench.disagreements(1) if d.at == "" and d.kind == "unseen")
            if bench.disagreements(1)
            else None
        )
        assert one is None  # ann and bea agree on the interview
        bench.code("bea", 1, "north", "memo", "trust", at="p1", polarity="supports")
        (found,) = bench.disagreements(1)
        bench.resolve(1, found.id, [found.held["bea"][0].id], present=["ann", "bea"])
    rename(small_study, "trust", "confidence")
    recode(small_study, "trust", "confidence", by="ann")
    (again,) = Workbench.open(small_study).disagreements(1)
    assert again.id != found.id
    assert again.resolution is not None
    assert [held.coding.concept for held in again.resolution.kept] == ["confidence"]
    counted = [c for c in read_corpus(small_study).counted if c.document == "memo"]
    assert [(c.coder, c.concept, c.polarity) for c in counted] == [("consensus", "confidence", "supports")]


@pytest.mark.parametrize(("old", "new", "rule"), [
    ("trust", "nope", "unknown-concept"), ("nope", "trust", "concept-not-used"), ("trust", "trust", "same-concept"),
])  # fmt: skip
def test_what_cannot_be_recoded_is_refused(small_study: Path, old: str, new: str, rule: str) -> None:
    with pytest.raises(InputError) as caught:
        recode(small_study, old, new, by="ann")
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_the_command_tells_what_it_did(small_study: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(casestudies, ["recode", *words])
        return done.exit_code, done.output

    study = str(small_study)
    assert run("trust", "vision", study)[0] == 2  # nobody does it
    assert run("trust", study, "--by", "ann")[0] != 0
    assert run("trust", "vision", study, "--remove", "--by", "ann")[0] == 2
    code, said = run("trust", "vision", study, "--by", "ann", "--dry-run")
    assert (code, "Codings that would get vision in place of trust: 5, in files: 4" in said) == (0, True)
    code, said = run("trust", "vision", study, "--by", "ann", "--only", "north/interview", "--language", "nl")
    assert (
        code,
        "Coderingen die vision kregen in plaats van trust: 2, in bestanden: 2" in said,
        "Coderingen die trust nog hebben: 3." in said,
    ) == (
        0,
        True,
        True,
    )
    code, said = run("trust", study, "--remove", "--by", "ann")
    assert (code, "Codings with trust taken out: 3, of files: 2" in said) == (0, True)
    done = CliRunner().invoke(casestudies, ["settle", study])
    assert (done.exit_code, done.output) == (0, "Files of codings brought up to date from their journal: 0.\n")


def test_decisions_follow_passages_of_a_document_that_was_edited(small_study: Path) -> None:
    with Workbench.open(small_study) as bench:
        bench.code("bea", 1, "north", "interview", "vision", start=22, end=45)
        (found,) = bench.disagreements(1)
        bench.resolve(1, found.id, [found.held["bea"][0].id], present=["ann", "bea"])
    path = small_study / "north" / "interview.txt"
    path.write_text("Vooraf. " + path.read_text(encoding="utf-8"), encoding="utf-8", newline="")
    reanchoring(small_study, write_it=True)
    (again,) = Workbench.open(small_study).disagreements(1)
    assert (again.start, again.end) == (30, 53)
    assert again.resolution is not None
    assert [held.coding.where for held in again.resolution.kept] == ["30-53"]
