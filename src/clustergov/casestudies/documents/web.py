"""Web pages (.html): the words that a reader sees, without what stands around the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clustergov.casestudies.documents.extracted import Extracted, counted, paragraphs_of, unreadable
from clustergov.casestudies.documents.plain import decoded
from clustergov.language import Text, both

_LEFT = (
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "nav",
    "svg",
    "iframe",
    "object",
    "form",
    "select",
    "button",
)
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html",
    "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
))
# fmt: on
_BLANKS = re.compile(r"[ \t\r\n\f]+")  # no-break spaces are words of the text
_BREAK, _CELL, _EDGE = "\x00", "\x01", "\x02"
_MOST_DEPTH = 400


def read_web_page(path: Path, *, encoding: str = "") -> Extracted:
    """Read a web page: of its one ``main`` or ``article`` where it has one, else of all of it.

    Left are scripts, navigation, forms, remarks in the source, and what is marked as hidden. The encoding is the one
    asked for, else that of the byte-order mark or the page's own declaration, else UTF-8.

    Raises
    ------
    InputError
        It cannot be decoded.
    """
    import warnings

    import bs4

    content = path.read_bytes()
    declared = encoding or bs4.dammit.EncodingDetector.find_declared_encoding(content, is_html=True) or ""
    text, notes = decoded(path, content, str(declared))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", bs4.XMLParsedAsHTMLWarning)
        soup = bs4.BeautifulSoup(text, "lxml")
    for remark in soup.find_all(string=lambda part: isinstance(part, bs4.element.PreformattedString)):
        remark.extract()
    for part in soup.find_all(lambda tag: tag.name in _LEFT or _hidden(tag)):
        if not part.decomposed:
            part.decompose()
    chosen, around = _article(soup)
    if _depth(chosen) > _MOST_DEPTH:
        raise unreadable(path, "broken-document", "the page nests its parts deeper than any real page does.",
                         "Copy its words into a plain text.")  # fmt: skip
    written = "".join(_words(chosen))
    return Extracted(
        "html", paragraphs_of(_paragraphs(written)), (), notes + around + counted(tables=len(chosen.find_all("table")))
    )


def _article(soup: Any) -> tuple[Any, tuple[Text, ...]]:
    body = soup.body or soup
    for name in ("main", "article"):
        found = soup.find_all(name)
        if len(found) == 1 and len(found[0].get_text(strip=True)) > 0:
            left = len(body.get_text(strip=True)) - len(found[0].get_text(strip=True))
            return found[0], (both("documents.taken.around", n=left),) if left else ()
    return body, ()


def _hidden(tag: Any) -> bool:
    style = str(tag.attrs.get("style", "")).replace(" ", "").lower()
    return "hidden" in tag.attrs or "display:none" in style or "visibility:hidden" in style


def _depth(tag: Any) -> int:
    deepest, waiting = 0, [(tag, 1)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in getattr(element, "children", ())]
    return deepest


def _words(tag: Any, *, kept: bool = False) -> Iterator[str]:
    """The words, with characters that no page can hold for line breaks, cells and edges of blocks."""
    for child in tag.children:
        if isinstance(child, str):
            yield child.replace("\n", _BREAK) if kept else _BLANKS.sub(" ", child)
        elif child.name == "br":
            yield _BREAK
        elif child.name in ("td", "th"):
            yield "".join(_words(child)).strip(_EDGE).replace(_EDGE, _BREAK) + _CELL
        else:
            edge = _EDGE if child.name in _BLOCKS else ""
            yield edge
            yield from _words(child, kept=kept or child.name == "pre")
            yield edge


def _paragraphs(written: str) -> Iterator[str]:
    for block in written.split(_EDGE):
        cells = [_BLANKS.sub(" ", cell).strip(" ") for cell in block.strip(" ").removesuffix(_CELL).split(_CELL)]
        lines = "\t".join(cells).split(_BREAK)
        yield "\n".join(line.strip(" ") for line in lines).strip("\n")
