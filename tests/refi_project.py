"""REFI-QDA files as other programs write them, made by hand for the tests: their habits, with texts of our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

USER = "11111111-1111-4111-8111-111111111111"
CODE = "22222222-2222-4222-8222-222222222222"
SOURCE = "33333333-3333-4333-8333-333333333333"


def guid(number: int) -> str:
    """A GUID that a test can tell."""
    return f"{number:08d}-0000-4000-8000-000000000000"


@dataclass
class Made:
    """One project with one text.

    Attributes
    ----------
    marks : sequence of (start, end, name)
        One coding each.
    spell : how a GUID is written
    """

    text: bytes = b"Trust came first, then a plan.\n"
    marks: Sequence[tuple[int, int, str]] = ((0, 5, "Trust"),)
    origin: str = "Some program 1.0"
    namespace: str = "urn:QDA-XML:project:1.0"
    qde: str = "project.qde"
    folder: str = "sources/"
    path: str = f"internal://{SOURCE}.txt"
    name: str = "interview"
    codes: str = f'<Code guid="{CODE}" name="Trust" isCodable="true" color="#3366cc"/>'
    users: str = f'<User guid="{USER}" name="ann"/>'
    content: str | None = None
    upper: bool = False
    braces: bool = False
    before: str = ""
    after: str = ""
    in_source: str = ""
    more_sources: str = ""
    entries: Mapping[str, bytes] = field(default_factory=dict)
    with_text: bool = True

    def qde_xml(self) -> str:
        """The project file."""
        selections = "".join(
            f'<PlainTextSelection guid="{guid(100 + i)}" name={_attribute(name)} startPosition="{start}" endPosition="{end}" '
            f'creatingUser="{USER}" creationDateTime="2024-05-06T07:08:09Z"><Coding guid="{guid(500 + i)}" creatingUser="{USER}">'
            f'<CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection>'
            for i, (start, end, name) in enumerate(self.marks)
        )
        inside = f"<PlainTextContent>{escape(self.content)}</PlainTextContent>" if self.content is not None else ""
        place = f"plainTextPath={quoteattr(self.path)}" if self.path else ""
        xml = (
            f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{self.namespace}" name="Trial" origin={quoteattr(self.origin)}>'
            f"<Users>{self.users}</Users><CodeBook><Codes>{self.codes}</Codes></CodeBook>{self.before}"
            f'<Sources><TextSource guid="{SOURCE}" name={quoteattr(self.name)} {place}>{inside}{selections}{self.in_source}'
            f"</TextSource>{self.more_sources}</Sources>{self.after}</Project>"
        )
        return self._spelled(xml)

    def qdpx(self) -> bytes:
        """The package."""
        files = {self.qde: self.qde_xml().encode("utf-8")}
        if self.with_text:
            files[f"{self.folder}{SOURCE}.txt"] = self.text
        return package(files | dict(self.entries))

    def _spelled(self, xml: str) -> str:
        for each in (
            USER,
            CODE,
            *(guid(100 + i) for i in range(len(self.marks))),
            *(guid(500 + i) for i in range(len(self.marks))),
        ):
            written = each.upper() if self.upper else each
            xml = xml.replace(f'"{each}"', f'"{{{written}}}"' if self.braces else f'"{written}"')
        return xml


def package(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return content.getvalue()


def _attribute(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
