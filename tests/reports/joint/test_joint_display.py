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
            assert not cell.verbatim
            assert cell.mark in ("", "P", "S", "D")
            assert cell.text is None or cell.text.to("en") not in contrast


def test_the_judgement_is_left_to_a_person(findings: Findings) -> None:
    table = next(block for block in chapter(display_of(findings), "en") if isinstance(block, Table))
    assert {plain(row[-1]) for row in table.rows} == {"…"}
    assert plain(table.header[-1]) == "Your judgement"
    assert isinstance(table.data, pd.DataFrame)
    assert "rehearsal" in plain(table.header[1])
