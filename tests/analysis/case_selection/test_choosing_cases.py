"""Rules choose whom they should: planted deviants, ties by the seed, pairs against brute force, the declaration's mistakes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.case_selection.choosing import choose
from clustergov.analysis.case_selection.declaration import SelectionSpecification, read_selection
from clustergov.analysis.case_selection.linear_modelled import linear_modelled
from clustergov.analysis.case_selection.pairs import best_pairs
from clustergov.analysis.models.driver_specification import DriverSpecification, read_drivers
from clustergov.instruments.check import read_questionnaire
from clustergov.problems import InputError

REASON = {"nl": "Omdat", "en": "Because"}


def specification(*rules: dict[str, object], seed: int = 1) -> SelectionSpecification:
    return SelectionSpecification.model_validate({
        "title": REASON, "model": "m", "outcome": "y", "seed": seed, "mark": "D",
        "rules": [{"count": 1, "reason": REASON} | rule for rule in rules],
    })  # fmt: skip


def planted() -> tuple[pd.Series, pd.DataFrame]:
    """y = x + noise of 0.1; rows 3 and 5 lie far above and below, row 7 has an x far from all others and bends the line."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=40)
    y = x + rng.normal(scale=0.1, size=40)
    y[3], y[5] = x[3] + 3, x[5] - 2
    x[7], y[7] = 9.0, 7.0
    names = [f"r{row}" for row in range(40)]
    return pd.Series(y, index=names, name="y"), pd.DataFrame({"x": x}, index=names)


def test_planted_organisations_are_chosen() -> None:
    modelled = linear_modelled(*planted())
    rules = ("deviant high", "deviant low", "influential", "extreme", "typical")
    chosen = choose(specification(*({"rule": rule} for rule in rules)), modelled)
    found = {each.rule.rule: each.places[0] for each in chosen}
    assert (found["deviant high"], found["deviant low"]) == (3, 5)
    assert found["influential"] == 7
    assert found["extreme"] == int(np.argmax(np.abs(modelled.observed - modelled.observed.mean())))
    assert found["typical"] == int(np.argmin(np.abs(modelled.deviance)))


def test_influence_on_one_driver_is_that_of_its_coefficient() -> None:
    modelled = linear_modelled(*planted())
    (chosen,) = choose(specification({"rule": "influential", "driver": "x"}), modelled)
    assert chosen.places == (7,)
    assert chosen.value == pytest.approx(modelled.dfbetas[7, 0])
    (far,) = choose(specification({"rule": "extreme", "driver": "x"}), modelled)
    assert far.places == (7,)


def test_diverse_takes_the_most_typical_of_each_group_along_a_driver() -> None:
    modelled = linear_modelled(*planted())
    chosen = choose(specification({"rule": "diverse", "driver": "x", "count": 4}), modelled)
    order = np.argsort(modelled.predictors[:, 0])
    for each, group in zip(chosen, np.array_split(order, 4), strict=True):
        assert each.places[0] == group[np.argmin(np.abs(modelled.deviance[group]))]


def test_the_seed_decides_among_equals_and_nothing_else() -> None:
    x = pd.DataFrame({"x": [0.0, 0, 0, 0, 1, 1, 1, 1, 1, 2]})
    y = pd.Series([1.0, 1, 1, 3, 2, 2, 2, 2, 5, 3], name="y")
    modelled = linear_modelled(y, x)
    rule = {"rule": "deviant low"}
    taken = {choose(specification(rule, seed=seed), modelled)[0].places[0] for seed in range(40)}
    ties = np.flatnonzero(np.isclose(modelled.deviance, modelled.deviance.min()))
    assert len(ties) > 1
    assert taken == set(ties)
    assert choose(specification(rule), modelled)[0].tied == len(ties) - 1
    assert choose(specification(rule), modelled) == choose(specification(rule), modelled)
    clear = linear_modelled(*planted())
    assert {choose(specification({"rule": "deviant high"}, seed=s), clear)[0].places for s in range(5)} == {(3,)}


def test_pairs_are_the_best_of_all_sets_of_pairs() -> None:
    rng = np.random.default_rng(1)
    for _ in range(40):
        n, count, sign = int(rng.integers(3, 8)), int(rng.integers(1, 4)), int(rng.choice([1, -1]))
        points, outcome = rng.integers(0, 4, (n, 2)), rng.integers(0, 4, n)
        cost = sign * np.abs(points[:, None] - points[None]).sum(axis=2).astype(float)
        gap = np.abs(outcome[:, None] - outcome[None]).astype(float)
        allowed = gap >= 2
        np.fill_diagonal(allowed, val=False)
        found = best_pairs(cost, allowed, count, gap)
        assert len({member for pair in found for member in pair}) == 2 * len(found)
        worth = (len(found), -sum(cost[pair] for pair in found), sum(gap[pair] for pair in found))
        assert worth == pytest.approx(_by_brute_force(cost, allowed, count, gap))


def _by_brute_force(cost: np.ndarray, allowed: np.ndarray, count: int, gap: np.ndarray) -> tuple[float, float, float]:
    edges = [pair for pair in itertools.combinations(range(len(cost)), 2) if allowed[pair]]
    for wanted in range(count, 0, -1):
        sets = [
            (float(wanted), -sum(cost[pair] for pair in some), sum(gap[pair] for pair in some))
            for some in itertools.combinations(edges, wanted)
            if len({member for pair in some for member in pair}) == 2 * wanted
        ]
        if sets:
            return max(sets)
    return 0.0, 0.0, 0.0


def test_a_similar_pair_differs_in_its_outcome_and_names_the_higher_first() -> None:
    modelled = linear_modelled(*planted())
    chosen = choose(specification({"rule": "most similar", "apart": 1.5, "count": 2}), modelled)
    for each in chosen:
        high, low = each.places
        assert modelled.observed[high] - modelled.observed[low] >= 1.5
    (alike,) = choose(specification({"rule": "most different", "within": 0.05}), modelled)
    one, other = alike.places
    assert abs(modelled.observed[one] - modelled.observed[other]) <= 0.05


def test_no_pair_is_made_up_where_none_differs_enough() -> None:
    assert choose(specification({"rule": "most similar", "apart": 50}), linear_modelled(*planted())) == ()


@pytest.fixture(scope="module")
def drivers(root: Path) -> DriverSpecification:
    return read_drivers(
        root / "analysis" / "drivers.yml", read_questionnaire(root / "instruments/cluster-organisation.yml")
    )


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("model: scale", "model: scales", "unknown-model"),
        ("outcome: performance", "outcome: growth", "unknown-outcome"),
        ("driver: public\n    count: 1\n    reason:\n      nl: De", "driver: money\n    count: 1\n    reason:\n      nl: De", "unknown-driver"),
        ("rule: typical", "rule: deviant high", "rule-twice"),
        ("rule: typical\n    count: 2", "rule: typical\n    driver: staff\n    count: 2", "option-of-another-rule"),
        ("    apart: 1\n", "", "rule-incomplete"),
        ("rule: typical\n    count: 2", "rule: typical\n    count: 0", "greater-than-equal"),
        ("rule: typical", "rule: usual", "literal-error"),
        ("seed: 20261122", "seed: -1", "greater-than-equal"),
        ("level: 0.95", "level: 95", "less-than"),
        ("      en: Where the model holds, it can be traced whether the association comes about as is assumed.\n", "", "missing-language"),
        ("distance: mahalanobis", "distance: euclid", "literal-error"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_declaration_is_told(
    tmp_path: Path, root: Path, drivers: DriverSpecification, old: str, new: str, rule: str
) -> None:
    text = (root / "analysis" / "case-selection.yml").read_text(encoding="utf-8")
    path = tmp_path / "case-selection.yml"
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_selection(path, drivers)
    assert rule in [problem.rule for problem in caught.value.problems]
    assert all(problem.line for problem in caught.value.problems)


def test_every_mistake_is_told_at_once(tmp_path: Path, root: Path, drivers: DriverSpecification) -> None:
    text = (root / "analysis" / "case-selection.yml").read_text(encoding="utf-8")
    path = tmp_path / "case-selection.yml"
    path.write_text(text.replace("model: scale", "model: x").replace("driver: public", "driver: x"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_selection(path, drivers)
    assert len(caught.value.problems) == 3
