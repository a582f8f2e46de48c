"""The cases that come with the toolkit: enough, sourced, marked, in both languages, and never quoted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clustergov.casestudies.case import Case, read
from clustergov.casestudies.codebook import texts
from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.reading import RULES
from clustergov.language import Text
from clustergov.problems import InputError

STUDIED = ("leeuwarden", "nijmegen", "twente")
CASES = (*STUDIED, "groningen")
"""The contrast comes last."""
QUOTES = set('"“”„‟«»‹›‘‚')


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return read_corpus(root / "casestudies")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, corpus: Corpus) -> Case:
    return corpus.by_case[request.param]


def units(case: Case) -> list:  # type: ignore[type-arg]
    return [unit for document in case.units.values() for unit in document.values()]


def test_there_are_three_cases_and_a_contrast_without_documents_of_anybody_else(corpus: Corpus) -> None:
    assert tuple(corpus.by_case) == CASES
    assert tuple(case.case for case in corpus.cases if not case.contrast) == STUDIED
    assert corpus.documents == ()
    assert all(coding.passage is None for coding in corpus.codings)


def test_each_has_fifteen_statements_and_eight_notes(case: Case) -> None:
    assert len(case.statements) >= 15
    assert 8 <= len(case.notes) <= 15
    assert all(note.label == "paraphrase" for note in case.notes)


def test_each_has_a_portrait_that_answers_every_question(case: Case) -> None:
    assert len(case.timeline) >= 8
    assert len(case.actors) >= 8
    assert {end for relation in case.relations for end in (relation.start, relation.to)} == {
        actor.code for actor in case.actors
    }
    assert case.governance is not None
    assert len(case.vision) >= 3
    assert case.funding
    assert {episode.kind for episode in case.episodes} <= {"learning", "leverage"}
    assert len(case.episodes) >= 3
    assert tuple(reading.rule for reading in case.rules) == RULES


def test_how_often_anybody_meets_is_known_of_no_case(corpus: Corpus) -> None:
    """The sources tell of meetings, never of contact between an organisation and its firms."""
    answers = {case.case: {reading.rule: reading.answer for reading in case.rules} for case in corpus.cases}
    assert {answer["interaction frequency"] for answer in answers.values()} == {"not known"}
    assert set(answers["twente"].values()) == {"not known"}
    assert answers["leeuwarden"]["formal membership"] == "fits"


def test_nothing_uncertain_and_no_contrast_stands_in_a_portrait(case: Case) -> None:
    assert all(entry.mark != "U" for place, entry in case.sourced() if place[0] not in ("statements", "notes"))


def test_each_statement_and_paragraph_has_a_source_that_is_listed_and_used(case: Case) -> None:
    for unit in units(case):
        assert unit.source, unit.code
        assert case.citation(unit, "nl"), unit.code
        assert unit.mark in "PSDU"
    assert case.cited == set(case.sources)


def own_texts(case: Case) -> list[Text]:
    """Everything that we wrote, without the titles of sources."""
    return [text for place, text in texts(case) if place[0] != "sources"]


def test_texts_stand_in_both_languages_and_never_in_quotation_marks(case: Case) -> None:
    for unit in units(case):
        assert unit.text["nl"] != unit.text["en"], unit.code
    for text in own_texts(case):
        assert set(text) == {"nl", "en"}, text
        for words in text.values():
            assert not QUOTES & set(words), words


def test_numbers_are_the_same_in_both_languages(case: Case) -> None:
    def years(text: str) -> list[str]:
        return sorted(re.findall(r"\b(?:19|20)\d\d\b", text.replace("2.000", "").replace("2,000", "")))

    for text in own_texts(case):
        assert years(text["nl"]) == years(text["en"]), text


def test_notes_are_our_reading_and_so_never_marked_as_published(case: Case) -> None:
    assert {paragraph.mark for note in case.notes for paragraph in note.paragraphs} <= {"D", "S"}


def test_at_least_forty_passages_are_coded_and_every_case_has_some(corpus: Corpus) -> None:
    assert corpus.coded_passages >= 40
    for code in CASES:
        assert sum(coding.case == code for coding in corpus.codings) >= 20
    assert all(coding.polarity is not None for coding in corpus.codings)


def test_no_uncertain_statement_is_coded(corpus: Corpus) -> None:
    coded = [corpus.statement(coding) for coding in corpus.codings]
    assert all(statement is not None and statement.mark != "U" for statement in coded)
    assert [s.code for case in corpus.cases for s in case.statements if s.mark == "U"] == ["tech-week-year"]


def test_the_caveat_about_energy_valley_is_kept_in_both_languages(corpus: Corpus) -> None:
    caveat = next(remark for remark in corpus.by_case["twente"].caveats if remark.code == "energy-valley").text
    assert "geen openbaar document" in caveat["nl"]
    assert "no public document" in caveat["en"]
    for text in caveat.values():
        assert "Energy Valley" in text
        assert "Groningen" in text
        assert "contrast" in text


def test_what_is_about_groningen_stands_in_its_own_case(corpus: Corpus) -> None:
    twente, groningen = corpus.by_case["twente"], corpus.by_case["groningen"]
    assert groningen.contrast
    assert all(unit.about == "case" for unit in units(groningen))
    apart = {unit.code for unit in units(twente) if "Groningen" in unit.text["en"]}
    assert apart == {"namesake", "name-namesake"}
    assert [unit.code for unit in units(twente) if unit.about == "contrast"] == ["namesake"]
    portrait = [text for place, text in texts(twente) if place[0] not in ("statements", "notes", "caveats", "sources")]
    assert not [text for text in portrait if "Groningen" in text["en"]]
    sources = {"ipo", "interreg-europe", "rekenkamer-2013"}
    assert sources <= set(groningen.sources)
    assert not sources & set(twente.sources)


def test_the_studied_cluster_in_twente_is_named_by_one_source_and_said_to_be(corpus: Corpus) -> None:
    twente = corpus.by_case["twente"]
    caveat = next(remark for remark in twente.caveats if remark.code == "energy-valley").text
    assert "Energy Group" in caveat["nl"]
    assert "Energy Group" in caveat["en"]
    about = [unit for unit in units(twente) if "Energy Group" in unit.text["en"]]
    assert all({"wtc-twente", "search"} & set(unit.source) for unit in about)


def shingles(text: str, length: int = 6) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def test_no_six_words_in_a_row_are_somebody_elses(corpus: Corpus, shared: Path) -> None:
    theirs = set().union(*(shingles(path.read_text(encoding="utf-8")) for path in (shared / "sources").glob("*.txt")))
    assert len(theirs) > 1000
    ours = [words for case in corpus.cases for text in own_texts(case) for words in text.values()]
    for concept in corpus.codebook.concepts:
        for field in ("definition", "include", "exclude", "example"):
            ours += getattr(concept, field).values()
    for text in ours:
        assert not shingles(text) & theirs, text


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("  - code: s2", "  - code: s1", "duplicate-code", 16),
        ("      - code: p1", "      - code: s1", "duplicate-code", 30),
        ("    source: page\n    mark: U", "    mark: U", "missing-key", 16),
        ("    mark: U\n", "", "missing-key", 16),
        ("    source: page\n    mark: U", "    source: book\n    mark: U", "unknown-source", 18),
        ("{nl: Er was een plan, en: There was a plan}", "{nl: Er was een plan}", "missing-language", 13),
        ("en: They trusted each other", "en: “They trusted each other”", "quoted-paraphrase", 31),
        ("label: paraphrase", "label: quote", "literal-error", 27),
        ("  - code: memo", "  - code: statements", "reserved-code", 26),
        ("about: contrast", "about: elsewhere", "literal-error", 24),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(small_study: Path, old: str, new: str, rule: str, line: int) -> None:
    path = small_study / "north" / "case.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path, languages=("nl", "en"))
    assert (rule, line) in [(problem.rule, problem.line) for problem in caught.value.problems]
