"""The organisations that answered as cases of a QCA: their sets, who is lost on the way, and the outcome with its absence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clustergov.casestudies.qca.calibrated_table import CalibratedTable
from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.declaration import QcaDeclaration
from clustergov.casestudies.qca.expression import SetLiteral
from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_expression
from clustergov.casestudies.qca.qca import Qca, qca
from clustergov.language import LANGUAGES, Text
from clustergov.problems import InputError
from clustergov.survey.responses import Responses


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
    """

    table: CalibratedTable
    started: int
    lost: tuple[tuple[str, int], ...]


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
    """

    declaration: QcaDeclaration
    sets: RespondentSets | Text
    outcome: Qca | Text
    negated: Qca | Text | None
    synthetic: bool


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
    return RespondentSets(table, len(raw), lost)


def declared_qca(declaration: QcaDeclaration, responses: Responses) -> DeclaredQca:
    """Analyse the outcome, and its absence where that is asked; a refusal is told with its reason."""
    try:
        sets = sets_of_respondents(declaration, responses)
    except InputError as refused:
        told = _refusal(refused)
        return DeclaredQca(declaration, told, told, told if declaration.negated else None, responses.synthetic)
    negated = _analysed(declaration, sets.table, negated=True) if declaration.negated else None
    outcome = _analysed(declaration, sets.table, negated=False)
    return DeclaredQca(declaration, sets, outcome, negated, responses.synthetic)


def _analysed(declaration: QcaDeclaration, table: CalibratedTable, *, negated: bool) -> Qca | Text:
    conditions = [entry.name for entry in declaration.conditions]
    sets = [table[name] for name in conditions]
    expected = parse_expectations(",".join(declaration.expectations), sets)
    if negated:
        # What helps the outcome when it is there helps its absence when it is not.
        expected = tuple(literal.negated(table[literal.name].levels) for literal in expected)
    outcome = SetLiteral(declaration.outcome.name, (0,) if negated else (1,))
    try:
        return qca(
            table, outcome, conditions, declaration.cut_offs.cut_offs(), expected,
            exclude=[parse_expression(text, sets) for text in declaration.exclude],
        )  # fmt: skip
    except InputError as refused:
        return _refusal(refused)


def _refusal(refused: InputError) -> Text:
    return Text(dict.fromkeys(LANGUAGES, str(refused)))
