"""Raking against R's survey::rake and trimWeights, closed forms, and properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from clustergov.problems import InputError
from clustergov.survey.frame.feasibility import smallest_cap
from clustergov.survey.frame.margins import Margins
from clustergov.survey.frame.raking import rake, trim
from clustergov.survey.frame.weighting import kish

REFERENCE = Path(__file__).parents[2] / "reference"
ELEVEN = 1e-11  # digits that are promised; both iterate to 1e-15 or so, and sums of 200 weights round at 1e-14

Case = tuple[pd.DataFrame, Margins, "pd.Series[float]", "pd.Series[float]"]


def case(name: str) -> Case:
    data = pd.read_csv(REFERENCE / f"weighting-{name}.csv", dtype=str, keep_default_na=False)
    rows = pd.read_csv(REFERENCE / f"weighting-{name}-targets.csv", keep_default_na=False)
    targets = {v: g.set_index("category")["count"].astype(float) for v, g in rows.groupby("variable", sort=False)}
    return (
        data[list(targets)],
        Margins(targets, "targets.csv"),
        data["base"].astype(float),
        data["weight"].astype(float),
    )


def margins(**targets: dict[str, float]) -> Margins:
    return Margins({name: pd.Series(target, dtype=float) for name, target in targets.items()}, "frame.csv")


@pytest.mark.parametrize("name", ["srs", "strat"])
def test_weights_agree_with_r_to_eleven_digits(name: str) -> None:
    respondents, targets, base, expected = case(name)
    before = respondents.copy(), base.copy()
    found = rake(respondents, targets, base=base)
    assert found.converged
    assert found.smallest is None
    assert found.capped == 0
    np.testing.assert_allclose(found.weights, expected, rtol=ELEVEN)
    assert respondents.equals(before[0])
    assert base.equals(before[1])
    assert found.largest.max() < 1e-12
    assert found.effective_n == pytest.approx(expected.sum() ** 2 / (expected**2).sum(), rel=ELEVEN)


@pytest.mark.parametrize(("name", "cap"), [("trimmed", 2.2), ("uneven", 2.8)])
def test_trimmed_weights_agree_with_r_to_eleven_digits(name: str, cap: float) -> None:
    respondents, targets, base, expected = case(name)
    found = rake(respondents, targets, base=base, cap=cap, capping="trimmed")
    np.testing.assert_allclose(found.weights, expected, rtol=ELEVEN)
    assert not found.converged  # cutting moved the margins, and the report says by how much
    assert found.largest.max() > 0.005
    assert found.weights.sum() == pytest.approx(targets.total, rel=1e-13)


def test_one_margin_is_poststratification() -> None:
    respondents = pd.DataFrame({"country": ["NL"] * 6 + ["BE"] * 3 + ["DE"]})
    found = rake(respondents, margins(country={"BE": 20, "DE": 30, "NL": 50}))
    np.testing.assert_allclose(found.weights, [50 / 6] * 6 + [20 / 3] * 3 + [30.0], rtol=1e-15)
    assert found.iterations == 1


def test_independent_table_is_met_in_one_pass() -> None:
    # Where the sample is a product of its margins, the fitted table is the product of the targets: N p q / n.
    cells = [
        (r, c) for r, many in (("a", 1), ("b", 2)) for c, times in (("x", 3), ("y", 1)) for _ in range(many * times)
    ]
    respondents = pd.DataFrame(cells, columns=["row", "column"])
    found = rake(respondents, margins(row={"a": 40, "b": 60}, column={"x": 30, "y": 70}))
    sums = found.weights.groupby([respondents["row"], respondents["column"]]).sum()
    assert sums.to_dict() == pytest.approx({("a", "x"): 12, ("a", "y"): 28, ("b", "x"): 18, ("b", "y"): 42}, rel=1e-13)


def test_two_by_two_keeps_its_odds_ratio() -> None:
    # Closed form: the fitted cell t solves t (N - r - c + t) / ((r - t) (c - t)) = odds ratio of the sample.
    counts = {("a", "x"): 8, ("a", "y"): 2, ("b", "x"): 3, ("b", "y"): 7}
    respondents = pd.DataFrame([cell for cell, n in counts.items() for _ in range(n)], columns=["row", "column"])
    found = rake(respondents, margins(row={"a": 70, "b": 30}, column={"x": 40, "y": 60}))
    odds, r, c, N = 8 * 7 / (2 * 3), 70.0, 40.0, 100.0
    root = [t.real for t in np.roots([1 - odds, N - r - c + odds * (r + c), -odds * r * c]) if 10 < t.real < 40]
    sums = found.weights.groupby([respondents["row"], respondents["column"]]).sum()
    assert sums[("a", "x")] == pytest.approx(root[0], rel=1e-12)


def test_cap_and_margins_both_hold_where_they_can() -> None:
    respondents, targets, base, _ = case("uneven")
    least = smallest_cap(respondents, targets)
    assert least is not None
    assert 2.38 < least < 2.39
    for cap in (least * 1.001, 2.8, 4.0):
        found = rake(respondents, targets, base=base, cap=cap)
        assert found.converged
        assert found.capped > 0
        assert found.range[1] <= cap * (1 + 1e-12)
        assert found.largest.max() < 1e-12


def test_capped_weights_are_the_closest_ones() -> None:
    # The minimum of Σ w log(w / b) - w + b under margins and cap, found by a general optimiser on the cells.
    respondents, targets, _, _ = case("uneven")
    found = rake(respondents, targets, cap=3.0)
    cells = respondents.value_counts()
    upper, start = 3.0 * targets.total / len(respondents), targets.total / len(respondents)
    rows = [(cells.index.get_level_values(v) == c, total) for v, t in targets.targets.items() for c, total in t.items()]
    rows = [(cells.index.get_level_values(v) == c, total) for v, t in targets.targets.items() for c, total in t.items()]
    constraints = [
        {"type": "eq", "fun": lambda w, own=own, total=total: float((w * cells.to_numpy())[own].sum() - total)}
        for own, total in rows[:-1]  # the last follows from the others
    ]
    best = minimize(
        lambda w: float((cells.to_numpy() * (w * np.log(w / start) - w + start)).sum()), np.full(len(cells), start),
        jac=lambda w: cells.to_numpy() * np.log(w / start), bounds=[(1e-9, upper)] * len(cells), constraints=constraints,
        method="SLSQP", options={"maxiter": 500, "ftol": 1e-15},
    )  # fmt: skip
    ours = found.weights.groupby([respondents[name] for name in respondents]).first().reindex(cells.index)
    np.testing.assert_allclose(ours, best.x, rtol=1e-5)  # the optimiser stops at about the root of its own 1e-15


def test_cap_that_cannot_be_kept_tells_which_one_could() -> None:
    respondents, targets, base, expected = case("trimmed")
    found = rake(respondents, targets, base=base, cap=2.2)
    assert not found.converged
    assert found.smallest is not None
    assert found.smallest > 2.2
    np.testing.assert_allclose(found.weights, expected, rtol=ELEVEN)  # what R gives, trimmed
    assert rake(respondents, targets, base=base, cap=found.smallest * 1.001).converged
    assert "2.39" in found.sentence("en")
    assert "2,39" in found.sentence("nl")


def test_margins_that_contradict_the_cells_do_not_converge() -> None:
    # Nobody is (a, y): then all of y are b, and y cannot be larger than b.
    respondents = pd.DataFrame({"row": ["a", "a", "b", "b"], "column": ["x", "x", "x", "y"]})
    found = rake(respondents, margins(row={"a": 80, "b": 20}, column={"x": 50, "y": 50}))
    assert not found.converged
    assert found.smallest is None
    assert found.largest.max() > 0.1
    assert "No weights at all" in found.sentence("en")
    assert "Met geen enkele gewichten" in found.sentence("nl")


def test_empty_and_unknown_categories_are_told_all_at_once() -> None:
    respondents = pd.DataFrame({"country": ["NL", "NL", "UK"], "founded": ["1990–1999", "1990–1999", "2000–2009"]})
    targets = margins(
        country={"BE": 10, "DE": 30, "NL": 60}, founded={"1980–1989": 5, "1990–1999": 60, "2000–2009": 35}
    )
    with pytest.raises(InputError) as error:
        rake(respondents, targets)
    told = [(problem.rule, problem.place) for problem in error.value.problems]
    assert told == [("empty-category", "country"), ("empty-category", "country"), ("no-target", "country"),
                    ("empty-category", "founded")]  # fmt: skip
    assert "“NL”" in error.value.problems[0].fix
    assert "“1990–1999”" in error.value.problems[3].fix


@pytest.mark.parametrize("cap", [1.0, 0.5])
def test_cap_below_the_mean_is_refused(cap: float) -> None:
    with pytest.raises(ValueError, match="above 1"):
        rake(pd.DataFrame({"country": ["NL"]}), margins(country={"NL": 1}), cap=cap)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.inf, np.nan])
def test_base_weights_that_are_none_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        rake(pd.DataFrame({"country": ["NL"]}), margins(country={"NL": 1}), base=pd.Series([weight]))


def test_kish_of_two_classes() -> None:
    # Half at weight 1 and half at weight 3: 1 + CV² = 1 + 1/4.
    assert kish([1.0] * 10 + [3.0] * 10) == 1.25
    assert kish([7.0] * 5) == 1.0


def test_trim_keeps_the_sum_and_passes_on_equal_parts() -> None:
    np.testing.assert_allclose(trim(np.array([1.0, 1.0, 10.0]), 5.0), [3.5, 3.5, 5.0], rtol=1e-15)
    np.testing.assert_allclose(trim(np.array([1.0, 4.9, 12.1]), 6.5), [5.0, 6.5, 6.5], rtol=1e-15)
    with pytest.raises(ValueError, match="below their mean"):
        trim(np.array([1.0, 2.0]), 1.4)


@st.composite
def samples(draw: st.DrawFn) -> tuple[pd.DataFrame, Margins, pd.Series]:
    """Respondents in every cell of two variables, so that any targets can be met."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = [(f"r{i}", f"c{j}") for i in range(rows) for j in range(columns)]
    counts = draw(st.lists(st.integers(1, 4), min_size=len(cells), max_size=len(cells)))
    respondents = pd.DataFrame(
        [cell for cell, n in zip(cells, counts, strict=True) for _ in range(n)], columns=["r", "c"]
    )
    shares = [draw(st.lists(st.integers(1, 40), min_size=k, max_size=k)) for k in (rows, columns)]
    total = draw(st.integers(10, 5000))
    targets = {
        name: pd.Series([total * part / sum(parts) for part in parts], index=[f"{name}{i}" for i in range(len(parts))])
        for name, parts in zip("rc", shares, strict=True)
    }
    weights = draw(st.lists(st.floats(0.2, 5), min_size=len(respondents), max_size=len(respondents)))
    return respondents, Margins(targets, "x"), pd.Series(weights)


@settings(max_examples=60, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_margins_are_met_and_order_does_not_matter(
    sample: tuple[pd.DataFrame, Margins, pd.Series], shuffle: object
) -> None:
    respondents, targets, base = sample
    found = rake(respondents, targets, base=base)
    assert found.converged
    for name, target in targets.targets.items():
        sums = found.weights.groupby(respondents[name]).sum()
        np.testing.assert_allclose(sums[target.index], target, rtol=1e-9)
    order = list(range(len(respondents)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    other = rake(respondents.iloc[order], targets, base=base)
    np.testing.assert_allclose(other.weights.loc[found.weights.index], found.weights, rtol=1e-9)
    # Weights by base weight are a product of one factor per category: equal within each cell.
    ratio = (found.weights / base).groupby([respondents["r"], respondents["c"]]).agg(["min", "max"])
    np.testing.assert_allclose(ratio["min"], ratio["max"], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=3, max_size=12),
    st.lists(st.floats(1e-6, 1), min_size=6, max_size=6),
    st.sampled_from([None, 1.5, 4.0]),
)
def test_any_table_gives_finite_weights_and_an_honest_report(
    cells: list[tuple[str, str]], shares: list[float], cap: float | None
) -> None:
    # Cells may be missing, so that the margins may contradict each other; the linear programme knows whether they do.
    respondents = pd.DataFrame(cells, columns=["r", "c"])
    targets = {}
    for name, part in (("r", shares[:3]), ("c", shares[3:])):
        used = sorted(respondents[name].unique())
        target = pd.Series(part[: len(used)], index=used)
        targets[name] = 100 * target / target.sum()
    found = rake(respondents, Margins(targets, "x"), cap=cap, most=400)
    assert np.isfinite(found.weights).all()
    assert found.sentence("en")
    if cap is not None:
        assert found.range[1] <= cap * (1 + 1e-9)
    if found.converged:
        assert found.largest.max() < 1e-9
    elif found.smallest is not None and cap is not None:
        assert found.smallest > cap * (1 - 1e-2)


@settings(max_examples=40, deadline=None)
@given(samples(), st.floats(1.05, 3))
def test_capped_weights_keep_the_cap(sample: tuple[pd.DataFrame, Margins, pd.Series], cap: float) -> None:
    respondents, targets, base = sample
    found = rake(respondents, targets, base=base, cap=cap)
    assert found.range[1] <= cap * (1 + 1e-9)
    assert found.weights.sum() == pytest.approx(targets.total, rel=1e-9)
    if not found.converged:
        least = found.smallest
        assert least is None or least > cap * (1 - 1e-3)


def test_many_empty_categories_are_one_mistake() -> None:
    respondents = pd.DataFrame({"size": ["1", "2"]})
    with pytest.raises(InputError, match="38 of 40 categories") as error:
        rake(respondents, margins(size={str(n): 1.0 for n in range(1, 41)}))
    assert len(error.value.problems) == 1
