"""Verdict chart: every part of every claim against the smallest effect of interest, with its verdict in sign and word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from clustergov.analysis.claims.verdicts import VERDICTS
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
    Rows,
    Sheet,
    height_of,
    house_style,
    rows,
    sheet,
    width_of,
)

CLIP = 4.0
"""Smallest effects of interest at which the axis ends; beyond it an arrow head stands."""

SIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "supported": ("o", {"markersize": 4.6, "markerfacecolor": BLUE, "markeredgecolor": BLUE}),
    "weaker than published": ("v", {"markersize": 4.8, "markerfacecolor": "#8fb8dc", "markeredgecolor": BLUE}),
    "contradicted": ("X", {"markersize": 5.4, "markerfacecolor": ORANGE, "markeredgecolor": ORANGE}),
    "practically null": ("s", {"markersize": 4.2, "markerfacecolor": "white", "markeredgecolor": INK}),
    "inconclusive": ("D", {"markersize": 3.8, "markerfacecolor": "white", "markeredgecolor": FAINT}),
    "not assessable": ("_", {"markersize": 5.0, "markerfacecolor": "none", "markeredgecolor": FAINT}),
}
"""Each verdict has a shape of its own, so that none is told by its colour only."""

_PUBLISHED = "#f2b01e"
_BAND = "#e9e9e9"
_GREY = "#8a8a8a"
_AXIS = 4.7
_TOLERATED = 0.6
"""Centimetres above the tallest, rather than that labels are cut off."""


@house_style()
def verdict_chart(rows: pd.DataFrame, *, language: str, banner: str = "") -> bytes:
    """One row per part of a claim, as a PNG.

    Columns claim, label, estimate, low, high, published_low, published_high (all in units of the smallest effect of
    interest, positive in the claimed direction), asserted and verdict.
    """
    return png(verdict_figure(rows, language=language, banner=banner))


@house_style()
def verdict_figure(rows: pd.DataFrame, *, language: str, banner: str = "") -> Figure:
    """`verdict_chart` before it becomes a PNG."""
    words = [say(f"claims.verdict.{verdict}", language) for verdict in rows["verdict"]]
    widest = max((width_of(word, SMALL) for word in words), default=1.0)
    sign = WIDTH - MARGIN - widest - 0.25
    left = sign - 0.3 - _AXIS
    foot = say("figures.verdicts.axis", language)
    full = legend_end(_keys(rows, language, shortened=True), banner)
    below = 0.45 + height_of(foot, SMALL) + 0.15
    layout, shortened = _layout(rows, left - 0.25 - MARGIN, TALLEST + _TOLERATED - full - 0.1 - below)
    keys = _keys(rows, language, shortened=shortened)
    top = legend_end(keys, banner) + 0.1
    fixed = top + below
    drawn = sheet(fixed + layout.height, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    axes = _axes(drawn, left, top, layout.height, language)
    for at, row in enumerate(rows.to_dict("records")):
        y = top + layout.middles[at]
        if _gap(rows, at):
            _rule(drawn, y - layout.heights[at] / 2)
        colour = INK if row["asserted"] else _GREY
        drawn.write(MARGIN, y, layout.labels[at], size=layout.size, color=colour)
        _estimate(axes, y, row, language)
        marker, settings = SIGNS[row["verdict"]]
        drawn.page.plot([sign], [y], marker=marker, linestyle="none", **_faded(settings, row["asserted"]))
        drawn.write(sign + 0.25, y, words[at], size=SMALL, color=colour)
    drawn.write(left + _AXIS / 2, drawn.height - 0.1, foot, size=SMALL, align="center", va="bottom", color=FAINT)
    return drawn.figure


def verdict_alt(rows: pd.DataFrame, language: str) -> str:
    """How many parts got which verdict, and which are supported, weaker or contradicted."""
    asserted = rows[rows["asserted"].astype(bool)]
    others = rows[~rows["asserted"].astype(bool)]
    parts = [say("figures.verdicts.alt", language, all=len(asserted), counts=_counts(asserted, language))]
    if len(others):
        parts.append(
            say("figures.verdicts.alt_unasserted", language, all=len(others), counts=_counts(others, language))
        )
    for verdict, key in (
        ("supported", "supported"),
        ("contradicted", "contradicted"),
        ("weaker than published", "weaker"),
    ):
        names = [_name(label) for label in asserted.loc[asserted["verdict"] == verdict, "label"]]
        room = LONGEST - len(" ".join(parts)) - 30
        if names and room > 40:
            told = listed(names, language, room=room, separator=", ")
            parts.append(say(f"figures.verdicts.alt_{key}", language, parts=told))
    return " ".join(parts)


def _counts(frame: pd.DataFrame, language: str) -> str:
    counts = Counter(frame["verdict"])
    return ", ".join(
        f"{counts[verdict]} {say(f'claims.verdict.{verdict}', language)}" for verdict in VERDICTS if counts[verdict]
    )


def _name(label: str) -> str:
    """The number of a part, such as 12b, where its label begins with one."""
    first = label.split(" ", 1)[0]
    return first if first[:1].isdigit() else clipped(label, 60)


def _gap(frame: pd.DataFrame, at: int) -> float:
    """Centimetres above a row that begins a new claim."""
    claims = frame["claim"].to_numpy()
    return 0.06 if at and claims[at] != claims[at - 1] else 0.0


def _layout(frame: pd.DataFrame, width: float, room: float) -> tuple[Rows, bool]:
    """Rows, with labels in full where they fit; else what repeats the row above gives way to dots."""
    gaps = [_gap(frame, at) for at in range(len(frame))]
    labels = [str(label) for label in frame["label"]]
    layout = rows(labels, width, room, gaps=gaps)
    if layout.whole and layout.height <= room:
        return layout, False
    short = shortened_labels(labels, list(frame["claim"]), width)
    return rows(short, width, room, gaps=gaps), short != labels


def shortened_labels(labels: Sequence[str], claims: Sequence[object], width: float) -> list[str]:
    """In a claim with a label longer than a line, rows lose the words with which the row above begins as well."""
    pairs = list(zip(labels, claims, strict=True))
    common = [0] + [
        _common(one.split()[1:], other.split()[1:]) if claim == before else 0
        for (one, before), (other, claim) in pairwise(pairs)
    ]
    shown, long = list(labels), {claim for label, claim in pairs if width_of(label, SMALL) > width}
    dropped = 0
    for at, (label, claim) in enumerate(pairs):
        words = label.split()
        # After a shortened row, dots stand for what they stood for there, or a reader would fill in the wrong words.
        drop = min(common[at], dropped) if dropped else common[at]
        allowed = claim in long and 3 <= drop < len(words) - 1 and drop >= dropped
        dropped = drop if allowed else 0
        if allowed:
            shown[at] = " ".join([words[0], "…", *words[drop + 1 :]])
    return shown


def _common(words: Sequence[str], others: Sequence[str]) -> int:
    count = 0
    for one, other in zip(words, others, strict=False):
        if one != other:
            break
        count += 1
    return count


def _keys(frame: pd.DataFrame, language: str, *, shortened: bool) -> list[Key]:
    keys = [
        Key(say("figures.verdicts.band", language), _BAND),
        Key(say("figures.verdicts.published", language), _PUBLISHED),
        Key(
            say("figures.verdicts.beyond", language, clip=number(CLIP, language, 0)), marker=">",
            settings=(("color", FAINT), ("markersize", 4.5)),
        ),
    ]  # fmt: skip
    if not frame["asserted"].all():
        keys.append(Key(say("figures.verdicts.unasserted", language), _GREY))
    if shortened:
        keys.append(Key(say("figures.verdicts.ditto", language), marker="None"))
    return keys


def _axes(drawn: Sheet, left: float, top: float, height: float, language: str) -> Axes:
    axes = drawn.panel(left, top, _AXIS, height)
    axes.set_xlim(-CLIP, CLIP)
    axes.axvspan(-1, 1, color=_BAND, linewidth=0, zorder=0)
    axes.axvline(0, color=FAINT, linewidth=0.6, zorder=0.5)
    ticks = range(-int(CLIP), int(CLIP) + 1)
    axes.set_xticks(list(ticks), [number(tick, language, 0) for tick in ticks])
    return axes


def _rule(drawn: Sheet, y: float) -> None:
    drawn.page.plot([MARGIN, WIDTH - MARGIN], [y, y], color=RULE, linewidth=0.4, zorder=0)


def _faded(settings: dict[str, Any], asserted: bool) -> dict[str, Any]:
    """The same shape, greyed, for what a source does not assert."""
    if asserted:
        return settings
    face = settings["markerfacecolor"]
    return settings | {
        "markeredgecolor": _GREY,
        "markerfacecolor": face if face in ("white", "none") else _GREY,
        "markersize": settings["markersize"] * 0.85,
    }


def _estimate(axes: Axes, y: float, row: dict[Any, Any], language: str) -> None:
    """Published figure, interval and estimate of one part."""
    if np.isfinite(row["published_low"]):
        _published(axes, y, row["published_low"], row["published_high"])
    if not np.isfinite(row["estimate"]):
        axes.text(0, y, "–", size=SMALL, ha="center", va="center", color=FAINT)
        return
    colour = INK if row["asserted"] else _GREY
    low, high = (end if np.isfinite(end) else row["estimate"] for end in (row["low"], row["high"]))
    axes.plot(np.clip([low, high], -CLIP, CLIP), [y, y], color=colour, linewidth=0.9, zorder=3)
    for beyond, edge, marker in ((low < -CLIP, -CLIP, "<"), (high > CLIP, CLIP, ">")):
        if beyond:
            axes.plot([edge], [y], marker=marker, markersize=3.6, color=colour, clip_on=False, zorder=4)
    if abs(row["estimate"]) > CLIP:
        side = np.sign(row["estimate"])
        text = number(row["estimate"], language, 1)
        box = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
        align = "right" if side > 0 else "left"
        axes.text(side * (CLIP - 0.3), y, text, size=SMALL, ha=align, va="center", color=colour, bbox=box, zorder=6)
        return
    marker, settings = SIGNS[row["verdict"]]
    axes.plot([row["estimate"]], [y], marker=marker, zorder=5, **_faded(settings, row["asserted"]))


def _published(axes: Axes, y: float, low: float, high: float) -> None:
    """A short upright bar as wide as rounding leaves the published figure open, and wide enough to be seen."""
    low, high = (float(np.clip(end, -CLIP, CLIP)) for end in (low, high))
    middle, half = (low + high) / 2, max((high - low) / 2, 0.06)
    tall = 0.2
    axes.add_patch(
        Rectangle(
            (middle - half, y - tall / 2), 2 * half, tall, facecolor=_PUBLISHED, edgecolor=INK, linewidth=0.35, zorder=2
        )
    )
