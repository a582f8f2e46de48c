"""Scale scores against an example worked by hand, the R package psych, and what must hold of every score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Construct, Item, Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.scoring import score
from clustergov.language import Text
from clustergov.problems import InputError
from questionnaire_strategy import tries

REFERENCE = Path(__file__).parents[1] / "reference"
# Sums of at most seven small integers divided by their number: equal to the hand's fraction up to rounding.
TOLERANCE = 1e-12
NAN = np.nan


@pytest.fixture(scope="module")
def questionnaire(root) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def construct(*items: str, turned: tuple[str, ...] = (), minimum_valid: int = 2) -> Construct:
    return Construct(
        code="trial", title=Text({"en": "Trial"}), items=items, reversed=turned, minimum_valid=minimum_valid
    )


EXTERNAL = ("external_growth", "external_innov", "external_compet")


def values() -> dict[str, np.ndarray]:
    return {
        "external_growth": np.array([1.0, 5.0, NAN, NAN, 2.0]),
        "external_innov": np.array([2.0, 5.0, 4.0, NAN, 2.0]),
        "external_compet": np.array([4.0, 5.0, 3.0, 1.0, NAN]),
    }


def test_mean_of_valid_items(questionnaire):
    given = values()
    found = score(construct(*EXTERNAL), questionnaire, given)
    for name, column in values().items():
        np.testing.assert_array_equal(given[name], column)
    # (1+2+4)/3; 5; (4+3)/2; one valid item of two needed; (2+2)/2
    np.testing.assert_allclose(found, [7 / 3, 5, 3.5, NAN, 2], atol=TOLERANCE)


def test_reversed_items_are_turned_within_their_range(questionnaire):
    found = score(construct(*EXTERNAL, turned=("external_compet",)), questionnaire, values())
    # 4 → 2, 5 → 1, 3 → 3: (1+2+2)/3; (5+5+1)/3; (4+3)/2; missing; (2+2)/2
    np.testing.assert_allclose(found, [5 / 3, 11 / 3, 3.5, NAN, 2], atol=TOLERANCE)


def test_ticks_and_limited_numbers_have_ranges_too(questionnaire):
    ticks = construct("background_priv", "background_acad", turned=("background_acad",))
    found = score(ticks, questionnaire, {"background_priv": [1, 0], "background_acad": [1, 0]})
    np.testing.assert_allclose(found, [0.5, 0.5], atol=TOLERANCE)
    shares = construct("funding_fees", "funding_sales", turned=("funding_sales",))
    found = score(shares, questionnaire, {"funding_fees": [30.0], "funding_sales": [20.0]})
    np.testing.assert_allclose(found, [(30 + 80) / 2], atol=TOLERANCE)


@pytest.mark.parametrize(("minimum_valid", "scored"), [(1, 5), (2, 4), (3, 2)])
def test_minimum_valid(questionnaire, minimum_valid, scored):
    found = score(construct(*EXTERNAL, minimum_valid=minimum_valid), questionnaire, values())
    assert np.isfinite(found).sum() == scored


def test_every_shipped_construct_of_middle_answers_scores_the_middle(questionnaire):
    for shipped in questionnaire.constructs:
        middle = {
            name: np.array([(1 + len(questionnaire.by_name[name].scale.codes)) / 2, NAN]) for name in shipped.items
        }
        found = score(shipped, questionnaire, middle)
        assert found[0] == pytest.approx(next(iter(middle.values()))[0], abs=TOLERANCE)
        assert np.isnan(found[1])


@pytest.mark.parametrize("wrong", [0.0, 6.0, -1.0, 97.0, np.inf])
def test_values_outside_the_scale_are_refused_by_name(questionnaire, wrong):
    given = values()
    given["external_innov"][2] = wrong
    with pytest.raises(InputError) as caught:
        score(construct(*EXTERNAL), questionnaire, given)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place) == ("out-of-range", "external_innov")
    assert "from 1 to 5" in problem.message
    assert "row 3" in problem.message


def test_every_wrong_item_is_told_at_once(questionnaire):
    given = values()
    given["external_growth"] = np.full(5, 9.0)
    del given["external_innov"]
    given["external_compet"] = np.ones(3)
    with pytest.raises(InputError) as caught:
        score(construct(*EXTERNAL, "field", "country"), questionnaire, given | {"field": np.ones(5)})
    assert [(problem.place, problem.rule) for problem in caught.value.problems] == [
        ("external_growth", "out-of-range"),
        ("external_innov", "missing-item"),
        ("external_compet", "item-length"),
        ("field", "item-without-range"),
        ("country", "missing-item"),
    ]


def test_nobody_answered(questionnaire):
    empty = {name: np.array([]) for name in EXTERNAL}
    assert score(construct(*EXTERNAL), questionnaire, empty).shape == (0,)


def test_a_construct_without_items_is_refused(questionnaire):
    with pytest.raises(InputError, match="missing-items"):
        score(construct(), questionnaire, {})


WORDS = Text({"en": "Words"})


def six_point(items: list[str]) -> Questionnaire:
    """An array with these items on a scale of six points."""
    scale = Scale(direction="ascending", options=tuple(Option(code=str(code), text=WORDS) for code in range(1, 7)))
    rows = tuple(Item(code=item, text=WORDS) for item in items)
    question = Question(code="q", kind="array", text=WORDS, scale="six", items=rows)
    section = Section(code="all", title=WORDS, questions=(question,))
    return Questionnaire(
        questionnaire="q", version="1", title=WORDS, languages=("en",), scales={"six": scale}, sections=(section,)
    )


@pytest.mark.parametrize("minimum_valid", [1, 3, 5])
@pytest.mark.parametrize(("name", "turned"), [("A", ["A1"]), ("C", ["C4", "C5"])])
def test_against_psych(name, turned, minimum_valid):
    """Means of what is valid, as `scoreVeryFast` and `scoreItems(impute = "none")` of psych give them."""
    data = pd.read_csv(REFERENCE / "scoring-bfi.csv", dtype=float)
    expected = pd.read_csv(REFERENCE / "scoring.csv", dtype=float)
    items = [column for column in data if column.startswith(name)]
    key = construct(*(f"q_{i}" for i in items), turned=tuple(f"q_{i}" for i in turned), minimum_valid=minimum_valid)
    values = {f"q_{item}": data[item].to_numpy() for item in items}
    wanted = expected[f"{name}_mean"].where(expected[f"{name}_valid"] >= minimum_valid).to_numpy()
    assert 0 < np.isfinite(wanted).sum() < len(wanted)
    found = score(key, six_point(items), values)
    np.testing.assert_allclose(found, wanted, atol=TOLERANCE)
    total = score(key.model_copy(update={"score": "sum"}), six_point(items), values)
    np.testing.assert_allclose(total, 5 * wanted, atol=5 * TOLERANCE)


def test_a_prorated_sum_worked_by_hand(questionnaire):
    key = construct(*EXTERNAL, minimum_valid=2).model_copy(update={"score": "sum"})
    # 1+2+4; 5+5+5; (4+3)/2 × 3; one valid item of two needed; (2+2)/2 × 3
    np.testing.assert_allclose(score(key, questionnaire, values()), [7, 15, 10.5, NAN, 6], atol=TOLERANCE)


ITEMS = ["a", "b", "c", "d"]
NAMES = [f"q_{item}" for item in ITEMS]
SIX = six_point(ITEMS)
CELLS = st.sampled_from([NAN, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
TABLES = st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6).map(np.array)
TURNED = st.sets(st.sampled_from(NAMES)).map(tuple)
NEEDED = st.integers(1, 4)


def scored(
    table: np.ndarray, turned: tuple[str, ...], needed: int, *, names: list[str] = NAMES, how: str = "mean"
) -> np.ndarray:
    key = construct(*names, turned=turned, minimum_valid=needed).model_copy(update={"score": how})
    return score(key, SIX, dict(zip(NAMES, table.T, strict=True)))


@tries()
@given(TABLES, TURNED, NEEDED, st.permutations(NAMES))
def test_the_order_of_items_does_not_count(table, turned, needed, order):
    np.testing.assert_allclose(
        scored(table, turned, needed, names=order), scored(table, turned, needed), atol=TOLERANCE
    )


@tries()
@given(TABLES, TURNED, NEEDED)
def test_turning_twice_is_not_turning(table, turned, needed):
    """Answers that were turned before are turned back by the key; all items turned mirror the score in the range."""
    before = np.column_stack(
        [7 - column if name in turned else column for name, column in zip(NAMES, table.T, strict=True)]
    )
    np.testing.assert_allclose(scored(before, turned, needed), scored(table, (), needed), atol=TOLERANCE)
    np.testing.assert_allclose(scored(table, tuple(NAMES), needed), 7 - scored(table, (), needed), atol=TOLERANCE)


@tries()
@given(TABLES, TURNED, NEEDED)
def test_a_prorated_sum_is_the_mean_times_the_number_of_items(table, turned, needed):
    total, mean = scored(table, turned, needed, how="sum"), scored(table, turned, needed)
    np.testing.assert_allclose(total, 4 * mean, atol=4 * TOLERANCE)
    whole = ~np.isnan(table).any(axis=1)
    np.testing.assert_allclose(
        scored(table, (), needed, how="sum")[whole], table[whole].sum(axis=1), atol=4 * TOLERANCE
    )


@tries()
@given(TABLES, TURNED, NEEDED, st.sampled_from(range(4)))
def test_a_higher_answer_never_lowers_the_score_unless_it_is_turned(table, turned, needed, column):
    higher = table.copy()
    higher[:, column] = np.minimum(higher[:, column] + 1, 6)
    change = scored(higher, turned, needed) - scored(table, turned, needed)
    known = ~np.isnan(change)
    sign = -1 if NAMES[column] in turned else 1
    assert (sign * change[known] >= -TOLERANCE).all()


@tries()
@given(TABLES, TURNED, NEEDED)
def test_scores_stay_in_the_range_and_are_there_when_enough_is_valid(table, turned, needed):
    found = scored(table, turned, needed)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(table).sum(axis=1) >= needed)
    assert ((found[np.isfinite(found)] >= 1 - TOLERANCE) & (found[np.isfinite(found)] <= 6 + TOLERANCE)).all()
