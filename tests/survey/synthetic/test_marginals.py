"""The distribution of one variable: exact shares, means and thresholds, and every mistake told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from clustergov.instruments.questionnaire import Question, Scale, Section, Variable
from clustergov.language import Text
from clustergov.survey.synthetic.marginals import from_probabilities, from_quantiles, mistakes

EXACT = 1e-12
"""Sums of decimals in double precision."""


def variable(kind: str = "choice", *, direction: str = "ascending", codes: str = "123") -> Variable:
    options = [{"code": code, "text": {"en": code}} for code in codes]
    options.append({"code": "98", "text": {"en": "don't know"}, "blank": "refused or don't know"})
    scale = Scale.model_validate({"direction": direction, "options": options})
    question = Question(code="v", kind="number" if kind == "number" else "single", text=Text({"en": "v"}), maximum=50)
    section = Section(code="s", title=Text({"en": "s"}), questions=(question,))
    return Variable("v", question, None, kind, None if kind == "number" else scale, section)  # type: ignore[arg-type]


def test_probabilities_give_shares_means_and_thresholds_and_stay_unchanged() -> None:
    probabilities = {"1": 0.2, "3": 0.5, "2": 0.3}
    marginal = from_probabilities(variable(), probabilities)
    assert probabilities == {"1": 0.2, "3": 0.5, "2": 0.3}
    assert marginal.values == ("1", "2", "3")
    assert marginal.share(("2", "3")) == pytest.approx(0.8, abs=EXACT)
    assert marginal.share_above(2) == pytest.approx(0.5, abs=EXACT)
    assert marginal.mean() == pytest.approx(0.2 + 0.6 + 1.5, abs=EXACT)
    assert ndtr(marginal.thresholds()) == pytest.approx([0.2, 0.5], abs=EXACT)


def test_a_descending_scale_is_turned_so_that_the_last_value_is_the_most() -> None:
    marginal = from_probabilities(variable(direction="descending"), {"1": 0.2, "2": 0.3, "3": 0.5})
    assert marginal.values == ("3", "2", "1")
    assert marginal.mean() == pytest.approx(0.5 * 1 + 0.3 * 2 + 0.2 * 3, abs=EXACT)


def test_latent_values_fall_into_their_categories_and_empty_ones_stay_empty() -> None:
    marginal = from_probabilities(variable(codes="1234"), {"1": 0.5, "3": 0.5})
    assert [marginal.values[place] for place in marginal.places(np.array([-9.0, -0.01, 0.01, 9.0]))] == [
        "1",
        "1",
        "3",
        "3",
    ]


def test_quantiles_are_met_and_a_number_that_stands_twice_is_taken_by_that_share() -> None:
    points = [(0.0, 0.0), (0.25, 0.0), (0.5, 10.0), (1.0, 50.0)]
    marginal = from_quantiles(variable("number"), points)
    assert len(points) == 4
    assert marginal.values[0] == 0
    assert marginal.values[-1] == 50
    # Ten in a hundredth of the linear part lie within half a unit of a point.
    assert marginal.probabilities[0] == pytest.approx(0.25 + 0.25 * 0.5 / 10, abs=EXACT)
    below_ten = marginal.probabilities[:10].sum()
    assert below_ten == pytest.approx(0.25 + 0.25 * 9.5 / 10, abs=EXACT)
    assert marginal.probabilities.sum() == pytest.approx(1, abs=EXACT)
    assert marginal.mean() == pytest.approx(0.25 * 5 + 0.5 * 30, abs=0.05)  # rounding at the two bends


@pytest.mark.parametrize(
    ("kind", "probabilities", "quantiles", "rule"),
    [
        ("choice", None, None, "distribution"),
        ("choice", {"1": 1.0}, [(0, 1), (1, 2)], "distribution"),
        ("choice", {"1": 0.6, "2": 0.5}, None, "probabilities-total"),
        ("choice", {"1": 1.2, "2": -0.2}, None, "probability"),
        ("choice", {"1": 0.5, "7": 0.5}, None, "unknown-code"),
        ("choice", {"1": 0.5, "98": 0.5}, None, "unknown-code"),
        ("number", {"1": 1.0}, None, "distribution"),
        ("choice", None, [(0, 1), (1, 2)], "distribution"),
        ("number", None, [(0, 1)], "quantiles"),
        ("number", None, [(0.1, 1), (1, 2)], "quantiles"),
        ("number", None, [(0, 5), (1, 2)], "quantiles"),
        ("number", None, [(0, 0.5), (1, 2)], "quantiles"),
        ("number", None, [(0, 0), (1, 51)], "quantiles"),
    ],
)
def test_each_mistake_is_told(kind: str, probabilities: object, quantiles: object, rule: str) -> None:
    found = list(mistakes(variable(kind), probabilities, quantiles))  # type: ignore[arg-type]
    assert rule in [entry[0] for entry in found]
    assert all(message and fix for _, message, fix in found)


def test_a_right_distribution_has_no_mistakes() -> None:
    assert list(mistakes(variable(), {"1": 0.1, "2": 0.2, "3": 0.7}, None)) == []
    assert list(mistakes(variable("number"), None, [(0, 0), (0.5, 3), (1, 50)])) == []
