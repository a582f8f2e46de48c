"""A document as Word: headings, captions, references and contents that Word itself understands."""

from __future__ import annotations

from clustergov.reports.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Heading,
    Inline,
    Notice,
    Paragraph,
    Span,
    Table,
)  # fmt: skip
from clustergov.reports.inline import clean, long_date
from clustergov.reports.numbering import number_blocks
from clustergov.reports.word_contents import contents_blocks
from clustergov.reports.word_figure import figure_blocks
from clustergov.reports.word_package import add_section, new_package, to_bytes
from clustergov.reports.word_table import table_blocks
from clustergov.reports.word_text import Context, bookmarked, contents_name, reference_name, run, runs
from clustergov.reports.word_xml import Element, element, paragraph, qn

_BELOW_TABLE = 240
"""A table has no space below it of its own; its notes have, or the paragraph that follows gets it (1/20 pt)."""
_NOTICE = {"limit": "NoticeLimit", "synthetic": "NoticeSynthetic", "information": "NoticeInformation"}


def render_word(document: Document) -> bytes:
    """Render a document to ``.docx``; equal documents give equal bytes.

    A reference (`Span.to` = ``#id``) without text shows the target's label (``Tabel 3``, ``paragraaf 2.1``) as a field
    that Word keeps up to date; with text it is a link.

    Raises
    ------
    ValueError
        The document contradicts itself (see `clustergov.reports.numbering.number_blocks`).
    """
    targets = number_blocks(document)
    package = new_package(document)
    context = Context(document, targets, package.part)
    body = package.part._element.body
    for node in title_nodes(context, document):
        body.append(node)
    above: Block | None = None
    for block in document.blocks:
        nodes = block_nodes(context, block)
        if isinstance(above, Table) and not above.notes and isinstance(block, Paragraph | Bullets):
            nodes[0].find(qn("w:pPr")).append(element("spacing", before=_BELOW_TABLE))
        for node in nodes:
            body.append(node)
        above = block
    add_section(package, document)
    return to_bytes(package)


def title_nodes(context: Context, document: Document) -> list[Element]:
    """Title, subtitle and byline, as far as there are any."""
    byline = " · ".join(part for part in (clean(document.author), long_date(document)) if part)
    lines: tuple[tuple[str, Inline], ...] = (
        ("Title", document.title), ("Subtitle", document.subtitle), ("Byline", byline)
    )  # fmt: skip
    return [paragraph(style, *runs(context, text)) for style, text in lines if text]


def block_nodes(context: Context, block: Block) -> list[Element]:
    """What one block of a document becomes in Word."""
    match block:
        case Heading():
            return [_heading(context, block)]
        case Paragraph():
            return [paragraph("BodyText", *runs(context, block.text))]
        case Bullets():
            last = len(block.items) - 1
            return [
                paragraph("ListBullet" if place < last else "ListBulletLast", *runs(context, item))
                for place, item in enumerate(block.items)
            ]
        case Notice():
            title = [run(Span(clean(block.title), strong=True)), element("r", element("br"))] if block.title else []
            return [paragraph(_NOTICE[block.kind], *title, *runs(context, block.text))]
        case Table():
            return table_blocks(context, block)
        case Figure():
            return figure_blocks(context, block)
        case Contents():
            return contents_blocks(context)


def _heading(context: Context, heading: Heading) -> Element:
    target = context.targets[heading.id]
    inner = bookmarked(context, reference_name(target), runs(context, heading.text))
    return paragraph(f"Heading{heading.level}", *bookmarked(context, contents_name(target), inner))
