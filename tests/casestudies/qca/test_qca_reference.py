"""Truth tables, solutions, calibrations and set relations equal to those of R's package QCA, on the data it ships."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.casestudies.qca.expression_reading import parse_expression, parse_literal
from clustergov.casestudies.qca.fit import necessity, sufficiency
from clustergov.casestudies.qca.set_relations import necessary_sets, single_conditions, sufficient_sets
from clustergov.problems import InputError
from qca_references import built, configurations, minimised, name, numbers, ours, references, table, theirs

ANALYSES = references()["analyses"]


@pytest.mark.parametrize("spec", [one for one in ANALYSES if "rows" in one], ids=name)
def test_the_truth_table_is_that_of_r(spec: dict[str, Any]) -> None:
    found, rows = built(spec), spec["rows"]
    assert [row.number for row in found.rows] == rows["number"]
    assert [row.out for row in found.rows] == rows["out"]
    assert [row.n for row in found.rows] == rows["n"]
    assert [",".join(row.cases) for row in found.rows] == rows["cases"]
    assert [",".join(row.deviant) for row in found.rows] == rows["deviant"]
    np.testing.assert_allclose([row.inclusion for row in found.rows], rows["incl"], rtol=0, atol=1e-12)
    np.testing.assert_allclose([row.pri for row in found.rows], rows["pri"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("spec", [one for one in ANALYSES if "parsimonious" in one], ids=name)
def test_all_models_and_parameters_are_those_of_r(spec: dict[str, Any]) -> None:
    found, rows = minimised(spec), built(spec)
    pairs = [(found.parsimonious, spec["parsimonious"])]
    if "conservative" in spec:
        pairs.append((found.conservative, spec["conservative"]))
    for solution, models in pairs:
        assert solution.exact
        assert solution.count == len(models)
        assert set(ours(solution)) == set(theirs(models, rows))
        for what, own, other in numbers(solution, models, rows):
            assert own == pytest.approx(other, rel=0, abs=1e-12), what
    if "intermediate" in spec:
        first, second = (list(theirs(spec[kind], rows)) for kind in ("conservative", "parsimonious"))
        mine = [list(ours(solution)) for solution in (found.conservative, found.parsimonious)]
        for solution in found.intermediate:
            assert solution.pair is not None
            pair = (
                f"C{first.index(mine[0][solution.pair[0] - 1]) + 1}P{second.index(mine[1][solution.pair[1] - 1]) + 1}"
            )
            reference = spec["intermediate"][pair]
            assert set(ours(solution)) == set(theirs(reference["models"], rows))
            assert configurations(rows, solution.easy) == set(reference["easy"])
            assert configurations(rows, solution.difficult) == set(reference["difficult"])
            for what, own, other in numbers(solution, reference["models"], rows):
                assert own == pytest.approx(other, rel=0, abs=1e-12), what


@pytest.mark.parametrize("spec", [one for one in ANALYSES if "error" in one or "refused" in one], ids=name)
def test_what_r_refuses_is_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        minimised(spec)


@pytest.mark.parametrize(
    "spec", references()["calibrations"], ids=lambda spec: f"{spec['method']} {spec['thresholds']}"
)
def test_calibrations_are_those_of_r(spec: dict[str, Any]) -> None:
    raw = pd.DataFrame(references()["raw"])
    anchors = spec["thresholds"] if isinstance(spec["thresholds"], list) else [spec["thresholds"]]
    calibration = Calibration(spec["method"], tuple(map(float, anchors)), **dict(spec["extra"]))
    found = calibrate(raw, [spec["column"]], {spec["column"]: calibration}).column(spec["column"])
    # R rounds the indirect method to six decimals, and stops its iterations at 1e-8 of the deviance.
    np.testing.assert_allclose(found, spec["value"], rtol=0, atol=2e-6 if spec["method"] == "indirect" else 1e-12)


@pytest.mark.parametrize("spec", references()["relations"],
                         ids=lambda spec: f"{spec['data']} {spec['relation']} {spec['outcome']}")  # fmt: skip
def test_necessary_and_sufficient_sets_are_those_of_r(spec: dict[str, Any]) -> None:
    data, asked = table(spec["data"]), spec["asked"]
    outcome = parse_literal(spec["outcome"], data.sets)
    conditions = [one for one in data.names if one != outcome.name]
    cuts = {"inclusion": asked["incl.cut"], "depth": asked["depth"]}
    if spec["relation"] == "necessity":
        needed = necessary_sets(data, outcome, conditions, ron=asked.get("ron.cut", 0.0), **cuts)
        mine = {str(one.expression): (one.fit.inclusion, one.fit.ron, one.fit.coverage) for one in needed}
    else:
        enough = sufficient_sets(data, outcome, conditions, **cuts)
        mine = {str(one.expression): (one.fit.inclusion, one.fit.pri, one.fit.coverage) for one in enough}
    reference = {str(parse_expression(text, data.sets)): values
                 for text, values in zip(spec["expressions"], spec["values"], strict=True)}  # fmt: skip
    assert set(mine) == set(reference)
    for text, values in mine.items():
        np.testing.assert_allclose(values, reference[text], rtol=0, atol=1e-12, err_msg=text)


@pytest.mark.parametrize("spec", references()["singles"], ids=lambda spec: f"{spec['data']} {spec['outcome']}")
def test_every_condition_alone_is_that_of_r(spec: dict[str, Any]) -> None:
    data = table(spec["data"])
    outcome = parse_literal(spec["outcome"], data.sets)
    found = single_conditions(data, outcome, [one for one in data.names if one != outcome.name])
    mine = {str(one.expression): (one.fit.inclusion, one.fit.ron, one.fit.coverage) for one in found}
    reference = {str(parse_expression(text.strip(), data.sets)): values
                 for text, values in zip(spec["expressions"], spec["values"], strict=True)}  # fmt: skip
    assert set(mine) == set(reference)
    for text, values in mine.items():
        np.testing.assert_allclose(values, reference[text], rtol=0, atol=1e-12, err_msg=text)


@pytest.mark.parametrize("spec", references()["formulas"], ids=lambda spec: spec["expression"])
def test_the_fit_of_a_formula_is_that_of_r(spec: dict[str, Any]) -> None:
    data = table(spec["data"])
    x = parse_expression(spec["expression"], data.sets).membership(data)
    y = parse_literal(spec["outcome"], data.sets).membership(data)
    enough, needed = sufficiency(x, y), necessity(x, y)
    np.testing.assert_allclose((enough.inclusion, enough.pri, enough.coverage), spec["sufficiency"], rtol=0, atol=1e-12)
    np.testing.assert_allclose((needed.inclusion, needed.ron, needed.coverage), spec["necessity"], rtol=0, atol=1e-12)
