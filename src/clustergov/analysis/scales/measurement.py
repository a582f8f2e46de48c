"""Declared measurement models fitted to responses: loadings, fit, levels of invariance, and the marker check."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.analysis.scales.confirmatory.factor_model import FactorModel
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.fitting import Prepared, fitted, prepare
from clustergov.analysis.scales.confirmatory.invariance import Invariance, invariance
from clustergov.analysis.scales.confirmatory.marker import MarkerCheck, marker_check
from clustergov.analysis.scales.confirmatory.model_syntax import read_model
from clustergov.analysis.scales.confirmatory.nested import Difference, difference
from clustergov.analysis.scales.confirmatory.parameter_table import variables
from clustergov.analysis.scales.measurement_specification import (
    Groups,
    MeasurementModel,
    MeasurementSpecification,
    read_measurement,
)
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text, say
from clustergov.survey.responses import Responses

__all__ = ["Measured", "Measurement", "MeasurementSpecification", "measurement", "read_measurement"]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One declared model.

    Attributes
    ----------
    declared : MeasurementModel
    model : FactorModel or None
        Of all respondents together; None when it could not be fitted.
    failure : ModelError or None
        Why not.
    within : Difference or None
        Against the wider model that was declared.
    invariance : Invariance or None
        Over the declared groups.
    groups_failure : ModelError or None
        Why the groups could not be compared.
    """

    declared: MeasurementModel
    model: FactorModel | None
    failure: ModelError | None = None
    within: Difference | None = None
    invariance: Invariance | None = None
    groups_failure: ModelError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """All declared measurement models.

    Attributes
    ----------
    specification : MeasurementSpecification
    models : tuple of Measured
    marker : MarkerCheck or ModelError or None
        None when no marker is declared.
    questionnaire : Questionnaire
        For the words of the items.
    synthetic : bool
    """

    specification: MeasurementSpecification
    models: tuple[Measured, ...]
    marker: MarkerCheck | ModelError | None
    questionnaire: Questionnaire
    synthetic: bool

    def label(self, name: str) -> Text:
        """The words for an item or a factor."""
        labels = {factor: words for found in self.models for factor, words in found.declared.factors.items()}
        found = labels[name] if name in labels else self.questionnaire.by_name[name].label
        return Text({language: words.rstrip(".") for language, words in found.items()})

    def frame(self) -> pd.DataFrame:
        """One row per loading and factor covariance.

        Columns model, lhs, op, rhs, estimate, standard_error, low, high, standardized, r_squared (of the item), n,
        failure ("" or its name, with missing numbers).
        """
        return pd.concat([self._estimates(found) for found in self.models], ignore_index=True)

    def _estimates(self, found: Measured) -> pd.DataFrame:
        columns = ["lhs", "op", "rhs", "estimate", "standard_error", "low", "high", "standardized"]
        if found.model is None:
            failed: dict[str, object] = dict.fromkeys(columns, np.nan) | {"lhs": "", "op": "", "rhs": ""}
            reason = found.failure.failure if found.failure else ""
            return pd.DataFrame(
                [{"model": found.declared.code, **failed, "r_squared": np.nan, "n": 0, "failure": reason}]
            )
        frame = found.model.frame(self.specification.level)
        among = (frame["op"] == "~~") & frame["lhs"].isin(found.model.factors) & (frame["lhs"] != frame["rhs"])
        frame = frame.loc[(frame["op"] == "=~") | among, columns].reset_index(drop=True)
        shares = found.model.r_squared.set_index("item")["r_squared"]
        frame.insert(0, "model", found.declared.code)
        return frame.assign(r_squared=frame["rhs"].map(shares), n=found.model.n, failure="")

    def fit_frame(self) -> pd.DataFrame:
        """One row per model: model, estimator, n, lost, chi_square, df, p, cfi, tli, rmsea, rmsea_low, rmsea_high, srmr,
        difference, difference_df, difference_p (against the wider model), failure."""
        return pd.DataFrame([_fit(found) for found in self.models]).astype(
            {"df": "Int64", "difference_df": "Int64", "n": "Int64", "lost": "Int64"}
        )

    def sentence(self, language: str) -> str:
        """Every model in words, then the marker and what the benchmark is."""
        told = [sentence for found in self.models for sentence in self.told(found, language)]
        return " ".join([*told, self.about_marker(language), self.about_benchmark(language)]).strip()

    def told(self, found: Measured, language: str) -> list[str]:
        """Sentences on one model."""
        title = found.declared.title
        if found.model is None:
            return [
                say("measurement.failed", language, title=title, reason=found.failure.reason if found.failure else "")
            ]
        sentences = [say("measurement.model", language, title=title), found.model.told(language)]
        sentences += [self._worded(caution, found.declared, language) for caution in found.model.cautions]
        if found.within and (test := found.within.test):
            wider = next(other.declared.title for other in self.models if other.declared.code == found.declared.within)
            sentences.append(say("measurement.within", language, wider=wider, chi=test.chi_square, df=test.df, p=test.p,
                                 cfi=found.within.cfi))  # fmt: skip
        if found.invariance is not None:
            groups = found.declared.groups
            names = {each.code: each.label.to(language) for each in groups.classes} if groups else {}
            sentences.append(found.invariance.sentence(language, names))
        if found.groups_failure is not None:
            sentences.append(say("measurement.groups failed", language, reason=found.groups_failure.reason))
        return sentences

    def _worded(self, caution: Text, declared: MeasurementModel, language: str) -> str:
        """A caution with the words for factors and items in place of their codes."""
        codes = [*declared.factors, *variables(read_model(declared.model))[0]]
        pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(codes, key=len, reverse=True))) + r")\b")
        return pattern.sub(lambda match: f"“{self.label(match[0]).to(language)}”", caution.to(language))

    def about_marker(self, language: str) -> str:
        if isinstance(self.marker, MarkerCheck):
            return self.marker.sentence(language)
        return self.marker.reason[language] if self.marker else self.specification.marker.reason.to(language)

    def about_benchmark(self, language: str) -> str:
        """What readers know as usual values, with their source and what they are."""
        known = self.specification.benchmark
        if known is None:
            return ""
        return say(
            "measurement.benchmark", language, source=known.source, cfi=known.cfi, rmsea=known.rmsea, srmr=known.srmr
        )


def _fit(found: Measured) -> dict[str, object]:
    model, gap = found.model, found.within.test if found.within else None
    test, indices = (model.judged, model.indices) if model else (None, None)
    return {
        "model": found.declared.code, "estimator": found.declared.estimator, "n": model.n if model else None,
        "lost": model.lost if model else None, "chi_square": test.chi_square if test else np.nan,
        "df": test.df if test else None, "p": test.p if test else np.nan, "cfi": indices.cfi if indices else np.nan,
        "tli": indices.tli if indices else np.nan, "rmsea": indices.rmsea if indices else np.nan,
        "rmsea_low": indices.rmsea_low if indices else np.nan, "rmsea_high": indices.rmsea_high if indices else np.nan,
        "srmr": model.srmr if model else np.nan, "difference": gap.chi_square if gap else np.nan,
        "difference_df": gap.df if gap else None, "difference_p": gap.p if gap else np.nan,
        "failure": found.failure.failure if found.failure else "",
    }  # fmt: skip


def measurement(specification: MeasurementSpecification, responses: Responses) -> Measurement:
    """Fit every declared model; one that fails leaves the others standing, with its reason."""
    done: dict[str, tuple[Measured, Prepared | None]] = {}
    for declared in specification.models:
        done[declared.code] = _measured(declared, responses, done)
    return Measurement(
        specification, tuple(found for found, _ in done.values()), _marked(specification, responses),
        responses.questionnaire, responses.synthetic,
    )  # fmt: skip


def _values(model: MeasurementModel, responses: Responses, more: tuple[str, ...] = ()) -> pd.DataFrame:
    items, _ = variables(read_model(model.model))
    return pd.DataFrame({name: responses.values(name) for name in (*items, *more)})


def _measured(
    declared: MeasurementModel, responses: Responses, done: dict[str, tuple[Measured, Prepared | None]]
) -> tuple[Measured, Prepared | None]:
    terms, values = read_model(declared.model), _values(declared, responses)
    try:
        prepared = prepare(terms, values, estimator=declared.estimator)
        model = fitted(terms, prepared)
    except ModelError as failure:
        return Measured(declared, None, failure), None
    within = None
    if declared.within in done:
        wide, other = done[declared.within]
        if wide.model is not None and other is not None and wide.declared.estimator == declared.estimator:
            within = difference(wide.model, model, _in_order(other, prepared))
    if declared.groups is None:
        return Measured(declared, model, None, within), prepared
    try:
        levels = invariance(terms, values, group_labels(declared.groups, responses), estimator=declared.estimator)
    except ModelError as failure:
        return Measured(declared, model, None, within, None, failure), prepared
    return Measured(declared, model, None, within, levels), prepared


def _in_order(wide: Prepared, strict: Prepared) -> Prepared:
    """The moments of the wider model, whose Jacobians both models share when their items stand in one order."""
    if wide.data.items != strict.data.items:
        raise ModelError("item order", terms=strict.data.items)
    return wide


def group_labels(groups: Groups, responses: Responses) -> pd.Series[str]:
    """The class of every respondent, missing where the answer is in none."""
    classes = {value: each.code for each in groups.classes for value in each.values}
    return responses.codes(groups.variable).map(classes).astype("str")


def _marked(specification: MeasurementSpecification, responses: Responses) -> MarkerCheck | ModelError | None:
    marker = specification.marker
    if not marker.variables:
        return None
    declared = next(model for model in specification.models if model.code == marker.model)
    try:
        return marker_check(read_model(declared.model), _values(declared, responses, marker.variables), marker.variables,
                            estimator=declared.estimator)  # fmt: skip
    except ModelError as failure:
        return failure
