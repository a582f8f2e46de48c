"""How missing answers are imputed, declared as data: how often, by which methods, with what besides the models' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.instruments.questionnaire import Mark, Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions, read


class Methods(Entry):
    """The method per kind of answer."""

    two_values: Literal["logit", "pmm"] = "logit"
    ordered: Literal["pmm", "ordinal"] = "pmm"
    numbers: Literal["pmm", "norm"] = "pmm"


class MissingSpecification(Entry):
    """What is declared before the data are seen.

    Attributes
    ----------
    imputations, iterations : int
    auxiliary : tuple of str
        Variables that enter no model and help to impute: because they go with what is missing, or with its being so.
    """

    title: Text
    imputations: int = Field(default=20, ge=2, le=500)
    iterations: int = Field(default=20, ge=1, le=500)
    methods: Methods = Methods()
    auxiliary: tuple[str, ...] = ()
    reason: Text
    mark: Mark


def read_missing(path: Path | str, questionnaire: Questionnaire) -> MissingSpecification:
    """Read a declaration of imputation and hold it against the questionnaire.

    Raises
    ------
    InputError
        With every mistake: auxiliary variables that are not there, have no numbers or stand twice.
    """
    specification, positions = read(
        path, MissingSpecification, wanted="a declaration of how missing answers are imputed"
    )
    if problems := list(_auxiliary(specification, questionnaire, positions)):
        raise InputError(problems)
    return specification


def _auxiliary(
    specification: MissingSpecification, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    for at, name in enumerate(specification.auxiliary):
        place: Place = ("auxiliary", at)
        if name in specification.auxiliary[:at]:
            yield positions.problem(place, "duplicate-code", f"“{name}” stands twice.", "Remove one.")
        if name not in questionnaire.by_name:
            yield positions.problem(place, "unknown-variable", f"the questionnaire has no variable “{name}”.",
                                    "Use the name of a variable, such as code or code_item.")  # fmt: skip
            continue
        variable = questionnaire.by_name[name]
        ordered = variable.scale is not None and variable.scale.ordered
        if variable.kind not in ("number", "tick") and not ordered:
            yield positions.problem(place, "no-order", f"“{name}” is text or a choice without order and has no numbers.",
                                    "Use a number, a tick or an ordered choice.")  # fmt: skip
