"""Measurement models declared as data: items, factors, estimator, groups to compare, marker, benchmark, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.analysis.scales.confirmatory.model_syntax import Term, read_model
from clustergov.analysis.scales.confirmatory.parameter_table import variables
from clustergov.instruments.questionnaire import Mark, Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions, read


class GroupClass(Entry):
    """Answers that make one group."""

    code: str
    label: Text
    values: tuple[str, ...] = Field(min_length=1)


class Groups(Entry):
    """Groups to compare: classes of the answers to one choice; respondents in no class are left out and counted."""

    variable: str
    classes: tuple[GroupClass, ...] = Field(min_length=2)


class MeasurementModel(Entry):
    """One model.

    Attributes
    ----------
    model : str
        In lavaan's syntax.
    factors : mapping of factor to its words
    within : str
        Code of a wider model of the same items that this one is tested against.
    groups : Groups or None
        Over which it is fitted in levels of invariance.
    """

    code: str
    title: Text
    estimator: Literal["ML", "MLR", "WLSMV"]
    model: str
    factors: Mapping[str, Text]
    within: str = ""
    groups: Groups | None = None
    reason: Text
    source: str = ""
    mark: Mark


class Marker(Entry):
    """A marker for the check of common-method variance, or why there is none."""

    variables: tuple[str, ...] = ()
    model: str = ""
    reason: Text


class Benchmark(Entry):
    """Values of fit indices that readers know; held beside what is found, and named with their source."""

    cfi: float = Field(gt=0, lt=1)
    rmsea: float = Field(gt=0, lt=1)
    srmr: float = Field(gt=0, lt=1)
    source: str
    mark: Mark


class MeasurementSpecification(Entry):
    title: Text
    level: float = Field(default=0.95, gt=0.5, lt=1)
    mark: Mark
    benchmark: Benchmark | None = None
    models: tuple[MeasurementModel, ...] = Field(min_length=1)
    marker: Marker


def read_measurement(path: Path | str, questionnaire: Questionnaire) -> MeasurementSpecification:
    """Read declared measurement models and hold them against the questionnaire.

    Raises
    ------
    InputError
        With every mistake: of the models' syntax, items that are not there or have no order, factors without words,
        groups that are not answers, codes that stand twice.
    """
    specification, positions = read(path, MeasurementSpecification, wanted="a declaration of measurement models")
    problems: list[Problem] = []
    known: dict[str, tuple[str, ...]] = {}
    for index, model in enumerate(specification.models):
        problems += _model(model, ("models", index), known, questionnaire, positions)
    problems += _marker(specification.marker, known, questionnaire, positions)
    if problems:
        raise InputError(problems)
    return specification


def _model(
    model: MeasurementModel, place: Place, known: dict[str, tuple[str, ...]], questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:  # fmt: skip
    if model.code in known:
        yield positions.problem((*place, "code"), "duplicate-code", f"the model “{model.code}” stands twice.",
                                "Rename or remove one.")  # fmt: skip
    try:
        terms: tuple[Term, ...] = read_model(model.model)
    except InputError as error:
        for problem in error.problems:
            where = f"line {problem.line}, column {problem.column} of the model: "
            yield positions.problem((*place, "model"), problem.rule, where + problem.message, problem.fix)
        return
    items, factors = variables(terms)
    for item in items:
        yield from _ordered(item, (*place, "model"), questionnaire, positions)
    yield from _words(model, factors, place, positions)
    if model.within and set(known.get(model.within, ())) != set(items):
        yield positions.problem((*place, "within"), "within", f"no model “{model.within}” of the same items stands before this one.",
                                "Name an earlier model with the same items.")  # fmt: skip
    known[model.code] = items
    if model.groups is not None:
        yield from _groups(model.groups, (*place, "groups"), questionnaire, positions)


def _words(model: MeasurementModel, factors: tuple[str, ...], place: Place, positions: Positions) -> Iterator[Problem]:
    for factor in factors:
        if factor not in model.factors:
            yield positions.problem((*place, "factors"), "factor-words", f"the factor “{factor}” has no words.",
                                    "Give its name in every language.")  # fmt: skip
    for factor in model.factors:
        if factor not in factors:
            yield positions.problem((*place, "factors", factor), "unknown-factor", f"the model has no factor “{factor}”.",
                                    "Use the names of the model's factors.")  # fmt: skip


def _ordered(name: str, place: Place, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    if name not in questionnaire.by_name:
        yield positions.problem(place, "unknown-variable", f"the questionnaire has no variable “{name}”.",
                                "Use the name of a variable, such as code or code_item.")  # fmt: skip
        return
    variable = questionnaire.by_name[name]
    if variable.kind not in ("number", "tick") and (variable.scale is None or not variable.scale.ordered):
        yield positions.problem(place, "no-order", f"“{name}” is text or a choice without order and has no numbers.",
                                "Use a number, a tick or an ordered choice.")  # fmt: skip


def _groups(groups: Groups, place: Place, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    found = questionnaire.by_name.get(groups.variable)
    if found is None or found.kind != "choice" or found.scale is None:
        yield positions.problem((*place, "variable"), "unknown-variable", f"“{groups.variable}” is no choice of the questionnaire.",
                                "Name a question with one answer out of several.")  # fmt: skip
        return
    codes, seen = set(found.scale.codes), set[str]()
    for index, each in enumerate(groups.classes):
        for value in each.values:
            if value not in codes or value in seen:
                why = "stands in two classes" if value in seen else f"is no answer to {groups.variable}"
                yield positions.problem((*place, "classes", index, "values"), "group-value", f"“{value}” {why}.",
                                        "List each answer in one class at most.")  # fmt: skip
            seen.add(value)


def _marker(
    marker: Marker, known: Mapping[str, tuple[str, ...]], questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    if not marker.variables:
        return
    for name in marker.variables:
        yield from _ordered(name, ("marker", "variables"), questionnaire, positions)
    if marker.model not in known:
        yield positions.problem(("marker",), "unknown-model", f"no model has the code “{marker.model}”.",
                                "Name the model that the marker is held against.")  # fmt: skip
    elif inside := [name for name in marker.variables if name in known[marker.model]]:
        yield positions.problem(("marker", "variables"), "marker-item", f"“{inside[0]}” is an item of that model.",
                                "A marker belongs to no factor.")  # fmt: skip
