"""Declared measurement models: reading them, fitting them to responses, and a failure that leaves the others standing."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from clustergov.analysis.scales.measurement import Measurement, measurement, read_measurement
from clustergov.problems import InputError
from clustergov.reports.chapters.measurement import measurement as chapter
from clustergov.reports.document import Table
from clustergov.study.analyse import draw
from clustergov.study.plan import check_study
from clustergov.survey.responses import Responses

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "analysis" / "measurement.yml"


@pytest.fixture(scope="module")
def responses() -> Responses:
    drawn = draw(check_study(ROOT))
    assert drawn is not None
    return drawn.responses


@pytest.fixture(scope="module")
def found(responses: Responses) -> Measurement:
    return measurement(read_measurement(SHIPPED, responses.questionnaire), responses)


def test_the_shipped_models_are_fitted(found: Measurement, responses: Responses) -> None:
    assert [each.declared.code for each in found.models] == ["performance", "performance-one", "performance-countries"]
    assert all(each.failure is None for each in found.models)
    assert found.models[1].within is not None
    levels = found.models[2].invariance
    assert levels is not None
    assert sum(levels.sizes) + levels.lost == responses.n
    fit = found.fit_frame()
    assert (fit["n"] + fit["lost"] == responses.n).all()
    assert not fit[["chi_square", "cfi", "rmsea", "srmr"]].isna().to_numpy().any()


def test_frames_and_sentences_carry_the_same_numbers(found: Measurement) -> None:
    said = found.sentence("en")
    for row in found.fit_frame().to_dict("records"):
        assert f"χ²({row['df']}) = {row['chi_square']:.2f}" in said
    assert "good fit" not in said.lower()
    assert "Hu, L. & Bentler" in said
    assert "“External performance”" in said


def test_the_chapter_has_a_table_of_fit_and_of_loadings(found: Measurement) -> None:
    for language in ("nl", "en"):
        tables = [block for block in chapter(found, language) if isinstance(block, Table)]
        assert len({table.id for table in tables}) == len(tables) == 5
        cells = [str(cell) for table in tables for row in table.rows for cell in row]
        assert not any(re.search(r"\bnan\b", cell.lower()) for cell in cells)
        assert all(len(row) == len(table.header) for table in tables for row in table.rows)


def test_a_failure_leaves_the_others_standing(responses: Responses) -> None:
    frame = responses.frame.copy()
    frame["external_innov"] = frame["external_innov"].mask(
        frame["external_innov"].notna(), frame["external_innov"].mode()[0]
    )
    from dataclasses import replace

    specification = read_measurement(SHIPPED, responses.questionnaire)
    first = specification.models[0].model_copy(
        update={"model": "internal =~ internal_deadlines + internal_goals + internal_finance + internal_attract"}
    )
    part = specification.model_copy(
        update={"models": (specification.models[0], first.model_copy(update={"code": "x"}))}
    )
    found = measurement(part, replace(responses, frame=frame))
    assert found.models[0].failure is not None
    assert found.models[0].failure.failure == "constant"
    assert found.models[1].model is not None
    assert found.frame()["failure"].tolist()[0] == "constant"
    assert "not fitted" in found.sentence("en")
    for language in ("nl", "en"):
        assert chapter(found, language)


def test_groups_that_are_too_small_are_told(responses: Responses) -> None:
    specification = read_measurement(SHIPPED, responses.questionnaire)
    last = specification.models[-1]
    assert last.groups is not None
    small = last.groups.classes[0].model_copy(update={"values": ("IS",)})
    groups = last.groups.model_copy(update={"classes": (small, last.groups.classes[1])})
    model = last.model_copy(update={"groups": groups})
    found = measurement(specification.model_copy(update={"models": (model,)}), responses)
    assert found.models[0].model is not None
    assert found.models[0].groups_failure is not None
    assert found.models[0].groups_failure.failure == "small groups"
    assert "not compared" in found.sentence("en")


def test_responses_are_unchanged(responses: Responses) -> None:
    before = responses.frame.copy(deep=True)
    measurement(read_measurement(SHIPPED, responses.questionnaire), responses)
    pd.testing.assert_frame_equal(responses.frame, before)


def test_every_mistake_is_told_at_once(responses: Responses, tmp_path: Path) -> None:
    content = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    content["models"][0]["model"] = "external =~ external_growth + nothing\nq := 3"
    content["models"][1]["model"] = "performance =~ country + nobody + external_growth"
    content["models"][1]["factors"] = {"other": {"nl": "a", "en": "b"}}
    content["models"][2]["code"] = "performance-one"
    content["models"][2]["groups"]["classes"][0]["values"] = ["XX", "ES"]
    content["marker"]["variables"] = ["field"]
    path = tmp_path / "measurement.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_measurement(path, responses.questionnaire)
    rules = {problem.rule for problem in caught.value.problems}
    assert rules >= {"not-supported", "no-order", "unknown-variable", "factor-words", "unknown-factor", "within",
                     "duplicate-code", "group-value", "unknown-model"}  # fmt: skip
    assert all(problem.line for problem in caught.value.problems)


def test_a_marker_is_checked(responses: Responses) -> None:
    specification = read_measurement(SHIPPED, responses.questionnaire)
    marker = specification.marker.model_copy(update={"variables": ("proximity",), "model": "performance-one"})
    found = measurement(specification.model_copy(update={"marker": marker}), responses)
    assert found.marker is not None
    assert chapter(found, "nl")
    assert np.isfinite(found.fit_frame()["cfi"]).all()
