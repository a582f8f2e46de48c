"""What single elements of a REFI-QDA project say, each read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from clustergov.casestudies.exchange.guid import canonical
from clustergov.casestudies.exchange.moment import moment
from clustergov.casestudies.exchange.offsets import Mark
from clustergov.casestudies.exchange.refi import CodeUse, Link, MemberSet, Value, Variable, VariableKind
from clustergov.casestudies.exchange.safe_xml import child, children, local, text_of

_KINDS: dict[str, VariableKind] = {
    kind.lower(): kind for kind in ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")
}


def marked_selections(element: etree._Element) -> Iterator[tuple[etree._Element, Mark]]:
    points = {canonical(each.get("guid")): _integer(each.get("position")) for each in children(element, "SyncPoint")}
    for each in children(element, "PlainTextSelection", "TranscriptSelection"):
        if local(each) == "PlainTextSelection":
            start, end = _integer(each.get("startPosition")), _integer(each.get("endPosition"))
        else:
            start, end = (points.get(canonical(each.get(key)), -1) for key in ("fromSyncPoint", "toSyncPoint"))
        yield each, Mark(start, end, each.get("name", ""))


def _integer(text: str | None) -> int:
    """A position; -1, which is never one, for what is no number."""
    return int(text) if text is not None and re.fullmatch(r"\s*[+-]?\d{1,15}\s*", text) else -1


def uses_of(element: etree._Element) -> Iterator[CodeUse]:
    for each in children(element, "Coding"):
        reference = child(each, "CodeRef")
        yield CodeUse(
            guid=canonical(each.get("guid")),
            code=canonical(reference.get("targetGUID")) if reference is not None else "",
            user=user_of(each),
            time=time_of(each),
            notes=targets(each, "NoteRef"),
        )


def user_of(element: etree._Element) -> str:
    return canonical(element.get("creatingUser") or element.get("modifyingUser"))


def time_of(element: etree._Element) -> str:
    return moment(element.get("creationDateTime") or element.get("modifiedDateTime") or "")


def targets(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(canonical(each.get("targetGUID") or each.get("guid")) for each in children(element, name))


def values_of(element: etree._Element) -> tuple[Value, ...]:
    found = []
    for each in children(element, "VariableValue"):
        reference = child(each, "VariableRef")
        written = next((text_of(part) for part in children(each) if local(part).endswith("Value")), "")
        if reference is not None and written.strip():
            found.append(Value(canonical(reference.get("targetGUID")), written.strip()))
    return tuple(found)


def variable_of(element: etree._Element) -> Variable:
    kind = _KINDS.get((element.get("typeOfVariable") or "").lower(), "Text")
    return Variable(canonical(element.get("guid")), element.get("name", "").strip(), kind)


def member_set(element: etree._Element) -> MemberSet:
    return MemberSet(
        canonical(element.get("guid")), element.get("name", "").strip(), text_of(child(element, "Description")),
        targets(element, "MemberCode"), targets(element, "MemberSource"), targets(element, "MemberNote"),
    )  # fmt: skip


def link_of(element: etree._Element) -> Link:
    return Link(
        canonical(element.get("guid")), canonical(element.get("originGUID")), canonical(element.get("targetGUID")),
        element.get("name", "").strip(),
    )  # fmt: skip


def name_of(element: etree._Element) -> str:
    return element.get("name", "").strip() or canonical(element.get("guid")) or local(element)


def file_stem(element: etree._Element) -> str:
    """The name of a text's file, unless that is a GUID."""
    path = PurePosixPath(element.get("plainTextPath") or "")
    return "" if canonical(path.stem) else path.stem


def within(element: etree._Element, name: str, top: etree._Element) -> bool:
    above = element.getparent()
    while above is not None and above is not top:
        if local(above) == name:
            return True
        above = above.getparent()
    return False


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
