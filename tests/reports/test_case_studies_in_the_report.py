"""What the shipped study's report holds of the case studies: agreement of two codings, the QCA, the joint display."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from clustergov.casestudies.qca.qca import Qca
from clustergov.reports.compose import compose
from clustergov.reports.document import Block, Figure, Heading, Notice, Table
from clustergov.reports.findings import Findings
from clustergov.reports.joint.cases_and_model import CasesAndModel
from clustergov.reports.joint.paths import SideBySide
from clustergov.study.results import results


@pytest.fixture(scope="module")
def blocks(findings: Findings) -> Sequence[Block]:
    return compose(findings, "en").blocks


def test_every_part_is_computed(findings: Findings) -> None:
    assert findings.cases is not None
    assert findings.cases.agreement.reason == ""
    assert findings.cases.joint is not None
    assert isinstance(findings.cases.model, CasesAndModel)
    assert isinstance(findings.cases.model.sides, SideBySide)
    assert findings.qca is not None
    assert isinstance(findings.qca.outcome, Qca)


def test_all_units_of_four_cases_were_read_by_both_coders(findings: Findings) -> None:
    assert findings.cases is not None
    corpus, agreement = findings.cases.corpus, findings.cases.agreement
    units = sum(len(codes) for case in corpus.cases for codes in case.units.values())
    assert f"2 coders read {units} statements and paragraphs" in agreement.sentence("en")
    assert len([code for code in agreement.codes if code.alpha.value is not None]) == len(corpus.codebook.codable)


def test_how_the_coding_came_about_stands_beside_the_agreement(findings: Findings, blocks: Sequence[Block]) -> None:
    assert findings.cases is not None
    remark = findings.cases.corpus.rounds[0].remark.to("en")
    chapter = [block.id for block in blocks if isinstance(block, Heading)].index("chapter-agreement")
    assert chapter >= 0
    assert remark in [block.text for block in blocks if isinstance(block, Notice)]


@pytest.mark.parametrize("chapter", ["qca", "cases", "agreement", "joint"])
def test_every_chapter_stands_in_the_report(blocks: Sequence[Block], chapter: str) -> None:
    assert f"chapter-{chapter}" in {block.id for block in blocks if isinstance(block, Heading)}


def test_every_case_has_its_figures_and_tables(blocks: Sequence[Block]) -> None:
    shown = {block.id for block in blocks if isinstance(block, Figure | Table)}
    for case in ("groningen", "leeuwarden", "nijmegen", "twente"):
        assert {f"timeline-figure-{case}", f"network-{case}", f"rules-{case}", f"statements-{case}"} <= shown


def test_what_comes_from_simulated_answers_is_marked(blocks: Sequence[Block]) -> None:
    qca = [block for block in blocks if isinstance(block, Figure | Table) and block.id.startswith("qca-")]
    assert qca
    assert [block.id for block in qca if not block.marked] == ["qca-sets"]


def test_the_results_hold_what_the_chapters_tell(findings: Findings) -> None:
    keys = dict(results(findings))
    assert {
        "agreement", "case matrix", "joint display", "joint passages", "case selection", "case profiles", "paths",
        "omitted drivers", "necessity", "qca truth table", "qca solutions", "qca ranges",
    } <= set(keys)  # fmt: skip
