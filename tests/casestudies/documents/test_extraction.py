"""Files of six kinds become one normalised text, or a clear message; every fixture is made here."""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from pathlib import Path

import docx
import odfdo
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from clustergov.casestudies.documents.extracted import Extracted
from clustergov.casestudies.documents.extraction import extract, tidy
from clustergov.problems import InputError

W = nsdecls("w")


def refused(path: Path, **options: str) -> list[tuple[str, int | None]]:
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        extract(path, **options)
    assert path.read_bytes() == before
    assert all(problem.message and problem.fix for problem in caught.value.problems)
    return [(problem.rule, problem.line) for problem in caught.value.problems]


def outcome(path: Path) -> str:
    """The text of a file, or the rule by which it is refused."""
    try:
        return extract(path).text
    except InputError as error:
        return error.problems[0].rule


def notes(found: Extracted) -> str:
    return "\n".join(note["en"] for note in found.notes)


def pdf_of(*pages: list[tuple[int, str]], password: str = "") -> bytes:
    """A PDF by hand: per page lines of (height, Latin-1 text); a page without lines is one without text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
               b"/Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    for lines in pages:
        content = b"".join(
            b"BT /F1 11 Tf 72 %d Td (%s) Tj ET\n"
            % (height, text.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)"))
            for height, text in lines
        )
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, start,
    )  # fmt: skip
    if not password:
        return bytes(out)
    writer = pypdf.PdfWriter(io.BytesIO(bytes(out)))
    writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


# Plain text and Markdown


def test_text_is_tidied_once_and_says_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffCafe\u0301 🚰 x²\r\n\r\nru\u00adst\u00a0nu\u2028klaar\x07 👩‍👩‍👧\n".encode())
    found = extract(path)
    assert found.text == "Café 🚰 x²\n\nrust\u00a0nu\nklaar 👩‍👩‍👧\n"
    assert "NFC" in notes(found)
    assert "Invisible characters: 2" in notes(found)
    assert (found.kind, found.pages) == ("txt", ())


def test_tidying_twice_is_tidying_once(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Kop\n\n- *één*\n", encoding="utf-8")
    found = extract(path)
    assert (found.kind, found.text) == ("md", "# Kop\n\n- *één*\n")
    assert tidy(found) == found
    assert found.notes == ()


def test_an_older_windows_file_is_told_and_read_with_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("een\n“caf\u00e9” kost € 2\n".encode("cp1252"))
    assert refused(path) == [("encoding", 2)]
    found = extract(path, encoding="windows-1252")
    assert found.text == "een\n“café” kost € 2\n"
    assert "cp1252" in notes(found)
    assert refused(path, encoding="windows-1253x") == [("encoding", None)]


def test_utf_16_is_read_by_its_mark_and_else_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("één\r\ntwee".encode("utf-16"))
    assert extract(path).text == "één\ntwee"
    path.write_bytes(b"een\ntwee\x00drie")
    assert refused(path) == [("not-text", 2)]


def test_form_feeds_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("een e\u0301\n\ftwee\n\fdrie\n\f", encoding="utf-8")
    found = extract(path)
    assert found.text == "een é\n\ntwee\n\ndrie"
    assert [found.text[start:][:4] for start in found.pages] == ["een ", "twee", "drie"]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.txt", b"", "empty-file"), ("a.txt", b" \n", "empty-document"), ("a.doc", b"\xd0\xcf\x11\xe0", "document-kind"),
        ("a.rtf", b"{\\rtf1", "document-kind"), ("a.txt", b"%PDF-1.4", "document-kind"), ("a.txt", b"PK\x03\x04", "document-kind"),
        ("a.pdf", b"hello", "broken-document"), ("a.pdf", b"%PDF-1.7\ntrailer", "broken-document"),
        ("a.docx", b"PK\x03\x04 and then nothing", "broken-document"), ("a.odt", b"plain", "broken-document"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "document-encrypted"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes, rule: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [found for found, _ in refused(path)] == [rule]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "a.txt", tmp_path):
        with pytest.raises(InputError):
            extract(path)


# Word


@pytest.fixture
def word(tmp_path: Path) -> Path:
    document = docx.Document()
    document.core_properties.author = "Somebody Secret"
    document.add_heading("Kop", 1)
    first = document.add_paragraph("Eerste ")
    first.add_run("alinea")
    first.add_run().add_break()
    first.add_run("tweede regel 🚰")
    body = document.element.body
    body.insert(2, parse_xml(
        f'<w:p {W}><w:r><w:t xml:space="preserve">Wij </w:t></w:r>'
        '<w:del w:id="1" w:author="Somebody Secret"><w:r><w:delText>nooit</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="Somebody Secret"><w:r><w:t>altijd</w:t></w:r></w:ins>'
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    ))  # fmt: skip
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "links", "rechts"
    box = (
        f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml">'
        '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>In een vak</w:t></w:r></w:p>'
        '</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>In een vak'
        '</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>'
    )  # fmt: skip
    document.add_paragraph("Met vak")._p.append(parse_xml(box))
    document.add_comment(first.runs[0], text="Een opmerking", author="Somebody Secret")
    path = tmp_path / "Jan de Geheime.docx"
    document.save(str(path))
    return path


def test_word_is_read_as_a_reader_sees_it(word: Path) -> None:
    found = extract(word)
    assert found.text == (
        "Kop\n\nEerste alinea\ntweede regel 🚰\n\nWij altijd.\n\nlinks\trechts\n\nMet vak\n\nIn een vak"
    )
    for part in (
        "inserted: 1",
        "deleted: 1",
        "Comments in the margin: 1",
        "Hidden stretches of text: 1",
        "Tables: 1",
        "Text boxes: 1",
    ):
        assert part in notes(found)
    assert "Secret" not in found.text + notes(found)


def with_part(path: Path, name: str, content: str, old: str = "", new: str = "") -> None:
    """Put a part into an archive, and change a text in its relations and content types."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = content.encode()
    for part, (before, after) in {
        "[Content_Types].xml": ("</Types>", '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
                                'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>'),
        "word/_rels/document.xml.rels": ("</Relationships>", '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/'
                                         'officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>'),
        "word/document.xml": (old, new),
    }.items():  # fmt: skip
        parts[part] = parts[part].replace(before.encode(), after.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def test_footnotes_stand_at_the_end_under_the_number_in_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("Een zin.")
    document.add_paragraph("Nog een.")
    document.save(str(path))
    footnotes = (
        f'<w:footnotes {W}><w:footnote w:id="7"><w:p><w:r><w:t>Een noot.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    with_part(
        path,
        "word/footnotes.xml",
        footnotes,
        "<w:t>Een zin.</w:t>",
        '<w:t>Een zin.</w:t><w:footnoteReference w:id="7"/>',
    )
    found = extract(path)
    assert found.text == "Een zin.[1]\n\nNog een.\n\n[1] Een noot."
    assert "Foot- and endnotes: 1" in notes(found)


def test_archives_that_are_bombs_encrypted_or_something_else_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 60_000_000)
    assert refused(path) == [("too-large", None)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sheet.xml", b"<a/>")
    assert refused(path) == [("document-kind", None)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<a")
    assert refused(path) == [("broken-document", None)]
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert refused(path) == [("document-encrypted", None)]


def test_an_entity_bomb_in_word_is_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("MARK")
    document.save(str(path))
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(9))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts["word/document.xml"].decode()
    head, rest = xml.split("?>", 1)
    parts["word/document.xml"] = f"{head}?><!DOCTYPE x [{entities}]>{rest.replace('MARK', 'MARK&e8;')}".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert len(outcome(path)) < 1000


# OpenDocument


def test_open_document_is_read_as_a_reader_sees_it(tmp_path: Path) -> None:
    document = odfdo.Document("text")
    document.meta.creator = "Somebody Secret"
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, "Kop"))
    paragraph = odfdo.Paragraph("Een  zin met\teen tab")
    body.append(paragraph)
    paragraph.insert_note(after="zin", note_id="n1", citation="1", body="Een noot")
    paragraph.insert_annotation(after="tab", body="Een opmerking", creator="Somebody Secret")
    table = odfdo.Table("T", width=2, height=1)
    table.set_values([["links", "rechts"]])
    body.append(table)
    path = tmp_path / "a.odt"
    document.save(path)
    found = extract(path)
    assert found.text == "Kop\n\nEen  zin[1] met\teen tab\n\nlinks\trechts\n\n[1] Een noot"
    assert "Comments in the margin: 1" in notes(found)
    assert "Secret" not in found.text


def test_an_encrypted_open_document_is_told(tmp_path: Path) -> None:
    document = odfdo.Document("text")
    path = tmp_path / "a.odt"
    document.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(
        b"</manifest:manifest>", b"<manifest:file-entry manifest:full-path='x' manifest:media-type=''>"
        b"<manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
    )  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert refused(path) == [("document-encrypted", None)]


# PDF


def test_pdf_keeps_its_lines_paragraphs_and_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of(
        [(700, "Een coöperatie die groeit,"), (686, "en nog een regel."), (672, "Derde (regel)."), (640, "Nieuwe alinea.")],
        [],
        [(700, "Bladzijde drie.")],
    ))  # fmt: skip
    found = extract(path)
    assert (
        found.text
        == "Een coöperatie die groeit,\nen nog een regel.\nDerde (regel).\n\nNieuwe alinea.\n\nBladzijde drie."
    )
    third = found.text.index("Bladzijde")
    assert found.pages == (0, third, third)
    assert "Pages without text (a scan or a picture): 2." in notes(found)


def test_a_scan_and_a_password_are_told_and_an_owner_password_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([], []))
    assert refused(path) == [("scanned-document", None)]
    path.write_bytes(pdf_of([(700, "Geheim")], password="open"))
    assert refused(path) == [("document-encrypted", None)]


def test_a_pdf_cut_off_is_told_or_read(tmp_path: Path) -> None:
    whole = pdf_of([(700, "Een regel.")])
    path = tmp_path / "a.pdf"
    for length in range(20, len(whole), 37):
        path.write_bytes(whole[:length])
        assert outcome(path) in ("Een regel.", "broken-document", "scanned-document")


# Web pages


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>T</title><style>p {{}}</style></head>
<body><nav>Menu</nav><main><h1>Kop</h1><p>Een  <b>vette</b>
alinea<br>met&nbsp;regel €.<!-- niets --></p><script>alert(1)</script><p hidden>weg</p><p style="display: none">weg</p>
<table><tr><td>links</td><td><p>rechts</p></td></tr></table><ul><li>een</li><li>twee</li></ul><pre>a
b</pre></main><footer>Voet</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_web_page_is_read_as_a_reader_sees_it(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(PAGE.format(charset=charset).encode(charset))
    found = extract(path)
    assert found.text == ("Kop\n\nEen vette alinea\nmet\u00a0regel €.\n\nlinks\trechts\n\neen\n\ntwee\n\na\nb")
    assert "Characters around the article (menu, footer): 4" in notes(found)


def test_a_web_page_nested_too_deep_or_empty_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<div>" * 5000 + "diep", encoding="utf-8")
    assert outcome(path) in ("diep", "broken-document")
    path.write_text("<html><body><script>x</script></body></html>", encoding="utf-8")
    assert refused(path) == [("empty-document", None)]


# Damage


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The same with some bytes taken out or replaced."""
    found = bytearray(content)
    for _ in range(rng.choice([1, 3, 20])):
        at = rng.randrange(len(found))
        found[at : at + rng.randrange(20)] = bytes(rng.randrange(256) for _ in range(rng.randrange(4)))
    return bytes(found)


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_whatever_is_damaged_gives_a_text_or_one_clear_message(word: Path, tmp_path: Path, kind: str) -> None:
    rng = random.Random(20)
    path = tmp_path / f"damaged.{kind}"
    if kind == "odt":
        odfdo.Document("text").save(tmp_path / "whole.odt")
    for _ in range(40):
        if kind == "pdf":
            path.write_bytes(damaged(pdf_of([(700, "Een regel."), (650, "Nog een.")]), rng))
        else:  # damage within the parts, since any damage to the archive itself is found by its sums
            with zipfile.ZipFile(word if kind == "docx" else tmp_path / "whole.odt") as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
            name = rng.choice([name for name in parts if name.endswith((".xml", ".rels")) and parts[name]])
            parts[name] = damaged(parts[name], rng)
            with zipfile.ZipFile(path, "w") as archive:
                for part, data in parts.items():
                    archive.writestr(part, data)
        outcome(path)


# Real texts


def test_the_five_real_texts_come_through_unchanged(shared: Path) -> None:
    paths = sorted((shared / "sources").glob("*.txt"))
    assert len(paths) == 5
    for path in paths:
        found = extract(path)
        assert found.text == path.read_bytes().decode("utf-8")
        assert found.notes == ()


def test_the_five_real_texts_survive_word_open_document_and_html(shared: Path, tmp_path: Path) -> None:
    for path in sorted((shared / "sources").glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        word, odt = docx.Document(), odfdo.Document("text")
        odt.body.clear()
        for line in lines:
            word.add_paragraph(line)
            odt.body.append(odfdo.Paragraph(line))
        word.save(str(tmp_path / "a.docx"))
        odt.save(tmp_path / "a.odt")
        escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
        (tmp_path / "a.html").write_text("".join(f"<p>{line}</p>\n" for line in escaped), encoding="utf-8")
        wanted = [" ".join(line.split(" ")) for line in lines]
        assert extract(tmp_path / "a.docx").text.split("\n\n") == wanted, path.name
        assert extract(tmp_path / "a.odt").text.split("\n\n") == wanted, path.name
        assert [" ".join(p.split()) for p in extract(tmp_path / "a.html").text.split("\n\n")] == [
            " ".join(p.split()) for p in wanted
        ]


def test_a_real_text_printed_to_pdf_by_libreoffice_keeps_every_character(
    shared: Path, tmp_path: Path, soffice: str
) -> None:
    source = next((shared / "sources").glob("000_*.txt")).read_text(encoding="utf-8")
    lines = [line for line in source.split("\n") if line.strip()]
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    asked = [
        soffice,
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--convert-to",
        "pdf",
        "a.docx",
    ]
    subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    found = extract(tmp_path / "a.pdf")
    assert "".join(found.text.split()) == "".join(source.split())
    assert len(found.pages) > 1
    paragraphs = [" ".join(block.split()) for block in found.text.split("\n\n")]
    whole = sum(" ".join(line.split()) in paragraphs for line in lines)
    assert whole >= len(lines) - len(found.pages)  # only those that a page's end cuts in two
