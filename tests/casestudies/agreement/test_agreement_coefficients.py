"""Coefficients: printed examples, other packages, and every way in which a coefficient cannot be had."""

from __future__ import annotations

from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from clustergov.casestudies.agreement import alpha as alpha_module
from clustergov.casestudies.agreement.coefficient import Coefficient, frame
from clustergov.casestudies.agreement.measure import NAMES, Settings, bootstrap, measure
from clustergov.casestudies.agreement.ratings import Ratings, ratings
from clustergov.casestudies.agreement.weights import WEIGHTINGS, weights
from clustergov.language import LANGUAGES
from clustergov.problems import InputError

REFERENCE = Path(__file__).parents[2] / "reference"
CORRECTED = tuple(name for name in NAMES if name != "percent")


def of(rows: list[list[object]], **settings: object) -> Ratings:
    table = pd.DataFrame(rows, columns=[f"c{place}" for place in range(len(rows[0]))])
    return ratings(table, **settings)  # type: ignore[arg-type]  # categories only


def test_two_coders_are_as_statsmodels_has_them() -> None:
    table = pd.read_csv(REFERENCE / "agreement-cohen.csv", index_col="unit")
    counts = pd.crosstab(table["c1"], table["c2"]).to_numpy()
    for weighting, theirs in (("identity", None), ("linear", "linear"), ("quadratic", "quadratic")):
        found = measure(ratings(table), "cohen", weights=weighting, settings=Settings("t"))
        known = cohens_kappa(counts, wt=theirs)
        assert found.value == pytest.approx(known.kappa, rel=1e-12)
        assert found.se == pytest.approx(known.std_kappa, rel=1e-12)


def test_many_coders_are_as_statsmodels_has_them() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, size=(40, 5))
    counts = np.array([np.bincount(row, minlength=3) for row in codes])
    assert measure(of(codes.tolist()), "fleiss").value == pytest.approx(fleiss_kappa(counts), rel=1e-12)


@given(st.lists(st.lists(st.sampled_from([None, 1, 2, 3, 7]), min_size=3, max_size=3), min_size=2, max_size=25))
def test_alpha_is_as_the_package_krippendorff_has_it(rows: list[list[int | None]]) -> None:
    table = np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)
    compared = table[(~np.isnan(table)).sum(axis=1) > 1]
    if len(np.unique(compared[~np.isnan(compared)])) < 2:
        assert measure(of(rows), "alpha").value is None
        return
    for scale in ("nominal", "ordinal", "interval", "ratio"):
        theirs = krippendorff.alpha(table.T, level_of_measurement=scale)
        assert measure(of(rows), "alpha", weights=scale).value == pytest.approx(theirs, abs=1e-9)


def test_two_coders_without_missing_ratings_make_one_coefficient_of_two() -> None:
    """Conger's kappa is then Cohen's, Fleiss' is Scott's, and alpha is Scott's pi with a term for small samples."""
    known = of([[1, 1], [1, 2], [2, 2], [3, 3], [3, 1], [2, 2], [1, 1]])
    value = {name: measure(known, name).value or 0.0 for name in NAMES}
    assert value["conger"] == pytest.approx(value["cohen"])
    assert value["fleiss"] == pytest.approx(value["scott"])
    assert value["alpha"] == pytest.approx(1 - (1 - value["scott"]) * (1 - 1 / 14))


@pytest.mark.parametrize("name", CORRECTED)
def test_one_category_everywhere_is_undefined_and_neither_0_nor_1(name: str) -> None:
    for known in (of([[1, 1]] * 6), of([[1, 1]] * 6, categories=[0, 1])):
        found = measure(known, name)
        assert (found.value, found.low, found.reason) == (None, None, "one-category")
        assert "undefined" in found.sentence("en")
        assert "niet bepaald" in found.sentence("nl")


def test_all_agree_over_two_categories_has_no_zero_width() -> None:
    known = of([["a", "a"]] * 5 + [["b", "b"]] * 15)
    for name in CORRECTED:
        found = measure(known, name)
        assert found.value == pytest.approx(1)
        assert found.low is not None
        assert found.low < 0.9
        assert found.high == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([[1, None], [2, None]], "one-coder"), ([[1, None], [None, 2]], "no-common-units"), ([[1, 2]], "one-unit")],
)
def test_what_cannot_be_had_has_its_reason(rows: list[list[object]], reason: str) -> None:
    found = measure(of(rows), "alpha")
    assert found.reason == reason
    assert found.low is None
    for language in LANGUAGES:
        assert found.sentence(language)


def test_cohen_is_for_two_coders_only() -> None:
    assert measure(of([[1, 1, 2], [2, 2, 2]]), "cohen").reason == "two-coders-only"


@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_weights_are_symmetric_with_1_on_the_diagonal_and_0_at_the_ends(weighting: str) -> None:
    found = weights(weighting, np.array([1.0, 2, 3, 4]))
    assert np.allclose(found, found.T)
    assert np.allclose(np.diag(found), 1)
    assert found.min() == pytest.approx(0)


def test_a_code_that_is_constant_apart_from_one_dissent_shows_how_coefficients_differ() -> None:
    """Ten units, nine alike and one dissent: alpha and Scott's pi see nothing beyond chance, AC1 nearly everything."""
    known = of([[1, 1]] * 9 + [[1, 0]])
    assert measure(known, "alpha").value == pytest.approx(0)
    assert measure(known, "ac").value == pytest.approx(0.890, abs=5e-4)
    assert measure(known, "percent").value == pytest.approx(0.9)


def test_a_population_makes_intervals_narrower_and_may_not_be_too_small() -> None:
    known = of([[1, 1], [1, 2], [2, 2], [2, 2], [1, 1], [2, 1]])
    whole, part = (measure(known, "fleiss", settings=Settings("t", population=n)) for n in (float("inf"), 8.0))
    assert part.se == pytest.approx((whole.se or 0) * 0.5)
    with pytest.raises(InputError, match="population"):
        measure(known, "fleiss", settings=Settings(population=5))


@pytest.mark.parametrize("name", ["alpha", "conger", "fleiss", "ac", "brennan-prediger", "percent"])
def test_resampled_units_spread_as_the_standard_error_says(name: str) -> None:
    rng = np.random.default_rng(4)
    true = rng.integers(0, 3, size=300)
    rows = [[int(t) if rng.random() < 0.7 else int(rng.integers(3)) for _ in range(3)] for t in true]
    known = of(rows)
    drawn = bootstrap(known, name, draws=2_000, rng=rng)
    found = measure(known, name, settings=Settings("t"))
    assert drawn.std() == pytest.approx(found.se, rel=0.08)
    assert drawn.mean() == pytest.approx(found.value, abs=0.01)


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_samples_by_counts_are_samples_of_units(scale: str) -> None:
    """Alpha from counts of patterns equals alpha of the table in which units are repeated so often."""
    known = ratings(pd.read_csv(REFERENCE / "agreement-own.csv", index_col="unit"))
    counts = known.patterns.sampled(5, np.random.default_rng(2))
    values = alpha_module.alpha(scale, known.patterns, known.scores, counts).value
    for row, value in zip(counts, values, strict=True):
        repeated = np.repeat(known.patterns.codes, row.astype(int), axis=0)
        again = Ratings(repeated, known.categories, known.coders, tuple(map(str, range(len(repeated)))))
        assert measure(again, "alpha", weights=scale).value == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize("kind", ["t", "log-t", "bootstrap", "pairs"])
def test_every_interval_says_what_it_rests_on(kind: str) -> None:
    known = ratings(pd.read_csv(REFERENCE / "agreement-own.csv", index_col="unit"))
    found = measure(known, "alpha", settings=Settings(kind, draws=200))
    assert found.low is not None
    assert found.value is not None
    assert found.low < found.value < (found.high or 0)
    assert all(found.basis(language) for language in LANGUAGES)
    assert {"value", "low", "distribution"} <= set(frame((found,)).columns)


def test_no_adjective_is_ever_used() -> None:
    for value in (0.05, 0.45, 0.95):
        found = Coefficient("alpha", "nominal", value, 0.1, value - 0.04, value + 0.04, distribution="t", df=9)
        for language in LANGUAGES:
            words = found.sentence(language).lower()
            assert not any(word in words for word in ("poor", "slight", "substantial", "excellent", "slecht", "matig"))


def test_bad_names_and_values() -> None:
    known = of([[1, 2], [2, 2]])
    for bad in (lambda: measure(known, "kappa"), lambda: measure(known, "alpha", weights="linear"),
                lambda: measure(known, "ac", weights="cubic"), lambda: measure(known, "ac", settings=Settings("x")),
                lambda: measure(of([[-1, 2], [1, 1]]), "alpha", weights="ratio")):  # fmt: skip
        with pytest.raises(InputError):
            bad()
    with pytest.raises(InputError, match="twice"):
        ratings(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(InputError, match="expected one of"):
        of([[1, 9], [2, 2]], categories=[1, 2])


def test_units_that_all_disagree_alike_leave_no_interval() -> None:
    found = measure(of([[1, 2], [2, 1], [1, 2], [2, 1]]), "alpha", settings=Settings("t"))
    assert found.value is not None
    assert (found.low, found.reason) == (None, "no-variation")


def test_units_that_one_coder_rated_lend_no_degrees_of_freedom_to_what_leaves_them_out() -> None:
    """Ends by irrCAC 0.4.4 for Python (`CAC(table).krippendorff()`, `.gwet()`), which rests alpha on 7 of 10 units.

    Its t quantile has nine digits.
    """
    one = ["x", "x", "y", "y", "x", "y", "x", None, "y", "x"]
    other = ["x", "y", "y", "y", "x", None, "x", "x", "y", None]
    table = of([list(pair) for pair in zip(one, other, strict=True)])
    alpha, ac, cohen = (measure(table, name, settings=Settings("t")) for name in ("alpha", "ac", "cohen"))
    assert (alpha.df, ac.df, cohen.df) == (6, 9, 6)
    assert (alpha.value, alpha.se, alpha.low) == pytest.approx(
        (0.734693877551, 0.285714285714, 0.035576206468), abs=1e-9
    )
    assert (ac.value, ac.se, ac.low) == pytest.approx((0.7171145686, 0.316416449289, 0.001330831431), abs=1e-9)
