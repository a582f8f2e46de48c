"""Agreement of a study: who read what, per code, case, round and document, and the chapter that tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clustergov.casestudies.agreement.coded import coded_units, readers, rounds_of
from clustergov.casestudies.agreement.comparison import agreement, prevalences
from clustergov.casestudies.agreement.declaration import AgreementDeclaration, read_agreement
from clustergov.casestudies.coding.coding import CONSENSUS, Coding
from clustergov.casestudies.coding.rounds import ONLY
from clustergov.casestudies.corpus import Corpus
from clustergov.language import LANGUAGES
from clustergov.problems import InputError
from clustergov.reports.chapters.agreement import agreement as chapter
from clustergov.reports.document import Document, Figure, Heading, Table
from clustergov.reports.html import render_html


@pytest.fixture
def twice(small_corpus: Corpus) -> Corpus:
    """Bea codes the statements and notes of the case north as Ann does, but sees no trust in s3."""
    own = [c for c in small_corpus.codings if c.coder == "ann" and c.passage is None]
    other = [replace(c, coder="bea") for c in own if (c.at, c.concept) != ("s3", "trust")]
    return replace(small_corpus, codings=(*small_corpus.codings, *other))


LOW = AgreementDeclaration(rare=1)


def test_units_nobody_coded_count_as_absent_for_all_who_read_them(twice: Corpus) -> None:
    read = readers(twice, 1)
    units = coded_units(twice, 1, read)
    assert [str(unit) for unit in units.units] == ["north/memo/p1", "north/statements/s1", "north/statements/s2",
                                                   "north/statements/s3"]  # fmt: skip
    assert units.coders == ("ann", "bea")
    assert units.ratings("trust").codes.tolist() == [[1, 1], [0, 0], [1, 1], [1, 0]]
    assert units.ratings("vision").codes.tolist() == [[0, 0], [1, 1], [0, 0], [0, 0]]
    assert len(units.frame()) == 7


def test_what_coders_see_is_told_per_code(twice: Corpus) -> None:
    found = agreement(twice, LOW)
    trust, vision = found.of_kind("unit")
    assert (trust.seen, trust.everybody, trust.somebody, trust.differ, trust.units) == ((3, 2), 2, 3, 1, 4)
    assert trust.prevalence == pytest.approx(5 / 8)
    # By hand: one of four units differs; eight values, five present: 1 − (2/8) / (2·5·3 / (8·7)).
    assert trust.alpha.value == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert vision.alpha.value == pytest.approx(1)
    assert (trust.polarity.judged, trust.polarity.same) == (2, 2)
    assert trust.needed is not None
    assert sum(document.differing for document in found.documents) == 1
    assert {"code", "value", "low", "reason"} <= set(found.frame().columns)


def test_a_rare_code_has_counts_and_no_coefficient(twice: Corpus) -> None:
    found = agreement(twice)
    assert all(each.value is None and each.reason == "rare" for code in found.codes for each in code.coefficients)
    assert found.codes[0].somebody == 3
    for language in LANGUAGES:
        assert "5" in found.sentence(language)


def test_sentences_of_documents_are_units_of_their_own(twice: Corpus) -> None:
    found = agreement(twice, LOW)
    assert found.kinds == ("unit", "sentence")
    trust = found.of_kind("sentence")[0]
    assert (trust.units, trust.seen, trust.everybody) == (3, (1, 1), 1)
    assert [(each.document, each.code) for each in found.where] == [("interview", ""), ("interview", "trust")]
    assert found.where[1].alpha == pytest.approx(1)


def test_consensus_is_no_coder(twice: Corpus) -> None:
    together = replace(twice, codings=(*twice.codings, *(replace(c, coder=CONSENSUS) for c in twice.codings)))
    assert agreement(together, LOW).frame().equals(agreement(twice, LOW).frame())


def test_one_coder_nothing_coded_and_nothing_in_common_have_their_sentence(twice: Corpus) -> None:
    def only(*codings: Coding) -> str:
        found = agreement(replace(twice, codings=codings))
        assert all(found.sentence(language) for language in LANGUAGES)
        blocks = chapter(found, "en")
        assert [type(block).__name__ for block in blocks] == ["Heading", "Paragraph"]
        return found.reason

    first = [c for c in twice.codings if c.coder == "ann" and c.passage is None]
    assert only() == "no-codings"
    assert only(*first) == "one-coder"
    assert only(first[0], replace(first[1], coder="bea", case="south")) == "no-common-units"


def test_rounds_are_told_apart_and_the_last_shared_one_is_shown(twice: Corpus) -> None:
    again = tuple(replace(c, round=2) for c in twice.codings if (c.at, c.coder) != ("s3", "ann"))
    alone = replace(again[0], round=3)
    found = agreement(replace(twice, codings=(*twice.codings, *again, alone)), LOW)
    assert rounds_of(replace(twice, codings=(*twice.codings, alone))) == (1, 3)
    assert (found.rounds, found.round) == ((1, 2, 3), 2)
    values = {(p.round, p.kind): p.alpha.value for p in found.parts if p.code == "trust" and not p.case}
    assert values[2, "unit"] == pytest.approx(1)
    assert (values[1, "unit"] or 1) < 1


def test_in_a_closed_round_its_coders_read_everything_of_it(twice: Corpus) -> None:
    one = ONLY.model_copy(
        update={"coders": ("ann", "bea"), "documents": ("north/memo", "south"), "closed": date(2020, 1, 1)}
    )
    read = readers(replace(twice, rounds=(one,)), 1)
    assert read == {("north", "memo"): ("ann", "bea"), ("south", "memo"): ("ann", "bea"),
                    ("south", "statements"): ("ann", "bea")}  # fmt: skip


def test_a_document_that_came_after_a_closed_round_was_not_read_in_it(twice: Corpus) -> None:
    one = ONLY.model_copy(update={"coders": ("ann", "bea"), "closed": date(2020, 1, 1)})
    later = replace(twice.documents[0], code="later")
    after = replace(twice, rounds=(one,), documents=(*twice.documents, later))
    read = readers(after, 1)
    assert ("north", "later") not in read
    assert read["north", "interview"] == ("ann", "bea")
    listed = one.model_copy(update={"documents": ("north",)})
    assert readers(replace(after, rounds=(listed,)), 1)["north", "later"] == ("ann", "bea")


def test_a_declaration_says_who_read_what(small_corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "declared.yml"
    path.write_text("rare: 1\nread:\n  - case: north\n    documents: [statements]\n    coders: [ann, bea]\n")
    found = agreement(small_corpus, read_agreement(path, small_corpus))
    trust = found.of_kind("unit")[0]
    assert (trust.units, trust.seen) == (3, (2, 0))
    assert read_agreement(tmp_path / "none.yml", small_corpus) == AgreementDeclaration()


@pytest.mark.parametrize(
    ("text", "rule"),
    [("rare: 0", "greater-than-equal"), ("seldom: 3", "unknown-key"), ("read: [{case: x, coders: [a, b]}]", "unknown-case"),
     ("read: [{case: north, documents: [y], coders: [a]}]", "unknown-document"),
     ("read: [{case: north, coders: [consensus]}]", "reserved-coder"), ("read: [{case: north, coders: []}]", "too-short")],
)  # fmt: skip
def test_mistakes_in_a_declaration(small_corpus: Corpus, tmp_path: Path, text: str, rule: str) -> None:
    path = tmp_path / "agreement.yml"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        read_agreement(path, small_corpus)
    assert raised.value.problems[0].rule == rule


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_shows_what_and_where_and_quotes_nobody(twice: Corpus, language: str) -> None:
    blocks = chapter(agreement(twice, LOW), language, {case.case: case.title for case in twice.cases})
    assert isinstance(blocks[0], Heading)
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [table.id for table in tables][:3] == ["agreement-unit", "agreement-unit-counts", "agreement-sentence"]
    assert any(isinstance(block, Figure) and block.alt for block in blocks)
    shown = render_html(Document("t", "", language, "a", "2020-01-01", tuple(blocks)))
    assert "Toen kwam er" not in shown
    for table in tables:
        assert len(table.header) == len(table.rows[0])


def test_rare_codes_stand_in_the_figure_and_not_among_the_coefficients(twice: Corpus) -> None:
    blocks = chapter(agreement(twice, AgreementDeclaration(rare=2)), "nl")
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert [figure.id for figure in figures] == ["agreement-unit-figure"]
    assert "1 van de 2" in figures[0].alt
    tables = {block.id: block for block in blocks if isinstance(block, Table)}
    assert len(tables["agreement-unit"].rows) == 1
    assert len(tables["agreement-unit-counts"].rows) == 2
    assert "agreement-sentence" not in tables


def test_one_coder_is_enough_to_plan_the_second(small_corpus: Corpus) -> None:
    """Ann coded in north, so read its four units: trust in three of its units, vision in one."""
    shares = {name.to("en"): share for name, share in prevalences(small_corpus)}
    assert shares == {"Trust": pytest.approx(3 / 4), "Vision": pytest.approx(1 / 4)}
