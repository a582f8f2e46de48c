"""docs/inference-policy.md: what is chosen when and why, and the grid; `python tests/inference_page.py` renews it (2 minutes)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from clustergov.analysis.inference.exact import fisher, unconditional
from clustergov.analysis.inference.policy import policy
from inference_grid import ERRORS, RATIOS, Design, Errors, chosen, designs, rates, two_arms

PAGE = Path(__file__).parents[1] / "docs" / "inference-policy.md"
WORDS = Path(__file__).with_name("inference_page.md")
DRAWS = 10_000
CONSERVATIVE = 0.04

HEAD = """| groups | n | balance | regressor | method | df | computed | 1 | 4 | 9 | found | usual | HC1, CR1 | remark |
|---:|---:|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"""
FEW = """| n | method | df | 1 | 4 | 9 | found |
|---:|---|---:|---:|---:|---:|---:|"""
TABLES = """| rows | exact: largest level | found | Fisher: largest level | found |
|---|---:|---:|---:|---:|"""
BEYOND: tuple[tuple[Design, int, Errors], ...] = (
    *(
        (Design(n, 0, balanced, "yes/no, within"), 9, errors)
        for errors in ("steep Likert", "exponential")
        for n in (40, 160)
        for balanced in (True, False)
    ),
    *(
        (Design(160, groups, balanced, "yes/no, between"), ratio, "exponential")
        for groups in (8, 20)
        for balanced in (True, False)
        for ratio in (1, 9)
    ),
)
"""Cells beyond the promise: answers that bunch at one end, exponential errors, and groups that differ exponentially."""


def row(which: Design, draws: int = DRAWS) -> str:
    """One design: its method and its rates."""
    choice = chosen(which).choices[0]
    tried = {(ratio, errors): rates(which, ratio, errors, draws) for ratio in RATIOS for errors in ERRORS}
    rejected = [max(tried[ratio, errors].rejected for errors in ERRORS) for ratio in RATIOS]
    found = float(np.mean([each.found for each in tried.values()]))
    tested = choice.method != "none"
    cells = [
        str(which.groups or "–"), str(which.n), "balanced" if which.balanced else "unbalanced", which.kind,
        choice.method if tested else "no test", _df(choice.df), _percent(choice.worst),
        *(_percent(each) for each in rejected), _percent(found, 0),
        _percent(max(each.classical for each in tried.values())), _percent(max(each.common for each in tried.values())),
        "conservative" if tested and max(rejected) < CONSERVATIVE else "",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def beyond(which: Design, ratio: int, errors: Errors, draws: int = DRAWS) -> str:
    """One cell beyond the promise."""
    choice, tried = chosen(which).choices[0], rates(which, ratio, errors, draws)
    cells = [
        errors, str(which.groups or "–"), str(which.n), "balanced" if which.balanced else "unbalanced", str(ratio), choice.method,
        _percent(tried.rejected), _percent(tried.classical), _percent(tried.common),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _percent(value: float, decimals: int = 1) -> str:
    return "–" if np.isnan(value) else f"{100 * value:.{decimals}f}%"


def _df(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.1f}"


def small(arm: int, draws: int = DRAWS) -> str:
    """Two arms of equal size, fewer rows than the grid has."""
    tried = {(ratio, errors): two_arms(arm, ratio, errors, draws) for ratio in RATIOS for errors in ERRORS}
    choice = policy(np.repeat([0.0, 1.0], arm)[:, None], ["x"]).choices[0]
    cells = [
        str(2 * arm), choice.method, _df(choice.df),
        *(_percent(max(tried[ratio, errors][0] for errors in ERRORS)) for ratio in RATIOS),
        _percent(float(np.mean([found for _, found in tried.values()])), 0),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def shares(n1: int, n0: int) -> str:
    """Two by two tables: the largest level over all shares, by adding up every table, and power at .6 against .1."""
    ours, theirs = (
        np.array([[test(a, n1, b, n0) for b in range(n0 + 1)] for a in range(n1 + 1)]) <= 0.05
        for test in (unconditional, fisher)
    )
    same = np.linspace(0.005, 0.995, 199)

    def reached(rejects: NDArray[np.bool_], first: float, second: float) -> float:
        weights = np.outer(binom.pmf(np.arange(n1 + 1), n1, first), binom.pmf(np.arange(n0 + 1), n0, second))
        return float(weights[rejects].sum())

    cells = [f"{n1} and {n0}"]
    for rejects in (ours, theirs):
        cells += [_percent(max(reached(rejects, each, each) for each in same)), _percent(reached(rejects, 0.6, 0.1), 0)]
    return f"| {' | '.join(cells)} |"


def page(rows: Iterable[str], stops: Iterable[str]) -> str:
    """The words with the tables put in."""
    grid = "\n".join([HEAD, *rows])
    stop = "\n".join(
        [
            "| errors | groups | n | balance | ratio | method | rejected | usual | HC1, CR1 |",
            "|---|---:|---:|---|---:|---|---:|---:|---:|",
            *stops,
        ]
    )
    few = "\n".join([FEW, *map(small, (4, 6, 8, 10, 15))])
    tables = "\n".join([TABLES, *(shares(*arms) for arms in ((6, 6), (8, 12), (8, 32)))])
    words = WORDS.read_text(encoding="utf-8")
    for place, table in (("grid", grid), ("beyond", stop), ("few", few), ("tables", tables)):
        words = words.replace(f"<!-- {place} -->", table)
    return words


if __name__ == "__main__":
    PAGE.write_text(page(map(row, designs()), (beyond(*each) for each in BEYOND)), encoding="utf-8")
