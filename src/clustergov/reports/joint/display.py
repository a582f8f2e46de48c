"""The joint display: per driver of the claims, what the survey says beside what each case says, and a person's judgement."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.claims.verdicts import Verdict
from clustergov.analysis.models.drivers import Drivers
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.evidence import evidence
from clustergov.casestudies.integration import Integration, IntegrationCell, State, evidence_hash
from clustergov.casestudies.joint import Driver, Joint
from clustergov.casestudies.matrix import MatrixCell, matrix_cell
from clustergov.language import LANGUAGES, Text, say
from clustergov.reports.joint.survey_side import SurveySide, survey_side


@dataclass(frozen=True, slots=True)
class JointPassage:
    """One coded place that speaks to a driver; once, however many coders saw the same there.

    Attributes
    ----------
    concepts : tuple of str
    polarity : str
        supports, qualifies, contradicts, empty (not judged), or several where coders differ, separated by “ / ”.
    text : Text or None
        None: its words are withheld, for want of consent.
    verbatim : bool
        Somebody's own words, to be shown in quotation marks; else a paraphrase in ours.
    """

    concepts: tuple[str, ...]
    document: str
    at: str
    polarity: str
    mark: str
    source: str
    text: Text | None
    verbatim: bool


@dataclass(frozen=True, slots=True)
class JointCell:
    """What one case holds on one driver.

    Attributes
    ----------
    counted : MatrixCell
        Coded passages; `coded` None means that nothing was found, which is not evidence of absence.
    passages : tuple of JointPassage
        Statements before notes and documents; never a contrast, never with mark U.
    judgement : IntegrationCell or None
    state : State
    evidence_hash, estimate_hash : str
        What a judgement given now would rest on.
    """

    counted: MatrixCell
    passages: tuple[JointPassage, ...] = ()
    judgement: IntegrationCell | None = None
    state: State = "not filled"
    evidence_hash: str = ""
    estimate_hash: str = ""

    @property
    def first(self) -> JointPassage | None:
        """The first passage that may be shown."""
        return next((each for each in self.passages if each.text is not None), None)

    @property
    def changed(self) -> tuple[str, ...]:
        """For a judgement that has become stale: `evidence`, `estimate` or both."""
        if self.judgement is None or self.state != "stale":
            return ()
        now = {"evidence": self.evidence_hash, "estimate": self.estimate_hash}
        return tuple(name for name, found in now.items() if getattr(self.judgement, name) != found)


@dataclass(frozen=True, slots=True)
class JointRow:
    """One driver: the survey's side and one cell per case."""

    driver: Driver
    survey: SurveySide
    cells: tuple[JointCell, ...]

    @property
    def verdicts(self) -> tuple[tuple[str, Verdict], ...]:
        return self.survey.verdicts


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
        rows = []
        for row in self.rows:
            for claim, verdict in row.verdicts or (("", None),):
                for cell in row.cells:
                    told = cell.first
                    words = [told.text.get(language) if told and told.text else None for language in LANGUAGES]
                    judged = cell.judgement
                    rows.append(
                        (claim, verdict, row.driver.driver, " ".join(row.driver.concepts), cell.counted.case,
                         *(getattr(cell.counted, name) for name in counts), *words, told.mark if told else "",
                         judged.judgement if judged else None, cell.state,
                         *(judged.reason.get(language) if judged else None for language in LANGUAGES),
                         judged.by if judged else None, judged.date if judged else None,
                         cell.evidence_hash, cell.estimate_hash)
                    )  # fmt: skip
        columns = ["claim", "verdict", "driver", "concepts", "case", *counts, "text_nl", "text_en", "mark", "judgement",
                   "state", "reason_nl", "reason_en", "by", "date", "evidence", "estimate"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(counts, "Int64"))

    def passages(self) -> pd.DataFrame:
        """One row per driver, case and coded place, with its words where they may be shown."""
        rows = [
            (row.driver.driver, cell.counted.case, " ".join(each.concepts), each.document, each.at, each.polarity,
             each.mark, each.source, each.verbatim, each.text is not None,
             *(each.text.get(language) if each.text else None for language in LANGUAGES))
            for row in self.rows
            for cell in row.cells
            for each in cell.passages
        ]  # fmt: skip
        columns = ["driver", "case", "concepts", "document", "at", "polarity", "mark", "source", "verbatim", "quotable",
                   "text_nl", "text_en"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def estimates(self) -> pd.DataFrame:
        """One row per driver and estimate: a part of a claim, or a coefficient in a model of performance."""
        rows: list[tuple[object, ...]] = []
        for row in self.rows:
            code = row.driver.driver
            rows += [
                (code, f"claim {p.claim}", p.part, p.measure, p.estimate, p.low, p.high, p.n) for p in row.survey.parts
            ]
            rows += [
                (code, f"model {e.model}", f"{e.outcome} ~ {e.term}", e.measure, e.estimate, e.low, e.high, e.n)
                for e in row.survey.estimates
            ]
        return pd.DataFrame(rows, columns=["driver", "of", "what", "measure", "estimate", "low", "high", "n"])

    def cell(self, driver: str, case: str) -> JointCell:
        row = next(row for row in self.rows if row.driver.driver == driver)
        return next(cell for cell in row.cells if cell.counted.case == case)

    def sentence(self, language: str) -> str:
        claims = {claim for row in self.rows for claim, _ in row.verdicts}
        spoken = {
            claim for row in self.rows for claim, _ in row.verdicts if any(cell.counted.coded for cell in row.cells)
        }
        return " ".join([
            say("chapters.joint.summary", language, claims=len(claims), spoken=len(spoken), silent=len(claims - spoken)),
            self.judged(language),
        ])  # fmt: skip

    def judged(self, language: str) -> str:
        """How many judgements there are, of each kind, and how many no longer rest on what is there."""
        cells = [cell for row in self.rows for cell in row.cells]
        given = [cell.judgement.judgement for cell in cells if cell.judgement]
        if not given:
            return say("joint.judged.none", language, all=len(cells))
        stale = sum(cell.state == "stale" for cell in cells)
        parts = [say("joint.judged.some", language, given=len(given), all=len(cells),
                     **{kind: given.count(kind) for kind in ("confirm", "expand", "discord")}),
                 say("joint.judged.stale", language, n=stale) if stale else ""]  # fmt: skip
        return " ".join(part for part in parts if part)


def joint_display(
    joint: Joint,
    corpus: Corpus,
    assessments: Sequence[Assessment],
    *,
    synthetic: bool,
    drivers: Drivers | None = None,
    integration: Integration | None = None,
) -> JointDisplay:
    """Put the survey's verdicts and estimates beside the coded evidence on their drivers, case by case."""
    by_claim = {assessment.claim.id: assessment for assessment in assessments}
    judgements = integration or Integration()
    table = pd.DataFrame() if drivers is None else drivers.frame()
    rows = tuple(
        _row(driver, corpus, survey_side(driver, by_claim, drivers, table), judgements) for driver in joint.drivers
    )
    return JointDisplay(tuple((case.case, case.title) for case in corpus.cases), rows, synthetic)


def _row(driver: Driver, corpus: Corpus, survey: SurveySide, judgements: Integration) -> JointRow:
    records = evidence(corpus, driver.concepts).to_dict("records")
    cells = []
    for case in corpus.cases:
        own = [record for record in records if record["case"] == case.case]
        found, judgement = evidence_hash(own), judgements.cell(driver.driver, case.case)
        cells.append(
            JointCell(
                matrix_cell(corpus, case.case, driver.concepts), _passages(own), judgement,
                judgement.state(found, survey.hash) if judgement else "not filled", found, survey.hash,
            )
        )  # fmt: skip
    return JointRow(driver, survey, tuple(cells))


def _passages(records: Sequence[Mapping[Hashable, Any]]) -> tuple[JointPassage, ...]:
    """Evidence on the case itself, once per place; statements before notes and documents."""
    kinds = {"statement": 0, "note": 1, "document": 2}
    groups: dict[tuple[str, str], list[Mapping[Hashable, Any]]] = {}
    for record in sorted(records, key=lambda each: kinds[each["kind"]]):
        if record["about"] != "contrast":
            groups.setdefault((record["document"], record["at"]), []).append(record)
    return tuple(_passage(document, at, group) for (document, at), group in groups.items())


def _passage(document: str, at: str, group: Sequence[Mapping[Hashable, Any]]) -> JointPassage:
    first = group[0]
    words = {language: str(first[f"text_{language}"]) for language in LANGUAGES if pd.notna(first[f"text_{language}"])}
    shown = bool(words) and all(each["quotable"] for each in group)
    return JointPassage(
        tuple(dict.fromkeys(str(each["concept"]) for each in group)), document, at,
        " / ".join(dict.fromkeys(str(each["polarity"]) for each in group if pd.notna(each["polarity"]))),
        str(first["mark"]), str(first["source"]), Text({str(key): text for key, text in words.items()}) if shown else None,
        bool(first["verbatim"]),
    )  # fmt: skip
