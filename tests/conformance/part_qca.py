"""Qualitative comparative analysis: truth tables, models, calibration, necessity, against R's package QCA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.casestudies.qca.expression_reading import parse_literal
from clustergov.casestudies.qca.set_relations import necessary_sets
from conformance.row import Row
from qca_references import built, minimised, name, numbers, references, table

TITLE = "Qualitative comparative analysis"
TOLERANCE = 1e-10
SHOWN = {"LC", "LF", "LM", "CVF", "HarKem", "Krook"}
DATA = {
    "LC": "Lipset, crisp (QCA::LC), n = 18", "LF": "Lipset, fuzzy (QCA::LF), n = 18",
    "LM": "Lipset, multi-value (QCA::LM), n = 18", "CVF": "Cebotari & Vink (QCA::CVF), n = 29",
    "HarKem": "Hartmann & Kemmerzell (QCA::HarKem), n = 48", "Krook": "Krook, women in parliaments (QCA::Krook), n = 22",
}  # fmt: skip


def _source(call: str) -> str:
    return f"{call}, {references()['versions'].split(', ', 1)[1]}"


def rows() -> Iterator[Row]:
    seen: set[str] = set()
    for spec in references()["analyses"]:
        if (
            spec["data"] in SHOWN
            and spec["data"] not in seen
            and "parsimonious" in spec
            and not spec["outcome"].startswith("~")
        ):
            seen.add(spec["data"])
            yield from _analysis(spec)
    yield from _calibrations()
    yield from _necessity()


def _analysis(spec: dict[str, Any]) -> Iterator[Row]:
    data, found, table_rows = DATA[spec["data"]], minimised(spec), built(spec)
    asked = name(spec).split(": ", 1)[1]
    call = _source("minimize(truthTable())")
    for solution, models in ((found.conservative, spec["conservative"]), (found.parsimonious, spec["parsimonious"])):
        yield Row(data, f"{solution.kind} models ({asked})", solution.count, len(models), 0, call, relative=False)
        for what, ours, reference in list(numbers(solution, models, table_rows))[:4]:
            yield Row(data, f"{solution.kind}: {what}", ours, reference, TOLERANCE, call, relative=False)


def _calibrations() -> Iterator[Row]:
    raw = pd.DataFrame(references()["raw"])
    for spec in references()["calibrations"]:
        anchors = spec["thresholds"] if isinstance(spec["thresholds"], list) else [spec["thresholds"]]
        one = Calibration(spec["method"], tuple(map(float, anchors)), **dict(spec["extra"]))
        ours = calibrate(raw, [spec["column"]], {spec["column"]: one}).column(spec["column"])[4]
        coarse = spec["method"] == "indirect"
        yield Row(
            "Lipset, raw (QCA::LR), fifth case", f"{spec['method']} calibration of {spec['column']}, "
            f"{', '.join(f'{anchor:g}' for anchor in anchors)}", float(ours), spec["value"][4],
            2e-6 if coarse else TOLERANCE, _source("calibrate()"), relative=False,
            why="R rounds to six decimals" if coarse else "",
        )  # fmt: skip


def _necessity() -> Iterator[Row]:
    spec = references()["relations"][0]
    data = table(spec["data"])
    found = necessary_sets(data, parse_literal(spec["outcome"], data.sets), [one for one in data.names if one != "SURV"],
                           inclusion=spec["asked"]["incl.cut"], depth=spec["asked"]["depth"])  # fmt: skip
    ours = {str(one.expression): one.fit for one in found}
    for text, values in zip(spec["expressions"][:6], spec["values"], strict=False):
        fit = ours[" + ".join(part.strip() for part in text.split("+"))]
        for parameter, mine, reference in zip(("inclN", "RoN", "covN"), (fit.inclusion, fit.ron, fit.coverage), values,
                                              strict=True):  # fmt: skip
            yield Row(
                DATA["LF"], f"{text}: {parameter}", mine, reference, TOLERANCE, _source("superSubset()"), relative=False
            )
