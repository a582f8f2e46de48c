"""Configurations of conditions, one a row: dots for the conditions, a bar for the cases, a mark for the inclusion, and OUT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from clustergov.casestudies.qca.shown import ShownRow
from clustergov.casestudies.qca.truth_table import TruthTable
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
    RULE,
    SMALL,
    WIDTH,
    Sheet,
    house_style,
    ink_on,
    sheet,
    width_of,
    wrap,
)  # fmt: skip

MOST_ROWS = 40
"""Configurations shown, those with most cases; the table has all."""
_ROW = 0.44
_OUT = 1.5
_FACES = {"1": BLUE, "0": "white", "C": ORANGE, "?": "#e4e4e4"}
_ORDER = "1C0?"


@house_style()
def configurations(table: TruthTable, rows: Sequence[ShownRow], language: str, *, banner: str = "") -> bytes:
    """The rows of a truth table that may be shown, as a PNG: OUT 1 first, by inclusion."""
    return png(configurations_figure(table, rows, language, banner=banner))


@house_style()
def configurations_figure(table: TruthTable, rows: Sequence[ShownRow], language: str, *, banner: str = "") -> Figure:
    """`configurations` before it becomes a PNG."""
    shown = ordered(rows)
    keys = _keys(table, shown, language)
    top = legend_end(keys, banner) + 0.3
    names = [one.name for one in table.conditions]
    cell = max(0.8, min(1.6, max(width_of(name, SMALL) for name in names) + 0.2, 7.0 / len(names)))
    head = max((wrap(name, cell - 0.05, SMALL).count("\n") + 1) for name in names) * 0.3 + 0.15
    drawn = sheet(top + head + _ROW * len(shown) + 1.2, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    begin = top + head
    for place, name in enumerate(names):
        drawn.write(MARGIN + cell * (place + 0.5), begin - 0.1, wrap(name, cell - 0.05, SMALL), size=SMALL, align="center",
                    va="bottom")  # fmt: skip
    _dots(drawn, table, shown, begin, cell)
    left = MARGIN + cell * len(names) + 0.5
    width = (WIDTH - MARGIN - _OUT - left - 0.6) / 2
    _cases(drawn, shown, (left, begin, width), language)
    _inclusions(drawn, table, shown, (left + width + 0.6, begin, width), language)
    for at, one in enumerate(shown):
        _out(drawn, one.row.out, WIDTH - MARGIN - _OUT + 0.75, begin + _ROW * (at + 0.5))
    drawn.write(WIDTH - MARGIN - _OUT + 0.75, begin - 0.1, "OUT", size=SMALL, align="center", va="bottom")
    return drawn.figure


def ordered(rows: Sequence[ShownRow]) -> list[ShownRow]:
    """At most so many as are drawn, OUT 1 first, then by inclusion."""
    most = sorted(rows, key=lambda one: -one.row.n)[:MOST_ROWS]
    return sorted(most, key=lambda one: (_ORDER.index(one.row.out), -(one.inclusion or 0.0), one.row.number))


def configurations_alt(table: TruthTable, rows: Sequence[ShownRow], language: str) -> str:
    """How many configurations have which OUT, and those that go with the outcome."""
    counts = {out: sum(one.row.out == out for one in rows) for out in _ORDER}
    names = [one.name for one in table.conditions]
    opening = say("qca_figures.configurations_alt", language, n=len(rows), positive=counts["1"], outcome=str(table.outcome),
                  negative=counts["0"], contradictory=counts["C"], few=counts["?"])  # fmt: skip
    told = []
    for one in ordered(rows):
        if one.row.out == "1":
            parts = [f"{name} {level}" for name, level in zip(names, one.row.levels, strict=True)]
            value = "–" if one.inclusion is None else number(one.inclusion, language, 2)
            told.append(say("qca_figures.one", language, row=", ".join(parts), n=one.row.n, inclusion=value))
    return f"{opening} {listed(told, language, room=420)}" if told else opening


def _keys(table: TruthTable, rows: Sequence[ShownRow], language: str) -> list[Key]:
    dot = {"markersize": 6, "markeredgecolor": INK}
    keys = [Key(say("qca_figures.present", language), marker="o", settings=tuple({**dot, "color": INK}.items())),
            Key(say("qca_figures.absent", language), marker="o", settings=tuple({**dot, "color": "white"}.items()))]  # fmt: skip
    if any(one.multi_value for one in table.conditions):
        keys.append(Key(say("qca_figures.level", language), marker="o", settings=tuple({**dot, "color": RULE}.items())))
    return keys


def _dots(drawn: Sheet, table: TruthTable, rows: Sequence[ShownRow], top: float, cell: float) -> None:
    """Every second row on grey; filled dots for what is there, open ones for what is not, figures for levels."""
    places: dict[str, list[tuple[float, float]]] = {INK: [], "white": [], RULE: []}
    for at, one in enumerate(rows):
        y = top + _ROW * (at + 0.5)
        if at % 2 == 0:
            drawn.page.add_patch(
                Rectangle((MARGIN, y - _ROW / 2), WIDTH - 2 * MARGIN, _ROW, facecolor="#f4f4f4", zorder=0)
            )
        for place, (condition, level) in enumerate(zip(table.conditions, one.row.levels, strict=True)):
            x = MARGIN + cell * (place + 0.5)
            places[RULE if condition.multi_value else INK if level else "white"].append((x, y))
            if condition.multi_value:
                drawn.write(x, y, str(level), size=SMALL, align="center")
    for face, found in places.items():
        if found:
            drawn.page.plot(*zip(*found, strict=True), linestyle="none", marker="o", markersize=9 if face == RULE else 6,
                            color=face, markeredgecolor=INK, markeredgewidth=0.7)  # fmt: skip


def _panel(drawn: Sheet, rows: Sequence[ShownRow], place: tuple[float, float, float], title: str) -> Axes:
    left, top, width = place
    axes = drawn.panel(left, top, width, _ROW * len(rows))
    words = wrap(title, width + 0.5, SMALL)
    drawn.write(left + width / 2, top + _ROW * len(rows) + 0.5, words, size=SMALL, align="center", va="top")
    return axes


def _cases(drawn: Sheet, rows: Sequence[ShownRow], place: tuple[float, float, float], language: str) -> None:
    """A bar per row; those that are more out of the outcome than in are its hatched end, with their number."""
    axes = _panel(drawn, rows, place, say("qca_figures.cases", language))
    most = max(one.row.n for one in rows)
    axes.set_xlim(0, most * 1.35)
    axes.set_xticks([])
    for at, one in enumerate(rows):
        y = place[1] + _ROW * (at + 0.5)
        against = one.deviant or 0
        axes.add_patch(Rectangle((0, y - 0.13), one.row.n - against, 0.26, facecolor=FAINT, linewidth=0))
        axes.add_patch(Rectangle((one.row.n - against, y - 0.13), against, 0.26, facecolor="white", edgecolor=FAINT,
                                 linewidth=0.5, hatch="/////"))  # fmt: skip
        words = str(one.row.n) if one.deviant is None else f"{one.row.n} ({one.deviant})"
        axes.text(one.row.n + most * 0.03, y, words, size=SMALL, va="center")


def _inclusions(
    drawn: Sheet, table: TruthTable, rows: Sequence[ShownRow], place: tuple[float, float, float], language: str
) -> None:
    """Inclusion as a dot, PRI as a bar across; the cut-off of inclusion is the line."""
    axes = _panel(drawn, rows, place, say("qca_figures.inclusion", language))
    axes.set_xlim(0, 1.03)
    axes.set_xticks([0, 0.5, 1], [number(tick, language, 1) for tick in (0, 0.5, 1)])
    axes.axvline(table.cut_offs.inclusion, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    middles = [place[1] + _ROW * (at + 0.5) for at in range(len(rows))]
    nowhere = float("nan")
    marks: dict[str, Any] = {"linestyle": "none", "clip_on": False, "zorder": 3}
    inclusions = [nowhere if one.inclusion is None else one.inclusion for one in rows]
    pris = [nowhere if one.pri is None else one.pri for one in rows]
    axes.plot(inclusions, middles, marker="o", markersize=4.5, color=BLUE, **marks)
    axes.plot(pris, middles, marker="|", markersize=6, color=ORANGE, markeredgewidth=1.4, **marks)


def _out(drawn: Sheet, out: str, x: float, y: float) -> None:
    face = _FACES[out]
    drawn.page.add_patch(Rectangle((x - 0.22, y - 0.16), 0.44, 0.32, facecolor=face, edgecolor=INK, linewidth=0.7))
    drawn.write(x, y, out, size=SMALL, align="center", weight="bold", color=ink_on(face))
