"""Imputed values as pictures: chains on their way, and imputed means beside observed ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from clustergov.analysis.missing.convergence import Convergence
from clustergov.analysis.missing.imputed import Imputed
from clustergov.analysis.missing.plausibility import Plausibility
from clustergov.language import number, say
from clustergov.reports.figures.alternative import LONGEST, clipped, listed
from clustergov.reports.figures.legend import Key, beside, draw_keys, legend_end
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    ORANGE,
    RULE,
    SMALL,
    TALLEST,
    WIDTH,
    Sheet,
    house_style,
    rows,
    sheet,
    shortened,
    wrap,
)

COLUMNS = 4
MOST_PANELS = 12
"""Chains of more variables are not drawn: those with the largest R̂ are."""

_PANEL = 1.75
_TITLE = 0.75
_AXIS = 0.45
_GAP = 0.95
"""Centimetres of a panel of chains, of the title above and the numbers below it, and to its left."""


@house_style()
def chains_png(
    imputed: Imputed, found: Convergence, labels: Mapping[str, str], language: str, banner: str = ""
) -> bytes:
    """Mean of the imputed values per iteration, one line per chain and one panel per variable, as a PNG."""
    return png(chains_figure(imputed, found, labels, language, banner))


def drawn_variables(found: Convergence) -> list[str]:
    """The variables with a panel, in the order of imputation: those with the largest R̂ where there are many."""
    worst = found.table.groupby("variable", sort=False)["r_hat"].max()
    if len(worst) <= MOST_PANELS:
        return list(worst.index)
    kept = set(worst.sort_values(ascending=False, kind="stable").index[:MOST_PANELS])
    return [name for name in worst.index if name in kept]


@house_style()
def chains_figure(
    imputed: Imputed, found: Convergence, labels: Mapping[str, str], language: str, banner: str = ""
) -> Figure:
    """`chains_png` before it becomes a PNG."""
    names = drawn_variables(found)
    lines = -(-len(names) // COLUMNS)
    keys = [
        Key(say("missing.figure.chain", language), marker="_", settings=(("markersize", 12), ("color", BLUE))),
        Key(say("missing.figure.mean", language), marker="_", settings=(("markersize", 12), ("color", INK), ("markeredgewidth", 2))),
    ]  # fmt: skip
    legend = legend_end(keys, banner)
    drawn = sheet(legend + lines * (_TITLE + _PANEL + _AXIS) + 0.45, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    width = (WIDTH - 2 * MARGIN - COLUMNS * _GAP) / COLUMNS
    columns = [str(name) for name in imputed.frame.columns]
    for place, name in enumerate(names):
        line, column = divmod(place, COLUMNS)
        left = MARGIN + column * (width + _GAP) + _GAP
        top = legend + line * (_TITLE + _PANEL + _AXIS) + _TITLE
        room = width + (0.6 if column < COLUMNS - 1 else 0.0)
        title = shortened(wrap(labels.get(name, name), room, SMALL, bold=True), 2, 0.85 * room, SMALL)
        drawn.write(left, top - 0.08, title, size=SMALL, weight="bold", va="bottom")
        _chains(_axes(drawn, left, top, width), imputed.chain_means[:, :, columns.index(name)], language)
    drawn.write(
        WIDTH / 2, drawn.height - 0.1, say("missing.figure.iteration", language), size=7, align="center", va="bottom"
    )
    return drawn.figure


def _axes(drawn: Sheet, left: float, top: float, width: float) -> Axes:
    box = (left / WIDTH, 1 - (top + _PANEL) / drawn.height, width / WIDTH, _PANEL / drawn.height)
    axes = drawn.figure.add_axes(box)
    axes.tick_params(labelsize=SMALL, length=2, width=0.5, pad=1.5, colors=FAINT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


def _chains(axes: Axes, means: np.ndarray, language: str) -> None:
    at = np.arange(1, len(means) + 1)
    axes.plot(at, means, color=BLUE, linewidth=0.45, alpha=0.55)
    axes.plot(at, means.mean(axis=1), color=INK, linewidth=1.1)
    axes.set_xlim(1, max(len(means), 2))
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    places = next((p for p in range(4) if all(abs(tick - round(tick, p)) < 1e-9 for tick in ticks)), 3)
    axes.set_yticks(ticks, [number(tick, language, places) for tick in ticks])
    axes.set_ylim(low, high)


def chains_alt(found: Convergence, labels: Mapping[str, str], language: str) -> str:
    """What the chains show, and the largest R̂ values."""
    worst = found.table.groupby("variable", sort=False)["r_hat"].max().dropna().sort_values(ascending=False)
    told = [
        f"{clipped(labels.get(str(name), str(name)), 45)} {number(value, language, 2)}" for name, value in worst.items()
    ]
    opening = say("missing.figure.chains_alt", language, variables=found.table["variable"].nunique(), m=found.m,
                  iterations=found.iterations)  # fmt: skip
    return f"{opening} {listed(told[:8], language, room=LONGEST - len(opening) - 2)}."


@house_style()
def plausibility_png(
    imputed: Imputed, found: Plausibility, labels: Mapping[str, str], language: str, banner: str = ""
) -> bytes:
    """Mean of the imputed values in each table beside the observed mean, one row per variable, as a PNG."""
    return png(plausibility_figure(imputed, found, labels, language, banner))


@house_style()
def plausibility_figure(
    imputed: Imputed, found: Plausibility, labels: Mapping[str, str], language: str, banner: str = ""
) -> Figure:
    """`plausibility_png` before it becomes a PNG."""
    keys = [
        Key(say("missing.figure.table", language), marker="o", settings=(("markersize", 3), ("color", BLUE), ("alpha", 0.5))),
        Key(say("missing.figure.all", language), marker="D", settings=(("markersize", 4.5), ("color", ORANGE))),
        Key(say("missing.figure.observed", language), marker="|", settings=(("markersize", 9), ("color", INK))),
    ]  # fmt: skip
    legend = legend_end(keys, banner) + 0.15
    names = list(found.table["variable"])
    layout = rows([labels.get(name, name) for name in names], 7.4, TALLEST - legend - 1.2)
    drawn = sheet(legend + layout.height + 1.0, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    axes = drawn.panel(8.0, legend, WIDTH - MARGIN - 8.2, layout.height)
    columns = [str(name) for name in imputed.frame.columns]
    for row, label, centre in zip(found.table.to_dict("records"), layout.labels, layout.middles, strict=True):
        y, at = legend + centre, columns.index(row["variable"])
        drawn.write(MARGIN, y, label, size=layout.size)
        axes.axhline(y, color=RULE, linewidth=0.35, zorder=0)
        spread = row["observed_sd"] or 1.0
        means = imputed.values[:, imputed.imputed[:, at], at].mean(axis=1)
        places = (means - row["observed_mean"]) / spread
        axes.plot(
            places, np.full(len(places), y), "o", markersize=3, color=BLUE, alpha=0.4, markeredgewidth=0, zorder=2
        )
        axes.plot([row["difference"]], [y], "D", markersize=4, color=ORANGE, zorder=3)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    _symmetric(axes, language)
    away = say("missing.figure.away", language)
    drawn.write(WIDTH - MARGIN, drawn.height - 0.1, away, size=7, align="right", va="bottom")
    return drawn.figure


def _symmetric(axes: Axes, language: str) -> None:
    reach = max(0.5, *(abs(end) for end in axes.get_xlim()))
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_locator(MaxNLocator(6, symmetric=True))
    ticks = [tick for tick in axes.get_xticks() if -reach <= tick <= reach]
    axes.set_xticks(ticks, [number(tick, language, 1) for tick in ticks])
    axes.set_xlim(-reach, reach)


def plausibility_alt(found: Plausibility, labels: Mapping[str, str], language: str) -> str:
    """Where imputed means lie furthest from observed ones, in standard deviations."""
    table = found.table.reindex(found.table["difference"].abs().sort_values(ascending=False, kind="stable").index)
    told = [
        f"{clipped(labels.get(row['variable'], row['variable']), 45)} {number(row['difference'], language, 2)}"
        for row in table.to_dict("records")
    ]
    opening = say("missing.figure.plausibility_alt", language, variables=len(table))
    return f"{opening} {listed(told[:8], language, room=LONGEST - len(opening) - 2)}."
