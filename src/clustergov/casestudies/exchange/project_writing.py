"""Writing a project as REFI-QDA (.qdpx): valid against the schema of 2019, the same bytes for the same project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from clustergov.casestudies.exchange.code_elements import add_codes
from clustergov.casestudies.exchange.package import pack
from clustergov.casestudies.exchange.refi import (
    CaseEntry,
    CodeUse,
    MemoNote,
    Project,
    Selection,
    TextSource,
    Value,
    Variable,
)
from clustergov.casestudies.exchange.safe_xml import legal

NAMESPACE = "urn:QDA-XML:project:1.0"
TAG = f"{{{NAMESPACE}}}"


def write_project(project: Project) -> bytes:
    """The .qdpx of a project."""
    files = {"project.qde": project_xml(project)}
    for source in sorted(project.sources, key=lambda each: each.guid):
        files[f"sources/{source.guid}.txt"] = source.text.encode("utf-8")
    return pack(files)


def project_xml(project: Project) -> bytes:
    """The project file of the package."""
    root = etree.Element(f"{TAG}Project", nsmap={None: NAMESPACE})
    root.set("name", legal(project.name))
    root.set("origin", legal(project.origin))
    for user in project.users:
        _add(_container(root, "Users"), "User", guid=user.guid, name=user.name)
    if project.codes:
        codes = etree.SubElement(_container(root, "CodeBook"), f"{TAG}Codes")
        add_codes(codes, project.codes, TAG, references=True)
    for variable in project.variables:
        _add(
            _container(root, "Variables"),
            "Variable",
            guid=variable.guid,
            name=variable.name,
            typeOfVariable=variable.kind,
        )
    kinds = {variable.guid: variable for variable in project.variables}
    for case in project.cases:
        _case(_container(root, "Cases"), case, kinds)
    for source in project.sources:
        _source(_container(root, "Sources"), source, kinds)
    for memo in project.memos:
        _memo(_container(root, "Notes"), memo)
    _description(root, project.description)
    _references(root, "NoteRef", project.notes)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _container(root: etree._Element, name: str) -> etree._Element:
    """The container at the end of the root; made with the first thing in it, since an empty one is not valid."""
    last = root[-1] if len(root) else None
    return last if last is not None and last.tag == TAG + name else etree.SubElement(root, TAG + name)


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, TAG + tag)
    for name, value in attributes.items():
        if value:
            element.set(name, legal(value, " "))
    return element


def _times(user: str, time: str) -> dict[str, str]:
    return {"creatingUser": user, "creationDateTime": time}


def _description(parent: etree._Element, text: str) -> None:
    if text:
        etree.SubElement(parent, f"{TAG}Description").text = legal(text)


def _references(parent: etree._Element, tag: str, guids: Iterable[str]) -> None:
    for guid in guids:
        _add(parent, tag, targetGUID=guid)


def _case(parent: etree._Element, case: CaseEntry, kinds: dict[str, Variable]) -> None:
    element = _add(parent, "Case", guid=case.guid, name=case.name)
    _description(element, case.description)
    _references(element, "CodeRef", case.codes)
    _values(element, case.values, kinds)
    _references(element, "SourceRef", case.sources)
    _references(element, "SelectionRef", case.selections)


def _source(parent: etree._Element, source: TextSource, kinds: dict[str, Variable]) -> None:
    path = f"internal://{source.guid}.txt"
    element = _add(
        parent, "TextSource", guid=source.guid, name=source.name, plainTextPath=path, **_times(source.user, source.time)
    )
    _description(element, source.description)
    for selection in source.selections:
        _selection(element, selection)
    _uses(element, source.uses)
    _references(element, "NoteRef", source.notes)
    _values(element, source.values, kinds)


def _selection(parent: etree._Element, selection: Selection) -> None:
    element = _add(
        parent, "PlainTextSelection", guid=selection.guid, name=selection.name, startPosition=str(selection.start),
        endPosition=str(selection.end), **_times(selection.user, selection.time),
    )  # fmt: skip
    _description(element, selection.description)
    _uses(element, selection.uses)
    _references(element, "NoteRef", selection.notes)


def _uses(parent: etree._Element, uses: Sequence[CodeUse]) -> None:
    for use in uses:
        element = _add(parent, "Coding", guid=use.guid, **_times(use.user, use.time))
        _add(element, "CodeRef", targetGUID=use.code)
        _references(element, "NoteRef", use.notes)


def _values(parent: etree._Element, values: Iterable[Value], kinds: dict[str, Variable]) -> None:
    for value in values:
        element = _add(parent, "VariableValue")
        _add(element, "VariableRef", targetGUID=value.variable)
        etree.SubElement(element, f"{TAG}{kinds[value.variable].kind}Value").text = legal(value.text)


def _memo(parent: etree._Element, memo: MemoNote) -> None:
    element = _add(parent, "Note", guid=memo.guid, name=memo.name, **_times(memo.user, memo.time))
    etree.SubElement(element, f"{TAG}PlainTextContent").text = legal(memo.text)
