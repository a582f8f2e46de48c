"""The parties of a case and their ties: boxes that name party and kind, lines that say what one does for another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from clustergov.casestudies.case import Case
from clustergov.casestudies.network import Actor, ActorKind, Relation, RelationKind
from clustergov.language import LANGUAGES, say
from clustergov.reports.figures.alternative import LONGEST, listed
from clustergov.reports.figures.network_layout import Point, Size, edge_of, place
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
    width_of,
    wrap,
)

_NAME = 7.5
_WIDEST = 3.3
_PAD = 0.16

_SHAPES: dict[ActorKind, dict[str, Any]] = {
    "cluster organisation": {"boxstyle": "round,pad=0,rounding_size=0.25", "linewidth": 2.0, "edgecolor": BLUE},
    "knowledge institute": {"boxstyle": "round,pad=0,rounding_size=0.45", "linewidth": 0.9, "edgecolor": INK},
    "government": {"boxstyle": "square,pad=0", "linewidth": 0.9, "edgecolor": INK, "facecolor": "#e9e9e9"},
    "firm": {"boxstyle": "square,pad=0", "linewidth": 0.9, "edgecolor": INK},
    "care provider": {"boxstyle": "square,pad=0", "linewidth": 0.9, "edgecolor": INK, "linestyle": (0, (6, 2))},
    "intermediary": {"boxstyle": "round,pad=0,rounding_size=0.25", "linewidth": 0.9, "edgecolor": INK, "linestyle": "--"},
    "research project": {"boxstyle": "round,pad=0,rounding_size=0.25", "linewidth": 0.9, "edgecolor": INK, "linestyle": ":"},
}  # fmt: skip
_LINES: dict[RelationKind, tuple[Any, float]] = {
    "becomes": ("-", 1.8),
    "founds": ("-", 1.3),
    "funds": ("-", 0.8),
    "governs": ("-.", 0.9),
    "supplies knowledge": ("--", 0.8),
    "member of": (":", 1.1),
    "partner of": (":", 0.8),
    "studies": ((0, (1, 3)), 0.9),
}
"""Line and weight of a tie; of several ties between two parties the first in this order is drawn."""


@dataclass(frozen=True)
class _Tie:
    """Everything between two parties: drawn once, with all its words."""

    start: str
    end: str
    kinds: tuple[RelationKind, ...]
    both_ways: bool

    def words(self, language: str) -> str:
        return ", ".join(say(f"cases.relation.{kind}", language) for kind in self.kinds)


@house_style()
def network_figure(case: Case, language: str, banner: str = "") -> bytes:
    """The network as a PNG; its bytes are the same each time."""
    return png(network_picture(case, language, banner))


@house_style()
def network_picture(case: Case, language: str, banner: str = "") -> Figure:
    """`network_figure` before it becomes a PNG."""
    labels = {actor.code: _label(actor, language) for actor in case.actors}
    sizes = {actor.code: _largest(actor) for actor in case.actors}
    top = head(banner)
    room = min(14.0, 6.0 + 0.7 * len(case.actors))
    ties = _ties(case.relations)
    placed = place(sizes, [(tie.start, tie.end) for tie in ties], WIDTH - 2 * MARGIN, room)
    middles, height = _trimmed(placed, sizes, top)
    drawn = sheet(height, banner)
    taken = [(middles[code], sizes[code]) for code in middles]
    for tie in ties:
        _arrow(drawn.page, tie, middles, sizes)
    for tie in ties:
        taken.append(_words(drawn, tie, middles, sizes, taken, language))
    for actor in case.actors:
        _box(drawn, actor, labels[actor.code], middles[actor.code], sizes[actor.code])
    return drawn.figure


def network_alt(case: Case, language: str) -> str:
    """How many parties and ties, who has most of them, and the ties themselves."""
    names = {actor.code: actor.name.to(language) for actor in case.actors}
    count = Counter(end for relation in case.relations for end in (relation.start, relation.to))
    hub = max(names, key=lambda code: count[code], default="")
    told = [
        say(
            "cases.tie",
            language,
            start=names[relation.start],
            to=names[relation.to],
            kind=say(f"cases.relation.{relation.kind}", language),
        )
        for relation in case.relations
    ]
    opening = say(
        "cases.alt.network", language, actors=len(names), relations=len(told), hub=names.get(hub, "–"), ties=count[hub],
        told="",
    )  # fmt: skip
    return opening + listed(told, language, room=LONGEST - len(opening))


def _trimmed(placed: dict[str, Point], sizes: dict[str, Size], top: float) -> tuple[dict[str, Point], float]:
    """The boxes in the middle of the page and close to its head, and the height that they need."""
    left, right = (min(placed[code][0] - sizes[code][0] / 2 for code in placed),
                   max(placed[code][0] + sizes[code][0] / 2 for code in placed))  # fmt: skip
    high, low = (min(placed[code][1] - sizes[code][1] / 2 for code in placed),
                 max(placed[code][1] + sizes[code][1] / 2 for code in placed))  # fmt: skip
    aside, down = (WIDTH - left - right) / 2, top - high + 0.05
    return {code: (x + aside, y + down) for code, (x, y) in placed.items()}, low + down + 0.15


def _ties(relations: tuple[Relation, ...]) -> list[_Tie]:
    """One tie per pair of parties, in the order in which the file names them."""
    order = list(_LINES)
    between: dict[frozenset[str], list[Relation]] = {}
    for relation in relations:
        between.setdefault(frozenset((relation.start, relation.to)), []).append(relation)
    return [
        _Tie(
            found[0].start,
            found[0].to,
            tuple(sorted({relation.kind for relation in found}, key=order.index)),
            any(relation.start != found[0].start for relation in found)
            or all(relation.kind == "partner of" for relation in found),
        )
        for found in between.values()
    ]


def _label(actor: Actor, language: str) -> tuple[str, str]:
    name = wrap(actor.name.to(language), _WIDEST, _NAME, bold=True)
    return name, wrap(say(f"cases.kind.{actor.kind}", language), _WIDEST, SMALL)


def _largest(actor: Actor) -> Size:
    """Room for the label in any language, so that every language shows the same picture."""
    sizes = [_size(_label(actor, language)) for language in LANGUAGES]
    return max(wide for wide, _ in sizes), max(high for _, high in sizes)


def _size(label: tuple[str, str]) -> Size:
    name, kind = label
    wide = max(
        *(width_of(line, _NAME, bold=True) for line in name.split("\n")),
        *(width_of(line, SMALL) for line in kind.split("\n")),
    )
    return wide + 2 * _PAD, height_of(name, _NAME) + height_of(kind, SMALL) + 2 * _PAD


def _box(drawn: Sheet, actor: Actor, label: tuple[str, str], middle: Point, size: Size) -> None:
    (x, y), (width, height), (name, kind) = middle, size, label
    settings = {"facecolor": "white"} | _SHAPES[actor.kind]
    drawn.page.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, zorder=3, **settings))
    upper = height_of(name, _NAME)
    top = y - (upper + height_of(kind, SMALL)) / 2
    drawn.write(x, top + upper / 2, name, size=_NAME, align="center", weight="bold", zorder=4)
    drawn.write(x, top + upper + height_of(kind, SMALL) / 2, kind, size=SMALL, align="center", color=FAINT, zorder=4)


def _arrow(page: Axes, tie: _Tie, middles: dict[str, Point], sizes: dict[str, Size]) -> None:
    style, weight = _LINES[tie.kinds[0]]
    start = edge_of(middles[tie.start], middles[tie.end], sizes[tie.start])
    end = edge_of(middles[tie.end], middles[tie.start], sizes[tie.end])
    page.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-" if tie.both_ways else "-|>", mutation_scale=8, linestyle=style, linewidth=weight,
            color=FAINT, shrinkA=0, shrinkB=0, zorder=1,
        )
    )  # fmt: skip


def _words(
    drawn: Sheet,
    tie: _Tie,
    middles: dict[str, Point],
    sizes: dict[str, Size],
    taken: list[tuple[Point, Size]],
    language: str,
) -> tuple[Point, Size]:
    """Write what the tie says on its line, where it covers least; gives the room that it took."""
    text = wrap(tie.words(language), 2.4, SMALL)
    size = (max(width_of(line, SMALL) for line in text.split("\n")) + 0.1, height_of(text, SMALL) + 0.04)
    start = edge_of(middles[tie.start], middles[tie.end], sizes[tie.start])
    end = edge_of(middles[tie.end], middles[tie.start], sizes[tie.end])
    spots = [
        (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
    ]
    spot = min(spots, key=lambda at: sum(_shared(at, size, *other) for other in taken))
    drawn.write(
        *spot, text, size=SMALL, align="center", zorder=2,
        bbox={"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none"},
    )  # fmt: skip
    return spot, size


def _shared(one: Point, size: Size, other: Point, other_size: Size) -> float:
    """Square centimetres that two boxes share."""
    sides = [
        min(one[axis] + size[axis] / 2, other[axis] + other_size[axis] / 2)
        - max(one[axis] - size[axis] / 2, other[axis] - other_size[axis] / 2)
        for axis in (0, 1)
    ]
    return sides[0] * sides[1] if min(sides) > 0 else 0.0
