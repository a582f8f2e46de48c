"""No two coders may be taken for each other, in rounds.yml, in files and at the door of the coding page."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.coding.names import clean, mistaken_for
from clustergov.casestudies.coding.rounds import read_rounds
from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.corpus import read_corpus
from clustergov.problems import InputError


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann", "Ann"), ("ann", "ANN"), ("Ann B", "ann-b"), ("coder 1", "coder1"), ("coder 1", "coder l"), ("é", "E\u0301"),
        ("ann", "\u0430nn"), ("bea", "\u0412ea"), ("ann", "ａｎｎ"), ("ﬁrst", "first"), ("Ian", "lan"), ("strasse", "straße"),
    ],
)  # fmt: skip
def test_names_that_look_or_read_alike_are_told(one: str, other: str) -> None:
    assert mistaken_for(one, [other]) == other
    assert mistaken_for(other, [one]) == one


@pytest.mark.parametrize(
    ("one", "other"), [("ann", "anna"), ("first", "second"), ("coder-1", "coder-2"), ("李", "王"), ("jan", "ján")]
)
def test_other_names_are_other_names(one: str, other: str) -> None:
    assert mistaken_for(one, [other]) == ""
    assert mistaken_for(one, [one]) == ""


@pytest.mark.parametrize(
    "name",
    ["", "  ", "a\u200bb", "a\x00", "\u202eann", "x" * 61, "...", "consensus", "Consensus", "c0nsensus", "\ud83d"],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        clean(name)
    assert [problem.rule for problem in caught.value.problems] == ["coder-name"]


def test_a_name_is_cleaned_not_changed() -> None:
    assert clean("  Coder   1 ") == "Coder 1"
    assert clean("e\u0301") == "é"


def test_the_door_refuses_a_second_spelling(small_study: Path) -> None:
    bench = Workbench.open(small_study)
    assert bench.enter("ann", 1) == bench.enter(" ann ", 1) == "ann"
    for name in ("Ann", "an n", "\u0430nn"):
        with pytest.raises(InputError, match="can be taken for each other"):
            bench.enter(name, 1)


@pytest.mark.parametrize("name", ["Ann", "\u0430nn", "'an n'"])
def test_two_files_of_two_spellings_are_told(small_study: Path, name: str) -> None:
    path = small_study / "north" / "codings" / "interview.bea.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("coder: bea", f"coder: {name}"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert {problem.rule for problem in caught.value.problems} == {"coder-name"}
    assert "ann" in str(caught.value)


ROUND = "rounds:\n  - number: 1\n    code: a\n    title: {{nl: A, en: A}}\n{}"


@pytest.mark.parametrize(
    ("lines", "rule", "line"),
    [
        ("    coders: [ann, Ann]\n", "coder-name", 5),
        ("    coders: [ann, ann]\n", "coder-name", 5),
        ("    coders: [ann, consensus]\n", "coder-name", 5),
        ("    coders:\n      - ann\n      - ' bea'\n", "coder-name", 7),
        ("    blind: true\n", "blind-coders", 2),
        ("    coders: [ann]\n    blind: true\n", "blind-coders", 5),
        ("    replaces: [1]\n", "unknown-round", 5),
        ("    closed: yesterday\n", "date-from-datetime-parsing", 5),
        ("    colour: red\n", "unknown-key", 5),
        ("  - number: 1\n    code: b\n    title: {nl: A, en: A}\n", "duplicate-code", 5),
    ],
)
def test_mistakes_in_rounds_are_told_with_their_line(tmp_path: Path, lines: str, rule: str, line: int) -> None:
    path = tmp_path / "rounds.yml"
    path.write_text(ROUND.format(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_rounds(path)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.line) == (rule, line)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ("    coders: [ann, cas]\n", "not-in-round"),
        ("    documents: [north/statements, north/memo]\n", "not-in-round"),
        ("    documents: [north, east]\n", "unknown-document"),
    ],
)
def test_codings_outside_of_their_round_are_told(small_study: Path, lines: str, rule: str) -> None:
    (small_study / "rounds.yml").write_text(ROUND.format(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert {problem.rule for problem in caught.value.problems} == {rule}


def test_a_round_that_is_not_declared_is_told(small_study: Path) -> None:
    path = small_study / "north" / "codings" / "interview.bea.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("coder: bea", "coder: bea\nround: 2"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert [problem.rule for problem in caught.value.problems] == ["unknown-round"]


@pytest.mark.parametrize("name", ["j\u0430n", "\u0561nne", "\ua4eenna", "cl\u0251r\u0430"])
def test_a_new_name_in_letters_of_two_alphabets_is_refused(small_study: Path, name: str) -> None:
    with pytest.raises(InputError, match="letters of one alphabet"):
        Workbench.open(small_study).enter(name, 1)


@pytest.mark.parametrize("name", ["Иван", "Χρήστος 2", "信 coder", "Jörg Müller", "Գոհար"])
def test_a_name_of_one_alphabet_is_nobody_elses(small_study: Path, name: str) -> None:
    assert Workbench.open(small_study).enter(name, 1) == name


def test_a_coder_who_began_in_another_program_meanwhile_is_known(small_study: Path) -> None:
    one, other = Workbench.open(small_study), Workbench.open(small_study)
    one.code("hanna", 1, "north", "statements", "vision", at="s2")
    with pytest.raises(InputError, match="can be taken for each other"):
        other.code("Hanna", 1, "south", "statements", "vision", at="s2")
    assert other.enter("hanna", 1) == "hanna"
    read_corpus(small_study)
