"""The truth table: every configuration of conditions that cases show, and whether it goes with the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clustergov.casestudies.qca.calibrated_table import CalibratedSet, CalibratedTable
from clustergov.casestudies.qca.expression import Expression, SetLiteral

if TYPE_CHECKING:
    from clustergov.language import Text

Out = Literal["1", "0", "C", "?"]


@dataclass(frozen=True, slots=True)
class CutOffs:
    """From where on a row counts as sufficient for the outcome.

    Attributes
    ----------
    inclusion : float
        Least inclusion of a row with OUT 1.
    contradiction : float or None
        Rows from this inclusion up to `inclusion` are contradictions, OUT “C”; None: there is no such band.
    frequency : int
        Least number of cases; rows with fewer are remainders.
    pri : float
        Least PRI of a row with OUT 1.
    """

    inclusion: float = 0.8
    contradiction: float | None = None
    frequency: int = 1
    pri: float = 0.0


@dataclass(frozen=True, slots=True)
class TruthTableRow:
    """One configuration that at least one case has.

    Attributes
    ----------
    number : int
        Its place among all configurations, from 1, the last condition changing fastest.
    levels : tuple of int
        A level per condition.
    out : {"1", "0", "C", "?"}
        “?”: fewer cases than the frequency cut-off, a remainder.
    n : int
        Cases with a membership above 0.5.
    inclusion, pri : float
        Of the row as a subset of the outcome, over all cases.
    cases : tuple of str
        Those n cases.
    deviant : tuple of str
        Cases of the row that are more out of the outcome than in (deviant in kind for consistency).
    """

    number: int
    levels: tuple[int, ...]
    out: Out
    n: int
    inclusion: float
    pri: float
    cases: tuple[str, ...]
    deviant: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TruthTable:
    """Every observed configuration; the others are remainders.

    Attributes
    ----------
    table : CalibratedTable
    outcome : SetLiteral
        ``Y``, ``~Y``, ``Y[2]``.
    conditions : tuple of CalibratedSet, length k
    cut_offs : CutOffs
    rows : tuple of TruthTableRow
        In the order of their numbers.
    configurations : int
        The product of the numbers of levels.
    excluded : tuple of Expression
        Remainders in these are never assumed to go with the outcome.
    unassigned : tuple of str
        Cases in no row, because they are exactly half in a condition.
    cautions : tuple of Text
    """

    table: CalibratedTable
    outcome: SetLiteral
    conditions: tuple[CalibratedSet, ...]
    cut_offs: CutOffs
    rows: tuple[TruthTableRow, ...]
    configurations: int
    excluded: tuple[Expression, ...] = ()
    unassigned: tuple[str, ...] = ()
    cautions: tuple[Text, ...] = ()
