"""A researcher's own documents: read as they are, with consent and a role."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from clustergov.casestudies.documents.document import read, read_text
from clustergov.problems import InputError


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_file_is_unchanged_and_its_text_keeps_every_character(small_study: Path) -> None:
    path = small_study / "north" / "interview.txt"
    original = "\ufeffCafe\u0301 🚰\r\nregel\ttwee \u00a0\rdrie"
    path.write_bytes(original.encode("utf-8"))
    (document,) = read(small_study / "north" / "documents.yml", case="north")
    assert path.read_bytes() == original.encode("utf-8")
    assert document.text == "Cafe\u0301 🚰\nregel\ttwee \u00a0\ndrie"
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert (document.case, document.code, document.language) == ("north", "interview", "nl")
    assert document.attribution["en"] == "cluster manager"


@pytest.mark.parametrize(("consent", "quotable"), [("given", True), ("not needed", True), ("not given", False)])
def test_consent_decides_whether_a_passage_may_be_shown(small_study: Path, consent: str, quotable: bool) -> None:
    path = small_study / "north" / "documents.yml"
    edit(path, "consent: given", f"consent: {consent}")
    assert read(path, case="north")[0].quotable is quotable


@pytest.mark.parametrize(
    "role", ["jan@example.org", "Dhr. Jansen", "prof. De Vries", "manager, 06 1234 5678", "mevrouw Bakker"]
)
def test_an_attribution_that_gives_somebody_away_is_refused_without_repeating_it(small_study: Path, role: str) -> None:
    path = small_study / "north" / "documents.yml"
    edit(path, "en: cluster manager", f'en: "{role}"')
    with pytest.raises(InputError) as caught:
        read(path, case="north")
    (problem,) = caught.value.problems
    assert (problem.rule, problem.line) == ("attribution-names-person", 7)
    assert role not in str(problem)


@pytest.mark.parametrize(
    "role", ["professor of geography", "Director of ING Bank", "alderman, 2008–2015", "MS researcher"]
)
def test_a_role_is_accepted(small_study: Path, role: str) -> None:
    path = small_study / "north" / "documents.yml"
    edit(path, "en: cluster manager", f'en: "{role}"')
    assert read(path, case="north")[0].attribution["en"] == role


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("interview.txt", "absent.txt", "missing-file", None),
        ("interview.txt", "documents.yml", "document-kind", None),
        ("    consent: given\n", "", "missing-key", 2),
        ("consent: given", "consent: perhaps", "literal-error", 6),
        ("  - code: interview", "  - code: statements", "reserved-code", 2),
        ("    language: nl", "    language: nl\n    sha256: abc", "document-changed", 6),
    ],
)
def test_a_mistake_in_the_list_is_told(small_study: Path, old: str, new: str, rule: str, line: int | None) -> None:
    path = small_study / "north" / "documents.yml"
    edit(path, old, new)
    with pytest.raises(InputError) as caught:
        read(path, case="north")
    assert (rule, line) in [(problem.rule, problem.line) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [(b"", "empty-file", None), (b"\xef\xbb\xbf \r\n", "empty-file", None), (b"een\ncaf\xe9\n", "encoding", 2)],
)
def test_an_unreadable_document_is_told(tmp_path: Path, content: bytes, rule: str, line: int | None) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_text(path)
    assert [(problem.rule, problem.line) for problem in caught.value.problems] == [(rule, line)]


def test_the_five_real_texts_are_read_with_the_offsets_of_their_code_points(shared: Path) -> None:
    for path in sorted((shared / "sources").glob("*.txt")):
        raw = path.read_bytes().decode("utf-8")
        text = read_text(path)
        assert text == raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
