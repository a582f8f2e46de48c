"""A table in Word: caption that counts, repeated header row, rows that do not split, notes in small type."""

from __future__ import annotations

from collections.abc import Sequence

from clustergov.language import say
from clustergov.reports.document import Figure, Inline, Span, Table
from clustergov.reports.inline import mark, plain
from clustergov.reports.word_text import Context, caption_number, run, runs
from clustergov.reports.word_xml import Element, element, paragraph

TEXT_WIDTH = 9070
"""Width between the margins in twentieths of a point: 16 cm."""
_SHORT = 7
_SHORT_LINES = 24
"""Tables of so few rows and lines stay on one page: a longer one would leave half of the page before it empty."""
FULL_SIZE = 80
SMALL_SIZE = 98
"""Characters that fit on a line in the two sizes of table text, counted for a wide substitute of Arial."""
_LONG_CELL = 48
_LONGEST_NUMBER = 16
CELL_MARGINS = 2
_SHORTEST_PIECE = 6


def table_blocks(context: Context, table: Table) -> list[Element]:
    """Caption, table and notes."""
    head = paragraph("Caption", *caption(context, table), properties=(element("keepNext"),))
    return [head, table_node(context, table), *note_paragraphs(context, table.notes)]


def note_paragraphs(context: Context, notes: Sequence[Inline]) -> list[Element]:
    """Notes, one paragraph each; the first of no notes is the space below a table or figure."""
    last = len(notes) - 1
    return [paragraph("Note" if place < last else "LastNote", *runs(context, note)) for place, note in enumerate(notes)]


def caption(context: Context, block: Table | Figure) -> list[Element]:
    """The runs of a caption: its number, its words, the banner's mark."""
    content = [*caption_number(context, context.targets[block.id]), run(Span(". ")), *runs(context, block.caption)]
    if context.document.banner and block.marked:
        content.append(run(Span(" ")))
        content.append(run(Span(f"[{mark(context.document.banner)}]"), style="SyntheticMark"))
    return content


def table_node(context: Context, table: Table, layout: tuple[list[int], bool] | None = None) -> Element:
    """The table itself, without caption and notes; `layout` is in place of what `column_widths` finds."""
    widths, small = layout or column_widths(table)
    style = "TableTextSmall" if small else "TableText"
    align = table.align or "l" + "r" * (len(table.header) - 1)
    node = element("tbl", _properties(context, table), _grid(widths))
    header: tuple[Inline, ...] = table.header
    node.append(_row(context, header, widths, align, "TableHeadingSmall" if small else "TableHeading", head=True))
    together = len(table.rows) <= _SHORT and _lines(table, widths, small) <= _SHORT_LINES
    for place, row in enumerate(table.rows):
        # Short tables stay together and every table keeps its last row with the notes below it.
        keep = together or place == len(table.rows) - 1
        ends = place == len(table.rows) - 1 and not table.notes
        node.append(_row(context, row, widths, align, style, keep=keep and not ends))
    return node


def _lines(table: Table, widths: Sequence[int], small: bool) -> int:
    """About how many lines of text the rows of a table take."""
    size = SMALL_SIZE if small else FULL_SIZE
    room = [max(size * width // TEXT_WIDTH - CELL_MARGINS, 1) for width in widths]
    return sum(
        max(
            sum(max(-(-len(line) // fits), 1) for line in plain(cell).split("\n"))
            for cell, fits in zip(row, room, strict=True)
        )
        for row in table.rows
    )


def _properties(context: Context, table: Table) -> Element:
    header = ", ".join(words for name in table.header if (words := plain(name)).strip())
    description = say("reports.table description", context.document.language, rows=len(table.rows),
                      columns=len(table.header), header=header)  # fmt: skip
    return element(
        "tblPr",
        element("tblStyle", val="ReportTable"),
        element("tblW", w=TEXT_WIDTH, type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=0, noVBand=1),
        element("tblCaption", val=plain(table.caption).replace("\n", " ")),
        element("tblDescription", val=description.replace("\n", " ")),
    )


def _grid(widths: Sequence[int]) -> Element:
    return element("tblGrid", *(element("gridCol", w=width) for width in widths))


def _row(
    context: Context, cells: Sequence[Inline], widths: Sequence[int], align: str, style: str,
    *, head: bool = False, keep: bool = False,
) -> Element:  # fmt: skip
    properties = element("trPr", element("cantSplit"))
    if head:
        properties.append(element("tblHeader"))
    row = element("tr", properties)
    for cell, width, letter in zip(cells, widths, align, strict=True):
        layout = [element("keepNext")] if head or keep else []
        if letter != "l":
            layout.append(element("jc", val={"r": "right", "c": "center"}[letter]))
        content = paragraph(style, *runs(context, unbroken(cell)), properties=tuple(layout))
        placed = element("tcPr", element("tcW", w=width, type="dxa"))
        if head:
            placed.append(element("vAlign", val="bottom"))
        row.append(element("tc", placed, content))
    return row


def column_widths(table: Table) -> tuple[list[int], bool]:
    """Widths in twentieths of a point that fill the line, and whether the small size is needed.

    Every column gets room for its longest word first, then what it declares; without a declaration, what its longest
    cell needs, as far as there is room.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    words = [max(_longest_word(cell) for cell in column) for column in columns]
    numbers = [max((_longest_word(cell) for cell in column if _is_numeric(cell)), default=0) for column in columns]
    small = sum(words) + CELL_MARGINS * len(words) > FULL_SIZE
    room = SMALL_SIZE if small else FULL_SIZE
    least = _least(words, numbers, room)
    if table.widths:
        lengths = [room * width / sum(table.widths) for width in table.widths]
    else:
        lengths = [min(max(len(plain(cell)) for cell in column), _LONG_CELL) + CELL_MARGINS for column in columns]
    wanted = [max(length - word, 0) for length, word in zip(lengths, least, strict=True)]
    factor = min(1.0, max(room - sum(least), 0) / sum(wanted)) if sum(wanted) else 0.0
    shares = [word + want * factor for word, want in zip(least, wanted, strict=True)]
    widths = [int(TEXT_WIDTH * share / sum(shares)) for share in shares]
    widths[0] += TEXT_WIDTH - sum(widths)
    return widths, small


def _least(words: Sequence[int], numbers: Sequence[int], room: int) -> list[int]:
    """Room for the longest word of every column; where that is too much, words may break but numbers never."""
    least: list[int] = []
    for longest in range(max(_SHORTEST_PIECE, *words), _SHORTEST_PIECE - 1, -1):
        columns = zip(words, numbers, strict=True)
        least = [max(number, min(word, longest)) + CELL_MARGINS for word, number in columns]
        if sum(least) <= room:
            break
    return least


def _is_numeric(cell: Inline) -> bool:
    return not any(letter.isalpha() for letter in plain(cell))


def _longest_word(cell: Inline) -> int:
    """Characters that do not break; a line breaks after a hyphen too."""
    text = plain(unbroken(cell)).replace("-", "- ").replace("\n", " ")
    return max((len(part) for part in text.split(" ")), default=0)


def unbroken(cell: Inline) -> Inline:
    """A number with its sign, such as ``< 0,001``, on one line."""
    short = isinstance(cell, str) and len(cell) <= _LONGEST_NUMBER and _is_numeric(cell)
    return cell.replace(" ", "\N{NO-BREAK SPACE}") if short and isinstance(cell, str) else cell
