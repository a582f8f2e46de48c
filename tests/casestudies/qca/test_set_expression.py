"""The small language of sets: what is read, written back, and refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov.casestudies.qca.calibrated_table import CalibratedSet
from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_expression, parse_literal
from clustergov.problems import InputError

SETS = (CalibratedSet("A", "crisp"), CalibratedSet("B", "fuzzy"), CalibratedSet("C", "multi-value", 3))
LEVELS = [{"A": a, "B": b, "C": c} for a in (0, 1) for b in (0, 1) for c in (0, 1, 2)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A*~B + C[2]", "A*~B + C[2]"), ("~(A*B)", "~A + ~B"), ("A*(B+C{0,1})", "A*B + A*C[0,1]"),
        ("~C[2]*B", "B*C[0,1]"), ("~~A", "A"), ("A[0]*B{1}", "~A*B"), ("B*A", "A*B"), ("A+A", "A"), ("A*C[0,1,2]", "A"),
    ],
)  # fmt: skip
def test_expressions_are_read_and_written(text: str, written: str) -> None:
    assert str(parse_expression(text, SETS)) == written


@pytest.mark.parametrize(
    "text",
    ["", "A+", "*A", "A B", "A&B", "D", "C", "C[5]", "C[", "A*~A", "A[x]", "(" * 60 + "A" + ")" * 60, "~" * 60 + "A",
     "A+" * 1500 + "A", "(A", "A)", "1", "a"],
)  # fmt: skip
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_expression(text, SETS)


def test_expectations_and_literals() -> None:
    assert [str(one) for one in parse_expectations("A, ~B, -", SETS)] == ["A", "~B"]
    assert [str(one) for one in parse_expectations("C{1,2},-,A", SETS)] == ["C[1,2]", "A"]
    assert parse_expectations("-,-,-", SETS) == ()
    for wrong in ("A,~A", "A*B", "A+B", "D", "C"):
        with pytest.raises(InputError):
            parse_expectations(wrong, SETS)
    assert str(parse_literal("~C[1]", SETS)) == "C[0,2]"
    with pytest.raises(InputError):
        parse_literal("A*B", SETS)


@pytest.mark.parametrize(
    ("text", "told"),
    [("A,-", "3 conditions A, B, C, found 2"), ("A,~B,-,C{1}", "3 conditions A, B, C, found 4"),
     ("1,0,-", "conditions by name")],
)  # fmt: skip
def test_expectations_that_do_not_go_with_the_conditions_are_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_expectations(text, SETS)


def test_names_with_spaces_and_other_signs_are_read() -> None:
    sets = tuple(CalibratedSet(name, "crisp") for name in ("BBP", "BBP per hoofd", "2e raad", "Bèta-1", "a/b", "A"))
    for text in ("BBP*BBP per hoofd", "~2e raad*~Bèta-1 + A", "a/b"):
        assert str(parse_expression(text, sets)) == text
    assert parse_literal("~BBP per hoofd", sets).name == "BBP per hoofd"
    with pytest.raises(InputError):
        parse_expression("BBP hoofd", sets)


texts = st.recursive(
    st.sampled_from(["A", "~A", "B", "C[0]", "C[1,2]", "~C[1]"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+*"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda part: f"~({part})"),
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(texts)
def test_an_expression_means_what_it_says(text: str) -> None:
    python = text.replace("~C[1]", "(c != 1)").replace("C[1,2]", "(c in (1, 2))").replace("C[0]", "(c == 0)")
    python = python.replace("~", " not ").replace("*", " and ").replace("+", " or ").replace("A", "a").replace("B", "b")
    meant = [bool(eval(python.strip(), {}, {"a": one["A"], "b": one["B"], "c": one["C"]})) for one in LEVELS]
    if not any(meant):
        with pytest.raises(InputError):
            parse_expression(text, SETS)
        return
    assert [parse_expression(text, SETS).holds(one) for one in LEVELS] == meant
