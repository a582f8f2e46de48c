"""Confirmatory factor models against lavaan 0.6-14 and semTools 0.5-6."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.row import Row
from factor_model_references import fit, levels, measure, parameter, references

TITLE = "Confirmatory factor models and measurement invariance"
TABLES = {
    "hs": "HolzingerSwineford1939, n = 301", "pd": "PoliticalDemocracy, n = 75", "bfi": "psych::bfi, complete rows, n = 2436",
    "own": "own seeded ordinal items, n = 600",
}  # fmt: skip
MODELS = {
    "hs-ML": ("hs", 'cfa(model, x), ML'), "pd-ML": ("pd", "cfa(model, x), residual covariances, ML"),
    "bfi-ML": ("bfi", "cfa(model, x), five factors, ML"), "hs-MLR": ("hs", 'cfa(model, x, estimator = "MLR")'),
    "pd-MLR": ("pd", 'cfa(model, x, estimator = "MLR")'), "bfi-MLR": ("bfi", 'cfa(model, x, estimator = "MLR")'),
    "second-ML": ("hs", "cfa(model, x), second-order factor"), "pdlabels-ML": ("pd", "cfa(model, x), labels and regressions"),
    "bfi-WLSMV": ("bfi", 'cfa(model, x, ordered = TRUE, estimator = "WLSMV")'),
    "own-delta": ("own", 'cfa(model, x, ordered = TRUE, estimator = "WLSMV")'),
    "own-theta": ("own", 'cfa(model, x, ordered = TRUE, estimator = "WLSMV", parameterization = "theta")'),
    "groups-delta": ("own", 'cfa(model, x, ordered = TRUE, group = "language", group.equal = c("thresholds", "loadings"))'),
}  # fmt: skip
SHOWN = {
    "chisq": "χ²", "srmr": "SRMR", "cfi": "CFI", "tli": "TLI", "rmsea": "RMSEA", "rmsea.ci.upper": "RMSEA, upper end of the 90% interval",
    "chisq.scaled": "χ², scaled", "chisq.scaling.factor": "scaling factor", "cfi.scaled": "CFI, scaled",
    "rmsea.scaled": "RMSEA, scaled", "cfi.robust": "CFI, robust", "rmsea.robust": "RMSEA, robust", "bic": "BIC",
}  # fmt: skip
CLOSE, SOME = 1e-6, 3
FLAT = "a root of a curve that is flat where χ² is below its df"
VERSION = ", lavaan 0.6-14"


def rows() -> Iterator[Row]:
    stored = references()
    for name, (data, call) in MODELS.items():
        own, found = stored[stored["model"] == name], fit(name)
        for row in own[own["quantity"] == "measure"].itertuples():
            if row.name in SHOWN and row.value:
                tolerance, why = (1e-5, FLAT) if row.name == "rmsea.ci.upper" else (CLOSE, "")
                yield Row(TABLES[data], f"{SHOWN[row.name]} ({name})", measure(found, row.name), row.value, tolerance,
                          call + VERSION, why=why)  # fmt: skip
        for quantity, words in (
            ("estimate", "estimate"),
            ("error", "standard error"),
            ("standardized", "standardised"),
        ):
            chosen = own[(own["quantity"] == quantity) & own["name"].str.contains("=~")]
            chosen = chosen[(chosen["value"] != 0) & (chosen["value"] != 1)]
            for row in chosen.tail(SOME).itertuples():
                ours = parameter(found, quantity, row.name)
                yield Row(TABLES[data], f"{words} of {row.name} ({name})", ours, row.value, CLOSE, call + VERSION)
    yield from _levels()


def _levels() -> Iterator[Row]:
    stored = references()
    chosen = stored[(stored["quantity"] == "difference") & (stored["name"] == "chisq")]
    for row in chosen.itertuples():
        head, _, level = row.model.rpartition("-")
        if head == "gender":  # held by the tests too; here the same tests on smaller tables do
            continue
        gap = next(step.difference for step in levels(head).steps if step.level == level)
        if gap is None or gap.test is None:
            continue
        ordinal = head == "language"
        source = "lavTestLRT(wide, strict), lavaan 0.6-14" + (", measEq.syntax() of semTools 0.5-6" if ordinal else "")
        yield Row(TABLES[row.data], f"Δχ² of {level} ({head})", gap.test.chi_square, row.value, CLOSE, source)
