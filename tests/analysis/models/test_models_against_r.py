"""Every number of tests/reference/models.csv: ordinal, VGAM, sandwich, lme4, lmerTest, and formulas written out in R."""

from __future__ import annotations

import pytest

from model_numbers import ours, references

# What the reference itself is good to. Newton on both sides: rounding. numDeriv's derivatives: nine digits. lmer stops
# where the deviance no longer tells, which leaves eight digits of a variance; the deviance itself agrees to all.
TOLERANCE = {"odds": 1e-8, "partial": 1e-8, "effects": 1e-7, "predictions": 1e-11, "binomial": 1e-8, "fractional": 1e-8,
             "beta": 1e-11, "mixed": 1e-6}  # fmt: skip


@pytest.mark.parametrize("part", sorted(TOLERANCE))
def test_equals_r(part: str) -> None:
    rows = references()[references()["part"] == part]
    assert len(rows) > 15
    wrong = [
        f"{row.data}, {row.quantity} {row.term}: {found!r} against {row.value}"
        for row in rows.itertuples()
        if (found := ours(row.part, row.data, row.quantity, row.term))
        != pytest.approx(float(row.value), rel=TOLERANCE[part])
    ]
    assert not wrong, "\n".join(wrong)


def test_deviances_agree_to_all_digits() -> None:
    rows = references().query("part == 'mixed' and quantity.str.startswith('deviance')")
    assert len(rows) == 8
    for row in rows.itertuples():
        assert ours("mixed", row.data, row.quantity, "") == pytest.approx(float(row.value), rel=1e-13)
