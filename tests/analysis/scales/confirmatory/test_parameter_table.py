"""Defaults of a parameter table, labels, groups, and formulas that no parameter can be made of."""

from __future__ import annotations

import pytest

from clustergov.analysis.scales.confirmatory.model_syntax import read_model
from clustergov.analysis.scales.confirmatory.parameter_table import ParameterTable, parameter_table
from clustergov.problems import InputError


def table(text: str, **options: object) -> ParameterTable:
    return parameter_table(read_model(text), **options)  # type: ignore[arg-type]  # options differ by test


def free(found: ParameterTable, name: str, group: int = 0) -> int:
    return next(p.free for p in found.parameters if p.name == name and p.group == group)


def value(found: ParameterTable, name: str, group: int = 0) -> float | None:
    return next(p.value if p.free < 0 else None for p in found.parameters if p.name == name and p.group == group)


TWO = "f =~ a + b + c\ng =~ d + e + h"


def test_defaults() -> None:
    found = table(TWO)
    assert found.items == ("a", "b", "c", "d", "e", "h")
    assert found.size == 4 + 6 + 3  # loadings, residual variances, factors' variances and covariance
    assert value(found, "f =~ a") == 1
    assert free(found, "f ~~ g") >= 0
    assert not found.means
    assert value(table(TWO, means=True), "f ~1") == 0


def test_std_lv_frees_first_loadings() -> None:
    found = table(TWO, std_lv=True)
    assert found.size == 13
    assert value(found, "f ~~ f") == 1
    assert free(found, "f =~ a") >= 0


def test_labels_and_numbers() -> None:
    found = table("f =~ NA*a + l*b + l*c\nf ~~ 1*f\na ~~ 0.2*b")
    assert free(found, "f =~ b") == free(found, "f =~ c")
    assert value(found, "f ~~ f") == 1
    assert value(found, "a ~~ b") == 0.2
    assert value(table("f =~ a + l*b + l*c + 0.3*d\nf =~ l*d"), "f =~ d") == 0.3


def test_a_label_that_is_fixed_once_is_fixed_everywhere() -> None:
    found = table("f =~ a + l*b + c\ng =~ d + 0.7*e + h\ng =~ l*e")
    assert value(found, "f =~ b") == 0.7


def test_groups() -> None:
    found = table(TWO, groups=2, equal=("loadings", "intercepts"))
    assert free(found, "f =~ b", 0) == free(found, "f =~ b", 1)
    assert free(found, "a ~~ a", 0) != free(found, "a ~~ a", 1)
    assert value(found, "f ~1", 0) == 0
    assert free(found, "f ~1", 1) >= 0
    by_group = table("f =~ a + c(1, x)*b + c", groups=2)
    assert value(by_group, "f =~ b", 0) == 1
    assert free(by_group, "f =~ b", 1) >= 0


def test_ordinal_items() -> None:
    thresholds = dict.fromkeys("abc", 3)
    one = table("f =~ a + b + c", thresholds=thresholds)
    assert one.size == 2 + 1 + 9
    delta = table("f =~ a + b + c", thresholds=thresholds, groups=2, equal=("thresholds",))
    assert free(delta, "a ~*~ a", 1) >= 0
    assert value(delta, "a ~~ a", 1) == 1
    theta = table("f =~ a + b + c", thresholds=thresholds, groups=2, equal=("thresholds",), theta=True)
    assert free(theta, "a ~~ a", 1) >= 0
    assert free(theta, "f ~1", 1) >= 0
    stepwise = table(
        "f =~ a + b + c", thresholds=thresholds, groups=2, equal=("thresholds",), theta=True, stepwise=True
    )
    assert free(stepwise, "a ~1", 1) >= 0
    assert value(stepwise, "f ~1", 1) == 0


def test_a_single_indicator_has_no_residual() -> None:
    assert value(table("f =~ a\ng =~ b + c + d"), "a ~~ a") == 0


def test_higher_order_factors_and_regressions() -> None:
    found = table(TWO + "\nh2 =~ f + g")
    assert value(found, "h2 =~ f") == 1
    assert not any(p.name in ("f ~~ g", "f ~~ h2") for p in found.parameters)
    regressed = table(TWO + "\nk =~ x + y + z\nk ~ f + g")
    assert free(regressed, "k ~ f") >= 0
    assert any(p.name == "f ~~ g" for p in regressed.parameters)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("f =~ a + b + c\na ~ f", "regressions"),
        ("f =~ a + b + c\na ~~ q", "q"),
        ("f =~ a + b + c\na ~~ f", "covariance of an item with a factor"),
        ("f =~ a + b + c\na | t1", "not ordinal"),
        ("f =~ a + b + c\na ~*~ 1*a", "scaling"),
        ("f =~ a + f", "measures itself"),
        ("f =~ c(1, 2)*a + b + c", "groups"),
    ],
)
def test_refuses_with_line_and_column(text: str, word: str) -> None:
    with pytest.raises(InputError) as caught:
        parameter_table(read_model(text), file="m")
    assert word in str(caught.value)
    assert caught.value.problems[0].line is not None


def test_refuses_a_threshold_that_is_not_there() -> None:
    with pytest.raises(InputError, match="has no threshold t4: it has 3"):
        table("f =~ a + b + c\na | t4", thresholds=dict.fromkeys("abc", 3))
