"""The units of a corpus and what each coder saw in them: statements and paragraphs, and the sentences of documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.casestudies.agreement.ratings import MISSING, Ratings
from clustergov.casestudies.agreement.sentences import sentences
from clustergov.casestudies.coding.coding import CONSENSUS, Coding
from clustergov.casestudies.coding.rounds import ONLY
from clustergov.casestudies.corpus import Corpus

Kind = Literal["unit", "sentence"]
"""Statements and paragraphs as the case declares them; or sentences of a researcher's own documents."""

POLARITIES = ("supports", "qualifies", "contradicts")
Readers = Mapping[tuple[str, str], Sequence[str]]
"""(case, document) → the coders who read it in a round, whether or not they saw anything in it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that can carry codes: `at` is its code in the case, or a number among the sentences."""

    case: str
    document: str
    at: str
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.case}/{self.document}/{self.at}"


@dataclass(frozen=True, eq=False)
class CodedUnits:
    """What coders saw in the units of one kind in one round.

    Attributes
    ----------
    units : tuple of Unit
        Of every document that at least one coder read; those nobody coded are here too and count as absent for all.
    coders, codes : tuple of str
    read : ndarray of bool, shape (units, coders)
    present : ndarray of bool, shape (units, coders, codes)
    polarity : ndarray of int, shape (units, coders, codes)
        Place in `POLARITIES`; −1 when not judged, and where a sentence has several that differ.
    """

    units: tuple[Unit, ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    read: np.ndarray
    present: np.ndarray
    polarity: np.ndarray

    def ratings(self, code: str) -> Ratings:
        """One code as absent (0) or present (1) per unit and coder; missing where a coder did not read the unit."""
        seen = self.present[:, :, self.codes.index(code)].astype(np.int64)
        return Ratings(np.where(self.read, seen, MISSING), (0.0, 1.0), self.coders, self.names)

    def polarities(self, code: str) -> Ratings:
        """What each coder judged the code to do, where it was seen and judged."""
        place = self.codes.index(code)
        judged = np.where(self.read & self.present[:, :, place], self.polarity[:, :, place], MISSING)
        return Ratings(judged.astype(np.int64), POLARITIES, self.coders, self.names)

    def sets(self) -> list[dict[str, frozenset[str]]]:
        """Per unit: coder who read it → the codes seen in it."""
        return [
            {
                coder: frozenset(np.array(self.codes)[self.present[row, column]].tolist())
                for column, coder in enumerate(self.coders)
                if self.read[row, column]
            }
            for row in range(len(self.units))
        ]

    def part(self, case: str = "", document: str = "") -> CodedUnits:
        """Only the units of one case, or of one document of it."""
        rows = [
            row for row, unit in enumerate(self.units)
            if (not case or unit.case == case) and (not document or unit.document == document)
        ]  # fmt: skip
        return CodedUnits(
            tuple(self.units[row] for row in rows), self.coders, self.codes, self.read[rows], self.present[rows],
            self.polarity[rows],
        )  # fmt: skip

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(str(unit) for unit in self.units)

    def frame(self) -> pd.DataFrame:
        """One row per unit, coder and code seen: what other software for agreement takes."""
        rows = [
            (str(self.units[row]), self.coders[column], self.codes[place])
            for row, column, place in np.argwhere(self.present)
        ]
        return pd.DataFrame(rows, columns=["unit", "coder", "code"])


def rounds_of(corpus: Corpus) -> tuple[int, ...]:
    """Rounds in which anybody coded, in order."""
    return tuple(sorted({coding.round for coding in independent(corpus)}))


def independent(corpus: Corpus) -> tuple[Coding, ...]:
    """Codings of single coders: what they decided together says nothing about how far they agreed."""
    return tuple(coding for coding in corpus.codings if coding.coder != CONSENSUS)


def readers(corpus: Corpus, round_: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who is taken to have read what in a round.

    In a round that was closed its coders read all statements and notes, the documents that it lists, and those in which
    one of them saw something; another document may have come after it. Otherwise a coder who coded anything among the
    statements and notes of a case read all of these that the round holds; a document of the researcher's own was read by
    those who coded anything in it.
    """
    one = next((found for found in corpus.rounds if found.number == round_), ONLY)
    found: dict[tuple[str, str], set[str]] = {}
    for coding in independent(corpus):
        if coding.round != round_:
            continue
        own = coding.passage is not None
        for document in (coding.document,) if own else corpus.by_case[coding.case].units:
            if one.holds(coding.case, document):
                found.setdefault((coding.case, document), set()).add(coding.coder)
    if one.closed is not None and one.coders:
        places = [(case.case, document) for case in corpus.cases for document in case.units]
        own_texts = [(document.case, document.code) for document in corpus.documents]
        places += [place for place in own_texts if one.documents or place in found]
        found |= {place: set(one.coders) for place in places if one.holds(*place)}
    return {place: tuple(sorted(coders)) for place, coders in sorted(found.items())}


def coded_units(corpus: Corpus, round_: int, read: Readers, *, kind: Kind = "unit") -> CodedUnits:
    """The units of one kind that were read in a round, and what was seen in them.

    A sentence carries a code when any passage with it reaches into the sentence.
    """
    units = tuple(_units(corpus, read, kind))
    coders = tuple(sorted({coder for names in read.values() for coder in names}))
    codes = corpus.codebook.codes
    row = {(unit.case, unit.document, unit.at): index for index, unit in enumerate(units)}
    there = np.array([[coder in read[unit.case, unit.document] for coder in coders] for unit in units], dtype=bool)
    present = np.zeros((len(units), len(coders), len(codes)), dtype=bool)
    polarity = np.full(present.shape, MISSING, dtype=np.int64)
    places = _sentences_of(units)
    for coding in independent(corpus):
        if coding.round != round_ or (coding.passage is None) != (kind == "unit"):
            continue
        if coding.coder not in read.get((coding.case, coding.document), ()):
            continue
        column, place = coders.index(coding.coder), codes.index(coding.concept)
        for at in _rows(coding, row, places):
            polarity[at, column, place] = _joined(coding, bool(present[at, column, place]), polarity[at, column, place])
            present[at, column, place] = True
    return CodedUnits(units, coders, codes, there.reshape(len(units), len(coders)), present, polarity)


def _units(corpus: Corpus, read: Readers, kind: Kind) -> list[Unit]:
    found = []
    for case, document in read:
        units = corpus.by_case[case].units.get(document)
        if kind == "unit" and units is not None:
            found += [Unit(case, document, at) for at in units]
        elif kind == "sentence" and units is None:
            text = corpus.document(case, document).text
            found += [Unit(case, document, str(number), *ends) for number, ends in enumerate(sentences(text), start=1)]
    return found


Sentences = dict[tuple[str, str], tuple[np.ndarray, np.ndarray, np.ndarray]]


def _sentences_of(units: Sequence[Unit]) -> Sentences:
    """Rows, begins and ends of the sentences of each document."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, unit in enumerate(units):
        if unit.end:
            rows.setdefault((unit.case, unit.document), []).append(row)
    return {
        place: (np.array(own), np.array([units[r].start for r in own]), np.array([units[r].end for r in own]))
        for place, own in rows.items()
    }


def _rows(coding: Coding, row: Mapping[tuple[str, str, str], int], places: Sentences) -> list[int]:
    if coding.passage is None:
        return [row[coding.case, coding.document, coding.at]]
    rows, starts, ends = places[coding.case, coding.document]
    return [int(at) for at in rows[(starts < coding.passage.end) & (ends > coding.passage.start)]]


def _joined(coding: Coding, seen: bool, before: int) -> int:
    """The polarity of a unit after one more coding of the same code by the same coder."""
    now = POLARITIES.index(coding.polarity) if coding.polarity else MISSING
    return now if not seen or now == before else MISSING
