"""The one function: which method for which design, what it gives and says, and inputs that it must refuse or tell of."""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.analysis.inference.policy import infer, policy
from clustergov.analysis.models.design import FitError
from clustergov.language import LANGUAGES
from inference_grid import Design, regressor


def rows(n: int = 80, groups: int = 8, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))[np.arange(n) % groups]
    X = np.column_stack([rng.normal(size=n), np.isin(labels, ["A", "B", "C", "D"]), rng.random(n) < 0.5]).astype(float)
    return X[:, 0] * 0.5 + rng.normal(size=n), X, labels


TERMS = ["score", "east", "member"]


def test_everything_is_given_and_inputs_stay() -> None:
    y, X, labels = rows()
    kept = y.copy(), X.copy(), labels.copy()
    found = infer(y, X, TERMS, labels, outcome="growth", unit="points")
    for before, now in zip(kept, (y, X, labels), strict=True):
        np.testing.assert_array_equal(before, now)
    frame = found.frame().set_index("term")
    assert list(frame.index) == TERMS
    assert (found.n, found.groups, found.lost, found.untested) == (80, 8, 0, ())
    interval = found.interval("score")
    assert interval is not None
    assert (interval.low, interval.high) == (frame.loc["score", "low"], frame.loc["score", "high"])
    np.testing.assert_allclose(
        found.estimates, np.linalg.lstsq(np.column_stack([X, np.ones(80)]), y, rcond=None)[0][:3], rtol=1e-10
    )
    for language in LANGUAGES:
        said = found.sentence(language)
        assert "80" in said
        assert "points" in said
        assert found.reason.to(language) in said
        assert all(term in said for term in TERMS)


def test_one_sentence_per_method_under_the_table() -> None:
    y, X, labels = rows()
    found = infer(y, X, TERMS, labels)
    kinds = {reason.key for reason in found.reasons}
    assert found.reason["en"].count("true null") >= 1
    assert len(kinds) == 1 or found.reason["en"].count(":") >= len(kinds)


@pytest.mark.parametrize(
    ("groups", "treated", "method"),
    [(0, 0, "HC3"), (8, 0, "CR2"), (8, 2, "none"), (20, 8, "CR2")],
)
def test_methods(groups: int, treated: int, method: str) -> None:
    rng = np.random.default_rng(9)
    labels = np.repeat(np.arange(groups or 1), 160 // (groups or 1))
    x = (labels < treated).astype(float) if treated else rng.permutation(np.arange(160) % 2).astype(float)
    if groups and not treated:
        x = (np.arange(160) % 2).astype(float)
    plan = policy(x[:, None], ["x"], labels if groups else None)
    assert plan.choices[0].method == method


def test_hc3_with_fewer_degrees_of_freedom_for_a_small_part() -> None:
    x = (np.arange(40) < 8).astype(float)
    choice = policy(np.column_stack([x, np.random.default_rng(1).normal(size=40)]), ["few", "z"]).choices[0]
    assert choice.method == "HC3"
    assert choice.df < 10
    assert choice.reason.values["common"] > 0.06 > 0.05 > choice.worst


def test_unequal_groups_get_the_wild_bootstrap() -> None:
    x, _, labels = regressor(Design(160, 8, False, "yes/no, within"))
    assert labels is not None
    rng = np.random.default_rng(2)
    y = rng.normal(size=160) + rng.normal(size=8)[labels]
    found = infer(y, x[:, None], ["x"], labels, draws=499)
    assert found.method == "wild bootstrap"
    assert found.low[0] < found.estimates[0] < found.high[0]
    again = infer(y, x[:, None], ["x"], labels, draws=499)
    assert (again.p[0], again.low[0]) == (found.p[0], found.low[0])


def test_permutation_and_exact() -> None:
    y, _, _ = rows(16)
    x = np.repeat([0.0, 2.0], 8)[:, None]
    found = infer(y, x, ["arm"], assigned=["arm"])
    assert found.method == "permutation"
    assert (found.p[0] <= 0.05) == (not found.low[0] <= 0 <= found.high[0])
    shares = infer((y > 0.8) * 100.0, x, ["arm"])
    assert shares.method == "exact"
    assert shares.low[0] >= -50
    assert shares.high[0] <= 50
    assert shares.estimates[0] == pytest.approx(
        ((y[8:] > 0.8).mean() - (y[:8] > 0.8).mean()) * 50
    )  # a hundred points of outcome over two of the regressor


def test_many_outcomes_are_each_outcome() -> None:
    y, X, labels = rows()
    Y = np.column_stack([y, y[::-1], X @ [1.0, 2.0, 3.0] + y])
    for grouped in (None, labels):
        plan = policy(X, TERMS, grouped)
        together = plan.of(Y)
        for at in range(3):
            alone = infer(Y[:, at], X, TERMS, grouped)
            np.testing.assert_allclose(together.estimates[:, at], alone.estimates, rtol=1e-9)
            np.testing.assert_allclose(together.p[:, at], alone.p, rtol=1e-9)
            np.testing.assert_allclose(together.low[:, at], alone.low, rtol=1e-9)


def test_p_of_another_null_is_p_of_the_moved_outcome() -> None:
    y, X, labels = rows()
    for plan in (policy(X, TERMS), policy(X, TERMS, labels)):
        at = plan.of(y[:, None], null=0.3, intervals=False).p[0]
        moved = plan.of((y - 0.3 * X[:, 0])[:, None], intervals=False).p[0]
        np.testing.assert_allclose(at, moved, rtol=1e-9)


def test_interval_and_p_agree_on_every_term() -> None:
    y, X, labels = rows()
    for grouped in (None, labels):
        found = infer(y, X, TERMS, grouped)
        for low, high, p in zip(found.low, found.high, found.p, strict=True):
            assert (p <= 0.05) == (not low <= 0 <= high)


def test_units_change_the_estimate_only() -> None:
    y, X, labels = rows()
    plain, scaled = infer(y, X, TERMS, labels), infer(1000 * y + 7, X / 10, TERMS, labels)
    np.testing.assert_allclose(scaled.estimates, plain.estimates * 10_000, rtol=1e-8)
    np.testing.assert_allclose(scaled.p, plain.p, rtol=1e-8)


def test_weights() -> None:
    y, X, labels = rows()
    plain = infer(y, X, TERMS, labels)
    same = infer(y, X, TERMS, labels, weights=np.full(80, 0.2))
    np.testing.assert_allclose(same.standard_errors, plain.standard_errors, rtol=1e-7)
    some = np.where(np.arange(80) < 4, 0.0, 1.0)
    zero = infer(y, X, TERMS, labels, weights=some)
    assert (zero.n, zero.lost) == (76, 4)
    np.testing.assert_allclose(zero.estimates, infer(y[4:], X[4:], TERMS, labels[4:]).estimates, rtol=1e-9)


def test_missing_values_and_labels_are_counted() -> None:
    y, X, labels = rows()
    y, X, labels = y.copy(), X.copy(), labels.astype(object)
    y[0], X[1, 0], labels[2] = np.nan, np.nan, None
    found = infer(y, X, TERMS, labels)
    assert (found.n, found.lost, found.lost_groups) == (77, 3, 1)
    assert "Rows without a group, which were lost: 1" in found.sentence("en")


def broken() -> dict[str, tuple[np.ndarray, np.ndarray, dict[str, object]]]:
    y, X, _ = rows()
    infinite, constant, doubled = X.copy(), X.copy(), X.copy()
    infinite[3, 0], constant[:, 0], doubled[:, 2] = np.inf, 1.0, 2 * X[:, 0]
    return {
        "infinite values": (y, infinite, {}),
        "same value": (y, constant, {}),
        "fixed in every row": (y, doubled, {}),
        "outcome has the same value": (np.ones(80), X, {}),
        "complete rows": (y[:4], X[:4], {}),
        "Weights must be positive": (y, X, {"weights": np.where(np.arange(80) == 1, -1.0, 1.0)}),
        "positive finite": (y, X, {"weights": np.where(np.arange(80) == 1, np.inf, 1.0)}),
        "exactly in all": (X[:, 0] * 2 + 1, X, {}),
    }


@pytest.mark.parametrize("told", broken())
def test_what_is_refused(told: str) -> None:
    y, X, more = broken()[told]
    with pytest.raises(FitError, match=told):
        infer(y, X, TERMS, **more)  # type: ignore[arg-type]


def test_one_group_only() -> None:
    y, X, _ = rows()
    found = infer(y, X, TERMS, np.full(80, "NL"))
    assert found.methods == ("none",) * 3
    assert found.untested == tuple(TERMS)
    assert found.interval("score") is None
    assert np.isfinite(found.estimates).all()
    assert "one group only" in found.reason["en"]
    assert "nan" not in found.sentence("en").lower()


def test_groups_of_one_row_are_told() -> None:
    y, X, _ = rows()
    found = infer(y, X, TERMS, np.arange(80))
    alone = infer(y, X, TERMS)
    np.testing.assert_array_equal(found.p, alone.p)
    assert "Every group consists of one row" in found.cautions[0]["en"]


def test_more_parameters_than_groups() -> None:
    rng = np.random.default_rng(4)
    X = rng.normal(size=(90, 6))
    found = infer(rng.normal(size=90), X, list("abcdef"), np.arange(90) % 4)
    assert np.isfinite(found.estimates).all()
    for method, p, reason in zip(found.methods, found.p, found.reasons, strict=True):
        assert (method == "none") == bool(np.isnan(p))
        assert reason.text["en"]


def test_all_but_one_row_in_one_group() -> None:
    y, X, _ = rows()
    found = infer(y, X, TERMS, np.r_[np.zeros(79), 1])
    assert found.methods == ("none",) * 3


def test_a_row_that_decides_alone() -> None:
    y, X, _ = rows()
    X = X.copy()
    X[:, 1] = np.arange(80) == 5
    found = infer(y, X, TERMS)
    assert found.methods[1] == "none"
    assert found.methods[0] == "HC3"
    assert "single row" in found.reasons[1].text["en"]


def test_regressor_that_varies_in_one_group_only() -> None:
    y, X, labels = rows()
    X = X.copy()
    X[:, 0] = np.where(labels == "A", X[:, 0], 0.0)
    found = infer(y, X, TERMS, labels)
    assert found.methods[0] == "none"


def test_copies_of_rows_are_told() -> None:
    y, X, labels = rows()
    twice = infer(np.r_[y, y[:5]], np.vstack([X, X[:5]]), TERMS, np.r_[labels, labels[:5]])
    assert "Rows that equal an earlier row: 5" in twice.cautions[0]["en"]
    assert infer(y, X, TERMS, labels).cautions == ()


def test_level() -> None:
    y, X, labels = rows()
    wide, narrow = infer(y, X, TERMS, labels, level=0.99), infer(y, X, TERMS, labels, level=0.9)
    assert (wide.high - wide.low > narrow.high - narrow.low).all()
    assert "99% interval" in wide.sentence("en")


def test_many_parameters_for_the_rows_leave_out_the_wild_bootstrap() -> None:
    """Nine parameters of 60 rows in twelve groups: the bootstrap rejected a true null in 6.6% of draws."""
    rng = np.random.default_rng([2, 60, 8])
    labels = np.r_[np.arange(12), rng.choice(12, 48)]
    X = rng.normal(size=(60, 8))
    X[:, 0] = rng.random(60) < 0.5
    terms = [f"x{j}" for j in range(8)]
    chosen = policy(X, terms, labels)
    assert "wild bootstrap" not in {choice.method for choice in chosen.choices}
    errors = rng.standard_t(3, size=(60, 3000)) * np.where(X[:, :1] == 1, 3, 1)
    errors += rng.normal(size=(12, 3000))[labels] * np.where(X[:, :1] == 1, 3, 1) / 2
    rejected = (chosen.of(errors, intervals=False).p <= 0.05).mean(axis=1)
    assert rejected.max() <= 0.06
    more = np.tile(X, (2, 1)) + rng.normal(size=(120, 8)) * 1e-3
    assert "wild bootstrap" in {choice.method for choice in policy(more, terms, np.tile(labels, 2)).choices}
