"""From a table of raw or calibrated values to cases and sets: everything wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedSet, CalibratedTable
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

MOST_NAMED = 8
"""Cases that a message names."""


def calibrate(
    frame: pd.DataFrame,
    names: Sequence[str],
    calibrations: Mapping[str, Calibration] | None = None,
    *,
    labels: Mapping[str, Text] | None = None,
) -> CalibratedTable:
    """Make sets of columns.

    Parameters
    ----------
    frame : DataFrame
        One row per case; the index names the cases.
    names : sequence of str
        The columns wanted as conditions and outcome.
    calibrations : mapping of str to Calibration, optional
        For columns that are not calibrated yet. Without one a column must be calibrated: 0 and 1, memberships between
        them, or levels 0, 1, 2, ….

    Raises
    ------
    InputError
        A column is absent or holds no numbers, a value is missing (with the cases), a membership lies outside [0, 1],
        anchors are wrong, a case stands twice.
    """
    calibrations = calibrations or {}
    cases = tuple(str(case) for case in frame.index)
    problems = _twice("case", "qca-case-twice", cases) + _twice("set", "qca-set-twice", names)
    problems += [
        Problem("qca-column", f"expected a column {name}, found {', '.join(map(str, frame.columns)) or 'none'}.",
                "Check its spelling; capitals count.")
        for name in dict.fromkeys([*names, *calibrations]) if name not in frame
    ]  # fmt: skip
    problems += [
        Problem("qca-name", f"expected a name without the signs of a formula, found {name}.",
                "Rename the column: * + ~ and brackets join names to formulas.")
        for name in dict.fromkeys(names) if set(name) & set("*+~[]{}(),")
    ]  # fmt: skip
    problems += [problem for name, one in calibrations.items() for problem in one.problems(name)]
    if problems:
        raise InputError(problems)
    sets, columns, cautions = [], [], []
    for name in names:
        values, found = _numbers(frame[name], name, cases)
        if not found:
            one, values, found, told = _set(name, values, calibrations.get(name), cases, (labels or {}).get(name))
            sets.append(one)
            cautions += told
        columns.append(values)
        problems += found
    if problems:
        raise InputError(problems)
    return CalibratedTable(cases, tuple(sets), np.column_stack(columns), tuple(cautions))


def named(cases: Iterable[str]) -> str:
    """Names with commas between them; past a few only how many more."""
    every = list(cases)
    more = f" and {len(every) - MOST_NAMED} more" if len(every) > MOST_NAMED else ""
    return ", ".join(every[:MOST_NAMED]) + more


def _twice(what: str, rule: str, names: Sequence[str]) -> list[Problem]:
    again = [name for name in dict.fromkeys(names) if list(names).count(name) > 1]
    return [Problem(rule, f"expected each {what} once, found {named(again)} more than once.",
                    "Name a column that tells the cases apart." if what == "case" else "Remove the repetition.")
            for _ in again[:1]]  # fmt: skip


def _numbers(column: pd.Series[Any], name: str, cases: Sequence[str]) -> tuple[Array, list[Problem]]:
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    text = [case for case, value, cell in zip(cases, values, column, strict=True)
            if not np.isfinite(value) and not pd.isna(cell) and str(cell).strip()]  # fmt: skip
    gone = [case for case, value in zip(cases, values, strict=True) if not np.isfinite(value) and case not in set(text)]
    problems = []
    if text:
        problems.append(Problem("qca-no-number", f"expected numbers in {name}, found something else in {named(text)}.",
                                "Correct these cells, or calibrate the column first."))  # fmt: skip
    if gone:
        problems.append(Problem("qca-missing", f"expected a value of {name} for every case, found none for "
                                f"{named(gone)}.", "Find it, or leave these cases out of the table and say so: a case "
                                "without a membership belongs to no row of the truth table."))  # fmt: skip
    return values, problems


def _set(
    name: str, raw: Array, calibration: Calibration | None, cases: Sequence[str], label: Text | None
) -> tuple[CalibratedSet, Array, list[Problem], list[Text]]:
    if calibration is None:
        one, problems = _calibrated(name, raw, cases, label)
        return one, raw, problems, []
    one = CalibratedSet(name, calibration.kind, calibration.levels, calibration, label)
    if calibration.method == "indirect" and (raw < 0).any():
        negative = [case for case, value in zip(cases, raw, strict=True) if value < 0]
        return one, raw, [Problem("qca-negative", f"expected no negative value of {name} for the indirect method, "
                                  f"found some in {named(negative)}.", "It takes logarithms: use another method.")], []  # fmt: skip
    low, high = float(raw.min()), float(raw.max())
    outside = [anchor for anchor in calibration.anchors if not low <= anchor <= high]
    if len(outside) == len(calibration.anchors) or (calibration.method == "levels" and outside):
        return one, raw, [Problem("qca-anchors-outside", f"expected anchors within the data, {low:g} to {high:g}, found "
                                  f"{', '.join(f'{anchor:g}' for anchor in outside)}.",
                                  "Check the unit of the anchors and of the column.",
                                  place=f"calibration of {name}")], []  # fmt: skip
    told = []
    if outside:
        anchors = ", ".join(f"{anchor:g}" for anchor in outside)
        told = [both("qca.caution.outside", name=name, anchors=anchors, low=f"{low:g}", high=f"{high:g}")]
    return one, calibration.memberships(raw), [], told


def _calibrated(
    name: str, values: Array, cases: Sequence[str], label: Text | None
) -> tuple[CalibratedSet, list[Problem]]:
    whole = bool((values == np.round(values)).all())
    wrong = (values < 0) | ((values > 1) & (not whole))
    if wrong.any():
        where = [f"{case} ({value:g})" for case, value in zip(cases, values, strict=True) if value < 0 or value > 1]
        fix = "Calibrate the column first: name its anchors."
        message = f"expected memberships of {name} between 0 and 1, found {named(where)}."
        return CalibratedSet(name, "fuzzy", 2, None, label), [Problem("qca-membership", message, fix)]
    if not whole:
        return CalibratedSet(name, "fuzzy", 2, None, label), []
    levels = int(values.max()) + 1
    if levels > max(2, len(cases)):
        message = f"expected at most as many levels of {name} as cases, {len(cases)}, found {levels}."
        fix = "This looks like raw values: calibrate the column first."
        return CalibratedSet(name, "multi-value", levels, None, label), [Problem("qca-levels", message, fix)]
    if levels <= 2:
        return CalibratedSet(name, "crisp", 2, None, label), []
    return CalibratedSet(name, "multi-value", levels, None, label), []


def half_members(table: CalibratedTable, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Case and fuzzy set wherever a membership is exactly 0.5: neither in nor out."""
    for name in names:
        if table[name].kind == "fuzzy":
            for case, value in zip(table.cases, table.column(name), strict=True):
                if abs(value - 0.5) < 1e-9:
                    yield case, name
