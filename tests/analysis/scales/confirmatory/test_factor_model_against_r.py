"""Every number of tests/reference/factor_model.csv: estimates, errors, indices and tests of lavaan and semTools."""

from __future__ import annotations

import pytest

from clustergov.analysis.scales.confirmatory.fitting import factor_model, prepare
from clustergov.analysis.scales.confirmatory.marker import marker_check
from clustergov.analysis.scales.confirmatory.modification import modification_indices
from factor_model_references import fit, levels, measure, model_text, parameter, references, table

# Both are at the minimum to 1e-10; lavaan's observed information is a numerical derivative, good to 7 digits.
RTOL, ATOL = 1e-6, 1e-8

STORED = references()
OWN_SCALE = ("language", "gender")
"""semTools identifies ordinal items by other constraints: tests and indices are compared, estimates are not."""

MODELS = sorted(
    name
    for name in STORED.loc[STORED["quantity"].isin(["measure", "estimate"]), "model"].unique()
    if not name.startswith("marker-")
)


@pytest.mark.parametrize("name", MODELS)
def test_equals_lavaan(name: str) -> None:
    rows = STORED[(STORED["model"] == name) & STORED["quantity"].isin(["measure", "estimate", "error", "standardized"])]
    found = fit(name)
    assert len(rows) > 10
    wrong = []
    for row in rows.itertuples():
        if row.quantity != "measure" and (name.startswith(OWN_SCALE) or "~*~" in row.name):
            continue
        if row.value != row.value:  # not defined in lavaan
            continue
        ours = measure(found, row.name) if row.quantity == "measure" else parameter(found, row.quantity, row.name)
        if ours != pytest.approx(row.value, rel=RTOL, abs=ATOL):
            wrong.append(f"{row.quantity} {row.name}: {ours!r} against {row.value!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(STORED.loc[STORED["quantity"] == "difference", "model"].unique()))
def test_levels_of_invariance_are_tested_as_lav_test_lrt_does(name: str) -> None:
    rows = STORED[(STORED["model"] == name) & (STORED["quantity"] == "difference")].set_index("name")["value"]
    head, _, level = name.rpartition("-")
    gap = next(step.difference for step in levels(head).steps if step.level == level)
    assert gap is not None
    assert gap.test is not None
    assert gap.test.df == rows["df"]
    assert gap.test.chi_square == pytest.approx(rows["chisq"], rel=RTOL)
    assert gap.test.p == pytest.approx(rows["p"], rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("name", ["hs-ML", "own-delta"])
def test_modification_indices(name: str) -> None:
    found = fit(name)
    data = table("hs" if name == "hs-ML" else "own")
    listed = modification_indices(found, prepare(found.model, data, estimator=found.estimator))
    listed.index = [" ".join(row) for row in listed[["lhs", "op", "rhs"]].itertuples(index=False)]
    rows = STORED[(STORED["model"] == name) & STORED["quantity"].isin(["mi", "epc"])]
    assert len(rows) == 12
    for row in rows.itertuples():
        column = {"mi": "index", "epc": "expected_change"}[row.quantity]
        assert listed.loc[row.name, column] == pytest.approx(row.value, rel=RTOL), row


def test_modification_index_of_a_covariance_that_the_model_keeps_at_zero() -> None:
    # lavaan 0.6-14: modindices(cfa(model, HolzingerSwineford1939)) prints 26.552 and 0.277.
    model = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nvisual ~~ 0*textual"
    data = table("hs")
    found = factor_model(model, data)
    listed = modification_indices(found, prepare(found.model, data, estimator="ML"))
    row = listed.query("lhs == 'visual' and op == '~~' and rhs == 'textual'").iloc[0]
    assert row["index"] == pytest.approx(26.552, abs=6e-4)
    assert row["expected_change"] == pytest.approx(0.277, abs=6e-4)


@pytest.mark.parametrize("name", ["own-delta", "own-theta", "groups-theta"])
def test_standardised_scales_are_one(name: str) -> None:
    frame = fit(name).frame()
    assert frame.loc[frame["op"] == "~*~", "standardized"].to_numpy() == pytest.approx(1)


def test_marker_models() -> None:
    two = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
    found = marker_check(two, table("hs"), ["x7", "x8"])
    assert found.kept == "method-C"
    names = {"cfa": "free", "baseline": "base", "method-C": "common", "method-U": "unequal", "method-R": "held"}
    for marked in found.models:
        stored = STORED[STORED["model"] == f"marker-{names[marked.name]}"].set_index("name")["value"]
        assert marked.model.test.chi_square == pytest.approx(stored["chisq"], rel=RTOL)
        assert marked.model.test.df == stored["df"]
        assert marked.model.plain.cfi == pytest.approx(stored["cfi"], rel=RTOL)


def test_input_is_unchanged() -> None:
    frame = table("hs").copy()
    before = frame.copy(deep=True)
    from clustergov.analysis.scales.confirmatory.fitting import factor_model

    factor_model(model_text("hs"), frame, estimator="MLR", group=frame["school"])
    assert frame.equals(before)
