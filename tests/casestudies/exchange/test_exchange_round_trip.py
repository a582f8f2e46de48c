"""A study that goes out and comes in is the same study, whatever its texts, codes and coders."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clustergov.casestudies.case import Case, Note, Statement
from clustergov.casestudies.codebook import Codebook, Concept, Remark
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.rounds import ONLY, Round
from clustergov.casestudies.coding.sheet import CASE
from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.passage import anchor, digest, normalise
from clustergov.casestudies.exchange.arriving import Arrived, arrive
from clustergov.casestudies.exchange.departing import depart
from clustergov.casestudies.exchange.sheet_memos import memos_of, read_sheets
from clustergov.instruments.questionnaire import Source
from clustergov.language import Text

EXAMPLES = int(os.environ.get("CLUSTERGOV_EXAMPLES", "9"))
LETTERS = "ab Z9é\u0301ß🚰👩‍👩‍👧𝔘ﷺא信\n\t\u2028<&>\"'[];:=#-\x0c\x85%{}"
TEXTS = st.text(alphabet=st.sampled_from(LETTERS), min_size=1, max_size=40).filter(lambda text: text.strip())
# A form feed may stand in a text, never in XML (see `test_characters_that_xml_forbids_do_not_break_it`).
WORDS = TEXTS.map(lambda text: text.replace("\x0c", "f"))
LINE = st.text(alphabet=st.sampled_from("ab Z9é🚰\"'<&>:-#信"), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)
LANGUAGES = ("nl", "en")


def said(words: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    # As YAML files are read: no blanks around a text.
    return st.builds(lambda nl, en: Text({"nl": nl.strip(), "en": en.strip()}), words, words)


def unquoted(text: Text) -> Text:
    """A paraphrase never stands in quotation marks, nor begins with them here."""
    return Text({language: f"w {words} w" for language, words in text.items()})


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    concepts: list[Concept] = []
    for number in range(draw(st.integers(1, 5))):
        parents = ["", *(concept.code for concept in concepts)]
        # Names are numbered, since two alike under one parent are no codebook.
        name = Text({language: f"{draw(LINE).strip()} {number}" for language in LANGUAGES})
        codable = number == 0 or draw(st.booleans())
        rules = {key: draw(said(WORDS)) for key in ("definition", "include", "exclude")} if codable else {}
        concepts.append(
            Concept.model_construct(
                code=f"c{number}", parent=draw(st.sampled_from(parents)), codable=codable,
                colour=draw(st.sampled_from(["", "#00ff7f"])), name=name, **rules,
                examples=tuple(draw(st.lists(said(WORDS), min_size=1, max_size=2))) if codable else (),
                memo=draw(st.one_of(st.just(Text({})), said(WORDS))) if codable else Text({}),
                source=("own",) if codable else (), mark=draw(st.sampled_from("PSDU")) if codable else "D",
                **({} if codable else {key: Text({}) for key in ("definition", "include", "exclude")}),
            )
        )  # fmt: skip
    return Codebook(
        codebook="drawn", version=draw(st.sampled_from(["1", "2.0"])), title=draw(said(LINE)), languages=LANGUAGES,
        caveats=(Remark(code="c-1", text=draw(said(WORDS))),), sources={"own": Source(citation=draw(LINE).strip())},
        concepts=tuple(concepts),
    )  # fmt: skip


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    codebook = draw(codebooks())
    units = tuple(
        Statement(code=f"s{i}", text=unquoted(draw(said(WORDS))), source=("own",), mark=draw(st.sampled_from("PSDU")),
                  about=draw(st.sampled_from(["case", "context", "contrast"])))
        for i in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    notes = (Note(code="memo", title=unquoted(draw(said(LINE))), label="paraphrase",
                  paragraphs=(Statement(code="p1", text=unquoted(draw(said(WORDS))), source=("own",), mark="D"),)),)  # fmt: skip
    case = Case(
        case="north", title=unquoted(draw(said(LINE))), subject=unquoted(draw(said(LINE))), period=unquoted(draw(said(LINE))),
        contrast=draw(st.booleans()), sources={"own": Source(citation=draw(LINE).strip())}, statements=units, notes=notes,
    )  # fmt: skip
    documents = tuple(draw(documents_of("north", i)) for i in range(draw(st.integers(0, 2))))
    coders = draw(
        st.lists(
            st.sampled_from(["ann", "Jörg Müller", "信", "second coder", "o'neil & co"]),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    rounds = draw(st.sampled_from([(ONLY,), TWO]))
    concepts = [concept.code for concept in codebook.codable]
    found: dict[tuple[object, ...], Coding] = {}
    for _ in range(draw(st.integers(0, 8))):
        coding = draw(coding_in(case, documents, coders, concepts, len(rounds)))
        found[coding.case, coding.document, coding.coder, coding.round, coding.key] = coding
    return Corpus(codebook, (case,), documents, tuple(found.values()), rounds=rounds)


TWO = (
    Round(number=1, code="one", title=Text({"nl": "Eerste", "en": "First"})),
    Round(number=2, code="two", title=Text({"nl": "Tweede", "en": "Second"}), replaces=(1,)),
)


@st.composite
def documents_of(draw: st.DrawFn, case: str, number: int) -> Document:
    text = normalise(draw(TEXTS.map(lambda words: words * draw(st.integers(1, 3)))))
    return Document(
        case=case, code=f"d{number}", title=draw(said(LINE)), language="nl",
        consent=draw(st.sampled_from(["given", "not given", "not needed"])),
        attribution=Text({"nl": "wethouder", "en": "alderman"}), mark=draw(st.sampled_from("PSDU")), text=text,
        sha256=digest(text), attributes=draw(st.sampled_from([{}, {"year": 2015, "public": True, "share": 1e-7, "place": "E & de"}])),
    )  # fmt: skip


@st.composite
def coding_in(
    draw: st.DrawFn, case: Case, documents: tuple[Document, ...], coders: list[str], concepts: list[str], rounds: int
) -> Coding:
    bare = Coding(
        case.case, "statements", draw(st.sampled_from(coders)), draw(st.sampled_from(concepts)), "s0",
        polarity=draw(st.sampled_from([None, "supports", "qualifies", "contradicts"])),
        memo=draw(st.one_of(st.none(), said(WORDS), WORDS.map(lambda words: Text({"en": words.strip()})))),
        round=draw(st.integers(1, rounds)),
    )  # fmt: skip
    document = draw(st.sampled_from([*case.units, *documents]))
    if isinstance(document, str):
        return replace(bare, document=document, at=draw(st.sampled_from(list(case.units[document]))))
    start = draw(st.integers(0, len(document.text) - 1))
    end = draw(st.integers(start + 1, len(document.text)))
    return replace(
        bare, document=document.code, at="", passage=anchor(document.text, start, end, document=document.code)
    )


def out_and_in(corpus: Corpus, language: str, into: Path | None = None) -> tuple[bytes, Arrived]:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "out.qdpx"
        path.write_bytes(depart(corpus, Path(place), "qdpx", language=language, withheld=True).content)
        return path.read_bytes(), arrive(path, into, language=language)


@settings(
    phases=[Phase.generate],
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(corpora(), st.sampled_from(LANGUAGES))
def test_what_goes_out_comes_in_the_same(corpus, language):
    _, arrived = out_and_in(corpus, language)
    back = arrived.corpus
    assert set(back.codings) == set(corpus.codings)
    assert {concept.code: concept for concept in back.codebook.concepts} == {
        concept.code: concept for concept in corpus.codebook.concepts
    }
    assert back.codebook.model_copy(update={"concepts": ()}) == corpus.codebook.model_copy(update={"concepts": ()})
    assert back.cases == corpus.cases
    assert [document.text for document in back.documents] == [document.text for document in corpus.documents]
    assert [replace(each, paragraphs="") for each in back.documents] == list(corpus.documents)
    assert back.rounds == corpus.rounds
    assert {note.rule for note in arrived.notes} <= {"refi-offsets"}


@settings(
    phases=[Phase.generate],
    max_examples=max(5, EXAMPLES // 3),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(corpora(), st.sampled_from(LANGUAGES))
def test_once_in_it_goes_out_byte_for_byte_and_brings_nothing_new(corpus, language):
    sent, arrived = out_and_in(corpus, language)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "casestudies"
        for name, content in arrived.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        assert depart(read_corpus(folder), folder, "qdpx", language=language, withheld=True).content == sent
        assert out_and_in(corpus, language, folder)[1].files == {}


def test_the_shipped_cases_come_back_with_every_coding(root, tmp_path):
    corpus = read_corpus(root / "casestudies")
    _, arrived = out_and_in(corpus, "nl")
    assert set(arrived.corpus.codings) == set(corpus.codings)
    assert arrived.corpus.codebook == corpus.codebook
    assert {case.case: (case.statements, case.notes) for case in arrived.corpus.cases} == {
        case.case: (case.statements, case.notes) for case in corpus.cases
    }


@pytest.mark.parametrize(
    "spoiled", ["round: 2\nmemo en: x", "memo en: round: 2", "polarity: supports", "a\n\n  b", "code: x"]
)
def test_memos_that_look_like_labels_come_back_as_they_were(small_corpus, small_study, spoiled):
    memo = Text({"en": spoiled, "nl": spoiled})
    corpus = replace(small_corpus, codings=tuple(replace(each, memo=memo) for each in small_corpus.codings))
    _, arrived = out_and_in(corpus, "en")
    assert set(arrived.corpus.codings) == set(corpus.codings)


def test_memos_about_whole_documents_and_cases_come_back(small_study, tmp_path):
    said_of = {
        ("north", "interview", "ann"): "Over alles",
        ("north", "statements", "bea"): "Two\nlines",
        ("south", CASE, "ann"): "Of the case",
    }
    with Workbench.open(small_study) as bench:
        for (case, document, coder), words in said_of.items():
            bench.write_memo(coder, 1, case, "" if document == CASE else document, Text({"en": words}))
    (tmp_path / "sent.qdpx").write_bytes(depart(read_corpus(small_study), small_study, "qdpx", language="en").content)
    arrived = arrive(tmp_path / "sent.qdpx", None, language="en")
    assert {note.rule for note in arrived.notes} == {"refi-offsets"}
    folder = tmp_path / "back"
    for name, content in arrived.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    back = memos_of(read_sheets(folder, arrived.corpus.cases))
    assert {(head.case, head.document, head.coder): memo.to("en") for head, memo in back.items()} == said_of
    assert arrive(tmp_path / "sent.qdpx", small_study, language="en").files == {}
