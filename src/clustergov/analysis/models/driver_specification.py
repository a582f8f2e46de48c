"""What enters the models of performance, declared as data: outcomes, predictors with their step, role and reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.instruments.questionnaire import Mark, Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.survey.origin import Origin, without_numbers
from clustergov.yaml_file import Entry, Place, Positions, read

Role = Literal["driver", "confounder"]
"""driver: its own association is asked for. confounder: held fixed, because it precedes both drivers and outcomes."""


class Predictor(Origin):
    """One predictor.

    Attributes
    ----------
    per : float
        The meaningful step: estimates are per this many units.
    step : Text
        The same in words.
    """

    code: str
    label: Text
    step: Text
    per: float = Field(default=1, gt=0)
    role: Role
    reason: Text
    source: str = ""
    mark: Mark


class Model(Entry):
    """One table: outcomes that share predictors, estimation sample and family of tests.

    ordinal: each outcome an ordered choice, by the cumulative logit. linear: each a construct or a number.
    """

    code: str
    kind: Literal["ordinal", "linear"]
    title: Text
    outcomes: tuple[str, ...] = Field(min_length=1)


class DriverSpecification(Entry):
    title: Text
    level: float = Field(default=0.95, gt=0.5, lt=1)
    mark: Mark
    models: tuple[Model, ...] = Field(min_length=1)
    predictors: tuple[Predictor, ...] = Field(min_length=1)


def read_drivers(path: Path | str, questionnaire: Questionnaire) -> DriverSpecification:
    """Read a declaration of drivers and hold it against the questionnaire.

    Raises
    ------
    InputError
        With every mistake: unknown variables and constructs, values that have no order, a composition that enters
        whole, an outcome that is also part of a predictor, codes that stand twice.
    """
    specification, positions = read(path, DriverSpecification, wanted="a declaration of drivers")
    problems = [
        *_predictors(specification, questionnaire, positions),
        *_outcomes(specification, questionnaire, positions),
    ]
    if problems:
        raise InputError(problems)
    return specification


def _predictors(
    specification: DriverSpecification, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, predictor in enumerate(specification.predictors):
        place: Place = ("predictors", index)
        if predictor.code in seen:
            yield positions.problem((*place, "code"), "duplicate-code", f"the predictor “{predictor.code}” stands twice.",
                                    "Rename or remove one.")  # fmt: skip
        seen.add(predictor.code)
        yield from predictor.problems(place, questionnaire, positions)
    yield from _compositions(specification, questionnaire, positions)


def _compositions(
    specification: DriverSpecification, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    """Numbers with a fixed total: their sum is a constant, so not all of them may stand in one design."""
    used = [name for p in specification.predictors if not p.score_of for name in p.parts(questionnaire)]
    for question in questionnaire.questions:
        names = {variable.name for variable in questionnaire.of(question.code)}
        if question.total is not None and names and names <= set(used):
            yield positions.problem(("predictors",), "composition",
                                    f"all parts of “{question.code}” enter, and they always add up to {question.total:g}: "
                                    "a composition never enters a model whole.",
                                    "Leave one part out, or take ratios.")  # fmt: skip


def _outcomes(
    specification: DriverSpecification, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    constructs = {construct.code: construct for construct in questionnaire.constructs}
    parts = {name for p in specification.predictors for name in p.parts(questionnaire)}
    codes = [model.code for model in specification.models]
    for index, model in enumerate(specification.models):
        if codes.index(model.code) != index:
            yield positions.problem(("models", index, "code"), "duplicate-code", f"the model “{model.code}” stands twice.",
                                    "Rename or remove one.")  # fmt: skip
        for number, outcome in enumerate(model.outcomes):
            place: Place = ("models", index, "outcomes", number)
            if outcome in model.outcomes[:number]:
                yield positions.problem(
                    place, "duplicate-code", f"the outcome “{outcome}” stands twice.", "Remove one."
                )
            items: tuple[str, ...] = (outcome,)
            if model.kind == "linear" and outcome in constructs:
                items = constructs[outcome].items
            else:
                yield from without_numbers(outcome, place, questionnaire, positions)
                known = questionnaire.by_name.get(outcome)
                if model.kind == "ordinal" and known is not None and known.kind == "number":
                    yield positions.problem(place, "no-classes", f"“{outcome}” is a number; an ordinal model needs classes.",
                                            "Put it in a linear model.")  # fmt: skip
            if shared := sorted(parts & set(items)):
                yield positions.problem(place, "shared-part",
                                        f"“{outcome}” is made of {', '.join(shared)}, which a predictor uses too.",
                                        "An outcome cannot be explained by its own parts: remove one of the two.")  # fmt: skip
