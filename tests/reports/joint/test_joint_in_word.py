"""The chapter in Word: headings of every table stay headings, rows stay whole, nothing is lost on the way back."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from clustergov.reports.chapters.joint import joint as chapter
from clustergov.reports.document import Document, Figure, Heading, Table
from clustergov.reports.inline import plain
from clustergov.reports.word import render_word
from joint_parts import Parts


@pytest.fixture(scope="module", params=["nl", "en"])
def document(parts: Parts, request: pytest.FixtureRequest) -> Document:
    blocks = chapter(parts.display(), request.param, parts.model(), banner="SYNTHETIC")
    return Document("Joint", "", request.param, "", "2026-11-22", tuple(blocks), "SYNTHETIC")


def squeezed(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def test_tables_come_back_from_word_with_their_headers_and_cells(document: Document) -> None:
    read = docx.Document(io.BytesIO(render_word(document)))
    ours = document.tables()
    theirs = [table for table in read.tables if table._tbl.tblPr.find(qn("w:tblCaption")) is not None]
    assert len(theirs) == len(ours) > 15
    for table, found in zip(ours, theirs, strict=True):
        properties = found.rows[0]._tr.trPr
        assert properties.find(qn("w:tblHeader")) is not None
        assert [squeezed(cell.text) for cell in found.rows[0].cells] == [squeezed(plain(cell)) for cell in table.header]
        assert len(found.rows) == len(table.rows) + 1
        for row, cells in zip(found.rows[1:], table.rows, strict=True):
            assert row._tr.trPr.find(qn("w:tblHeader")) is None
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
            assert [squeezed(cell.text) for cell in row.cells] == [squeezed(plain(cell)) for cell in cells]


def test_every_identifier_stands_once(document: Document) -> None:
    known = [block.id for block in document.blocks if isinstance(block, Heading | Table | Figure)]
    assert len(known) == len(set(known))


def test_no_table_is_wider_than_a_page_can_bear(document: Document) -> None:
    assert max(len(table.header) for table in document.tables()) <= 7


def test_figures_tell_their_numbers_to_those_who_cannot_see_them(document: Document) -> None:
    assert len(document.figures()) == 4
    for figure in document.figures():
        assert 40 < len(figure.alt) < 700
        assert any(letter.isdigit() for letter in figure.alt)


def test_libreoffice_shows_every_table(document: Document, soffice: str, tmp_path: Path) -> None:
    (tmp_path / "joint.docx").write_bytes(render_word(document))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "joint.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "joint.pdf"), "-"], check=True, capture_output=True)
    told = squeezed(text.stdout.decode("utf-8"))
    for table in document.tables():
        assert squeezed(plain(table.caption))[:30] in told
