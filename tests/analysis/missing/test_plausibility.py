"""Observed beside imputed values: sums by hand, and values that nobody could answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.missing.chains import impute
from clustergov.analysis.missing.plausibility import plausibility


def skewed(n: int = 300) -> pd.DataFrame:
    """A scale of 1 to 5 that mostly is 1, and a column that goes with it and with its gaps."""
    rng = np.random.default_rng(4)
    trait = rng.normal(size=n)
    item = np.clip(np.digitize(trait + rng.normal(size=n), [0.8, 1.4, 2.0, 2.6]) + 1.0, 1, 5)
    return pd.DataFrame({"item": np.where(rng.random(n) < 1 / (1 + np.exp(-trait)), np.nan, item), "other": trait})


@pytest.mark.parametrize("method", ["pmm", "ordinal"])
def test_no_value_outside_the_scale(method: str) -> None:
    imputed = impute(skewed(), {"item": method}, m=10, iterations=2, seed=1)  # type: ignore[dict-item]  # a parameter
    found = plausibility(imputed, ranges={"item": (1, 5)})
    assert found.table.loc[0, "outside"] == 0
    assert "No value that was filled in lies outside" in found.sentence("en")


def test_the_normal_model_leaves_the_scale_and_that_is_told() -> None:
    found = plausibility(impute(skewed(), {"item": "norm"}, m=10, iterations=2, seed=1), ranges={"item": (1, 5)})
    assert found.table.loc[0, "outside"] > 100
    assert f"{found.table.loc[0, 'outside']:,}".replace(",", "") in found.sentence("en").replace(",", "")
    assert "take pmm or ordinal" in found.sentence("en")


def test_the_table_by_hand() -> None:
    data = skewed()
    imputed = impute(data, m=3, iterations=1, seed=1)
    row = plausibility(imputed).table.loc[0]
    filled = imputed.values[:, data["item"].isna().to_numpy(), 0]
    assert row["observed"] == data["item"].notna().sum()
    assert row["imputed"] == data["item"].isna().sum()
    assert row["observed_mean"] == pytest.approx(data["item"].mean())
    assert row["imputed_mean"] == pytest.approx(filled.mean())
    assert row["difference"] == pytest.approx((filled.mean() - data["item"].mean()) / data["item"].std())
    # The gaps are where the trait is high, so what fills them must be higher than what is seen.
    assert row["difference"] > 0.2


def test_nothing_filled() -> None:
    found = plausibility(impute(skewed().dropna(), m=2, iterations=1, seed=1))
    assert found.table.empty
    assert found.far() == ()
    assert found.sentence("nl") == "Er is niets ingevuld."
