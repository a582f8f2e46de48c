"""The chapter on replication: what it shows is what was found, in both languages, and it renders."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.analysis.claims.assessment import assess, read_claims
from clustergov.analysis.claims.criteria import NAMES, Criteria
from clustergov.analysis.claims.replicated import Replicated, replicated
from clustergov.analysis.claims.verdicts import read_verdicts
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.reports.chapters.replication import replication
from clustergov.reports.document import Document, Heading, Table
from clustergov.reports.html import render_html
from clustergov.survey.reading import read_responses
from clustergov.yaml_file import read


@pytest.fixture(scope="module")
def found(root: Path) -> Replicated:
    questionnaire, _ = read(root / "instruments" / "cluster-organisation.yml", Questionnaire)
    responses = read_responses(root / "tests" / "reference" / "shipped-responses.csv", questionnaire, strict=True)
    folder = root / "analysis"
    claims = read_claims([folder / "claims.yml", folder / "greenbook.yml"], questionnaire)
    table = read_verdicts(folder / "verdicts.yml")
    return replicated(claims, table, assess(claims, table, responses))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_three_tables_with_every_part(language: str, found: Replicated) -> None:
    tables = {block.id: block for block in replication(found, language) if isinstance(block, Table)}
    criteria, rechecked, deviations = tables.values()
    assert len(criteria.rows) == len(found.criteria.parts) == 14
    assert all(len(row) == len(criteria.header) == 1 + len(NAMES) for row in criteria.rows)
    assert len(criteria.data) == 14 * 7
    listed = ", ".join(str(row[0]) for row in rechecked.rows).split(", ")
    assert sorted(listed) == sorted(part for part, _ in found.rechecks)
    assert len(rechecked.data) == len(found.rechecks)
    assert len(deviations.rows) == len(found.deviations) == 13
    assert any("155" in str(note) for note in criteria.notes)


def test_numbers_are_written_as_the_language_does(found: Replicated) -> None:
    table = next(
        block for block in replication(found, "nl") if isinstance(block, Table) and block.id.endswith("rechecks")
    )
    assert "tau = 0,17, p ≤ 0,05" in str(table.rows)
    assert "0.17" not in str([row[1] for row in table.rows])


def test_sections_without_content_are_left_out(found: Replicated) -> None:
    bare = Replicated(Criteria(()), (), (), ())
    assert isinstance(replication(bare, "en")[0], Heading)
    assert not any(isinstance(block, Table) for block in replication(bare, "en"))
    assert found.recheck_frame()["finding"].eq("consistent").all()


def test_it_renders(found: Replicated) -> None:
    words = {
        word: word for word in ("table", "figure", "contents", "note", "page", "skip", "synthetic", "mark", "tables")
    }
    document = Document("T", "", "en", "a", "2026-11-22", tuple(replication(found, "en")), words=words)
    html = render_html(document)
    assert "Replication judged" in html
    assert "prov" + "es" not in html
