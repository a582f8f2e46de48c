"""Robustness of a QCA against SetMethods, on the data that its package ships."""

from __future__ import annotations

from clustergov.casestudies.qca.case_types import case_types
from clustergov.casestudies.qca.reruns import Reruns
from clustergov.casestudies.qca.sensitivity import sensitivity_ranges
from conformance.row import Row
from qca_robustness_reference import TESTS, TYPES, fitted, payf, references, solution, specified_lipf, specified_payf

TITLE = "Robustness of a qualitative comparative analysis"
SOURCE = "SetMethods 4.0 of 2023-03-29 (rob.fit, rob.corefit, rob.cases, smmr) on QCA 3.25 in R 4.2.2"
ROUNDED = "SetMethods rounds to three decimals."


def rows() -> list[Row]:
    """Parameters of fit and cases of four comparisons, types of cases, ranges of cut-offs and anchors."""
    return [*_fits(), *_types(), *_ranges(), *_anchors()]


def _fits() -> list[Row]:
    found = []
    for case in TESTS:
        fit, _ = fitted(case)
        counts = {name: float(len(cases)) for name, cases in fit.cases}
        ours = {
            "RF_cov": fit.coverage, "RF_cons": fit.consistency, "RF_SC_minTS": fit.overlap_least,
            "RF_SC_maxTS": fit.overlap_greatest, "Cons.Suf": fit.core.inclusion, "Cov.Suf": fit.core.coverage,
            "PRI": fit.core.pri, "RCR_typ": fit.ratio_typical, "RCR_dev": fit.ratio_deviant,
        }  # fmt: skip
        data = f"PAYF, n = {len(payf().cases)}: {case}"
        for name, value in ours.items():
            found.append(Row(data, name, value, float(references()[case, name]), 5.1e-4, SOURCE, False, ROUNDED))
        found.append(Row(data, "RCC_Rank", float(fit.rank), float(references()[case, "RCC_Rank"]), 0.0, SOURCE, False))
        for name, kind in TYPES.items():
            reference = float(references()[case, name])
            found.append(Row(data, f"cases: {kind.replace('_', ' ')}", counts[kind], reference, 0.0, SOURCE, False))
    return found


def _types() -> list[Row]:
    table, initial = solution("parsimonious", 0.87, 2)
    cases = case_types(initial.models[0], table)
    found = []
    for (case, name), reference in references().items():
        if case == "types":
            kind, _, term = name.partition(" ")
            ours = sum(one.type == kind and (one.formula == term if term else one.whole) for one in cases)
            found.append(
                Row(
                    f"PAYF, n = {len(payf().cases)}",
                    f"cases: {name}",
                    float(ours),
                    float(reference),
                    0.0,
                    SOURCE,
                    False,
                )
            )
    return found


def _ranges() -> list[Row]:
    ranges = {one.choice: one for one in sensitivity_ranges(Reruns(specified_payf()))}
    found = []
    for choice, step, why in (("inclusion", 1e-3, "R tries steps of 0.001; ours is where a row changes sides."),
                              ("frequency", 0.0, "")):  # fmt: skip
        one = ranges["inclusion" if choice == "inclusion" else "frequency"]
        for end, value in (("low", one.low), ("high", one.high)):
            reference = float(references()["ranges", f"{choice}_{end}"])
            found.append(Row(f"PAYF, n = {len(payf().cases)}", f"range of the {choice} cut-off: {end}", value, reference,
                             step, "SetMethods 4.0: rob.inclrange, rob.ncutrange", False, why))  # fmt: skip
    return found


def _anchors() -> list[Row]:
    ranges = [one for one in sensitivity_ranges(Reruns(specified_lipf())) if one.choice == "anchor"]
    why = "R tries whole numbers, the last of which keeps the solution; ours is where it changes."
    found = []
    for letter, one in zip("ECI", ranges, strict=True):
        for end, value in (("Lower", one.low), ("Upper", one.high)):
            reference = float(references()["anchors", f"{end} bound {letter}"])
            found.append(Row("LIPF, n = 18, DEVELOPED 400, 550, 900", f"range of anchor {letter}: {end.lower()} end", value,
                             reference, 1.0, "SetMethods 4.0: rob.calibrange", False, why))  # fmt: skip
    return found
