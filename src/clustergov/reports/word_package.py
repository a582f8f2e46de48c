"""The Word package around the text: styles, numbering, settings, header and footer, properties, equal bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.xmlchemy import serialize_for_reading

from clustergov.reports.document import Document, Span
from clustergov.reports.inline import clean, plain, word_tag
from clustergov.reports.word_text import field_runs, run
from clustergov.reports.word_xml import Element, element, paragraph, template

_KEPT = ("styles", "numbering", "settings", "fontTable")
_APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>clustergov</Application></Properties>"
)


def new_package(document: Document) -> Any:
    """A python-docx document in our house style, with nothing left of python-docx's template."""
    package = docx.Document()
    part = package.part
    for key, relation in list(part.rels.items()):
        if relation.reltype.rsplit("/", 1)[-1] not in _KEPT:
            del part.rels[key]
    for key, relation in list(part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del part.package.rels[key]
        elif relation.reltype.endswith("/extended-properties"):
            relation.target_part._blob = _APPLICATION.encode()
    _house_style(part, word_tag(document.language))
    _properties(package.core_properties, document)
    body = part._element.body
    for child in list(body):
        body.remove(child)
    return package


def _house_style(part: Part, tag: str) -> None:
    for relation in part.rels.values():
        name = relation.reltype.rsplit("/", 1)[-1]
        content = template(f"word-{name}.xml", language=tag)
        if name == "fontTable":
            relation.target_part._blob = serialize_for_reading(content).encode("utf-8")
        else:
            relation.target_part._element = content


def _properties(core: Any, document: Document) -> None:
    # What follows from a questionnaire alone has no date, and then says none.
    day = datetime.fromisoformat(document.date).replace(tzinfo=None) if document.date else None
    core.title = plain(document.title)[:255]
    core.subject = clean(document.subtitle)[:255]
    core.author = core.last_modified_by = clean(document.author)[:255]
    if day is not None:
        core.created = core.modified = day
    else:
        _drop_dates(core._element)
    core.language = word_tag(document.language)
    core.keywords = core.comments = core.category = ""
    core.revision = 1
    _drop_empty(core._element)


def _drop_dates(properties: Element) -> None:
    for child in list(properties):
        if child.tag.endswith(("}created", "}modified")):
            properties.remove(child)


def _drop_empty(properties: Element) -> None:
    for child in list(properties):
        if not child.text or child.tag.endswith("}lastPrinted"):  # the template's
            properties.remove(child)


def add_section(package: Any, document: Document) -> None:
    """A4 with margins of 2.5 cm, a header with title and banner, a footer with the page number."""
    margins = dict.fromkeys(("top", "right", "bottom", "left"), 1417)
    page = element(
        "sectPr",
        element("pgSz", w=11906, h=16838),
        element("pgMar", **margins, header=624, footer=624, gutter=0),
    )
    package.part._element.body.append(page)
    section = package.sections[0]
    header = [paragraph("Header", run(Span(plain(document.title))))]
    if document.banner:
        header.append(paragraph("Banner", run(Span(clean(document.banner)))))
    pages = [*field_runs("PAGE", [run(Span("1"))]), run(Span(" / ")), *field_runs("NUMPAGES", [run(Span("1"))])]
    footer = [paragraph("Footer", run(Span(clean(document.author) + "\t")), *pages)]
    for place, content in ((section.header, header), (section.footer, footer)):
        place.is_linked_to_previous = False
        frame = place._element
        for child in list(frame):
            frame.remove(child)
        frame.extend(content)


def to_bytes(package: Any) -> bytes:
    """The file: parts in a fixed order, under a fixed time."""
    stream = io.BytesIO()
    package.save(stream)
    parts = {}
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    first = ("[Content_Types].xml", "_rels/.rels", str(PackURI("/word/document.xml")).lstrip("/"))
    order = [*first, *sorted(set(parts) - set(first))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in order:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            archive.writestr(info, parts[name], compresslevel=6)
    return out.getvalue()
