"""Where a respondent answers on paper: boxes to tick, grids, lines to write on; one question at a time, as Word."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale
from clustergov.language import Text, number, say
from clustergov.reports.document import Inline, Span, Table
from clustergov.reports.word_table import CELL_MARGINS, FULL_SIZE, SMALL_SIZE, TEXT_WIDTH, table_node
from clustergov.reports.word_text import Context, run, runs
from clustergov.reports.word_xml import Element, element, paragraph, qn

CIRCLE, BOX = "○", "☐"
LINE = "…………………………"
_WIDE = 15
"""Options of a list that is set in columns from this many on."""
_COLUMNS = 3
_GRID = 9
"""Options of a grid; with more, each item gets a line to write a code on."""
_ITEMS = 0.32
"""Share of a grid's width that its items have at least; the options divide the rest among them."""
_OPTION = 0.1
"""Share of an option, where its longest word needs no more."""
_TOGETHER = 17
"""So many lines of answers stay on one page."""
_REST = {"oth", "other", "98", "99"}
"""Codes of options that stay below a list in alphabetical order."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the answer space of every question needs.

    Attributes
    ----------
    context : Context
        Of the Word document.
    language : str
        Of the questionnaire's texts.
    words : {"nl", "en"}
        Of our own.
    condition : callable
        Tells a condition in words.
    """

    questionnaire: Questionnaire
    context: Context
    language: str
    words: str
    condition: Callable[[str], str]

    def say(self, key: str, **values: object) -> str:
        return say(f"paper.{key}", self.words, **values)

    def text(self, text: Text | None) -> str:
        return text.to(self.language) if text is not None else ""


def answer_space(question: Question, sheet: Sheet) -> list[Element]:
    """The nodes under a question's text: what to do, where to answer, and the free answers beside it."""
    nodes = list(_space(question, sheet))
    if question.other and question.kind == "single":
        nodes.append(_line(sheet, sheet.say("other")))
    if question.other and question.kind == "multiple":
        nodes.append(_line(sheet, f"{BOX}  {sheet.say('other_box')}"))
    if question.comment and question.kind != "multiple":
        nodes.append(_line(sheet, sheet.say("remark")))
    _keep_together(nodes)
    return nodes


def keep_with_next(node: Element) -> None:
    """Hold a paragraph on the page of what follows it."""
    properties = node.find(qn("w:pPr"))
    if properties.find(qn("w:keepNext")) is None:
        properties.insert(1, element("keepNext"))


def _keep_together(nodes: Sequence[Element]) -> None:
    """A page does not end within the answers of a question; within many, not after the first or before the last."""
    for node, below in pairwise(nodes):
        lines = node.tag == below.tag == qn("w:p")
        if lines and (len(nodes) <= _TOGETHER or node in (nodes[0], nodes[1], nodes[-2])):
            keep_with_next(node)


def _space(question: Question, sheet: Sheet) -> Iterator[Element]:
    scale = sheet.questionnaire.scales.get(question.scale)
    match question.kind:
        case "single" if scale is not None:
            yield _instruction(sheet, sheet.say("one"))
            yield from _options(scale, sheet)
        case "multiple":
            yield _instruction(sheet, sheet.say("several"))
            for item in question.items:
                remark = f"  {sheet.say('remark')} {LINE}" if question.comment else ""
                yield _entry(sheet, f"{BOX}  {_item(item, sheet)}{remark}")
        case "array":
            yield from _grids(question, sheet)
        case "ranking" if scale is not None:
            yield _instruction(sheet, sheet.say("ranking", places=len(question.items)))
            rows = [(sheet.text(option.text), "____") for option in scale.options]
            yield _table(question, sheet, ("", sheet.say("place")), rows, "lc")
        case "number" | "numbers":
            yield from _numbers(question, sheet)
        case "text":
            yield _box(1400)
        case "texts":
            for item in question.items:
                yield _line(sheet, f"{_item(item, sheet)}:")
        case "date":
            yield _entry(sheet, f"____-____-________  {sheet.say('date')}")
        case "file":
            yield _instruction(sheet, sheet.say("file"))


def _item(item: Item, sheet: Sheet) -> str:
    text = sheet.text(item.text)
    return f"{text} {sheet.say('item_if', condition=sheet.condition(item.when))}" if item.when else text


def _options(scale: Scale, sheet: Sheet) -> Iterator[Element]:
    """One line an option, with its code; long lists in columns, read downwards, in alphabetical order if in no other."""
    options = scale.options if scale.ordered or len(scale.options) < _WIDE else _alphabetical(scale.options, sheet)
    lines = [f"{CIRCLE}  {sheet.text(option.text)}  [{option.code}]" for option in options]
    if len(lines) < _WIDE:
        yield from (_entry(sheet, line) for line in lines)
        return
    height = -(-len(lines) // _COLUMNS)
    width = TEXT_WIDTH // _COLUMNS
    row = element("tr")
    for place in range(_COLUMNS):
        column = [_entry(sheet, line) for line in lines[place * height : (place + 1) * height]] or [_entry(sheet, "")]
        row.append(element("tc", element("tcPr", element("tcW", w=width, type="dxa")), *column))
    yield element(
        "tbl",
        element("tblPr", element("tblW", w=TEXT_WIDTH, type="dxa"), element("tblLayout", type="fixed")),
        element("tblGrid", *(element("gridCol", w=width) for _ in range(_COLUMNS))),
        row,
    )
    yield paragraph("Note")


def _alphabetical(options: Sequence[Option], sheet: Sheet) -> Sequence[Option]:
    """Options by their words in the sheet's language; those at the end that stand for the rest stay there."""
    end = len(options)
    while end and (options[end - 1].blank is not None or options[end - 1].code.casefold() in _REST):
        end -= 1
    return (*sorted(options[:end], key=lambda option: _letters(sheet.text(option.text))), *options[end:])


def _letters(text: str) -> str:
    """A text as it is sorted: without accents, small letters."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _grids(question: Question, sheet: Sheet) -> Iterator[Element]:
    """A grid for every scale of the question: items with scales of their own stand apart."""
    yield _instruction(sheet, sheet.say("array"))
    names = dict.fromkeys(item.scale or question.scale for item in question.items)
    for place, name in enumerate(names):
        scale = sheet.questionnaire.scales.get(name)
        if scale is None:
            continue
        items = [item for item in question.items if (item.scale or question.scale) == name]
        yield from _grid(replace_code(question, place), items, scale, sheet)


def replace_code(question: Question, place: int) -> Question:
    """The question under a name of its own for its second, third, … grid."""
    return question if not place else question.model_copy(update={"code": f"{question.code}-{place}"})


def _grid(question: Question, items: Sequence[Item], scale: Scale, sheet: Sheet) -> Iterator[Element]:
    if len(scale.options) > _GRID:
        yield from _options(scale, sheet)
        yield _table(question, sheet, ("", sheet.say("answer")), [(_item(item, sheet), "____") for item in items], "lc")
        return
    header = ("", *(f"{sheet.text(option.text)}\n[{option.code}]" for option in scale.options))
    layout = _equal_columns(header)
    if layout is None:
        yield _instruction(sheet, "; ".join(f"{option.code} = {sheet.text(option.text)}" for option in scale.options))
        header = ("", *(option.code for option in scale.options))
        layout = _equal_columns(header)
    rows = [(_item(item, sheet), *(CIRCLE for _ in scale.options)) for item in items]
    yield _table(question, sheet, header, rows, "l" + "c" * len(scale.options), layout=layout)


def _equal_columns(header: Sequence[str]) -> tuple[list[int], bool] | None:
    """Widths in twentieths of a point and whether in small type; None where a word of the header would break.

    All options are as wide: of unequal columns, a respondent sees the distances between answers as unequal too.
    """
    count = len(header) - 1
    longest = max(_longest(option) for option in header[1:]) + CELL_MARGINS
    for room in (FULL_SIZE, SMALL_SIZE):
        share = max(_OPTION, longest / room)
        if count * share <= 1 - _ITEMS or longest / room <= (share := (1 - _ITEMS) / count):
            width = int(TEXT_WIDTH * share)
            return [TEXT_WIDTH - count * width, *[width] * count], room == SMALL_SIZE
    return None


def _longest(text: str) -> int:
    """Characters of the longest word; a line breaks after a hyphen too."""
    return max(map(len, text.replace("-", "- ").split()), default=0)


def _numbers(question: Question, sheet: Sheet) -> Iterator[Element]:
    yield _instruction(sheet, _range(question, sheet))
    unit = sheet.text(question.unit)
    field = f"________ {unit}".strip()
    if question.kind == "number":
        yield _entry(sheet, field)
        return
    rows: list[tuple[Inline, ...]] = [(_item(item, sheet), field) for item in question.items]
    if question.total is not None:
        total = (Span(f"{_plain(question.total, sheet)} {unit}".strip(), strong=True),)
        rows.append(((Span(sheet.say("total"), strong=True),), total))
    yield _table(question, sheet, ("", sheet.say("answer")), rows, "ll", widths=(6, 4))


def _range(question: Question, sheet: Sheet) -> str:
    what = sheet.say("whole" if question.integer else "number")
    low, high = question.minimum, question.maximum
    key = {(True, True): "between", (True, False): "at_least", (False, True): "at_most"}.get(
        (low is not None, high is not None), "any"
    )
    return sheet.say(key, what=what, low=_plain(low, sheet), high=_plain(high, sheet))


def _plain(value: float | None, sheet: Sheet) -> str:
    if value is None:
        return ""
    whole = float(value).is_integer()
    return str(int(value)) if whole and 1000 <= value < 10_000 else number(value, sheet.words, 0 if whole else 2)


def _table(
    question: Question, sheet: Sheet, header: tuple[str, ...], rows: Sequence[tuple[Inline, ...]], align: str,
    *, widths: tuple[float, ...] = (), layout: tuple[list[int], bool] | None = None,
) -> Element:  # fmt: skip
    caption = sheet.text(question.text)
    named = Table("answers", caption, header, tuple(rows), pd.DataFrame(), align=align, widths=widths)
    node = table_node(sheet.context, named, layout)
    if len(rows) > 1:
        # A header does not stand with one row alone at the foot of a page.
        for line in node.findall(qn("w:tr"))[1].iter(qn("w:p")):
            keep_with_next(line)
    return node


def _instruction(sheet: Sheet, text: str) -> Element:
    return paragraph("Note", *runs(sheet.context, (Span(text, emphasis=True),)), properties=(element("keepNext"),))


def _entry(sheet: Sheet, text: str) -> Element:
    indent = element("ind", left=340, hanging=340)
    return paragraph("TableText", *runs(sheet.context, text), properties=(element("keepLines"), indent))


def _line(sheet: Sheet, text: str) -> Element:
    return _entry(sheet, f"{text} {LINE}{LINE}".strip())


def _box(height: int) -> Element:
    """An empty box to write in, `height` in twentieths of a point."""
    sides = ("top", "left", "bottom", "right")
    borders = element("tblBorders", *(element(side, val="single", sz=4, space=0, color="7F7F7F") for side in sides))
    cell = element(
        "tc", element("tcPr", element("tcW", w=TEXT_WIDTH, type="dxa")), paragraph("TableText", run(Span("")))
    )
    return element(
        "tbl",
        element("tblPr", element("tblW", w=TEXT_WIDTH, type="dxa"), borders, element("tblLayout", type="fixed")),
        element("tblGrid", element("gridCol", w=TEXT_WIDTH)),
        element("tr", element("trPr", element("cantSplit"), element("trHeight", val=height)), cell),
    )
