"""k-anonymity and l-diversity of tables small enough to be worked out on paper."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.survey.privacy.anonymity import (
    Codes,
    against,
    anonymity,
    class_sizes,
    codes,
    contributions,
    diversity,
)

ELEVEN = pd.DataFrame(
    [
        ("Black", "1965", "m", "0214*", "short breath"), ("Black", "1965", "m", "0214*", "chest pain"),
        ("Black", "1965", "f", "0213*", "hypertension"), ("Black", "1965", "f", "0213*", "hypertension"),
        ("Black", "1964", "f", "0213*", "obesity"), ("Black", "1964", "f", "0213*", "chest pain"),
        ("White", "1964", "m", "0213*", "chest pain"), ("White", "1964", "m", "0213*", "obesity"),
        ("White", "1964", "m", "0213*", "short breath"), ("White", "1967", "m", "0213*", "chest pain"),
        ("White", "1967", "m", "0213*", "chest pain"),
    ],
    columns=["race", "birth", "gender", "zip", "problem"],
)  # fmt: skip
"""2-anonymous for race, birth, gender and ZIP. In the style of Sweeney (2002), figure 2, which we have not seen again [U];
what is expected of it is counted by hand."""

_CONDITIONS = {1: "heart", 2: "heart", 3: "viral", 4: "viral", 5: "cancer", 6: "heart", 7: "viral", 8: "viral",
               9: "cancer", 10: "cancer", 11: "cancer", 12: "cancer"}  # fmt: skip
"""The conditions of twelve patients, in the style of Machanavajjhala et al. (2007), figure 1 [U]."""
FOUR_ANONYMOUS = {**dict.fromkeys((1, 2, 3, 4), "130** <30"), **dict.fromkeys((5, 6, 7, 8), "1485* ≥40"),
                  **dict.fromkeys((9, 10, 11, 12), "130** 3*")}  # fmt: skip
"""In the style of their figure 2 [U]: four alike in each class, and of one class all with one condition."""
THREE_DIVERSE = {**dict.fromkeys((1, 4, 9, 10), "1305* ≤40"), **dict.fromkeys((5, 6, 7, 8), "1485* >40"),
                 **dict.fromkeys((2, 3, 11, 12), "1306* ≤40")}  # fmt: skip
"""Their 3-diverse table, figure 3; classes and conditions as the example data of PETWorks-framework repeat it [S]."""


def of(frame: pd.DataFrame) -> list[Codes]:
    return [codes(frame[name]) for name in frame.columns]


def test_two_alike_in_every_class() -> None:
    found = anonymity(of(ELEVEN[["race", "birth", "gender", "zip"]]), len(ELEVEN), 2)
    assert (found.smallest, found.classes, found.under, found.unique) == (2, 5, 0, 0)
    assert anonymity(of(ELEVEN[["race", "birth", "gender", "zip"]]), 11, 3).under == 8


@pytest.mark.parametrize(
    ("groups", "distinct", "entropy", "known"),
    [
        # All four of the last class have cancer: the homogeneity attack.
        (FOUR_ANONYMOUS, 1, 1.0, 4),
        # Every class has shares ½, ¼, ¼, whose entropy is 1.5 ln 2.
        (THREE_DIVERSE, 3, 2**1.5, 0),
    ],
)
def test_diversity_of_four_anonymous_classes(groups: dict[int, str], distinct: int, entropy: float, known: int) -> None:
    own = pd.Series([groups[patient] for patient in sorted(_CONDITIONS)])
    condition = pd.Series([_CONDITIONS[patient] for patient in sorted(_CONDITIONS)], name="condition")
    assert anonymity([codes(own)], 12, 4).smallest == 4
    found = diversity([codes(own)], condition)
    assert (found.distinct, found.known) == (distinct, known)
    assert found.entropy == pytest.approx(entropy, abs=1e-12)


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y", None]), st.integers(0, 3)), max_size=40)


@given(ROWS, st.integers(1, 6))
def test_classes_are_those_of_counting(rows: list[tuple[str, str | None, int]], k: int) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    counts = Counter(rows)
    sizes = class_sizes(of(frame), len(rows))
    assert sizes.tolist() == [counts[row] for row in rows]
    found = anonymity(of(frame), len(rows), k)
    assert found.under == sum(counts[row] < k for row in rows)
    assert found.unique == sum(count == 1 for count in counts.values())
    for each in contributions(of(frame), ["a", "b", "c"], k):
        assert each.unique_without <= found.unique
        assert each.under_without <= found.under


def test_the_variable_that_tells_people_apart_comes_first() -> None:
    frame = pd.DataFrame({"same": ["x"] * 6, "each": list("abcdef"), "half": list("xxxyyy")})
    found = contributions(of(frame), list(frame.columns), 3)
    assert [(each.variable, each.unique_without) for each in found] == [("each", 0), ("half", 6), ("same", 6)]


def test_against_the_population() -> None:
    frame = pd.DataFrame(
        {"country": ["NL"] * 4 + ["BE"] * 2 + ["LU"], "sector": ["w"] * 3 + ["f"] + ["w"] * 2 + [None]}
    )
    sample = pd.DataFrame({"country": ["NL", "NL", "BE", "LU", "DE"], "sector": ["w", "f", "w", None, "w"]})
    found = against(sample, frame, 3)
    assert (found.size, found.unique, found.under, found.absent) == (7, 2, 3, 1)
    assert found.risk == pytest.approx(np.mean([1 / 3, 1, 1 / 2, 1]))


def test_nobody_at_all() -> None:
    assert anonymity([codes(pd.Series([], dtype="str"))], 0, 5).smallest == 0
    assert diversity([codes(pd.Series(["a"]))], pd.Series([None], name="x")).distinct == 0
