"""docs/inference-policy.md is what its tests compute; `python tests/inference_page.py` renews it."""

from __future__ import annotations

from itertools import zip_longest

import pytest

from inference_grid import GROUPS, RATIOS, Design, chosen, designs
from inference_page import BEYOND, DRAWS, HEAD, PAGE, beyond, page, row

LINES = PAGE.read_text(encoding="utf-8").splitlines()
START = LINES.index(HEAD.splitlines()[0]) + 2
LISTED = LINES[START : START + len(designs())]
# Draws on another machine's linear algebra may fall on the other side of a critical value in a few of 10,000.
NEAR = 0.15


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| ").split(" | ")]


def test_the_page_has_these_words_and_every_design() -> None:
    stops = [line for line in LINES if line.startswith(("| steep Likert", "| exponential"))]
    assert len(stops) == len(BEYOND)
    assert page(LISTED, stops).splitlines() == LINES
    for which, line in zip_longest(designs(), LISTED):
        told = cells(line)
        assert told[:4] == [
            str(which.groups or "–"),
            str(which.n),
            "balanced" if which.balanced else "unbalanced",
            which.kind,
        ]
        method = chosen(which).choices[0].method
        assert told[4] == ("no test" if method == "none" else method)


def test_no_listed_share_is_above_six_per_cent() -> None:
    shares = [float(cell.rstrip("%")) for line in LISTED for cell in cells(line)[7:10] if cell != "–"]
    assert len(shares) > 2 * len(RATIOS) * 16
    assert max(shares) <= 6.0


SAMPLE = [
    Design(40, 0, False, "yes/no, within"),
    Design(80, 5, True, "graded, between"),
    Design(80, 8, False, "yes/no, between"),
    Design(40, 20, False, "graded, within"),
]


@pytest.mark.parametrize("which", SAMPLE, ids=str)
def test_a_sample_of_rows_is_recomputed(which: Design) -> None:
    listed, now = cells(LISTED[designs().index(which)]), cells(row(which, DRAWS))
    assert listed[:5] == now[:5]
    for before, after in zip(listed[5:13], now[5:13], strict=True):
        assert abs(float(before.rstrip("%")) - float(after.rstrip("%"))) <= max(NEAR, 1 if before == listed[10] else 0)


def test_a_cell_beyond_is_recomputed() -> None:
    listed = next(line for line in LINES if line.startswith("| exponential"))
    now = beyond(*next(each for each in BEYOND if each[2] == "exponential"))
    for before, after in zip(cells(listed)[6:], cells(now)[6:], strict=True):
        assert abs(float(before.rstrip("%")) - float(after.rstrip("%"))) <= NEAR


def test_the_grid_is_the_declared_one() -> None:
    assert {which.n for which in designs()} == {40, 80, 160, 356}
    assert GROUPS == (0, 5, 8, 20)
    assert max(RATIOS) == 9
