"""Word files: what Word, a screen reader and a second run of the same study need to find in them."""

from __future__ import annotations

import copy
import io
import re
import time
import zipfile
from collections import Counter
from functools import cache
from typing import Any

import pandas as pd
import pytest
from lxml import etree
from PIL import Image

from clustergov.reports.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Heading,
    Notice,
    Paragraph,
    Span,
    Table,
)
from clustergov.reports.word import render_word
from clustergov.reports.word_table import TEXT_WIDTH, column_widths

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {
    "w": W.strip("{}"),
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
}


def picture(width: int = 40, height: int = 20) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(stream, "PNG")
    return stream.getvalue()


def table(identifier: str = "shares", rows: int = 3, **settings: Any) -> Table:
    cells = tuple((f"bron {row}", str(row), "< 0,001") for row in range(rows))
    return Table(identifier, "Aandelen", ("Bron", "n", "p"), cells, pd.DataFrame({"n": range(rows)}), **settings)


def document(*blocks: Block, language: str = "nl", banner: str = "SYNTHETISCH: verzonnen antwoorden") -> Document:
    return Document("Titel <b>", "Ondertitel", language, "Onderzoeksgroep", "2026-07-01", blocks, banner)


@cache
def sample() -> Document:
    return document(
        Contents(),
        Notice("Let op", "Eén meting.", "limit"),
        Heading(1, "Vragen & antwoorden", "asked"),
        Paragraph(("Zie ", Span("", to="#shares"), ", ", Span("", to="#chart"), " en ", Span("", to="#deeper"), ".")),
        Paragraph((Span("hier", to="#asked"), Span("bron", to="https://example.org/?a=1&b=2"))),
        Paragraph((Span("Wie geht es?", language="de-informal"), Span("שלום", language="he"), Span("same", language="nl"))),
        Bullets(("een", (Span("twee", strong=True),))),
        Heading(2, "Dieper", "deeper"),
        table(notes=("n = 3.", (Span("bron", emphasis=True),))),
        Figure("chart", "Een figuur", "Stijgt van 1 naar 3 \x00", picture(), notes=("n = 240.",)),
        Figure("again", "Dezelfde figuur", "Nog eens", picture()),
        Heading(1, "Slot", "end"),
        table("plain"),
        Paragraph("tekst\x0bmet \x07 rare\nregels {{ x }} ]]>"),
    )  # fmt: skip


def unzipped(which: Document) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render_word(which))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def parts() -> dict[str, bytes]:
    return unzipped(sample())


def body(which: Document | None = None) -> Any:
    return etree.fromstring((unzipped(which) if which else parts())["word/document.xml"])


def words(node: Any) -> str:
    return "".join(node.xpath(".//w:t/text()", namespaces=NAMES))


def styled(root: Any, style: str) -> list[Any]:
    return list(root.xpath(f"//w:p[w:pPr/w:pStyle/@w:val='{style}']", namespaces=NAMES))


def test_the_document_is_unchanged_and_two_renderings_have_equal_bytes() -> None:
    before = copy.deepcopy([block for block in sample().blocks if not isinstance(block, Table)])
    first = render_word(sample())
    assert [block for block in sample().blocks if not isinstance(block, Table)] == before
    time.sleep(2.1)  # a zip file counts time in steps of two seconds
    assert render_word(sample()) == first


def test_nothing_is_left_of_the_template_of_python_docx() -> None:
    everything = b"".join(parts().values())
    assert not [name for name in parts() if "Effects" in name or "thumbnail" in name or "customXml" in name]
    for trace in (b"python-docx", b"2013-", b"Macintosh"):
        assert trace not in everything


def test_core_properties_hold_title_author_language_and_the_date_of_the_study() -> None:
    core = etree.fromstring(parts()["docProps/core.xml"])
    assert core.findtext("dc:title", namespaces=NAMES) == "Titel <b>"
    assert core.findtext("dc:creator", namespaces=NAMES) == "Onderzoeksgroep"
    assert core.findtext("dc:language", namespaces=NAMES) == "nl-NL"
    for moment in ("created", "modified"):
        assert core.findtext(f"dcterms:{moment}", namespaces=NAMES) == "2026-07-01T00:00:00Z"


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_styles_say_the_language(language: str, tag: str) -> None:
    styles = etree.fromstring(unzipped(document(language=language))["word/styles.xml"])
    languages = set(styles.xpath("//w:lang/@w:val", namespaces=NAMES))
    assert languages == {tag}


def test_only_text_in_another_language_is_tagged_and_hebrew_runs_backwards() -> None:
    runs = body().xpath("//w:r[w:rPr/w:lang]", namespaces=NAMES)
    tagged = {words(run): run.xpath("string(w:rPr/w:lang/@w:val)", namespaces=NAMES) for run in runs}
    assert tagged == {"Wie geht es?": "de-DE", "שלום": "he-IL"}
    assert [words(run) for run in runs if run.find("w:rPr/w:rtl", NAMES) is not None] == ["שלום"]


def test_headings_are_numbered_by_word_and_listed_in_the_contents_with_the_same_number() -> None:
    root = body()
    assert [words(node) for node in styled(root, "Heading1")] == ["Vragen & antwoorden", "Slot"]
    assert [words(node) for node in styled(root, "Heading2")] == ["Dieper"]
    lines = [words(node) for level in (1, 2) for node in styled(root, f"TOC{level}")]
    assert lines == ["1Vragen & antwoorden", "2Slot", "1.1Dieper"]
    assert 'TOC \\o "1-2" \\h \\z \\u' in "".join(root.xpath("//w:instrText/text()", namespaces=NAMES))
    numbering = parts()["word/numbering.xml"].decode()
    assert all(f'w:pStyle w:val="Heading{level}"' in numbering for level in (1, 2, 3))


def test_captions_count_and_references_show_what_they_point_at() -> None:
    root = body()
    captions = [words(node) for node in styled(root, "Caption") + styled(root, "FigureCaption")]
    assert captions == [
        "Tabel\N{NO-BREAK SPACE}1. Aandelen [SYNTHETISCH]",
        "Tabel\N{NO-BREAK SPACE}2. Aandelen [SYNTHETISCH]",
        "Figuur\N{NO-BREAK SPACE}1. Een figuur [SYNTHETISCH]",
        "Figuur\N{NO-BREAK SPACE}2. Dezelfde figuur [SYNTHETISCH]",
    ]
    codes = Counter(code.split()[0] for code in root.xpath("//w:instrText/text()", namespaces=NAMES))
    assert codes == {"SEQ": 4, "REF": 3, "TOC": 1}
    [sentence] = [words(node) for node in styled(root, "BodyText") if words(node).startswith("Zie")]
    assert sentence.replace("\N{NO-BREAK SPACE}", " ") == "Zie Tabel 1, Figuur 1 en paragraaf 1.1."


def test_every_reference_and_line_of_the_contents_has_its_bookmark() -> None:
    root = body()
    names = root.xpath("//w:bookmarkStart/@w:name", namespaces=NAMES)
    assert len(names) == len(set(names))
    asked = set(re.findall(r"\bREF (\S+)", " ".join(root.xpath("//w:instrText/text()", namespaces=NAMES))))
    asked |= set(root.xpath("//w:hyperlink/@w:anchor", namespaces=NAMES))
    assert asked
    assert asked <= set(names)


def test_bookmarks_fields_and_ids_are_paired_and_unique() -> None:
    root = body()
    starts = root.xpath("//w:bookmarkStart/@w:id", namespaces=NAMES)
    assert sorted(starts) == sorted(root.xpath("//w:bookmarkEnd/@w:id", namespaces=NAMES))
    assert len(starts) == len(set(starts))
    kinds = Counter(root.xpath("//w:fldChar/@w:fldCharType", namespaces=NAMES))
    assert kinds["begin"] == kinds["separate"] == kinds["end"] > 0
    drawings = root.xpath("//wp:docPr/@id", namespaces=NAMES)
    assert len(drawings) == len(set(drawings)) == 2


def test_every_relation_that_is_used_exists_and_links_lead_outside() -> None:
    used = set(re.findall(r'r:(?:id|embed)="(rId\d+)"', parts()["word/document.xml"].decode()))
    relations = etree.fromstring(parts()["word/_rels/document.xml.rels"])
    known = {node.get("Id"): node for node in relations}
    assert used <= set(known)
    assert [node.get("Target") for node in relations if node.get("TargetMode") == "External"] == [
        "https://example.org/?a=1&b=2"
    ]


def test_tables_have_a_header_row_that_repeats_and_rows_that_do_not_split() -> None:
    tables = body().xpath("//w:tbl", namespaces=NAMES)
    for node in tables:
        rows = node.xpath("w:tr", namespaces=NAMES)
        assert [row.find("w:trPr/w:tblHeader", NAMES) is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert not rows[0].find("w:trPr/w:tblHeader", NAMES).attrib  # any value but on and off is an error to Word
        assert all(row.find("w:trPr/w:cantSplit", NAMES) is not None for row in rows)
        assert all(cell[-1].tag == f"{W}p" for cell in node.iter(f"{W}tc"))
        assert node.find("w:tblPr/w:tblLook", NAMES).get(f"{W}firstColumn") == "1"
        assert node.xpath("string(w:tblPr/w:tblCaption/@w:val)", namespaces=NAMES) == "Aandelen"
        assert "3 rijen en 3 kolommen: Bron, n, p" in node.xpath("string(.//w:tblDescription/@w:val)", namespaces=NAMES)
    assert len(tables) == 2


def test_a_short_table_stays_on_a_page_and_one_with_tall_rows_may_break_between_them() -> None:
    cells = tuple((f"bron {row}", str(row), "woord " * 120) for row in range(4))
    tall = Table("tall", "Lang", ("Bron", "n", "p"), cells, pd.DataFrame(), widths=(1, 1, 2))
    for each, kept in ((table(), 3), (tall, 1)):
        rows = body(document(each)).xpath("//w:tbl/w:tr", namespaces=NAMES)
        assert sum(bool(row.xpath(".//w:keepNext", namespaces=NAMES)) for row in rows) == kept
        assert rows[0].xpath(".//w:keepNext", namespaces=NAMES)  # the heading never stands alone


def test_pictures_have_an_alternative_text_and_keep_their_shape() -> None:
    root = body()
    assert root.xpath("//wp:docPr/@descr", namespaces=NAMES) == [
        "Stijgt van 1 naar 3 \N{REPLACEMENT CHARACTER}",
        "Nog eens",
    ]
    for extent in root.iter(f"{{{NAMES['wp']}}}extent"):
        assert int(extent.get("cx")) == 2 * int(extent.get("cy")) == 16 * 360_000


def test_a_tall_picture_is_scaled_to_a_page() -> None:
    root = body(document(Figure("tall", "Hoog", "Hoog", picture(100, 400))))
    [extent] = root.iter(f"{{{NAMES['wp']}}}extent")
    assert int(extent.get("cy")) <= 22 * 360_000
    assert int(extent.get("cy")) == pytest.approx(4 * int(extent.get("cx")), rel=1e-5)


def test_the_banner_is_in_the_header_of_every_page_and_real_responses_have_none() -> None:
    marked = etree.fromstring(next(content for name, content in parts().items() if "header" in name))
    assert "SYNTHETISCH: verzonnen antwoorden" in words(marked)
    real = unzipped(document(table(), banner=""))
    assert not [name for name, content in real.items() if b"SYNTHETI" in content and "styles" not in name]


def test_the_footer_counts_pages() -> None:
    footer = etree.fromstring(next(content for name, content in parts().items() if "footer" in name))
    codes = [code.strip() for code in footer.xpath("//w:instrText/text()", namespaces=NAMES)]
    assert codes == ["PAGE", "NUMPAGES"]


def test_every_style_in_use_is_defined() -> None:
    defined = set(etree.fromstring(parts()["word/styles.xml"]).xpath("//w:style/@w:styleId", namespaces=NAMES))
    used = set()
    for name, content in parts().items():
        if name.startswith("word/") and name.endswith(".xml"):
            root = etree.fromstring(content)
            used |= set(root.xpath("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val", namespaces=NAMES))
            used |= set(root.xpath("//w:basedOn/@w:val | //w:next/@w:val", namespaces=NAMES))
    assert used <= defined


def test_no_paragraph_is_empty() -> None:
    for node in body().iter(f"{W}p"):
        assert words(node) or node.find(".//w:drawing", NAMES) is not None


def test_characters_that_xml_forbids_are_replaced_and_line_ends_become_breaks() -> None:
    last = styled(body(), "BodyText")[-1]
    assert words(last) == "tekstmet \N{REPLACEMENT CHARACTER} rareregels {{ x }} ]]>"
    assert len(last.xpath(".//w:br", namespaces=NAMES)) == 2


def test_a_number_is_never_broken_and_columns_fill_the_line() -> None:
    header = ("Onderdeel", *(f"Kolomnaam{place}" for place in range(9)))
    rows = tuple((f"Internationaliseringsstrategie {row}", *["1.234,56"] * 9) for row in range(3))
    wide = Table("wide", "Breed", header, rows, pd.DataFrame())
    widths, small = column_widths(wide)
    assert sum(widths) == TEXT_WIDTH
    assert small
    # 7 pt: an average digit of the widest substitute font takes 0.64 of the type size; 7 pt of margins (twentieths of pt).
    assert all(width >= 8 * 0.64 * 7 * 20 + 140 for width in widths[1:])
    assert "<\N{NO-BREAK SPACE}0,001" in words(body(document(table())))


def test_declared_widths_hold_where_no_word_has_to_be_broken() -> None:
    widths, _ = column_widths(table(widths=(3.0, 1.0, 1.0)))
    assert widths[0] == pytest.approx(TEXT_WIDTH * 3 / 5, rel=0.02)


@pytest.mark.parametrize("cells", [(), (("a", "", "1"),)])
def test_a_table_may_be_empty_or_tiny(cells: tuple[tuple[str, ...], ...]) -> None:
    tiny = Table("tiny", "Klein", ("a", "b", "c"), cells, pd.DataFrame())
    assert sum(column_widths(tiny)[0]) == TEXT_WIDTH
    assert len(body(document(tiny)).xpath("//w:tr", namespaces=NAMES)) == 1 + len(cells)


def test_a_script_is_no_link() -> None:
    root = body(document(Paragraph((Span("klik", to="javascript:alert(1)"),))))
    assert not root.xpath("//w:hyperlink", namespaces=NAMES)
    assert words(styled(root, "BodyText")[0]) == "klik"
