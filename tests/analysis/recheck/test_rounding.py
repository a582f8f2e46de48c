"""Printed numbers and p-values as ranges."""

from __future__ import annotations

import pytest

from clustergov.analysis.recheck.reported_p import reported_p
from clustergov.analysis.recheck.rounding import printed
from clustergov.problems import InputError


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [(".17", 0.165, 0.175), ("0,170", 0.1695, 0.1705), ("-1.3", -1.35, -1.25), ("89%", 88.5, 89.5), ("3", 2.5, 3.5),
     ("−.10", -0.105, -0.095)],
)  # fmt: skip
def test_half_a_unit_on_each_side(text: str, low: float, high: float) -> None:
    found = printed(text)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.holds(low)
    assert not found.holds(high + 0.01 * found.unit)


def test_truncated_digits_go_one_way() -> None:
    assert (printed(".17", truncated=True).low, printed(".17", truncated=True).high) == pytest.approx((0.17, 0.18))
    assert (printed("-.17", truncated=True).low, printed("-.17", truncated=True).high) == pytest.approx((-0.18, -0.17))


@pytest.mark.parametrize(
    ("text", "low", "high"), [(".03", 0.025, 0.035), ("< .05", 0, 0.05), ("<=0,01", 0, 0.01), ("> .05", 0.05, 1), ("1.00", 0.995, 1)]
)  # fmt: skip
def test_p_as_a_range(text: str, low: float, high: float) -> None:
    found = reported_p(text)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize("text", ["", "x", ".", "1.2.3", "1e-3", "inf", "nan"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(InputError, match="not-a-number"):
        printed(text)


@pytest.mark.parametrize("text", ["1.2", "-.1", "5%"])
def test_p_outside_zero_to_one(text: str) -> None:
    with pytest.raises(InputError, match="impossible-p"):
        reported_p(text)
