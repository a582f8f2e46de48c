"""Levels of invariance: what is equal at each, what fails and why, and what is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.invariance import Invariance, invariance
from factor_model_references import levels, table


def by_level(found: Invariance) -> dict[str, tuple[str, ...]]:
    return {step.level: step.equal for step in found.steps}


def test_levels_of_continuous_and_of_ordinal_items() -> None:
    assert list(by_level(levels("school-MLR"))) == ["configural", "metric", "scalar", "strict"]
    assert list(by_level(levels("language"))) == ["configural", "thresholds", "metric", "scalar", "strict"]


def test_equal_parameters_are_equal_and_others_are_not() -> None:
    step = levels("school-MLR").steps[1]
    assert step.model is not None
    frame = step.model.frame()
    wide = frame[frame["op"] == "=~"].pivot(index="rhs", columns="group", values="estimate")
    assert (wide["Pasteur"] == wide["Grant-White"]).all()
    means = frame[(frame["op"] == "~1") & frame["lhs"].str.startswith("x")]
    means = means.pivot(index="lhs", columns="group", values="estimate")
    assert (means["Pasteur"] != means["Grant-White"]).all()


def test_two_answers_leave_out_what_cannot_be_told() -> None:
    own = table("own").assign(binary2=lambda frame: (frame["u5"] > 2) * 1.0)
    found = invariance("f =~ u1 + binary + u4 + binary2", own, own["language"], estimator="WLSMV")
    assert list(by_level(found)) == ["configural", "scalar", "strict"]
    assert any("fewer than four" in caution["en"] for caution in found.cautions)
    assert found.steps[1].difference is not None
    assert found.steps[1].difference.test is not None


def test_three_answers_have_no_test_of_thresholds() -> None:
    own = table("own").assign(**{f"u{i}": table("own")[f"u{i}"].clip(upper=3) for i in range(1, 5)})
    found = invariance("f =~ u1 + u2 + u3 + u4", own, own["language"], estimator="WLSMV")
    step = found.steps[1]
    assert step.difference is not None
    assert step.difference.test is None
    assert "no test" in found.sentence("en")
    assert not found.frame()["cfi"].isna().any()


def test_one_group_is_refused() -> None:
    own = table("own")
    with pytest.raises(ModelError) as caught:
        invariance("f =~ u1 + u2 + u3", own, pd.Series("nl", index=own.index))
    assert caught.value.failure == "one group"


def test_a_level_that_fails_ends_the_series_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from clustergov.analysis.scales.confirmatory import invariance as module

    whole = module.fitted

    def failing(*arguments: object, **options: object) -> object:
        if "intercepts" in options["equal"]:  # type: ignore[operator]  # a tuple of names
            raise ModelError("not converged", steps=500)
        return whole(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(module, "fitted", failing)
    hs = table("hs")
    found = invariance("f =~ x1 + x2 + x3 + x9", hs, hs["school"])
    assert [step.level for step in found.steps] == ["configural", "metric", "scalar"]
    frame = found.frame()
    assert frame["failure"].tolist() == ["", "", "not converged"]
    assert "was not fitted" in found.sentence("en")


def test_three_groups() -> None:
    frame = table("bfi").assign(part=np.arange(2436) % 3)
    found = invariance("A =~ A1 + A2 + A3 + A4 + A5", frame, frame["part"].astype("str"), estimator="MLR")
    assert [step.model.test.df for step in found.steps if step.model] == [15, 23, 31, 41]
    assert found.groups == ("0", "1", "2")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sentence_has_the_numbers(language: str) -> None:
    said = levels("school-MLR").sentence(language, {"Pasteur": "school P"})
    assert "school P (n = 156)" in said
    assert "Δχ²(6)" in said
    assert "ΔCFI" in said
    assert "proves" not in said
    assert "bewijst" not in said
