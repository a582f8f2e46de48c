"""What was planted, as data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.synthetic.simulation import planted_truth, read_simulation
from clustergov.survey.synthetic.truth import Truth, write_truth
from clustergov.yaml_file import read

SOLVED = 1e-9
"""Roots are found to 1e-12."""


@pytest.fixture(scope="module")
def truth(root: Path) -> Truth:
    questionnaire = read(root / "instruments" / "cluster-organisation.yml", Questionnaire)[0]
    return planted_truth(read_simulation(root / "survey" / "simulation.yml", questionnaire), questionnaire)


def test_every_planted_tau_is_the_populations(truth: Truth) -> None:
    before = truth.correlation.copy()
    for target in truth.targets:
        if target.quantity == "tau":
            assert truth.tau(target.variable, target.other) == pytest.approx(target.value, abs=SOLVED)
            assert truth.tau(target.other, target.variable) == pytest.approx(target.value, abs=SOLVED)
    assert (truth.correlation == before).all()


def test_pairs_that_are_not_planted_are_independent_and_unfixed_ones_unknown(truth: Truth) -> None:
    assert truth.tau("legal", "strength") == 0
    assert truth.tau("funding_natpub", "year") == 0
    assert truth.tau("country", "internal_goals") == 0
    assert truth.tau("funding_natpub", "funding_fees") is None
    assert truth.tau("remarks", "year") is None
    assert truth.tau("staff", "staff") is None


def test_shares_and_means(truth: Truth) -> None:
    assert truth.share("staff", ("0", "1", "2", "3")) == pytest.approx(0.5, abs=SOLVED)
    assert truth.share("change_firms", ("4", "5")) == pytest.approx(0.89, abs=SOLVED)
    assert truth.share_above("proximity", 50) > 0.5
    assert truth.mean("member") == pytest.approx(truth.share("member", ("Y",)) + 1, abs=SOLVED)  # a scale: places 1, 2
    assert truth.mean("background_priv") == pytest.approx(
        truth.share("background_priv", ("Y",)), abs=SOLVED
    )  # a tick: 0, 1
    public = sum(truth.mean(f"funding_{part}") for part in ("natpub", "regpub", "intpub"))
    assert public == pytest.approx(60, abs=SOLVED)
    assert truth.mean_public_share == pytest.approx(0.6, abs=SOLVED)
    assert truth.mark("staff") == "U"


def test_dominance_within_persons_is_that_of_a_brute_force_draw(truth: Truth) -> None:
    first, second = "contact_firms", "contact_research"
    rho = truth.latent(first, second)
    assert rho is not None
    assert rho > 0
    x, e = np.random.default_rng(11).standard_normal((2, 400_000))
    a, b = (truth.marginals[name] for name in (first, second))
    difference = a.scores[a.places(x)] - b.scores[b.places(rho * x + np.sqrt(1 - rho**2) * e)]
    found = truth.dominance(first, second)
    assert found == pytest.approx(np.sign(difference).mean(), abs=0.005)  # four standard errors
    assert truth.dominance(second, first) == pytest.approx(-found, abs=SOLVED)
    assert truth.dominance("country", "year") is None
    assert truth.dominance("funding_fees", "year") is None


def test_a_partial_correlation_is_that_of_a_regression_on_the_latent_variables(truth: Truth) -> None:
    given = ["member", "strength", "funding_natpub", "remarks"]
    names = ["internal_finance", "staff", "member", "strength"]
    places = [list(truth.marginals).index(name) for name in names]
    sigma = truth.correlation[np.ix_(places, places)]
    residual = sigma[:2, :2] - sigma[:2, 2:] @ np.linalg.inv(sigma[2:, 2:]) @ sigma[2:, :2]
    expected = residual[0, 1] / np.sqrt(residual[0, 0] * residual[1, 1])
    assert truth.partial("internal_finance", "staff", given) == pytest.approx(expected, abs=SOLVED)
    assert truth.partial("internal_finance", "staff", []) == pytest.approx(sigma[0, 1], abs=SOLVED)
    assert truth.partial("legal", "internal_goals", ["staff", "member"]) == pytest.approx(0, abs=SOLVED)
    assert truth.partial("funding_natpub", "internal_goals", ["staff"]) == 0
    assert truth.partial("remarks", "internal_goals", ["staff"]) is None


def test_what_is_published_carries_p_and_what_is_only_planted_does_not(truth: Truth) -> None:
    taus = [target for target in truth.targets if target.quantity == "tau"]
    published = {(target.variable, target.other): target.value for target in taus if target.mark == "P"}
    assert len(published) == 6
    assert all(target.claim in (9, 10) for target in taus if target.mark == "P")
    assert {target.mark for target in taus if target.claim in (11, 12, 15, 16)} == {"U"}
    nought = [target for target in taus if target.published == "not significant"]
    assert len(nought) == 8
    assert all(target.value == 0 and target.mark == "D" and "assumption" in target.note for target in nought)
    assert all(target.source for target in truth.targets if target.mark == "P")


def test_the_table_holds_every_target_and_every_mean(truth: Truth) -> None:
    frame = truth.frame()
    assert len(frame) == len(truth.targets) + (frame["quantity"] == "mean").sum()
    assert {"tau", "share", "mean", "mean share", "highest mean", "lowest mean"} == set(frame["quantity"])
    assert frame["value"].notna().all()
    assert frame["mark"].isin(list("PSDU")).all()
    assert set(frame.loc[frame["quantity"] != "mean", "claim"].dropna()) >= set(range(1, 17))


def test_it_is_written_as_a_table_and_whole(truth: Truth, tmp_path: Path) -> None:
    table, whole = write_truth(truth, tmp_path / "truth")
    assert (table.name, whole.name) == ("truth.csv", "truth.json")
    pd.testing.assert_series_equal(pd.read_csv(table)["value"], truth.frame()["value"])
    plain = json.loads(whole.read_text(encoding="utf-8"))
    assert plain["synthetic"] is True
    assert len(plain["targets"]) == len(truth.targets)
    assert sum(plain["distributions"]["staff"]["probabilities"].values()) == pytest.approx(1)
    assert all(abs(rho) < 1 for _, _, rho in plain["latent correlations"])
    first, again = table.read_bytes() + whole.read_bytes(), b""
    write_truth(truth, tmp_path / "truth")
    again = table.read_bytes() + whole.read_bytes()
    assert first == again


def test_a_folder_that_is_not_there_is_told(truth: Truth, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unwritable"):
        write_truth(truth, tmp_path / "nowhere" / "truth")
