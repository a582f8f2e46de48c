"""Log-ratio coordinates: worked by hand, invariant to order and scale, zeros never silent, and effects per part."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.composition import composition
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.linear import linear_model

RNG = np.random.default_rng(6)
PARTS = pd.DataFrame(RNG.dirichlet([3, 2, 2, 1], size=60) * 100, columns=["fees", "sales", "public", "other"])


def test_coordinates_by_hand_and_the_input_is_unchanged() -> None:
    """Pawlowsky-Glahn, Egozcue & Tolosana-Delgado (2015), Modeling and Analysis of Compositional Data, pp. 32–38."""
    one = pd.DataFrame({"a": [48.29], "b": [31.0], "c": [20.71]})
    before = one.copy()
    a, b, c = np.log([48.29, 31.0, 20.71])
    assert composition(one, kind="alr").coordinates.to_numpy()[0] == pytest.approx([a - c, b - c])
    mean = (a + b + c) / 3
    assert composition(one, kind="clr").coordinates.to_numpy()[0] == pytest.approx([a - mean, b - mean, c - mean])
    pivot = [np.sqrt(2 / 3) * (a - (b + c) / 2), np.sqrt(1 / 2) * (b - c)]
    found = composition(one)
    assert found.coordinates.to_numpy()[0] == pytest.approx(pivot)
    assert list(found.coordinates) == ["a:b·c", "b:c"]
    pd.testing.assert_frame_equal(one, before)


def test_distances_are_kept_and_the_unit_does_not_count() -> None:
    whole, scaled = composition(PARTS), composition(PARTS / 7 + 0)
    np.testing.assert_allclose(whole.coordinates, scaled.coordinates, rtol=1e-10, atol=1e-12)
    centred = composition(PARTS, kind="clr").coordinates
    assert centred.sum(axis=1).abs().max() < 1e-12
    np.testing.assert_allclose((whole.coordinates**2).sum(axis=1), (centred**2).sum(axis=1), rtol=1e-12)


def test_effects_do_not_depend_on_the_coordinates_or_the_order() -> None:
    y = pd.Series(np.log(PARTS["fees"] / PARTS["public"]) + RNG.normal(size=60), name="y")
    tables = []
    for kind, order in (("ilr", list(PARTS)), ("alr", list(PARTS)), ("ilr", ["public", "other", "fees", "sales"])):
        whole = composition(PARTS[order], kind=kind)
        fit = linear_model(y, whole.coordinates)
        tables.append(whole.part_effects(fit.terms, fit.estimates, fit.covariance).set_index("part").loc[list(PARTS)])
        turned = linear_model(y, whole.turned("public"))
        assert turned.estimates[0] * whole.doubling == pytest.approx(tables[-1].loc["public", "estimate"], rel=1e-9)
        assert turned.standard_errors[0] * whole.doubling == pytest.approx(
            tables[-1].loc["public", "standard_error"], rel=1e-9
        )
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], other, rtol=1e-8)
    assert tables[0]["estimate"].sum() == pytest.approx(0, abs=1e-12)
    assert tables[0].loc["fees", "estimate"] > 0.3 > -0.3 > tables[0].loc["public", "estimate"]


def test_a_composition_that_enters_whole_is_refused_and_its_coordinates_are_not() -> None:
    y = pd.Series(RNG.normal(size=60), name="y")
    with pytest.raises(FitError) as caught:
        linear_model(y, PARTS)
    assert caught.value.failure == "composition"
    assert linear_model(y, composition(PARTS).coordinates).n == 60


ZEROS = PARTS.mask(PARTS < 8, 0.0)


def test_zeros_are_refused_unless_something_is_said_of_them() -> None:
    cells, rows = int((ZEROS == 0).sum().sum()), int((ZEROS == 0).any(axis=1).sum())
    with pytest.raises(FitError, match=f"{cells} cells in {rows} rows|{cells} zeros"):
        composition(ZEROS)
    replaced = composition(ZEROS, zeros="replace", small=0.005)
    assert (replaced.zero_cells, replaced.zero_rows) == (cells, rows)
    assert replaced.coordinates.notna().all(axis=None)
    # The ratio of two parts that are not zero stays.
    place = int(np.flatnonzero((ZEROS["other"] == 0) & (ZEROS[["fees", "sales"]] > 0).all(axis=1))[0])
    centred = replaced.coordinates.to_numpy() @ np.linalg.pinv(replaced.basis)
    assert centred[place, 0] - centred[place, 1] == pytest.approx(np.log(ZEROS["fees"][place] / ZEROS["sales"][place]))
    dropped = composition(ZEROS, zeros="drop")
    assert dropped.coordinates.isna().any(axis=1).sum() == rows
    for language, word in (("nl", "nullen"), ("en", "zeros")):
        assert word in replaced.sentence(language)
        assert str(rows) in dropped.sentence(language)


def test_a_value_for_zeros_above_the_least_share_is_told() -> None:
    large = composition(ZEROS, zeros="replace", small=0.2)
    assert any("20.00%" in caution["en"] for caution in large.cautions)
    with pytest.raises(ValueError, match="between 0 and 1/4"):
        composition(ZEROS, zeros="replace", small=0.3)


def test_missing_parts_and_empty_wholes_stay_missing() -> None:
    gappy = PARTS.copy()
    gappy.iloc[3, 1] = np.nan
    gappy.iloc[5] = 0.0
    found = composition(gappy).coordinates
    assert found.index[found.isna().any(axis=1)].tolist() == [3, 5]


@pytest.mark.parametrize(
    ("failure", "terms", "parts"),
    [
        ("one part", ("fees",), PARTS[["fees"]]),
        ("parts not positive", ("sales",), PARTS.assign(sales=-1.0)),
        ("infinite", ("sales",), PARTS.assign(sales=np.inf)),
        ("not numeric", ("sales",), PARTS.assign(sales="much")),
        ("parts zero", ("sales",), PARTS.assign(sales=0.0)),
    ],
)
def test_refuses_with_the_reason(failure: str, terms: tuple[str, ...], parts: pd.DataFrame) -> None:
    with pytest.raises(FitError) as caught:
        composition(parts)
    assert (caught.value.failure, caught.value.terms) == (failure, terms)
    assert terms[0] in caught.value.reason["nl"]


@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_rounded_shares_are_a_composition_too(decimals: int) -> None:
    """Shares that a person rounded add up to 99 or 101 now and then: what is left to estimate from is the rounding."""
    y, other = pd.Series(RNG.normal(size=60), name="y"), pd.Series(RNG.normal(size=60))
    rounded = PARTS.round(decimals)
    assert decimals == 3 or rounded.sum(axis=1).nunique() > 1
    with pytest.raises(FitError) as caught:
        linear_model(y, rounded.assign(size=other)[["size", *PARTS]])
    assert caught.value.failure == "composition"
    assert caught.value.terms == tuple(PARTS)
    assert linear_model(y, rounded.drop(columns="other")).n == 60
    # One whole and its complement with an error of measurement are correlated, and no composition.
    noisy = pd.DataFrame({"a": PARTS["fees"], "b": 100 - PARTS["fees"] + 3 * other})
    assert linear_model(y, noisy).n == 60
