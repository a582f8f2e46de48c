"""The marker check: what it sees, what it cannot see, and how it is described."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.confirmatory.marker import MarkerCheck, marker_check

MODEL = "f =~ a + b + c\ng =~ d + e + h"


def answers(method: float, *, shared: float, seed: int = 4, n: int = 600) -> pd.DataFrame:
    """`method` loads on every item, and on the two markers by `shared`."""
    rng = np.random.default_rng(seed)
    f = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], n)
    m = rng.normal(size=(n, 1))
    items = np.column_stack([f[:, [0]]] * 3 + [f[:, [1]]] * 3) * 0.7 + method * m + 0.6 * rng.normal(size=(n, 6))
    markers = shared * m + 0.6 * rng.normal(size=(n, 1)) + 0.6 * rng.normal(size=(n, 2))
    return pd.DataFrame(np.hstack([items, markers]), columns=[*"abcdeh", "m1", "m2"])


def p_of(found: MarkerCheck, name: str) -> float:
    return float(found.frame().set_index("model").loc[name, "difference_p"])


def test_sees_a_method_that_the_marker_shares() -> None:
    found = marker_check(MODEL, answers(0.5, shared=0.7), ["m1", "m2"])
    assert p_of(found, "method-C") < 1e-6
    assert (found.correlations["adjusted"] < found.correlations["correlation"]).all()


def test_does_not_see_a_method_that_the_marker_does_not_share() -> None:
    found = marker_check(MODEL, answers(0.5, shared=0.0), ["m1", "m2"])
    assert p_of(found, "method-C") > 0.01
    assert found.correlations["correlation"].iloc[0] > 0.4  # far above the 0.3 × reliability of the truth
    for language, words in (("nl", "nooit dat ze er niet zijn"), ("en", "never its absence")):
        assert words in found.sentence(language)


def test_no_method_no_finding() -> None:
    assert p_of(marker_check(MODEL, answers(0.0, shared=0.7), ["m1"]), "method-C") > 0.01


@pytest.mark.parametrize("estimator", ["MLR", "WLSMV"])
def test_works_with_every_estimator(estimator: str) -> None:
    frame = answers(0.5, shared=0.7)
    if estimator == "WLSMV":
        frame = frame.apply(lambda column: pd.Series(np.digitize(column, [-0.8, 0.2, 1.0]) + 1.0))
    found = marker_check(MODEL, frame, ["m1", "m2"], estimator=estimator)  # type: ignore[arg-type]  # a literal above
    assert p_of(found, "method-C") < 0.001
    assert [marked.name for marked in found.models] == ["cfa", "baseline", "method-C", "method-U", "method-R"]


def test_lindell_whitney_by_hand() -> None:
    frame = answers(0.5, shared=0.7)
    found = marker_check(MODEL, frame, ["m1", "m2"])
    z = (frame - frame.mean()) / frame.std()
    scores = pd.DataFrame(
        {"f": z[list("abc")].sum(axis=1), "g": z[list("deh")].sum(axis=1), "m": z[["m1", "m2"]].sum(axis=1)}
    )
    R = scores.corr()
    marker = min(R.loc["m", "f"], R.loc["m", "g"])
    assert found.reference == pytest.approx(marker, rel=1e-9)
    adjusted = (R.loc["f", "g"] - marker) / (1 - marker)
    assert found.correlations["adjusted"].iloc[0] == pytest.approx(adjusted, rel=1e-9)
