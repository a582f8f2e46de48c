"""Case selection: the organisations that a fitted model asks to be looked at more closely, each with its numbers and reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.analysis.case_selection.choosing import Chosen, choose
from clustergov.analysis.case_selection.declaration import SelectionSpecification
from clustergov.analysis.case_selection.linear_modelled import linear_modelled
from clustergov.analysis.case_selection.modelled import Modelled
from clustergov.analysis.case_selection.ordinal_modelled import ordinal_modelled
from clustergov.analysis.models.driver_specification import DriverSpecification
from clustergov.analysis.models.drivers import outcome_table, predictor_table
from clustergov.language import say
from clustergov.spread.threads import one_thread
from clustergov.survey.responses import Responses

COLUMNS = (
    "rule", "driver", "rank", "respondent", "partner", "measure", "value", "tied", "observed", "predicted", "mean_low",
    "mean_high", "low", "high", "inside", "residual", "deviance", "leverage", "cooks_distance",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class CaseSelection:
    """Chosen organisations. Holds pseudonyms and single answers: for the researcher's eyes, not for a report.

    Attributes
    ----------
    specification : SelectionSpecification
    drivers : DriverSpecification
    modelled : Modelled
        The model, and everybody in its sample.
    chosen : tuple of Chosen
        By rule as declared, then by rank.
    data_hash : str
        SHA-256 of pseudonyms, outcome and predictors of the sample.
    synthetic : bool
    """

    specification: SelectionSpecification
    drivers: DriverSpecification
    modelled: Modelled
    chosen: tuple[Chosen, ...]
    data_hash: str
    synthetic: bool

    def respondents(self, chosen: Chosen) -> tuple[str, ...]:
        """The pseudonyms of one or two organisations."""
        return tuple(self.modelled.respondents[place] for place in chosen.places)

    def rules_of(self, respondent: str) -> tuple[Chosen, ...]:
        """By which rules somebody was chosen."""
        return tuple(each for each in self.chosen if respondent in self.respondents(each))

    def frame(self) -> pd.DataFrame:
        """One row per chosen organisation; a pair has two, each with the other as `partner`."""
        numbers = self.modelled.frame()
        rows = []
        for each in self.chosen:
            who = self.respondents(each)
            for respondent in who:
                partner = next((other for other in who if other != respondent), "")
                rows.append({
                    "rule": each.rule.rule, "driver": each.rule.driver, "rank": each.rank, "respondent": respondent,
                    "partner": partner, "measure": each.measure, "value": each.value, "tied": each.tied,
                    **numbers.loc[respondent].to_dict(),
                })  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def sentence(self, language: str, minimum: int | None = None) -> str:
        """How many were chosen, from how many, by which model; that it is a rehearsal where it is one.

        With a `minimum`, a smaller number outside their interval is not told.
        """
        people = {who for each in self.chosen for who in self.respondents(each)}
        outside = int((~self.modelled.inside).sum())
        few = minimum is not None and 0 < outside < minimum
        parts = [
            say("case_selection.summary", language, chosen=len(people), n=self.modelled.n,
                rules=len(self.specification.rules)),
            say(f"case_selection.{'few_outside' if few else 'outside'}", language, n=self.modelled.n,
                outside=minimum if few else outside, level=self.specification.level),
            say(f"case_selection.{self.modelled.kind}", language),
            say("case_selection.rehearsal", language) if self.synthetic else "",
        ]  # fmt: skip
        return " ".join(part for part in parts if part)


def case_selection(
    specification: SelectionSpecification, drivers: DriverSpecification, responses: Responses
) -> CaseSelection:
    """Fit the declared model and choose by every declared rule.

    The sample is that of the model's table: organisations with a value for all its outcomes and predictors.

    Raises
    ------
    FitError
        The model cannot be fitted, with the reason.
    """
    model = specification.model_of(drivers)
    predictors, outcomes = predictor_table(drivers, responses), outcome_table(model, responses)
    whole = predictors.notna().all(axis=1) & outcomes.notna().all(axis=1)
    outcome, table = outcomes.loc[whole, specification.outcome], predictors[whole]
    fit = linear_modelled if model.kind == "linear" else ordinal_modelled
    with one_thread():
        modelled = fit(outcome, table, specification.level)
        chosen = choose(specification, modelled)
    return CaseSelection(specification, drivers, modelled, chosen, data_hash(modelled), responses.synthetic)


def data_hash(modelled: Modelled) -> str:
    """SHA-256 of who is in the sample with which outcome and predictors, to ten digits, in order of pseudonym."""
    order = np.argsort(np.array(modelled.respondents))
    lines = [",".join(("respondent", modelled.outcome, *modelled.terms))]
    for row in order:
        values = (modelled.observed[row], *modelled.predictors[row])
        lines.append(",".join((modelled.respondents[row], *(f"{value:.10g}" for value in values))))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
