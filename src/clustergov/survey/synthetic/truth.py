"""What a simulation planted: the numbers that an analysis of its responses ought to find."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.problems import InputError, Problem
from clustergov.survey.synthetic.composition import Composition
from clustergov.survey.synthetic.copula import cells, tau_b
from clustergov.survey.synthetic.marginals import Marginal

Quantity = Literal[
    "tau", "share", "mean", "mean share", "highest mean", "lowest mean", "log odds ratio", "probit coefficient",
    "standardised effect",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One planted number.

    Attributes
    ----------
    quantity : Quantity
        A log odds ratio or probit coefficient is that of an outcome per unit of `other`, given its other drivers.
    variable : str
        For a mean share: the parts, joined by +.
    other : str
        The second variable of a tau; the codes or the cut of a share; the variables compared for highest and lowest.
    value : float
        In the population of those who answer. tau: −1..1; shares 0..1; means in the unit of `Responses.values`.
    published : str
        What the source says, such as ``0.17``, ``> 0.8``; empty where nothing is published and the number is ours.
    mark : str
        Of what is planted: P where the published figure is met, D or U where the number is our own.
    claim : int or None
    source, note : str
    """

    quantity: Quantity
    variable: str
    other: str
    value: float
    published: str
    mark: str
    claim: int | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Truth:
    """The population that simulated responses are drawn from.

    All numbers hold for those who answer: missing answers are missing at random, and routing does not select.

    Attributes
    ----------
    targets : tuple of Target
        Everything declared: each planted tau, each published share, order and mean share.
    marginals : mapping of variable to Marginal
    marks : mapping of variable to mark
        What the distribution of each variable rests on.
    compositions : mapping of question to Composition
    correlation : ndarray, shape (k, k)
        Of the latent normal variables, in the order of `marginals`.
    mean_public_share : float or None
        0..1; of the first composition's declared group (for the shipped questionnaire: public funding).
    drivers : mapping of outcome to variables
        Of outcomes that depend on planted effects: all drivers behind them. What such an outcome goes with is not among
        the latent correlations.
    """

    targets: tuple[Target, ...]
    marginals: Mapping[str, Marginal]
    marks: Mapping[str, str]
    compositions: Mapping[str, Composition]
    correlation: NDArray[np.float64]
    mean_public_share: float | None
    drivers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def tau(self, first: str, second: str) -> float | None:
        """Kendall's tau-b of two variables in the population; None where the model does not fix it.

        Variables that are independent have 0, also unordered ones and parts of a composition.
        """
        if first == second:
            return None
        rho = self.latent(first, second)
        if rho is None or rho == 0:
            return rho
        a, b = self.marginals[first], self.marginals[second]
        return tau_b(cells(a, b, rho))

    def dominance(self, first: str, second: str) -> float | None:
        """P(first > second) − P(first < second) within persons, as numbers or places in the scale; as `tau` otherwise None."""
        rho = self.latent(first, second)
        if rho is None or not {first, second} <= set(self.marginals):
            return None
        a, b = self.marginals[first], self.marginals[second]
        higher = np.sign(a.scores[:, np.newaxis] - b.scores)
        return float(np.sum(higher * cells(a, b, rho))) if a.ordered and b.ordered else None

    def latent(self, first: str, second: str) -> float | None:
        """The correlation of the two latent normal variables; 0 for parts of a composition with all else."""
        parts = {part: question for question, shares in self.compositions.items() for part in shares.parts}
        names = tuple(self.marginals)
        if not {first, second} <= {*names, *parts} or (first in parts and parts.get(second) == parts[first]):
            return None
        if first in parts or second in parts:
            return 0.0
        if self.drivers and not self._unrelated(first, second):
            return None
        return float(self.correlation[names.index(first), names.index(second)])

    def _unrelated(self, first: str, second: str) -> bool:
        """Whether no planted effect ties two variables: the correlation of their latent variables tells all."""
        names = tuple(self.marginals)
        for one, other in ((first, second), (second, first)):
            behind = self.drivers.get(one, frozenset())
            reach = {other, *self.drivers.get(other, ())}
            if behind & reach or (one in self.drivers and any(
                self.correlation[names.index(driver), names.index(name)] for driver in behind for name in reach
            )):  # fmt: skip
                return False
        return True

    def partial(self, first: str, second: str, given: Collection[str]) -> float | None:
        """The partial correlation of the latent variables given others: what an adjusted association is about.

        Its sign, and whether it is 0, carry over to an ordinal probit regression on the latent scale; its size is not
        a regression coefficient of observed variables. Variables that the model does not have, and parts of a
        composition, are independent of all else and drop out.
        """
        names = tuple(self.marginals)
        if first not in names or second not in names:
            return self.latent(first, second)
        if {first, second, *given} & set(self.drivers):
            return None
        others = [name for name in given if name in names and name not in (first, second)]
        places = [names.index(name) for name in (first, second, *others)]
        precision = np.linalg.inv(self.correlation[np.ix_(places, places)])
        return float(-precision[0, 1] / np.sqrt(precision[0, 0] * precision[1, 1])) + 0.0

    def share(self, variable: str, codes: Collection[str]) -> float:
        """The share of those who answer `variable` that give one of `codes`."""
        return self.marginals[variable].share(codes)

    def share_above(self, variable: str, cut: float) -> float:
        """The share of those who answer `variable` whose number is above `cut`."""
        return self.marginals[variable].share_above(cut)

    def mean(self, variable: str) -> float:
        """The mean of `variable`, in the numbers of `Responses.values`."""
        for composition in self.compositions.values():
            if variable in composition.parts:
                return composition.means()[variable]
        return self.marginals[variable].mean()

    def mark(self, variable: str) -> str:
        """What the distribution of `variable` rests on: P, S, D or U."""
        return self.marks[variable]

    def frame(self) -> pd.DataFrame:
        """One row per declared target, then the mean of every ordered variable."""
        rows = [*self.targets, *self._means()]
        columns = list(Target.__slots__)
        frame = pd.DataFrame([[getattr(row, column) for column in columns] for row in rows], columns=columns)
        return frame.astype({"claim": "Int64"})

    def _means(self) -> list[Target]:
        ordered = [name for name, marginal in self.marginals.items() if marginal.ordered]
        parts = [part for composition in self.compositions.values() for part in composition.parts]
        return [Target("mean", name, "", self.mean(name), "", self.marks[name]) for name in (*ordered, *parts)]

    def plain(self) -> dict[str, Any]:
        """The truth as plain data, for JSON: targets, every distribution, every latent correlation that is not 0."""
        names = tuple(self.marginals)
        pairs = np.argwhere(np.triu(self.correlation, 1))
        return {
            "synthetic": True,
            "mean public share": self.mean_public_share,
            "targets": [{field: getattr(row, field) for field in Target.__slots__} for row in self.targets],
            "distributions": {
                name: {
                    "mark": self.marks[name],
                    "probabilities": {
                        str(value): float(p)
                        for value, p in zip(marginal.values, marginal.probabilities, strict=True)
                        if p > 0
                    },
                }
                for name, marginal in self.marginals.items()
            },
            "latent correlations": [[names[i], names[j], float(self.correlation[i, j])] for i, j in pairs],
        }


def write_truth(truth: Truth, path: Path | str) -> tuple[Path, Path]:
    """Write `path` with suffix .csv (the table) and with suffix .json (everything); return both paths.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    table, whole = Path(path).with_suffix(".csv"), Path(path).with_suffix(".json")
    try:
        table.write_text(truth.frame().to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")
        whole.write_text(json.dumps(truth.plain(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(
            Problem("unwritable", f"cannot be written: {error.strerror}.", "Choose another folder.", file=str(table))
        ) from None
    return table, whole
