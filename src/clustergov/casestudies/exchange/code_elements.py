"""The tree of codes as REFI-QDA writes it, the same in a codebook and in a project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree

from clustergov.casestudies.exchange.guid import canonical, stable
from clustergov.casestudies.exchange.refi import Code
from clustergov.casestudies.exchange.safe_xml import child, children, legal, text_of
from clustergov.instruments.exchange import Notes, listed

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def read_codes(codes: etree._Element | None, notes: Notes) -> tuple[Code, ...]:
    """Read a tree of codes, each code after the one above it; a GUID that stands twice or is none is replaced, and told."""
    found: list[Code] = []
    seen: set[str] = set()
    for element, parent in _walk(codes):
        above = found[parent].guid if parent is not None else ""
        guid = canonical(element.get("guid"))
        name = " ".join(element.get("name", "").split())
        if not guid or guid in seen:
            what = "a GUID that another code has" if guid else "no GUID"
            notes.add("refi-guid", f"the code has {what}; it got one of its own.", place=name)
            guid = stable("code", above, name, str(len(found)))
        seen.add(guid)
        codable = (element.get("isCodable") or "true").strip() not in ("false", "0")
        references = (canonical(each.get("targetGUID")) for each in children(element, "NoteRef"))
        found.append(
            Code(guid, name or f"code {len(found) + 1}", codable, _colour(element.get("color")),
                 text_of(child(element, "Description")), above, tuple(references))
        )  # fmt: skip
    _say_same_names(found, notes)
    return tuple(found)


def _walk(codes: etree._Element | None) -> Iterator[tuple[etree._Element, int | None]]:
    """Every code with the number of the one above it, top down."""
    waiting: list[tuple[etree._Element, int | None]] = []
    waiting.extend((each, None) for each in list(children(codes, "Code"))[::-1])
    number = 0
    while waiting:
        element, parent = waiting.pop()
        yield element, parent
        waiting += [(each, number) for each in children(element, "Code")][::-1]
        number += 1


def _colour(written: str | None) -> str:
    text = (written or "").strip().lower()
    if not _COLOUR.fullmatch(text):
        return ""
    return text if len(text) == 7 else "#" + "".join(2 * digit for digit in text[1:])


def _say_same_names(codes: Sequence[Code], notes: Notes) -> None:
    names = Counter(code.name.casefold() for code in codes)
    twice = [code.name for code in codes if names[code.name.casefold()] > 1]
    if twice:
        notes.add(
            "refi-same-name", f"{len(twice)} codes share their name with another: {listed(list(dict.fromkeys(twice)))}.",
            fix="Each was kept as a code of its own.",
        )  # fmt: skip


def add_codes(parent: etree._Element, codes: Sequence[Code], tag: str, *, references: bool) -> None:
    """Add a tree of codes to an element.

    Parameters
    ----------
    tag : str
        Namespace in braces, put before every name.
    references : bool
        Whether notes are referred to; a codebook alone has none.
    """
    elements: dict[str, etree._Element] = {}
    for code in codes:
        element = etree.SubElement(elements[code.parent] if code.parent else parent, f"{tag}Code")
        element.set("guid", code.guid)
        element.set("name", legal(code.name))
        element.set("isCodable", "true" if code.codable else "false")
        if code.colour:
            element.set("color", code.colour)
        if code.description:
            etree.SubElement(element, f"{tag}Description").text = legal(code.description)
        for note in code.notes if references else ():
            etree.SubElement(element, f"{tag}NoteRef").set("targetGUID", note)
        elements[code.guid] = element
