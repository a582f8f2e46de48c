"""The declared drivers of performance against R, the flow of respondents, and declarations that must be refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.driver_probabilities import effects, odds, proportionality
from clustergov.analysis.models.driver_specification import read_drivers
from clustergov.analysis.models.drivers import Drivers, drivers_of_performance
from clustergov.language import LANGUAGES
from clustergov.problems import InputError

REFERENCE = Path(__file__).parents[2] / "reference"
# The same likelihood and the same least squares on both sides: rounding, amplified by the small p-values.
RTOL = 1e-7
ITEMS = 7


@pytest.fixture(scope="module")
def responses(shipped, respond):
    codes = pd.read_csv(REFERENCE / "drivers-responses.csv", dtype="str")
    return respond(shipped, codes)


@pytest.fixture(scope="module")
def drivers(root, shipped, responses) -> Drivers:
    return drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", shipped), responses)


def test_input_is_unchanged_and_equals_r(root, shipped, responses) -> None:
    before = responses.frame.copy(deep=True)
    result = drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", shipped), responses)
    pd.testing.assert_frame_equal(responses.frame, before)
    reference = pd.read_csv(REFERENCE / "drivers.csv")
    frame = result.frame()
    assert frame[["model", "outcome", "term"]].to_numpy().tolist() == (
        reference[["model", "outcome", "term"]].to_numpy().tolist()
    )
    for column in ("estimate", "low", "high", "p", "p_adjusted", "n"):
        np.testing.assert_allclose(frame[column], reference[column], rtol=RTOL, err_msg=column)
    assert set(frame["measure"]) == {"odds ratio", "coefficient"}
    assert (frame["failure"] == "").all()


def test_one_sample_per_table_and_a_flow_that_adds_up(drivers: Drivers) -> None:
    flow = drivers.flow()
    for result in drivers.models:
        own = flow[flow["model"] == result.model.code]
        assert own["n"].iloc[0] == 160
        assert own["step"].iloc[-1] == "used"
        assert own["n"].iloc[-1] == 160 - own["lost"].sum() == result.n
        assert (own["lost"] <= own["missing"]).all()
        assert {outcome.fit.n for outcome in result.outcomes if outcome.fit} == {result.n}
        assert {outcome.fit.lost for outcome in result.outcomes if outcome.fit} == {0}
    assert drivers.models[0].n < drivers.models[1].n  # the score bears two missing items, the seven models none
    public = flow[(flow["variable"] == "public") & (flow["model"] == "items")].iloc[0]
    assert public["missing"] == 5


def test_words_and_labels(drivers: Drivers) -> None:
    for language in LANGUAGES:
        text = drivers.sentence(language)
        assert f"{drivers.models[0].n}" in text
        for predictor in drivers.specification.predictors:
            assert predictor.label[language] in text
        assert drivers.label("external_growth")[language]
        assert not drivers.label("internal_goals")[language].endswith(".")
        assert "42" in drivers.note("items", language)
    assert "oorzaak" in drivers.sentence("nl")


def test_an_outcome_that_cannot_be_fitted_leaves_the_others(root, shipped, respond) -> None:
    codes = pd.read_csv(REFERENCE / "drivers-responses.csv", dtype="str")
    codes["external_growth"] = codes["external_growth"].where(codes["external_growth"].isna(), "3")
    result = drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", shipped), respond(shipped, codes))
    frame = result.frame().set_index("outcome")
    assert (frame.loc["external_growth", "failure"] == "outcome constant").all()
    assert frame.loc["external_growth", ["estimate", "p", "p_adjusted"]].isna().all(axis=None)
    assert frame.loc["internal_goals", "p_adjusted"].notna().all()
    assert result.label("external_growth")["nl"] in result.note("items", "nl")


def test_too_few_respondents_are_told(root, shipped, respond) -> None:
    codes = pd.read_csv(REFERENCE / "drivers-responses.csv", dtype="str").head(6)
    result = drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", shipped), respond(shipped, codes))
    assert set(result.frame()["failure"]) <= {"too few", "outcome constant"}
    assert result.sentence("nl")


PREDICTOR = """
  - code: {code}
    {origin}
    label: {{nl: A, en: A}}
    step: {{nl: per 1, en: per 1}}
    role: driver
    reason: {{nl: omdat, en: because}}
    mark: D
"""


def declaration(*origins: str, outcomes: str = "internal_goals", kind: str = "ordinal") -> str:
    head = f"title: {{nl: T, en: T}}\nmark: D\nmodels:\n  - code: m\n    kind: {kind}\n    title: {{nl: M, en: M}}\n"
    body = "".join(PREDICTOR.format(code=f"p{i}", origin=origin) for i, origin in enumerate(origins))
    return f"{head}    outcomes: [{outcomes}]\npredictors:{body}"


SHARES = ", ".join(f"funding_{source}" for source in ("fees", "sales", "natpub", "regpub", "intpub", "other"))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("unknown-variable", declaration("variable: staf")),
        ("unknown-variable", declaration("sum of: [funding_fees, funding_fee]")),
        ("unknown-variable", declaration("variable: staff", outcomes="internal_goal")),
        ("unknown-construct", declaration("score of: interactie")),
        ("no-order", declaration("variable: country")),
        ("no-order", declaration("variable: remarks")),
        ("no-order", declaration("variable: staff", outcomes="initiation")),
        ("no-classes", declaration("variable: staff", outcomes="year")),
        ("one-origin", declaration("variable: staff\n    score of: interaction")),
        ("one-origin", declaration("per: 2")),
        ("composition", declaration(f"sum of: [{SHARES}]")),
        ("composition", declaration(*[f"variable: {share}" for share in SHARES.split(", ")])),
        ("shared-part", declaration("variable: internal_goals", outcomes="performance", kind="linear")),
        ("shared-part", declaration("variable: internal_goals")),
        ("duplicate-code", declaration("variable: staff", outcomes="internal_goals, internal_goals")),
        ("greater-than", declaration("variable: staff\n    per: 0")),
        ("unknown-key", declaration("variabel: staff")),
    ],
)
def test_refuses_a_wrong_declaration(rule: str, text: str, shipped, tmp_path: Path) -> None:
    file = tmp_path / "drivers.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_drivers(file, shipped)
    found = {problem.rule: problem for problem in caught.value.problems}
    assert rule in found
    assert found[rule].line is not None


def test_a_right_declaration_is_read(shipped, tmp_path: Path) -> None:
    file = tmp_path / "drivers.yml"
    file.write_text(declaration("variable: staff", "sum of: [funding_natpub, funding_regpub]"), encoding="utf-8")
    assert [predictor.code for predictor in read_drivers(file, shipped).predictors] == ["p0", "p1"]


def test_few_lost_respondents_are_not_shown_and_cannot_be_worked_out(root, shipped, responses) -> None:
    specification = read_drivers(root / "analysis" / "drivers.yml", shipped)
    drivers = drivers_of_performance(specification, responses, minimum=5)
    flow = drivers.flow()
    lost = flow[flow["step"] == "lost"]
    for column in ("missing", "lost"):
        shown = lost[column].dropna()
        assert not ((shown > 0) & (shown < 5)).any()
    assert lost["n"].isna().all()
    assert lost["lost"].isna().groupby(lost["model"]).sum().isin([0, *range(2, 20)]).all()


@pytest.fixture(scope="module")
def beside(root, shipped, responses) -> Drivers:
    return drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", shipped), responses, beside=True)


def test_errors_that_the_design_allows_take_the_place_of_the_usual_ones(drivers: Drivers, beside: Drivers) -> None:
    """The ordinal table is the same; the linear one has the intervals of the policy, and its reason under the table."""
    ours, plain = beside.frame().set_index("model"), drivers.frame().set_index("model")
    pd.testing.assert_frame_equal(ours.loc["items"], plain.loc["items"])
    outcome = beside.models[1].outcomes[0]
    assert outcome.inference is not None
    assert outcome.fit is not None
    np.testing.assert_allclose(ours.loc["scale", "estimate"], plain.loc["scale", "estimate"], rtol=1e-10)
    np.testing.assert_array_equal(ours.loc["scale", "low"], outcome.inference.low)
    robust = np.array([method == "HC3" for method in outcome.inference.methods])
    assert robust.any()
    np.testing.assert_allclose(
        outcome.inference.standard_errors[robust], outcome.fit.standard_errors[robust], rtol=1e-9
    )
    for language in LANGUAGES:
        note = beside.note("scale", language)
        assert "HC3" in note
        assert beside.label("experience")[language] in note  # the predictor by its words, not by its code
    assert "HC3" not in drivers.note("scale", "en")


def test_probabilities_beside_the_odds(drivers: Drivers, beside: Drivers) -> None:
    table, plain = effects(beside), effects(drivers)
    assert plain.empty
    assert len(table) == ITEMS * len(beside.specification.predictors)
    assert set(table["model"]) == {"items"}
    signs = table.merge(beside.frame(), on=["model", "outcome", "term"], suffixes=("", "_odds"))
    assert ((signs["estimate"] > 0) == (signs["estimate_odds"] > 1)).all()  # for the highest answer they must agree
    tests = odds(beside)
    assert len(tests) == ITEMS * (1 + len(beside.specification.predictors))
    assert tests["p"].between(0, 1).all()
    for language in LANGUAGES:
        told = " ".join(proportionality(beside, "items", language))
        assert str(beside.models[0].n) in told
    assert proportionality(drivers, "items", "nl") == ()
