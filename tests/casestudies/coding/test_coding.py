"""Files of codings, read and written."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clustergov.casestudies.coding.coding import Coding, read, write
from clustergov.casestudies.documents.passage import anchor, normalise
from clustergov.language import Text
from clustergov.problems import InputError

TEXT = "Eerst een zin: met een dubbele punt.\n# geen commentaar 🚰 \n\t- geen lijst, cafe\u0301\n'\"\\ \u2028 einde\n"


def coding(start: int, end: int, concept: str = "trust", coder: str = "ann", text: str = TEXT) -> Coding:
    return Coding("north", "interview", coder, concept, passage=anchor(text, start, end, document="interview"))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    memo = Text({"nl": "waarom: daarom", "en": "- why"})
    codings = (
        coding(0, 14),
        Coding("north", "interview", "ann", "vision", passage=anchor(TEXT, 30, len(TEXT), document="interview"),
               polarity="contradicts", memo=memo),
    )  # fmt: skip
    before = tuple(codings)
    write(codings, tmp_path / "a.yml")
    assert codings == before
    found, positions = read(tmp_path / "a.yml", case="north")
    assert found == codings
    assert positions.of(("codings", 0, "concept"))[0] == 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None, derandomize=True)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_text_survives_the_file(tmp_path: Path, text: str) -> None:
    plain = normalise(text)
    if not plain:
        return
    one = coding(0, len(plain), text=plain)
    write([one], tmp_path / "a.yml")
    assert read(tmp_path / "a.yml", case="north")[0] == (one,)


def test_order_of_writing_does_not_matter_and_one_change_is_one_line(tmp_path: Path) -> None:
    codings = [coding(start, start + 8) for start in (0, 10, 20, 30)]
    write(codings, tmp_path / "a.yml")
    write(codings[::-1], tmp_path / "b.yml")
    first = (tmp_path / "a.yml").read_text(encoding="utf-8")
    assert first == (tmp_path / "b.yml").read_text(encoding="utf-8")
    write([*codings[:2], coding(20, 28, "vision"), codings[3]], tmp_path / "b.yml")
    second = (tmp_path / "b.yml").read_text(encoding="utf-8")
    changed = [line for line in difflib.ndiff(first.splitlines(), second.splitlines()) if line[0] in "+-"]
    assert changed == ["-   - concept: trust", "+   - concept: vision"]


def test_a_file_holds_one_document_and_one_coder(tmp_path: Path) -> None:
    for codings in ([], [coding(0, 5), coding(0, 5, coder="bea")]):
        with pytest.raises(ValueError, match="one document by one coder"):
            write(codings, tmp_path / "a.yml")


def test_three_codings_in_each_real_text_survive_the_file(shared: Path, tmp_path: Path) -> None:
    for path in sorted((shared / "sources").glob("*.txt")):
        text = normalise(path.read_bytes().decode("utf-8"))
        codings = tuple(coding(start, start + 50, text=text) for start in (100, len(text) // 2, len(text) - 60))
        write(codings, tmp_path / "a.yml")
        assert read(tmp_path / "a.yml", case="north")[0] == codings, path.name


@pytest.mark.parametrize(
    ("entry", "rule", "line"),
    [
        ("{concept: a}", "coding-place", 4),
        ("{concept: a, at: s1, start: 0, end: 2, exact: ab}", "coding-place", 4),
        ("{concept: a, start: 0, end: 2}", "coding-place", 4),
        ("{concept: a, start: 0, end: 3, exact: ab}", "coding-length", 4),
        ("{concept: a, start: -2, end: 0, exact: ab}", "greater-than-equal", 4),
        ("{at: s1}", "missing-key", 4),
        ("{concept: a, at: s1, polarity: maybe}", "literal-error", 4),
        ("{concept: a, at: s1, colour: red}", "unknown-key", 4),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, entry: str, rule: str, line: int) -> None:
    path = tmp_path / "a.yml"
    path.write_text(f"document: d\ncoder: ann\ncodings:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path, case="north")
    assert [(problem.rule, problem.line) for problem in caught.value.problems] == [(rule, line)]


def test_the_shipped_files_are_as_the_program_writes_them(root: Path, tmp_path: Path) -> None:
    files = sorted((root / "casestudies").glob("*/codings/*.yml"))
    assert files
    for path in files:
        codings, _ = read(path, case=path.parent.parent.name)
        write(codings, tmp_path / "a.yml")
        assert (tmp_path / "a.yml").read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), path.name
