"""How many passages must be coded twice: the plan is held against simulation."""

from __future__ import annotations

import os

import numpy as np
import pytest

from clustergov.casestudies.agreement.planner import Assumed, expected_width, plan, shares
from clustergov.language import LANGUAGES
from clustergov.problems import InputError

DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", 400))


@pytest.mark.parametrize(
    "assumed",
    [Assumed(0.5, 0.7), Assumed(0.1, 0.7), Assumed(0.05, 0.8), Assumed(0.2, 0.6, 3), Assumed(0.3, 0.5, 2, 0.3)],
)
def test_simulated_rounds_have_the_planned_width_and_level(assumed: Assumed) -> None:
    found = plan(assumed, draws=DRAWS)
    assert found.median_width == pytest.approx(assumed.width, rel=0.06)
    assert found.covered is not None
    assert found.covered == pytest.approx(0.95, abs=0.01 + 3.5 * np.sqrt(0.0475 / DRAWS))
    assert found.undefined == 0
    for language in LANGUAGES:
        assert str(found.passages) in found.sentence(language)


def test_the_plan_is_the_smallest_that_is_narrow_enough() -> None:
    assumed = Assumed(0.1, 0.7)
    n = plan(assumed).passages
    assert expected_width(assumed, n) <= 0.2 < expected_width(assumed, n - 1)


def test_rare_codes_and_low_agreement_ask_for_more() -> None:
    assert plan(Assumed(0.02, 0.7)).passages > plan(Assumed(0.1, 0.7)).passages > plan(Assumed(0.4, 0.7)).passages
    assert plan(Assumed(0.2, 0.5)).passages > plan(Assumed(0.2, 0.9)).passages
    assert plan(Assumed(0.2, 0.7, 2)).passages > plan(Assumed(0.2, 0.7, 4)).passages


@pytest.mark.parametrize("coders", [2, 3, 5])
def test_shares_add_up_and_keep_prevalence_and_alpha(coders: int) -> None:
    found = shares(Assumed(0.3, 0.6, coders))
    assert found.sum() == pytest.approx(1)
    k = np.arange(coders + 1)
    assert found @ k / coders == pytest.approx(0.3)
    together = found @ (k * (k - 1)) / (coders * (coders - 1))
    assert (together - 0.09) / 0.21 == pytest.approx(0.6)


@pytest.mark.parametrize(
    "bad", [Assumed(0, 0.7), Assumed(1, 0.7), Assumed(0.1, 1), Assumed(0.1, 0.7, 1), Assumed(0.1, 0.7, 2, 0),
            Assumed(1e-6, 0.2, 2, 0.01), Assumed(float("nan"), 0.5)],
)  # fmt: skip
def test_plans_that_cannot_be_are_refused(bad: Assumed) -> None:
    with pytest.raises(InputError):
        plan(bad)
