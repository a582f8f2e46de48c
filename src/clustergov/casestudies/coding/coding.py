"""Codings: which concept a coder saw in which statement, paragraph or passage; a plain file per document, coder, round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from clustergov.casestudies.coding.canonical import Lines, NotCanonicalError, split, written
from clustergov.casestudies.documents.passage import Passage
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Position, Positions, parse, parse_text
from clustergov.yaml_file import read as read_yaml

Polarity = Literal["supports", "qualifies", "contradicts"]
"""What the coded text does to the concept: it shows it at work, limits it, or speaks against it."""

CONSENSUS = "consensus"
"""The coder of what coders decided together; nobody may be called so."""

Key = tuple[str, str]
"""What tells the codings of one file apart: where (a unit's code, or offsets start-end) and concept."""


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


class ResolutionEntry(Entry):
    """How a disagreement was settled by those who had it; only in the files of the coder `consensus`.

    Attributes
    ----------
    disagreement : str
        Its identifier, made of what it was about.
    about : tuple of (str, str, str, str)
        Coder, where, concept and polarity ("" for none) of every coding that this decision takes the place of.
    kept : tuple of (str, str)
        Where and concept of the codings of this file that came of it; none is an answer too.
    present : tuple of str
        Who was there.
    time : str
        UTC.
    """

    disagreement: str = Field(coerce_numbers_to_str=True)
    about: tuple[tuple[str, str, str, str], ...]
    kept: tuple[Key, ...] = ()
    present: tuple[str, ...]
    time: str = ""
    memo: Text | None = None


class CodingFile(Entry):
    """The codings of one document by one coder in one round.

    Attributes
    ----------
    document : str
        ``statements``, the code of a note, the code of a document of the researcher's own, or ``case`` for a memo
        about the whole case.
    coder : str
        A role or pseudonym.
    round : int
        The first unless it says otherwise.
    sha256 : str
        Of the document's normalised text when it was coded; empty for statements and notes.
    done : str
        When the coder said that this document is done, UTC; empty before.
    memo : Text or None
        About the whole document.
    """

    document: str
    coder: str = Field(coerce_numbers_to_str=True)
    round: int = Field(default=1, ge=1)
    sha256: str = Field(default="", coerce_numbers_to_str=True)
    done: str = ""
    memo: Text | None = None
    resolutions: tuple[ResolutionEntry, ...] = ()
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
    round : int
        In which round of coding.
    """

    case: str
    document: str
    coder: str
    concept: str
    at: str = ""
    passage: Passage | None = None
    polarity: Polarity | None = None
    memo: Text | None = None
    round: int = 1

    @property
    def where(self) -> str:
        """Code of the unit, or the offsets as ``start-end``."""
        return self.at if self.passage is None else f"{self.passage.start}-{self.passage.end}"

    @property
    def place(self) -> tuple[str, str, str]:
        """What was coded, whoever did it: case, document, and unit or offsets."""
        return self.case, self.document, self.where

    @property
    def key(self) -> Key:
        """What tells it from the other codings of its file."""
        return self.where, self.concept

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sorts the codings of one document as a reader meets them."""
        passage = self.passage
        return (passage.start, passage.end, "", self.concept) if passage else (0, 0, self.at, self.concept)


class LatePositions(Positions):
    """Positions of a file that was read fast: it is read exactly when somebody asks where a value stands."""

    def of(self, place: Place) -> Position:
        if len(self) == 1 and Path(self.file).is_file():
            self.__dict__.update(parse(self.file)[1].__dict__)
        return super().of(place)


def read(path: Path | str, *, case: str) -> tuple[tuple[Coding, ...], Positions]:
    """Read one file of codings; the positions tell where coding number i stands: ``("codings", i)``.

    Raises
    ------
    InputError
        With every mistake that shows without the codebook and the documents.
    """
    _, codings, positions = read_file(path, case=case)
    return codings, positions


def read_file(path: Path | str, *, case: str) -> tuple[CodingFile, tuple[Coding, ...], Positions]:
    """The same, with the head of the file (its own `codings` are then left empty).

    Raises
    ------
    InputError
        With every mistake that shows without the codebook and the documents.
    """
    try:
        head, lines = _fast(Path(path))
        positions: Positions = LatePositions(str(path))
    except (NotCanonicalError, OSError, UnicodeDecodeError, InputError, ValidationError):
        # Whatever is the matter, the exact reader knows or tells it.
        return read_exactly(path, case=case)
    return head, tuple(_coding(entry, head, case) for entry in lines), positions


def _fast(path: Path) -> tuple[CodingFile, list[Lines]]:
    text, lines = split(path.read_bytes().decode("utf-8"))
    data, _, problems = parse_text(text, str(path))
    if problems:
        raise NotCanonicalError
    return CodingFile.model_validate(data), lines


def read_exactly(path: Path | str, *, case: str) -> tuple[CodingFile, tuple[Coding, ...], Positions]:
    """The same by PyYAML's node tree, whatever the form of the file.

    Raises
    ------
    InputError
        With every mistake that shows without the codebook and the documents.
    """
    file, positions = read_yaml(path, CodingFile, wanted="codings")
    problems = [
        problem for index, entry in enumerate(file.codings) for problem in _place_problems(entry, index, positions)
    ]
    if problems:
        raise InputError(problems)
    codings = tuple(_coding(entry, file, case) for entry in file.codings)
    return file.model_copy(update={"codings": ()}), codings, positions


def _place_problems(entry: CodingEntry, index: int, positions: Positions) -> Iterator[Problem]:
    offsets = entry.start is not None and entry.end is not None and bool(entry.exact)
    if bool(entry.at) == offsets:
        yield positions.problem(
            ("codings", index), "coding-place",
            "expected either `at`, or `start`, `end` and `exact`, found both or neither.",
            "Name a statement or paragraph, or give a passage with its offsets and text.",
        )  # fmt: skip
    elif offsets and (entry.end or 0) - (entry.start or 0) != len(entry.exact):
        yield positions.problem(
            ("codings", index, "end"), "coding-length",
            f"the offsets span {(entry.end or 0) - (entry.start or 0)} code points, the text {len(entry.exact)}.",
            "Offsets count code points; the end is exclusive.",
        )  # fmt: skip


def write(codings: Sequence[Coding], path: Path | str) -> None:
    """Write the codings of one document by one coder in one round, in order of place and concept, one key a line.

    Raises
    ------
    ValueError
        They are of more than one document, coder or round, or of none.
    """
    if len({(coding.case, coding.document, coding.coder, coding.round) for coding in codings}) != 1:
        raise ValueError("one file holds the codings of one document by one coder")
    first = codings[0]
    head: dict[str, Any] = {"document": first.document, "coder": first.coder}
    if first.round != 1:
        head["round"] = first.round
    if first.passage is not None:
        head["sha256"] = first.passage.sha256
    Path(path).write_text(file_text(head, codings), encoding="utf-8", newline="\n")


def file_text(head: Mapping[str, Any], codings: Iterable[Coding]) -> str:
    """The text of a file of codings, in order of place and concept, one key a line."""
    return written(head, map(_lines, sorted(codings, key=lambda coding: coding.order)))


def _coding(entry: CodingEntry | Lines, file: CodingFile, case: str) -> Coding:
    passage = None
    if entry.start is not None and entry.end is not None:
        passage = Passage(file.document, file.sha256, entry.exact, entry.before, entry.after, entry.start, entry.end)
    memo = entry.memo if entry.memo is None or isinstance(entry.memo, Text) else _text(entry.memo)
    polarity: Any = entry.polarity
    return Coding(case, file.document, file.coder, entry.concept, entry.at, passage, polarity, memo, file.round)


def _text(texts: Mapping[str, str]) -> Text:
    return Text({language: text.strip() for language, text in texts.items()})


def _lines(coding: Coding) -> Lines:
    if (passage := coding.passage) is None:
        return Lines(coding.concept, coding.polarity, coding.at, memo=coding.memo)
    words = passage.exact, passage.before, passage.after
    return Lines(coding.concept, coding.polarity, "", passage.start, passage.end, *words, memo=coding.memo)
