"""Every number of tests/reference/scales.csv: polychoric correlations, factors, omega, adequacy, number of factors."""

from __future__ import annotations

import pytest

from scale_references import ours, references, tolerance


@pytest.mark.parametrize(("data", "quantity"), sorted({(row.data, row.quantity) for row in references().itertuples()}))
def test_equals_r(data: str, quantity: str) -> None:
    rows = references().query("data == @data and quantity == @quantity")
    limit, relative, _ = tolerance(quantity)
    for row in rows.itertuples():
        found = ours(data, quantity, row.term)
        assert abs(found - row.value) <= limit * (abs(row.value) if relative else 1), (row.term, found, row.value)


def test_the_references_cover_what_is_claimed() -> None:
    assert len(references()) > 300
    assert set(references()["data"]) >= {"bfi", "own", "own pairwise", "binary", "bfi A", "bfi N"}
