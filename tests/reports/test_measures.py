"""The Measures paragraph says of every scale score what a replication needs, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Construct, Questionnaire, Source
from clustergov.language import Text
from clustergov.reports.document import Document, Paragraph
from clustergov.reports.measures import measures_document, to_measures
from clustergov.survey.synthetic.simulation import generator, read_simulation, simulate


@pytest.fixture(scope="module")
def questionnaire(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def paragraphs(document: Document) -> list[str]:
    return [str(block.text) for block in document.blocks if isinstance(block, Paragraph)]


def with_constructs(questionnaire: Questionnaire, *constructs: Construct) -> Questionnaire:
    return Questionnaire.model_validate(questionnaire.model_dump() | {"constructs": constructs})


def test_instrument_and_every_construct_have_a_paragraph(questionnaire: Questionnaire) -> None:
    before = questionnaire.model_dump_json()
    first, *others = paragraphs(measures_document(questionnaire, "en"))
    assert questionnaire.model_dump_json() == before
    assert "version 1.0; 22 questions with 64 items in 7 sections, available in Dutch and English" in first
    assert [text.split(": measured")[0] for text in others] == [
        construct.title.to("en") for construct in questionnaire.constructs
    ]


def test_a_paragraph_tells_items_scale_key_rule_and_source(questionnaire: Questionnaire) -> None:
    internal = paragraphs(measures_document(questionnaire, "en"))[3]
    for words in (
        "4 items", "such as “We meet our deadlines”", "5-point scale from 1 “strongly disagree” to 5 “strongly agree”",
        "fewer than 3 of the 4 are valid", "Counted as missing: “I don't know”.", "; our adaptation, after Ketels, Lindqvist and Sölvell (2012).",
    ):  # fmt: skip
        assert words in internal


def test_items_on_two_scales_are_told_apart(questionnaire: Questionnaire) -> None:
    performance = paragraphs(measures_document(questionnaire, "nl"))[1]
    assert "3 items beantwoord op een schaal met 5 punten van 1 “sterk verslechterd”" in performance
    assert "4 items beantwoord op een schaal met 5 punten van 1 “helemaal mee oneens”" in performance
    assert "als er minder dan 5 van de 7 geldig zijn" in performance
    assert "naar Ketels, Lindqvist en Sölvell (2012)." in performance


@pytest.mark.parametrize(
    ("citation", "cited"),
    [
        ("Ebbekink, M. (2017), Cluster governance", "naar Ebbekink (2017)."),
        ("Ebbekink, M. and Lagendijk, A. (2013), What's Next", "naar Ebbekink en Lagendijk (2013)."),
        (
            "Meier zu Köcker, G.H., van Dam, J.-P. and Bos, A. B. (2001). X.",
            "naar Meier zu Köcker, van Dam en Bos (2001).",
        ),
        ("Ministry of Trade and Industry (2015)", "naar Ministry of Trade and Industry (2015)."),
        ("Greenbook 2.0, Kolding, 2013.", "naar Greenbook 2.0, Kolding, 2013."),
    ],
)
def test_a_citation_is_shortened_where_its_authors_can_be_told(
    citation: str, cited: str, questionnaire: Questionnaire
) -> None:
    sources = questionnaire.sources | {"ketels2012": Source(citation=citation)}
    changed = Questionnaire.model_validate(questionnaire.model_dump() | {"sources": sources})
    assert cited in paragraphs(measures_document(changed, "nl"))[1]


def test_reversed_items_sums_and_published_content(questionnaire: Questionnaire) -> None:
    title = Text({"nl": "Druk", "en": "Pressure"})
    items = ("internal_deadlines", "internal_goals")
    key = Construct(code="p", title=title, items=items, reversed=items[:1], minimum_valid=1, score="sum",
                    source="ketels2012, Fig. 28", mark="P")  # fmt: skip
    text = paragraphs(measures_document(with_constructs(questionnaire, key), "en"))[1]
    for words in ("One item (internal_deadlines)", "prorated from the person's mean", "content after Ketels"):
        assert words in text


def test_without_scale_scores_it_says_so(questionnaire: Questionnaire) -> None:
    assert "no scale scores" in paragraphs(measures_document(with_constructs(questionnaire), "en"))[1]


def test_alpha_stands_there_with_responses_and_the_mark_of_synthetic_ones(
    questionnaire: Questionnaire, root: Path
) -> None:
    model = read_simulation(root / "survey" / "simulation.yml", questionnaire)
    responses = simulate(model, questionnaire, n=120, rng=generator(1)).responses
    document = measures_document(questionnaire, "en", responses=responses)
    assert "SYNTHETIC" in document.banner
    assert sum("Cronbach's alpha was 0." in text for text in paragraphs(document)) == 4
    assert to_measures(questionnaire, "en", responses=responses) == to_measures(
        questionnaire, "en", responses=responses
    )
