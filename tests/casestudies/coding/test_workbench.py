"""Coding through the workbench: who sees what when, what is undone, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.corpus import read_corpus
from clustergov.language import Text
from clustergov.problems import InputError

ROUNDS = """\
rounds:
  - number: 1
    code: first
    title: {nl: Eerste, en: First}
  - number: 2
    code: blind
    title: {nl: Blind, en: Blind}
    coders: [ann, bea]
    documents: [north/interview, north/memo]
    blind: true
"""


@pytest.fixture
def bench(small_study: Path) -> Workbench:
    (small_study / "rounds.yml").write_text(ROUNDS, encoding="utf-8")
    return Workbench.open(small_study)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        act()
    (problem,) = caught.value.problems
    assert problem.message.endswith(".")
    assert problem.fix
    return problem.rule


def seen(bench: Workbench, coder: str, round_: int, document: str = "interview") -> set[str]:
    return {held.coding.coder for held in bench.codings("north", document, coder=coder, round=round_)}


def test_nobody_sees_another_before_both_are_done(bench: Workbench, small_study: Path) -> None:
    own = bench.code("ann", 2, "north", "interview", "trust", start=0, end=10, memo={"nl": "geheim vertrouwen"})
    bench.code("bea", 2, "north", "interview", "vision", start=0, end=10)
    bench.write_memo("ann", 2, "north", "interview", {"nl": "geheim"})
    bench.write_memo("ann", 2, "north", "", {"nl": "geheim over de casus"})
    for other in (bench, Workbench.open(small_study)):
        assert seen(other, "ann", 2) == {"ann"}
        assert seen(other, "bea", 2) == {"bea"}
        assert other.memos("bea", 2, "north", "interview") == {}
        assert other.memos("bea", 2, "north") == {}
        assert not [hit for hit in other.search("geheim", coder="bea", round=2) if hit.kind != "text"]
        of_memos = [hit for hit in other.search("GEHEIM", coder="ann", round=2) if hit.kind == "memo"]
        assert {(hit.document, hit.held is None) for hit in of_memos} == {("interview", True), ("interview", False)}
        assert [hit.held.coding.coder for hit in other.search("trust", coder="ann", round=2) if hit.held] == ["ann"]
        assert not other.corpus.codings
        assert refused(partial(other.disagreements, 2)) == "blind-round"
        assert refused(partial(other.codings, "north", "interview", coder="cas", round=2)) == "blind-round"
        assert refused(partial(other.resolve, 2, "x", [], present=["bea"])) == "blind-round"
        assert refused(partial(other.remove, "bea", own.id)) == "not-yours"
    bench.finish("ann", 2)
    assert seen(bench, "ann", 2) == {"ann"}
    bench.set_done("bea", 2, "north", "interview", True)
    assert not bench.is_closed(2)
    assert seen(bench, "bea", 2) == {"bea"}
    bench.set_done("bea", 2, "north", "memo", True)
    assert bench.is_closed(2)
    assert seen(bench, "ann", 2) == seen(bench, "bea", 2) == seen(bench, "cas", 2) == {"ann", "bea"}
    assert bench.memos("bea", 2, "north", "interview") == {"ann": {"nl": "geheim"}}


def test_a_blind_round_also_hides_what_others_did_with_the_same_document_before(bench: Workbench) -> None:
    assert seen(bench, "ann", 1) == {"ann"}  # bea coded it in round 1 as well
    assert seen(bench, "cas", 1) == {"ann", "bea"}
    assert seen(bench, "bea", 1, "statements") == {"ann"}  # not in the blind round
    for coder in ("ann", "bea"):
        bench.finish(coder, 2)
    assert seen(bench, "ann", 1) == {"ann", "bea"}


def test_a_closed_round_stays_closed(bench: Workbench, small_study: Path) -> None:
    held = bench.code("ann", 2, "north", "memo", "trust", at="p1")
    for coder in ("ann", "bea"):
        bench.finish(coder, 2)
    for act in (
        lambda: bench.code("ann", 2, "north", "memo", "vision", at="p1"),
        lambda: bench.change("ann", held.id, polarity="supports"),
        lambda: bench.remove("ann", held.id),
        lambda: bench.set_done("ann", 2, "north", "memo", False),
        lambda: bench.undo("ann", 2, "north", "memo"),
        lambda: bench.write_memo("ann", 2, "north", "memo", {"nl": "x"}),
    ):
        assert refused(act) == "round-closed"
    bench.close()
    path = small_study / "rounds.yml"
    path.write_text(ROUNDS.replace("code: first\n", "code: first\n    closed: 2024-01-01\n"), encoding="utf-8")
    anew = Workbench.open(small_study)
    assert refused(lambda: anew.code("cas", 1, "north", "memo", "vision", at="p1")) == "round-closed"


def test_done_means_done_until_it_is_taken_back(bench: Workbench) -> None:
    bench.code("ann", 2, "north", "memo", "trust", at="p1")
    bench.set_done("ann", 2, "north", "memo", True)
    assert refused(lambda: bench.code("ann", 2, "north", "memo", "vision", at="p1")) == "coder-done"
    progress = {one.document: one for one in bench.progress("ann", 2)}
    assert (progress["memo"].done, progress["memo"].done_by, progress["memo"].all_done) == (True, ("ann",), False)
    assert (progress["memo"].units, progress["memo"].coded_units, progress["memo"].codings) == (1, 1, 1)
    assert (progress["interview"].kind, progress["interview"].codings, progress["interview"].done) == (
        "document",
        0,
        False,
    )
    step = bench.undo("ann", 2, "north", "memo")
    assert step is not None
    assert step.verb == "done"
    bench.code("ann", 2, "north", "memo", "vision", at="p1")
    bench.set_done("ann", 2, "north", "memo", True)
    bench.set_done("ann", 2, "north", "memo", False)
    assert not bench.is_done("ann", 2, "north", "memo")


def test_undo_and_redo_go_back_to_the_beginning_and_forth_over_a_restart(bench: Workbench, small_study: Path) -> None:
    def now(one: Workbench) -> list[tuple[str, object, object]]:
        return [(h.id, h.coding.polarity, h.coding.memo) for h in one.codings("north", "memo", coder="cas", round=1)
                if h.coding.coder == "cas"]  # fmt: skip

    states = [now(bench)]
    held = bench.code("cas", 1, "north", "memo", "trust", at="p1", polarity="supports")
    states.append(now(bench))
    bench.change("cas", held.id, memo={"nl": "omdat"})
    states.append(now(bench))
    moved = bench.change("cas", held.id, concept="vision", polarity=None)
    states.append(now(bench))
    bench.remove("cas", moved.id)
    states.append(now(bench))
    bench.write_memo("cas", 1, "north", "memo", {"en": "whole"})
    bench.close()
    bench = Workbench.open(small_study)
    verbs = []
    for expected in [states[-1], *states[::-1][1:]]:
        step = bench.undo("cas", 1, "north", "memo")
        assert step is not None
        verbs.append(step.verb)
        assert now(bench) == expected
    assert verbs == ["memo", "remove", "change", "change", "code"]
    assert bench.undo("cas", 1, "north", "memo") is None
    bench.settle()
    bench = Workbench.open(small_study)
    for expected in [*states[1:], states[-1]]:
        assert bench.redo("cas", 1, "north", "memo") is not None
        assert now(bench) == expected
    assert bench.redo("cas", 1, "north", "memo") is None
    assert bench.memo("cas", 1, "north", "memo") == Text({"en": "whole"})
    bench.undo("cas", 1, "north", "memo")
    bench.code("cas", 1, "north", "memo", "trust", at="p1")
    assert bench.redo("cas", 1, "north", "memo") is None  # something else was done since


def test_undo_is_per_coder_and_refused_over_an_edit_by_hand(bench: Workbench, small_study: Path) -> None:
    held = bench.code("cas", 1, "north", "interview", "trust", start=0, end=4)
    bench.code("dee", 1, "north", "interview", "trust", start=0, end=4)
    step = bench.undo("cas", 1, "north", "interview")
    assert step is not None
    assert [one.id for one in step.held] == [held.id]
    assert seen(bench, "dee", 1) == {"ann", "bea", "dee"}
    bench.redo("cas", 1, "north", "interview")
    bench.settle()
    path = small_study / "north" / "codings" / "interview.cas.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("concept: trust", "concept: vision"), encoding="utf-8")
    assert refused(lambda: bench.undo("cas", 1, "north", "interview")) == "changed-since"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"concept": "nope", "start": 0, "end": 2}, "unknown-concept"),
        ({"start": 2, "end": 2}, "passage-offsets"),
        ({"start": -1, "end": 2}, "passage-offsets"),
        ({"start": 0, "end": 10**6}, "passage-offsets"),
        ({"at": "s1"}, "passage-offsets"),
        ({"start": 0, "end": 2, "polarity": "maybe"}, "polarity"),
        ({"start": 0, "end": 2, "memo": {"nl": "\ud83d"}}, "memo-text"),
        ({"start": 0, "end": 2, "memo": {"Dutch": "x"}}, "memo-language"),
        ({"start": 0, "end": 2, "document": "diary"}, "unknown-document"),
        ({"start": 0, "end": 2, "case": "../north"}, "unknown-document"),
        ({"document": "memo", "at": "p9"}, "unknown-passage"),
        ({"document": "memo", "at": "p1", "start": 0, "end": 1}, "unknown-passage"),
        ({"document": "statements", "at": "p1"}, "unknown-passage"),
        ({"start": 0, "end": 2, "round": 9}, "unknown-round"),
        ({"start": 0, "end": 2, "round": 2}, "not-in-round"),
        ({"document": "statements", "at": "s1", "round": 2, "coder": "ann"}, "not-in-round"),
        ({"start": 22, "end": 45, "coder": "ann"}, "coding-twice"),
        ({"start": 0, "end": 2, "coder": "consensus"}, "coder-name"),
    ],
)
def test_what_cannot_be_coded_is_refused(bench: Workbench, wrong: dict[str, object], rule: str) -> None:
    told: dict[str, object] = {"coder": "cas", "round": 1, "case": "north", "document": "interview", "concept": "trust"}
    assert refused(lambda: bench.code(**(told | wrong))) == rule  # type: ignore[arg-type]


def test_a_coder_called_like_a_path_is_harmless(bench: Workbench, small_study: Path) -> None:
    before = set(small_study.parent.rglob("*"))
    for name in ("../x", "..", "a/b", "C:\\x", "x.journal.jsonl", "é x", ".hidden", "%2e"):
        if any(sign.isalnum() for sign in name):
            bench.code(name, 1, "north", "memo", "vision", at="p1")
        else:
            assert refused(partial(bench.code, name, 1, "north", "memo", "vision", at="p1")) == "coder-name"
    bench.close()
    made = set(small_study.parent.rglob("*")) - before
    assert {path.parent for path in made} == {small_study / "north" / "codings"}
    assert all(path.name.startswith("memo.") or path.name == ".gitattributes" for path in made)
    assert {"../x", "a/b", "é x", ".hidden"} <= set(read_corpus(small_study).coders)


def test_a_document_changed_since_it_was_coded_takes_no_more_codings(small_study: Path) -> None:
    path = small_study / "north" / "interview.txt"
    path.write_text(path.read_text(encoding="utf-8") + "Nog een zin.\n", encoding="utf-8", newline="")
    bench = Workbench.open(small_study)
    assert (
        refused(lambda: bench.code("ann", 1, "north", "interview", "vision", start=0, end=4)) == "passages-not-anchored"
    )
    bench.code("cas", 1, "north", "interview", "vision", start=0, end=4)


def test_search_finds_words_codings_and_memos(bench: Workbench) -> None:
    bench.code("cas", 1, "north", "statements", "vision", at="s1", memo={"nl": "Een PLAN is geen daad"})
    hits = bench.search("plan", coder="cas", round=1)
    found = {(hit.kind, hit.document, hit.at, hit.language) for hit in hits if hit.case == "north"}
    assert {("text", "interview", "", "nl"), ("text", "statements", "s1", "nl"), ("text", "statements", "s1", "en"),
            ("memo", "statements", "s1", "nl")} <= found  # fmt: skip
    text = bench.corpus.document("north", "interview").text
    (place,) = [hit for hit in hits if (hit.kind, hit.document) == ("text", "interview")]
    assert text[place.start : place.end] == "plan"
    named = bench.search("Vertrouwen", coder="cas", round=1, language="nl")
    assert {hit.held.coding.concept for hit in named if hit.kind == "coding" and hit.held} == {"trust"}
    assert bench.search("  ", coder="cas", round=1) == ()
    assert bench.search("a[(", coder="cas", round=1) == ()


def test_a_memo_about_the_whole_case_stands_in_a_file_of_its_own(bench: Workbench, small_study: Path) -> None:
    bench.write_memo("cas", 1, "north", "", {"nl": "Veel over het begin."})
    bench.close()
    text = (small_study / "north" / "codings" / "case.cas.yml").read_text(encoding="utf-8")
    assert text == "document: case\ncoder: cas\nmemo:\n  nl: Veel over het begin.\ncodings: []\n"
    anew = Workbench.open(small_study)
    assert anew.memo("cas", 1, "north") == Text({"nl": "Veel over het begin."})
    anew.write_memo("cas", 1, "north", "", None)
    assert anew.memo("cas", 1, "north") is None


def test_actions_say_who_did_what_when(bench: Workbench, small_study: Path) -> None:
    bench.code("cas", 1, "north", "memo", "vision", at="p1")
    corpus = read_corpus(small_study)
    made = {key[3:]: time for key, time in corpus.made.items()}
    assert list(made) == [("cas", "p1", "vision")]
    assert made["cas", "p1", "vision"].endswith("Z")
    assert any(coding.coder == "cas" for coding in corpus.codings)  # not settled, but counted


def test_disagreements_of_an_open_round_hide_what_is_being_coded_blind(bench: Workbench) -> None:
    bench.code("ann", 1, "north", "interview", "trust", start=0, end=10)
    bench.code("bea", 1, "north", "interview", "vision", start=0, end=10)
    bench.code("cas", 1, "north", "statements", "trust", at="s1")
    bench.code("bea", 1, "north", "statements", "vision", at="s1")
    everybody = {one.document for one in bench.disagreements(1)}
    assert everybody >= {"interview", "statements"}
    assert {one.document for one in bench.disagreements(1, coder="ann")} == everybody - {"interview", "memo"}
    assert {one.document for one in bench.disagreements(1, coder="dirk")} == everybody
    for coder in ("ann", "bea"):
        bench.finish(coder, 2)
    assert {one.document for one in bench.disagreements(1, coder="ann")} == everybody


@pytest.mark.parametrize(
    "name", ["codebook.yml", "rounds.yml", "north/case.yml", "north/documents.yml", "north/interview.txt"]
)
def test_nothing_is_coded_by_a_study_that_was_changed_meanwhile(bench: Workbench, small_study: Path, name: str) -> None:
    own = bench.code("cas", 1, "north", "interview", "trust", start=0, end=10)
    file = small_study / name
    before = file.read_bytes()
    file.write_bytes(before.replace(b"vision", b"outlook") + b"\n")
    for act in (
        lambda: bench.code("cas", 1, "north", "interview", "vision", start=0, end=10),
        lambda: bench.change("cas", own.id, polarity="supports"),
        lambda: bench.undo("cas", 1, "north", "interview"),
    ):
        assert refused(act) == "study-changed"
    file.write_bytes(before)
    (small_study / "north" / "a letter beside it.txt").write_text("of no concern")
    bench.change("cas", own.id, polarity="supports")  # written anew, but with what it held
    later = Workbench.open(small_study)
    later.code("cas", 1, "north", "interview", "vision", start=0, end=10)
    assert len([one for one in read_corpus(small_study).codings if one.coder == "cas"]) == 2
