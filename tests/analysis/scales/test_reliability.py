"""Cronbach's alpha against psych::alpha, Feldt's interval, and scales for which nothing may be computed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.reliability import (
    NotComputed,
    Reliability,
    alpha,
    feldt,
    reliability,
    reliability_of_arrays,
    reliability_of_constructs,
    summary,
)
from clustergov.instruments.questionnaire import Construct, Item, Option, Question, Questionnaire, Scale, Section
from clustergov.language import LANGUAGES, Text

REFERENCE = Path(__file__).parents[2] / "reference"
RTOL = 1e-10  # the same sums of squares on both sides
RTOL_F = 1e-8  # two implementations of the quantile of F
TURNED = {"A": ["A1"], "C": ["C4", "C5"]}
LABEL = Text({"nl": "Schaal", "en": "Scale"})


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "reliability-bfi.csv", dtype=float)


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "reliability.csv", keep_default_na=False)


@pytest.mark.parametrize("scale", ["A raw", "A", "C", "A23", "A1A2A4 raw"])
def test_equals_psych(scale: str, bfi: pd.DataFrame, reference: pd.DataFrame) -> None:
    rows = reference[reference["scale"] == scale]
    items = list(rows.loc[rows["quantity"] == "item_rest", "item"])
    values = bfi[items].copy()
    for name in TURNED.get(scale, []):
        values[name] = 7 - values[name]
    before = values.copy(deep=True)
    found = reliability(values, scale=scale, label=LABEL)
    pd.testing.assert_frame_equal(values, before)
    assert isinstance(found, Reliability)
    table = found.frame().set_index("item")
    for row in rows.itertuples():
        if row.item:
            assert table.loc[row.item, row.quantity] == pytest.approx(row.value, rel=RTOL), row
        elif row.quantity in ("n", "alpha"):
            assert getattr(found, row.quantity) == pytest.approx(row.value, rel=RTOL), row
        else:
            end, _, level = row.quantity.removeprefix("psych_").partition("0.")
            interval = feldt(found.alpha, found.n, len(items), float(f"0.{level or 95}"))
            assert getattr(interval, end) == pytest.approx(row.value, rel=RTOL_F), row
    assert found.n + found.lost == values.notna().any(axis=1).sum()


def test_two_items_give_spearman_brown(bfi: pd.DataFrame) -> None:
    found = reliability(bfi[["A2", "A3"]], scale="two", label=LABEL)
    assert isinstance(found, Reliability)
    r = bfi[["A2", "A3"]].dropna().corr().iloc[0, 1]
    assert found.spearman_brown == pytest.approx(2 * r / (1 + r), rel=RTOL)
    assert np.isnan(found.alpha_if_deleted).all()
    assert "Spearman" in found.sentence("nl")


def test_interval_covers_a_known_alpha() -> None:
    """Parallel items with correlation 0.4: alpha is 5 · 0.4 / (1 + 4 · 0.4) = 0.769; 95 % intervals hold it."""
    rng = np.random.default_rng(21)
    held = 0
    for _ in range(400):
        X = np.sqrt(0.4) * rng.normal(size=(60, 1)) + np.sqrt(0.6) * rng.normal(size=(60, 5))
        held += 5 * 0.4 / 2.6 in feldt(alpha(X), 60, 5)
    assert 0.92 < held / 400 < 0.98  # standard error of the share 0.011


def test_negative_item_rest_is_a_caution_and_nothing_is_turned(bfi: pd.DataFrame) -> None:
    found = reliability(bfi[["A1", "A2", "A3", "A4", "A5"]], scale="A", label=LABEL)
    assert isinstance(found, Reliability)
    assert found.item_rest[0] < 0
    assert found.reversed == ()
    assert [("A1" in caution["nl"], "A1" in caution["en"]) for caution in found.cautions] == [(True, True)]
    assert found.cautions[0]["nl"] in found.sentence("nl")


def scale(direction: str, points: int = 5) -> Scale:
    options = tuple(Option(code=str(i), text=Text({"en": f"o{i}"})) for i in range(1, points + 1))
    return Scale(direction=direction, options=options)  # type: ignore[arg-type]  # a test's word


def array(code: str, k: int, scale_name: str, *, items: dict[int, str] | None = None) -> Question:
    rows = tuple(Item(code=f"i{i}", text=Text({"en": f"{i}"}), scale=(items or {}).get(i, "")) for i in range(k))
    return Question(code=code, kind="array", text=Text({"en": code}), scale=scale_name, items=rows)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return Questionnaire(
        questionnaire="t", version="1", title=Text({"en": "T"}), languages=("en",),
        scales={"up": scale("ascending"), "down": scale("descending"), "names": scale("none"),
                "seven": scale("ascending", 7)},
        sections=(Section(code="s", title=Text({"en": "S"}), questions=(
            array("good", 4, "up"), array("down", 3, "down"), array("few", 2, "up"), array("names", 4, "names"),
            array("sparse", 3, "up"), array("same", 3, "up"), array("dual", 6, "up", items={3: "names", 4: "names", 5: "names"}),
            array("empty", 3, "up"), array("unscaled", 3, ""),
        )),),
        constructs=(
            Construct(code="turned", title=Text({"en": "Turned"}), items=("good_i0", "good_i1", "good_i2"),
                      reversed=("good_i2",), minimum_valid=2),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def responses(questionnaire, respond):
    rng = np.random.default_rng(4)
    trait = rng.normal(size=60)
    codes = {
        variable.name: np.clip(np.round(3 + trait + rng.normal(size=60) * 0.8), 1, 5).astype(int).astype(str)
        for variable in questionnaire.variables
        if not variable.name.startswith("empty")
    }
    frame = pd.DataFrame(codes, dtype="str")
    frame["same_i1"] = "3"
    frame.loc[9:, "sparse_i0"] = None
    frame.loc[:4, "good_i3"] = None
    return respond(questionnaire, frame)


def test_every_array_is_computed_or_told_why_not(questionnaire, responses) -> None:
    before = responses.frame.copy(deep=True)
    found = {result.scale: result for result in reliability_of_arrays(responses)}
    pd.testing.assert_frame_equal(responses.frame, before)
    causes = {name: result.cause for name, result in found.items() if isinstance(result, NotComputed)}
    assert causes == {
        "few": "items", "names": "order", "sparse": "answers", "same": "variance", "dual (names)": "order",
        "empty": "items", "unscaled": "order",
    }  # fmt: skip
    assert set(found) - set(causes) == {"good", "down", "dual (up)"}
    good = found["good"]
    assert isinstance(good, Reliability)
    assert (good.n, good.lost) == (55, 5)
    assert good.items == ("good_i0", "good_i1", "good_i2", "good_i3")
    for result in found.values():
        assert all(len(result.sentence(language)) > 20 for language in LANGUAGES)
    assert "answered every item: 9;" in found["sparse"].sentence("en")


@pytest.mark.parametrize(("k", "computed"), [(3, True), (30, False)])
def test_answers_outside_the_scale_are_told(k: int, computed: bool, responses) -> None:
    unlisted = pd.DataFrame(
        {"respondent": [f"r{i}" for i in range(k)], "variable": "good_i0", "value": "recoded"}, dtype="str"
    )
    first, *_ = reliability_of_arrays(dataclasses.replace(responses, unlisted=unlisted))
    assert isinstance(first, Reliability) == computed
    assert f": {k} of " in first.sentence("en")
    assert isinstance(first, Reliability) or first.cause == "unlisted"


def test_direction_and_reversal_follow_the_questionnaire(questionnaire, responses) -> None:
    (turned,) = reliability_of_constructs(responses)
    assert isinstance(turned, Reliability)
    assert turned.reversed == ("good_i2",)
    values = responses.frame[["good_i0", "good_i1", "good_i2"]].astype(float)
    values["good_i2"] = 6 - values["good_i2"]
    assert turned.alpha == pytest.approx(alpha(values.to_numpy()), rel=RTOL)
    assert turned.item_rest[2] < 0
    down = next(result for result in reliability_of_arrays(responses) if result.scale == "down")
    assert isinstance(down, Reliability)
    codes = responses.frame[["down_i0", "down_i1", "down_i2"]].astype(float)
    assert down.means == pytest.approx(tuple(6 - codes.mean()), rel=RTOL)


def test_items_that_nobody_answered_are_left_out_aloud(bfi: pd.DataFrame) -> None:
    found = reliability(bfi[["A2", "A3", "A5"]].assign(A9=np.nan), scale="A", label=LABEL)
    assert isinstance(found, Reliability)
    assert found.items == ("A2", "A3", "A5")
    assert "A9" in found.sentence("en")


def test_summary_has_one_row_per_scale(responses) -> None:
    results = reliability_of_arrays(responses)
    table = summary(results)
    assert list(table["scale"]) == [result.scale for result in results]
    assert ((table["cause"] == "") == table["alpha"].notna()).all()


def test_shipped_constructs(shipped, respond) -> None:
    rng = np.random.default_rng(8)
    names = [name for construct in shipped.constructs for name in construct.items]
    frame = pd.DataFrame({name: rng.integers(1, 6, 40).astype(str) for name in names}, dtype="str")
    results = reliability_of_constructs(respond(shipped, frame))
    assert [result.scale for result in results] == [construct.code for construct in shipped.constructs]
    assert all(isinstance(result, Reliability) for result in results)
