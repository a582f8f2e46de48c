"""A claimed optimum: group means, the smooth curve with its band, both lines, and where the optimum may lie."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum
from clustergov.analysis.sweet_spot.telling import place, step_of, verdict_sentence
from clustergov.analysis.sweet_spot.two_lines import TwoLines
from clustergov.language import Text, number, say
from clustergov.reports.figures.alternative import LONGEST
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
    Sheet,
    flat,
    house_style,
    sheet,
    wrap,
)

_LEFT, _HEIGHT, _STRIP = 1.6, 7.0, 1.1
_MEAN = {"color": INK, "markersize": 4.5, "markerfacecolor": "white", "markeredgewidth": 1.0}
_BAND = "#cfe0ef"


@house_style()
def share_optimum_png(tested: ShareOptimum, share: Text, outcome: Text, language: str, banner: str = "") -> bytes:
    """The figure as a PNG."""
    return png(share_optimum_figure(tested, share, outcome, language, banner))


@house_style()
def share_optimum_figure(tested: ShareOptimum, share: Text, outcome: Text, language: str, banner: str = "") -> Figure:
    """`share_optimum_png` before it becomes a PNG."""
    keys = _keys(tested, language)
    top = legend_end(keys, banner) + 0.75
    drawn = sheet(top + _HEIGHT + _STRIP + 1.15, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    drawn.write(MARGIN, top - 0.3, wrap(outcome.to(language), WIDTH - 2 * MARGIN, SMALL), size=SMALL, color=FAINT)
    axes = drawn.panel(_LEFT, top, WIDTH - _LEFT - MARGIN, _HEIGHT)
    _scales(axes, tested, language)
    if tested.curve is not None:
        axes.fill_between(tested.curve.places, tested.curve.low, tested.curve.high, color=_BAND, linewidth=0)
        axes.plot(tested.curve.places, tested.curve.height, color=BLUE, linewidth=1.6)
    if tested.preset is not None:
        _lines(axes, tested, tested.preset, ORANGE, "-")
    if tested.found is not None and (tested.preset is None or tested.found.at != tested.preset.at):
        _lines(axes, tested, tested.found, INK, (0, (3, 2)))
    axes.plot(tested.bins["share"], tested.bins["outcome"], linestyle="none", marker="o", **_settings())
    axes.axvline(tested.named, color=INK, linewidth=0.7, linestyle=(0, (1, 2)), zorder=0)
    named = say("sweet_spot.figure.named", language, named=place(tested.named, tested, language))
    axes.annotate(named, (tested.named, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                  textcoords="offset points", size=SMALL, ha="center", va="bottom", parse_math=False)  # fmt: skip
    _strip(drawn, axes, top + _HEIGHT, tested, language)
    middle = (_LEFT + WIDTH - MARGIN) / 2
    drawn.write(middle, drawn.height - 0.12, flat(share.to(language)), size=7, align="center", va="bottom")
    return drawn.figure


def share_optimum_alt(tested: ShareOptimum, share: Text, outcome: Text, language: str) -> str:
    """The finding, then what is to be seen."""
    finding = verdict_sentence(tested, share, outcome, language)
    bins = tested.bins
    seen = say(
        "sweet_spot.figure.alt", language, groups=len(bins), lowest=float(bins["outcome"].min()),
        highest=float(bins["outcome"].max()), at=place(float(bins["share"].iloc[int(bins["outcome"].to_numpy().argmax())]), tested, language),
    )  # fmt: skip
    return f"{finding} {seen}" if len(finding) + len(seen) < LONGEST else finding


def _settings() -> dict[str, Any]:
    return dict(_MEAN)


def _keys(tested: ShareOptimum, language: str) -> list[Key]:
    keys = [Key(say("sweet_spot.figure.means", language), marker="o", settings=tuple(_MEAN.items()))]
    dash = (("markersize", 11.0), ("markeredgewidth", 1.6))
    if tested.curve is not None:
        keys.append(Key(say("sweet_spot.figure.curve", language, level=tested.level), face=_BAND))
    if tested.preset is not None:
        keys.append(Key(say("sweet_spot.figure.preset", language, at=place(tested.named, tested, language)),
                        marker="_", settings=(*dash, ("color", ORANGE))))  # fmt: skip
    if tested.found is not None:
        keys.append(Key(say("sweet_spot.figure.found", language, at=place(tested.found.at, tested, language)),
                        marker="_", settings=(*dash, ("color", INK))))  # fmt: skip
    return keys


def _lines(axes: Axes, tested: ShareOptimum, lines: TwoLines, colour: str, style: Any) -> None:
    start, left, right, end = lines.lines
    low, high = _range(tested)
    axes.plot([low, lines.at], [start, left], color=colour, linewidth=1.1, linestyle=style)
    axes.plot([lines.at, high], [right, end], color=colour, linewidth=1.1, linestyle=style)


def _range(tested: ShareOptimum) -> tuple[float, float]:
    return tested.tops.ends


def _scales(axes: Axes, tested: ShareOptimum, language: str) -> None:
    low, high = _range(tested)
    axes.set_xlim(low - 0.02 * (high - low), high + 0.02 * (high - low))
    heights = [tested.bins["outcome"].to_numpy()]
    if tested.curve is not None:
        # The band may run far out where there are few organisations: its middle 90 % decides the scale.
        heights += [
            tested.curve.height,
            np.quantile(tested.curve.low, [0.1, 1]),
            np.quantile(tested.curve.high, [0, 0.9]),
        ]
    ends = np.concatenate(heights)
    room = 0.08 * (ends.max() - ends.min() or 1.0)
    bottom, top = float(ends.min() - room), float(ends.max() + room)
    axes.set_ylim(bottom, top)
    axes.set_xticks([])
    step = next(u * 10.0**p for p in range(-6, 9) for u in (1, 2, 5) if (top - bottom) / (u * 10.0**p) <= 6)
    ticks = np.arange(np.ceil(bottom / step), np.floor(top / step) + 1) * step
    decimals = max(0, -int(np.floor(np.log10(step))))
    axes.set_yticks(ticks, [number(tick, language, decimals) for tick in ticks])
    axes.tick_params(axis="y", labelsize=SMALL, length=2.5, width=0.6, pad=2, colors=FAINT)
    axes.spines["left"].set_visible(True)


def _strip(drawn: Sheet, above: Axes, top: float, tested: ShareOptimum, language: str) -> None:
    """Under the curve: the optimum's interval, on the axis of shares."""
    axes = drawn.panel(_LEFT, top, WIDTH - _LEFT - MARGIN, _STRIP)
    axes.set_xlim(*above.get_xlim())
    axes.set_ylim(1, 0)
    step = step_of(tested)
    low, high = _range(tested)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    axes.set_xticks(ticks, [place(float(tick), tested, language) for tick in ticks])
    axes.axvline(tested.named, color=INK, linewidth=0.7, linestyle=(0, (1, 2)), zorder=0)
    if tested.optimum is None:
        return
    axes.plot([tested.optimum.low, tested.optimum.high], [0.66, 0.66], color=BLUE, linewidth=4, solid_capstyle="butt")
    words = say("sweet_spot.figure.optimum", language, level=tested.optimum.level,
                low=place(tested.optimum.low, tested, language), high=place(tested.optimum.high, tested, language))  # fmt: skip
    middle = float(
        np.clip((tested.optimum.low + tested.optimum.high) / 2, low + 0.35 * (high - low), high - 0.35 * (high - low))
    )
    box = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    axes.text(middle, 0.3, words, size=SMALL, ha="center", va="center", parse_math=False, bbox=box)
