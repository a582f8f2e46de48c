"""The table of coded segments."""

from __future__ import annotations

import csv
import io

from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.exchange.segments import COLUMNS, to_segments


def rows(corpus: Corpus, **options) -> list[dict[str, str]]:
    content = to_segments(corpus, language="en", **options).content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_one_row_per_coding(small_corpus):
    found = rows(small_corpus)
    assert len(found) == len(small_corpus.codings) == 6
    assert tuple(found[0]) == COLUMNS
    passages = [row for row in found if row["document"] == "interview"]
    assert [(row["coder"], row["start"], row["end"], row["text"]) for row in passages] == [
        ("ann", "22", "45", "Toen kwam er vertrouwen"), ("bea", "22", "45", "Toen kwam er vertrouwen"),
    ]  # fmt: skip
    contrast = next(row for row in found if row["at"] == "s3")
    assert (contrast["about"], contrast["mark"], contrast["polarity"]) == ("contrast", "S", "contradicts")
    assert contrast["source"] == "Paper (paper.example); Page"


def test_words_without_consent_are_blank_unless_asked(small_study):
    documents = small_study / "north" / "documents.yml"
    documents.write_text(documents.read_text().replace("consent: given", "consent: not given"))
    corpus = read_corpus(small_study)
    assert {row["text"] for row in rows(corpus) if row["document"] == "interview"} == {""}
    assert {row["text"] for row in rows(corpus, withheld=True) if row["document"] == "interview"} == {
        "Toen kwam er vertrouwen"
    }


def test_no_cell_is_run_as_a_formula(small_study):
    case = small_study / "north" / "case.yml"
    case.write_text(case.read_text().replace("There was a plan", '"=HYPERLINK(1)"'))
    assert [row["text"] for row in rows(read_corpus(small_study)) if row["at"] == "s1"] == ["'=HYPERLINK(1)"]
