"""Measurement invariance: whether a scale measures the same in every group, in steps that each ask more to be equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.confirmatory.factor_model import Estimator, FactorModel
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.fitting import Prepared, fitted, prepare
from clustergov.analysis.scales.confirmatory.model_syntax import Term, read_model
from clustergov.analysis.scales.confirmatory.nested import Difference, difference
from clustergov.language import Text, both, say

Level = Literal["configural", "thresholds", "metric", "scalar", "strict"]

CONTINUOUS: dict[Level, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
"""What is equal at each level for continuous items: Meredith, W. (1993). Psychometrika 58, 525–543."""

ORDINAL: dict[Level, tuple[str, ...]] = {
    "configural": (),
    "thresholds": ("thresholds",),
    "metric": ("thresholds", "loadings"),
    "scalar": ("thresholds", "loadings", "intercepts"),
    "strict": ("thresholds", "loadings", "intercepts", "residuals"),
}
"""For ordinal items thresholds come first: Wu, H. & Estabrook, R. (2016). Psychometrika 81, 1014–1045."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One level: the model, and what it lost against the level before; or the reason why there is none."""

    level: Level
    equal: tuple[str, ...]
    model: FactorModel | None
    difference: Difference | None
    failure: ModelError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Invariance:
    """Levels of invariance over groups.

    Attributes
    ----------
    estimator : {"ML", "MLR", "WLSMV"}
    groups : tuple of str
    sizes : tuple of int
    n, lost : int
    steps : tuple of Step
        A level after one that failed is not tried.
    cautions : tuple of Text
    """

    estimator: Estimator
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    n: int
    lost: int
    steps: tuple[Step, ...]
    cautions: tuple[Text, ...]

    def frame(self) -> pd.DataFrame:
        """One row per level: chi_square, df, p, cfi, tli, rmsea, srmr as the estimator is read, and differences from the
        level before: difference, difference_df, difference_p, difference_cfi, difference_rmsea; failure ("" when none)."""
        return pd.DataFrame([_row(step) for step in self.steps]).astype({"df": "Int64", "difference_df": "Int64"})

    def sentence(self, language: str, names: Mapping[str, str] | None = None) -> str:
        """All levels in words, then the cautions; `names` are the words for groups."""
        known = names or {}
        sizes = enumeration(tuple(f"{known.get(g, g)} (n = {n})" for g, n in zip(self.groups, self.sizes, strict=True)))
        told = [say("confirmatory.invariance.groups", language, groups=sizes, n=self.n, lost=self.lost)]
        told += [sentence for step in self.steps if (sentence := _told(step, language))]
        told.append(say("confirmatory.invariance.limit", language))
        return " ".join([*told, *(caution.to(language) for caution in self.cautions)])


def _row(step: Step) -> dict[str, object]:
    model, gap = step.model, step.difference
    test, found = (model.judged, model.indices) if model else (None, None)
    of_gap = gap.test if gap else None
    return {
        "level": step.level, "equal": " ".join(step.equal),
        "chi_square": test.chi_square if test else np.nan, "df": test.df if test else None, "p": test.p if test else np.nan,
        "cfi": found.cfi if found else np.nan, "tli": found.tli if found else np.nan,
        "rmsea": found.rmsea if found else np.nan, "srmr": model.srmr if model else np.nan,
        "difference": of_gap.chi_square if of_gap else np.nan, "difference_df": of_gap.df if of_gap else None,
        "difference_p": of_gap.p if of_gap else np.nan, "difference_cfi": gap.cfi if gap else np.nan,
        "difference_rmsea": gap.rmsea if gap else np.nan, "failure": step.failure.failure if step.failure else "",
    }  # fmt: skip


def _told(step: Step, language: str) -> str:
    name = both(f"confirmatory.invariance.level.{step.level}")
    if step.failure is not None:
        return say("confirmatory.invariance.failed", language, level=name, reason=step.failure.reason)
    gap = step.difference
    if gap is None:
        return ""
    if gap.test is None:
        return say("confirmatory.invariance.no test", language, level=name, reason=gap.reason or "")
    return say("confirmatory.invariance.step", language, level=name, chi=gap.test.chi_square, df=gap.test.df, p=gap.test.p,
               cfi=gap.cfi, rmsea=gap.rmsea)  # fmt: skip


def invariance(
    model: str | Sequence[Term], values: pd.DataFrame, group: pd.Series[str], *, estimator: Estimator = "ML",
    std_lv: bool = False, file: str = "",
) -> Invariance:  # fmt: skip
    """Fit the levels of invariance one after the other and test each against the one before.

    Under WLSMV residual variances are parameters (theta), so that the last level says what it says for continuous items.

    Raises
    ------
    InputError
        The model cannot be read.
    ModelError
        There is one group only, or a group has too few rows or a category that nobody chose.
    """
    terms = read_model(model, file=file) if isinstance(model, str) else tuple(model)
    prepared = prepare(terms, values, estimator=estimator, group=group)
    steps: list[Step] = []
    for level, equal in _levels(prepared).items():
        step = _step(level, equal, terms, prepared, std_lv, steps[-1].model if steps else None)
        steps.append(step)
        if step.failure is not None:
            break
    data = prepared.data
    cautions = [caution for step in steps if step.model for caution in step.model.improper]
    if steps[0].model:
        cautions += steps[0].model.rough
    if prepared.ordinal and (few := tuple(i for i, t in prepared.thresholds.items() if t < 3)):
        cautions.append(both("confirmatory.invariance.few categories", items=enumeration(few)))
    return Invariance(
        estimator,
        data.groups,
        tuple(map(len, data.rows)),
        data.n,
        data.lost,
        tuple(steps),
        tuple(dict.fromkeys(cautions)),
    )


def _levels(prepared: Prepared) -> dict[Level, tuple[str, ...]]:
    """With two answers to some item, thresholds, loadings and intercepts can only be held equal together."""
    if not prepared.ordinal:
        return CONTINUOUS
    if min(prepared.thresholds.values()) < 2:
        return {level: equal for level, equal in ORDINAL.items() if level not in ("thresholds", "metric")}
    return ORDINAL


def _step(
    level: Level,
    equal: tuple[str, ...],
    terms: Sequence[Term],
    prepared: Prepared,
    std_lv: bool,
    before: FactorModel | None,
) -> Step:
    try:
        model = fitted(
            terms, prepared, equal=equal, std_lv=std_lv, stepwise=bool(prepared.ordinal),
            parameterization="theta" if prepared.ordinal else "delta",
        )  # fmt: skip
    except ModelError as failure:
        return Step(level, equal, None, None, failure)
    return Step(level, equal, model, difference(before, model, prepared) if before else None)
