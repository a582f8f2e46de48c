"""What each case is to a solution: typical, deviant in kind or in degree, for consistency or for coverage, or irrelevant.

Schneider, C. Q. & Rohlfing, I. (2013). Combining QCA and process tracing in set-theoretic multi-method research.
Sociological Methods & Research 42(4), 559–597.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.expression import Expression, Term
from clustergov.casestudies.qca.solution import Model
from clustergov.casestudies.qca.truth_table import TruthTable

CaseType = Literal["typical", "degree", "kind", "coverage", "irrelevant", "half"]
TYPES: tuple[CaseType, ...] = ("typical", "degree", "kind", "coverage", "irrelevant", "half")


@dataclass(frozen=True, slots=True)
class CaseOfModel:
    """One case under a term, or under the whole model.

    Attributes
    ----------
    case : str
    formula : str
        The term; the model's own formula for the whole.
    whole : bool
        Whether it is the model and not one of its terms.
    membership, outcome : float
    type : {"typical", "degree", "kind", "coverage", "irrelevant", "half"}
        Typical: in both, and no more in the formula than in the outcome. Degree: in both, and more in the formula
        (deviant for consistency in degree). Kind: in the formula and not in the outcome (deviant for consistency in
        kind). Coverage: in the outcome and not in the formula; of a term only a hint, of the model a deviant case.
        Irrelevant: in neither. Half: exactly 0.5 in one of them.
    unique : bool
        In this term and in no other of the model.
    row : int
        Its row of the truth table; 0 when it has none.
    """

    case: str
    formula: str
    whole: bool
    membership: float
    outcome: float
    type: CaseType
    unique: bool
    row: int


def case_types(model: Model, table: TruthTable) -> tuple[CaseOfModel, ...]:
    """Every case under every term of a model, and under the model."""
    y = table.outcome.membership(table.table)
    rows = {case: row.number for row in table.rows for case in row.cases}
    terms = [one.term for one in model.terms]
    near = np.array([term.membership(table.table) for term in terms])
    alone = (near > 0.5).sum(axis=0) == 1
    found: list[CaseOfModel] = []
    for term, x in zip(terms, near, strict=True):
        found += _under(term, x, y, alone, table.table.cases, rows)
    found += _under(model.expression, near.max(axis=0), y, alone, table.table.cases, rows)
    return tuple(found)


def _under(
    formula: Term | Expression, x: Array, y: Array, alone: np.ndarray, cases: tuple[str, ...], rows: dict[str, int]
) -> list[CaseOfModel]:
    whole = isinstance(formula, Expression)
    types = types_of(x, y)
    return [
        CaseOfModel(case, str(formula), whole, float(x[at]), float(y[at]), types[at],
                    bool(alone[at] and x[at] > 0.5 and not whole), rows.get(case, 0))
        for at, case in enumerate(cases)
    ]  # fmt: skip


def types_of(x: Array, y: Array) -> list[CaseType]:
    """The type of every case by its membership in a sufficient set and in the outcome; both of shape (n,)."""
    place = np.select(
        [(x == 0.5) | (y == 0.5), (x > 0.5) & (y < 0.5), (x < 0.5) & (y > 0.5), (x < 0.5) & (y < 0.5), x > y],
        [5, 2, 3, 4, 1], 0,
    )  # fmt: skip
    return [TYPES[one] for one in place.tolist()]


def most_typical(found: tuple[CaseOfModel, ...], formula: str) -> tuple[str, ...]:
    """Typical cases of a term that no other term has, the highest membership and the closest outcome first.

    As the package SetMethods orders them: by 1 − membership plus the distance between outcome and membership.
    """
    mine = [one for one in found if one.formula == formula and one.type == "typical" and (one.unique or one.whole)]
    return tuple(
        one.case for one in sorted(mine, key=lambda one: (one.outcome - one.membership) + (1 - one.membership))
    )


def frame(found: tuple[CaseOfModel, ...]) -> pd.DataFrame:
    """One row per case and formula."""
    return pd.DataFrame(
        [
            [one.formula, one.whole, one.case, one.membership, one.outcome, one.type, one.unique, one.row]
            for one in found
        ],
        columns=["formula", "whole", "case", "membership", "outcome", "type", "unique", "row"],
    )
