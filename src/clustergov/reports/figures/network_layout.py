"""Where the boxes of a network stand: apart from each other, with few ties that cross or run behind a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from math import atan2, degrees, dist

import networkx
import numpy as np

Point = tuple[float, float]
Size = tuple[float, float]

_TRIES = 24
"""Layouts that are drawn, each from its own seed; the one that reads best is kept."""
_GAP = (1.8, 0.9)
"""Centimetres between boxes beside each other and above each other, so that words fit on the ties between them."""
_NARROW = 18.0
"""Degrees: ties closer together than this are hard to tell apart, and their words get into each other's way."""
_PUSHES = 200
"""At most: a field that is too small never comes to rest."""
_ROUNDS = 2
_GRID = (6, 7)
"""Rounds of moving single boxes, and the columns and rows to which they may go."""
_GOOD = 8.0
"""A cost at which little is left to gain: no tie runs behind a box."""
_SHORT = 1.9
"""A tie of which less can be seen has no room for its words."""


def place(sizes: Mapping[str, Size], ties: Sequence[tuple[str, str]], width: float, height: float) -> dict[str, Point]:
    """The middle of each box in centimetres, within a field of `width` × `height` from its upper left corner.

    Parameters
    ----------
    sizes : mapping of str to (float, float)
        Width and height of each box.
    ties : sequence of (str, str)
        Direction plays no part.

    Returns
    -------
    dict of str to (float, float)
        Rounded to a tenth of a millimetre, so that the same network gives the same picture everywhere.
    """
    found = _place(tuple(sizes.items()), tuple(sorted({(min(tie), max(tie)) for tie in ties})), width, height)
    return dict(found)


@lru_cache(maxsize=64)
def _place(
    boxes: tuple[tuple[str, Size], ...], ties: tuple[tuple[str, str], ...], width: float, height: float
) -> tuple[tuple[str, Point], ...]:
    names = [name for name, _ in boxes]
    sizes = [size for _, size in boxes]
    graph = networkx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from(ties)
    pairs = [(names.index(one), names.index(other)) for one, other in ties]
    tries = [_spread(_start(graph, names, seed), sizes, (width, height)) for seed in range(_TRIES)]
    best = _improved(min(tries, key=lambda points: _cost(points, sizes, pairs)), sizes, pairs, (width, height))
    return tuple((name, (round(x, 2), round(y, 2))) for name, (x, y) in zip(names, best, strict=True))


def _start(graph: networkx.Graph, names: list[str], seed: int) -> list[Point]:
    """Springs between tied boxes, in a field of 1 × 1."""
    found = networkx.spring_layout(graph, seed=seed, k=1.6 / len(names) ** 0.5, iterations=40)
    points = np.array([found[name] for name in names])
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - low) / np.where(high > low, high - low, 1.0)
    return [(float(x), float(y)) for x, y in scaled]


def _spread(points: list[Point], sizes: list[Size], room: Size) -> list[Point]:
    """Fill the field, then push boxes that touch apart, along the side on which they overlap least."""
    placed = [
        [size[side] / 2 + point[side] * (room[side] - size[side]) for side in (0, 1)]
        for point, size in zip(points, sizes, strict=True)
    ]
    for _ in range(_PUSHES):
        moved = False
        for one, other in combinations(range(len(placed)), 2):
            apart = [placed[other][side] - placed[one][side] for side in (0, 1)]
            lacking = [(sizes[one][side] + sizes[other][side]) / 2 + _GAP[side] - abs(apart[side]) for side in (0, 1)]
            if min(lacking) > 0.005:
                side = int(lacking[1] <= lacking[0])
                push = lacking[side] / 2 * (1.0 if apart[side] >= 0 else -1.0)
                placed[one][side] -= push
                placed[other][side] += push
                moved = True
        for box, size in zip(placed, sizes, strict=True):
            box[:] = [min(max(box[side], size[side] / 2), room[side] - size[side] / 2) for side in (0, 1)]
        if not moved:
            break
    return [(x, y) for x, y in placed]


def _improved(points: list[Point], sizes: list[Size], pairs: list[tuple[int, int]], room: Size) -> list[Point]:
    """Put one box after the other where it reads best, on a coarse grid, as long as that helps."""
    found, cost = points, _cost(points, sizes, pairs)
    for _ in range(_ROUNDS if cost > _GOOD else 0):
        before = cost
        for at, size in enumerate(sizes):
            for column, row in product(range(_GRID[0]), range(_GRID[1])):
                x = size[0] / 2 + (room[0] - size[0]) * column / (_GRID[0] - 1)
                y = size[1] / 2 + (room[1] - size[1]) * row / (_GRID[1] - 1)
                tried = [*found[:at], (x, y), *found[at + 1 :]]
                if (new := _cost(tried, sizes, pairs)) < cost - 1e-9:
                    found, cost = tried, new
        if cost < _GOOD or cost > before - 1e-9:
            break
    return found


def _cost(points: list[Point], sizes: list[Size], pairs: list[tuple[int, int]]) -> float:
    """Overlaps weigh most, then ties behind a box and ties without room for words, then crossings, then length."""
    cost = 0.0
    for one, other in combinations(range(len(points)), 2):
        lacking = [
            (sizes[one][side] + sizes[other][side]) / 2 + 0.1 - abs(points[other][side] - points[one][side])
            for side in (0, 1)
        ]
        cost += 100.0 * (min(lacking) > 0) + 6.0 * (lacking[0] > 0.1 - _GAP[0] / 2 and lacking[1] > 0.1 - _GAP[1] / 2)
    for one, other in pairs:
        length = _seen(points[one], points[other], sizes[one], sizes[other])
        cost += 0.05 * length + 3.0 * (length < _SHORT)
        cost += 10.0 * sum(
            behind(points[one], points[other], points[at], (sizes[at][0] + 0.2, sizes[at][1] + 0.2))
            for at in range(len(points))
            if at not in (one, other)
        )
    for one_tie, other_tie in combinations(pairs, 2):
        shared = set(one_tie) & set(other_tie)
        if not shared:
            cost += _cross(*(points[at] for at in (*one_tie, *other_tie)))
        elif len(shared) == 1:
            (hub,) = shared
            first, second = (points[next(at for at in tie if at != hub)] for tie in (one_tie, other_tie))
            cost += 5.0 * (_angle(points[hub], first, second) < _NARROW)
    return cost


def _angle(hub: Point, one: Point, other: Point) -> float:
    """Degrees between two ties of one box."""
    turn = degrees(atan2(one[1] - hub[1], one[0] - hub[0]) - atan2(other[1] - hub[1], other[0] - hub[0]))
    return abs((turn + 180) % 360 - 180)


def _seen(one: Point, other: Point, size: Size, other_size: Size) -> float:
    """Length of a tie between the edges of its boxes."""
    return dist(edge_of(one, other, size), edge_of(other, one, other_size))


def behind(start: Point, end: Point, middle: Point, size: Size) -> bool:
    """Whether the straight line from `start` to `end` runs through a box (Liang and Barsky 1984)."""
    low, high = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        near = middle[axis] - size[axis] / 2 - start[axis]
        far = middle[axis] + size[axis] / 2 - start[axis]
        if abs(step) < 1e-12:
            if near > 0 or far < 0:
                return False
            continue
        first, last = sorted((near / step, far / step))
        low, high = max(low, first), min(high, last)
    return low < high


def edge_of(start: Point, end: Point, size: Size) -> Point:
    """Where the line from `start`, the middle of a box, to `end` leaves the box."""
    step = (end[0] - start[0], end[1] - start[1])
    reach = min((size[axis] / 2 / abs(step[axis]) for axis in (0, 1) if abs(step[axis]) > 1e-12), default=0.0)
    return start[0] + step[0] * reach, start[1] + step[1] * reach


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
