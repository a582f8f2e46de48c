"""Files of codings are read fast where we wrote them, and exactly where somebody else did; both give the same values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clustergov.casestudies.coding.canonical import NotCanonicalError, split
from clustergov.casestudies.coding.coding import (
    Coding,
    CodingFile,
    Polarity,
    ResolutionEntry,
    file_text,
    read_exactly,
    read_file,
)
from clustergov.casestudies.coding.sheet import Sheet
from clustergov.casestudies.documents.passage import Passage
from clustergov.language import Text
from clustergov.problems import InputError

HEAD = {"document": "interview", "coder": "ann"}

# Everything that JSON, YAML 1.1 and YAML 1.2 disagree about, more often than chance would draw it.
ODD = "\x00\t\n\r\x1b \"'\\/#:-?[]{}&*!|>%@`\x7f\x85\xa0\u2028\u2029\ufeff\ufffe\uffff\U0001f6b0\u0301éNY~0"
words = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), min_size=1, max_size=30)
codes = st.one_of(
    st.sampled_from(["trust", "no", "null", "on", "y", "true", "a-1"]),
    st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
)
memos = st.one_of(
    st.none(), st.dictionaries(st.sampled_from(["nl", "en", "no", "fy"]), words.filter(str.strip), min_size=1)
)


@st.composite
def coding(draw: st.DrawFn) -> Coding:
    memo = draw(memos)
    text = Text({language: value.strip() for language, value in memo.items()}) if memo else None
    polarity: Polarity | None = draw(st.sampled_from(["supports", "qualifies", "contradicts", None]))
    if draw(st.booleans()):
        return Coding("north", "interview", "ann", draw(codes), draw(codes), None, polarity, text)
    exact, start = draw(words), draw(st.integers(0, 10**7))
    passage = Passage("interview", "", exact, draw(words), draw(words), start, start + len(exact))
    return Coding("north", "interview", "ann", draw(codes), "", passage, polarity, text)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None, derandomize=True
)
@given(st.lists(coding(), min_size=1, max_size=4))
def test_what_we_write_is_read_alike_by_both_readers(tmp_path: Path, codings: list[Coding]) -> None:
    path = tmp_path / "a.yml"
    path.write_text(file_text(HEAD, codings), encoding="utf-8", newline="\n")
    expected = tuple(sorted(codings, key=lambda one: one.order))
    exact = read_exactly(path, case="north")
    assert exact[1] == expected
    fast = read_file(path, case="north")
    assert fast[:2] == exact[:2]


LINES = st.sampled_from(
    [
        "document: interview", "coder: ann", "codings:", "codings: []", "round: 2", "  - concept: trust", "  - concept: no",
        '  - concept: "trust"', "    polarity: supports", "    polarity: 'supports'", "    at: s1", "    at: null", "    start: 1",
        "    start: 01", "    end: 3", "    end: 4", '    exact: "ab"', '    exact: "a\\tb"', '    exact: "\\x41b"', "    exact: ab",
        '    before: ""', '    before: "\\/"', '    before: "\\ud83d\\udeb0"', '    after: ""', '    after: "a"b"', '    after: "\\"',
        "    memo:", '      nl: "x"', '      nl: " "', '      nl: "x" # why', "      - nl", "# remark", "", "    colour: red", "---",
        '    exact: "a\u2028"', '    exact: "\x85b"', "\tx: 1", "    memo: {nl: x}", '    exact: "a\\u2028"', "sha256: 1e3",
    ]
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None, derandomize=True
)
@given(st.lists(LINES, max_size=14), st.booleans())
def test_any_lines_are_read_alike_or_refused_alike(tmp_path: Path, lines: list[str], begun: bool) -> None:
    start = ["document: interview", "coder: ann", "codings:", "  - concept: trust"] if begun else []
    path = tmp_path / "a.yml"
    path.write_text("\n".join([*start, *lines]) + "\n", encoding="utf-8", newline="")

    def outcome(read: object) -> object:
        assert callable(read)
        try:
            head, codings, positions = read(path, case="north")
        except InputError as error:
            return error.problems
        return head, codings, [positions.of(("codings", index)) for index in range(len(codings))]

    assert outcome(read_file) == outcome(read_exactly)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None, derandomize=True
)
@given(memos, words.map(lambda name: " ".join(name.split())).filter(bool), st.integers(1, 3), st.booleans())
def test_the_head_of_a_sheet_survives_too(
    tmp_path: Path, memo: dict[str, str] | None, coder: str, round_: int, done: bool
) -> None:
    text = Text({language: value.strip() for language, value in memo.items()}) if memo else None
    resolution = ResolutionEntry(
        disagreement="d12", about=((coder, "1-2", "no", ""),), kept=(("1-2", "null"),), present=(coder,), memo=text
    )
    sheet = Sheet(
        "north", "interview", coder, round_, {}, text, "2024-01-01T00:00:00.000Z" if done else "", {"d12": resolution}
    )
    path = tmp_path / "a.yml"
    path.write_text(sheet.text(), encoding="utf-8", newline="\n")
    for read in (read_file, read_exactly):
        head, codings, _ = read(path, case="north")
        assert Sheet.of_file("north", head, codings) == sheet


def test_the_fast_way_is_taken_for_what_we_wrote_and_for_nothing_else() -> None:
    text = file_text(HEAD, [Coding("north", "interview", "ann", "trust", "s1", memo=Text({"nl": "a\\b"}))])
    head, codings = split(text)
    assert head == "document: interview\ncoder: ann\ncodings: []\n"
    assert [(one.concept, one.at, one.memo) for one in codings] == [("trust", "s1", {"nl": "a\\b"})]
    for other in (
        text.replace("    at", "     at"),
        text + "# end\n",
        text.replace("\n", "\r\n"),
        text.removesuffix("\n"),
    ):
        with pytest.raises(NotCanonicalError):
            split(other)


def test_a_whole_shipped_corpus_is_read_alike(root: Path) -> None:
    files = sorted((root / "casestudies").glob("*/codings/*.yml"))
    assert files
    for path in files:
        assert read_file(path, case="x")[:2] == read_exactly(path, case="x")[:2]


def test_the_head_alone_is_checked_like_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("document: d\ncoder: ann\nround: 0\ncodings:\n  - concept: a\n    at: s1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_file(path, case="north")
    assert [(problem.rule, problem.line) for problem in caught.value.problems] == [("greater-than-equal", 3)]
    assert CodingFile(document="d", coder="a", codings=()).round == 1
