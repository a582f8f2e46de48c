"""The codebook as a page: every variable and code in every language, counts only where they may be shown."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest
from lxml import html

from clustergov.analysis.description.overview import overview
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.reports.codebook_html import render_codebook_html
from clustergov.reports.findings import Findings
from clustergov.survey.responses import Origin, Responses

HIDDEN = "–"


def words(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


@pytest.fixture(scope="module")
def synthetic(findings: Findings) -> Responses:
    return findings.responses


@pytest.fixture(scope="module")
def real(synthetic: Responses) -> Responses:
    """The same answers as if real, with text in the open question that nobody may see."""
    frame = synthetic.frame.copy()
    frame.loc[frame.index[0], "remarks"] = "Secret remark of one person"
    blanks = synthetic.blanks.copy()
    blanks.loc[frame.index[0], "remarks"] = ""
    return dataclasses.replace(synthetic, frame=frame, blanks=blanks, origin=Origin("real", "answers.csv"))


def table(page: html.HtmlElement, language: str, question: str, *, variables: bool = False) -> list[list[str]]:
    """A table of one question in one language, header first."""
    ends = "-variables" if variables else ""
    found = [node for node in page.xpath(f"//*[starts-with(@id, '{language}-table-')]")
             if node.get("id").endswith(f"-{question}{ends}")]  # fmt: skip
    assert len(found) == 1
    return [[words(cell) for cell in row.xpath("./th | ./td")] for row in found[0].xpath(".//tr")]


def test_arguments_are_unchanged_and_pages_equal(real: Responses) -> None:
    frame, blanks = real.frame.copy(), real.blanks.copy()
    first = render_codebook_html(real.questionnaire, responses=real)
    assert real.frame.equals(frame)
    assert real.blanks.equals(blanks)
    assert render_codebook_html(copy.deepcopy(real.questionnaire), responses=real) == first


def test_every_variable_and_code_in_both_languages(synthetic: Responses) -> None:
    questionnaire = synthetic.questionnaire
    page = html.document_fromstring(render_codebook_html(questionnaire))
    assert page.get("lang") == "nl"
    for language in ("nl", "en"):
        (part,) = page.xpath(f"//main/section[@lang='{language}']") if language == "en" else page.xpath("//section[1]")
        text = words(part)
        for variable in questionnaire.variables:
            assert variable.name in text
        for scale in questionnaire.scales.values():
            assert all(option.text.to(language) in text for option in scale.options)
        for construct in questionnaire.constructs:
            assert construct.title.to(language) in text
    assert not page.xpath("//aside")


def test_counts_are_those_of_the_overview(synthetic: Responses) -> None:
    page = html.document_fromstring(render_codebook_html(synthetic.questionnaire, responses=synthetic))
    (summary,) = overview(synthetic).of("legal")
    rows = {row[0]: row for row in table(page, "en", "legal")[1:]}
    assert rows["Y"][1:3] == ["yes", f"{int(summary.counts.loc['legal', 'Y'])}"]
    header, *lines = table(page, "nl", "contact", variables=True)
    counts = overview(synthetic).of("contact")[0].counts
    first = lines[0]
    assert first[0] == "contact_firms"
    assert first[header.index("1") : header.index("6") + 1] == [f"{int(n)}" for n in counts.loc["contact_firms"]]


def test_synthetic_is_marked_and_real_is_not(synthetic: Responses, real: Responses) -> None:
    marked = html.document_fromstring(render_codebook_html(synthetic.questionnaire, responses=synthetic))
    (banner,) = marked.xpath("//aside")
    assert "SYNTHETISCH" in words(banner)
    assert "SYNTHETIC" in words(banner)
    assert all("[SYNTHETI" in words(caption) for caption in marked.xpath("//caption"))
    assert "SYNTHETI" not in render_codebook_html(real.questionnaire, responses=real)


def test_small_counts_of_real_responses_are_hidden(synthetic: Responses, real: Responses) -> None:
    page = html.document_fromstring(render_codebook_html(real.questionnaire, responses=real))
    open_page = html.document_fromstring(render_codebook_html(synthetic.questionnaire, responses=synthetic))
    counts = overview(synthetic).of("country")[0].counts.loc["country"]
    few = [code for code, n in counts.items() if 0 < n < 5]
    assert few, "the test needs small counts"
    rows = {row[0]: row for row in table(page, "nl", "country")[1:]}
    shown = {row[0]: row for row in table(open_page, "nl", "country")[1:]}
    assert all(rows[code][2:4] == [HIDDEN, HIDDEN] for code in few)
    assert all(shown[code][2] == f"{int(counts[code])}" for code in few)


def test_minimum_is_respected(synthetic: Responses) -> None:
    page = html.document_fromstring(render_codebook_html(synthetic.questionnaire, responses=synthetic, minimum=50))
    numbers = [row[2] for row in table(page, "en", "staff")[1:] if row[0] and row[2]]
    assert HIDDEN in numbers
    assert all(number == HIDDEN or number == "0" or int(number) >= 50 for number in numbers)


def test_free_text_is_never_shown(real: Responses) -> None:
    text = render_codebook_html(real.questionnaire, responses=real)
    assert "Secret" not in text
    assert table(html.document_fromstring(text), "en", "remarks", variables=True)[0] == ["Variable", "answered"]


@pytest.fixture
def imported(tmp_path: Path) -> Questionnaire:
    """A LimeSurvey structure in German and Arabic, with hostile words, an array and a free “other”."""
    columns = ("class", "type/scale", "name", "relevance", "text", "language", "other")
    rows: list[tuple[str, ...]] = [
        ("S", "", "language", "", "de-informal", "", ""),
        ("S", "", "additional_languages", "", "ar", "", ""),
    ]
    texts = {
        "de-informal": ("Umfrage <b>", "Gruppe", "Wie oft {{ 7 * 7 }}?", "nie & nimmer", "immer", "Teil", "Womit?"),
        "ar": ("استبيان", "مجموعة", "كم مرة؟", "أبدا", "دائما", "جزء", "بماذا؟"),
    }
    for language, (title, group, often, never, always, item, tools) in texts.items():
        rows += [
            ("SL", "", "surveyls_title", "", title, language, ""),
            ("G", "G0", group, "1", "", language, ""),
            ("Q", "F", "often", "1", often, language, "N"),
            ("SQ", "0", "a", "1", f"{item} a", language, ""),
            ("SQ", "0", "b", "1", f"{item} b", language, ""),
            ("A", "0", "A1", "", never, language, ""),
            ("A", "0", "A2", "", always, language, ""),
            ("Q", "M", "tools", "1", tools, language, "Y"),
            ("SQ", "0", "x", "1", item, language, ""),
        ]
    path = tmp_path / "survey.txt"
    path.write_text("\n".join("\t".join(row) for row in [columns, *rows]) + "\n", encoding="utf-8")
    return read_limesurvey(path).questionnaire


def test_an_imported_questionnaire_keeps_its_languages(imported: Questionnaire) -> None:
    text = render_codebook_html(imported)
    page = html.document_fromstring(text)
    assert page.get("lang") == "en"
    assert len(page.xpath("//main/section")) == 2
    german = [words(node) for node in page.xpath("//main//*[@lang='de']")]
    assert "nie & nimmer" in german
    assert "Teil a" in german
    arabic = page.xpath("//main//*[@lang='ar']")
    assert "أبدا" in [words(node) for node in arabic]
    assert all(node.get("dir") == "rtl" for node in arabic)
    assert "ticked" in words(page)
    assert "<b>" not in text


def test_a_real_survey_in_its_own_form(shared: Path) -> None:
    """Whatever structure stands beside the project becomes a codebook with all its variables."""
    found = [
        path
        for path in sorted(shared.rglob("*.txt"))
        if path.read_bytes()[:40].lstrip(b'\xef\xbb\xbf"').startswith((b"class", b"id\t"))
    ]
    assert found
    for path in found[:3]:
        questionnaire = read_limesurvey(path).questionnaire
        text = words(html.document_fromstring(render_codebook_html(questionnaire)))
        assert all(variable.name in text for variable in questionnaire.variables)
