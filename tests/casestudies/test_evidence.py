"""What the cases say about some concepts, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.evidence import COLUMNS, evidence


def test_rows_come_by_concept_and_the_corpus_is_unchanged(small_corpus: Corpus) -> None:
    before = small_corpus.codings
    frame = evidence(small_corpus, ["vision", "trust"])
    assert small_corpus.codings == before
    assert tuple(frame.columns) == COLUMNS
    assert frame["concept"].tolist() == ["vision", "trust", "trust", "trust", "trust"]


def test_statements_notes_and_documents_carry_source_mark_and_words(small_corpus: Corpus) -> None:
    frame = evidence(small_corpus, ["trust", "vision"]).set_index(["document", "at", "coder"])
    statement = frame.loc["statements", "s1", "ann"]
    assert statement["kind"] == "statement"
    assert (statement["text_nl"], statement["mark"]) == ("Er was een plan", "P")
    assert statement["source"] == "Paper (paper.example)"
    contrast = frame.loc["statements", "s3", "ann"]
    assert (contrast["about"], contrast["source"]) == ("contrast", "Paper (paper.example); Page")
    assert frame.loc["memo", "p1", "ann"]["kind"] == "note"
    said = frame.loc["interview", "22-45", "bea"]
    assert (said["kind"], said["text_nl"]) == ("document", "Toen kwam er vertrouwen")
    assert (said["source"], bool(said["verbatim"])) == ("clustermanager", True)
    assert (said["place_nl"], said["place_en"]) == ("al. 2", "¶ 2")
    assert frame["text_en"].isna().sum() == 2  # the interview is in Dutch only


def test_uncertain_statements_are_no_findings(small_corpus: Corpus) -> None:
    assert "s2" not in evidence(small_corpus, ["trust"])["at"].tolist()
    frame = evidence(small_corpus, ["trust"], uncertain=True).set_index("at")
    assert (frame.loc["s2", "mark"], frame.loc["s2", "memo_nl"]) == ("U", "Onzeker")


def test_without_consent_the_words_are_withheld_but_the_coding_stays(small_study: Path) -> None:
    path = small_study / "north" / "documents.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("consent: given", "consent: not given"), encoding="utf-8")
    frame = evidence(read_corpus(small_study), ["trust"])
    own = frame[frame["kind"] == "document"]
    assert own["quotable"].tolist() == [False, False]
    assert own["text_nl"].isna().all()


def test_a_concept_without_codings_gives_no_rows_and_an_unknown_one_is_refused(root: Path) -> None:
    corpus = read_corpus(root / "casestudies")
    for concept in corpus.codebook.codes:
        coded = {coding.case for coding in corpus.codings if coding.concept == concept}
        assert set(evidence(corpus, [concept])["case"]) == coded
    assert evidence(corpus, []).empty
    with pytest.raises(KeyError):
        evidence(corpus, ["courage"])


def test_nothing_shipped_is_verbatim(root: Path) -> None:
    corpus = read_corpus(root / "casestudies")
    frame = evidence(corpus, corpus.codebook.codes)
    assert len(frame) == len(corpus.codings)
    assert not frame["verbatim"].any()
    assert frame[["text_nl", "text_en", "source", "mark", "polarity"]].notna().all().all()
