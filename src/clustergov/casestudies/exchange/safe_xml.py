"""XML of strangers: no entities, no network, bounded in size, depth and number of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from clustergov.problems import InputError, Problem

LARGEST = 128 * 1024 * 1024
MOST_ELEMENTS = 3_000_000

_DOCTYPE = b"<!DOCTYPE"
_ILLEGAL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ILLEGAL_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ILLEGAL_REFERENCE = re.compile(rb"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));")


def parse_xml(content: bytes, *, wanted: str, file: str) -> etree._Element:
    """The root element of an XML document.

    Raises
    ------
    InputError
        This is no XML, it declares a document type (entities are never read), or it is too large or too deep.
    """
    if len(content) > LARGEST:
        message = f"expected {wanted} of at most {LARGEST:,} bytes, found {len(content):,}."
        raise InputError(Problem("too-large", message, "Check that it is the right file.", file=file))
    # UTF-16 writes a zero beside each of these letters.
    if _DOCTYPE in content.replace(b"\0", b""):
        raise InputError(
            Problem("refi-entities", "found a document type declaration, which no REFI-QDA file has.",
                    "Entities are not read: export the project again.", file=file)
        )  # fmt: skip
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root: etree._Element = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        reason = str(error).split(", line ")[0][:200]
        raise InputError(
            Problem("refi-xml", f"expected {wanted} in XML, found something else: {reason}.",
                    "Export it again; a file that stopped half-way looks like this.", file=file,
                    line=getattr(error, "lineno", None) or 1)
        ) from None  # fmt: skip
    if sum(1 for _ in zip(root.iter(), range(MOST_ELEMENTS + 1), strict=False)) > MOST_ELEMENTS:
        message = f"expected at most {MOST_ELEMENTS:,} elements, found more."
        raise InputError(Problem("too-large", message, "Check that it is the right file.", file=file))
    return root


def without_illegal(content: bytes) -> tuple[bytes, int]:
    """XML in UTF-8 with a blank for each character that XML forbids, and how many there were.

    Some programs copy form feeds and the like out of a text into the name of a selection, which makes their own file
    unreadable. One character stays one character, so offsets in the text are not touched.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[:4].count(b"\0"):
        return content, 0
    content, raw = _ILLEGAL.subn(b" ", content)
    content, written = _ILLEGAL_REFERENCE.subn(b" ", content)
    return content, raw + written


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, which programs spell differently; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """The namespace of an element; empty without one."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The direct children of these names, whatever their namespace; all of them without a name."""
    for child in element if element is not None else ():
        if not names or local(child) in names:
            yield child


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first direct child of that name."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None) -> str:
    """The text in an element, with that of elements in it."""
    return "" if element is None else "".join(map(str, element.itertext()))


def legal(text: str, instead: str = "\ufffd") -> str:
    """A text with `instead` in the place of each character that XML cannot hold."""
    return _ILLEGAL_TEXT.sub(instead, text)
