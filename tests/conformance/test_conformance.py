"""Every number of docs/conformance.md within its tolerance, and the page as the tests have it."""

from __future__ import annotations

import re

import pytest

from conformance.page import PAGE, key, parts


@pytest.mark.parametrize("title", sorted(parts()))
def test_numbers_match(title: str) -> None:
    wrong = [
        f"{row.data}, {row.statistic}: {row.ours!r} against {row.reference!r}"
        for row in parts()[title]
        if not row.holds
    ]
    assert not wrong, "\n".join(wrong)


def test_every_loose_tolerance_has_a_reason() -> None:
    loose = [row for rows in parts().values() for row in rows if row.tolerance > (1e-6 if row.relative else 1e-8)]
    assert [row.statistic for row in loose if not row.why] == []


def test_the_page_lists_them() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    listed = [
        tuple(cell.strip() for cell in re.split(r"(?<!\\) \| ", line[2:-2])) for line in lines if line.startswith("| ")
    ]
    listed = [(cells[0], cells[1], *cells[3:]) for cells in listed if len(cells) == 6 and cells[0] != "data"]
    assert listed == [key(row) for rows in parts().values() for row in rows], "run `python tests/conformance/page.py`"
