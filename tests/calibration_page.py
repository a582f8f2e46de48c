"""docs/verdict-calibration.md: how often each verdict is wrong; `python tests/calibration_page.py` renews it.

It takes about a minute and a half on one core.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from clustergov.analysis.claims.calibration import Cell, Setting, calibrate
from clustergov.analysis.claims.calibration_settings import settings
from clustergov.analysis.claims.verdicts import DecisionTable, read_verdicts

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "verdict-calibration.md"
SIZES = (60, 120, 240, 480)
DRAWS = 40_000
DRAWS_OF_FAMILIES = 10_000
"""Per cell; families are drawn respondent by respondent, single parts as tables of counts."""
SEED = 20_121_001

OPENING = """# How often a verdict is wrong

Samples are drawn in which the truth is known; the estimators and the decision table of the shipped study
(`analysis/verdicts.yml`) then give their verdicts, as they do on real answers. Every cell has {draws:,} samples,
{fewer:,} where a family of several parts is drawn.
*Wrong* means: a conclusive verdict that is not true. “Weaker than published” is wrong when nothing is there as well as
when the truth is as published; “practically null” is wrong when the truth is larger than the smallest effect of interest;
“inconclusive” is never wrong, and is what a small sample should mostly get.

What the table promises: at most 5% of the families of an effect, threshold or order have any part wrongly concluded of,
and at most 5% of the claims of a value or of no difference are wrongly concluded of as a whole, whatever the truth. The
largest share found in any cell is {worst:.1%} ({where}); two standard errors of a share of 5% are ±{margin:.1%}, and
±{wider:.1%} for families. Shares of few respondents move in steps, so that no interval in use keeps its level at every n.

A truth at the smallest effect of interest is judged as lying just inside and just outside it, and the worse of both is
shown. *None*: no association, a share at its threshold, equal order. Of parts of a family each has the same truth; their
outcomes correlate, as one person's ratings do.

This page is written by `python tests/calibration_page.py`; a test draws a part of it again and holds the limits.
"""


def table() -> DecisionTable:
    return read_verdicts(ROOT / "analysis" / "verdicts.yml")


def cell(setting: Setting, decisions: DecisionTable, truth: str, n: int, *, draws: int = 0) -> Cell:
    """One cell, from a generator of its own, so that a part of the page can be drawn again."""
    place = [truths for truths, _ in setting.truths].index(truth)
    rng = np.random.default_rng([SEED, sum(setting.code.encode()), place, n])
    draws = draws or (DRAWS if setting.family == 1 else DRAWS_OF_FAMILIES)
    return calibrate(setting, decisions, n, truth, draws=draws, rng=rng)


def cells() -> dict[str, tuple[Setting, list[Cell]]]:
    decisions = table()
    return {
        setting.code: (setting, [cell(setting, decisions, truth, n) for truth, _ in setting.truths for n in SIZES])
        for setting in settings(decisions.smallest_effects)
    }


def page() -> str:
    found = cells()
    every = [each for _, listed in found.values() for each in listed]
    worst = max(every, key=lambda each: each.wrong_family)
    where = f"{worst.setting}, {worst.truth}, n = {worst.n}"
    margin, wider = (2 * (0.05 * 0.95 / draws) ** 0.5 for draws in (DRAWS, DRAWS_OF_FAMILIES))
    text = [OPENING.format(draws=DRAWS, fewer=DRAWS_OF_FAMILIES, worst=worst.wrong_family, where=where, margin=margin,
                           wider=wider)]  # fmt: skip
    for setting, listed in found.values():
        text += [f"\n## {setting.code}\n", f"{setting.about[0].upper()}{setting.about[1:]}.\n", *_rows(setting, listed)]
    return "\n".join(text) + "\n"


def _rows(setting: Setting, listed: list[Cell]) -> Iterator[str]:
    verdicts = [name for name, _ in listed[0].verdicts if name != "not assessable"]
    yield "| truth | n | " + " | ".join(verdicts) + " | wrong, part | wrong, family |"
    yield "|---|--:|" + "--:|" * (len(verdicts) + 2)
    values = dict(setting.truths)
    for each in listed:
        shares = dict(each.verdicts)
        shown = " | ".join(f"{100 * shares[name]:.1f}" for name in verdicts)
        label = f"{each.truth} ({_value(setting, values[each.truth])})"
        yield f"| {label} | {each.n} | {shown} | {100 * each.wrong:.1f} | {100 * each.wrong_family:.1f} |"


def _value(setting: Setting, value: float) -> str:
    if "share" in setting.part.measure:
        return f"{100 * value:.3g}%"
    if setting.part.measure == "odds ratio":
        return f"{np.exp(value):.2f}"
    return f"{value:.3g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
