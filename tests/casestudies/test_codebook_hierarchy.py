"""Concepts under concepts and in folders; several examples; and a codebook written so that it diffs well."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from clustergov.casestudies.codebook import Codebook, read
from clustergov.casestudies.codebook_rules import cautions
from clustergov.casestudies.codebook_writing import to_text, write
from clustergov.casestudies.corpus import read_corpus
from clustergov.problems import InputError

HEAD = """\
# Kept at the top.
codebook: small
version: "1"
title: {nl: Klein, en: Small}
languages: [nl, en]
sources:
  own: {citation: Our own}
concepts:
"""


def concept(code: str, *more: str, name: str = "") -> str:
    texts = ["definition: {nl: d, en: d}", "include: {nl: i, en: i}", "exclude: {nl: e, en: e}"]
    if not any(line.startswith("example") for line in more):
        texts.append("example: {nl: x, en: x}")
    lines = [f"name: {{nl: {name or code}, en: {name or code}-en}}", *texts, "source: own", "mark: P", *more]
    return f"  - code: {code}\n" + "".join(f"    {line}\n" for line in lines)


def folder(code: str, *more: str) -> str:
    lines = [f"name: {{nl: {code}, en: {code}}}", "codable: false", *more]
    return f"  - code: {code}\n" + "".join(f"    {line}\n" for line in lines)


def codebook_of(tmp_path: Path, *concepts: str) -> Codebook:
    path = tmp_path / "codebook.yml"
    path.write_text(HEAD + "".join(concepts), encoding="utf-8")
    return read(path)


TREE = (
    concept("leaf", "parent: branch", "example: {nl: v, en: x}"),
    folder("top", 'colour: "#00aa00"'),
    concept("branch", "parent: top", "memo: {nl: waarom, en: why}", "examples:", "  - {nl: een, en: one}",
            "  - {nl: 'twee: of # drie', en: 'no'}"),
    concept("other"),
)  # fmt: skip


def test_a_tree_is_walked_from_any_place(tmp_path: Path) -> None:
    book = codebook_of(tmp_path, *TREE)
    assert book.children() == ("top", "other")
    assert book.descendants("top") == ("branch", "leaf")
    assert book.ancestors("leaf") == ("branch", "top")
    assert book.path("leaf", "en") == "top › branch-en › leaf-en"
    assert [(depth, found.code) for depth, found in book.tree()] == [
        (0, "top"),
        (1, "branch"),
        (2, "leaf"),
        (0, "other"),
    ]
    assert [found.code for found in book.codable] == ["leaf", "branch", "other"]
    assert [text["en"] for text in book.by_code["branch"].examples] == ["one", "no"]
    assert (book.by_code["leaf"].example["nl"], dict(book.by_code["other"].example)) == ("v", {"nl": "x", "en": "x"})


def test_what_is_written_is_read_again_and_keeps_its_remarks(tmp_path: Path) -> None:
    book = codebook_of(tmp_path, *TREE)
    write(book, tmp_path / "codebook.yml")
    text = (tmp_path / "codebook.yml").read_text(encoding="utf-8")
    assert read(tmp_path / "codebook.yml") == book
    assert text.startswith("# Kept at the top.\ncodebook: small\n")
    assert "{" not in text
    write(book, tmp_path / "codebook.yml")
    assert (tmp_path / "codebook.yml").read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["codebook.yml"]


def test_one_change_is_one_line(tmp_path: Path) -> None:
    before = to_text(codebook_of(tmp_path, *TREE))
    after = to_text(codebook_of(tmp_path, *(text.replace("parent: branch", "parent: top") for text in TREE)))
    changed = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert changed == ["-     parent: branch", "+     parent: top"]


def test_the_shipped_codebook_survives_writing(root: Path, tmp_path: Path) -> None:
    book = read(root / "casestudies" / "codebook.yml")
    write(book, tmp_path / "codebook.yml")
    assert read(tmp_path / "codebook.yml") == book
    assert cautions(book) == ()


@pytest.mark.parametrize(
    ("concepts", "rules"),
    [
        ((concept("a", "parent: b"),), {"unknown-parent"}),
        ((concept("a", "parent: a"),), {"parent-circle"}),
        ((concept("a", "parent: b"), concept("b", "parent: c"), concept("c", "parent: b")), {"parent-circle"}),
        ((concept("a", name="Trust"), concept("b", name=" trust ")), {"duplicate-name"}),
        ((concept("a", "colour: red"),), {"string-pattern-mismatch"}),
        ((concept("a", "example: {nl: a, en: b}", "examples: []"),), {"value-error"}),
        ((concept("a", "examples: [{nl: een}]"),), {"missing-language"}),
        ((concept("a", "memo: {nl: een}"),), {"missing-language"}),
        (("  - code: a\n    name: {nl: a, en: a}\n",), {"missing-key"}),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, concepts: tuple[str, ...], rules: set[str]) -> None:
    with pytest.raises(InputError) as caught:
        codebook_of(tmp_path, *concepts)
    assert {problem.rule for problem in caught.value.problems} == rules
    assert all(problem.line for problem in caught.value.problems)


def test_a_circle_is_told_of_each_in_it_and_not_of_those_below(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        codebook_of(tmp_path, concept("a", "parent: b"), concept("b", "parent: c"), concept("c", "parent: b"))
    assert [problem.message for problem in caught.value.problems] == [
        "the concept stands under itself: b → c → b.", "the concept stands under itself: c → b → c.",
    ]  # fmt: skip


def test_what_only_makes_coding_harder_is_a_caution(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yml"
    codebook_of(tmp_path, folder("f"), concept("a", "parent: f", name="Trust"))
    text = path.read_text(encoding="utf-8") + "  - code: b\n    name: {nl: trust, en: Trust-en}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read(path)
    path.write_text(text.replace("title:", "origin: another program\ntitle:"), encoding="utf-8")
    book = read(path)
    assert (book.by_code["b"].mark, book.by_code["b"].source) == ("U", ())
    found = cautions(book, "codebook.yml")
    assert [(problem.rule, problem.place, problem.severity) for problem in found] == [
        ("concept-incomplete", "b", "warning"),
        ("name-twice", "b", "warning"), ("name-twice", "b", "warning"),
    ]  # fmt: skip
    assert "definition, include, exclude, examples" in found[0].message
    write(book, path)
    assert read(path) == book


def test_a_folder_that_is_coded_is_told(small_study: Path) -> None:
    path = small_study / "codebook.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  - code: trust\n", "  - code: trust\n    codable: false\n"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert {problem.rule for problem in caught.value.problems} == {"folder-coded"}
    assert len(caught.value.problems) == 4  # one a file, with how often it stands there
