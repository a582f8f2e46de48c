"""Specification curve: estimates of all universes in order, and under them which choice each one made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustergov.language import number, say
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
    height_of,
    house_style,
    sheet,
    shortened,
    width_of,
    wrap,
)

_LEFT = 5.0
"""Centimetres for the labels of forks and options."""
_CURVE = 5.6
_ROW = 0.34
_HEAD = 0.42
_APART = 0.04
"""Gap before universes that are wrong in hindsight, as a share of all."""
_GREY = "#8f8f8f"


@dataclass(frozen=True)
class Choices:
    """One fork: its words, and per option its words and which universes made it, in the order of the rows."""

    label: str
    options: tuple[tuple[str, tuple[bool, ...]], ...]


@house_style()
def specification_curve(
    rows: pd.DataFrame, forks: Sequence[Choices], *, smallest: float, language: str, axis_label: str, banner: str = ""
) -> bytes:
    """The curve as a PNG; columns estimate, low, high, preregistered, wrong.

    Estimates from the least to the greatest, each with its interval; blue where the interval leaves out zero. A band
    shows the effects that are too small to matter, a diamond the preregistered universe. Universes that are wrong in
    hindsight stand apart on the right, in grey. Under the curve each fork has a row per option, with a tick where a
    universe made that choice.
    """
    return png(curve_figure(rows, forks, smallest=smallest, language=language, axis_label=axis_label, banner=banner))


@house_style()
def curve_figure(
    rows: pd.DataFrame, forks: Sequence[Choices], *, smallest: float, language: str, axis_label: str, banner: str = ""
) -> Figure:
    """`specification_curve` before it becomes a PNG."""
    keys = _keys(rows, language)
    top = legend_end(keys, banner) + 0.2
    lines = [max(1, wrap(fork.label, _LEFT - MARGIN, 7, bold=True).count("\n") + 1) for fork in forks]
    count = sum(len(fork.options) for fork in forks)
    fixed = top + _CURVE + 0.35 + sum(_HEAD * line for line in lines)
    row = max(0.25, min(_ROW, (TALLEST - fixed - 0.2) / max(count, 1)))
    drawn = sheet(fixed + count * row + 0.2, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    order, places = _order(rows)
    axes = drawn.panel(_LEFT + 0.9, top, WIDTH - MARGIN - _LEFT - 0.9, _CURVE)
    _curve(axes, rows.iloc[order], places, smallest, language)
    drawn.write(MARGIN, top + _CURVE / 2, wrap(axis_label, _LEFT - 0.9, 7), size=7)
    _dashboard(drawn, top + _CURVE + 0.35, row, forks, rows.iloc[order], order, places)
    return drawn.figure


def curve_alt(rows: pd.DataFrame, *, smallest: float, language: str) -> str:
    """How many universes, their median and range, and where the preregistered one stands."""
    good = rows[~rows["wrong"]]
    parts = [say("figures.specification_curve.alt", language, n=len(good), median=float(good["estimate"].median()),
                 low=float(good["estimate"].min()), high=float(good["estimate"].max()),
                 apart=int(((good["low"] > 0) | (good["high"] < 0)).sum()))]  # fmt: skip
    for own in rows[rows["preregistered"]].to_dict("records"):
        rank = int((good["estimate"] <= own["estimate"]).sum())
        parts.append(say("figures.specification_curve.alt_preregistered", language, estimate=own["estimate"],
                         low=own["low"], high=own["high"], rank=rank, n=len(good)))  # fmt: skip
    if wrong := int(rows["wrong"].sum()):
        parts.append(say("figures.specification_curve.alt_wrong", language, n=wrong))
    return " ".join(parts)


def _keys(rows: pd.DataFrame, language: str) -> list[Key]:
    def dot(key: str, marker: str, colour: str, size: float) -> Key:
        settings = (("markersize", size), ("color", colour), ("markeredgecolor", colour))
        return Key(say(f"figures.specification_curve.{key}", language), marker=marker, settings=settings)

    keys = [dot("apart", "o", BLUE, 4.0), dot("open", "o", FAINT, 4.0)]
    if rows["preregistered"].any():
        keys.append(dot("preregistered", "D", ORANGE, 4.6))
    if rows["wrong"].any():
        keys.append(dot("wrong", "x", _GREY, 4.0))
    return [*keys, Key(say("figures.specification_curve.smallest", language), face="#e6e6e6")]


def _order(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Rows as they stand from left to right, and where; those that are wrong in hindsight after a gap."""
    order = np.lexsort((rows["estimate"].to_numpy(), rows["wrong"].to_numpy()))
    gap = np.where(rows["wrong"].to_numpy()[order], max(1.0, _APART * len(rows)), 0.0)
    return order, np.arange(len(rows)) + gap


def _curve(axes: Axes, rows: pd.DataFrame, places: np.ndarray, smallest: float, language: str) -> None:
    low, high, estimate = (rows[name].to_numpy(float) for name in ("low", "high", "estimate"))
    ends = np.concatenate([low, high, [-smallest, smallest]])
    reach = float(np.ptp(ends)) or 1.0
    axes.set_ylim(ends.min() - 0.03 * reach, ends.max() + 0.03 * reach)
    axes.set_xlim(-0.02 * len(rows) - 1, places.max(initial=0) + 0.02 * len(rows) + 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhspan(-smallest, smallest, color="#e6e6e6", linewidth=0, zorder=0)
    for edge in (-smallest, smallest):
        axes.axhline(edge, color="white", linewidth=0.8, zorder=2.4)
    axes.axhline(0, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=2.5)
    wrong, own = rows["wrong"].to_numpy(), rows["preregistered"].to_numpy()
    apart = (low > 0) | (high < 0)
    width = float(np.clip(230 / max(len(rows), 1), 0.35, 2.0))
    size = float(np.clip(600 / max(len(rows), 1), 1.2, 9.0))
    for chosen, colour, light, marker in (
        (~wrong & apart, BLUE, "#9dbbd6", "o"), (~wrong & ~apart, FAINT, "#cccccc", "o"), (wrong, _GREY, "#dedede", "x"),
    ):  # fmt: skip
        axes.vlines(places[chosen], low[chosen], high[chosen], color=light, linewidth=width, zorder=2)
        axes.scatter(places[chosen], estimate[chosen], s=size, color=colour, marker=marker,
                     linewidths=0.5 if marker == "x" else 0, zorder=3)  # fmt: skip
    axes.vlines(places[own], low[own], high[own], color=ORANGE, linewidth=1.4, zorder=4)
    axes.scatter(places[own], estimate[own], s=24, color=ORANGE, marker="D", linewidths=0, zorder=5)
    _scale(axes, language)


def _scale(axes: Axes, language: str) -> None:
    low, high = axes.get_ylim()
    step = next(
        unit * 10.0**power for power in range(-6, 8) for unit in (1, 2, 5) if (high - low) / (unit * 10.0**power) <= 7
    )
    ticks = [round(at * step, 8) for at in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
    decimals = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    axes.set_yticks(ticks, [number(tick, language, decimals) for tick in ticks])
    axes.tick_params(axis="y", labelsize=SMALL, length=2.5, width=0.6, pad=2, colors=FAINT)
    axes.spines["left"].set_visible(True)


def _dashboard(
    drawn: Sheet, top: float, row: float, forks: Sequence[Choices], rows: pd.DataFrame, order: np.ndarray,
    places: np.ndarray,
) -> None:  # fmt: skip
    wrong, own = rows["wrong"].to_numpy(), rows["preregistered"].to_numpy()
    width = float(np.clip(230 / max(len(rows), 1), 0.35, 3.0))
    count = sum(len(fork.options) for fork in forks)
    heads = [_HEAD * (wrap(fork.label, _LEFT - MARGIN, 7, bold=True).count("\n") + 1) for fork in forks]
    axes = drawn.panel(_LEFT + 0.9, top, WIDTH - MARGIN - _LEFT - 0.9, count * row + sum(heads))
    axes.set_xlim(-0.02 * len(rows) - 1, places.max(initial=0) + 0.02 * len(rows) + 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    y = top
    for fork, head in zip(forks, heads, strict=True):
        drawn.write(
            MARGIN, y + head - 0.06, wrap(fork.label, _LEFT - MARGIN, 7, bold=True), size=7, weight="bold", va="bottom"
        )
        y += head
        for label, chosen in fork.options:
            _option(drawn, axes, y, row, label)
            made = np.array(chosen)[order]
            for which, colour in ((made & ~wrong & ~own, INK), (made & wrong, _GREY), (made & own, ORANGE)):
                thick = max(width, 1.6) if colour == ORANGE else width
                axes.vlines(places[which], y + 0.06, y + row - 0.06, color=colour, linewidth=thick)
            y += row


def _option(drawn: Sheet, axes: Axes, y: float, row: float, label: str) -> None:
    room = _LEFT + 0.5 - MARGIN - 0.25
    size = 7.0 if width_of(label, 7.0) <= room and row >= height_of("x", 7.0) else SMALL
    text = shortened(wrap(label, room, size), 1, room, size)
    drawn.write(MARGIN + 0.25, y + row / 2, text, size=size)
    axes.axhline(y + row, color=RULE, linewidth=0.35, zorder=0)
