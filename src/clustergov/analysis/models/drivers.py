"""What goes with performance, adjusted for each other: one model per outcome, one sample and one family per table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clustergov.analysis.inference.inference import Inference
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.driver_specification import (
    DriverSpecification,
    Model,
    Predictor,
    read_drivers,
)
from clustergov.analysis.models.linear import LinearFit, linear_model
from clustergov.analysis.models.marginal_effects import MarginalEffects, marginal_effects
from clustergov.analysis.models.ordinal import OrdinalFit, cumulative_logit
from clustergov.analysis.models.proportional_odds import ProportionalOdds, proportional_odds
from clustergov.analysis.multiplicity import holm
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text, say
from clustergov.spread.threads import one_thread
from clustergov.survey.disclosure import suppress
from clustergov.survey.origin import scores
from clustergov.survey.responses import Responses

__all__ = ["DriverSpecification", "Drivers", "ModelResult", "OutcomeResult", "drivers_of_performance", "read_drivers"]

ALPHA = 0.05
"""Adjusted p below which a sentence says that an association is told apart from none."""


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeResult:
    """One outcome's fit, or the reason why there is none; and what stands beside it, where it was asked for.

    Attributes
    ----------
    outcome : str
    fit : OrdinalFit, LinearFit or None
    failure : FitError or None
    odds : ProportionalOdds or None
        Of an ordered outcome with more than two categories in use.
    effects : MarginalEffects or None
        Of an ordered outcome.
    inference : Inference or None
        Of a linear outcome: the errors that its design allows, and why; it takes the place of the fit's own.
    """

    outcome: str
    fit: OrdinalFit | LinearFit | None
    failure: FitError | None = None
    odds: ProportionalOdds | None = None
    effects: MarginalEffects | None = None
    inference: Inference | None = None

    def numbers(self, term: str, level: float) -> tuple[float, float, float, float]:
        """Estimate, ends of the interval and p of a predictor; NaN where nothing is fitted or tested."""
        if self.fit is None:
            return np.nan, np.nan, np.nan, np.nan
        at = self.fit.terms.index(term)
        if self.inference is not None:
            found = self.inference
            return float(found.estimates[at]), float(found.low[at]), float(found.high[at]), float(found.p[at])
        interval = self.fit.interval(term, level)
        return float(self.fit.estimates[at]), interval.low, interval.high, self.fit.p(term)


@dataclass(frozen=True, slots=True, eq=False)
class ModelResult:
    """One table.

    Attributes
    ----------
    model : Model
    outcomes : tuple of OutcomeResult
        In declared order, all on the same rows.
    started : int
        Respondents in the responses.
    submitted : int or None
        Those who submitted; None when the file does not tell. Others stay in as far as they answered.
    missing : tuple of (str, int)
        Respondents without a value, per predictor and outcome.
    lost : tuple of (str, int)
        Respondents that drop out at this variable and not before, in the same order.
    n : int
        Respondents used: `started` less everything in `lost`.
    """

    model: Model
    outcomes: tuple[OutcomeResult, ...]
    started: int
    submitted: int | None
    missing: tuple[tuple[str, int], ...]
    lost: tuple[tuple[str, int], ...]
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """The declared models of performance, fitted.

    Attributes
    ----------
    specification : DriverSpecification
    models : tuple of ModelResult
    questionnaire : Questionnaire
        For the labels of the outcomes.
    synthetic : bool
        The responses were simulated: nothing here is evidence about organisations.
    minimum : int or None
        Smallest number of lost respondents that is shown.
    """

    specification: DriverSpecification
    models: tuple[ModelResult, ...]
    questionnaire: Questionnaire
    synthetic: bool
    minimum: int | None = None

    def label(self, name: str) -> Text:
        """The words for a predictor's code, an outcome or a model."""
        labels = {model.code: model.title for model in self.specification.models}
        labels |= {construct.code: construct.title for construct in self.questionnaire.constructs}
        labels |= {predictor.code: predictor.label for predictor in self.specification.predictors}
        found = labels[name] if name in labels else self.questionnaire.by_name[name].label
        return Text({language: words.rstrip(".") for language, words in found.items()})

    def step(self, term: str) -> Text:
        """The unit of a predictor's estimate in words, such as “per 5 years more”."""
        return next(predictor.step for predictor in self.specification.predictors if predictor.code == term)

    def frame(self) -> pd.DataFrame:
        """One row per outcome and predictor.

        Columns model, outcome, term, role, measure ("odds ratio" or "coefficient"), estimate, low, high (in that
        measure, at the declared level), p, p_adjusted (Holm over all rows of the model), n, failure ("" or the kind of
        failure, with missing numbers).
        """
        tables = []
        for result in self.models:
            table = pd.DataFrame([row for outcome in result.outcomes for row in self._rows(result, outcome)])
            # A test that could not be done stays in the declared family, as one that shows nothing.
            table.insert(9, "p_adjusted", np.where(table["p"].isna(), np.nan, holm(table["p"].fillna(1.0))))
            tables.append(table)
        return pd.concat(tables, ignore_index=True)

    def _rows(self, result: ModelResult, outcome: OutcomeResult) -> Iterator[dict[str, object]]:
        ordinal = result.model.kind == "ordinal"
        for predictor in self.specification.predictors:
            estimate, low, high, p = outcome.numbers(predictor.code, self.specification.level)
            if ordinal:
                estimate, low, high = (float(value) for value in np.exp([estimate, low, high]))
            yield {
                "model": result.model.code, "outcome": outcome.outcome, "term": predictor.code, "role": predictor.role,
                "measure": "odds ratio" if ordinal else "coefficient", "estimate": estimate, "low": low, "high": high,
                "p": p, "n": result.n, "failure": outcome.failure.failure if outcome.failure else "",
            }  # fmt: skip

    def flow(self) -> pd.DataFrame:
        """How many respondents each table uses: columns model, step, variable, missing, lost, n.

        Steps started, submitted (n missing when the file does not tell; no one is lost by it), one lost per predictor
        and outcome, used; `n` is what remains after the step. With a `minimum`, smaller losses are missing, together
        with others from which they could be worked out, and so is what remains in between.
        """
        rows: list[tuple[str, str, str, float, float, float]] = []
        for result in self.models:
            code, n = result.model.code, float(result.started)
            submitted = np.nan if result.submitted is None else result.submitted
            rows += [(code, "started", "", 0, 0, n), (code, "submitted", "", 0, 0, submitted)]
            for (variable, missing), lost in zip(result.missing, self._lost(result), strict=True):
                n = np.nan if self.minimum is not None else n - lost
                hidden = self.minimum is not None and 0 < missing < self.minimum
                rows.append((code, "lost", variable, np.nan if hidden else missing, lost, n))
            rows.append((code, "used", "", 0, 0, result.n))
        frame = pd.DataFrame(rows, columns=["model", "step", "variable", "missing", "lost", "n"])
        return frame.astype({"missing": "Int64", "lost": "Int64", "n": "Int64"})

    def _lost(self, result: ModelResult) -> tuple[float, ...]:
        """Respondents lost at each variable, NaN where hidden."""
        lost = pd.Series([count for _, count in result.lost], dtype=float)
        return tuple(lost if self.minimum is None else suppress(lost, self.minimum))

    def note(self, model: str, language: str) -> str:
        """What stands under a model's table: started, used, lost by which variable, the family, failures."""
        result = next(result for result in self.models if result.model.code == model)
        sentences = [say("drivers.flow", language, title=result.model.title, started=result.started, used=result.n,
                         lost=result.started - result.n)]  # fmt: skip
        tests = len(result.outcomes) * len(self.specification.predictors)
        sentences.append(say("drivers.family", language, tests=tests, alpha=ALPHA))
        return " ".join([*sentences, *self._reservations(result, language)])

    def _reservations(self, result: ModelResult, language: str) -> Iterator[str]:
        """Failures, then each caution once with the outcomes that it holds for."""
        cautions: dict[str, list[str]] = {}
        for outcome in result.outcomes:
            label = self.label(outcome.outcome)
            if outcome.failure is not None:
                yield say("drivers.failed", language, outcome=label, reason=outcome.failure.reason)
            elif outcome.inference is not None:
                yield self._reason(outcome.inference, language)
            elif isinstance(outcome.fit, OrdinalFit):
                for caution in outcome.fit.cautions:
                    cautions.setdefault(caution.to(language), []).append(label.to(language))
        for words, labels in cautions.items():
            yield say("drivers.caution", language, caution=words, outcomes="; ".join(labels))

    def _reason(self, inference: Inference, language: str) -> str:
        """Why these errors, with the predictors by their labels; and the cautions."""
        labels = tuple(self.label(term).to(language) for term in inference.terms)
        told = replace(inference, terms=labels).reason.to(language)
        return " ".join([told, *(caution.to(language) for caution in inference.cautions)])

    def sentence(self, language: str) -> str:
        """Every model in words: its note, one sentence per predictor, then what the tables cannot tell."""
        sentences: list[str] = []
        for result in self.models:
            sentences += [self.note(result.model.code, language), *self.told(result.model.code, language)]
        return " ".join([*sentences, say("drivers.limit", language)])

    def told(self, model: str, language: str) -> tuple[str, ...]:
        """One sentence per predictor of a model."""
        frame = self.frame()
        result = next(result for result in self.models if result.model.code == model)
        own = frame[(frame["model"] == model) & (frame["failure"] == "")]
        return tuple(
            sentence
            for predictor in self.specification.predictors
            for sentence in self._told(result, predictor, own[own["term"] == predictor.code], language)
        )

    def _told(self, result: ModelResult, predictor: Predictor, rows: pd.DataFrame, language: str) -> Iterator[str]:
        if result.model.kind == "ordinal" and len(rows):
            yield say("drivers.ordinal", language, label=predictor.label, step=predictor.step,
                      least=float(rows["estimate"].min()), most=float(rows["estimate"].max()),
                      told=int((rows["p_adjusted"] < ALPHA).sum()), outcomes=len(rows))  # fmt: skip
        elif result.model.kind == "linear":
            for row in rows.to_dict("records"):
                if np.isnan(row["p"]):
                    yield say("drivers.untested", language, label=predictor.label, step=predictor.step,
                              estimate=row["estimate"])  # fmt: skip
                    continue
                yield say("drivers.linear", language, label=predictor.label, step=predictor.step,
                          estimate=row["estimate"], level=self.specification.level, low=row["low"], high=row["high"],
                          p=row["p_adjusted"])  # fmt: skip


def drivers_of_performance(
    specification: DriverSpecification, responses: Responses, *, minimum: int | None = None, beside: bool = False
) -> Drivers:
    """Fit every declared model on the respondents who have a value for all its outcomes and predictors.

    An outcome whose model cannot be fitted carries its reason; the others are fitted all the same.

    Parameters
    ----------
    beside : bool
        Also what a report needs and a thousand draws of a rehearsal do not: the test of proportional odds and marginal
        effects of every ordered outcome; for a linear one the errors that its design allows, instead of HC3 with n − k − 1
        degrees of freedom.
    """
    predictors = predictor_table(specification, responses)
    level = specification.level if beside else 0
    with one_thread():  # many small matrices: several threads only get in each other's way
        models = tuple(_fit(model, predictors, responses, level) for model in specification.models)
    return Drivers(specification, models, responses.questionnaire, responses.synthetic, minimum)


def predictor_table(specification: DriverSpecification, responses: Responses) -> pd.DataFrame:
    """The declared predictors in units of their step, one column each, one row per respondent; NaN where blank."""
    return pd.DataFrame(
        {predictor.code: predictor.values(responses) / predictor.per for predictor in specification.predictors},
        index=responses.frame.index,
    )


def outcome_table(model: Model, responses: Responses) -> pd.DataFrame:
    """The outcomes of a model, one column each, one row per respondent; NaN where blank."""
    constructs = {construct.code for construct in responses.questionnaire.constructs}
    return pd.DataFrame(
        {
            name: scores(name, responses) if model.kind == "linear" and name in constructs else responses.values(name)
            for name in model.outcomes
        }
    )


def _fit(model: Model, predictors: pd.DataFrame, responses: Responses, level: float) -> ModelResult:
    outcomes = outcome_table(model, responses)
    blank = pd.concat([predictors, outcomes], axis=1).isna()
    whole = ~blank.any(axis=1)
    # The first blank of each respondent is where the flow loses them.
    first = np.where(whole, "", blank.columns[blank.to_numpy().argmax(axis=1)])
    results = tuple(_one(name, outcomes.loc[whole, name], predictors[whole], model, level) for name in model.outcomes)
    return ModelResult(
        model, results, responses.n,
        None if responses.complete is None else int(responses.complete.sum()),
        tuple((str(name), int(blank[name].sum())) for name in blank),
        tuple((str(name), int((first == name).sum())) for name in blank),
        int(whole.sum()),
    )  # fmt: skip


def _one(
    name: str, outcome: pd.Series[float], predictors: pd.DataFrame, model: Model, level: float
) -> OutcomeResult:  # fmt: skip
    try:
        if model.kind == "ordinal":
            return _ordinal(name, outcome, predictors, beside=level > 0)
        fit = linear_model(outcome, predictors)
    except FitError as failure:
        return OutcomeResult(name, None, failure)
    return OutcomeResult(name, fit, inference=_inference(name, outcome, predictors, level) if level else None)


def _ordinal(name: str, outcome: pd.Series[float], predictors: pd.DataFrame, *, beside: bool) -> OutcomeResult:
    fit = cumulative_logit(outcome, predictors)
    if not beside:
        return OutcomeResult(name, fit)
    # The score test exists wherever the fit does, also where a sparse category separates the freed model.
    odds = proportional_odds(outcome, predictors, methods=("score",)) if len(fit.categories) > 2 else None
    return OutcomeResult(name, fit, odds=odds, effects=marginal_effects(fit, outcome, predictors))


def _inference(name: str, outcome: pd.Series[float], predictors: pd.DataFrame, level: float) -> Inference:
    from clustergov.analysis.inference.policy import infer

    terms = tuple(map(str, predictors.columns))
    return infer(np.asarray(outcome, np.float64), predictors.to_numpy(np.float64), terms, level=level, outcome=name)
