"""Codings: which concept a coder saw in which statement, paragraph or passage; one plain file per document and coder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from clustergov.casestudies.documents.passage import Found, Passage, find, reanchor
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.yaml_file import Entry, Positions
from clustergov.yaml_file import read as read_yaml

Polarity = Literal["supports", "qualifies", "contradicts"]
"""What the coded text does to the concept: it shows it at work, limits it, or speaks against it."""


class CodingEntry(Entry):
    """One coding as it stands in its file: `at` a statement or paragraph, or a passage with its offsets and text."""

    concept: str
    polarity: Polarity | None = None
    at: str = ""
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    exact: str = Field(default="", coerce_numbers_to_str=True)
    before: str = Field(default="", coerce_numbers_to_str=True)
    after: str = Field(default="", coerce_numbers_to_str=True)
    memo: Text | None = None


class CodingFile(Entry):
    """The codings of one document by one coder.

    Attributes
    ----------
    document : str
        ``statements``, the code of a note, or the code of a document of the researcher's own.
    coder : str
        A role or pseudonym.
    sha256 : str
        Of the document's normalised text when it was coded; empty for statements and notes.
    """

    document: str
    coder: str = Field(coerce_numbers_to_str=True)
    sha256: str = Field(default="", coerce_numbers_to_str=True)
    codings: tuple[CodingEntry, ...]


@dataclass(frozen=True, slots=True)
class Coding:
    """One concept seen in one place by one coder.

    Attributes
    ----------
    case, document, coder : str
    concept : str
        Code in the codebook.
    at : str
        Code of the statement or paragraph; empty for a passage.
    passage : Passage or None
        For a document of the researcher's own.
    polarity : {"supports", "qualifies", "contradicts"} or None
        None: not judged.
    memo : Text or None
        Why, in the coder's own words.
    """

    case: str
    document: str
    coder: str
    concept: str
    at: str = ""
    passage: Passage | None = None
    polarity: Polarity | None = None
    memo: Text | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """What was coded, whoever did it: case, document, and unit or offsets."""
        where = self.at if self.passage is None else f"{self.passage.start}-{self.passage.end}"
        return self.case, self.document, where


@dataclass(frozen=True, slots=True)
class Reanchored:
    """Codings of a document after its text was edited.

    Attributes
    ----------
    codings : tuple of Coding
        Those that were found again, with their new offsets.
    moved : tuple of (Coding, Found)
        As they were, and where they stand now.
    lost : tuple of (Coding, Found)
        As they were, and why they cannot be placed.
    """

    codings: tuple[Coding, ...]
    moved: tuple[tuple[Coding, Found], ...]
    lost: tuple[tuple[Coding, Found], ...]


def read(path: Path | str, *, case: str) -> tuple[tuple[Coding, ...], Positions]:
    """Read one file of codings; the positions tell where coding number i stands: ``("codings", i)``.

    Raises
    ------
    InputError
        With every mistake that shows without the codebook and the documents.
    """
    file, positions = read_yaml(path, CodingFile, wanted="codings")
    problems = []
    for index, entry in enumerate(file.codings):
        offsets = entry.start is not None and entry.end is not None and bool(entry.exact)
        if bool(entry.at) == offsets:
            problems.append(
                positions.problem(
                    ("codings", index), "coding-place",
                    "expected either `at`, or `start`, `end` and `exact`, found both or neither.",
                    "Name a statement or paragraph, or give a passage with its offsets and text.",
                )
            )  # fmt: skip
        elif offsets and (entry.end or 0) - (entry.start or 0) != len(entry.exact):
            problems.append(
                positions.problem(
                    ("codings", index, "end"), "coding-length",
                    f"the offsets span {(entry.end or 0) - (entry.start or 0)} code points, the text {len(entry.exact)}.",
                    "Offsets count code points; the end is exclusive.",
                )
            )  # fmt: skip
    if problems:
        raise InputError(problems)
    return tuple(_coding(entry, file, case) for entry in file.codings), positions


def write(codings: Sequence[Coding], path: Path | str) -> None:
    """Write the codings of one document by one coder, in order of place and concept, one key a line.

    Raises
    ------
    ValueError
        They are of more than one document or coder, or of none.
    """
    if len({(coding.case, coding.document, coding.coder) for coding in codings}) != 1:
        raise ValueError("one file holds the codings of one document by one coder")
    first = codings[0]
    head: dict[str, Any] = {"document": first.document, "coder": first.coder}
    if first.passage is not None:
        head["sha256"] = first.passage.sha256
    head["codings"] = [_entry(coding) for coding in sorted(codings, key=_order)]
    text = yaml.dump(head, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def reanchored(codings: Sequence[Coding], text: str) -> Reanchored:
    """Look up every passage in the new text of its document; codings without a passage stay as they are."""
    kept: list[Coding] = []
    moved: list[tuple[Coding, Found]] = []
    lost: list[tuple[Coding, Found]] = []
    for coding in codings:
        if coding.passage is None:
            kept.append(coding)
            continue
        found = find(coding.passage, text)
        if found.status == "lost":
            lost.append((coding, found))
            continue
        if found.status == "moved":
            moved.append((coding, found))
        kept.append(replace(coding, passage=reanchor(coding.passage, text)))
    return Reanchored(tuple(kept), tuple(moved), tuple(lost))


class _Dumper(yaml.SafeDumper):
    """Block style with lists indented, so that a change of one coding is a change of its own lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _order(coding: Coding) -> tuple[int, int, str, str]:
    passage = coding.passage
    return (passage.start, passage.end, "", coding.concept) if passage else (0, 0, coding.at, coding.concept)


def _coding(entry: CodingEntry, file: CodingFile, case: str) -> Coding:
    passage = None
    if entry.start is not None and entry.end is not None:
        passage = Passage(
            document=file.document,
            sha256=file.sha256,
            exact=entry.exact,
            before=entry.before,
            after=entry.after,
            start=entry.start,
            end=entry.end,
        )
    return Coding(case, file.document, file.coder, entry.concept, entry.at, passage, entry.polarity, entry.memo)


class _Quoted(str):
    """Text of a document: always written in double quotes, so that blanks, line ends and odd characters survive."""


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def _entry(coding: Coding) -> dict[str, Any]:
    entry: dict[str, Any] = {"concept": coding.concept}
    if coding.polarity is not None:
        entry["polarity"] = coding.polarity
    if coding.passage is None:
        entry["at"] = coding.at
    else:
        passage = coding.passage
        entry |= {"start": passage.start, "end": passage.end, "exact": _Quoted(passage.exact)}
        entry |= {"before": _Quoted(passage.before), "after": _Quoted(passage.after)}
    if coding.memo is not None:
        entry["memo"] = {language: _Quoted(text) for language, text in coding.memo.items()}
    return entry
