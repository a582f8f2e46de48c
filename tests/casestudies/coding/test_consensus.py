"""Disagreements of a closed round, what coders decide about them together, and what then counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov.casestudies.coding.coding import CONSENSUS, Coding
from clustergov.casestudies.coding.disagreement import Disagreement, disagreements
from clustergov.casestudies.coding.workbench import Choice, Workbench
from clustergov.casestudies.corpus import read_corpus
from clustergov.casestudies.documents.passage import Passage
from clustergov.casestudies.evidence import evidence
from clustergov.casestudies.matrix import matrix_cell
from clustergov.problems import InputError

ROUNDS = """\
rounds:
  - {number: 1, code: first, title: {nl: Eerste, en: First}}
  - number: 2
    code: blind
    title: {nl: Blind, en: Blind}
    coders: [ann, bea]
    documents: [south/statements, south/memo]
    blind: true
"""


def passage(start: int, end: int) -> Passage:
    return Passage("d", "", "x" * (end - start), "", "", start, end)


def seen(coder: str, concept: str, where: str | tuple[int, int], polarity: object = None) -> Coding:
    at, held = (where, None) if isinstance(where, str) else ("", passage(*where))
    return Coding("c", "d", coder, concept, at, held, polarity)  # type: ignore[arg-type]


def kinds(codings: Sequence[Coding], coders: Sequence[str] = ("a", "b")) -> list[str]:
    return [one.kind for one in disagreements(codings, coders)]


def test_what_is_a_disagreement_and_of_which_kind() -> None:
    same = [seen("a", "t", "s1", "supports"), seen("b", "t", "s1", "supports")]
    assert kinds(same) == []
    assert kinds([seen("a", "t", "s1")]) == ["unseen"]
    assert kinds([seen("a", "t", "s1", "supports"), seen("b", "t", "s1")]) == ["polarity"]
    assert kinds([seen("a", "t", "s1"), seen("b", "v", "s1")]) == ["concept"]
    assert kinds([seen("a", "t", "s1"), seen("b", "v", "s2")]) == ["unseen", "unseen"]
    assert kinds([seen("a", "t", (0, 9)), seen("b", "t", (5, 12))]) == ["extent"]
    assert kinds([seen("a", "t", (0, 9)), seen("b", "t", (9, 12))]) == ["unseen", "unseen"]  # they only touch
    assert kinds([seen("a", "t", (0, 9)), seen("b", "v", (5, 12))]) == ["concept"]
    # the same concept with other bounds belongs together before another concept in the same place does
    both = [seen("a", "t", (0, 9)), seen("b", "t", (5, 12)), seen("b", "v", (0, 9))]
    assert kinds(both) == ["unseen", "extent"] or kinds(both) == ["extent", "unseen"]
    # agreed on one concept, not on the other
    assert kinds([*same, seen("b", "v", "s1")]) == ["unseen"]
    # of three coders two are not all
    three = [seen(coder, "t", "s1") for coder in "ab"]
    assert kinds(three, "abc") == ["unseen"]
    assert kinds([*three, seen("c", "t", "s1")], "abc") == []
    assert kinds(three, ["a"]) == []
    assert kinds([*same, seen("z", "v", "s1")]) == []  # not a coder of this round


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
sides = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("tv"), spans, st.sampled_from(["supports", None])), max_size=14,
                 unique_by=lambda one: one[:3])  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(sides, st.randoms())
def test_every_coding_is_agreed_or_in_exactly_one_disagreement(
    drawn: list[tuple[str, str, tuple[int, int], object]], order: object
) -> None:
    codings = [seen(*one) for one in drawn]
    found = disagreements(codings, ["a", "b"])
    listed = [held.coding for one in found for side in one.held.values() for held in side]
    agreed = [c for c in codings
              if any(o.coder != c.coder and (o.key, o.polarity) == (c.key, c.polarity) for o in codings)]  # fmt: skip
    assert sorted(map(repr, [*listed, *agreed])) == sorted(map(repr, codings))
    order.shuffle(codings)  # type: ignore[attr-defined]
    assert {one.id for one in disagreements(codings, ["b", "a"])} == {one.id for one in found}
    # by brute force: codings of one concept and different coders that overlap stand in one disagreement
    home = {
        (held.coding.coder, *held.coding.key): one.id for one in found for side in one.held.values() for held in side
    }
    for c in listed:
        for o in listed:
            meet = c.passage and o.passage and c.passage.start < o.passage.end and o.passage.start < c.passage.end
            if c.coder != o.coder and c.concept == o.concept and meet:
                assert home[c.coder, *c.key] == home[o.coder, *o.key]


@pytest.fixture
def closed(small_study: Path) -> Workbench:
    """Round 2 of South: agreed on s1 trust, polarity differs on s1 vision, other concepts on s3, p1 seen by ann alone."""
    (small_study / "rounds.yml").write_text(ROUNDS, encoding="utf-8")
    bench = Workbench.open(small_study)
    for coder, polarity, concept in (("ann", "supports", "trust"), ("bea", "contradicts", "vision")):
        bench.code(coder, 2, "south", "statements", "trust", at="s1", polarity="supports")
        bench.code(coder, 2, "south", "statements", "vision", at="s1", polarity=polarity)  # type: ignore[arg-type]
        bench.code(coder, 2, "south", "statements", concept, at="s3")
    bench.code("ann", 2, "south", "memo", "trust", at="p1", polarity="qualifies", memo={"nl": "omdat"})
    for coder in ("ann", "bea"):
        bench.finish(coder, 2)
    return bench


def listed(bench: Workbench) -> dict[str, Disagreement]:
    return {f"{one.kind} {one.at}": one for one in bench.disagreements(2)}


def test_the_list_shows_both_sides(closed: Workbench) -> None:
    found = listed(closed)
    assert list(found) == ["polarity s1", "concept s3", "unseen p1"]
    sides = {coder: [h.coding.polarity for h in held] for coder, held in found["polarity s1"].held.items()}
    assert sides == {"ann": ["supports"], "bea": ["contradicts"]}
    assert {coder: len(held) for coder, held in found["unseen p1"].held.items()} == {"ann": 1, "bea": 0}


def test_a_decision_counts_in_place_of_what_it_was_about(closed: Workbench, small_study: Path) -> None:
    def cell(concept: str) -> tuple[object, ...]:
        one = matrix_cell(read_corpus(small_study), "south", (concept,))
        return one.coded, one.supports, one.qualifies, one.contradicts

    # before: every coder's codings, each passage once
    assert (cell("trust"), cell("vision")) == ((2, 1, 1, 0), (1, 1, 0, 1))
    found = listed(closed)
    done = closed.resolve(2, found["polarity s1"].id, [found["polarity s1"].held["bea"][0].id], present=["ann", "bea"],
                          memo={"nl": "besproken"})  # fmt: skip
    assert done.resolution is not None
    assert done.resolution.present == ("ann", "bea")
    assert [held.coding.polarity for held in done.resolution.kept] == ["contradicts"]
    assert cell("vision") == (1, 0, 0, 1)
    closed.resolve(2, found["unseen p1"].id, [], present=["ann", "bea", "supervisor"])  # nothing is an answer too
    assert cell("trust") == (1, 1, 0, 0)
    closed.resolve(2, found["concept s3"].id, choices=[Choice("trust", "qualifies", at="s3")], present=["ann", "bea"])
    corpus = read_corpus(small_study)
    assert [(c.coder, c.concept) for c in corpus.counted if c.document == "statements" and c.case == "south"] == [
        ("ann", "trust"), ("bea", "trust"), (CONSENSUS, "vision"), (CONSENSUS, "trust"),
    ]  # fmt: skip
    assert corpus.coders == ("ann", "bea")
    rows = evidence(corpus, ["vision"])
    assert rows[rows["case"] == "south"][["coder", "polarity"]].to_numpy().tolist() == [[CONSENSUS, "contradicts"]]
    closed.close()
    assert read_corpus(small_study).counted == corpus.counted
    again = Workbench.open(small_study)
    assert {one.resolution is not None for one in again.disagreements(2)} == {True}
    again.reopen(2, found["unseen p1"].id, present=["ann"])
    again.undo(CONSENSUS, 2, "south", "statements", present=["ann", "bea"])
    assert {f"{one.kind} {one.at}" for one in again.disagreements(2) if one.resolution is None} == {
        "unseen p1",
        "concept s3",
    }
    assert cell("trust") == (2, 1, 1, 0)


def test_a_decision_is_attributable_and_may_be_changed(closed: Workbench, small_study: Path) -> None:
    one = listed(closed)["polarity s1"]
    for coder in ("ann", "bea"):
        closed.resolve(2, one.id, [one.held[coder][0].id], present=["ann", "bea"])
    journal = (small_study / "south/codings/statements.consensus.r2.journal.jsonl").read_text(encoding="utf-8")
    assert journal.count('"present": ["ann", "bea"]') == 5  # two lines, and what each had before and after
    assert journal.count('"act": "resolve"') == 2
    kept = listed(closed)["polarity s1"].resolution
    assert kept is not None
    assert [held.coding.polarity for held in kept.kept] == ["contradicts"]


def test_decisions_that_cannot_be_are_refused(closed: Workbench) -> None:
    one = listed(closed)["polarity s1"]
    both = [held[0].id for held in one.held.values()]
    other = listed(closed)["unseen p1"].held["ann"][0].id
    for keep, choices, present, rule in (
        (both, [], ["ann"], "coding-twice"),
        ([other], [], ["ann"], "unknown-coding"),
        ([], [Choice("nope", at="s1")], ["ann"], "unknown-concept"),
        ([], [Choice("trust", at="s9")], ["ann"], "unknown-passage"),
        ([], [], [], "nobody-present"),
        ([], [], [" "], "coder-name"),
    ):
        with pytest.raises(InputError) as caught:
            closed.resolve(2, one.id, keep, choices=choices, present=present)
        assert [problem.rule for problem in caught.value.problems] == [rule]
    with pytest.raises(InputError, match="no such disagreement"):
        closed.resolve(2, "d0", [], present=["ann"])
    with pytest.raises(InputError, match="no decision"):
        closed.reopen(2, one.id, present=["ann"])
    assert not any(found.resolution for found in closed.disagreements(2))


def test_a_later_round_may_replace_an_earlier_one(small_study: Path) -> None:
    rounds = """rounds:
  - {number: 1, code: training, title: {nl: O, en: T}}
  - {number: 2, code: real, title: {nl: E, en: R}, documents: [north/statements], replaces: [1]}
"""
    before = matrix_cell(read_corpus(small_study), "north", ("vision",)).coded
    (small_study / "rounds.yml").write_text(rounds, encoding="utf-8")
    corpus = read_corpus(small_study)
    assert before == 1
    assert matrix_cell(corpus, "north", ("vision",)).coded is None
    assert {coding.document for coding in corpus.counted} == {"memo", "interview"}


def test_a_decision_about_a_coding_that_is_no_more_is_told(closed: Workbench, small_study: Path) -> None:
    one = listed(closed)["polarity s1"]
    closed.resolve(2, one.id, [one.held["ann"][0].id], present=["ann", "bea"])
    closed.close()
    assert read_corpus(small_study).cautions == ()
    path = small_study / "south" / "codings" / "statements.bea.r2.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("polarity: contradicts", "polarity: qualifies"), encoding="utf-8")
    (caution,) = read_corpus(small_study).cautions
    assert (caution.rule, caution.severity, caution.line) == ("decision-outdated", "warning", 4)
    (again,) = [found for found in Workbench.open(small_study).disagreements(2) if found.kind == "polarity"]
    assert again.resolution is None  # another disagreement than the one that was decided


def test_in_an_open_round_only_who_coded_can_disagree(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    bench.write_memo("cas", 1, "north", "memo", {"nl": "nog niets"})
    assert bench.disagreements(1) == ()
    bench.set_done("cas", 1, "north", "memo", True)
    assert [(found.kind, found.at) for found in bench.disagreements(1)] == [("unseen", "p1")]
