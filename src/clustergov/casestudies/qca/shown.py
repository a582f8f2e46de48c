"""What may be shown of a QCA of respondents: everything of synthetic ones; of real ones no case, and no count under the minimum.

All tables of the report and of its data come from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.case_types import TYPES, case_types
from clustergov.casestudies.qca.differencing import Told, told_together
from clustergov.casestudies.qca.expression import Expression, Term
from clustergov.casestudies.qca.fit import SufficiencyFit
from clustergov.casestudies.qca.qca import Qca
from clustergov.casestudies.qca.respondents import DeclaredQca, RespondentSets
from clustergov.casestudies.qca.robustness import Robustness
from clustergov.casestudies.qca.shuffled import Shuffled
from clustergov.casestudies.qca.solution import Solution
from clustergov.casestudies.qca.truth_table import TruthTable, TruthTableRow
from clustergov.survey.disclosure import suppress


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the truth table as a reader sees it; None is not shown."""

    row: TruthTableRow
    deviant: int | None
    inclusion: float | None
    pri: float | None
    cases: tuple[str, ...]


def part_of(part: int, whole: int, minimum: int | None) -> int | None:
    """A count out of a known whole; None where it or the rest is too small to be shown."""
    small = minimum is not None and (0 < part < minimum or 0 < whole - part < minimum)
    return None if small else part


def quadrants(x: Array, y: Array, minimum: int | None) -> tuple[int | None, ...]:
    """Cases in both, in X only, in Y only, in neither; all four hidden together where one could be worked out.

    How many cases are in X and in Y is shown elsewhere, so that a single hidden cell would follow from the others.
    """
    counts = pd.DataFrame([[((x > 0.5) & (y > 0.5)).sum(), ((x > 0.5) & (y < 0.5)).sum()],
                           [((x < 0.5) & (y > 0.5)).sum(), ((x < 0.5) & (y < 0.5)).sum()]], dtype=float)  # fmt: skip
    shown = counts if minimum is None else suppress(counts, minimum)
    return tuple(None if np.isnan(cell) else int(cell) for cell in np.asarray(shown, dtype=float).ravel())


def rows_shown(table: TruthTable, minimum: int | None) -> tuple[ShownRow, ...]:
    """The rows that may be shown one by one; others only make up the number of cases."""
    counts = pd.Series([row.n for row in table.rows], dtype=float)
    kept = counts if minimum is None else suppress(counts, minimum)
    sides = pd.DataFrame([[row.n - len(row.deviant), len(row.deviant)] for row in table.rows], dtype=float)
    against = (sides if minimum is None else suppress(sides, minimum))[1]
    found = []
    for row, n, out in zip(table.rows, kept, against, strict=True):
        if np.isnan(n) or (minimum is not None and row.n < minimum):
            continue
        deviant = None if np.isnan(out) else int(out)
        told = deviant is not None or not crisp(table)
        found.append(
            ShownRow(row, deviant, row.inclusion if told else None, row.pri if told else None,
                     row.cases if minimum is None else ())
        )  # fmt: skip
    return tuple(found)


def crisp(table: TruthTable) -> bool:
    """Whether no set has degrees: an inclusion then is a share of cases, from which their number can be read."""
    sets = [table.table[name].kind for name in (*(one.name for one in table.conditions), table.outcome.name)]
    return "fuzzy" not in sets


def truth_table_frame(found: Qca, minimum: int | None) -> pd.DataFrame:
    """One row per row that may be shown; cases are named on synthetic responses only."""
    table = found.truth_table
    names = [one.name for one in table.conditions]
    frame = pd.DataFrame(
        [[str(table.outcome), one.row.number, *one.row.levels, one.row.out, one.row.n, one.inclusion, one.pri, one.deviant,
          ", ".join(one.cases)] for one in rows_shown(table, minimum)],
        columns=["outcome", "row", *names, "OUT", "n", "inclusion", "PRI", "deviant", "cases"],
    ).astype({"deviant": "Int64"})  # fmt: skip
    return frame if minimum is None else frame.drop(columns="cases")


def solution_frame(found: Qca, minimum: int | None) -> pd.DataFrame:
    """One row per term of every listed model, and one for the model itself (term empty)."""
    beside = told_beside(found, minimum)
    rows = [row for one in found.solutions for row in _solution_rows(found.truth_table, one, beside, minimum)]
    names = ["outcome", "solution", "pair", "model", "term", "inclusion", "PRI", "coverage", "unique_coverage", "in_term",
             "deviant", "unique_cases", "deviant_cases"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names).astype({"in_term": "Int64", "deviant": "Int64"})
    return frame if minimum is None else frame.drop(columns=["unique_cases", "deviant_cases"])


def told_beside(found: Qca, minimum: int | None) -> dict[str, Told]:
    """What may be told of each term and model of all solutions beside the others and the rows of the truth table."""
    table = found.truth_table
    place = {case: at for at, case in enumerate(table.table.cases)}
    shown = [
        (frozenset(place[case] for case in one.row.cases),
         None if one.deviant is None else frozenset(place[case] for case in one.row.deviant))
        for one in rows_shown(table, minimum)
    ]  # fmt: skip
    models = [model for solution in found.solutions for model in solution.models]
    formulas: list[Expression | Term] = [model.expression for model in models]
    formulas += [one.term for model in models for one in model.terms]
    memberships = {str(each): each.membership(table.table) for each in formulas}
    return told_together(memberships, table.outcome.membership(table.table), shown, minimum)


def _solution_rows(
    table: TruthTable, solution: Solution, beside: dict[str, Told], minimum: int | None
) -> Iterator[list[Any]]:
    cases = len(table.table.cases)
    pair = "" if solution.pair is None else f"C{solution.pair[0]}P{solution.pair[1]}"
    y = table.outcome.membership(table.table)
    for number, model in enumerate(solution.models, 1):
        head = [str(table.outcome), solution.kind, pair, number]
        for one in model.terms:
            x = one.term.membership(table.table)
            told = beside[str(one.term)]
            deviant = quadrants(x, y, minimum)[1] if told.outcome else None
            inside = part_of(int((x > 0.5).sum()), cases, minimum) if told.inside else None
            yield [*head, str(one.term), *_fit(one.fit, table, deviant), inside, deviant,
                   ", ".join(one.unique_cases), ", ".join(one.deviant)]  # fmt: skip
        x = model.expression.membership(table.table)
        told = beside[str(model.expression)]
        inside = part_of(int((x > 0.5).sum()), cases, minimum) if told.inside else None
        against = ((x > 0.5) & (y < 0.5)).nonzero()[0]
        deviant = quadrants(x, y, minimum)[1] if told.outcome else None
        yield [*head, "", *_fit(model.fit, table, deviant), inside, deviant, "",
               ", ".join(table.table.cases[place] for place in against)]  # fmt: skip


def _fit(fit: SufficiencyFit, table: TruthTable, deviant: int | None) -> list[float | None]:
    if deviant is None and crisp(table):
        return [None, None, None, None]
    return [fit.inclusion, fit.pri, fit.coverage, fit.unique_coverage]


def necessity_frame(found: Qca, minimum: int | None) -> pd.DataFrame:
    """Every condition and its complement; then the combinations that reach the inclusion of a necessary set."""
    table = found.truth_table
    y = table.outcome.membership(table.table)
    rows: list[list[Any]] = []
    for kind, relations in (("alone", found.conditions_alone), ("necessary", found.necessary)):
        for one in relations:
            without = quadrants(one.expression.membership(table.table), y, minimum)[2]
            told = without is not None or not crisp(table)
            fit = [one.fit.inclusion, one.fit.ron, one.fit.coverage] if told else [None, None, None]
            rows.append([str(table.outcome), kind, str(one.expression), *fit, without])
    names = ["outcome", "kind", "expression", "inclusion", "RoN", "coverage", "without"]
    return pd.DataFrame(rows, columns=names).astype({"without": "Int64"})


def types_frame(found: Qca, solution: Solution, minimum: int | None) -> pd.DataFrame:
    """How many cases of each type the first model has, per term and for the model; missing where that may not be shown.

    With a `minimum` those deviant in degree are among the typical ones.
    """
    table, model = found.truth_table, solution.models[0]
    if minimum is not None:
        y = table.outcome.membership(table.table)
        beside = told_beside(found, minimum)
        parts: list[tuple[str, Expression | Term]] = [(str(one.term), one.term) for one in model.terms]
        parts.append(("", model.expression))
        shown = [
            (name, *(quadrants(one.membership(table.table), y, minimum) if beside[str(one)].outcome else (None,) * 4))
            for name, one in parts
        ]
        coarse = ["typical", "kind", "coverage", "irrelevant"]
        return pd.DataFrame(shown, columns=["term", *coarse]).astype(dict.fromkeys(coarse, "Int64"))
    cases = case_types(model, table)
    formulas = list(dict.fromkeys((one.formula, one.whole) for one in cases))
    rows = []
    for formula, whole in formulas:
        mine = Counter(one.type for one in cases if (one.formula, one.whole) == (formula, whole))
        rows.append(["" if whole else formula, *(mine[name] for name in TYPES)])
    return pd.DataFrame(rows, columns=["term", *TYPES]).astype(dict.fromkeys(TYPES, "Int64"))


def lost_frame(sets: RespondentSets, minimum: int | None) -> pd.DataFrame:
    """Respondents without a number, by set, and those with all of them; missing where that may not be shown."""
    rows = [(name, part_of(lost, sets.started, minimum)) for name, lost in sets.lost]
    complete = part_of(len(sets.table.cases), sets.started, minimum)
    names = ["set", "respondents"]
    return pd.DataFrame([*rows, ("complete", complete), ("all", sets.started)], columns=names).astype(
        {"respondents": "Int64"}
    )


def alternatives_frame(found: Robustness, minimum: int | None) -> pd.DataFrame:
    """One row per other choice, and per case left out on synthetic responses."""
    frame = found.frame()
    return frame if minimum is None else frame[frame["kind"] != "case"].reset_index(drop=True)


def frames(found: DeclaredQca) -> dict[str, pd.DataFrame]:
    """Everything that may be shown, by name, for the results of a study."""
    told: dict[str, pd.DataFrame] = {}
    analyses = [one for one in (found.outcome, found.negated) if isinstance(one, Qca)]
    if isinstance(found.sets, RespondentSets):
        told["qca respondents"] = lost_frame(found.sets, found.minimum)
    if analyses:
        for name, frame in (("qca necessity", necessity_frame), ("qca truth table", truth_table_frame),
                            ("qca solutions", solution_frame)):  # fmt: skip
            told[name] = pd.concat([frame(one, found.minimum) for one in analyses], ignore_index=True)
    if isinstance(found.outcome, Qca):
        told["qca case types"] = types_frame(found.outcome, found.outcome.minimisation.intermediate[0], found.minimum)
    if isinstance(found.robustness, Robustness):
        told["qca ranges"] = found.robustness.ranges_frame()
        told["qca other choices"] = alternatives_frame(found.robustness, found.minimum)
    if isinstance(found.shuffled, Shuffled):
        told["qca by chance"] = found.shuffled.frame()
    return told
