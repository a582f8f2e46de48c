"""The models of performance on imputed answers, pooled, beside those on complete rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from clustergov.analysis.missing.chains import impute
from clustergov.analysis.missing.convergence import Convergence, convergence
from clustergov.analysis.missing.declaration import MissingSpecification
from clustergov.analysis.missing.imputed import Imputed
from clustergov.analysis.missing.plausibility import Plausibility, plausibility
from clustergov.analysis.missing.pooling import Pooled, pool_fits
from clustergov.analysis.missing.variables import Method
from clustergov.analysis.models.design import FitError, enumeration
from clustergov.analysis.models.driver_specification import DriverSpecification, Model, Predictor
from clustergov.analysis.models.drivers import Drivers
from clustergov.analysis.models.linear import linear_model
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.instruments.questionnaire import Blank, Construct, Questionnaire
from clustergov.instruments.rules.constructs import item_range
from clustergov.instruments.scoring import score
from clustergov.language import Text, both, say
from clustergov.survey.responses import Responses

SHIFT = 0.5
"""Part of the complete-case standard error by which an estimate must move to be told of."""


@dataclass(frozen=True, slots=True, eq=False)
class PooledOutcome:
    """One outcome's pooled model, or why there is none."""

    model: str
    outcome: str
    pooled: Pooled | None
    failure: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ImputedDrivers:
    """The declared models on imputed answers.

    Attributes
    ----------
    specification : MissingSpecification
    complete : Drivers
        The same models on complete rows.
    outcomes : tuple of PooledOutcome
    imputed : Imputed or None
        None where nothing could be imputed; `failure` tells why.
    empty : int
        Respondents left out because they answered none of these questions.
    convergence, plausibility
        Of the imputations; None without them.
    failure : Text or None
    """

    specification: MissingSpecification
    complete: Drivers
    outcomes: tuple[PooledOutcome, ...]
    imputed: Imputed | None
    empty: int
    convergence: Convergence | None
    plausibility: Plausibility | None
    failure: Text | None = None

    def label(self, name: str) -> Text:
        """The words for a variable: a predictor's where it is one by itself, else the questionnaire's."""
        predictors = self.complete.specification.predictors
        found = next((each.label for each in predictors if each.variable == name or each.code == name), None)
        return found or self.complete.label(name)

    def frame(self) -> pd.DataFrame:
        """One row per model, outcome, term and way of treating missing answers.

        Columns model, outcome, term, cases ("complete" or "imputed"), measure, estimate, low, high, p, n, fmi (missing for
        complete cases). p is not adjusted: the families of tests are those of the complete-case models.
        """
        own = self.complete.frame()
        rows = own.assign(cases="complete", fmi=np.nan)
        columns = ["model", "outcome", "term", "cases", "measure", "estimate", "low", "high", "p", "n", "fmi"]
        pooled = pd.DataFrame([row for outcome in self.outcomes for row in self._rows(outcome)], columns=columns)
        whole = pd.concat([rows[columns], pooled] if len(pooled) else [rows[columns]], ignore_index=True)
        whole["n"] = self._shown(whole)
        order = {key: at for at, key in enumerate(zip(own["model"], own["outcome"], own["term"], strict=True))}
        places = [order[key] for key in zip(whole["model"], whole["outcome"], whole["term"], strict=True)]
        return whole.assign(place=places).sort_values("place", kind="stable", ignore_index=True).drop(columns="place")

    @property
    def minimum(self) -> int | None:
        """Of real responses the smallest count that is shown."""
        return self.complete.minimum

    @property
    def shown(self) -> tuple[str, ...]:
        """Variables of which it may be shown what was filled in: on real responses for `minimum` respondents or more."""
        if self.imputed is None:
            return ()
        counts = self.imputed.counts().set_index("variable")["imputed"]
        return tuple(counts.index[counts >= max(self.minimum or 1, 1)])

    @property
    def plausible(self) -> Plausibility | None:
        """Imputed beside observed answers of the variables of which it may be shown."""
        if self.plausibility is None:
            return None
        table = self.plausibility.table
        return Plausibility(table[table["variable"].isin(self.shown)].reset_index(drop=True))

    def _shown(self, rows: pd.DataFrame) -> pd.Series[float]:
        """Respondents per row, missing where those started less these are few."""
        counts = rows["n"].astype(float)
        if self.minimum is None:
            return counts
        started = rows["model"].map({result.model.code: result.started for result in self.complete.models})
        few = (started - counts).between(1, self.minimum - 1) & rows["cases"].eq("imputed")
        return counts.mask(few)

    def _rows(self, outcome: PooledOutcome) -> Iterator[dict[str, object]]:
        if outcome.pooled is None:
            return
        level = self.complete.specification.level
        kind = next(model.kind for model in self.complete.specification.models if model.code == outcome.model)
        for row in outcome.pooled.frame(level).to_dict("records"):
            ends = np.array([row["estimate"], row["low"], row["high"]])
            estimate, low, high = np.exp(ends) if kind == "ordinal" else ends
            yield {
                "model": outcome.model, "outcome": outcome.outcome, "term": row["term"], "cases": "imputed",
                "measure": "odds ratio" if kind == "ordinal" else "coefficient", "estimate": float(estimate),
                "low": float(low), "high": float(high), "p": row["p"], "n": outcome.pooled.n, "fmi": row["fmi"],
            }  # fmt: skip

    def moved(self) -> pd.DataFrame:
        """Rows of `frame` side by side: model, outcome, term, complete, imputed, shift (in complete-case errors)."""
        frame = self.frame()
        # Errors are read off the intervals; with t for a linear model they come out a few per cent large.
        reach = float(ndtri(0.5 + self.complete.specification.level / 2))
        keys = ["model", "outcome", "term"]
        ordinal = frame["measure"] == "odds ratio"
        values = frame.assign(
            **{name: np.where(ordinal, np.log(frame[name].where(ordinal, 1.0)), frame[name]) for name in ("estimate", "low", "high")}
        )  # fmt: skip
        own = values[values["cases"] == "complete"].set_index(keys)
        other = values[values["cases"] == "imputed"].set_index(keys)
        beside = own.join(other[["estimate"]].rename(columns={"estimate": "imputed"}), how="inner")
        beside["shift"] = (beside["imputed"] - beside["estimate"]) / ((beside["high"] - beside["low"]) / (2 * reach))
        return beside.rename(columns={"estimate": "complete"})[["complete", "imputed", "shift"]].dropna().reset_index()

    def sentence(self, language: str) -> str:
        """What was filled, whether it can be believed, and how far estimates moved."""
        if self.failure is not None or self.imputed is None or self.convergence is None or self.plausibility is None:
            return say("missing.drivers.failed", language, reason=self.failure or "")
        told = [
            self.imputed.sentence(language),
            self.believed(language),
        ]
        if self.empty:
            few = self.empty < (self.minimum or 0)
            told.append(say("missing.drivers.empty" + " some" * few, language, n=self.empty, least=self.minimum or 0))
        return " ".join([*told, self.comparison(language)])

    def believed(self, language: str, labels: Mapping[str, str] | None = None) -> str:
        """Whether the chains mixed, and how far imputed answers are from observed ones."""
        if self.convergence is None or self.plausible is None or self.imputed is None:
            return ""
        told = [self.convergence.sentence(language, labels)]
        if len(self.plausible.table) or not self.imputed.methods:
            told.append(self.plausible.sentence(language, labels))
        if len(self.shown) < len(self.imputed.methods):
            told.append(say("missing.drivers.hidden", language, least=self.minimum or 0))
        return " ".join(told)

    def comparison(self, language: str) -> str:
        """Complete cases against imputed ones: rows, how many estimates moved, and where most."""
        moved = self.moved()
        if moved.empty:
            return say("missing.drivers.nothing", language)
        far = moved[moved["shift"].abs() >= SHIFT]
        worst = moved.iloc[int(moved["shift"].abs().to_numpy().argmax())]
        frame = self.frame()
        least = {cases: frame.loc[frame["cases"] == cases, "n"].min() for cases in ("complete", "imputed")}
        counted = "" if np.isnan(least["imputed"]) else say("missing.drivers.used", language, **least) + " "
        return counted + say("missing.drivers.moved", language, estimates=len(moved), far=len(far), limit=SHIFT,
                             term=self.complete.label(worst["term"]), outcome=self.complete.label(worst["outcome"]),
                             shift=abs(float(worst["shift"])))  # fmt: skip


def impute_drivers(
    specification: MissingSpecification, drivers: Drivers, responses: Responses, *, seed: int
) -> ImputedDrivers:
    """Impute everything that the declared models use, refit them on every completed table, and pool.

    Items are imputed and scores computed from them afterwards, so that each imputed item counts as it does in the score;
    parts of a composition enter as the sum that the models use, because together they determine each other. Answers that
    do not apply have no value to be found: they stay blank, and a row without a score or outcome for that reason stays
    out of the model, as in the complete-case one.
    """
    declared = drivers.specification
    table, blank = _table(declared, specification, responses)
    answered = table.notna().any(axis=1)
    empty = int((~answered).sum())
    table, blank = table[answered], blank[answered]
    if reason := _obstacle(table):
        return ImputedDrivers(specification, drivers, (), None, empty, None, None, reason)
    methods = {str(name): _method(str(name), table[name], specification, responses.questionnaire) for name in table}
    found = impute(table, methods, m=specification.imputations, iterations=specification.iterations, seed=seed,
                   blank=blank)  # fmt: skip
    frames = list(found.frames())
    outcomes = tuple(
        _pooled(model, outcome, declared, frames, responses.questionnaire)
        for model in declared.models
        for outcome in model.outcomes
    )
    return ImputedDrivers(specification, drivers, outcomes, found, empty, convergence(found),
                          plausibility(found, ranges=_ranges(table, responses.questionnaire)))  # fmt: skip


def _obstacle(table: pd.DataFrame) -> Text | None:
    """Why nothing can be imputed, where that is so."""
    if len(table) < 2:
        return both("missing.drivers.few", n=len(table))
    nothing = tuple(str(name) for name in table if table[name].isna().all())
    return both("missing.drivers.all missing", names=enumeration(nothing)) if nothing else None


def _table(
    declared: DriverSpecification, specification: MissingSpecification, responses: Responses
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every variable that the models are made of and the auxiliary ones; and cells that do not apply."""
    columns: dict[str, pd.Series[float]] = {}
    applies: dict[str, pd.Series[bool]] = {}
    names: list[str] = []
    for predictor in declared.predictors:
        if predictor.sum_of:
            columns[predictor.code] = predictor.values(responses)
            parts = responses.blanks[list(predictor.sum_of)]
            applies[predictor.code] = ~(parts == Blank.NOT_APPLICABLE.value).any(axis=1)
        else:
            names += predictor.parts(responses.questionnaire)
    for model in declared.models:
        for outcome in model.outcomes:
            construct = _construct(outcome, responses.questionnaire)
            names += construct.items if construct is not None and model.kind == "linear" else (outcome,)
    for name in dict.fromkeys([*names, *specification.auxiliary]):
        columns[name] = responses.values(name)
        applies[name] = responses.blanks[name] != Blank.NOT_APPLICABLE.value
    return pd.DataFrame(columns), ~pd.DataFrame(applies)


def _construct(code: str, questionnaire: Questionnaire) -> Construct | None:
    return next((construct for construct in questionnaire.constructs if construct.code == code), None)


def _method(
    name: str, column: pd.Series[float], specification: MissingSpecification, questionnaire: Questionnaire
) -> Method:
    variable = questionnaire.by_name.get(name)
    if column.dropna().nunique() == 2 and (variable is None or variable.kind != "number"):
        return specification.methods.two_values
    if variable is None or variable.kind == "number":
        return specification.methods.numbers
    return specification.methods.ordered


def _ranges(table: pd.DataFrame, questionnaire: Questionnaire) -> dict[str, tuple[float, float]]:
    found = {str(name): item_range(questionnaire.by_name[str(name)]) for name in table if name in questionnaire.by_name}
    return {name: limits for name, limits in found.items() if limits is not None}


def _pooled(
    model: Model, outcome: str, declared: DriverSpecification, frames: list[pd.DataFrame], questionnaire: Questionnaire
) -> PooledOutcome:
    try:
        fits = []
        for frame in frames:
            predictors = pd.DataFrame(
                {each.code: _values(each, frame, questionnaire) / each.per for each in declared.predictors}
            )
            y = _outcome(model, outcome, frame, questionnaire)
            fits.append(cumulative_logit(y, predictors) if model.kind == "ordinal" else linear_model(y, predictors))
        return PooledOutcome(model.code, outcome, pool_fits(fits))
    except FitError as failure:
        return PooledOutcome(model.code, outcome, None, failure.reason)


def _values(predictor: Predictor, frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series[float]:
    if predictor.score_of:
        return _score(predictor.score_of, frame, questionnaire)
    return frame[predictor.code if predictor.sum_of else predictor.variable]


def _outcome(model: Model, name: str, frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series[float]:
    if model.kind == "linear" and _construct(name, questionnaire) is not None:
        return _score(name, frame, questionnaire)
    return frame[name]


def _score(code: str, frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series[float]:
    construct = _construct(code, questionnaire)
    if construct is None:  # reading the declaration made sure of it
        raise AssertionError(code)
    values = {name: frame[name].to_numpy() for name in construct.items}
    return pd.Series(score(construct, questionnaire, values), index=frame.index, name=code)
