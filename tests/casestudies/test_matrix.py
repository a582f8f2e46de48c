"""Cases against concepts: counted by hand in the small study, and looked at in the shipped one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.matrix import CaseMatrix, case_matrix
from clustergov.language import LANGUAGES


@pytest.fixture
def matrix(small_corpus: Corpus) -> CaseMatrix:
    return case_matrix(small_corpus)


def test_the_corpus_is_unchanged_and_every_cell_is_there(small_corpus: Corpus) -> None:
    before = small_corpus.codings
    matrix = case_matrix(small_corpus)
    assert small_corpus.codings == before
    assert [(cell.case, cell.concept) for cell in matrix.cells] == [
        ("north", "trust"), ("north", "vision"), ("south", "trust"), ("south", "vision"),
    ]  # fmt: skip


def test_two_coders_of_one_passage_count_once_and_contrast_and_uncertain_apart(matrix: CaseMatrix) -> None:
    cell = matrix.cell("north", "trust")
    assert (cell.coded, cell.supports, cell.qualifies, cell.contradicts) == (2, 1, 1, 0)
    assert (cell.contrast, cell.uncertain) == (1, 1)


def test_an_empty_cell_is_missing_and_says_that_nothing_was_found(matrix: CaseMatrix) -> None:
    cell = matrix.cell("south", "vision")
    assert (cell.coded, cell.supports, cell.qualifies, cell.contradicts) == (None, None, None, None)
    assert matrix.cell_text("south", "vision", "nl") == "niets gevonden"
    assert matrix.cell_text("south", "vision", "en") == "nothing found"
    assert matrix.cell_text("north", "trust", "en") == "2 (1 qualifying); contrast: 1; uncertain: 1"


def test_the_frame_keeps_missing_apart_from_nought(matrix: CaseMatrix) -> None:
    frame = matrix.frame()
    assert list(frame.columns) == [
        "case", "concept", "coded", "supports", "qualifies", "contradicts", "contrast", "uncertain",
    ]  # fmt: skip
    assert frame["coded"].isna().tolist() == [False, False, True, True]
    assert frame["coded"].dropna().tolist() == [2, 1]
    assert frame["contrast"].tolist() == [1, 0, 0, 0]
    counts = matrix.counts()
    assert counts.loc["trust", "north"] == 2
    assert counts.loc["trust", "south"] is pd.NA


def test_contrast_alone_is_nothing_found_about_the_case(small_study: Path) -> None:
    codings = small_study / "north" / "codings"
    for path in codings.glob("*.yml"):
        path.unlink()
    (codings / "statements.ann.yml").write_text(
        "document: statements\ncoder: ann\ncodings:\n  - {concept: trust, at: s3}\n  - {concept: vision, at: s2}\n"
    )
    matrix = case_matrix(read_corpus(small_study))
    assert matrix.cell("north", "trust").coded is None
    assert matrix.cell_text("north", "trust", "nl") == "niets gevonden; contrast: 1"
    assert matrix.cell_text("north", "vision", "nl") == "niets gevonden; onzeker: 1"


def test_the_sentence_counts_what_is_empty(matrix: CaseMatrix) -> None:
    english = matrix.sentence("en")
    assert "In 2 cases 5 passages were coded with a codebook of 2 concepts." in english
    assert "In 2 of the 4 combinations" in english
    assert "One person did the coding" not in english  # there are two
    assert "In 2 van de 4 combinaties" in matrix.sentence("nl")


def test_caveats_stand_under_the_matrix(matrix: CaseMatrix) -> None:
    assert matrix.caveat_lines("en") == ("North: Little material", "South: Little material")


@pytest.fixture(scope="module")
def shipped(root: Path) -> CaseMatrix:
    return case_matrix(read_corpus(root / "casestudies"))


def test_the_shipped_matrix_has_empty_cells_and_says_if_one_person_coded(shipped: CaseMatrix) -> None:
    assert len(shipped.cells) == 4 * 17  # three cases and the contrast
    empty = [cell for cell in shipped.cells if cell.coded is None]
    assert 0 < len(empty) < len(shipped.cells)
    assert all(cell.coded != 0 for cell in shipped.cells)
    assert ("One person did the coding" in shipped.sentence("en")) == (len(shipped.coders) == 1)


def test_groningen_never_counts_for_twente(shipped: CaseMatrix, root: Path) -> None:
    """What Twente tells of the namesake stands apart; what the namesake tells of itself stands in its own column."""
    corpus = read_corpus(root / "casestudies")
    assert {cell.case for cell in shipped.cells if cell.contrast} == {"twente"}
    for cell in shipped.cells:
        if cell.case == "twente":
            places = {
                coding.place for coding in corpus.counted if (coding.case, coding.concept) == (cell.case, cell.concept)
            }
            apart = {place for place in places if place[2] == "namesake"}
            assert cell.contrast == len(apart)
            assert (cell.coded or 0) == len(places - apart)


def test_the_caveat_about_energy_valley_is_shown_with_the_matrix(shipped: CaseMatrix) -> None:
    for language in LANGUAGES:
        assert any("Energy Valley" in line and line.startswith("Twente") for line in shipped.caveat_lines(language))
