"""What the items of each construct have in common: adequacy, number of factors and loadings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from clustergov.analysis.models.design import FitError
from clustergov.analysis.scales.adequacy import Adequacy, adequacy
from clustergov.analysis.scales.exploratory import Exploration, explore
from clustergov.analysis.scales.item_correlations import item_correlations
from clustergov.analysis.scales.parallel_analysis import ParallelAnalysis, parallel_analysis
from clustergov.analysis.scales.reliability import NotComputed, item_values, reliability_of_constructs
from clustergov.language import Text, both, say
from clustergov.survey.responses import Responses

LEAST_ITEMS = 6
"""Items of a construct from which on more than one factor can be told from one; own choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """Factors of the items of one construct, in polychoric correlations.

    Attributes
    ----------
    scale : str
    label : Text
    words : tuple of Text, length k
        What each item asks.
    adequacy : Adequacy
    parallel : ParallelAnalysis
        Answers shuffled within each item.
    exploration : Exploration
        As many factors as the parallel analysis of components counts, at least one; minres, oblimin.
    """

    scale: str
    label: Text
    words: tuple[Text, ...]
    adequacy: Adequacy
    parallel: ParallelAnalysis
    exploration: Exploration

    @property
    def outcome(self) -> Literal["none", "one", "count"]:
        """How many components rise above the shuffled answers."""
        count = self.parallel.component_count
        return "none" if count == 0 else "one" if count == 1 else "count"

    def sentence(self, language: str) -> str:
        return say(f"scales.structure.{self.outcome}", language, factors=self.exploration.factors, n=self.exploration.n,
                    k=len(self.exploration.items), first=float(self.parallel.components[0]),
                    limit=float(self.parallel.component_limits[0]), draws=self.parallel.draws)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotExplored:
    """A construct whose items were not explored, and why."""

    scale: str
    label: Text
    reason: Text


def structures_of_constructs(
    responses: Responses, *, seed: int = 1, draws: int = 100
) -> tuple[Structure | NotExplored, ...]:
    """Explore each construct of at least six items, turned as its scoring key says; of smaller ones nothing is told.

    Parameters
    ----------
    draws : int
        Of the parallel analysis of each construct.
    """
    found: list[Structure | NotExplored] = []
    for construct in responses.questionnaire.constructs:
        if len(construct.items) < LEAST_ITEMS:
            continue
        [scale] = [each for each in reliability_of_constructs(responses) if each.scale == construct.code]
        if isinstance(scale, NotComputed):
            found.append(NotExplored(scale.scale, scale.label, scale.reason))
            continue
        if len(scale.items) < LEAST_ITEMS:
            reason = both("scales.refused.items", k=len(scale.items), needed=LEAST_ITEMS)
            found.append(NotExplored(scale.scale, scale.label, reason))
            continue
        values = item_values(responses, scale)
        try:
            correlations = item_correlations(values, kind="polychoric")
            parallel = parallel_analysis(correlations, rng=np.random.default_rng(seed), draws=draws)
            explored = explore(correlations, max(parallel.component_count, 1))
            words = tuple(responses.variable(name).label for name in correlations.items)
            found.append(Structure(scale.scale, scale.label, words, adequacy(correlations), parallel, explored))
        except FitError as refusal:
            found.append(NotExplored(scale.scale, scale.label, refusal.reason))
    return tuple(found)
