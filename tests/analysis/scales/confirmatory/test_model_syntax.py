"""Reading lavaan's syntax: what is understood, and where each mistake stands."""

from __future__ import annotations

import pytest

from clustergov.analysis.scales.confirmatory.model_syntax import read_model
from clustergov.problems import InputError


def told(text: str) -> list[tuple[str, str, str, tuple[tuple[object, ...], ...]]]:
    return [(t.left, t.operator, t.right, t.modifiers) for t in read_model(text)]


def test_every_part_is_read() -> None:
    found = told(
        """
        # a comment
        f =~ 1*a + NA*b + l1*c +   ! another
             "l two"*d
        f ~~ 0.5*g; g =~ c(x, 2)*e + 1e-1*a   # two on a line
        a ~~ b
        a ~ 1 ; b ~ -2*1
        a + b | t1 + t2
        a ~*~ c(1, NA)*a
        """
    )
    assert found == [
        ("f", "=~", "a", ((1.0,),)), ("f", "=~", "b", ((None,),)), ("f", "=~", "c", (("l1",),)), ("f", "=~", "d", (("l two",),)),
        ("f", "~~", "g", ((0.5,),)), ("g", "=~", "e", (("x", 2.0),)), ("g", "=~", "a", ((0.1,),)),
        ("a", "~~", "b", ()), ("a", "~1", "", ()), ("b", "~1", "", ((-2.0,),)),
        ("a", "|", "t1", ()), ("b", "|", "t1", ()), ("a", "|", "t2", ()), ("b", "|", "t2", ()),
        ("a", "~*~", "a", ((1.0, None),)),
    ]  # fmt: skip


def test_modifiers_of_one_loading_may_stand_apart() -> None:
    assert told("f =~ NA*a + l*a + b") == [("f", "=~", "a", ((None,), ("l",))), ("f", "=~", "b", ())]


def test_a_line_without_operator_goes_on() -> None:
    assert [t[2] for t in told("f =~ a +\n b\n + c")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("f =~ a +", "syntax", 1, 9),
        ("f = a", "syntax", 1, 3),
        ("f =~ a ++ b", "syntax", 1, 9),
        ("f =~ 3", "syntax", 1, 6),
        ("f =~ a*", "syntax", 1, 8),
        ("f =~ a b", "syntax", 1, 8),
        ("=~ a", "syntax", 1, 1),
        ("f =~ c(1, 2*a", "syntax", 1, 12),
        ("f =~ a\nq := 2*a", "not-supported", 2, 3),
        ("f =~ a\na == b", "not-supported", 2, 3),
        ("f <~ a", "not-supported", 1, 3),
        ("f =~ start(0.8)*a", "not-supported", 1, 6),
        ("f =~ a:b", "syntax", 1, 7),
        ("group: 1\nf =~ a", "not-supported", 1, 6),
        ("f =~ a\na ~~ b\n  b ~~ a", "twice", 3, 8),
        ("a ~~ b", "no-factor", 1, 1),
        ("", "no-factor", 1, 1),
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, rule: str, line: int, column: int) -> None:
    with pytest.raises(InputError) as caught:
        read_model(text, file="model.txt")
    problem = caught.value.problems[0]
    assert (problem.rule, problem.file, problem.line, problem.column) == (rule, "model.txt", line, column)
    assert problem.fix


def test_every_mistake_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_model("f =~ a ++ b\ng := 3\nh =~")
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3]
