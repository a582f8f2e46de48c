"""A design in the responses reaches shares, mean shares and funding, and leaves associations alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.claims.assessment import assess, read_claims
from clustergov.analysis.claims.verdicts import read_verdicts
from clustergov.analysis.description.funding import FundingGroup, funding_composition
from clustergov.analysis.sampling.finite_population import population_mean, share_interval
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.frame.design import SamplingDesign
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.simulation import generator, read_simulation, simulate

ELEVEN = 1e-11  # closed formulas in double precision


@pytest.fixture(scope="module")
def plain(root: Path, shipped: Questionnaire) -> Responses:
    model = read_simulation(root / "survey" / "simulation.yml", shipped)
    return simulate(model, shipped, n=120, rng=generator(7)).responses


@pytest.fixture(scope="module")
def weights(plain: Responses) -> pd.Series:
    return pd.Series(np.random.default_rng(5).uniform(0.5, 3, plain.n), index=plain.frame.index)


def parts(responses: Responses, root: Path):  # type: ignore[no-untyped-def]  # assessments by id of their part
    claims = read_claims(root / "analysis" / "claims.yml", responses.questionnaire)
    found = assess(claims, read_verdicts(root / "analysis" / "verdicts.yml"), responses)
    return {part.part.id: part for assessment in found for part in assessment.parts}


def test_shares_follow_the_design_and_associations_do_not(root: Path, plain: Responses, weights: pd.Series) -> None:
    before, after = (parts(each, root) for each in (plain, replace(plain, design=SamplingDesign(160, weights))))
    moved = {name for name in before if before[name].estimate != after[name].estimate}
    shares = {name for name, part in before.items() if "share" in part.part.measure and part.estimate is not None}
    assert len(shares) >= 7
    assert moved == shares
    assert all(before[name].interval == after[name].interval for name in set(before) - shares)
    assert all(before[name].n == after[name].n for name in before)


def test_a_share_is_that_of_the_formula(root: Path, plain: Responses, weights: pd.Series) -> None:
    design = SamplingDesign(160, weights)
    found = parts(replace(plain, design=design), root)["4a"]
    assert found.interval is not None
    values = plain.values("proximity")
    # Those to whom it is known not to apply are no part of what the share is of; who left the number of firms open, on
    # which that rests, may be.
    applies = (plain.blanks["proximity"] != "not applicable") | (plain.blanks["firms"] != "")
    assert not applies.all()
    yes = (values > 50).astype(float).where(values.notna()).where(applies, 0.0)
    expected = population_mean(yes, design, domain=applies)
    interval = share_interval(expected, level=found.interval.level)
    assert found.interval is not None
    assert (found.estimate, found.interval.low, found.interval.high) == pytest.approx(
        (expected.mean, interval.low, interval.high), rel=ELEVEN
    )


def test_larger_part_of_the_population_narrower_interval(root: Path, plain: Responses) -> None:
    widths = []
    for population in (121, 400, 10**9):
        part = parts(replace(plain, design=SamplingDesign(population)), root)["2a"]
        assert part.interval is not None
        widths.append(part.interval.high - part.interval.low)
    assert widths == sorted(widths)
    plain_part = parts(plain, root)["2a"]
    assert plain_part.interval is not None
    assert widths[-1] == pytest.approx(plain_part.interval.high - plain_part.interval.low, rel=1e-6)  # f of about 1e-7


def test_funding_of_a_finite_population(plain: Responses, weights: pd.Series) -> None:
    design = SamplingDesign(150, weights)
    found = funding_composition(replace(plain, design=design), reference_year=2012)
    before = funding_composition(plain, reference_year=2012)
    assert [(group.code, group.n) for group in found.groups] == [(group.code, group.n) for group in before.groups]
    whole = found.groups[0]
    assert sum(share.share for share in whole.shares if share.source != "public") == pytest.approx(1, rel=1e-12)
    names = [f"funding_{source}" for source in ("natpub", "regpub", "intpub")]
    items = pd.concat({v.name: plain.values(v.name) for v in plain.questionnaire.of("funding") if v.item}, axis=1)
    used = items[items.notna().all(axis=1) & ((items.sum(axis=1) - 100).abs() <= 1)]
    public = used[names].sum(axis=1) / used.sum(axis=1)
    expected = population_mean(public, design)
    assert whole.of("public").share == pytest.approx(expected.mean, rel=ELEVEN)
    assert ends(whole) == pytest.approx((expected.interval().low, expected.interval().high), rel=ELEVEN)
    old = 2012 - plain.values("year")[used.index] >= 10
    domain = population_mean(public, design, domain=old)
    group = next(group for group in found.groups if group.code == "10+")
    assert group.of("public").share == pytest.approx(domain.mean, rel=ELEVEN)
    assert ends(group) == pytest.approx((domain.interval().low, domain.interval().high), rel=ELEVEN)


def ends(group: FundingGroup) -> tuple[float, float]:
    interval = group.of("public").interval
    assert interval is not None
    return interval.low, interval.high
