"""A judgement rests on evidence and estimate: changing one of them makes exactly the right judgements out of date."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from clustergov.analysis.claims.assessment import assess
from clustergov.analysis.models.drivers import drivers_of_performance
from clustergov.casestudies.integration import Integration, IntegrationCell
from clustergov.reports.chapters.joint import joint as chapter
from clustergov.reports.document import Table
from clustergov.reports.findings import Findings
from clustergov.reports.inline import plain
from joint_parts import Parts


def every_cell(parts: Parts) -> Parts:
    """Every cell judged, on what is there now."""
    display = parts.display()
    cells = tuple(
        IntegrationCell.model_validate({
            "driver": row.driver.driver, "case": cell.counted.case, "judgement": "expand", "by": "first researcher",
            "reason": {"nl": "Omdat", "en": "Because"}, "date": "2026-11-22",
            "evidence": cell.evidence_hash, "estimate": cell.estimate_hash,
        })
        for row in display.rows
        for cell in row.cells
    )  # fmt: skip
    return parts.judged(Integration(cells))


def stale(parts: Parts) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (row.driver.driver, cell.counted.case): cell.changed
        for row in parts.display().rows
        for cell in row.cells
        if cell.state == "stale"
    }


def test_nothing_is_out_of_date_while_nothing_changes(parts: Parts) -> None:
    judged = every_cell(parts)
    assert stale(judged) == {}
    assert {cell.state for row in judged.display().rows for cell in row.cells} == {"current"}
    assert "60 expand" in judged.display().judged("en")


def test_changing_the_code_of_a_passage_changes_the_drivers_of_both_codes_in_that_case_alone(parts: Parts) -> None:
    judged = every_cell(parts)
    corpus = judged.corpus
    before = next(coding for coding in corpus.codings if coding.concept == "lock-in")
    # Whoever saw it there: what one coder still holds remains evidence.
    codings = tuple(
        replace(each, concept="organisational-form")
        if (each.place, each.concept) == (before.place, "lock-in")
        else each
        for each in corpus.codings
    )
    expected = {
        (driver.driver, before.case)
        for driver in judged.joint.drivers
        if {"lock-in", "organisational-form"} & set(driver.concepts)
    }
    assert expected
    found = stale(judged.changed(corpus=replace(corpus, codings=codings)))
    assert set(found) == expected
    assert set(found.values()) == {("evidence",)}


def test_changing_only_the_polarity_counts_and_a_memo_does_not(parts: Parts) -> None:
    judged = every_cell(parts)
    corpus = judged.corpus
    at, before = next((place, coding) for place, coding in enumerate(corpus.codings) if coding.polarity == "supports")
    polar = (*corpus.codings[:at], replace(before, polarity="contradicts"), *corpus.codings[at + 1 :])
    found = stale(judged.changed(corpus=replace(corpus, codings=polar)))
    assert set(found) == {
        (driver.driver, before.case) for driver in judged.joint.drivers if before.concept in driver.concepts
    }
    noted = (*corpus.codings[:at], replace(before, memo=None), *corpus.codings[at + 1 :])
    assert stale(judged.changed(corpus=replace(corpus, codings=noted))) == {}


def test_a_second_coder_who_sees_the_same_changes_nothing(parts: Parts) -> None:
    judged = every_cell(parts)
    coding = judged.corpus.codings[0]
    more = replace(judged.corpus, codings=(*judged.corpus.codings, replace(coding, coder="another")))
    assert stale(judged.changed(corpus=more)) == {}


def test_changing_a_survey_value_changes_the_drivers_whose_estimates_it_moves_in_every_case(
    parts: Parts, findings: Findings
) -> None:
    """Years of experience of somebody outside the models stand in claim 9 alone, which is about experience and performance."""
    assert findings.claimed is not None
    specification = parts.drivers.specification
    plain_fits = parts.changed(drivers=drivers_of_performance(specification, parts.responses))
    judged = every_cell(plain_fits)
    frame = parts.responses.frame.copy()
    sample = set(parts.selection().modelled.respondents)
    who = next(
        each
        for each in frame.index
        if each not in sample and frame.loc[each, "experience"] > 0 and pd.notna(frame.loc[each, "external_growth"])
    )
    frame.loc[who, "experience"] += 11
    responses = replace(parts.responses, frame=frame)
    changed = judged.changed(
        responses=responses,
        assessments=assess(findings.claimed.claims, findings.claimed.decisions, responses),
        drivers=drivers_of_performance(specification, responses),
    )
    sides = [[row.survey for row in each.display().rows] for each in (judged, changed)]
    moved = {row.driver.driver for row, then, now in zip(judged.display().rows, *sides, strict=True) if then != now}
    cases = [case.case for case in parts.corpus.cases]
    found = stale(changed)
    assert moved == {"experience", "performance"}
    assert set(found) == {(driver, case) for driver in moved for case in cases}
    assert set(found.values()) == {("estimate",)}


def test_a_judgement_without_fingerprints_says_so(parts: Parts) -> None:
    judged = every_cell(parts)
    bare = Integration(tuple(cell.model_copy(update={"evidence": ""}) for cell in judged.inputs.integration.cells))
    assert {cell.state for row in parts.judged(bare).display().rows for cell in row.cells} == {"without stamp"}


@pytest.mark.parametrize(("language", "words"), [("nl", "verouderd"), ("en", "out of date")])
def test_the_chapter_says_what_is_out_of_date_and_why(parts: Parts, language: str, words: str) -> None:
    judged = every_cell(parts)
    first = judged.corpus.codings[0]
    codings = tuple(
        each for each in judged.corpus.codings if (each.place, each.concept) != (first.place, first.concept)
    )
    tables = [
        block
        for block in chapter(judged.changed(corpus=replace(judged.corpus, codings=codings)).display(), language)
        if isinstance(block, Table)
    ]
    told = [plain(row[-1]) for table in tables for row in table.rows if words in plain(row[-1])]
    assert told
    assert all("first researcher, 2026-11-22" in cell for cell in told if "Because" in cell or "Omdat" in cell)
