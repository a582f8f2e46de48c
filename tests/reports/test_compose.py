"""The report as a value: what must stand in it, whatever it looks like."""

from __future__ import annotations

import dataclasses
import re

import pytest

from clustergov.reports.compose import compose
from clustergov.reports.document import Bullets, Document, Heading, Notice, Paragraph, Table
from clustergov.reports.findings import Findings
from clustergov.reports.inline import plain
from clustergov.survey.responses import Origin

CLAIMS = [str(number) for number in range(1, 17)]


@pytest.fixture(scope="module", params=["nl", "en"])
def report(findings: Findings, request: pytest.FixtureRequest) -> Document:
    return compose(findings, request.param)


def texts(document: Document) -> list[str]:
    """Every word of a document, block by block."""
    found: list[str] = []
    for block in document.blocks:
        match block:
            case Heading() | Paragraph() | Notice():
                found.append(plain(block.text))
            case Bullets():
                found += [plain(item) for item in block.items]
            case Table():
                found += [plain(block.caption), *(plain(cell) for row in (block.header, *block.rows) for cell in row)]
                found += [plain(note) for note in block.notes]
            case _:
                found += [plain(getattr(block, "caption", "")), getattr(block, "alt", "")]
    return found


def test_synthetic_stands_above_everything(report: Document) -> None:
    word = {"nl": "SYNTHETISCH", "en": "SYNTHETIC"}[report.language]
    assert report.banner.startswith(word)
    first = next(block for block in report.blocks if isinstance(block, Notice))
    assert first.kind == "synthetic"


PORTRAIT = (
    "statements", "brief", "rules", "timeline", "timeline-figure", "network", "actors", "money",
)  # fmt: skip
"""What the chapter shows of each case, as tables and figures."""


def test_only_what_is_not_built_from_answers_goes_without_the_mark(report: Document) -> None:
    unmarked = {block.id for block in (*report.tables(), *report.figures()) if not block.marked}
    cases = {
        "case-matrix",
        "case-matrix-figure",
        "case-rules",
        "qca-sets",
        *(f"{part}-{case}" for case in ("leeuwarden", "nijmegen", "twente", "groningen") for part in PORTRAIT),
    }
    declared = {"decision-table", "roll-up", "multiverse-forks"}
    # What was coded in the cases, and how far coders agree, is not built from answers either.
    coded = ("joint-passages-", "joint-profiles", "agreement-")
    unmarked = {name for name in unmarked if not name.startswith(coded)}
    assert unmarked == cases | declared | {"replication-deviations", "replication-rechecks"}


def test_limits_stand_before_findings(report: Document) -> None:
    ids = [block.id for block in report.blocks if isinstance(block, Heading)]
    assert ids.index("chapter-limits") < ids.index("chapter-claims")
    assert any("Maryland" in text for text in texts(report))


def test_every_claim_has_its_section_verdict_and_rehearsal(report: Document, findings: Findings) -> None:
    headings = {block.id for block in report.blocks if isinstance(block, Heading)}
    assert {f"claim-{claim}" for claim in CLAIMS} <= headings
    verdicts = next(table for table in report.tables() if table.id == "verdicts")
    assert [plain(row[0]) for row in verdicts.rows] == CLAIMS
    assert all(all(plain(cell) for cell in row) for row in verdicts.rows)


def test_every_variable_stands_in_a_table(report: Document, findings: Findings) -> None:
    told = {name for table in report.tables() if table.id.startswith("answers-") for name in table.data["variable"]}
    assert told == set(findings.responses.frame.columns)


def test_no_field_of_a_sentence_was_left_open(report: Document) -> None:
    assert [
        text for text in texts(report) if re.search(r"\{[a-z_]+[}:]|\bnan\b|(^|[ (])None($|[,;)])|\binf\b", text)
    ] == []


def test_numbers_are_written_in_the_language_of_the_report(report: Document) -> None:
    table = next(table for table in report.tables() if table.id == "reliability")
    sign = {"nl": ",", "en": "."}[report.language]
    assert all(sign in plain(row[3]) for row in table.rows)


def test_the_caveat_on_twente_is_shown(report: Document) -> None:
    assert any("Energy Valley" in text for text in texts(report))


def test_what_to_keep_in_mind_of_a_case_stands_once_in_the_report(findings: Findings, report: Document) -> None:
    assert findings.cases is not None
    every = [text for case, text in findings.cases.matrix.caveats if case]
    told = [text.to(report.language) for text in every if "Rekenkamer" in text.to("nl")]
    assert told
    for caveat in told:
        assert sum(caveat in text for text in texts(report)) == 1


def test_numbers_are_equal_in_both_languages(findings: Findings) -> None:
    dutch, english = (compose(findings, language) for language in ("nl", "en"))
    assert [table.id for table in dutch.tables()] == [table.id for table in english.tables()]
    assert [figure.id for figure in dutch.figures()] == [figure.id for figure in english.figures()]


def test_real_responses_lose_the_mark_and_chapters_can_be_left_out(findings: Findings) -> None:
    real = dataclasses.replace(findings.responses, origin=Origin("real", "answers.csv"))
    bare = dataclasses.replace(findings, responses=real, minimum=5, claimed=None, drivers=None, cases=None)
    document = compose(bare, "en")
    assert document.banner == ""
    words = " ".join(texts(document))
    assert "SYNTHETIC" not in words
    assert "claims, what goes with performance, cases" in words
    assert not any(block.id == "chapter-claims" for block in document.blocks if isinstance(block, Heading))
