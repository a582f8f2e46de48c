"""The organisations that answered as cases of a QCA: their sets, who is lost on the way, and the outcome with its absence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable
from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.declaration import QcaDeclaration
from clustergov.casestudies.qca.expression import SetLiteral
from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_expression
from clustergov.casestudies.qca.qca import Qca, qca
from clustergov.casestudies.qca.robustness import Robustness, Varied, robustness
from clustergov.casestudies.qca.shuffled import Shuffled, shuffled
from clustergov.casestudies.qca.specified import Specified
from clustergov.language import LANGUAGES, Text, both
from clustergov.problems import InputError
from clustergov.survey.responses import Responses

MINIMUM = 5
"""Smallest count of real respondents that is shown unless a study says otherwise."""

TELLING = ("qca-half", "qca-no-row", "qca-too-few-cases", "qca-anchors-outside", "qca-negative", "qca-conditions")
"""Refusals whose words name cases, counts or extremes."""


@dataclass(frozen=True, slots=True)
class RespondentSets:
    """Calibrated respondents.

    Attributes
    ----------
    table : CalibratedTable
        Those with a number for every set.
    started : int
        All respondents.
    lost : tuple of (str, int)
        By set: respondents without a number for it; one who lacks several is counted at each.
    raw : dict of str to ndarray, each of shape (n,)
        What was calibrated, in the order of the cases.
    """

    table: CalibratedTable
    started: int
    lost: tuple[tuple[str, int], ...]
    raw: dict[str, Array]


@dataclass(frozen=True, slots=True)
class DeclaredQca:
    """What a study declared, and what became of it.

    Attributes
    ----------
    sets : RespondentSets or Text
        A text says why respondents could not be calibrated.
    outcome, negated : Qca, Text or None
        The outcome and its absence; a text says why it was not analysed, None that it was not asked for.
    synthetic : bool
        A rehearsal: nothing in it is evidence about organisations.
    robustness : Robustness, Text or None
        The intermediate solution for the outcome under other choices; None when it was not asked for.
    shuffled : Shuffled, Text or None
        The same analysis on shuffled outcomes.
    minimum : int or None
        Smallest count that may be shown; None on synthetic responses, whose cases may be named.
    """

    declaration: QcaDeclaration
    sets: RespondentSets | Text
    outcome: Qca | Text
    negated: Qca | Text | None
    synthetic: bool
    robustness: Robustness | Text | None = None
    shuffled: Shuffled | Text | None = None
    minimum: int | None = None

    @property
    def frequency(self) -> int:
        """Least number of respondents of a row: as declared, and never under the minimum."""
        return max(self.declaration.cut_offs.frequency, self.minimum or 1)


def sets_of_respondents(declaration: QcaDeclaration, responses: Responses) -> RespondentSets:
    """Calibrate the answers by the declared anchors.

    Raises
    ------
    InputError
        All anchors of a set lie outside what was answered.
    """
    raw = pd.DataFrame({entry.name: entry.values(responses) for entry in declaration.sets})
    whole = raw.dropna()
    table = calibrate(
        whole,
        [entry.name for entry in declaration.sets],
        {entry.name: entry.calibration.calibration() for entry in declaration.sets},
        labels={entry.name: entry.label for entry in declaration.sets},
    )
    lost = tuple((str(name), int(raw[name].isna().sum())) for name in raw)
    values = {str(name): np.asarray(whole[name], dtype=float) for name in whole}
    return RespondentSets(table, len(raw), lost, values)


def declared_qca(
    declaration: QcaDeclaration, responses: Responses, *, minimum: int | None = MINIMUM, robust: bool = True
) -> DeclaredQca:
    """Analyse the outcome, and its absence where that is asked; a refusal is told with its reason.

    Parameters
    ----------
    minimum : int or None
        Smallest count that may be shown of real responses; synthetic ones need none.
    robust : bool
        Also look at what the outcome's solution is under other choices, and on shuffled outcomes (about a second).
    """
    least = None if responses.synthetic else (minimum or MINIMUM)
    try:
        sets = sets_of_respondents(declaration, responses)
    except InputError as refused:
        told = _refusal(refused, least)
        return DeclaredQca(declaration, told, told, told if declaration.negated else None, responses.synthetic,
                           minimum=least)  # fmt: skip
    negated = _analysed(declaration, sets, least, negated=True) if declaration.negated else None
    outcome = _analysed(declaration, sets, least, negated=False)
    steady: Robustness | Text | None = outcome if isinstance(outcome, Text) else None
    chance: Shuffled | Text | None = steady if isinstance(steady, Text) else None
    if robust and not isinstance(outcome, Text):
        specified, asked = specification(declaration, sets, least), declaration.robustness
        others = tuple(n for n in asked.frequency if n >= (least or 1) and n != specified.cut_offs.frequency)
        varied = Varied(asked.anchors, asked.inclusion, asked.pri, others, asked.without_each_case)
        steady = robustness(specified, varied, least_frequency=least or 1)
        chance = shuffled(specified, draws=asked.shuffled, seed=asked.seed) if asked.shuffled else None
    return DeclaredQca(declaration, sets, outcome, negated, responses.synthetic, steady, chance, least)


def specification(
    declaration: QcaDeclaration, sets: RespondentSets, minimum: int | None = None, *, negated: bool = False
) -> Specified:
    """What a declared solution rests on; with a `minimum` no row of fewer respondents counts, whatever was declared."""
    table, cut_offs = sets.table, declaration.cut_offs.cut_offs()
    conditions = tuple(entry.name for entry in declaration.conditions)
    chosen = [table[name] for name in conditions]
    expected = parse_expectations(",".join(declaration.expectations), chosen)
    if negated:
        # What helps the outcome when it is there helps its absence when it is not.
        expected = tuple(literal.negated(table[literal.name].levels) for literal in expected)
    return Specified(
        table, sets.raw, SetLiteral(declaration.outcome.name, (0,) if negated else (1,)), conditions,
        replace(cut_offs, frequency=max(cut_offs.frequency, minimum or 1)), expected, tuple(parse_expression(text, chosen) for text in declaration.exclude),
    )  # fmt: skip


def _analysed(declaration: QcaDeclaration, sets: RespondentSets, minimum: int | None, *, negated: bool) -> Qca | Text:
    try:
        asked = specification(declaration, sets, minimum, negated=negated)
        return qca(
            asked.table, asked.outcome, asked.conditions, asked.cut_offs, asked.expectations, exclude=asked.exclude
        )
    except InputError as refused:
        return _refusal(refused, minimum)


def _refusal(refused: InputError, minimum: int | None) -> Text:
    """The reason; on real responses without the cases and the values that some messages name."""
    rules = [problem.rule for problem in refused.problems]
    if minimum is not None and any(rule in TELLING for rule in rules):
        return both("qca_study.refused", reasons=", ".join(sorted(set(rules))))
    return Text(dict.fromkeys(LANGUAGES, str(refused)))
