"""Reading ``survey/simulation.yml``: the declared model, checked against its questionnaire and solved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.problems import InputError, Problem
from clustergov.survey.synthetic.composition import Composition, with_mean_share
from clustergov.survey.synthetic.copula import Planted, assemble, attainable
from clustergov.survey.synthetic.declaration import CompositionEntry, Declaration, Declared, MarginalEntry
from clustergov.survey.synthetic.marginals import Marginal, from_probabilities, from_quantiles, mistakes
from clustergov.survey.synthetic.planted import planted_pairs
from clustergov.survey.synthetic.published import unmet
from clustergov.survey.synthetic.sketch_declaration import SketchDeclaration
from clustergov.yaml_file import Place, Positions, read

DRAWN = frozenset({"choice", "tick", "number"})
"""Kinds of variables that have a distribution; texts, dates and files stay blank."""


@dataclass(frozen=True)
class Simulation:
    """A declared model whose latent correlations are solved: ready to be drawn from.

    Attributes
    ----------
    declared : Declaration
        As the file says it.
    marginals : mapping of variable to Marginal
        In questionnaire order.
    compositions : mapping of question to Composition
        With weights scaled to the wanted mean share.
    planted : tuple of Planted
        Every declared pair.
    correlation : ndarray, shape (k, k)
        Of the latent normal variables, in the order of `marginals`; positive definite.
    """

    declared: Declaration
    marginals: dict[str, Marginal]
    compositions: dict[str, Composition]
    planted: tuple[Planted, ...]
    correlation: NDArray[np.float64]

    @property
    def seed(self) -> int:
        return self.declared.seed

    @property
    def n(self) -> int:
        return self.declared.respondents.value


def read_simulation(path: Path | str, questionnaire: Questionnaire) -> Simulation:
    """Read a declared model, check it against `questionnaire` and solve its latent correlations.

    Raises
    ------
    InputError
        With every mistake: unknown variables and codes, probabilities that do not add to 1, variables without a
        distribution, correlations out of reach or contradicting each other, published figures that are not met.
    """
    declared, positions = read(path, Declaration, wanted="the declared model of a simulation")
    problems = [*_names(declared, questionnaire, positions), *unsourced(declared, positions)]
    problems += mistaken_distributions(declared, questionnaire, positions)
    planted, mistaken = planted_pairs(declared, questionnaire, positions)
    problems += mistaken
    if problems:
        raise InputError(problems)
    marginals = {
        name: declared_marginal(questionnaire.by_name[name], declared.marginals[name])
        for name in _drawn(declared, questionnaire)
    }
    compositions, mistaken = solved_compositions(declared, questionnaire, positions)
    problems = [
        *mistaken,
        *out_of_reach(planted, marginals, positions),
        *unmet(declared, questionnaire, marginals, positions),
    ]
    problems += selected_by_routing(planted, questionnaire, positions)
    if problems:
        raise InputError(problems)
    try:
        correlation = assemble(planted, marginals)
    except InputError as error:
        place: Place = ("associations",)
        raise InputError([positions.problem(place, p.rule, p.message, p.fix) for p in error.problems]) from None
    return Simulation(declared, marginals, compositions, planted, correlation)


def _drawn(declared: Declaration, questionnaire: Questionnaire) -> Iterator[str]:
    """The variables on a latent normal one: all that are drawn but the parts of compositions."""
    parts = {variable.name for code in declared.compositions for variable in questionnaire.of(code)}
    return (v.name for v in questionnaire.variables if v.kind in DRAWN and v.name not in parts)


def declared_marginal(variable: Variable, entry: MarginalEntry) -> Marginal:
    """The distribution of a variable as a right declaration gives it."""
    if entry.probabilities is not None:
        return from_probabilities(variable, entry.probabilities)
    return from_quantiles(variable, entry.quantiles or ())


def _names(declared: Declaration, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    if declared.questionnaire != questionnaire.questionnaire:
        yield positions.problem(
            ("questionnaire",), "other-questionnaire", f"expected a model of “{questionnaire.questionnaire}”, found one of "
            f"“{declared.questionnaire}”.", "Name the questionnaire of this study.")  # fmt: skip
    drawn = set(_drawn(declared, questionnaire))
    for name in declared.marginals:
        if name not in drawn:
            known = name in questionnaire.by_name
            reason = "is a text or part of a composition" if known else "is no variable of the questionnaire"
            yield positions.problem(("marginals", name), "unknown-variable", f"“{name}” {reason}.", "Remove it.")
    for name in sorted(drawn - set(declared.marginals)):
        yield positions.problem(("marginals",), "missing-distribution", f"the variable “{name}” has no distribution.",
                                "Declare it: the model must say what every answer is drawn from.")  # fmt: skip
    for question in questionnaire.questions:
        if question.kind == "ranking":
            yield positions.problem((), "ranking", f"{question.code} is a ranking, which cannot be simulated.",
                                    "Leave the simulation out, or take another questionnaire.")  # fmt: skip
        if question.total is not None and question.code not in declared.compositions:
            yield positions.problem(("compositions",), "missing-composition", f"the numbers of {question.code} have to "
                                    f"add up to {question.total:g}.", "Declare a composition.")  # fmt: skip


def unsourced(declared: Declaration | SketchDeclaration, positions: Positions) -> Iterator[Problem]:
    """A published number without a source is no published number."""
    entries: list[tuple[Place, Declared]] = [(("respondents",), declared.respondents)]
    entries += [(("marginals", name), entry) for name, entry in declared.marginals.items()]
    for name, composition in declared.compositions.items():
        entries.append((("compositions", name, "mean share"), composition.mean_share))
        entries += [(("compositions", name, "parts", part), entry) for part, entry in composition.parts.items()]
    entries += [(("associations", place), entry) for place, entry in enumerate(declared.associations)]
    entries += [(("targets", place), entry) for place, entry in enumerate(declared.targets)]
    for at, entry in entries:
        if entry.mark in ("P", "S") and not entry.source:
            yield positions.problem(
                at, "source", f"the mark {entry.mark} needs a source.", "Name it, or mark it D or U."
            )


def mistaken_distributions(
    declared: Declaration | SketchDeclaration, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    for name, entry in declared.marginals.items():
        if name in questionnaire.by_name:
            found = mistakes(questionnaire.by_name[name], entry.probabilities, entry.quantiles)
            yield from (positions.problem(("marginals", name), *mistake) for mistake in found)


def solved_compositions(
    declared: Declaration | SketchDeclaration, questionnaire: Questionnaire, positions: Positions
) -> tuple[dict[str, Composition], list[Problem]]:
    built, problems = {}, []
    for code, entry in declared.compositions.items():
        parts = tuple(variable.name for variable in questionnaire.of(code))
        totals = [question.total for question in questionnaire.questions if question.code == code]
        at: Place = ("compositions", code)
        if not totals or not totals[0] or set(parts) != set(entry.parts):
            wanted = f"the parts {', '.join(parts)}" if parts else "a question of the questionnaire with a total"
            problems.append(positions.problem(at, "composition", f"expected {wanted}.", "Name exactly its parts."))
        elif set(entry.mean_share.parts) - set(parts) or (totals[0] / entry.step) % 1:
            problems.append(positions.problem(at, "composition", "expected a mean share of some of these parts, and a step "
                                              f"that divides {totals[0]:g}.", "Correct `mean share` or `step`."))  # fmt: skip
        else:
            try:
                built[code] = _composition(code, parts, entry, totals[0])
            except ValueError as error:
                problems.append(positions.problem((*at, "mean share"), "mean-share-out-of-reach", f"{error}; "
                                                  f"{entry.mean_share.share:g} is wanted.", "Change `present`."))  # fmt: skip
    return built, problems


def _composition(code: str, parts: tuple[str, ...], entry: CompositionEntry, total: float) -> Composition:
    plain = Composition(
        code,
        parts,
        np.array([entry.parts[part].present for part in parts]),
        np.array([entry.parts[part].weight for part in parts]),
        total,
        entry.step,
    )
    return with_mean_share(plain, frozenset(entry.mean_share.parts), entry.mean_share.share)


def out_of_reach(
    planted: tuple[Planted, ...], marginals: dict[str, Marginal], positions: Positions
) -> Iterator[Problem]:
    for pair in planted:
        a, b = marginals[pair.first], marginals[pair.second]
        if not pair.tau:
            continue
        if not (a.ordered and b.ordered):
            which = " and ".join(m.variable for m in (a, b) if not m.ordered)
            yield positions.problem(pair.where, "unordered", f"{which} has no order, so no rank correlation but 0.",
                                    "Plant 0, or another variable.")  # fmt: skip
            continue
        low, high = attainable(a, b)
        if not low < pair.tau < high:
            yield positions.problem(pair.where, "tau-out-of-reach", f"{pair.first} × {pair.second}: tau-b can be "
                                    f"{low:.3f} to {high:.3f} with these distributions, {pair.tau:g} is wanted.",
                                    "Plant less, or change the distributions.")  # fmt: skip


def selected_by_routing(
    planted: tuple[Planted, ...], questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    """Routing must not select: else shares and correlations of those asked would not be the declared ones."""
    tied = {frozenset((pair.first, pair.second)) for pair in planted if pair.tau}
    for pair in planted:
        if not pair.tau:
            continue
        for routed, partner in ((pair.first, pair.second), (pair.second, pair.first)):
            condition = asked_when(questionnaire.by_name[routed])
            for router in condition.variables if condition is not None else ():
                if router == partner or frozenset((router, partner)) in tied:
                    yield positions.problem(
                        pair.where, "routing-selects", f"{routed} is asked depending on {router}, which goes with "
                        f"{partner}: those asked would have another correlation than the planted one.",
                        f"Leave {routed} × {partner} or {router} × {partner} out.")  # fmt: skip
