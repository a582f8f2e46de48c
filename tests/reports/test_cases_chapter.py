"""The chapter on the cases: every part with its table, what is not known said, nothing shown that a case leaves out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.matrix import case_matrix
from clustergov.reports.chapters.cases import cases
from clustergov.reports.document import Block, Bullets, Figure, Heading, Paragraph, Table
from clustergov.reports.findings import Cases
from clustergov.reports.inline import plain


def chapter(corpus: Corpus, language: str) -> list[Block]:
    rest = {field.name: None for field in dataclasses.fields(Cases)}  # the chapter shows corpus and matrix only
    return cases(Cases(**rest | {"corpus": corpus, "matrix": case_matrix(corpus)}), language)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return read_corpus(root / "casestudies")


@pytest.fixture(scope="module", params=["nl", "en"])
def blocks(request: pytest.FixtureRequest, corpus: Corpus) -> list[Block]:
    return chapter(corpus, request.param)


def table(blocks: list[Block], name: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.id == name)


def test_every_figure_has_a_table_behind_it(blocks: list[Block], corpus: Corpus) -> None:
    tables = {block.id for block in blocks if isinstance(block, Table)}
    for figure in (block for block in blocks if isinstance(block, Figure)):
        behind = {"timeline-figure-": "timeline-", "network-": "actors-"}
        expected = next(
            (new + figure.id.removeprefix(old) for old, new in behind.items() if figure.id.startswith(old)),
            "case-matrix",
        )
        assert expected in tables
        assert figure.alt


def test_a_source_number_is_listed_under_the_statements(blocks: list[Block], corpus: Corpus) -> None:
    for case in corpus.cases:
        listed = len(table(blocks, f"statements-{case.case}").notes)
        assert listed == len(case.sources)
        for name, column in (
            ("brief", 2),
            ("rules", 3),
            ("timeline", 2),
            ("actors", 3),
            ("money", 4),
            ("statements", 2),
        ):
            for row in table(blocks, f"{name}-{case.case}").rows:
                numbers = plain(row[column])
                assert numbers == "–" or all(1 <= int(each) <= listed for each in numbers.split(", "))


def test_what_is_not_known_is_said(blocks: list[Block]) -> None:
    answers = [plain(cell) for row in table(blocks, "rules-twente").rows for cell in row[1:2]]
    assert len(set(answers)) == 1
    assert answers[0] in ("niet bekend", "not known")
    brief = [plain(row[1]) for row in table(blocks, "brief-twente").rows]
    assert sum(text.startswith(("Niet bekend.", "Not known.")) for text in brief) == 4


def test_data_hold_both_languages_and_what_is_missing_as_missing(corpus: Corpus) -> None:
    found = chapter(corpus, "en")
    money = table(found, "money-leeuwarden").data
    assert money["amount_eur"].isna().any()
    assert money["public_share"].dropna().between(0, 1).all()
    assert money[["text_nl", "text_en", "source", "mark"]].notna().all().all()
    ties = table(found, "actors-groningen").data
    assert ties["relation"].notna().sum() == len(corpus.by_case["groningen"].relations)
    rules = table(found, "case-rules").data
    assert len(rules) == 3 * len(corpus.cases)


def test_the_contrast_is_called_one_and_comes_last(blocks: list[Block]) -> None:
    sections = [block.id for block in blocks if isinstance(block, Heading) and block.level == 2]
    assert sections[-1] == "case-groningen"
    words = [plain(block.text) for block in blocks if isinstance(block, Paragraph)]
    assert sum(text.startswith("Contrast:") for text in words) == 1


def test_a_case_without_a_portrait_keeps_its_chapter(study_of_one_statement: Path) -> None:
    found = chapter(read_corpus(study_of_one_statement), "en")
    assert not any(isinstance(block, Bullets) for block in found)
    assert {block.id for block in found if isinstance(block, Table)} == {"case-matrix", "statements-north"}


@pytest.fixture
def study_of_one_statement(tmp_path: Path) -> Path:
    """A codebook of one concept and a case with one statement, and nothing else."""
    (tmp_path / "codebook.yml").write_text(
        """\
codebook: small
version: "1"
title: {nl: Klein, en: Small}
languages: [nl, en]
sources: {own: {citation: Our own}}
concepts:
  - code: trust
    name: {nl: Vertrouwen, en: Trust}
    definition: {nl: Elkaar geloven, en: Believing each other}
    include: {nl: Delen, en: Sharing}
    exclude: {nl: Contracten, en: Contracts}
    example: {nl: Zij delen, en: They share}
    source: own
    mark: P
""",
        encoding="utf-8",
    )
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "case.yml").write_text(
        """\
case: north
title: {nl: Noord, en: North}
subject: {nl: Een proef, en: A trial}
period: {nl: "2001", en: "2001"}
sources: {paper: {citation: Paper}}
statements:
  - {code: s1, text: {nl: Er was een plan, en: There was a plan}, source: paper, mark: P}
""",
        encoding="utf-8",
    )
    return tmp_path
