"""How far each anchor can be moved before a QCA's solution changes: a strip per anchor around what was declared."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from clustergov.casestudies.qca.sensitivity import SensitivityRange
from clustergov.language import number, say
from clustergov.reports.figures.alternative import clipped, listed
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    RULE,
    SMALL,
    TALLEST,
    WIDTH,
    head,
    house_style,
    rows,
    sheet,
)  # fmt: skip

_LABELS, _NUMBERS, _AXIS = 5.6, 3.2, 1.0
"""Centimetres for labels, for the ranges in numbers, and for the axis below."""
_LIMIT = 1.05


@house_style()
def sensitivity(
    found: Sequence[SensitivityRange], labels: Sequence[str], moved: float, language: str, *, banner: str = ""
) -> bytes:
    """The ranges of anchors as a PNG; the axis is the distance to the neighbouring anchor.

    Parameters
    ----------
    found : sequence of SensitivityRange
        Of anchors only.
    labels : sequence of str
        One per range.
    moved : float
        Share of the distance by which a declared analysis moves anchors; drawn as a band.
    """
    return png(sensitivity_figure(found, labels, moved, language, banner=banner))


@house_style()
def sensitivity_figure(
    found: Sequence[SensitivityRange], labels: Sequence[str], moved: float, language: str, *, banner: str = ""
) -> Figure:
    """`sensitivity` before it becomes a PNG."""
    top = head(banner) + 0.15
    layout = rows(labels, _LABELS, TALLEST - top - _AXIS)
    drawn = sheet(top + layout.height + _AXIS, banner)
    left, width = MARGIN + _LABELS + 0.3, WIDTH - 2 * MARGIN - _LABELS - 0.3 - _NUMBERS
    axes = drawn.panel(left, top, width, layout.height)
    axes.set_xlim(-_LIMIT, _LIMIT)
    ticks = (-1, -0.5, 0, 0.5, 1)
    axes.set_xticks(ticks, [f"{number(100 * tick, language, 0)}%" for tick in ticks])
    axes.axvspan(-moved, moved, color="#efefef", zorder=0)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    for one, label, middle in zip(found, layout.labels, layout.middles, strict=True):
        y = top + middle
        axes.axhline(y, color=RULE, linewidth=0.35, zorder=0)
        low, high = (one.low - one.declared) / one.step_low, (one.high - one.declared) / one.step_high
        axes.plot(
            [max(low, -_LIMIT), min(high, _LIMIT)], [y, y], color=BLUE, linewidth=2.6, solid_capstyle="butt", zorder=2
        )
        for end, at, open_end, marker in (
            (low, -_LIMIT, one.farthest_low, "<"),
            (high, _LIMIT, one.farthest_high, ">"),
        ):
            beyond = abs(end) > _LIMIT
            if beyond:
                axes.plot([at], [y], marker=marker, markersize=4.5, color=BLUE, clip_on=False, zorder=3)
            elif not open_end:
                axes.plot([end], [y], marker="|", markersize=7, color=BLUE, markeredgewidth=1.4, zorder=3)
        axes.plot(
            [0], [y], marker="o", markersize=3.6, color="white", markeredgecolor=INK, markeredgewidth=0.9, zorder=4
        )
        drawn.write(MARGIN, y, label, size=layout.size)
        drawn.write(left + width + 0.25, y, range_text(one, language), size=SMALL, color=INK)
    drawn.write(left + width / 2, drawn.height - 0.1, say("qca_figures.distance", language), size=7, align="center", va="bottom",
                color=FAINT)  # fmt: skip
    return drawn.figure


def range_text(one: SensitivityRange, language: str, decimals: int = 2) -> str:
    """“3.35 – 3.71”; an end as far as was tried carries a sign: nothing changed up to there."""
    low, high = number(one.low, language, decimals), number(one.high, language, decimals)
    return f"{'≤ ' if one.farthest_low else ''}{low} – {'≥ ' if one.farthest_high else ''}{high}"


def sensitivity_alt(found: Sequence[SensitivityRange], labels: Sequence[str], moved: float, language: str) -> str:
    """How many anchors can be moved by the declared share both ways, and the narrowest ranges first."""

    def room(one: SensitivityRange) -> float:
        return min((one.declared - one.low) / one.step_low, (one.high - one.declared) / one.step_high)

    order = sorted(range(len(found)), key=lambda place: room(found[place]))
    opening = say(
        "qca_figures.sensitivity_alt",
        language,
        n=len(found),
        moved=moved,
        wide=sum(room(one) >= moved for one in found),
    )
    return f"{opening} {listed([f'{clipped(labels[at], 60)} {range_text(found[at], language)}' for at in order], language)}"
