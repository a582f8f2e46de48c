"""What a study does with each question: which are asked and used by no analysis, which analyses rest on what is not asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clustergov.analysis.claims.claim import Part
from clustergov.analysis.multiverse.source import origins
from clustergov.instruments.arithmetic import variables_of as computed_with
from clustergov.instruments.asking import asked_when
from clustergov.instruments.routing import parse_number
from clustergov.study.plan import Plan


@dataclass(frozen=True, slots=True)
class Use:
    """What one question, or construct, is used by.

    Attributes
    ----------
    code : str
    kind : {"question", "construct"}
    by : tuple of str
        Of: claims, drivers, the other analyses, indicators, constructs, routing. Empty: the reports describe it, nothing else is done.
    """

    code: str
    kind: str
    by: tuple[str, ...]


def uses(plan: Plan) -> tuple[Use, ...]:
    """Every question that has an answer, then every construct, in questionnaire order."""
    named: dict[str, dict[str, None]] = {}
    constructs = {construct.code: construct.items for construct in plan.questionnaire.constructs}
    for what, name in _named(plan):
        for each in (name, *constructs.get(name, ())):
            named.setdefault(each, {})[what] = None
    for item in (item for items in constructs.values() for item in items):
        named.setdefault(item, {})["constructs"] = None
    found = []
    for question in plan.questionnaire.questions:
        variables = plan.questionnaire.of(question.code)
        if variables:
            by = dict.fromkeys(what for variable in variables for what in named.get(variable.name, ()))
            found.append(Use(question.code, "question", tuple(by)))
    for code in constructs:
        found.append(Use(code, "construct", tuple(named.get(code, ()))))
    return tuple(found)


def _named(plan: Plan) -> Iterator[tuple[str, str]]:
    """What uses which variable or construct, in the order of a study."""
    for claim in plan.declared.claims.claims if plan.declared.claims is not None else ():
        for part in claim.parts:
            yield from (("claims", name) for name in _variables(plan, part))
    if plan.declared.drivers is not None:
        for predictor in plan.declared.drivers.predictors:
            if predictor.score_of:
                yield "drivers", predictor.score_of
            yield from (("drivers", name) for name in predictor.parts(plan.questionnaire))
        yield from (("drivers", name) for model in plan.declared.drivers.models for name in model.outcomes)
    yield from _declared(plan)
    for indicator in plan.questionnaire.indicators:
        yield from (("indicators", name) for name in computed_with(parse_number(indicator.formula)))
    for variable in plan.questionnaire.variables:
        condition = asked_when(variable)
        yield from (("routing", name) for name in (condition.variables if condition is not None else ()))


def _declared(plan: Plan) -> Iterator[tuple[str, str]]:
    """What measurement models, imputation, the sweet spot, the multiverse and the QCA use."""
    if plan.declared.measurement is not None:
        for model in plan.declared.measurement.models:
            yield from (
                ("measurement", name) for name in re.findall(r"\w+", model.model) if name in plan.questionnaire.by_name
            )
            if model.groups is not None:
                yield "measurement", model.groups.variable
    if plan.declared.missing is not None:
        yield from (("missing", name) for name in plan.declared.missing.auxiliary)
    if (spot := plan.declared.sweet_spot) is not None:
        for quantity in (spot.share, spot.outcome, *spot.held_equal):
            yield from (("sweet spot", name) for name in quantity.names)
        if spot.mean_share is not None:
            yield from (("sweet spot", name) for name in (spot.mean_share.year, spot.mean_share.country) if name)
    if plan.declared.multiverse is not None:
        for origin in origins(plan.declared.multiverse):
            yield from (("multiverse", name) for name in origin.names)
    if plan.declared.qca is not None:
        for entry in plan.declared.qca.sets:
            yield from (("qca", name) for name in entry.names)


def _variables(plan: Plan, part: Part) -> tuple[str, ...]:
    terms = plan.declared.claims.terms(part) if plan.declared.claims is not None else ()
    return (*part.variables, *(term.variable for term in terms))
