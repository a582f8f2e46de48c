"""Power by simulation: against formulas that are exact, over workers, and on scenarios that must be refused."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.models.linear import linear_model
from clustergov.analysis.planning.closed_forms import (
    difference_power,
    effect_for,
    equivalence_power,
    f2_power,
    n_for,
    slope_power,
)
from clustergov.analysis.planning.equivalence_scenario import EquivalenceScenario
from clustergov.analysis.planning.group_scenario import GroupScenario
from clustergov.analysis.planning.linear_scenario import LinearScenario
from clustergov.analysis.planning.logit_scenario import LogitScenario, logit_fits
from clustergov.analysis.planning.ordinal_scenario import OrdinalScenario
from clustergov.analysis.planning.power import Scenario, power
from clustergov.analysis.planning.predictor_draws import PredictorDraws
from clustergov.analysis.planning.rate import Rate
from clustergov.analysis.planning.refusal import PowerError
from clustergov.analysis.planning.tau_scenario import TauScenario, tau_b_of_tables
from clustergov.spread import Spread
from conformance.part_planning import rows

DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", "1500"))
RNG = np.random.default_rng(5)


def near(rate: Rate, expected: float) -> bool:
    """Within four Monte Carlo errors."""
    return abs(rate.share - expected) < 4 * np.sqrt(expected * (1 - expected) / rate.draws)


def one(scenario: Scenario, n: int, effect: float, draws: int = DRAWS) -> Rate:
    return power(scenario, [effect], [n], draws=draws).points[0].rate


def fixed(n: int, k: int) -> PredictorDraws:
    """Rows whose columns are uncorrelated with mean square 1, so that the formulas are exact."""
    Q = np.linalg.qr(np.column_stack([np.ones(n), RNG.normal(size=(n, k))]))[0][:, 1:]
    return PredictorDraws(k, Q * np.sqrt(n), fixed=True)


def test_formulas_are_those_of_pwr() -> None:
    assert len(list(rows())) == 50
    assert all(row.holds for row in rows())


@pytest.mark.parametrize(("n", "k", "effect"), [(40, 3, 0.4), (120, 6, 0.25), (60, 1, 0.2)])
def test_linear_is_noncentral_t(n: int, k: int, effect: float) -> None:
    scenario = LinearScenario(fixed(n, k), "equal variance")
    # One-sided in the planted direction; the chance of the other is nothing here.
    assert near(one(scenario, n, effect), slope_power(n, k, effect))
    assert slope_power(n, k, effect) == pytest.approx(
        f2_power(n, k, effect**2 * n / (n - k + 1), tested=1), abs=1e-4
    )  # λ = β² n = f² (u + v + 1); the F test also has the other side, which is next to nothing


def test_drawn_predictors_are_near_the_formula_and_hc3_costs_a_little() -> None:
    plain = one(LinearScenario(PredictorDraws(4), "equal variance"), 120, 0.25)
    robust = one(LinearScenario(PredictorDraws(4)), 120, 0.25)
    # Drawn predictors leave (n − k) / n of each other's variance.
    assert plain.share == pytest.approx(slope_power(120, 4, 0.25 * np.sqrt(116 / 120)), abs=0.05)
    assert robust.share < plain.share + 0.01
    assert robust.share > plain.share - 0.1


def test_without_an_effect_the_level_is_kept() -> None:
    for scenario in (LinearScenario(PredictorDraws(3)), TauScenario(), LogitScenario(PredictorDraws(2), 0.4)):
        assert one(scenario, 120, 0.0).interval.low < 0.055


@pytest.mark.parametrize(("n", "away"), [(150, 0.0), (240, 2.0), (356, 0.0)])
def test_equivalence_is_the_integral(n: int, away: float) -> None:
    assert near(one(EquivalenceScenario(5, 30), n, away), equivalence_power(n, 5, 30, away=away))


def test_everybody_of_a_population_leaves_no_doubt() -> None:
    assert one(EquivalenceScenario(5, 30, population=200), 200, 4.9, 200).share == 1
    assert one(EquivalenceScenario(5, 30, population=200), 200, 5.1, 200).share == 0


def test_groups_without_countries_that_matter_are_a_t_test() -> None:
    # Policy of inference: at most what the classical test has, and not far below it.
    found = one(GroupScenario((1.0,) * 20, correlation=0.0), 120, 0.5, 500)
    assert difference_power(60, 60, 0.5) - 0.12 < found.share < difference_power(60, 60, 0.5) + 0.05
    clustered = one(GroupScenario((1.0,) * 20, correlation=0.2, by="country"), 120, 0.5, 500)
    assert clustered.share < found.share


def test_countries_of_any_size_add_up() -> None:
    scenario = GroupScenario((0.5, 0.2, 0.1, 0.1, 0.05, 0.05))
    for n in (12, 37, 120):
        country, group = scenario.design(n)
        assert len(country) == len(group) == n
        assert len(np.unique(country)) == 6
        assert abs(group.mean() - 0.5) < 0.05


def test_tau_of_many_tables_is_that_of_each() -> None:
    scenario = TauScenario((0.1, 0.2, 0.4, 0.3), (0.3, 0.3, 0.4))
    p = scenario.probabilities(0.15)
    tables = RNG.multinomial(80, p.ravel(), size=20).reshape(20, 4, 3).astype(float)
    tau, error = tau_b_of_tables(tables)
    for table, own, null in zip(tables, tau, error, strict=True):
        i, j = (
            np.repeat(places, table.ravel().astype(int)) for places in (np.repeat(range(4), 3), np.tile(range(3), 4))
        )
        each = kendall_tau_b(i, j)
        assert own == pytest.approx(each.tau, rel=1e-12)
        assert null == pytest.approx(each.null_error, rel=1e-9)


def test_tau_finds_what_the_usual_approximation_says() -> None:
    # Without ties Var tau = 2(2n + 5) / 9n(n − 1) under none; nine classes each have few ties.
    n, tau = 160, 0.15
    z = tau / np.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
    from scipy.stats import norm

    found = one(TauScenario((1 / 9,) * 9, (1 / 9,) * 9), n, tau)
    # The approximation takes the variance of no association, which is not that of tau = .15.
    assert found.share == pytest.approx(norm.cdf(z - 1.96), abs=0.09)


def test_logit_fits_are_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    X = np.concatenate([np.ones((3, 90, 1)), RNG.normal(size=(3, 90, 2))], axis=2)
    y = (RNG.random((3, 90)) < 0.4).astype(float)
    b, error = logit_fits(X, y, robust=False)
    for at in range(3):
        fit = sm.Logit(y[at], X[at]).fit(disp=False, tol=1e-12)
        assert b[at] == pytest.approx(fit.params, rel=1e-7)
        assert error[at] == pytest.approx(fit.bse, rel=1e-7)
    share = RNG.beta(2, 3, (1, 90))
    b, error = logit_fits(X[:1], share, robust=True)
    fit = sm.GLM(share[0], X[0], family=sm.families.Binomial()).fit(cov_type="HC1", tol=1e-14)
    assert b[0] == pytest.approx(fit.params, rel=1e-7)
    # statsmodels leaves n / (n − k) out for generalised linear models.
    assert error[0] == pytest.approx(fit.bse * np.sqrt(90 / 87), rel=1e-6)


def test_separated_draws_are_counted_as_not_found() -> None:
    found = power(LogitScenario(PredictorDraws(1), 0.5), [8.0], [12], draws=300).points[0]
    assert found.unfitted > 30
    assert found.rate.times + found.unfitted <= 300


def test_outcomes_keep_their_shares_whatever_the_effect() -> None:
    for effect in (0.0, 1.5):
        cuts = OrdinalScenario(PredictorDraws(1), (0.1, 0.2, 0.7)).thresholds(effect)
        y = effect * RNG.normal(size=200_000) + RNG.logistic(size=200_000)
        assert np.searchsorted(np.sort(y), cuts) / 200_000 == pytest.approx([0.1, 0.3], abs=0.006)
        constant = LogitScenario(PredictorDraws(1), 0.3).constant(effect)
        p = 1 / (1 + np.exp(-constant - effect * RNG.normal(size=200_000)))
        assert p.mean() == pytest.approx(0.3, abs=0.006)


def test_ordinal_power_rises_with_n_and_effect() -> None:
    found = power(OrdinalScenario(PredictorDraws(2)), [0.2, 0.5], [60, 200], draws=200)
    small, large, more, most = (point.rate.share for point in found.points)
    assert small < large < most
    assert small < more < most


def test_predictors_of_data_keep_what_goes_together() -> None:
    x = RNG.normal(size=300)
    frame = pd.DataFrame({"x": x, "w": 0.8 * x + 0.6 * RNG.normal(size=300), "m": np.r_[np.nan, RNG.normal(size=299)]})
    before = frame.copy()
    draws = PredictorDraws.of(frame)
    sample = draws.draw(np.random.default_rng(1), 20, 500).reshape(-1, 3)
    assert frame.equals(before)
    assert sample.mean(axis=0) == pytest.approx(0, abs=0.05)
    assert sample.std(axis=0) == pytest.approx(1, abs=0.05)
    assert np.corrcoef(sample[:, :2].T)[0, 1] == pytest.approx(frame["x"].corr(frame["w"]), abs=0.05)
    # Correlated predictors cost power: the part of x that w leaves is 1 − r².
    alone, beside = (one(LinearScenario(PredictorDraws.of(frame[names])), 100, 0.3) for names in (["x"], ["x", "w"]))
    assert beside.share < alone.share - 0.2


def test_smallest_effect_and_n_are_those_of_the_formula() -> None:
    found = power(LinearScenario(PredictorDraws(3), "equal variance"), [0.3], [100], draws=1000, sensitivity=True)
    effect = effect_for(lambda beta: slope_power(100, 3, beta))
    assert found.smallest[0].interval.low * 0.97 < effect < found.smallest[0].interval.high * 1.03
    needed = n_for(lambda n: slope_power(n, 3, 0.3), least=6)
    assert found.needed[0].n == pytest.approx(needed, rel=0.08)
    low, high = found.needed[0].interval
    assert high is not None
    assert low <= found.needed[0].n <= high  # type: ignore[operator]
    negative = power(LinearScenario(PredictorDraws(1)), [-0.3], [100], draws=300, sensitivity=True).smallest[0]
    assert negative.interval.low <= negative.effect <= negative.interval.high < 0


def test_numbers_do_not_depend_on_the_number_of_workers() -> None:
    settings = {"draws": 600, "seed": 3}
    alone = power(OrdinalScenario(PredictorDraws(1)), [0.4], [40], **settings)  # type: ignore[arg-type]
    two = power(OrdinalScenario(PredictorDraws(1)), [0.4], [40], how=Spread(2), **settings)  # type: ignore[arg-type]
    assert alone == two
    assert pickle.loads(pickle.dumps(alone)) == alone
    assert power(OrdinalScenario(PredictorDraws(1)), [0.4], [40], draws=600, seed=4) != alone


def test_a_planted_slope_is_what_the_model_would_estimate() -> None:
    x = PredictorDraws(2).draw(np.random.default_rng(1), 1, 4000)[0]
    y = pd.Series(0.3 * x[:, 0] + np.random.default_rng(2).normal(size=4000), name="y")
    assert linear_model(y, pd.DataFrame(x, columns=["a", "b"])).estimates == pytest.approx([0.3, 0], abs=0.06)


@pytest.mark.parametrize(
    ("message", "work"),
    [
        ("too few", lambda: power(LinearScenario(PredictorDraws(8)), [0.2], [9])),
        ("draw", lambda: power(TauScenario(), [0.2], [50], draws=0)),
        ("between −1000 and 1000", lambda: power(TauScenario(), [np.inf], [50])),
        ("between −1000 and 1000", lambda: power(TauScenario(), [np.nan], [50])),
        ("too many", lambda: power(TauScenario(), [0.1], [10**9])),
        ("could be fitted", lambda: power(LogitScenario(PredictorDraws(1), 0.5), [900.0], [12], draws=5)),
        ("tau", lambda: power(TauScenario((0.9, 0.1), (0.5, 0.5)), [0.8], [50])),
        ("vary", lambda: OrdinalScenario(PredictorDraws(1), (1.0,))),
        ("vary", lambda: LogitScenario(PredictorDraws(1), 1.0)),
        ("vary", lambda: EquivalenceScenario(5, 0)),
        ("countries", lambda: GroupScenario((1.0, 1.0))),
        ("between 0 and 1", lambda: GroupScenario((1.0,) * 5, correlation=1.0)),
        ("population", lambda: power(EquivalenceScenario(5, 30, population=40), [0], [50])),
        ("differences of its own", lambda: PredictorDraws.of(pd.DataFrame({"x": np.ones(30)}))),
        ("differences of its own", lambda: PredictorDraws.of(pd.DataFrame({"a": np.arange(30.0), "b": 9 - np.arange(30.0)}))),
        ("complete rows", lambda: PredictorDraws.of(pd.DataFrame({"x": [1.0, np.nan, 2.0]}))),
        ("complete rows", lambda: PredictorDraws.of(pd.DataFrame({"x": [1.0, np.inf, 2.0, 4.0]}))),
        ("out of reach", lambda: effect_for(lambda _: 0.05)),
        ("out of reach", lambda: n_for(lambda _: 0.05)),
        ("too few", lambda: f2_power(5, 6, 0.1)),
    ],
)  # fmt: skip
def test_refuses_with_the_reason(message: str, work: object) -> None:
    with pytest.raises(PowerError, match=message) as caught:
        work()  # type: ignore[operator]
    assert set(caught.value.reason) == {"nl", "en"}


def test_sentences_state_n_power_and_the_error_of_simulating() -> None:
    found = power(LinearScenario(PredictorDraws(1)), [0.5], [40], draws=200, sensitivity=True)
    for language in ("nl", "en"):
        told = found.sentence(language)
        assert "n = 40" in told
        assert "interval" in told
        assert "200" in told
    assert list(found.frame().columns) == ["n", "effect", "power", "low", "high", "draws", "unfitted"]
