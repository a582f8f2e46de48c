"""Verdicts beside planted truth: the road recovers it on many responses, abstains on few, and is hardly ever wrong."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from clustergov.analysis.claims.assessment import Assessment, Claims, assess, read_claims
from clustergov.analysis.claims.rehearsal import OUTCOMES, PartRehearsal, Rehearsal, planted_by_model, rehearse
from clustergov.analysis.claims.verdicts import DecisionTable, read_verdicts
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.simulation import Simulation, planted_truth, read_simulation, simulate
from clustergov.survey.synthetic.truth import Truth

SEED = 20121001


@pytest.fixture(scope="module")
def claims(root: Path, shipped: Questionnaire) -> Claims:
    return read_claims(root / "analysis" / "claims.yml", shipped)


@pytest.fixture(scope="module")
def table(root: Path) -> DecisionTable:
    return read_verdicts(root / "analysis" / "verdicts.yml")


@pytest.fixture(scope="module")
def model(root: Path, shipped: Questionnaire) -> Simulation:
    return read_simulation(root / "survey" / "simulation.yml", shipped)


@pytest.fixture(scope="module")
def truth(model: Simulation, shipped: Questionnaire) -> Truth:
    return planted_truth(model, shipped)


@pytest.fixture(scope="module")
def large(model: Simulation, shipped: Questionnaire) -> Responses:
    return simulate(model, shipped, n=10_000, rng=np.random.default_rng(1)).responses


@pytest.fixture(scope="module")
def assessed_large(
    claims: Claims, table: DecisionTable, model: Simulation, shipped: Questionnaire
) -> tuple[Assessment, ...]:
    return assess(claims, table, simulate(model, shipped, n=10_000, rng=np.random.default_rng(2)).responses)


@pytest.fixture(scope="module")
def assessed(claims: Claims, table: DecisionTable, model: Simulation, shipped: Questionnaire) -> tuple[Assessment, ...]:
    return assess(claims, table, simulate(model, shipped, rng=np.random.default_rng(SEED)).responses)


def test_many_responses_recover_every_claim(
    claims: Claims, table: DecisionTable, assessed_large: tuple[Assessment, ...], truth: Truth, large: Responses
) -> None:
    found = rehearse(claims, table, assessed_large, truth, large=large)
    assert {part.outcome for part in found.parts if part.asserted} == {"recovered"}
    assert {claim.verdict for claim in assessed_large} == {"supported"}
    # What is planted as nothing is found to be nothing: the items that the source left out as not significant.
    null = {f"9{letter}" for letter in "efg"} | {f"10{letter}" for letter in "cdefg"}
    verdicts = {part.part: part.verdict for part in found.parts}
    assert {verdicts[name] for name in null} == {"practically null"}


def test_few_responses_abstain_and_are_not_wrong(
    claims: Claims, table: DecisionTable, assessed: tuple[Assessment, ...], truth: Truth, large: Responses
) -> None:
    found = rehearse(claims, table, assessed, truth, large=large)
    outcomes = [part.outcome for part in found.parts]
    assert outcomes.count("wrong") <= 1
    assert outcomes.count("not recovered: too few responses") > 10
    assert outcomes.count("recovered") > 10


def test_intervals_hold_the_truth_about_as_often_as_they_say(
    claims: Claims, table: DecisionTable, model: Simulation, shipped: Questionnaire, truth: Truth, large: Responses
) -> None:
    parts = []
    for seed in range(3):
        drawn = simulate(model, shipped, rng=np.random.default_rng(seed)).responses
        parts += rehearse(claims, table, assess(claims, table, drawn), truth, large=large).parts
    covered = np.mean([part.covered for part in parts])
    # 207 intervals at 95 %, correlated within three samples; 120 samples gave .950.
    assert 0.90 < covered < 0.985
    assert np.mean([part.outcome == "wrong" for part in parts]) < 0.02


def test_planted_numbers_follow_from_the_model(claims: Claims, truth: Truth) -> None:
    planted = {
        part.id: planted_by_model(part, claims.terms(part), truth) for claim in claims.claims for part in claim.parts
    }
    exact = {"2a": 0.60, "3a": 0.50, "7a": 0.89, "9a": 0.17, "9b": 0.14, "9c": 0.14, "9d": 0.11, "10a": 0.11,
             "10b": 0.10, "9e": 0.0, "13a": 0.0, "14g": 0.0}  # fmt: skip
    assert {name: planted[name] for name in exact} == pytest.approx(exact, abs=1e-6)
    assert planted["5a"] > 0.80
    assert planted["5b"] is None
    assert planted["12a"] is None
    assert planted["15a"] is None


def test_scores_of_unrelated_items_are_unrelated(claims: Claims, truth: Truth, shipped: Questionnaire) -> None:
    constructs = {construct.code: construct.items for construct in shipped.constructs}
    other = next(part for part in claims.claims[9].parts if part.id == "10h")
    strength = claims.claims[14].parts[0]
    assert planted_by_model(other, (), truth, constructs=constructs) == 0.0
    assert planted_by_model(strength, (), truth, constructs=constructs) is None


def test_without_a_large_draw_some_stay_without_comparison(
    claims: Claims, table: DecisionTable, assessed: tuple[Assessment, ...], truth: Truth
) -> None:
    found = {part.part: part for part in rehearse(claims, table, assessed, truth).parts}
    assert (found["5b"].outcome, found["5b"].planted, found["5b"].origin) == ("no planted truth", None, "none")
    assert found["13a"].planted == 1.0
    assert found["9a"].origin == "model"


def outcome(
    claims: Claims, table: DecisionTable, assessed: tuple[Assessment, ...], truth: Truth, part: str, verdict: str
) -> str:
    changed = tuple(
        dataclasses.replace(claim, parts=tuple(
            dataclasses.replace(found, verdict=verdict) if found.part.id == part else found for found in claim.parts
        ))
        for claim in assessed
    )  # fmt: skip
    rehearsal = rehearse(claims, table, changed, truth)
    return next(found.outcome for found in rehearsal.parts if found.part == part)


@pytest.mark.parametrize(
    ("part", "verdict", "expected"),
    [
        ("9a", "supported", "recovered"),
        ("9a", "weaker than published", "wrong"),
        ("9a", "contradicted", "wrong"),
        ("9a", "practically null", "wrong"),
        ("9a", "inconclusive", "not recovered: too few responses"),
        ("9a", "not assessable", "not assessable"),
        ("9e", "supported", "wrong"),
        ("9e", "practically null", "recovered"),
        ("2a", "supported", "recovered"),
        ("2a", "contradicted", "wrong"),
        ("5a", "supported", "recovered"),
        ("5a", "practically null", "recovered"),
        ("13a", "supported", "recovered"),
        ("13a", "contradicted", "wrong"),
    ],
)
def test_what_a_verdict_says_is_held_against_the_planted_number(
    claims: Claims, table: DecisionTable, assessed: tuple[Assessment, ...], truth: Truth,
    part: str, verdict: str, expected: str,
) -> None:  # fmt: skip
    assert outcome(claims, table, assessed, truth, part, verdict) == expected


def test_frame_and_sentences(
    claims: Claims, table: DecisionTable, assessed: tuple[Assessment, ...], truth: Truth, large: Responses
) -> None:
    found = rehearse(claims, table, assessed, truth, large=large)
    frame = found.frame()
    assert list(frame.columns)[:4] == ["claim", "part", "asserted", "planted"]
    assert len(frame) == len(found.parts)
    asserted = [part for part in found.parts if part.asserted]
    recovered = sum(part.outcome == "recovered" for part in asserted)
    assert f"Van de {len(asserted)} onderdelen" in found.sentence("nl")
    assert f"bij {recovered} teruggevonden" in found.sentence("nl")
    assert "nothing about clusters" in found.sentence("en")
    for claim in claims.claims:
        for language in ("nl", "en"):
            assert found.outcome_text(claim.id, language)
            assert "clusters" in found.claim_sentence(claim.id, language)


def test_every_outcome_has_words() -> None:
    part = dict.fromkeys(("claim", "part"), "1") | {"planted": None, "estimate": None, "covered": None}
    for each in OUTCOMES:
        row = PartRehearsal(**part, asserted=True, origin="none", verdict="inconclusive", outcome=each)  # type: ignore[arg-type]  # a row by hand
        assert Rehearsal((row,)).outcome_text("1", "nl")
        assert math.isnan(Rehearsal((row,)).frame()["planted"].item())
