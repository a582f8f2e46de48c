"""The case × concept matrix: what was coded where, and where nothing was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.corpus import Corpus
from clustergov.language import Text, say


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One case and one concept, or several concepts together.

    Attributes
    ----------
    concept : str
        Code; several are separated by blanks.
    coded : int or None
        Statements, paragraphs and passages about the case or its surroundings that carry the concept, each counted
        once however many coders saw it. None: nothing was found, which is no finding that there is nothing.
    supports, qualifies, contradicts : int or None
        How many of them by at least one coder; None where `coded` is None.
    contrast : int
        Coded statements about another organisation, put beside the case; not in `coded`.
    uncertain : int
        Coded statements with mark U; not in `coded`, since they are no findings.
    """

    case: str
    concept: str
    coded: int | None
    supports: int | None
    qualifies: int | None
    contradicts: int | None
    contrast: int
    uncertain: int

    def text(self, language: str) -> str:
        """The cell as a reader sees it."""
        parts = [say("casestudies.matrix.nothing", language) if self.coded is None else self._counts(language)]
        if self.contrast:
            parts.append(say("casestudies.matrix.contrast", language, n=self.contrast))
        if self.uncertain:
            parts.append(say("casestudies.matrix.uncertain", language, n=self.uncertain))
        return "; ".join(parts)

    def _counts(self, language: str) -> str:
        limits = [
            say(f"casestudies.matrix.{polarity}", language, n=count)
            for polarity, count in (("qualifies", self.qualifies), ("contradicts", self.contradicts))
            if count
        ]
        return f"{self.coded}" + (f" ({', '.join(limits)})" if limits else "")


@dataclass(frozen=True, slots=True)
class CaseMatrix:
    """Cases against concepts.

    Attributes
    ----------
    cases, concepts : tuple of (str, Text)
        Code and title, in the order of rows and columns.
    cells : tuple of MatrixCell
        One per case and concept, case by case.
    caveats : tuple of (str, Text)
        Case (empty for the codebook) and what must be kept in mind; shown under the matrix.
    coders : tuple of str
    passages : int
        Distinct statements, paragraphs and passages coded, including contrast.
    by : Text or None
        The attribute whose values stand in the place of cases (see `attribute_matrix`); None: cases.
    """

    cases: tuple[tuple[str, Text], ...]
    concepts: tuple[tuple[str, Text], ...]
    cells: tuple[MatrixCell, ...]
    caveats: tuple[tuple[str, Text], ...]
    coders: tuple[str, ...]
    passages: int
    by: Text | None = None

    def cell(self, case: str, concept: str) -> MatrixCell:
        return next(cell for cell in self.cells if (cell.case, cell.concept) == (case, concept))

    def cell_text(self, case: str, concept: str, language: str) -> str:
        """One cell as a reader sees it: a number with its reservations, or that nothing was found."""
        return self.cell(case, concept).text(language)

    def frame(self) -> pd.DataFrame:
        """One row per case and concept; missing, not 0, where nothing was found."""
        names = ("case", "concept", "coded", "supports", "qualifies", "contradicts", "contrast", "uncertain")
        rows = [[getattr(cell, name) for name in names] for cell in self.cells]
        frame = pd.DataFrame(rows, columns=list(names))
        return frame.astype({"case": "str", "concept": "str"} | dict.fromkeys(names[2:], "Int64"))

    def counts(self) -> pd.DataFrame:
        """Coded passages, concepts in rows and cases in columns; missing where nothing was found."""
        wide = self.frame().pivot(index="concept", columns="case", values="coded")
        return wide.loc[[code for code, _ in self.concepts], [code for code, _ in self.cases]]

    def sentence(self, language: str) -> str:
        empty = sum(cell.coded is None for cell in self.cells)
        if self.by is not None:
            return say("documents.attributes.summary", language, by=self.by, groups=len(self.cases), empty=empty,
                       cells=len(self.cells), passages=self.passages)  # fmt: skip
        everywhere = self._named(lambda cells: all(cell.coded is not None for cell in cells), language)
        nowhere = self._named(lambda cells: all(cell.coded is None for cell in cells), language)
        parts = [
            say(
                "casestudies.matrix.summary", language, passages=self.passages, cases=len(self.cases),
                concepts=len(self.concepts), cells=len(self.cells), empty=empty,
            ),
            say("casestudies.matrix.everywhere", language, concepts=everywhere) if everywhere else "",
            say("casestudies.matrix.nowhere", language, concepts=nowhere) if nowhere else "",
            say("casestudies.matrix.one_coder", language) if len(self.coders) == 1 else "",
        ]  # fmt: skip
        return " ".join(part for part in parts if part)

    def caveat_lines(self, language: str) -> tuple[str, ...]:
        """The caveats as a reader sees them, each with the case it belongs to."""
        titles = dict(self.cases)
        return tuple(
            f"{titles[case].to(language)}: {text.to(language)}" if case else text.to(language)
            for case, text in self.caveats
        )

    def _named(self, condition: Callable[[list[MatrixCell]], bool], language: str) -> str:
        names = [
            name.to(language)
            for code, name in self.concepts
            if condition([cell for cell in self.cells if cell.concept == code])
        ]
        return "; ".join(names)


def case_matrix(corpus: Corpus) -> CaseMatrix:
    """Count the coded passages of every case and concept."""
    cells = tuple(
        matrix_cell(corpus, case.case, (concept.code,)) for case in corpus.cases for concept in corpus.codebook.codable
    )
    return CaseMatrix(
        cases=tuple((case.case, case.title) for case in corpus.cases),
        concepts=tuple((concept.code, concept.name) for concept in corpus.codebook.codable),
        cells=cells,
        caveats=(
            *(("", remark.text) for remark in corpus.codebook.caveats),
            *((case.case, remark.text) for case in corpus.cases for remark in case.caveats),
        ),
        coders=corpus.coders,
        passages=corpus.coded_passages,
    )


def matrix_cell(corpus: Corpus, case: str, concepts: tuple[str, ...]) -> MatrixCell:
    """Count the passages of one case that carry any of `concepts`, each passage once."""
    return cell_of(corpus, (coding for coding in corpus.counted if coding.case == case), case, concepts)


def cell_of(corpus: Corpus, codings: Iterable[Coding], group: str, concepts: tuple[str, ...]) -> MatrixCell:
    """Count the passages among `codings` that carry any of `concepts`, each once, for the column `group`."""
    kinds: dict[str, list[Coding]] = {"case": [], "contrast": [], "uncertain": []}
    for coding in codings:
        if coding.concept in concepts:
            kinds[weight(corpus, coding)].append(coding)
    own = kinds["case"]

    def count(polarity: str) -> int | None:
        return len({coding.place for coding in own if coding.polarity == polarity}) if own else None

    return MatrixCell(
        case=group,
        concept=" ".join(concepts),
        coded=len({coding.place for coding in own}) if own else None,
        supports=count("supports"),
        qualifies=count("qualifies"),
        contradicts=count("contradicts"),
        contrast=len({coding.place for coding in kinds["contrast"]}),
        uncertain=len({coding.place for coding in kinds["uncertain"]}),
    )


def weight(corpus: Corpus, coding: Coding) -> str:
    """What a coding counts as: `uncertain` (mark U), `contrast` (about another organisation), else `case`."""
    statement = corpus.statement(coding)
    mark = corpus.document(coding.case, coding.document).mark if statement is None else statement.mark
    if mark == "U":
        return "uncertain"
    return "contrast" if statement is not None and statement.about == "contrast" else "case"
