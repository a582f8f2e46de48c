"""Cases and model together: who was chosen, whether before the reading, each case under the model, and what the model lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from clustergov.analysis.case_selection.ceiling import Ceiling, ceilings
from clustergov.analysis.case_selection.modelled import Kind
from clustergov.analysis.case_selection.selection import CaseSelection
from clustergov.analysis.case_selection.selection_lock import SelectionState
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.first_coded import FirstCoded
from clustergov.casestudies.joint import Joint
from clustergov.language import LANGUAGES, Text, both
from clustergov.reports.joint.candidates import Candidates, candidates
from clustergov.reports.joint.case_account import CaseAccount, case_accounts, in_words, made_up_accounts
from clustergov.reports.joint.chosen_row import ChosenRow, Spread, chosen_rows, shown_names, spread
from clustergov.reports.joint.paths import SideBySide
from clustergov.reports.joint.reading_order import ReadingOrder, reading_order

CEILING_DRAWS = 1000
"""Random pairings in the test of a necessary condition."""


@dataclass(frozen=True, slots=True, eq=False)
class CasesAndModel:
    """What a report may tell of cases under the model; nobody stands in it who did not agree to.

    Attributes
    ----------
    outcome : Text
    kind : Kind
    n : int
        Organisations in the model.
    level : float
        Of prediction intervals.
    told : tuple of Text
        The selection in words.
    state : SelectionState
    order : ReadingOrder
    chosen : tuple of ChosenRow
    spread : Spread
    accounts : tuple of CaseAccount
    made_up : tuple of CaseAccount
        On simulated responses the same for respondents that do not exist, as a rehearsal; empty on real ones.
    candidates : Candidates
    sides : SideBySide, Text or None
        Regression and QCA; a text says why they cannot be compared; None where the study has no QCA.
    synthetic : bool
    minimum : int or None
    ceilings : tuple of Ceiling
        Drivers as necessary conditions, one by one.
    """

    outcome: Text
    kind: Kind
    n: int
    level: float
    told: tuple[Text, ...]
    state: SelectionState
    order: ReadingOrder
    chosen: tuple[ChosenRow, ...]
    spread: Spread
    accounts: tuple[CaseAccount, ...]
    made_up: tuple[CaseAccount, ...]
    candidates: Candidates
    sides: SideBySide | Text | None
    synthetic: bool
    minimum: int | None
    ceilings: tuple[Ceiling, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Chosen organisations: one row each, numbers missing where they may not be shown."""
        rows = [
            (each.rule, each.driver, each.rank, each.pair, each.name is not None, each.case,
             *(each.name.to(language) if each.name else None for language in LANGUAGES), each.measure, each.value,
             each.observed, each.predicted, each.low, each.high, each.deviance, each.inside, each.tied)
            for each in self.chosen
        ]  # fmt: skip
        columns = ["rule", "driver", "rank", "pair", "shown", "case", "name_nl", "name_en", "measure", "value", "observed",
                   "predicted", "low", "high", "deviance", "inside", "tied"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def profiles(self) -> pd.DataFrame:
        """One row per case and driver."""
        rows = [
            (account.case, account.link, row.driver, row.value, row.knowledge, row.percentile, row.peers, row.mark,
             row.period, row.source.to("en") if row.source else "", *(row.why.to(language) if row.why else None for language in LANGUAGES))
            for account in (*self.accounts, *self.made_up)
            for row in account.profile
        ]  # fmt: skip
        columns = ["case", "link", "driver", "value", "knowledge", "percentile", "peers", "mark", "period", "source",
                   "why_nl", "why_en"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def predictions(self) -> pd.DataFrame:
        """One row per case: predicted with intervals, observed, residual; missing where not known or not shown."""
        rows = []
        for account in (*self.accounts, *self.made_up):
            told = account.prediction
            ends = (told.value, told.mean_low, told.mean_high, told.low, told.high) if told else (None,) * 5
            remarks = (" ".join(remark.to(language) for remark in account.remarks) for language in LANGUAGES)
            rows.append((account.case, account.link, " ".join(account.rules), account.observed, *ends, account.residual,
                         account.deviance, account.inside, *remarks))  # fmt: skip
        columns = ["case", "link", "rules", "observed", "predicted", "mean_low", "mean_high", "low", "high", "residual",
                   "deviance", "inside", "remark_nl", "remark_en"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def necessity(self) -> pd.DataFrame:
        """One row per driver: the empty zone where it is low and the outcome high."""
        columns = ["driver", "effect", "without_one", "p", "draws", "n"]
        return pd.DataFrame([[getattr(each, name) for name in columns] for each in self.ceilings], columns=columns)

    def label(self, driver: str) -> Text:
        """The words for a driver."""
        return next(
            row.label for account in (*self.accounts, *self.made_up) for row in account.profile if row.driver == driver
        )

    def omitted(self) -> pd.DataFrame:
        """Candidates for an omitted driver."""
        rows = [
            (each.concept, *(each.name.to(language) for language in LANGUAGES), each.deviant, each.typical, each.high,
             each.low, each.difference, each.least, each.most, each.p)
            for each in self.candidates.found
        ]  # fmt: skip
        columns = [
            "concept",
            "name_nl",
            "name_en",
            "deviant",
            "typical",
            "high",
            "low",
            "difference",
            "least",
            "most",
            "p",
        ]
        return pd.DataFrame(rows, columns=columns)

    def sentence(self, language: str) -> str:
        """The selection, whether it is the frozen one and older than the reading, and what the cases suggest."""
        told = [text.to(language) for text in (*self.told, *self.state.sentences, *self.order.sentences)]
        return " ".join([*told, *self.candidates.sentences(language)])


def cases_and_model(
    corpus: Corpus,
    joint: Joint,
    selection: CaseSelection,
    state: SelectionState,
    first: Mapping[str, FirstCoded],
    *,
    outcome: Text,
    minimum: int | None,
    sides: SideBySide | Text | None = None,
    answers: Mapping[str, Sequence[Text]] | None = None,
) -> CasesAndModel:
    """Bring cases and model together.

    Parameters
    ----------
    state : SelectionState
        Of the frozen choice, see `selection_lock.state_of`.
    first : mapping of str to FirstCoded
        See `first_coded`.
    outcome : Text
        The outcome in words.
    minimum : int or None
        Smallest count shown on real responses; None for simulated ones.
    sides : SideBySide, Text or None
        See `qca_paths.beside_regression`.
    answers : mapping of str to sequence of Text, optional
        See `answers_of`.
    """
    rows = chosen_rows(corpus, selection)
    told = [_in_words(selection, minimum)]
    named, words = shown_names(corpus, selection), answers or {}
    if hidden := {who for each in selection.chosen for who in selection.respondents(each)} - set(named):
        told.append(both("joint.hidden", n=len(hidden)))
    return CasesAndModel(
        outcome, selection.modelled.kind, selection.modelled.n, selection.specification.level, tuple(told), state,
        reading_order(corpus, state, first), rows, spread(corpus, selection, minimum),
        tuple(in_words(each, words) for each in case_accounts(corpus, selection, minimum)), tuple(in_words(each, words) for each in made_up_accounts(selection)), candidates(corpus, joint, selection, named),
        sides, selection.synthetic, minimum,
        ceilings(selection.modelled, draws=CEILING_DRAWS, seed=selection.specification.seed),
    )  # fmt: skip


def _in_words(selection: CaseSelection, minimum: int | None) -> Text:
    """The selection in words, in every language."""
    words: dict[str, str] = {language: selection.sentence(language, minimum) for language in LANGUAGES}
    return Text(words)
