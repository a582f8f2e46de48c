"""The chapter on drivers: changes in probability, proportional odds, and the reason for the errors, in both languages."""

from __future__ import annotations

import pytest

from clustergov.analysis.models.drivers import drivers_of_performance
from clustergov.reports.chapters.drivers import drivers
from clustergov.reports.document import Block, Paragraph, Table
from clustergov.reports.findings import Findings


def words(blocks: list[Block]) -> str:
    return " ".join(str(block.text) for block in blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize(("language", "mark"), [("nl", ","), ("en", ".")])
def test_what_stands_beside_the_odds_ratios(findings: Findings, language: str, mark: str) -> None:
    assert findings.drivers is not None
    blocks = drivers(findings, findings.drivers, language)
    table = next(block for block in blocks if isinstance(block, Table) and block.id == "drivers-effects-items")
    assert len(table.rows) == 7
    assert all(len(row) == len(table.header) == 7 for row in table.rows)
    assert all(mark in cell and "nan" not in cell for row in table.rows for cell in row[1:])
    assert len(table.data) == 42
    told = words(blocks)
    assert "n = 156" in told
    assert "HC3" in told
    assert {"nl": "scoretoets", "en": "score test"}[language] in told


def test_without_them_the_chapter_is_as_before(findings: Findings) -> None:
    assert findings.drivers is not None
    plain = drivers_of_performance(findings.drivers.specification, findings.responses)
    blocks = drivers(findings, plain, "en")
    assert not [block for block in blocks if isinstance(block, Table) and block.id.startswith("drivers-effects")]
    assert "score test" not in words(blocks)
