"""A model as it was asked for: what stands beside each family, and options that do not go together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.asked import Asked
from clustergov.analysis.models.composition import composition
from clustergov.analysis.models.model_choice import fitted
from clustergov.problems import InputError
from model_numbers import ordered, table

Y, X = ordered("own")
OWN = table("own")


def test_ordered_answers_come_with_proportional_odds_and_probabilities() -> None:
    before = Y.copy(), X.copy()
    found = fitted(Asked(Y, X, "ordinal", replicates=60))
    pd.testing.assert_series_equal(Y, before[0])
    pd.testing.assert_frame_equal(X, before[1])
    assert found.odds is not None
    assert found.effects is not None
    assert found.bootstrap is not None
    for language in ("nl", "en"):
        assert found.sentence(language).count("235") > 3
    two = fitted(Asked((Y > 2).astype(float).where(Y.notna()).rename("high"), X, "ordinal"))
    assert two.odds is None
    assert "binomial" in two.missing["proportional odds"]["en"]


def test_pooled_beside_complete_cases() -> None:
    found = fitted(Asked(Y, X, "ordinal", imputations=4, seed=3))
    assert found.fit.n == 235
    assert found.pooled.n == 240
    assert found.pooled.terms == found.fit.terms
    assert len(found.imputation) == 2
    again = fitted(Asked(Y, X, "ordinal", imputations=4, seed=3))
    np.testing.assert_array_equal(found.pooled.estimates, again.pooled.estimates)


def test_effects_of_the_parts_of_a_composition_are_those_of_its_closed_form() -> None:
    rng = np.random.default_rng(3)
    whole = composition(pd.DataFrame(rng.dirichlet([3, 2, 2], 90), columns=["a", "b", "c"]))
    y = pd.Series((rng.uniform(size=90) < 0.5).astype(float), name="y")
    size = pd.DataFrame({"size": rng.normal(size=90)})
    found = fitted(Asked(y, pd.concat([size, whole.coordinates], axis=1), "binomial", composition=whole))
    assert found.parts is not None
    closed = whole.part_effects(found.fit.terms, found.fit.estimates, found.fit.covariance)
    pd.testing.assert_frame_equal(found.parts[["part", "estimate", "standard_error"]], closed, rtol=1e-7)


WRONG = [
    ("free", {"family": "linear", "free": ("x",)}),
    ("random", {"family": "binomial", "random": OWN["group"]}),
    ("random", {"family": "linear", "random": OWN["group"], "groups": OWN["group"]}),
    ("slope", {"family": "linear", "slope": "x"}),
    ("bootstrap", {"family": "linear", "replicates": 100}),
    ("bootstrap", {"family": "ordinal", "replicates": 100, "free": ("x",)}),
    ("cluster", {"family": "ordinal", "groups": OWN["group"]}),
    ("cluster", {"family": "beta", "groups": OWN["group"]}),
    ("impute", {"family": "linear", "imputations": 5, "groups": OWN["group"]}),
]


@pytest.mark.parametrize(("rule", "options"), WRONG)
def test_options_that_do_not_go_together(rule: str, options: dict) -> None:
    asked = Asked(OWN["y"], OWN[["x", "w"]], "linear")
    with pytest.raises(InputError) as caught:
        fitted(replace(asked, **options))
    assert rule in [problem.rule for problem in caught.value.problems]
    assert all(problem.fix for problem in caught.value.problems)


def test_much_missing_information_is_told() -> None:
    holed = X.assign(share=X["share"].where(np.arange(len(X)) % 2 == 0))
    found = fitted(Asked(Y, holed, "ordinal", imputations=5, seed=3))
    assert found.pooled.fmi.max() > 0.3
    assert any("predictive mean matching" in note["en"] for note in found.imputation)
    assert not any(
        "matching such" in note["en"] for note in fitted(Asked(Y, X, "ordinal", imputations=4, seed=3)).imputation
    )
