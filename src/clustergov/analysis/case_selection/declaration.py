"""Which organisations are to be looked at more closely, declared as data before any of them is: rules, how many, why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from clustergov.analysis.case_selection.distance import Distance
from clustergov.analysis.models.driver_specification import DriverSpecification, Model
from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions, read

Rule = Literal[
    "typical", "deviant high", "deviant low", "influential", "extreme", "diverse", "most similar", "most different"
]
"""Seawright, J. & Gerring, J. (2008). Case selection techniques in case study research: a menu of qualitative and
quantitative options. Political Research Quarterly 61(2), 294–308; deviant cases above and below the model apart."""

PAIRS: tuple[Rule, ...] = ("most similar", "most different")


class SelectionRule(Entry):
    """One rule.

    Attributes
    ----------
    count : int
        How many organisations, or pairs of them.
    driver : str
        influential: on whose coefficient (DFBETAS); none: on all of them (Cook's distance). extreme: of which driver; none:
        of the outcome. diverse: along which driver; needed.
    apart : float or None
        most similar: the least difference of the outcome within a pair, in its own units.
    within : float or None
        most different: the largest difference of the outcome within a pair.
    reason : Text
        What a look at such organisations is for, written before they are known.
    """

    rule: Rule
    count: int = Field(ge=1, le=50)
    driver: str = ""
    apart: float | None = Field(default=None, gt=0)
    within: float | None = Field(default=None, ge=0)
    reason: Text


class SelectionSpecification(Entry):
    """What ``analysis/case-selection.yml`` says.

    Attributes
    ----------
    model, outcome : str
        A model of the declaration of drivers, and one of its outcomes.
    distance : {"mahalanobis", "gower"}
        Between organisations, for pairs.
    level : float
        Of prediction intervals.
    seed : int
        Decides among organisations that a rule cannot tell apart, and nothing else.
    """

    title: Text
    model: str
    outcome: str
    distance: Distance = "mahalanobis"
    level: float = Field(default=0.95, gt=0.5, lt=1)
    seed: int = Field(ge=0)
    mark: Mark
    rules: tuple[SelectionRule, ...] = Field(min_length=1)

    def model_of(self, drivers: DriverSpecification) -> Model:
        """The model that is named."""
        return next(model for model in drivers.models if model.code == self.model)


def read_selection(path: Path | str, drivers: DriverSpecification) -> SelectionSpecification:
    """Read a declaration of case selection and hold it against the declared models.

    Raises
    ------
    InputError
        With every mistake: a model, outcome or driver that is not declared, a rule twice, options that belong to another
        rule, a rule without what it needs, a reason in one language only.
    """
    specification, positions = read(path, SelectionSpecification, wanted="a declaration of case selection")
    problems = [
        *_model(specification, drivers, positions),
        *_rules(specification, drivers, positions),
        *_languages(specification, positions),
    ]
    if problems:
        raise InputError(problems)
    return specification


def _model(
    specification: SelectionSpecification, drivers: DriverSpecification, positions: Positions
) -> Iterator[Problem]:
    models = {model.code: model for model in drivers.models}
    if specification.model not in models:
        yield positions.problem(("model",), "unknown-model", f"no model “{specification.model}” is declared.",
                                f"Expected one of: {', '.join(models)}.")  # fmt: skip
    elif specification.outcome not in models[specification.model].outcomes:
        there = ", ".join(models[specification.model].outcomes)
        yield positions.problem(("outcome",), "unknown-outcome",
                                f"the model “{specification.model}” has no outcome “{specification.outcome}”.",
                                f"Expected one of: {there}.")  # fmt: skip


def _rules(
    specification: SelectionSpecification, drivers: DriverSpecification, positions: Positions
) -> Iterator[Problem]:
    known = [predictor.code for predictor in drivers.predictors]
    seen: set[tuple[str, str]] = set()
    for index, rule in enumerate(specification.rules):
        place: Place = ("rules", index)
        if (rule.rule, rule.driver) in seen:
            yield positions.problem(place, "rule-twice", f"the rule “{rule.rule}” stands twice.", "Remove one.")
        seen.add((rule.rule, rule.driver))
        if rule.driver and rule.driver not in known:
            yield positions.problem((*place, "driver"), "unknown-driver", f"no driver “{rule.driver}” is declared.",
                                    f"Expected one of: {', '.join(known)}.")  # fmt: skip
        yield from _options(rule, place, positions)


def _options(rule: SelectionRule, place: Place, positions: Positions) -> Iterator[Problem]:
    """An option of another rule is a misunderstanding; a rule that lacks its own decides nothing."""
    takes = {"driver": ("influential", "extreme", "diverse"), "apart": ("most similar",), "within": ("most different",)}
    needs = {"driver": ("diverse",), "apart": ("most similar",), "within": ("most different",)}
    for name in takes:
        given = getattr(rule, name) not in ("", None)
        if given and rule.rule not in takes[name]:
            yield positions.problem((*place, name), "option-of-another-rule",
                                    f"`{name}` says nothing of “{rule.rule}”.",
                                    f"It belongs to: {', '.join(takes[name])}.")  # fmt: skip
        if not given and rule.rule in needs[name]:
            yield positions.problem(place, "rule-incomplete", f"“{rule.rule}” needs `{name}`.", f"Give `{name}`.")


def _languages(specification: SelectionSpecification, positions: Positions) -> Iterator[Problem]:
    texts: list[tuple[Place, Text]] = [(("title",), specification.title)]
    texts += [(("rules", index, "reason"), rule.reason) for index, rule in enumerate(specification.rules)]
    for place, text in texts:
        if missing := [language for language in ("nl", "en") if language not in text]:
            yield positions.problem(place, "missing-language", f"the text is not there in: {', '.join(missing)}.",
                                    "Every text here stands in nl and en.")  # fmt: skip
