"""Synthetic responses of the shipped study: calibrated to what is published, explained blank by blank, repeatable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.synthetic.simulation import (
    Simulated,
    Simulation,
    generator,
    planted_truth,
    read_simulation,
    simulate,
)
from clustergov.survey.writing import write_responses
from clustergov.yaml_file import read

LARGE = 20_000

TAU = 0.015
"""About three standard errors: at 18,000 answered pairs the standard error of tau-b is 0.005 (many values) to 0.0075 (binary)."""

ANY_TAU = 0.03
"""Four standard errors, because some 300 pairs are looked at together and the largest of them deviates by about three."""

MEAN_DEVIATION = 0.001
"""Of observed minus planted over some 300 pairs: 0.0064 / √300 = 0.0004 if each were independent."""

SHARE = 0.01
"""One point: at 18,000 answers the standard error of a share is at most 0.0037."""

PUBLIC = ["funding_natpub", "funding_regpub", "funding_intpub"]

SIX = {
    ("experience", "external_compet"): 0.17,
    ("experience", "internal_goals"): 0.14,
    ("experience", "internal_finance"): 0.14,
    ("experience", "internal_deadlines"): 0.11,
    ("background_priv", "external_innov"): 0.11,
    ("background_priv", "external_growth"): 0.10,
}
"""The published correlations (Ketels, Lindqvist & Sölvell 2012, Fig. 29 and 30), written here a second time."""


@pytest.fixture(scope="module")
def questionnaire(root: Path) -> Questionnaire:
    return read(root / "instruments" / "cluster-organisation.yml", Questionnaire)[0]


@pytest.fixture(scope="module")
def model(root: Path, questionnaire: Questionnaire) -> Simulation:
    return read_simulation(root / "survey" / "simulation.yml", questionnaire)


@pytest.fixture(scope="module")
def large(model: Simulation, questionnaire: Questionnaire) -> Simulated:
    return simulate(model, questionnaire, n=LARGE, rng=np.random.default_rng(20121001))


def observed_tau(simulated: Simulated, first: str, second: str) -> float:
    both = pd.DataFrame({name: simulated.responses.values(name) for name in (first, second)}).dropna()
    return float(kendalltau(both[first], both[second]).statistic)


def test_drawing_leaves_the_model_as_it_is(model: Simulation, questionnaire: Questionnaire) -> None:
    declared, correlation = model.declared.model_dump(), model.correlation.copy()
    simulate(model, questionnaire, n=30, rng=np.random.default_rng(1))
    assert model.declared.model_dump() == declared
    assert (model.correlation == correlation).all()


@pytest.mark.parametrize("pair", SIX)
def test_the_six_published_correlations_are_met(pair: tuple[str, str], large: Simulated) -> None:
    assert large.truth.tau(*pair) == pytest.approx(SIX[pair], abs=1e-9)
    assert observed_tau(large, *pair) == pytest.approx(SIX[pair], abs=TAU)


def test_every_planted_correlation_is_met_and_none_leans_to_one_side(large: Simulated, model: Simulation) -> None:
    pairs = [(p.first, p.second) for p in model.planted if model.marginals[p.first].ordered]
    planted = np.array([p.tau for p in model.planted if model.marginals[p.first].ordered])
    deviations = np.array([observed_tau(large, *pair) for pair in pairs]) - planted
    told = sorted(zip(deviations, pairs, strict=True), key=lambda item: -abs(item[0]))[:3]
    assert np.abs(deviations).max() < ANY_TAU, told
    assert abs(deviations.mean()) < MEAN_DEVIATION


def test_how_it_started_is_independent_of_performance(large: Simulated) -> None:
    initiation = large.responses.codes("initiation")
    for name in large.responses.questionnaire.by_name:
        if name.startswith(("external_", "internal_")):
            assert large.truth.tau("initiation", name) == 0
            means = large.responses.values(name).groupby(initiation).mean()
            assert means["call"] - means["priv"] == pytest.approx(0, abs=0.06)  # four standard errors: sd 0.8, n 6,000


def test_published_shares_are_met(large: Simulated) -> None:
    def share(name: str, codes: list[str]) -> float:
        answers = large.responses.codes(name).dropna()
        return float(answers.isin(codes).mean())

    assert share("staff", ["0", "1", "2", "3"]) == pytest.approx(0.5, abs=SHARE)
    assert share("change_firms", ["4", "5"]) == pytest.approx(0.89, abs=SHARE)
    assert share("change_research", ["4", "5"]) == pytest.approx(0.89, abs=0.05)
    assert share("change_clusters", ["4", "5"]) == pytest.approx(0.89, abs=0.05)
    assert share("contact_firms", ["5", "6"]) > 0.8
    assert large.responses.values("proximity").median() > 50


def test_the_public_share_is_sixty_per_cent(large: Simulated) -> None:
    public = large.responses.frame[PUBLIC].dropna().sum(axis=1)
    assert large.truth.mean_public_share == pytest.approx(0.6, abs=1e-9)
    assert public.mean() / 100 == pytest.approx(0.6, abs=SHARE)  # standard error 29 points / √19,400 = 0.2 points


def test_orders_are_those_published(large: Simulated) -> None:
    values = large.responses.values
    contact = {v.name: values(v.name).mean() for v in large.responses.questionnaire.of("contact")}
    ranked = sorted(contact, key=lambda name: -contact[name])
    assert ranked[0] == "contact_firms"
    assert ranked[-1] == "contact_finance"
    assert set(ranked[-3:-1]) == {"contact_clusters", "contact_global"}
    performance = [v.name for part in ("external", "internal") for v in large.responses.questionnaire.of(part)]
    means = {name: values(name).mean() for name in performance}
    assert max(means, key=means.__getitem__) == "internal_attract"
    assert min(means, key=means.__getitem__) == "internal_finance"
    assert min(means.values()) > 3


def test_every_distribution_is_met(large: Simulated, model: Simulation) -> None:
    for name, marginal in model.marginals.items():
        if large.responses.questionnaire.by_name[name].kind == "number":
            values = large.responses.values(name)
            # Four standard errors of the mean.
            near = 4 * values.std() / np.sqrt(values.notna().sum())
            assert values.mean() == pytest.approx(marginal.mean(), abs=near), name
            continue
        found = large.responses.codes(name).value_counts(normalize=True)
        for code, p in zip(marginal.values, marginal.probabilities, strict=True):
            assert found.get(code, 0.0) == pytest.approx(p, abs=0.015), (name, code)  # four standard errors


def test_budgets_add_up_to_a_hundred(large: Simulated) -> None:
    shares = large.responses.frame[[v.name for v in large.responses.questionnaire.of("funding")]]
    answered = shares.notna().all(axis=1)
    assert (shares[answered].sum(axis=1) == 100).all()
    assert shares[~answered].isna().all(axis=None)


def test_a_cell_is_blank_exactly_where_a_reason_stands(large: Simulated) -> None:
    responses = large.responses
    assert (responses.frame.isna() == (responses.blanks != "")).all(axis=None)
    known = {kind.value for kind in Blank} - {Blank.NOT_RECORDED.value, Blank.NOT_ASKED.value}
    assert set(np.unique(responses.blanks.to_numpy(dtype=str))) == known | {""}


def test_routing_is_followed(large: Simulated) -> None:
    frame, blanks = large.responses.frame, large.responses.blanks
    assert frame.loc[frame["legal"] != "Y", "board_priv"].isna().all()
    assert (blanks.loc[frame["legal"] != "Y", "board_priv"] == Blank.NOT_APPLICABLE.value).all()
    assert frame.loc[~(frame["firms"] > 0), "proximity"].isna().all()
    assert frame.loc[frame["legal"] == "Y", "board_priv"].notna().mean() > 0.9


def test_who_stops_answers_nothing_further(large: Simulated) -> None:
    responses = large.responses
    assert responses.complete is not None
    assert 1 - responses.complete.mean() == pytest.approx(0.05, abs=SHARE)
    stopped = responses.blanks.loc[~responses.complete]
    assert (stopped["internal_goals"] == Blank.ABANDONED.value).all()
    assert (stopped["country"] != Blank.ABANDONED.value).all()
    assert not (responses.blanks.loc[responses.complete] == Blank.ABANDONED.value).any(axis=None)


def test_the_frame_is_that_of_responses(large: Simulated) -> None:
    responses = large.responses
    assert responses.synthetic
    assert responses.n == LARGE
    assert list(responses.frame.columns) == [v.name for v in responses.questionnaire.variables]
    assert list(responses.blanks.columns) == list(responses.frame.columns)
    assert responses.frame.index.is_unique
    assert responses.frame.index.equals(responses.blanks.index)
    for variable in responses.questionnaire.variables:
        assert str(responses.frame[variable.name].dtype) == ("float64" if variable.kind == "number" else "str")
        if variable.scale is not None:
            assert set(responses.frame[variable.name].dropna()) <= set(variable.scale.codes)


def test_one_seed_one_frame(model: Simulation, questionnaire: Questionnaire) -> None:
    first, again, other = (
        simulate(model, questionnaire, rng=np.random.default_rng(seed)).responses for seed in (5, 5, 6)
    )
    assert first.n == 240
    pd.testing.assert_frame_equal(first.frame, again.frame)
    pd.testing.assert_frame_equal(first.blanks, again.blanks)
    assert not first.frame.equals(other.frame)


def test_the_generator_of_a_seed_is_the_first_that_it_spawns() -> None:
    first = np.random.SeedSequence(20121001).spawn(2)[0]
    assert generator(20121001).random() == np.random.default_rng(first).random()


def test_more_respondents_are_only_added(model: Simulation, questionnaire: Questionnaire) -> None:
    few, many = (simulate(model, questionnaire, n=n, rng=np.random.default_rng(5)).responses for n in (200, 900))
    pd.testing.assert_frame_equal(few.frame, many.frame.iloc[:200])


def test_a_changed_distribution_leaves_the_other_answers_as_they_were(
    root: Path, questionnaire: Questionnaire, model: Simulation, tmp_path: Path
) -> None:
    text = (root / "survey" / "simulation.yml").read_text(encoding="utf-8")
    path = tmp_path / "simulation.yml"
    path.write_text(
        text.replace('{"N": 0.28, "Y": 0.72}', '{"N": 0.5, "Y": 0.5}').replace(
            "{N: 0.28, Y: 0.72}", "{N: 0.5, Y: 0.5}"
        ),
        encoding="utf-8",
    )
    assert path.read_text(encoding="utf-8") != text
    other = read_simulation(path, questionnaire)
    before, after = (simulate(m, questionnaire, rng=np.random.default_rng(5)).responses.frame for m in (model, other))
    assert not before["legal"].equals(after["legal"])
    untouched = [name for name in before.columns if not name.startswith(("legal", "board"))]
    pd.testing.assert_frame_equal(before[untouched], after[untouched])


def test_the_truth_does_not_depend_on_the_draw(
    model: Simulation, questionnaire: Questionnaire, large: Simulated
) -> None:
    pd.testing.assert_frame_equal(planted_truth(model, questionnaire).frame(), large.truth.frame())


def test_written_and_read_back_they_are_the_same(
    model: Simulation, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    drawn = simulate(model, questionnaire, rng=generator(4)).responses
    write_responses(drawn, tmp_path / "r.csv")
    read_back = read_responses(tmp_path / "r.csv", questionnaire, strict=True)
    assert read_back.synthetic
    pd.testing.assert_frame_equal(read_back.frame, drawn.frame, check_names=False)
    pd.testing.assert_frame_equal(read_back.blanks, drawn.blanks, check_names=False)
