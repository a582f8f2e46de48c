"""What can be wrong with a sketch of a simulation: names that are not there, effects that cannot be, shares beyond one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse
from clustergov.problems import InputError, Problem
from clustergov.survey.synthetic.copula import Planted
from clustergov.survey.synthetic.hazard import hazards
from clustergov.survey.synthetic.marginals import Marginal
from clustergov.survey.synthetic.planted import opened
from clustergov.survey.synthetic.sketch_declaration import EffectEntry, SketchDeclaration
from clustergov.yaml_file import Place, Positions

SPELLING = "Check its spelling."
DRAWN = frozenset({"choice", "tick", "number"})
"""Kinds of variables that have a distribution."""


def mistakes(declared: SketchDeclaration, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every mistake but those of effects, associations and distributions themselves."""
    if declared.questionnaire != questionnaire.questionnaire:
        yield positions.problem(
            ("questionnaire",), "other-questionnaire", f"expected a model of “{questionnaire.questionnaire}”, found one of "
            f"“{declared.questionnaire}”.", "Name the questionnaire that is answered.")  # fmt: skip
    for name in declared.marginals:
        yield from _distributed(name, questionnaire, positions)
    yield from _careless(declared, questionnaire, positions)
    yield from _nonresponse(declared, questionnaire, positions)
    yield from _dropout(declared, questionnaire, positions)


def _distributed(name: str, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    variable = questionnaire.by_name.get(name)
    if variable is None:
        reason, fix = "is no variable of the questionnaire", SPELLING
    elif variable.question.kind == "ranking":
        reason, fix = "is a place of a ranking, whose orders are drawn with equal chance", "Remove it."
    elif variable.question.total is not None:
        reason, fix = "is part of a total", "Declare the question under `compositions`."
    elif variable.kind not in DRAWN:
        reason, fix = f"is a {variable.kind} and has no distribution", "Remove it."
    else:
        return
    yield positions.problem(("marginals", name), "unknown-variable", f"“{name}” {reason}.", fix)


def _careless(declared: SketchDeclaration, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    entry = declared.careless
    if entry is None:
        return
    if not entry.kinds:
        yield positions.problem(
            ("careless", "kinds"), "careless", "expected at least one kind.", "Name one, or leave it out."
        )
    lists = any(question.kind == "array" for question in questionnaire.questions)
    for kind in entry.kinds:
        if kind != "random" and not lists and entry.share > 0:
            yield positions.problem(("careless",), "careless-nowhere", f"{kind} shows in lists of rows on one scale, and "
                                    "the questionnaire has none.", "Take random, or leave it out.")  # fmt: skip


def _nonresponse(declared: SketchDeclaration, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    for place, entry in enumerate(declared.nonresponse.exceptions):
        at: Place = ("nonresponse", "exceptions", place)
        names, unknown = opened(entry.questions, questionnaire)
        texts = {question.code for question in questionnaire.questions}
        for name in unknown:
            if name not in texts:
                yield positions.problem((*at, "questions"), "unknown-variable", f"“{name}” is no question, variable or "
                                        "construct of the questionnaire.", SPELLING)  # fmt: skip
        required = {
            questionnaire.by_name[name].question.code for name in names if questionnaire.by_name[name].question.required
        }
        for code in sorted(required) if entry.rate > 0 else ():
            yield positions.problem((*at, "questions"), "compulsory", f"{code} is compulsory: nobody can leave it open.",
                                    "Leave it out, or take `required` off the question.")  # fmt: skip
        yield from _condition(entry.when, questionnaire, (*at, "when"), positions)


def _condition(when: str, questionnaire: Questionnaire, at: Place, positions: Positions) -> Iterator[Problem]:
    if not when:
        return
    try:
        names = parse(when).variables
    except InputError as error:
        yield from (positions.problem(at, p.rule, p.message, p.fix) for p in error.problems)
        return
    for name in names:
        variable = questionnaire.by_name.get(name)
        if variable is None:
            yield positions.problem(at, "unknown-variable", f"“{name}” is no variable of the questionnaire.", SPELLING)
        elif variable.kind not in DRAWN or variable.question.kind == "ranking" or variable.question.total is not None:
            yield positions.problem(at, "not-drawn", f"{name} is a text, a place of a ranking or part of a total: it is "
                                    "not drawn before it is asked.", "Take another variable.")  # fmt: skip


def _dropout(declared: SketchDeclaration, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    entry, codes = declared.dropout, [section.code for section in questionnaire.sections]
    for code in entry.sections:
        at: Place = ("dropout", "sections", code)
        if code not in codes:
            yield positions.problem(at, "unknown-section", f"“{code}” is no section of the questionnaire; it has "
                                    f"{', '.join(codes)}.", SPELLING)  # fmt: skip
        elif code == codes[0]:
            yield positions.problem(at, "unreachable-dropout", f"“{code}” is the first section: nobody has begun before it.",
                                    "Name a later one.")  # fmt: skip
    if entry.start and len(codes) == 1:
        yield positions.problem(("dropout", "start"), "unreachable-dropout", "the questionnaire has one section only, and "
                                "respondents stop between sections.", "Leave dropout out.")  # fmt: skip
    found = hazards(entry, questionnaire)
    beyond = [code for code, hazard in zip(codes, found, strict=True) if hazard > 1]
    if beyond:
        yield positions.problem(("dropout", "growth"), "impossible-hazard", f"the hazard passes 1 before {', '.join(beyond)} "
                                f"({max(found):.2f}).", "Start lower, or let it grow less.")  # fmt: skip
        return
    certain = int(np.argmax(found >= 1)) if (found >= 1).any() else len(codes)
    for code in entry.sections:
        if code in codes and codes.index(code) > certain:
            yield positions.problem(("dropout", "sections", code), "unreachable-dropout", f"everybody has stopped before "
                                    f"{codes[certain]}: nobody gets to {code}.", "Lower the hazard before.")  # fmt: skip


def in_order(
    declared: SketchDeclaration, questionnaire: Questionnaire
) -> tuple[list[tuple[str, EffectEntry]], tuple[str, ...]]:
    """Outcomes with their effects, drivers that are outcomes first; and a circle of them where there is one."""
    entries = {name: entry for entry in declared.effects for name in opened(entry.outcome, questionnaire)[0]}
    sorter = TopologicalSorter({name: [d for d in entry.drivers if d in entries] for name, entry in entries.items()})
    try:
        return [(name, entries[name]) for name in sorter.static_order()], ()
    except CycleError as error:
        return [], tuple(error.args[1])


def effect_mistakes(
    declared: SketchDeclaration,
    questionnaire: Questionnaire,
    marginals: Mapping[str, Marginal],
    planted: Sequence[Planted],
    positions: Positions,
) -> Iterator[Problem]:
    """Effects whose names, kinds or combinations make no sense; and associations of variables without distribution."""
    tied = {name for pair in planted for name in (pair.first, pair.second)}
    seen: set[str] = set()
    for place, entry in enumerate(declared.effects):
        at: Place = ("effects", place)
        outcomes, unknown = opened(entry.outcome, questionnaire)
        for name in unknown:
            yield positions.problem((*at, "outcome"), "unknown-variable", f"the effects' outcome “{name}” is no variable, "
                                    "question or construct of the questionnaire.", SPELLING)  # fmt: skip
        for name in outcomes:
            yield from _numeric(name, "outcome", marginals, (*at, "outcome"), positions)
            if name in seen:
                yield positions.problem((*at, "outcome"), "duplicate-outcome", f"{name} has effects twice.",
                                        "Put all its drivers in one entry.")  # fmt: skip
            if name in tied:
                yield positions.problem((*at, "outcome"), "outcome-associated", f"{name} is the outcome of effects and stands "
                                        "under `associations` too: the effects decide what it goes with.", "Keep one.")  # fmt: skip
            seen.add(name)
        yield from _drivers(entry, questionnaire, marginals, at, positions)
    if circle := in_order(declared, questionnaire)[1]:
        yield positions.problem(("effects",), "circle", f"the effects go in a circle: {' → '.join(circle)}.", "Cut it.")
    for pair in planted:
        for name in (pair.first, pair.second):
            if name not in marginals:
                yield positions.problem(pair.where, "not-correlated", f"{name} is a place of a ranking or part of a total, "
                                        "which is independent of everything else.", "Leave it out.")  # fmt: skip


def _drivers(
    entry: EffectEntry, questionnaire: Questionnaire, marginals: Mapping[str, Marginal], at: Place, positions: Positions
) -> Iterator[Problem]:
    if not entry.drivers:
        yield positions.problem((*at, "drivers"), "effect", "expected at least one driver.", "Name one.")
    if len({coefficient.standardised is None for coefficient in entry.drivers.values()}) > 1:
        yield positions.problem((*at, "drivers"), "effect", "expected `step` for all drivers of an outcome or `standardised` "
                                "for all, found both.", "Take one of them.")  # fmt: skip
    for name in entry.drivers:
        where: Place = (*at, "drivers", name)
        if name not in questionnaire.by_name:
            yield positions.problem(where, "unknown-variable", f"the effects' driver “{name}” is no variable of the "
                                    "questionnaire.", SPELLING)  # fmt: skip
            continue
        yield from _numeric(name, "driver", marginals, where, positions)
        if name in marginals and np.count_nonzero(marginals[name].probabilities) < 2:
            yield positions.problem(where, "constant-driver", f"{name} has one value only, and what does not vary explains "
                                    "nothing.", "Give it a distribution.")  # fmt: skip


def _numeric(
    name: str, role: str, marginals: Mapping[str, Marginal], at: Place, positions: Positions
) -> Iterator[Problem]:
    if name not in marginals:
        yield positions.problem(at, "no-order", f"the {role} {name} is a text, a place of a ranking or part of a total.",
                                "Take a number, a tick or an ordered choice.")  # fmt: skip
    elif not marginals[name].ordered:
        yield positions.problem(at, "no-order", f"the {role} {name} is a choice without order and has no numbers.",
                                "Take a number, a tick or an ordered choice.")  # fmt: skip


def explained_away(
    too_much: Sequence[tuple[str, float]],
    declared: SketchDeclaration,
    questionnaire: Questionnaire,
    positions: Positions,
) -> list[Problem]:
    """Outcomes of which the standardised effects would leave nothing to chance."""
    place = {name: at for at, entry in enumerate(declared.effects) for name in opened(entry.outcome, questionnaire)[0]}
    return [
        positions.problem(("effects", place[name], "drivers"), "effects-too-large", f"the standardised effects on {name} would "
                          f"explain {share:.0%} of it; less than 100% can be.", "Make them smaller.")
        for name, share in too_much
    ]  # fmt: skip
