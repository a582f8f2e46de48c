"""The corpus: everything together, and every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.coding.coding import Coding, write
from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.documents.document import read_text
from clustergov.casestudies.documents.passage import anchor
from clustergov.problems import InputError

STATEMENTS = "north/codings/statements.ann.yml"
INTERVIEW = "north/codings/interview.ann.yml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def problems(folder: Path) -> list[tuple[str, str, int | None]]:
    with pytest.raises(InputError) as caught:
        read_corpus(folder)
    return [(p.rule, Path(p.file).relative_to(folder).as_posix(), p.line) for p in caught.value.problems]


def test_a_whole_corpus_is_read_and_its_files_are_unchanged(small_study: Path) -> None:
    before = {path: path.read_bytes() for path in small_study.rglob("*") if path.is_file()}
    corpus = read_corpus(small_study)
    assert {path: path.read_bytes() for path in small_study.rglob("*") if path.is_file()} == before
    assert [case.case for case in corpus.cases] == ["north", "south"]
    assert [document.code for document in corpus.documents] == ["interview"]
    assert corpus.coders == ("ann", "bea")
    assert len(corpus.codings) == 6
    assert corpus.coded_passages == 5  # both coders saw the same passage of the interview


def test_a_coding_leads_to_its_statement_or_paragraph(small_corpus: Corpus) -> None:
    found = {coding.place[1:]: small_corpus.statement(coding) for coding in small_corpus.codings}
    statement, paragraph = found["statements", "s1"], found["memo", "p1"]
    assert statement is not None
    assert paragraph is not None
    assert (statement.text["en"], paragraph.text["en"]) == ("There was a plan", "They trusted each other")


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "line"),
    [
        (STATEMENTS, "concept: vision", "concept: visions", "unknown-concept", 4),
        (STATEMENTS, "at: s1", "at: s9", "unknown-passage", 6),
        (STATEMENTS, "document: statements", "document: diary", "unknown-document", 1),
        (STATEMENTS, "document: statements", "document: interview", "coding-place", 4),
        (STATEMENTS, "at: s3", "at: s2", "coding-twice", 11),
        (STATEMENTS, "document: statements", "document: memo", "codings-twice", 1),
        (STATEMENTS, "polarity: supports", "polarity: agrees", "literal-error", 5),
        (INTERVIEW, "document: interview", "document: statements", "unknown-document", 1),
        (INTERVIEW, "start: 22", "start: 21", "coding-length", 8),
        ("north/case.yml", "case: north", "case: east", "case-folder", None),
        ("north/case.yml", "    mark: U\n", "", "missing-key", 16),
        ("north/case.yml", "  - code: memo", "  - code: interview", "duplicate-code", None),
        ("south/case.yml", "{nl: Zuid, en: South}", "{nl: Zuid}", "missing-language", 2),
        ("codebook.yml", "  - code: vision", "  - code: trust", "duplicate-code", 16),
        ("codebook.yml", "  - code: vision", " - code: vision", "yaml-syntax", 16),
    ],
)
def test_one_mistake_is_told_with_its_line(
    small_study: Path, file: str, old: str, new: str, rule: str, line: int | None
) -> None:
    edit(small_study / file, old, new)
    assert (rule, file, line) in problems(small_study)


def test_a_mistake_is_told_with_its_column_and_place(small_study: Path) -> None:
    edit(small_study / STATEMENTS, "concept: vision", "concept: visions")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.place) == (4, 5, "codings[0].concept")


def test_every_mistake_is_told_at_once(small_study: Path) -> None:
    edit(small_study / "codebook.yml", "  - code: vision", "  - code: sight")
    edit(small_study / STATEMENTS, "at: s1", "at: s9")
    edit(small_study / "south/case.yml", "{nl: Zuid, en: South}", "{en: South}")
    edit(small_study / INTERVIEW, "exact: ", "colour: red\n    exact: ")
    assert {rule for rule, _, _ in problems(small_study)} == {
        "unknown-concept", "unknown-passage", "missing-language", "unknown-key",
    }  # fmt: skip


def test_a_moved_passage_says_where_it_is_now(small_study: Path) -> None:
    path = small_study / "north" / "interview.txt"
    path.write_text("Vooraf 🚰.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    first, second = caught.value.problems
    assert {first.rule, second.rule} == {"passage-moved"}
    assert first.line == 7
    start = read_text(path).index("Toen")
    assert f"{start}–{start + 23} (line 3, column 1)" in first.message
    assert "vertrouwen" not in str(first)  # what somebody said is not printed


def test_a_lost_passage_is_told(small_study: Path) -> None:
    path = small_study / "north" / "interview.txt"
    edit(path, "Toen kwam er vertrouwen", "Later kwam het vertrouwen")
    assert problems(small_study) == [("passage-lost", f"north/codings/interview.{c}.yml", 7) for c in ("ann", "bea")]


def test_a_folder_without_its_case_file_is_not_passed_over(small_study: Path) -> None:
    (small_study / "south" / "case.yml").unlink()
    (small_study / "south" / "codings").mkdir()
    assert problems(small_study) == [("missing-file", "south/case.yml", None)]


def test_an_empty_folder_lacks_codebook_and_cases(tmp_path: Path) -> None:
    assert [rule for rule, _, _ in problems(tmp_path)] == ["missing-file", "no-cases"]


def test_five_real_texts_as_own_documents_are_coded_and_found_again(small_study: Path, shared: Path) -> None:
    north = small_study / "north"
    entries = ["documents:"]
    for path in sorted((shared / "sources").glob("*.txt")):
        code = f"text-{path.name[:3]}"
        (north / f"{code}.md").write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        text = read_text(north / f"{code}.md")
        spots = [len(text) * quarter // 4 for quarter in (1, 2, 3)]
        passages = [anchor(text, start, start + 60, document=code) for start in spots]
        codings = [Coding("north", code, "ann", "trust", passage=passage) for passage in passages]
        write(codings, north / "codings" / f"{code}.ann.yml")
        entries.append(
            f"  - {{code: {code}, file: {code}.md, title: {{nl: Tekst}}, language: nl, consent: not needed, "
            "attribution: {nl: auteur}}"
        )
    for coder in ("ann", "bea"):
        (north / "codings" / f"interview.{coder}.yml").unlink()
    (north / "documents.yml").write_text("\n".join(entries), encoding="utf-8")
    corpus = read_corpus(small_study)
    assert sum(coding.passage is not None for coding in corpus.codings) == 15
    for path in north.glob("text-*.md"):
        path.write_text("Een zin vooraf. " + read_text(path), encoding="utf-8", newline="")
    assert [rule for rule, _, _ in problems(small_study)] == ["passage-moved"] * 15
