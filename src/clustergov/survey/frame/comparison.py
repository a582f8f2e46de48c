"""Respondents against the frame: where they differ from those who did not answer, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from clustergov.language import catalogue, say
from clustergov.survey.disclosure import suppress
from clustergov.survey.frame.frame import SamplingFrame

Array = NDArray[np.float64]

SMALL = 5.0
"""Expected count below which the chi-squared distribution is not trusted (Cochran 1954, Biometrics 10, 417–451)."""
MOST = 40
"""Categories up to which a variable is compared without being asked for; a column of free values has more."""

DRAWS = 99_999
"""Permutations of who answered."""

Test = Literal["chi-squared", "exact", "permutation", "none"]


@dataclass(frozen=True)
class Comparison:
    """One variable: respondents are a part of the frame, and are held against the other part.

    Attributes
    ----------
    variable : str
    table : DataFrame, one row per category
        category; frame, respondents (counts); frame_share, respondent_share (in [0, 1]); difference (respondents less
        frame), low, high; weighted_share, NaN where there are no weights. NaN where hidden.
    n, population : int
        Respondents, and eligible members of the frame, these among them.
    level : float
        Of the intervals.
    w : float
        Cohen's w of respondents against the frame, sqrt(Σ (p − P)² / P): .1 small, .3 medium, .5 large (Cohen 1988,
        Statistical Power Analysis, 2nd ed., §7.2).
    v : float
        Cramér's V of the table respondents/nonrespondents × category; V² = f w² / (1 − f), f the share that answered.
    chi2, p : float
        Pearson's statistic of that table, and its p by `test`; NaN where there is nothing to test.
    df : int
    test : {"chi-squared", "exact", "permutation", "none"}
    merged : int
        Categories whose counts are hidden and that were taken together for w, V, chi² and p.
    """

    variable: str
    table: pd.DataFrame
    n: int
    population: int
    level: float
    w: float
    v: float
    chi2: float
    df: int
    p: float
    test: Test
    merged: int = 0

    def frame(self) -> pd.DataFrame:
        """The table with the variable's name in front."""
        table = self.table.copy()
        table.insert(0, "variable", self.variable)
        return table

    def sentence(self, language: str) -> str:
        if self.test == "none":
            return say(
                "frame.comparison.hidden" if self.merged else "frame.comparison.none",
                language,
                variable=_opening(self.variable, language),
            )
        shown = self.table.dropna(subset=["difference"])
        told = say("frame.comparison.whole", language, variable=_opening(self.variable, language), w=self.w, v=self.v, n=self.n,
                   population=self.population)  # fmt: skip
        if len(shown):
            row = shown.iloc[int(shown["difference"].abs().to_numpy().argmax())].to_dict()
            told += " " + say("frame.comparison.largest", language, category=row["category"], level=self.level,
                              respondents=row["respondent_share"], frame=row["frame_share"],
                              difference=100 * row["difference"], low=100 * row["low"], high=100 * row["high"])  # fmt: skip
        return told


def _opening(variable: str, language: str) -> str:
    name = variable_name(variable, language)
    return name[:1].upper() + name[1:]


def variable_name(variable: str, language: str) -> str:
    """The words for a column of the frame; its own heading where we have none."""
    key = f"frame.variable.{variable}"
    return say(key, language) if key in catalogue() else variable


def left_out(frame: SamplingFrame) -> tuple[str, ...]:
    """Variables with more than `MOST` categories."""
    return tuple(name for name in frame.variables if frame.categories(name).nunique() > MOST)


def compare(
    respondents: pd.Index,
    frame: SamplingFrame,
    variables: Sequence[str] | None = None,
    *,
    weights: pd.Series[float] | None = None,
    level: float = 0.95,
    minimum: int | None = None,
    seed: int = 0,
) -> tuple[Comparison, ...]:
    """Compare respondents with the frame on each of its variables, by default all but those `left_out`.

    Parameters
    ----------
    respondents : Index of str
        Pseudonyms; eligible members of the frame.
    weights : Series of float, optional
        Per respondent; the share of each category under them is shown beside.
    minimum : int or None
        Smallest count that may be shown: 5 for real responses. Hidden with `survey.disclosure.suppress` in the table of
        respondents and nonrespondents by category, whose totals (the frame's counts) are shown.
    seed : int
        Of the permutations.
    """
    names = variables or [name for name in frame.variables if name not in left_out(frame)]
    answered = frame.eligible.isin(respondents)
    return tuple(
        compare_categories(frame.categories(name), answered, weights=weights, level=level, minimum=minimum, seed=seed)
        for name in names
    )


def compare_categories(
    categories: pd.Series[str], answered: NDArray[np.bool_], *, weights: pd.Series[float] | None = None,
    level: float = 0.95, minimum: int | None = None, seed: int = 0,
) -> Comparison:  # fmt: skip
    """Compare the members who answered with all, on one variable given for every member."""
    names = sorted(categories.unique())
    counts = pd.DataFrame(
        {"respondents": categories[answered].value_counts(), "others": categories[~answered].value_counts()},
        index=names,
    ).fillna(0.0)
    shown = counts if minimum is None else suppress(counts, minimum)
    hidden = shown.isna().any(axis=1).to_numpy()
    n, population = int(answered.sum()), len(categories)
    table = _table(counts, hidden, n, population, level)
    weighted = (
        None if weights is None else weights.groupby(categories.loc[weights.index]).sum().reindex(names, fill_value=0)
    )
    table["weighted_share"] = np.nan if weighted is None else (weighted / weighted.sum()).to_numpy(dtype=float)
    table.loc[hidden, "weighted_share"] = np.nan
    tested = counts.to_numpy(dtype=float)
    if hidden.any():
        tested = np.vstack([tested[~hidden], tested[hidden].sum(axis=0)])
    (w, v), (chi2, df, p, test) = _effects(tested), _test(tested, seed)
    merged = int(hidden.sum())
    return Comparison(str(categories.name), table, n, population, level, w, v, chi2, df, p, test, merged)


def _table(counts: pd.DataFrame, hidden: NDArray[np.bool_], n: int, population: int, level: float) -> pd.DataFrame:
    own, others = (counts[name].to_numpy(dtype=float) for name in ("respondents", "others"))
    low, high = difference_interval(own, others, level=level)
    with np.errstate(invalid="ignore"):
        share = own / n if n else np.full(len(own), np.nan)
    frame_share = (own + others) / population
    table = pd.DataFrame(
        {
            "category": counts.index, "frame": own + others, "respondents": own, "frame_share": frame_share,
            "respondent_share": share, "difference": share - frame_share, "low": low, "high": high,
        }
    ).reset_index(drop=True)  # fmt: skip
    table.loc[hidden, ["respondents", "respondent_share", "difference", "low", "high"]] = np.nan
    return table


def difference_interval(respondents: Array, others: Array, *, level: float = 0.95) -> tuple[Array, Array]:
    """Interval of each category's share among respondents less that in the frame.

    Respondents are part of the frame, so the two shares are not independent. Those who answered and those who did not
    are: with f the part that answered, p − P = (1 − f) (p − q), q the share among nonrespondents. The interval of p − q
    is the hybrid score interval (method 10) of Newcombe, R. G. (1998). Interval estimation for the difference between
    independent proportions. Statistics in Medicine 17, 873–890; multiplied by 1 − f it carries the finite population
    correction, for (1 − f)² (pq/n + pq/(N − n)) = (1 − f) pq/n. When everybody answered, it is zero and has no width.
    """
    n, m = float(respondents.sum()), float(others.sum())
    if not m:
        return np.zeros(len(respondents)), np.zeros(len(respondents))
    if not n:
        return np.full(len(respondents), np.nan), np.full(len(respondents), np.nan)
    p, q = respondents / n, others / m
    (l1, u1), (l2, u2) = _score(p, n, level), _score(q, m, level)
    low = (p - q) - np.sqrt((p - l1) ** 2 + (u2 - q) ** 2)
    high = (p - q) + np.sqrt((u1 - p) ** 2 + (q - l2) ** 2)
    return low * m / (n + m), high * m / (n + m)


def _score(p: Array, n: float, level: float) -> tuple[Array, Array]:
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    centre, reach = (p + z2 / (2 * n)), np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n**2)))
    return (centre - reach) / (1 + z2 / n), (centre + reach) / (1 + z2 / n)


def _effects(table: Array) -> tuple[float, float]:
    """Cohen's w of the first column against the row totals, and Cramér's V of the table."""
    n, whole = float(table[:, 0].sum()), float(table.sum())
    if not n or n == whole:
        return (0.0, float("nan")) if n else (float("nan"), float("nan"))
    p, P = table[:, 0] / n, table.sum(axis=1) / whole
    w = float(np.sqrt(((p - P) ** 2 / P).sum()))
    return w, w * float(np.sqrt(n / (whole - n)))


def _test(table: Array, seed: int) -> tuple[float, int, float, Test]:
    """Pearson's chi², its degrees of freedom, p, and how p was found.

    With an expected count below `SMALL`, p is the share of all ways to choose the respondents from the frame that give a
    chi² at least as large: enumerated for two categories (hypergeometric), drawn for more.
    """
    table = table[table.sum(axis=1) > 0]
    n, whole, df = float(table[:, 0].sum()), float(table.sum()), len(table) - 1
    if not df or not n or n == whole:
        return float("nan"), df, float("nan"), "none"
    totals = table.sum(axis=1)

    def chi2(first: Array) -> Array:
        expected = totals * n / whole
        return np.asarray(((first - expected) ** 2 / expected).sum(axis=-1) * whole / (whole - n))

    observed = float(chi2(table[:, 0]))
    if min(n, whole - n) * totals.min() / whole >= SMALL:
        return observed, df, float(stats.chi2.sf(observed, df)), "chi-squared"
    reached = observed * (1 - 1e-9)
    if df == 1:
        ways = np.arange(max(0, n - totals[1]), min(n, totals[0]) + 1)
        chances = stats.hypergeom.pmf(ways, whole, totals[0], n)
        return observed, df, float(min(1.0, chances[chi2(np.column_stack([ways, n - ways])) >= reached].sum())), "exact"
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(totals.astype(int), int(n), DRAWS)
    at_least = int((chi2(drawn.astype(float)) >= reached).sum())
    return observed, df, (1 + at_least) / (1 + DRAWS), "permutation"
