"""The references of tests/reference/qca.R beside our own results; for the tests and the page of conformance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import CalibratedTable
from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_expression, parse_literal
from clustergov.casestudies.qca.minimisation import Minimisation, minimise
from clustergov.casestudies.qca.solution import Model, Solution
from clustergov.casestudies.qca.truth_table import CutOffs, TruthTable
from clustergov.casestudies.qca.truth_table_building import truth_table

FOLDER = Path(__file__).parent / "reference"
TINY = 1e-4
"""R writes 0 for parameters of fit below this."""


@cache
def references() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "qca.json").read_text(encoding="utf-8"))
    return found


@cache
def table(name: str) -> CalibratedTable:
    data = json.loads((FOLDER / "qca-data.json").read_text(encoding="utf-8"))[name]
    frame = pd.DataFrame(data["columns"], index=data["cases"])
    return calibrate(frame, list(frame.columns))


def built(spec: dict[str, Any]) -> TruthTable:
    """The truth table of one reference."""
    data, cuts = table(spec["data"]), spec["incl"]
    excluded = [parse_expression(spec["exclude"], data.sets)] if spec["exclude"] else []
    return truth_table(
        data, parse_literal(spec["outcome"], data.sets), spec["conditions"],
        CutOffs(cuts[0], cuts[1] if len(cuts) > 1 else None, spec["n_cut"], spec["pri"]),
        exclude=excluded, half=True,
    )  # fmt: skip


def minimised(spec: dict[str, Any]) -> Minimisation:
    rows = built(spec)
    expected = parse_expectations(",".join(spec["expect"]), rows.conditions)
    return minimise(rows, expected, which="irredundant" if spec["all"] else "fewest")


def name(spec: dict[str, Any]) -> str:
    cuts = "/".join(f"{cut:g}" for cut in spec["incl"])
    expect = f", expect {','.join(spec['expect'])}" if spec["expect"] else ""
    exclude = f", exclude {spec['exclude']}" if spec["exclude"] else ""
    return f"{spec['data']}: {spec['outcome']}, incl {cuts}, n {spec['n_cut']}, PRI {spec['pri']:g}{expect}{exclude}"


def ours(solution: Solution) -> dict[frozenset[str], Model]:
    return {frozenset(str(one.term) for one in model.terms): model for model in solution.models}


def theirs(models: list[dict[str, Any]], rows: TruthTable) -> dict[frozenset[str], dict[str, Any]]:
    """Models of R by their terms, written as ours: R writes X[1] for X as soon as one condition has more levels."""
    found = {}
    for model in models:
        terms = [str(parse_expression(term.replace(" ", ""), rows.conditions)) for term in model["terms"]]
        found[frozenset(terms)] = {"fits": dict(zip(terms, model["fit"], strict=True)), "whole": model["solution"]}
    return found


def numbers(solution: Solution, models: list[dict[str, Any]], rows: TruthTable) -> Iterator[tuple[str, float, float]]:
    """What, ours and theirs of every parameter of fit of every term and model, where R gives one."""
    reference = theirs(models, rows)
    for terms, model in ours(solution).items():
        for one in model.terms:
            fit = one.fit
            mine = (fit.inclusion, fit.pri, fit.coverage, fit.unique_coverage)
            yield from _paired(str(one.term), mine, reference[terms]["fits"][str(one.term)])
        whole = (model.fit.inclusion, model.fit.pri, model.fit.coverage)
        yield from _paired(str(model), whole, reference[terms]["whole"])


def _paired(what: str, mine: Any, reference: Any) -> Iterator[tuple[str, float, float]]:
    for parameter, own, other in zip(("inclS", "PRI", "covS", "covU"), mine, reference, strict=False):
        if other is not None:
            own = float("nan") if own is None else own
            yield f"{what}: {parameter}", 0.0 if other == 0 and own < TINY else own, other


def configurations(rows: TruthTable, listed: Any) -> set[int]:
    """Numbers of configurations as R's row names."""
    sizes = [one.levels for one in rows.conditions]
    return {int(np.ravel_multi_index(levels, sizes)) + 1 for levels in listed}
