"""Scree plot: eigenvalues of items beside what shuffled answers reach, one panel per scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from clustergov.analysis.scales.parallel_analysis import ParallelAnalysis
from clustergov.language import number, say
from clustergov.reports.figures.legend import Key, draw_keys, key_height
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    SMALL,
    WIDTH,
    Sheet,
    head,
    height_of,
    house_style,
    sheet,
    wrap,
)

COLUMNS = 2
_HEIGHT, _AXIS, _SIDE, _TITLE = 4.2, 1.1, 1.1, 8.0
_FOUND: dict[str, Any] = {"marker": "o", "color": BLUE, "markeredgecolor": BLUE, "linestyle": "none"}
_DRAWN: dict[str, Any] = {"marker": "_", "color": FAINT, "markeredgecolor": FAINT, "linestyle": "none"}


@house_style()
def scree(panels: Sequence[tuple[str, ParallelAnalysis]], *, language: str, banner: str = "") -> bytes:
    """Eigenvalues of each scale as a PNG; those above the percentile of the draws are filled."""
    return png(scree_figure(panels, language=language, banner=banner))


@house_style()
def scree_figure(panels: Sequence[tuple[str, ParallelAnalysis]], *, language: str, banner: str = "") -> Figure:
    """`scree` before it becomes a PNG."""
    columns = min(COLUMNS, len(panels))
    width = (WIDTH - 2 * MARGIN - columns * _SIDE - (columns - 1) * 0.4) / columns
    titles = [wrap(title, width, _TITLE, bold=True) for title, _ in panels]
    lines = [range(start, min(start + columns, len(panels))) for start in range(0, len(panels), columns)]
    tops = [max(height_of(titles[at], _TITLE) for at in line) + 0.2 for line in lines]
    keys = _keys(panels[0][1], language)
    legend = head(banner) + key_height(keys) + 0.3
    drawn = sheet(legend + sum(tops) + len(lines) * (_HEIGHT + _AXIS + 0.3), banner)
    draw_keys(drawn, head(banner), keys)
    top, highest = legend, max(max(found.components[0], found.component_limits[0]) for _, found in panels)
    for line, title_height in zip(lines, tops, strict=True):
        for place, at in enumerate(line):
            left = MARGIN + _SIDE + place * (width + _SIDE + 0.4)
            drawn.write(left, top, titles[at], size=_TITLE, weight="bold", va="top")
            _panel(drawn, (left, top + title_height, width, _HEIGHT), panels[at][1], language,
                   highest=float(highest), first=place == 0)  # fmt: skip
        top += title_height + _HEIGHT + _AXIS + 0.3
    return drawn.figure


def _keys(found: ParallelAnalysis, language: str) -> list[Key]:
    above = (("markersize", 5), ("color", BLUE), ("markeredgecolor", BLUE))
    below = (("markersize", 5), ("color", "white"), ("markeredgecolor", BLUE))
    line = (("markersize", 8), ("color", FAINT), ("markeredgecolor", FAINT), ("markeredgewidth", 1.4))
    words = say("scales.chapter.key limit", language, percentile=found.percentile, draws=found.draws)
    return [
        Key(say("scales.chapter.key above", language), marker="o", settings=above),
        Key(say("scales.chapter.key below", language), marker="o", settings=below),
        Key(words, marker="_", settings=line),
    ]


def _panel(
    drawn: Sheet,
    place: tuple[float, float, float, float],
    found: ParallelAnalysis,
    language: str,
    *,
    highest: float,
    first: bool,
) -> None:
    left, top, width, height = place
    axes = drawn.figure.add_axes(
        (left / WIDTH, 1 - (top + height) / drawn.height, width / WIDTH, height / drawn.height)
    )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    at = range(1, len(found.components) + 1)
    axes.plot(at, found.components, color=BLUE, linewidth=0.8, zorder=1)
    axes.plot(at, found.component_limits, **{**_DRAWN, "markersize": 11, "markeredgewidth": 1.4}, zorder=2)
    for place_of, value in enumerate(found.components):
        filled = place_of < found.component_count
        axes.plot(place_of + 1, value, **{**_FOUND, "markersize": 5, "color": BLUE if filled else "white"}, zorder=3)
    axes.set_ylim(0, highest * 1.08)
    axes.set_xlim(0.5, len(found.components) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, language, 1)))
    axes.tick_params(labelsize=SMALL, length=2.5, width=0.6, pad=2, colors=FAINT)
    drawn.write(left + width / 2, top + height + 0.75, say("scales.chapter.factor place", language), size=7.0,
                align="center", color=INK)  # fmt: skip
    if first:
        drawn.write(MARGIN + 0.15, top + height / 2, say("scales.chapter.eigenvalue", language), size=7.0,
                    align="center", rotation=90, color=INK)  # fmt: skip
