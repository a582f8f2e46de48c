"""Regression and QCA side by side: which organisations with the outcome each of them accounts for, and which neither does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.language import Text, say
from clustergov.survey.disclosure import suppress

Kind = Literal["regression", "qca"]


@dataclass(frozen=True, slots=True)
class Path:
    """One way to the outcome.

    Attributes
    ----------
    label : Text
        A term of a solution, such as ``A*~B``; or the model.
    covered : frozenset of str
        Organisations with the outcome that it accounts for.
    against : frozenset of str
        Organisations without the outcome for which it expects it.
    """

    kind: Kind
    label: Text
    covered: frozenset[str]
    against: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """Paths of both kinds over the organisations that both analyses have.

    Attributes
    ----------
    n, present : int
        Organisations in both, and those of them with the outcome.
    paths : tuple of Path
        The regression first.
    both, regression, qca, neither : frozenset of str
        Organisations with the outcome, by which of the two accounts for them.
    names : mapping
        Who may be named; others are only counted.
    minimum : int or None
        Smallest count that is shown.
    models : int
        Models that the solution has; the terms are those of the first.
    """

    n: int
    present: int
    paths: tuple[Path, ...]
    both: frozenset[str]
    regression: frozenset[str]
    qca: frozenset[str]
    neither: frozenset[str]
    names: Mapping[str, Text]
    minimum: int | None
    models: int = 1

    def counts(self) -> dict[str, int | None]:
        """Organisations with the outcome per group; None where hidden, with others from which it could be worked out."""
        table = pd.DataFrame([[len(self.both), len(self.regression)], [len(self.qca), len(self.neither)]], dtype=float)
        shown = table if self.minimum is None else suppress(table, self.minimum)
        names = ("both", "regression", "qca", "neither")
        cells = np.asarray(shown, dtype=float).ravel()
        return {name: None if np.isnan(value) else int(value) for name, value in zip(names, cells, strict=True)}

    def covered(self, path: Path) -> int | None:
        """How many with the outcome a path covers; None where that number, or one that it gives away, is too small.

        Beside it stand the number of all with the outcome, of those that QCA accounts for, and the counts of other paths:
        the rest of either, and what two paths have in common, follow by subtraction.
        """
        rests = [len(path.covered), self.present - len(path.covered)]
        terms = [one for one in self.paths if one.kind == "qca"]
        if path.kind == "qca":
            rests.append(len((self.both | self.qca) - path.covered))
            if len(terms) == 2:
                rests.append(len(terms[0].covered & terms[1].covered))
        return self._shown(len(path.covered), rests)

    def against(self, path: Path) -> int | None:
        """How many without the outcome a path expects to have it; None where that or the rest is too small."""
        return self._shown(len(path.against), [len(path.against), self.n - self.present - len(path.against)])

    def _shown(self, count: int, rests: Sequence[int]) -> int | None:
        if self.minimum is not None and any(0 < rest < self.minimum for rest in rests):
            return None
        return None if all(found is None for found in self.counts().values()) else count

    def named(self, members: frozenset[str], language: str) -> tuple[str, ...]:
        """The names of those who may be named, in order."""
        return tuple(sorted(self.names[who].to(language) for who in members if who in self.names))

    def frame(self, language: str = "en") -> pd.DataFrame:
        """One row per path and per group: kind, path, covered, against, names; missing where a count is hidden."""
        rows: list[tuple[object, ...]] = [
            (path.kind, path.label.to(language), self.covered(path), self.against(path),
             "; ".join(self.named(path.covered, language)))
            for path in self.paths
        ]  # fmt: skip
        counts = self.counts()
        for group in ("both", "regression", "qca", "neither"):
            members: frozenset[str] = getattr(self, group)
            rows.append(("group", group, counts[group], None, "; ".join(self.named(members, language))))
        frame = pd.DataFrame(rows, columns=["kind", "path", "covered", "against", "names"])
        return frame.astype({"covered": "Int64", "against": "Int64"})

    def sentence(self, language: str) -> str:
        hidden = say("joint.paths.hidden", language)
        told = {name: hidden if found is None else str(found) for name, found in self.counts().items()}
        present = self._shown(self.present, [self.present, self.n - self.present])
        told["present"] = hidden if present is None else str(present)
        several = say("joint.paths.models", language, models=self.models) if self.models > 1 else ""
        return f"{say('joint.paths.summary', language, n=self.n, **told)} {several}".rstrip()


def side_by_side(
    expected: Mapping[str, bool],
    present: Mapping[str, bool],
    terms: Sequence[tuple[str, Mapping[str, bool]]],
    *,
    names: Mapping[str, Text],
    minimum: int | None,
    models: int = 1,
) -> SideBySide:
    """Compare a regression with the terms of one model of a QCA solution.

    Parameters
    ----------
    expected : mapping of str to bool
        Organisation → whether the regression predicts the outcome: a value beyond the crossover of its calibration.
    present : mapping of str to bool
        Organisation → whether its membership in the outcome is above 0.5.
    terms : sequence of (str, mapping of str to bool)
        Per term its text, and organisation → whether its membership in it is above 0.5.
    names : mapping of str to Text
        Organisations that may be named.
    """
    shared = [who for who in present if who in expected]
    paths = [_path("regression", Text({"nl": "model", "en": "model"}), expected, present, shared)]
    paths += [_path("qca", Text({"nl": text, "en": text}), held, present, shared) for text, held in terms]
    with_it = frozenset(who for who in shared if present[who])
    by_model = paths[0].covered
    by_terms = frozenset().union(*(path.covered for path in paths[1:])) if len(paths) > 1 else frozenset()
    return SideBySide(
        len(shared), len(with_it), tuple(paths), by_model & by_terms, by_model - by_terms, by_terms - by_model,
        with_it - by_model - by_terms, names, minimum, models,
    )  # fmt: skip


def _path(
    kind: Kind, label: Text, holds: Mapping[str, bool], present: Mapping[str, bool], shared: Sequence[str]
) -> Path:
    expecting = [who for who in shared if holds.get(who, False)]
    return Path(
        kind, label, frozenset(who for who in expecting if present[who]),
        frozenset(who for who in expecting if not present[who]),
    )  # fmt: skip
