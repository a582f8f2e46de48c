"""The first joint display: per driver of the claims, what the survey says beside what the cases say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.claims.verdicts import Verdict
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.evidence import evidence
from clustergov.casestudies.joint import Driver, Joint
from clustergov.casestudies.matrix import MatrixCell, matrix_cell
from clustergov.language import LANGUAGES, Text, say


@dataclass(frozen=True, slots=True)
class JointCell:
    """What one case holds on one driver.

    Attributes
    ----------
    counted : MatrixCell
        Coded passages; `coded` None means that nothing was found, which is not evidence of absence.
    text : Text or None
        The first of them in words, statements before notes; None when nothing was found or nothing may be shown.
    mark : str
        Its confidence mark.
    verbatim : bool
        Somebody's own words, to be shown in quotation marks; else a paraphrase.
    """

    counted: MatrixCell
    text: Text | None = None
    mark: str = ""
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class JointRow:
    """One driver.

    Attributes
    ----------
    verdicts : tuple of (str, Verdict)
        Of the claims in which the driver appears, by their number.
    cells : tuple of JointCell
        One per case.
    """

    driver: Driver
    verdicts: tuple[tuple[str, Verdict], ...]
    cells: tuple[JointCell, ...]


@dataclass(frozen=True, slots=True)
class JointDisplay:
    """Survey and cases side by side.

    Attributes
    ----------
    cases : tuple of (str, Text)
        Code and title of each case.
    rows : tuple of JointRow
        In declared order of the drivers.
    synthetic : bool
        The survey's side is a rehearsal.
    """

    cases: tuple[tuple[str, Text], ...]
    rows: tuple[JointRow, ...]
    synthetic: bool

    def frame(self) -> pd.DataFrame:
        """One row per claim, driver and case; `coded` is missing, not 0, where nothing was found."""
        counts = ("coded", "supports", "qualifies", "contradicts", "contrast")
        rows = [
            (claim, verdict, row.driver.driver, " ".join(row.driver.concepts), cell.counted.case,
             *(getattr(cell.counted, name) for name in counts),
             *(cell.text.get(language) if cell.text else None for language in LANGUAGES), cell.mark)
            for row in self.rows
            for claim, verdict in row.verdicts
            for cell in row.cells
        ]  # fmt: skip
        columns = ["claim", "verdict", "driver", "concepts", "case", *counts, "text_nl", "text_en", "mark"]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(counts, "Int64"))

    def sentence(self, language: str) -> str:
        claims = {claim for row in self.rows for claim, _ in row.verdicts}
        spoken = {
            claim for row in self.rows for claim, _ in row.verdicts if any(cell.counted.coded for cell in row.cells)
        }
        return say(
            "chapters.joint.summary", language, claims=len(claims), spoken=len(spoken), silent=len(claims - spoken)
        )


def joint_display(joint: Joint, corpus: Corpus, assessments: Sequence[Assessment], *, synthetic: bool) -> JointDisplay:
    """Put the verdicts on the claims beside the coded evidence on their drivers, case by case."""
    verdicts = {assessment.claim.id: assessment.verdict for assessment in assessments}
    rows = tuple(
        JointRow(
            driver,
            tuple((str(claim), verdicts[str(claim)]) for claim in driver.claims if str(claim) in verdicts),
            tuple(_cell(corpus, case.case, driver) for case in corpus.cases),
        )
        for driver in joint.drivers
    )
    return JointDisplay(tuple((case.case, case.title) for case in corpus.cases), rows, synthetic)


def _cell(corpus: Corpus, case: str, driver: Driver) -> JointCell:
    counted = matrix_cell(corpus, case, driver.concepts)
    rows = evidence(corpus, driver.concepts)
    own = rows[(rows["case"] == case) & (rows["about"] != "contrast") & rows["quotable"]]
    told = own.sort_values("kind", key=lambda kind: kind != "statement", kind="stable").head(1).to_dict("records")
    if not told:
        return JointCell(counted)
    words: dict[str, str] = {
        language: told[0][f"text_{language}"] for language in LANGUAGES if pd.notna(told[0][f"text_{language}"])
    }
    return JointCell(counted, Text(words), str(told[0]["mark"]), bool(told[0]["verbatim"]))
