"""Calibration: raw values to set memberships by declared anchors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from clustergov.problems import Problem

Array = NDArray[np.float64]
SetKind = Literal["crisp", "fuzzy", "multi-value"]
Method = Literal["logistic", "linear", "bell", "indirect", "levels"]

NEARLY = 1e-4
"""Memberships this close to 0 or 1 are 0 or 1, as in R's calibrate()."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How one raw variable becomes a set.

    Attributes
    ----------
    method : {"logistic", "linear", "bell", "indirect", "levels"}
        Logistic: the direct method; linear: straight lines between the same three anchors, full exclusion, crossover
        and full inclusion; descending anchors make a set that lower values belong to. Bell: exclusion, crossover,
        inclusion, inclusion, crossover, exclusion, ascending; or inclusion first and last for its opposite (see
        `inverted`). Indirect: cut points of ordered groups. Levels: thresholds; one makes a crisp set, more a
        multi-value set. Ragin, C. C. (2008). Redesigning social inquiry, ch. 5; Duşa, A. (2019). QCA with R, ch. 4.
    anchors : tuple of float
    idm : float
        Membership at full inclusion by the logistic method.
    below, above : float
        Powers that bend the linear and the bell method under and over the crossover; 1 is straight.
    inverted : bool
        Of the bell: the middle is out of the set, both ends are in.
    """

    method: Method
    anchors: tuple[float, ...]
    idm: float = 0.95
    below: float = 1.0
    above: float = 1.0
    inverted: bool = False

    @property
    def kind(self) -> SetKind:
        if self.method != "levels":
            return "fuzzy"
        return "crisp" if len(self.anchors) == 1 else "multi-value"

    @property
    def levels(self) -> int:
        return len(self.anchors) + 1 if self.method == "levels" else 2

    def problems(self, name: str) -> list[Problem]:
        """What is wrong with the anchors themselves."""
        anchors, text = self.anchors, ", ".join(f"{anchor:g}" for anchor in self.anchors)
        wanted = {"logistic": (3, 3), "linear": (3, 3), "bell": (6, 6), "indirect": (2, 99), "levels": (1, 99)}
        least, most = wanted[self.method]
        if not least <= len(anchors) <= most or not np.isfinite(anchors).all():
            number = f"{least}" if least == most else f"at least {least}"
            return [_problem(name, f"expected {number} anchors for the {self.method} method, found “{text}”.",
                             "Give exclusion, crossover, inclusion (bell: all three twice), or thresholds.")]  # fmt: skip
        steps = np.diff(anchors)
        descending = self.method in ("logistic", "linear") and steps[0] < 0
        allowed_equal = np.arange(len(steps)) == (2 if self.method == "bell" else -1)
        steps = -steps if descending else steps
        if (steps < 0).any():
            return [_problem(name, f"expected anchors in order, found “{text}”.",
                             "Write them ascending, or all three descending for a set that low values belong to.")]  # fmt: skip
        if ((steps == 0) & ~allowed_equal).any():
            return [_problem(name, f"expected different anchors, found “{text}”.",
                             "Equal anchors leave no way from out to in.")]  # fmt: skip
        if not 0.5 < self.idm < 1 or self.below <= 0 or self.above <= 0:
            return [_problem(name, f"expected 0.5 < idm < 1 and positive powers, found idm {self.idm:g}, below "
                             f"{self.below:g}, above {self.above:g}.", "Correct them.")]  # fmt: skip
        return []

    def memberships(self, raw: Array) -> Array:
        """Memberships, or levels, of raw values; shape (n,).

        The anchors must be free of problems.
        """
        match self.method:
            case "logistic":
                found = self._logistic(raw)
            case "linear":
                found = self._linear(raw, *self.anchors)
            case "bell":
                found = self._bell(raw)
            case "indirect":
                found = _indirect(raw, np.array(self.anchors))
            case "levels":
                return np.searchsorted(np.array(self.anchors), raw, side="right").astype(np.float64)
        clear = np.where(found > 1 - NEARLY, 1.0, found)
        return np.where(clear < NEARLY, 0.0, clear)

    def _logistic(self, raw: Array) -> Array:
        """Log odds that rise linearly from crossover to either anchor, where they are those of `idm`."""
        out, crossover, full = self.anchors
        inside = (raw - crossover) * (full - crossover) >= 0
        distance = np.where(inside, full - crossover, crossover - out)
        found: Array = expit((raw - crossover) / distance * np.log(self.idm / (1 - self.idm)))
        return found

    def _linear(self, raw: Array, out: float, crossover: float, full: float) -> Array:
        """From 0 at exclusion over 0.5 to 1 at inclusion; `raw` may lie anywhere."""
        lower = np.clip((raw - out) / (crossover - out), 0, None)
        upper = np.clip((full - raw) / (full - crossover), 0, None)
        inside = (raw - crossover) * (full - crossover) > 0
        return np.where(inside, 1 - upper**self.above / 2, lower**self.below / 2)

    def _bell(self, raw: Array) -> Array:
        """Up over the first three anchors, down over the last three; or down and up when `inverted`."""
        first, second, third, fourth, fifth, sixth = self.anchors
        if self.inverted:
            falling, rising = self._linear(raw, third, second, first), self._linear(raw, fourth, fifth, sixth)
            return np.maximum(falling, rising)
        rising, falling = self._linear(raw, first, second, third), self._linear(raw, sixth, fifth, fourth)
        return np.minimum(rising, falling)


def _indirect(raw: Array, cuts: Array) -> Array:
    """A fractional polynomial through the groups, by quasi-binomial logistic regression, as in R's calibrate()."""
    import warnings

    import statsmodels.api as sm

    grades = np.round(np.arange(len(cuts) + 1) / len(cuts), 3)
    response = grades[np.searchsorted(cuts, raw, side="left")]
    x = np.where(raw == 0, 1e-5, raw)
    design = np.column_stack([np.ones(len(x)), np.log(x), np.sqrt(x), x, x**2])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # groups that separate perfectly are no fault here: R's result is the same
        fitted = sm.GLM(response, design, family=sm.families.Binomial()).fit(tol=1e-8, maxiter=25)
    return np.round(np.asarray(fitted.fittedvalues, dtype=float), 6)


def _problem(name: str, message: str, fix: str) -> Problem:
    return Problem("qca-anchors", message, fix, place=f"calibration of {name}")
