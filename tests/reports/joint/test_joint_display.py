"""Survey and cases side by side: nothing invented, nothing lost, absence never counted as nought."""

from __future__ import annotations

import pandas as pd

from clustergov.casestudies.evidence import evidence
from clustergov.reports.chapters.joint import joint as chapter
from clustergov.reports.document import Table
from clustergov.reports.findings import Findings
from clustergov.reports.inline import plain
from clustergov.reports.joint.display import JointDisplay


def display_of(findings: Findings) -> JointDisplay:
    assert findings.cases is not None
    assert findings.cases.joint is not None
    return findings.cases.joint


def test_every_claim_stands_beside_the_cases(findings: Findings) -> None:
    display = display_of(findings)
    assert findings.claimed is not None
    verdicts = {found.claim.id: found.verdict for found in findings.claimed.assessments}
    assert {claim: verdict for row in display.rows for claim, verdict in row.verdicts} == verdicts


def test_counts_are_those_of_the_codings(findings: Findings) -> None:
    display = display_of(findings)
    assert findings.cases is not None
    for row in display.rows:
        rows = evidence(findings.cases.corpus, row.driver.concepts)
        own = rows[rows["about"] != "contrast"].drop_duplicates(["case", "document", "at"])
        for cell in row.cells:
            assert (cell.counted.coded or 0) == (own["case"] == cell.counted.case).sum()


def test_nothing_found_is_missing_and_not_nought(findings: Findings) -> None:
    frame = display_of(findings).frame()
    assert frame["coded"].isna().any()
    assert (frame["coded"].dropna() > 0).all()
    assert frame.loc[frame["coded"].isna(), "text_nl"].isna().all()


def test_words_are_paraphrases_without_quotation_marks_and_never_a_contrast(findings: Findings) -> None:
    display = display_of(findings)
    assert findings.cases is not None
    contrast = {
        statement.text.to("en")
        for case in findings.cases.corpus.cases
        for statement in case.statements
        if statement.about == "contrast"
    }
    for row in display.rows:
        for cell in row.cells:
            for each in cell.passages:
                assert not each.verbatim
                assert each.mark in ("P", "S", "D")
                assert each.text is not None
                assert each.text.to("en") not in contrast


def test_the_judgement_is_left_to_a_person(findings: Findings) -> None:
    display = display_of(findings)
    tables = [block for block in chapter(display, "en") if isinstance(block, Table)]
    overview = tables[0]
    assert isinstance(overview.data, pd.DataFrame)
    assert "rehearsal" in plain(overview.header[1])
    assert {cell.state for row in display.rows for cell in row.cells} <= {
        "not filled",
        "current",
        "stale",
        "without stamp",
    }
    own = [table for table in tables if table.id.startswith("joint-passages-")]
    assert len(own) == sum(bool(row.driver.concepts) for row in display.rows)
    for table in own:
        assert plain(table.header[-1]) == "Judgement"


def test_a_driver_carries_the_survey_s_estimates(findings: Findings) -> None:
    display = display_of(findings)
    assert findings.claimed is not None
    for row in display.rows:
        for part in row.survey.parts:
            found = next(a for a in findings.claimed.assessments if a.claim.id == part.claim)
            told = next(each for each in found.parts if each.part.id == part.part)
            assert part.estimate == told.estimate
            assert part.n == told.n
