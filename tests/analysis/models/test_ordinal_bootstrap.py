"""The batched bootstrap of the ordered logit: equal to single fits, the same on any number of workers, nothing dropped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.analysis.models.ordinal import OrdinalFit, cumulative_logit
from clustergov.analysis.models.ordinal_bootstrap import ordinal_bootstrap, weighted_fits
from clustergov.spread import Spread
from model_numbers import ordered, table


def fit_or_reason(y: pd.Series, X: pd.DataFrame, link: str) -> OrdinalFit | str:
    try:
        return cumulative_logit(y.reset_index(drop=True), X.reset_index(drop=True), link=link)
    except FitError as failure:
        return failure.failure


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("name", ["own", "wine"])
def test_every_replicate_is_the_single_fit(name: str, link: str) -> None:
    y, X = ordered(name)
    before = y.copy(), X.copy()
    rows = OrderedRows.of(y, X)
    weights = np.random.default_rng(1).multinomial(rows.n, np.full(rows.n, 1 / rows.n), size=40)
    found, lost = weighted_fits(rows, weights.astype(float), rows.maximum(link)[1], link)
    whole = y.notna() & X.notna().all(axis=1)
    for times, parameters, why in zip(weights, found, lost, strict=True):
        drawn = np.repeat(np.flatnonzero(whole), times)
        single = fit_or_reason(y.iloc[drawn], X.iloc[drawn], link)
        if why == "empty category":
            assert isinstance(single, str) or len(single.categories) < rows.J
        elif why:
            assert single == why
        else:
            assert parameters == pytest.approx(
                np.concatenate([single.thresholds, single.estimates]), rel=1e-8, abs=1e-9
            )
    assert lost.count("") > 30
    pd.testing.assert_series_equal(y, before[0])
    pd.testing.assert_frame_equal(X, before[1])


def test_same_numbers_on_any_number_of_workers() -> None:
    y, X = ordered("own")
    one = ordinal_bootstrap(y, X, replicates=600, seed=4)
    two = ordinal_bootstrap(y, X, replicates=600, seed=4, how=Spread(jobs=2))
    np.testing.assert_array_equal(one.estimates, two.estimates)
    assert one.lost == two.lost
    other = ordinal_bootstrap(y, X, replicates=600, seed=5)
    assert not np.array_equal(one.estimates, other.estimates)


def test_its_errors_are_near_those_of_the_fit() -> None:
    y, X = ordered("own")
    found = ordinal_bootstrap(y, X, replicates=1000, seed=2)
    ratio = found.frame()["standard_error"].to_numpy() / found.fit.frame()["standard_error"].to_numpy()
    assert (np.abs(ratio - 1) < 0.25).all()
    assert found.failures == {}
    assert found.interval("staff").low > 0
    for language in ("nl", "en"):
        assert "235" in found.sentence(language)


def test_failed_replicates_are_counted_and_told() -> None:
    y, X = ordered("wine")
    found = ordinal_bootstrap(y, X, replicates=1000, seed=1)
    assert sum(found.failures.values()) == sum(bool(why) for why in found.lost) > 0
    assert set(found.failures) <= {"empty category", "separation", "no variance"}
    assert np.isnan(found.estimates[[bool(why) for why in found.lost]]).all()
    assert np.isfinite(found.frame()["low"]).all()
    told = str(sum(found.failures.values()))
    assert told in found.cautions[0]["nl"]
    assert found.cautions[0]["en"] in found.sentence("en")
    assert found.frame()["replicates"].unique().tolist() == [1000 - int(told)]


def test_too_many_failures_are_no_interval() -> None:
    y, X = ordered("wine")
    y = y.mask(y == 1, 2.0)
    y.iloc[0], y.iloc[1] = 1.0, 1.0
    with pytest.raises(FitError, match="samples with replacement") as caught:
        ordinal_bootstrap(y, X, replicates=200, seed=1)
    assert caught.value.failure == "bootstrap"
    assert "lege categorie" in caught.value.reason["nl"]


def test_whole_groups_are_drawn() -> None:
    frame = table("own").dropna()
    y = pd.Series(np.digitize(frame["y"], [1, 3, 5]) + 1.0, index=frame.index, name="y")
    X = frame[["x", "w"]]
    rows, grouped = (ordinal_bootstrap(y, X, replicates=500, seed=3, groups=g) for g in (None, frame["group"]))
    assert grouped.groups == 24
    assert grouped.frame()["standard_error"][0] > 1.2 * rows.frame()["standard_error"][0]  # slopes differ by group
    with pytest.raises(FitError, match="1 group"):
        ordinal_bootstrap(y, X, replicates=50, seed=3, groups=frame["group"].where(frame["group"] == "", "nl"))


def test_a_chunk_does_not_depend_on_how_many_follow() -> None:
    y, X = ordered("own")
    short, long = (ordinal_bootstrap(y, X, replicates=R, seed=4) for R in (250, 500))
    np.testing.assert_array_equal(short.estimates, long.estimates[:250])
