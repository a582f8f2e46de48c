"""What the schema of REFI-QDA cannot see: GUIDs that stand twice or lead nowhere, users, paths and offsets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from clustergov.casestudies.exchange.guid import canonical
from clustergov.casestudies.exchange.package import Package
from clustergov.casestudies.exchange.safe_xml import local
from clustergov.instruments.exchange import listed
from clustergov.problems import Problem

_TARGETS = {
    "CodeRef": ("Code", "Case"),  # some programs write a case as a code with its GUID
    "MemberCode": ("Code",),
    "NoteRef": ("Note",),
    "MemberNote": ("Note",),
    "SourceRef": ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource"),
    "MemberSource": ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource"),
    "SelectionRef": ("PlainTextSelection", "PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection",
                     "TranscriptSelection"),
    "VariableRef": ("Variable",),
}  # fmt: skip
_USERS = ("creatingUser", "modifyingUser", "creatingUserGUID", "modifyingUserGUID")
_PATHS = ("plainTextPath", "richTextPath", "path")


def reference_problems(root: etree._Element, package: Package | None, file: str = "") -> tuple[Problem, ...]:
    """One warning per kind of broken reference, with the first few.

    Parameters
    ----------
    root : element
        ``Project`` or ``CodeBook``.
    package : Package or None
        In which paths are looked up; None: they are not.
    """
    defined: dict[str, set[str]] = {}
    found: dict[tuple[str, str], list[str]] = {}

    def tell(rule: str, what: str, which: str) -> None:
        found.setdefault((rule, what), []).append(which)

    for element in root.iter():
        if (written := element.get("guid")) is None or local(element) == "MemberCode":
            continue
        guid = canonical(written)
        if not guid:
            tell("refi-guid-form", "GUIDs without the form of one", written[:40])
        elif guid in defined and not _twin(local(element), defined[guid]):
            tell("refi-guid-twice", "GUIDs of more than one thing", guid)
        defined.setdefault(guid, set()).add(local(element))
    for rule, what, which in _dangling(root, defined):
        tell(rule, what, which)
    for which in _missing(root, package) if package else ():
        tell("refi-path-nowhere", "paths to no file in the package", which)
    return tuple(
        Problem(
            rule, f"{what}: {len(which)} ({listed(list(dict.fromkeys(which)), most=3)}).", file=file, severity="warning"
        )
        for (rule, what), which in found.items()
    )


def _twin(name: str, others: set[str]) -> bool:
    """A selection of a PDF and the same selection of its text may share their GUID."""
    return {name, *others} == {"PDFSelection", "PlainTextSelection"}


def _dangling(root: etree._Element, defined: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    for element in root.iter():
        name = local(element)
        if name in _TARGETS:
            guid = canonical(element.get("targetGUID") or element.get("guid"))
            if not defined.get(guid, set()) & set(_TARGETS[name]):
                yield "refi-dangling", f"references ({name}) to nothing", guid or "(none)"
        for key in _USERS:
            if (user := element.get(key)) is not None and "User" not in defined.get(canonical(user), set()):
                yield "refi-user", f"users ({key}) that are not listed", canonical(user) or "(none)"
        if name == "Link":
            for key in ("originGUID", "targetGUID"):
                if canonical(element.get(key)) not in defined:
                    yield "refi-dangling", "ends of links at nothing", canonical(element.get(key)) or "(none)"


def _missing(root: etree._Element, package: Package) -> Iterator[str]:
    names = {PurePosixPath(name.replace("\\", "/")).name.casefold() for name in package.names}
    for element in root.iter():
        for key in _PATHS:
            path = element.get(key) or ""
            if path.lower().startswith("internal://") and PurePosixPath(path).name.casefold() not in names:
                yield path[:80]
