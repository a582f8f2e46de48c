"""A person's rows go, and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from clustergov.problems import InputError
from clustergov.survey.delimited import pieces, read_delimited
from clustergov.survey.privacy.traces import Traces, part, tokens_in

CELLS = st.text(st.sampled_from("ab1;,\t\"'\r\n €é🙂="), max_size=6)
PATH = Path("responses.csv")


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(";,\t"),
       st.sampled_from(["\r\n", "\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans(), st.booleans())  # fmt: skip
def test_the_pieces_are_the_whole(
    rows: list[list[str]], delimiter: str, end: str, encoding: str, said: bool, last: bool
) -> None:
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = (f"sep={delimiter}{end}" if said else "") + end.join(lines) + (end if last else "")
    content = text.encode(encoding)
    try:
        found = pieces(content, PATH)
    except InputError:  # another delimiter was guessed, under which a quotation mark is never closed
        reject()
    assert b"".join(piece for piece, _ in found) == content
    assert [cells for _, cells in found if cells] == [cells for _, cells in read_delimited(content, PATH).records]


RAW = (
    b"\xef\xbb\xbf" + b'"id";"submitdate";"token";"remark"\r\n'
    + '"17";"2026-03-01";"abcdefghijklmno";"één; ""twee""\r\ndrie"\r\n"1";"2026-03-01";"ponmlkjihgfedcb";"17"\r\n\r\n'.encode()
)  # fmt: skip


def test_an_export_by_number_and_by_token() -> None:
    for traces in (Traces(responses=frozenset({"17"})), Traces(tokens=frozenset({"abcdefghijklmno"}))):
        parted = part(RAW, Path("raw.csv"), traces, raw=True)
        assert parted.content == RAW.replace(
            '"17";"2026-03-01";"abcdefghijklmno";"één; ""twee""\r\ndrie"\r\n'.encode(), b""
        )
        assert [row["remark"] for row in parted.removed] == ['één; "twee"\r\ndrie']
        assert parted.rows == 1


@pytest.mark.parametrize(
    ("name", "heading", "cell", "own"),
    [
        ("frame.csv", "pseudonym", "C4FJRJWR", True), ("frame.csv", "id", "17", False), ("responses.csv", "id", "17", True),
        ("dispositions.csv", "id", "response-17", True), ("responses.csv", "year", "17", False),
        ("links.csv", "link", "https://x.example/i/abcdefghijklmnopqrstuvwxyz", True), ("frame.csv", "region", "C4FJ", False),
        ("notes.csv", "remark", "about C4FJRJWR and others", False), ("weights.csv", "respondent", "C4FJRJWR", True),
    ],
)  # fmt: skip
def test_whose_row_it_is(name: str, heading: str, cell: str, own: bool) -> None:
    traces = Traces("C4FJRJWR", frozenset({"17"}), frozenset({"abcdefghijklmnopqrstuvwxyz"}))
    content = f"{heading},x\n{cell},1\n".encode()
    assert bool(part(content, Path(name), traces).removed) is own


def test_the_code_in_a_link() -> None:
    row = {"pseudonym": "C4FJRJWR", "link": "https://long-host-name.example.org/i/abcdefghijklmnopqrstuvwxyz"}
    assert tokens_in(row) == {"abcdefghijklmnopqrstuvwxyz"}
    assert tokens_in({"token": "abc", "x": "http://h/123456?token=abcdefghijklmno&lang=nl"}) == {
        "abc",
        "abcdefghijklmno",
    }


IDS = st.sampled_from(["1", "17", "170", "response-17", "p1", "ABC"])


@given(st.lists(st.tuples(IDS, CELLS), max_size=12), st.sampled_from(["1", "17", "ABC"]))
def test_every_other_row_stays_as_it_is(rows: list[tuple[str, str]], who: str) -> None:
    def lines(chosen: list[tuple[str, str]]) -> bytes:
        quoted = ['"' + name + '";"' + cell.replace('"', '""') + '"\r\n' for name, cell in chosen]
        return ('"id";"remark"\r\n' + "".join(quoted)).encode()

    parted = part(b"sep=;\r\n" + lines(rows), PATH, Traces(responses=frozenset({who})))
    own = {who, f"response-{who}"}
    assert parted.content == b"sep=;\r\n" + lines([row for row in rows if row[0] not in own])
    assert len(parted.removed) == sum(row[0] in own for row in rows)
