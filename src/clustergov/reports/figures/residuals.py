"""How far organisations lie from a model: every one as a point where nobody can be recognised, else classes; cases by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from clustergov.language import number, say
from clustergov.reports.figures.alternative import listed
from clustergov.reports.figures.legend import Key, beside, draw_keys, legend_end
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    ORANGE,
    SMALL,
    WIDTH,
    house_style,
    sheet,
    width_of,
)

if TYPE_CHECKING:
    from clustergov.reports.joint.cases_and_model import CasesAndModel

_LEFT, _HEIGHT = 1.3, 8.0
_POINT: dict[str, Any] = {"color": BLUE, "markersize": 3.0, "markeredgewidth": 0.0, "alpha": 0.55}
_NAMED: dict[str, Any] = {"color": ORANGE, "markersize": 5.0, "markeredgecolor": INK, "markeredgewidth": 0.6}


@house_style()
def residuals_png(found: CasesAndModel, language: str, banner: str = "") -> bytes:
    """The figure as a PNG."""
    return png(residuals_figure(found, language, banner))


@house_style()
def residuals_figure(found: CasesAndModel, language: str, banner: str = "") -> Figure:
    """`residuals_png` before it becomes a PNG."""
    points = found.minimum is None
    keys = [
        Key(say(f"joint.figure.residuals.key.{'all' if points else 'class'}", language),
            **({"marker": "o", "settings": tuple(_POINT.items())} if points else {"face": BLUE})),
        Key(say("joint.figure.residuals.key.named", language), marker="D", settings=tuple(_NAMED.items())),
    ]  # fmt: skip
    top = legend_end(keys, banner) + 0.4
    drawn = sheet(top + _HEIGHT + 1.3, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    axes = drawn.panel(_LEFT, top, WIDTH - _LEFT - MARGIN, _HEIGHT)
    table = found.spread.points
    most = _reach(found)
    axes.set_ylim(-most, most)
    if points:
        axes.plot(table["predicted"], table["deviance"], linestyle="none", marker="o", zorder=1, **_POINT)
    else:
        _bars(axes, found.spread.bins)
    axes.axhline(0, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
    _names(axes, table, language, across=points)
    ticks = [float(tick) for tick in MaxNLocator(7).tick_values(-most, most) if abs(tick) < most]
    axes.set_yticks(ticks, [number(tick, language, 1) for tick in ticks], size=SMALL, color=FAINT)
    low, high = axes.get_xlim()
    inside = [
        float(place) for place in MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= place <= high
    ]
    axes.set_xticks(inside, [number(place, language, 1 if points else 0) for place in inside])
    axes.set_xlim(low, high)
    label = say(f"joint.figure.residuals.axis.{'predicted' if points else 'count'}", language, outcome=found.outcome)
    drawn.write((_LEFT + WIDTH - MARGIN) / 2, drawn.height - 0.12, label, size=7, align="center", va="bottom")
    drawn.write(MARGIN, top - 0.2, say(f"joint.figure.residuals.{found.kind}", language), size=SMALL, color=FAINT)
    return drawn.figure


def _reach(found: CasesAndModel) -> float:
    """Half the height of the axis: everything that is drawn, and a little more."""
    deviance = found.spread.points["deviance"]
    ends = found.spread.bins[["low", "high"]].to_numpy()
    return 1.12 * max(float(deviance.abs().max()) if len(deviance) else 0.0, float(np.abs(ends).max()), 0.5)


def _bars(axes: Axes, bins: pd.DataFrame) -> None:
    """Classes from below to above; those that are hidden stay empty, which the note says."""
    known = bins.dropna(subset=["n"])
    axes.barh(
        (known["low"] + known["high"]) / 2,
        known["n"],
        height=(known["high"] - known["low"]) * 0.9,
        color=BLUE,
        alpha=0.55,
    )
    axes.set_xlim(0, max(1.0, float(known["n"].max()) * 1.15 if len(known) else 1.0))


def _names(axes: Axes, table: pd.DataFrame, language: str, *, across: bool) -> None:
    """Named organisations, their labels moved apart where they would lie over each other."""
    named = table[table[f"name_{language}"] != ""].sort_values("deviance")
    if named.empty:
        return
    right = axes.get_xlim()[1]
    x = named["predicted"] if across else pd.Series(0.0, index=named.index)
    axes.plot(x, named["deviance"], linestyle="none", marker="D", zorder=3, **_NAMED)
    low, high = axes.get_xlim()
    span, bottom = high - low, -np.inf
    height = 2 * axes.get_ylim()[0] if axes.get_ylim()[0] > 0 else axes.get_ylim()[1] - axes.get_ylim()[0]
    step = abs(height) * 0.042
    for place, value, label in zip(x, named["deviance"], named[f"name_{language}"], strict=True):
        at = max(float(value), bottom + step)
        bottom = at
        room = width_of(label, SMALL) / (WIDTH - _LEFT - MARGIN) * span
        turned = float(place) + room + 0.03 * span > right
        axes.annotate(
            label, (float(place), float(value)), xytext=(float(place) + (-0.015 if turned else 0.015) * span, at),
            textcoords="data", ha="right" if turned else "left", va="center", size=SMALL, parse_math=False, zorder=4,
        )  # fmt: skip


def residuals_alt(found: CasesAndModel, language: str) -> str:
    """How far named cases lie from the model."""
    table = found.spread.points
    named = table[table[f"name_{language}"] != ""].sort_values("deviance")
    head = say("joint.figure.residuals.alt", language, n=found.n, outcome=found.outcome)
    each = [
        f"{name} {number(value, language, 2)}"
        for name, value in zip(named[f"name_{language}"], named["deviance"], strict=True)
    ]
    return f"{head} {listed(each, language)}." if each else head
