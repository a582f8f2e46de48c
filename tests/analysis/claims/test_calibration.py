"""Verdicts on many samples at once: equal to the road that real answers take, and wrong as seldom as promised."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from calibration_page import PAGE, SIZES, cell, table
from clustergov.analysis.claims.calibration import Setting, calibrate, cells_frame
from clustergov.analysis.claims.calibration_draws import dominances, log_odds, means, shares, taus
from clustergov.analysis.claims.calibration_settings import RATINGS, SHARES, STAFF, settings
from clustergov.analysis.claims.verdicts import EQUIVALENCE, DecisionTable
from clustergov.analysis.description.ordering import dominance
from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.description.share import mean_share, wilson
from clustergov.analysis.models.ordinal import cumulative_logit

DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", "2000"))
LEVEL = 1 - 0.05 / 4


@pytest.fixture(scope="module")
def decisions() -> DecisionTable:
    return table()


@pytest.fixture(scope="module")
def every(decisions: DecisionTable) -> dict[str, Setting]:
    return {setting.code: setting for setting in settings(decisions.smallest_effects)}


def test_taus_are_kendalls() -> None:
    rng = np.random.default_rng(1)
    counts = rng.multinomial(60, np.outer(STAFF, RATINGS).ravel(), size=20).reshape(20, 8, 5)
    drawn = taus(counts)
    low, high = drawn.ends(LEVEL)
    for place, one in enumerate(counts):
        x, y = np.repeat(np.indices((8, 5)).reshape(2, 40), one.ravel(), axis=1)
        found = kendall_tau_b(x, y)
        assert drawn.value[place] == pytest.approx(found.tau, abs=1e-13)
        interval = found.transformed(LEVEL)
        assert (low[place], high[place]) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_shares_means_and_orders_are_the_estimators_of_claims() -> None:
    low, high = shares(np.array([0, 31, 60]), 60).ends(LEVEL)
    for place, yes in enumerate((0, 31, 60)):
        interval = wilson(yes, 60, level=LEVEL)
        assert (low[place], high[place]) == pytest.approx((interval.low, interval.high), abs=1e-12)
    rng = np.random.default_rng(2)
    counts = rng.multinomial(50, np.full(11, 1 / 11), size=5)
    low, high = means(counts, SHARES).ends(LEVEL)
    for place, one in enumerate(counts):
        interval = mean_share(np.repeat(SHARES, one), level=LEVEL).interval
        assert (low[place], high[place]) == pytest.approx((interval.low, interval.high), abs=1e-12)
    low, high = dominances(np.array([20]), np.array([12]), 60).ends(LEVEL)
    interval = dominance([2.0] * 20 + [1.0] * 40, [1.0] * 20 + [2.0] * 12 + [1.0] * 28, level=LEVEL).interval
    assert (low[0], high[0]) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_log_odds_are_the_cumulative_logits() -> None:
    import pandas as pd

    rng = np.random.default_rng(3)
    counts = np.stack([rng.multinomial(30, RATINGS, size=8), rng.multinomial(30, RATINGS[::-1], size=8)], axis=1)
    counts[0, :, 4] = 0
    drawn = log_odds(counts)
    low, high = drawn.ends(LEVEL)
    for place, one in enumerate(counts):
        group, rating = np.repeat(np.indices((2, 5)).reshape(2, 10), one.ravel(), axis=1)
        fit = cumulative_logit(pd.Series(rating, name="rating"), pd.DataFrame({"group": group.astype(float)}))
        assert drawn.value[place] == pytest.approx(fit.estimates[0], abs=1e-7)
        interval = fit.interval("group", LEVEL)
        assert (low[place], high[place]) == pytest.approx((interval.low, interval.high), abs=1e-6)


def test_a_separated_sample_has_no_odds_ratio() -> None:
    counts = np.array([[[10, 10, 0, 0, 0], [0, 0, 0, 10, 10]], [[20, 0, 0, 0, 0], [20, 0, 0, 0, 0]]])
    assert np.isnan(log_odds(counts).value).all()


def test_truths_are_planted_exactly(every: dict[str, Setting]) -> None:
    """The mean estimate of many large samples is the planted value."""
    for code in ("tau", "tau, 4 parts", "odds ratio", "no difference, 7 parts", "mean share", "order"):
        setting = every[code]
        for truth, value in setting.truths[1:3]:
            drawn = setting.sample(value, 4000, 60, np.random.default_rng(4))
            assert len(drawn) == setting.family
            for part in drawn:
                error = np.std(part.value) / np.sqrt(len(part.value))
                # Five standard errors of the mean, and half a per cent of the small-sample bias of a log odds ratio.
                assert np.mean(part.value) == pytest.approx(value, abs=5 * error + 0.005 * abs(value)), (code, truth)


def test_same_seed_same_cell(every: dict[str, Setting], decisions: DecisionTable) -> None:
    one, other = (calibrate(every["tau, 4 parts"], decisions, 60, "none", draws=200, rng=np.random.default_rng(5))
                  for _ in range(2))  # fmt: skip
    assert one == other
    frame = cells_frame([one])
    assert frame.loc[0, ["supported", "inconclusive", "contradicted"]].sum() <= 1


@pytest.mark.parametrize("code", ["tau", "tau, 4 parts", "odds ratio", "threshold", "bound", "mean share", "share", "order",
                                  "no difference", "no difference, 7 parts"])  # fmt: skip
def test_no_verdict_is_wrong_more_often_than_promised(
    code: str, every: dict[str, Setting], decisions: DecisionTable
) -> None:
    """5 %, half a point where respondents are counted, and three and a half standard errors of the simulation."""
    setting = every[code]
    draws = DRAWS if setting.family == 1 else max(400, DRAWS // 5)
    limit = 0.055 + 3.5 * np.sqrt(0.05 * 0.95 / draws)
    for truth, _ in setting.truths:
        for n in SIZES if setting.family == 1 else SIZES[:2]:
            found = cell(setting, decisions, truth, n, draws=draws)
            assert found.wrong_family <= limit, (truth, n)


def test_small_samples_abstain_and_large_ones_conclude(every: dict[str, Setting], decisions: DecisionTable) -> None:
    """A direction that a test at 5 % would find in under one of five samples stays open in at least four of five."""
    assert cell(every["tau"], decisions, "half of published", 60, draws=DRAWS).open > 0.8
    assert cell(every["tau, 4 parts"], decisions, "as published", 60, draws=400).open > 0.7
    for code in ("no difference", "mean share", "share"):
        assert cell(every[code], decisions, every[code].truths[0][0], 60, draws=DRAWS).open > 0.95
    assert cell(every["tau"], decisions, "as published", 480, draws=DRAWS).open < 0.05


def test_the_page_is_that_of_these_settings(every: dict[str, Setting], decisions: DecisionTable) -> None:
    """Every cell is on it; a part drawn again lies within the simulation's error of what it says."""
    text = PAGE.read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    assert list(sections) == list(every)
    for code, setting in every.items():
        rows = [
            line for line in sections[code].splitlines() if line.startswith("| ") and not line.startswith("| truth")
        ]
        assert len(rows) == len(setting.truths) * len(SIZES)
        if setting.family > 1:
            continue
        truth = setting.truths[-1][0]
        row = next(line for line in rows if line.startswith(f"| {truth} (") and line.split(" | ")[1] == "120")
        supported, *_, wrong, _ = (float(each.strip(" |")) / 100 for each in row.split(" | ")[2:])
        again = cell(setting, decisions, truth, 120, draws=DRAWS)
        error = 4 * np.sqrt(0.25 / DRAWS)
        assert dict(again.verdicts)["supported"] == pytest.approx(supported, abs=error), code
        assert again.wrong == pytest.approx(wrong, abs=error), code


def test_a_table_that_concludes_too_much_is_caught(every: dict[str, Setting], root: Path) -> None:
    """With an alpha of 20 % the wrong verdicts show: the calibration can fail."""
    loose = table().model_copy(update={"alpha": 0.2})
    assert cell(every["tau"], loose, "none", 120, draws=2000).wrong_family > 0.15
    assert {setting.part.form for setting in every.values()} >= {*EQUIVALENCE, "effect", "threshold", "order"}
    assert (root / "docs" / "verdict-calibration.md") == PAGE
