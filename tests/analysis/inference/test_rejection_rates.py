"""The promise: a true null is rejected at 5% in at most 6% of draws in every cell of the declared grid, and effects are found.

CLUSTERGOV_DRAWS=10000 tries it as docs/inference-policy.md tells it; a plain run takes fewer draws and a subset of variance
ratios and errors, and fails only where chance cannot explain the share (lower end of Clopper and Pearson's one-sided
99.9% interval above 6%).
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.stats import beta

from clustergov.analysis.inference.policy import policy
from inference_grid import ERRORS, GROUPS, RATIOS, Design, Errors, chosen, designs, rates, two_arms

DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", "1000"))
FULL = DRAWS >= 10_000
CELLS = [(ratio, errors) for ratio in RATIOS for errors in ERRORS] if FULL else [(1, "normal"), (9, "Likert")]
MOST = 0.06
LEAST_POWER = 0.14
"""Power of the weakest design that is tested at all: 20 groups of very unequal size and weight, in effect two."""


def lower_end(share: float, draws: int) -> float:
    hits = round(share * draws)
    return 0.0 if hits == 0 else float(beta.ppf(0.001, hits, draws - hits + 1))


@pytest.mark.parametrize("groups", GROUPS)
def test_a_true_null_is_rejected_in_at_most_six_per_cent(groups: int) -> None:
    above = []
    for which in designs():
        if which.groups != groups or chosen(which).choices[0].method == "none":
            continue
        for ratio, errors in CELLS:
            share = rates(which, ratio, errors, DRAWS).rejected
            if (share if FULL else lower_end(share, DRAWS)) > MOST:
                above.append((which, ratio, errors, share))
    assert above == []


def test_the_policy_finds_what_is_there() -> None:
    """Beside a test that knows the standard error and finds the effect in 80% of draws."""
    tested = [which for which in designs() if chosen(which).choices[0].method != "none"]
    found = {which: rates(which, 1, "normal", min(DRAWS, 500)).found for which in tested if which.n in (40, 356)}
    assert min(found.values()) > LEAST_POWER
    few = [power for which, power in found.items() if which.groups == 5]
    many = [power for which, power in found.items() if which.groups in (0, 20) and which.balanced]
    assert np.mean(few) > 0.35
    assert np.mean(many) > 0.65
    large = [power for which, power in found.items() if which.groups == 0 and which.n == 356]
    assert min(large) > 0.70


def test_naive_practice_does_not_keep_it() -> None:
    """What the peers' defaults do on the same cells; otherwise the grid would not be a test of anything."""
    eight = rates(Design(40, 0, False, "yes/no, within"), 9, "normal", 2000)
    assert eight.classical > 0.15
    assert eight.common > 0.08
    countries = rates(Design(160, 8, True, "yes/no, between"), 1, "normal", 2000)
    assert countries.classical > 0.25
    assert countries.common > 0.10


def test_few_groups_on_one_side_are_not_tested() -> None:
    for groups, treated in ((5, 1), (5, 2), (8, 1), (8, 2), (20, 2)):
        codes = np.repeat(np.arange(groups), 20)
        plan = policy((codes < treated).astype(float)[:, None], ["treated"], codes)
        assert plan.choices[0].method == "none"
        assert str(treated) in plan.choices[0].reason.text["en"]


@pytest.mark.parametrize("arm", [4, 6, 8, 10, 15])
@pytest.mark.parametrize(("ratio", "errors"), [(1, "normal"), (9, "Likert")])
def test_fewer_rows_than_the_grid(arm: int, ratio: int, errors: Errors) -> None:
    draws = max(DRAWS, 4000)
    rejected, found = two_arms(arm, ratio, errors, draws)
    assert (rejected if FULL else lower_end(rejected, draws)) <= MOST
    assert found > 0.3


def test_permutation_of_what_was_dealt_out_at_random() -> None:
    """Exact whatever the errors: here strongly skewed ones, eight rows of which four are treated."""
    x = np.repeat([0.0, 1.0], 4)
    plan = policy(x[:, None], ["x"], assigned=["x"])
    assert plan.choices[0].method == "permutation"
    Y = np.random.default_rng(3).exponential(size=(8, 4000)) ** 2
    rejected = float((plan.of(Y, intervals=False).p[0] <= 0.05).mean())
    assert rejected < 0.06
    assert policy(x[:, None], ["x"]).choices[0].method == "HC3"
