"""XY plot: membership in a condition, a term or a solution against membership in the outcome, the types of cases by shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.case_types import TYPES, types_of
from clustergov.casestudies.qca.fit import sufficiency
from clustergov.language import number, say
from clustergov.reports.figures.alternative import clipped, listed
from clustergov.reports.figures.legend import Key, beside, draw_keys, legend_end
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    ORANGE,
    RULE,
    SMALL,
    WIDTH,
    Sheet,
    flat,
    house_style,
    sheet,
    width_of,
    wrap,
)  # fmt: skip

_SIDE = 11.0
"""Centimetres of the square."""
_LEFT = 2.4
MOST_NAMES = 14
"""Cases that are named; the table has the others."""
_MARKS: dict[str, dict[str, Any]] = {
    "typical": {"marker": "o", "color": BLUE, "markeredgecolor": BLUE, "markersize": 4.5},
    "degree": {"marker": "o", "color": "white", "markeredgecolor": BLUE, "markersize": 4.5},
    "kind": {"marker": "X", "color": ORANGE, "markeredgecolor": "white", "markeredgewidth": 0.4, "markersize": 6.5},
    "coverage": {"marker": "^", "color": "white", "markeredgecolor": ORANGE, "markersize": 5.2},
    "irrelevant": {"marker": "s", "color": "white", "markeredgecolor": FAINT, "markersize": 3.2},
    "half": {"marker": "+", "color": FAINT, "markeredgecolor": FAINT, "markersize": 5.0},
}  # fmt: skip


@house_style()
def set_plot(
    x: Array, y: Array, *, x_label: str, y_label: str, names: Mapping[int, str], language: str, banner: str = ""
) -> bytes:
    """The cases as a PNG: in the upper triangle a sufficient set is consistent, in the lower right it is contradicted.

    Parameters
    ----------
    x, y : ndarray of float, shape (n,)
        Membership in the set and in the outcome.
    names : mapping of int to str
        Place of a case → its name, the most important first; none where cases must not be named.
    """
    return png(set_plot_figure(x, y, x_label=x_label, y_label=y_label, names=names, language=language, banner=banner))


@house_style()
def set_plot_figure(
    x: Array, y: Array, *, x_label: str, y_label: str, names: Mapping[int, str], language: str, banner: str = ""
) -> Figure:
    """`set_plot` before it becomes a PNG."""
    types = types_of(x, y)
    keys = [
        Key(f"{say(f'qca_figures.type.{name}', language)} ({types.count(name)})", marker=str(_MARKS[name]["marker"]),
            settings=tuple((key, value) for key, value in _MARKS[name].items() if key != "marker"))
        for name in TYPES if name in types
    ]  # fmt: skip
    top = legend_end(keys, banner) + 0.3
    below = wrap(x_label, WIDTH - 1, 7.0)
    drawn = sheet(top + _SIDE + 0.95 + 0.3 * (below.count("\n") + 1), banner)
    draw_keys(drawn, beside(banner), keys, banner)
    axes = drawn.panel(_LEFT, top, _SIDE, _SIDE)
    _frame(axes, language)
    for name in TYPES:
        mine = np.array([one == name for one in types])
        if mine.any():
            axes.plot(x[mine], y[mine], linestyle="none", clip_on=False, zorder=3, **_MARKS[name])
    _labels(drawn, top, x, y, names)
    drawn.write(_LEFT + _SIDE / 2, top + _SIDE + 0.62, below, size=7, align="center", va="top")
    drawn.write(0.55, top + _SIDE / 2, y_label, size=7, align="center", rotation=90)
    return drawn.figure


def set_plot_alt(x: Array, y: Array, *, x_label: str, y_label: str, names: Mapping[int, str], language: str) -> str:
    """Inclusion and coverage, how many cases are of which type, and the names that the figure tells."""
    types, fit = types_of(x, y), sufficiency(x, y)
    opening = say("qca_figures.plot_alt", language, x=clipped(x_label, 120), y=y_label, n=len(x), inclusion=fit.inclusion,
                  coverage=fit.coverage)  # fmt: skip
    counts = [f"{say(f'qca_figures.type.{name}', language)} {types.count(name)}" for name in TYPES if name in types]
    told = "; ".join(counts)
    shown = [str(name) for name in list(names.values())[:MOST_NAMES]]
    return f"{opening} {told}. " + (
        say("qca_figures.named", language, names=listed(shown, language, room=200)) if shown else ""
    )


def _frame(axes: Axes, language: str) -> None:
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axes.set_xticks(ticks, [number(tick, language, 2) for tick in ticks])
    axes.set_yticks(ticks, [number(tick, language, 2) for tick in ticks], size=SMALL, color=FAINT)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(True)
    axes.tick_params(axis="y", length=2.5, width=0.6, pad=2)
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=0.7, zorder=1)
    for line in (axes.axvline, axes.axhline):
        line(0.5, color=RULE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)


def _labels(drawn: Sheet, top: float, x: Array, y: Array, names: Mapping[int, str]) -> None:
    """Names beside their marks wherever they touch no other mark and no other name; one that finds no place is left out."""
    points = [(_LEFT + (a + 0.02) / 1.04 * _SIDE, top + (1.02 - b) / 1.04 * _SIDE) for a, b in zip(x, y, strict=True)]
    taken = [(px - 0.1, py - 0.1, px + 0.1, py + 0.1) for px, py in set(points)]
    told = 0
    for place, name in names.items():
        if told == MOST_NAMES:
            return
        text = flat(name)
        wide, high = width_of(text, SMALL), 0.24
        px, py = points[place]
        for dx, dy in _around(wide):
            box = (px + dx, py + dy - high / 2, px + dx + wide, py + dy + high / 2)
            inside = (
                box[0] > _LEFT + 0.05 and box[2] < WIDTH - 0.1 and top + 0.05 < box[1] and box[3] < top + _SIDE - 0.05
            )
            if inside and not any(_touch(box, other) for other in taken):
                drawn.write(box[0], py + dy, text, size=SMALL, color=INK)
                if abs(dy) > 0.3:
                    drawn.page.plot(
                        [px, px + dx + wide / 2], [py, py + dy - np.sign(dy) * high / 2], color=FAINT, linewidth=0.4
                    )
                taken.append(box)
                told += 1
                break


def _around(wide: float) -> Sequence[tuple[float, float]]:
    """Offsets of a name's left end and middle from its mark, the nearest first."""
    near = [(0.16, 0.0), (-wide - 0.16, 0.0), (-wide / 2, -0.24), (-wide / 2, 0.24), (0.14, -0.2), (0.14, 0.2),
            (-wide - 0.14, -0.2), (-wide - 0.14, 0.2)]  # fmt: skip
    far = [(dx, dy) for dy in (-0.5, 0.5, -0.8, 0.8) for dx in (0.1, -wide / 2, -wide - 0.1)]
    return [*near, *far]


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
