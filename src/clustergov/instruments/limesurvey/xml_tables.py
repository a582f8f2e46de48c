"""The tables of a LimeSurvey file in XML, read as a stream: no entities, bounded in depth, in cells and in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from clustergov.instruments.limesurvey.rows import MOST_CELLS, Row
from clustergov.problems import InputError, Problem

_MOST_ELEMENTS = 4 * MOST_CELLS


@dataclass(slots=True)
class Document:
    """What stands in the file: its kind, its languages, and rows by table; `odd` names what has no form of a table."""

    kind: str = ""
    languages: list[str] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)


def read_tables(content: bytes, file: str) -> Document:
    """Read the bytes of a .lss.

    Raises
    ------
    InputError
        This is no XML, has a document type (entities are not read), is no survey, or has too many cells.
    """
    document = Document()
    try:
        for path, element in _elements(content, file):
            _take(path, element, document, file)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = str(error).split(", line ")[0]
        raise InputError(
            Problem("limesurvey-xml", f"expected a LimeSurvey structure in XML, found something else: {reason[:200]}.",
                    "Export the survey structure (.lss) from LimeSurvey again.", file=file, line=line)
        ) from None  # fmt: skip
    if document.kind != "Survey":
        raise _other(f"a LimeSurvey file of kind “{document.kind[:40]}”" if document.kind else "none", file)
    return document


def _elements(content: bytes, file: str) -> Iterator[tuple[tuple[str, ...], etree._Element]]:
    """Every row, and every element that is no part of one, as it ends, with the names of those around it."""
    path: list[str] = []
    events = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for count, (event, element) in enumerate(events):
        if count > _MOST_ELEMENTS:
            raise _too_many(file)
        if event == "end":
            yield tuple(path), element
            path.pop()
            if len(path) <= 3:
                _forget(element)
            continue
        path.append(str(element.tag))
        if count == 0:
            _check_root(element, file)


def _forget(element: etree._Element) -> None:
    """Keep the tree from growing with the file: of what was read only the last element stays, empty."""
    element.clear()
    before, parent = element.getprevious(), element.getparent()
    if before is not None and parent is not None:
        parent.remove(before)


def _check_root(root: etree._Element, file: str) -> None:
    information = root.getroottree().docinfo
    if information.doctype or information.internalDTD is not None:
        raise InputError(
            Problem("limesurvey-entities", "found a document type declaration, which no LimeSurvey structure has.",
                    "Entities are not read: export the structure from LimeSurvey again.", file=file, line=1)
        )  # fmt: skip
    if root.tag != "document":
        raise _other(f"an XML document <{str(root.tag)[:40]}>", file)


def _take(path: tuple[str, ...], element: etree._Element, document: Document, file: str) -> None:
    match path:
        case (_, "LimeSurveyDocType"):
            document.kind = document.kind or (element.text or "").strip()
        case (_, "languages", "language"):
            document.languages.append((element.text or "").strip())
        case (_, table, "rows", "row"):
            document.tables.setdefault(table, []).append(Row(_cells(element, document, table), element.sourceline))
            if len(document.tables[table]) > MOST_CELLS:
                raise _too_many(file)
        case (_, "DBVersion") | (_, _, "fields", "fieldname") | (_, _, "rows", "row", *_):
            pass
        case (_, *rest) if rest and (element.text or "").strip():
            document.odd.append("/".join(name[:40] for name in rest[:4]))


def _cells(row: etree._Element, document: Document, table: str) -> dict[str, str]:
    cells: dict[str, str] = {}
    for cell in row:
        text = "".join(map(str, cell.itertext()))
        if not text.strip():
            continue
        name = str(cell.tag)
        if cells.setdefault(name, text) != text:
            document.odd.append(f"{table}/{name[:40]}, a second time in one row")
    return cells


def _other(found: str, file: str) -> InputError:
    return InputError(
        Problem("limesurvey-kind", f"expected the structure of a LimeSurvey survey, found {found}.",
                "Export the whole survey: Export → Survey structure (.lss).", file=file, line=1)
    )  # fmt: skip


def _too_many(file: str) -> InputError:
    message = f"expected a structure of at most {MOST_CELLS:,} cells, found more."
    return InputError(Problem("too-large", message, "Check that it is the right file.", file=file))
