"""Reading a sketch of a simulation: what it declares is checked against the questionnaire, all else is made plausible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError, Problem
from clustergov.survey.synthetic.composition import Composition
from clustergov.survey.synthetic.copula import Planted, assemble
from clustergov.survey.synthetic.default_marginals import default_marginal
from clustergov.survey.synthetic.effects import Effect, solve_effects
from clustergov.survey.synthetic.hazard import hazards
from clustergov.survey.synthetic.marginals import Marginal
from clustergov.survey.synthetic.planted import planted_pairs
from clustergov.survey.synthetic.published import unmet
from clustergov.survey.synthetic.simulation_model import (
    DRAWN,
    declared_marginal,
    mistaken_distributions,
    out_of_reach,
    selected_by_routing,
    solved_compositions,
    unsourced,
)
from clustergov.survey.synthetic.sketch_declaration import DropoutEntry, NonresponseEntry, SketchDeclaration
from clustergov.survey.synthetic.sketch_mistakes import effect_mistakes, explained_away, in_order, mistakes
from clustergov.yaml_file import Positions, read


@dataclass(frozen=True)
class Sketch:
    """A simulation of which a part was declared, ready to be drawn from.

    Attributes
    ----------
    declared : SketchDeclaration
    marginals : mapping of variable to Marginal
        Of every choice, tick and number but places of a ranking and numbers with a total; in questionnaire order.
    compositions : mapping of question to Composition
        Those declared; other numbers with a total are divided at random.
    planted : tuple of Planted
    correlation : ndarray, shape (k, k)
        Of the latent normal variables, in the order of `marginals`.
    effects : tuple of Effect
        In an order in which each can be drawn.
    hazards : ndarray, shape (sections,)
        Chance to stop before each section, of those who came so far; 0 for the first.
    """

    declared: SketchDeclaration
    marginals: dict[str, Marginal]
    compositions: dict[str, Composition]
    planted: tuple[Planted, ...]
    correlation: NDArray[np.float64]
    effects: tuple[Effect, ...]
    hazards: NDArray[np.float64]

    @property
    def seed(self) -> int:
        return self.declared.seed

    @property
    def n(self) -> int:
        return self.declared.respondents.value

    def attentive(self) -> Sketch:
        """The same model with respondents who read everything, leave nothing open and go on to the end."""
        nothing = NonresponseEntry(rate=0, refused=0, not_applicable=0)
        careful = self.declared.model_copy(update={"careless": None, "nonresponse": nothing, "dropout": DropoutEntry()})
        return replace(self, declared=careful, hazards=np.zeros_like(self.hazards))


def plain_sketch(questionnaire: Questionnaire) -> Sketch:
    """A sketch that declares nothing: plausible answers to anything, independent of each other.

    Raises
    ------
    InputError
        The questionnaire asks nothing.
    """
    if not questionnaire.variables:
        raise InputError(_nothing_asked(questionnaire))
    declared = SketchDeclaration(simulation="plausible", questionnaire=questionnaire.questionnaire)
    marginals = _marginals(declared, questionnaire)
    correlation = np.eye(len(marginals))
    return Sketch(declared, marginals, {}, (), correlation, (), np.zeros(len(questionnaire.sections)))


def read_sketch(path: Path | str, questionnaire: Questionnaire) -> Sketch:
    """Read a sketch and check it against `questionnaire`.

    Raises
    ------
    InputError
        With every mistake, each with line and column.
    """
    declared, positions = read(path, SketchDeclaration, wanted="a sketch of a simulation")
    if not questionnaire.variables:
        raise InputError(_nothing_asked(questionnaire))
    planted, problems = planted_pairs(declared, questionnaire, positions)
    problems += [*mistakes(declared, questionnaire, positions), *unsourced(declared, positions)]
    wrong = list(mistaken_distributions(declared, questionnaire, positions))
    problems += wrong
    sound = {name for name in declared.marginals if not any(p.place == f"marginals.{name}" for p in problems)}
    marginals = _marginals(declared, questionnaire, sound)
    problems += effect_mistakes(declared, questionnaire, marginals, planted, positions)
    known = tuple(pair for pair in planted if pair.first in marginals and pair.second in marginals)
    problems += out_of_reach(known, marginals, positions)
    problems += selected_by_routing(known, questionnaire, positions)
    compositions, mistaken = solved_compositions(declared, questionnaire, positions)
    problems += mistaken
    if not problems:
        problems += unmet(declared, questionnaire, marginals, positions)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)))
    correlation = _correlation(planted, marginals, positions)
    effects, too_much = solve_effects(in_order(declared, questionnaire)[0], marginals, correlation)
    if too_much:
        raise InputError(explained_away(too_much, declared, questionnaire, positions))
    return Sketch(
        declared, marginals, compositions, planted, correlation, effects, hazards(declared.dropout, questionnaire)
    )


def _nothing_asked(questionnaire: Questionnaire) -> Problem:
    return Problem("nothing-asked", f"the questionnaire “{questionnaire.questionnaire}” has no question with an answer.",
                   "Name another, or add a question.")  # fmt: skip


def _marginals(
    declared: SketchDeclaration, questionnaire: Questionnaire, sound: set[str] | None = None
) -> dict[str, Marginal]:
    found: dict[str, Marginal] = {}
    for variable in questionnaire.variables:
        question = variable.question
        if variable.kind not in DRAWN or question.kind == "ranking" or question.total is not None:
            continue
        entry = declared.marginals.get(variable.name) if sound is None or variable.name in sound else None
        marginal = default_marginal(variable) if entry is None else declared_marginal(variable, entry)
        if marginal is not None:
            found[variable.name] = marginal
    return found


def _correlation(
    planted: tuple[Planted, ...], marginals: dict[str, Marginal], positions: Positions
) -> NDArray[np.float64]:
    try:
        return assemble(planted, marginals)
    except InputError as error:
        raise InputError(
            [positions.problem(("associations",), p.rule, p.message, p.fix) for p in error.problems]
        ) from None
