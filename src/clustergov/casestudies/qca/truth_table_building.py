"""Building a truth table, and refusing what no truth table can answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2, prod

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedSet, CalibratedTable
from clustergov.casestudies.qca.calibrating import half_members, named
from clustergov.casestudies.qca.expression import Expression, SetLiteral
from clustergov.casestudies.qca.fit import sufficiency
from clustergov.casestudies.qca.implicants import MOST_CONDITIONS
from clustergov.casestudies.qca.truth_table import CutOffs, Out, TruthTable, TruthTableRow
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

LEAST_CASES = 8
"""Cases below which nothing is computed; own choice. With fewer, even two conditions leave rows with one case each, and
what a truth table adds to reading the cases side by side is chance."""

MOST_CUBES = 1 << 62
"""Configurations and their generalisations; each is one whole number of the machine."""

TOLERANCE = 1e-9
"""An inclusion this close to its cut-off reaches it: 0.8 has no exact binary form."""


def truth_table(
    table: CalibratedTable,
    outcome: SetLiteral,
    conditions: Sequence[str],
    cut_offs: CutOffs | None = None,
    *,
    exclude: Sequence[Expression] = (),
    half: bool = False,
    least_cases: int = LEAST_CASES,
) -> TruthTable:
    """Assign every case to its configuration, and every configuration that cases show to the outcome or not.

    Parameters
    ----------
    table : CalibratedTable
    outcome : SetLiteral
        ``Y``, ``~Y``, ``Y[2]``: its complement is another analysis, not the same one read backwards.
    conditions : sequence of str
    cut_offs : CutOffs, optional
    exclude : sequence of Expression
        Remainders that must never be assumed to go with the outcome (enhanced standard analysis).
    half : bool
        Take cases that are exactly half in a condition: they count in every sum, belong to no row, and are named.
    least_cases : int
        Fewest cases taken.

    Raises
    ------
    InputError
        Too few cases, as many conditions as cases, a condition that is the outcome or does not vary, memberships of
        exactly 0.5, cut-offs out of range, no configuration with enough cases.
    """
    cut_offs = cut_offs or CutOffs()
    problems = [*_cut_off_problems(cut_offs), *_size_problems(table, conditions, least_cases)]
    problems += _set_problems(table, outcome, conditions)
    halves = list(half_members(table, [name for name in conditions if name in table])) if not half else []
    if halves:
        problems.append(_half_problem(halves))
    if problems:
        raise InputError(problems)
    sets = tuple(table[name] for name in conditions)
    unassigned = tuple(dict.fromkeys(case for case, _ in half_members(table, conditions)))
    rows = _rows(table, outcome, sets, cut_offs, set(unassigned))
    if all(row.out == "?" for row in rows):
        most = max((row.n for row in rows), default=0)
        raise InputError(Problem("qca-no-row", f"expected a configuration with {cut_offs.frequency} or more cases, found "
                                 f"{most} at most.", "Lower the frequency cut-off."))  # fmt: skip
    return TruthTable(
        table, outcome, sets, cut_offs, rows, prod(one.levels for one in sets), tuple(exclude), unassigned,
        tuple(_cautions(table, outcome, sets, rows, unassigned)),
    )  # fmt: skip


def _rows(
    table: CalibratedTable, outcome: SetLiteral, sets: Sequence[CalibratedSet], cut_offs: CutOffs, unassigned: set[str]
) -> tuple[TruthTableRow, ...]:
    values, y = table.columns([one.name for one in sets]), outcome.membership(table)
    fuzzy = np.array([one.kind == "fuzzy" for one in sets])
    levels = np.where(fuzzy, values > 0.5, values).astype(int)
    assigned = [case not in unassigned for case in table.cases]
    found = []
    for configuration in np.unique(levels[assigned], axis=0):
        near = np.where(fuzzy, np.where(configuration == 1, values, 1 - values), values == configuration)
        x = near.min(axis=1)
        fit = sufficiency(x, y)
        here = [place for place in np.flatnonzero(x > 0.5).tolist() if assigned[place]]
        found.append(
            TruthTableRow(
                number=_number(configuration.tolist(), sets), levels=tuple(configuration.tolist()),
                out=_out(len(here), fit.inclusion, fit.pri, cut_offs), n=len(here),
                inclusion=fit.inclusion, pri=fit.pri, cases=tuple(table.cases[place] for place in here),
                deviant=tuple(table.cases[place] for place in here if y[place] < 0.5),
            )
        )  # fmt: skip
    return tuple(found)


def _number(levels: Sequence[int], sets: Sequence[CalibratedSet]) -> int:
    number = 0
    for level, one in zip(levels, sets, strict=True):
        number = number * one.levels + level
    return number + 1


def _out(n: int, inclusion: float, pri: float, cut_offs: CutOffs) -> Out:
    """As R's truthTable(): PRI counts only for rows that are consistent enough; a PRI of 0/0 cannot fail a cut-off of 0.

    With two cut-offs of inclusion and a frequency above 1, R's QCA 3.25.1 puts its “C” in other rows: it computes them for
    the rows with enough cases and assigns them by place among all rows.
    """
    if n < cut_offs.frequency:
        return "?"
    if inclusion >= cut_offs.inclusion - TOLERANCE:
        return "1" if cut_offs.pri <= 0 or pri >= cut_offs.pri - TOLERANCE else "0"
    contradiction = cut_offs.contradiction
    return "C" if contradiction is not None and inclusion >= contradiction - TOLERANCE else "0"


def _cut_off_problems(cut_offs: CutOffs) -> list[Problem]:
    problems = []
    for name, value in (("inclusion", cut_offs.inclusion), ("contradiction", cut_offs.contradiction or 0.0),
                        ("PRI", cut_offs.pri)):  # fmt: skip
        if not 0 <= value <= 1:
            problems.append(Problem("qca-cut-off", f"expected a cut-off of {name} from 0 to 1, found {value:g}.",
                                    "Correct it."))  # fmt: skip
    if cut_offs.contradiction is not None and cut_offs.contradiction >= cut_offs.inclusion:
        problems.append(Problem("qca-cut-off", f"expected the lower cut-off of inclusion below {cut_offs.inclusion:g}, "
                                f"found {cut_offs.contradiction:g}.", "Correct one of them."))  # fmt: skip
    if cut_offs.frequency < 1:
        problems.append(Problem("qca-cut-off", f"expected a frequency cut-off of at least 1, found "
                                f"{cut_offs.frequency}.", "Correct it."))  # fmt: skip
    return problems


def _size_problems(table: CalibratedTable, conditions: Sequence[str], least_cases: int) -> list[Problem]:
    n, k = len(table.cases), len(conditions)
    if n < least_cases:
        return [Problem("qca-too-few-cases", f"expected at least {least_cases} cases, found {n}: with {n} cases every "
                        f"configuration rests on one case, and {k} conditions make up to {2**min(k, 30)} configurations "
                        "of which nearly all are assumptions.",
                        "Compare the cases one by one (the joint display, process tracing), or add cases: k conditions "
                        "need about 2^(k − 1) of them.")]  # fmt: skip
    if not conditions:
        return [Problem("qca-no-condition", "expected at least one condition, found none.", "Name the conditions.")]
    if k >= n:
        return [Problem("qca-conditions", f"expected fewer conditions than cases, found {k} conditions and {n} cases: "
                        "every case would explain itself.",
                        f"With {n} cases keep to about {_affordable(n)} conditions.")]  # fmt: skip
    levels = [table[name].levels for name in conditions if name in table]
    if prod(one + 1 for one in levels) >= MOST_CUBES:
        return [Problem("qca-configurations", f"expected fewer levels, found {prod(levels):.0e} possible configurations.",
                        "Take fewer conditions, or fewer levels of them.")]  # fmt: skip
    if k > MOST_CONDITIONS:
        return [Problem("qca-conditions", f"expected at most {MOST_CONDITIONS} conditions, found {k}.",
                        f"With {n} cases keep to about {_affordable(n)}.")]  # fmt: skip
    return []


def _affordable(n: int) -> int:
    """Conditions that n cases carry, about log2(n) + 1."""
    return int(log2(n)) + 1


def _set_problems(table: CalibratedTable, outcome: SetLiteral, conditions: Sequence[str]) -> list[Problem]:
    problems = []
    for name in dict.fromkeys([*conditions, outcome.name]):
        if name not in table:
            problems.append(Problem("qca-column", f"expected a set {name}, found {', '.join(table.names)}.",
                                    "Check its spelling; capitals count."))  # fmt: skip
        elif np.ptp(table.column(name)) == 0:
            what = "outcome" if name == outcome.name else "condition"
            problems.append(Problem("qca-constant", f"expected the {what} {name} to differ between cases, found "
                                    f"{table.column(name)[0]:g} for all {len(table.cases)}.",
                                    "What is the same everywhere explains no difference: leave it out, or "
                                    "calibrate it with other anchors."))  # fmt: skip
    for name in dict.fromkeys(conditions):
        if name == outcome.name:
            problems.append(Problem("qca-own-condition", f"{name} is outcome and condition.", "Name it once."))
        if list(conditions).count(name) > 1:
            problems.append(Problem("qca-set-twice", f"the condition {name} is named twice.", "Name it once."))
    if not problems and np.ptp(outcome.membership(table)) == 0:
        problems.append(Problem("qca-constant", f"expected cases in {outcome} and out of it, found all on one side.",
                                "Take another level of the outcome."))  # fmt: skip
    return problems


def _half_problem(halves: Sequence[tuple[str, str]]) -> Problem:
    where = named(f"{case} in {name}" for case, name in halves)
    return Problem("qca-half", f"expected cases that are more in a set than out or more out than in, found a membership of "
                   f"exactly 0.5: {where}.",
                   "Such a case belongs to no row: move the crossover with a reason, or allow it; it is then named and "
                   "counts in the sums only.")  # fmt: skip


def _cautions(
    table: CalibratedTable,
    outcome: SetLiteral,
    sets: Sequence[CalibratedSet],
    rows: Sequence[TruthTableRow],
    unassigned: Sequence[str],
) -> list[Text]:
    n, k, y = len(table.cases), len(sets), outcome.membership(table)
    told = list(table.cautions)
    if k > log2(n) + 1:
        told.append(both("qca.caution.conditions", conditions=k, cases=n, affordable=_affordable(n)))
    if unassigned:
        told.append(both("qca.caution.half", cases=", ".join(unassigned), n=len(unassigned)))
    undecided = [case for case, value in zip(table.cases, y, strict=True) if abs(value - 0.5) < TOLERANCE]
    if undecided:
        told.append(both("qca.caution.half_outcome", outcome=str(outcome), cases=", ".join(undecided)))
    for name, values in [
        *((one.name, table.column(one.name)) for one in sets if one.kind == "fuzzy"),
        (str(outcome), y),
    ]:
        if (values > 0.5).all() or (values < 0.5).all():
            told.append(both("qca.caution.one_side", name=name))
    contradictory = sum(0 < len(row.deviant) < row.n for row in rows)
    if contradictory:
        told.append(both("qca.caution.contradictory", n=contradictory, rows=len(rows)))
    return told


def contradictory_rows(found: TruthTable) -> tuple[TruthTableRow, ...]:
    """Rows with cases on both sides of the outcome, whatever their OUT."""
    return tuple(row for row in found.rows if 0 < len(row.deviant) < row.n)


def memberships(found: TruthTable) -> tuple[Array, Array]:
    """Conditions, shape (n, k), and the outcome, shape (n,)."""
    return found.table.columns([one.name for one in found.conditions]), found.outcome.membership(found.table)
