"""Chosen organisations as a report may show them: on real responses only those that agreed, under their own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.analysis.case_selection.choosing import Chosen
from clustergov.analysis.case_selection.selection import CaseSelection
from clustergov.casestudies.corpus import Corpus
from clustergov.language import Text
from clustergov.survey.disclosure import suppress


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """One organisation that a rule asked for.

    Attributes
    ----------
    rule, driver : str
    rank : int
    name : Text or None
        Its case's title; for simulated responses its pseudonym. None: not shown, and neither are its numbers.
    case : str
        Its case, where one is linked and may be shown.
    observed, predicted, low, high, deviance, value : float
        NaN where not shown.
    reason : Text
        Written before the choice.
    """

    rule: str
    driver: str
    rank: int
    pair: int
    name: Text | None
    case: str
    measure: str
    value: float
    observed: float
    predicted: float
    low: float
    high: float
    deviance: float
    inside: bool | None
    tied: int
    reason: Text


def shown_names(corpus: Corpus, selection: CaseSelection) -> dict[str, Text]:
    """Pseudonym → name, of those who may be named: linked cases with consent; everybody where nobody exists."""
    linked = {
        case.respondent: case.title
        for case in corpus.cases
        if case.respondent and (selection.synthetic or case.link_consent)
    }
    if not selection.synthetic:
        return linked
    return {who: linked.get(who, Text({"nl": who, "en": who})) for who in selection.modelled.respondents}


def chosen_rows(corpus: Corpus, selection: CaseSelection) -> tuple[ChosenRow, ...]:
    """Every chosen organisation, in order of rules and ranks; of pairs both."""
    names = shown_names(corpus, selection)
    cases = {case.respondent: case.case for case in corpus.cases if case.respondent in names}
    return tuple(
        _row(each, pair, who, selection, names, cases)
        for each in selection.chosen
        for pair, who in enumerate(selection.respondents(each), start=1)
    )


def _row(
    each: Chosen, pair: int, who: str, selection: CaseSelection, names: Mapping[str, Text], cases: Mapping[str, str]
) -> ChosenRow:
    modelled, at = selection.modelled, each.places[pair - 1]
    name = names.get(who)
    # A pair's distance and the number of equals speak of both: shown only where both may be.
    together = all(other in names for other in selection.respondents(each))

    def number(value: float, *, all_of_them: bool = False) -> float:
        return float(value) if name is not None and (together or not all_of_them) else np.nan

    return ChosenRow(
        each.rule.rule, each.rule.driver, each.rank, pair if len(each.places) > 1 else 0, name, cases.get(who, ""),
        each.measure, number(each.value, all_of_them=True), number(modelled.observed[at]), number(modelled.predicted[at]),
        number(modelled.low[at]), number(modelled.high[at]), number(modelled.deviance[at]),
        bool(modelled.inside[at]) if name is not None else None, each.tied if selection.synthetic else 0, each.rule.reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How far all organisations lie from the model.

    Attributes
    ----------
    points : DataFrame or None
        Columns predicted, deviance, name (empty where nobody is named); only those who may be named on real responses.
    bins : DataFrame
        Columns low, high, n: organisations per class of deviation; NaN where hidden.
    """

    points: pd.DataFrame
    bins: pd.DataFrame


def spread(corpus: Corpus, selection: CaseSelection, minimum: int | None) -> Spread:
    """Points where nobody can be recognised by them, else classes with small counts hidden."""
    modelled = selection.modelled
    names = shown_names(corpus, selection)
    linked = {case.respondent for case in corpus.cases if case.respondent}
    chosen = {who for each in selection.chosen for who in selection.respondents(each)} | linked
    kept = [at for at, who in enumerate(modelled.respondents) if selection.synthetic or who in names]
    points = pd.DataFrame({
        "predicted": modelled.predicted[kept], "deviance": modelled.deviance[kept],
        "name_nl": [_label(modelled.respondents[at], names, chosen, "nl") for at in kept],
        "name_en": [_label(modelled.respondents[at], names, chosen, "en") for at in kept],
    })  # fmt: skip
    step = 0.5 if modelled.kind == "linear" else 0.25
    edges = np.arange(np.floor(modelled.deviance.min() / step), np.ceil(modelled.deviance.max() / step) + 1) * step
    counts = pd.Series(np.histogram(modelled.deviance, edges)[0], dtype=float)
    shown = counts if minimum is None else suppress(counts, minimum)
    return Spread(points, pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": shown}))


def _label(who: str, names: Mapping[str, Text], chosen: set[str], language: str) -> str:
    return names[who].to(language) if who in chosen and who in names else ""
