"""The declared models on imputed answers of the shipped study, beside complete rows; and declarations that are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.missing.declaration import MissingSpecification, read_missing
from clustergov.analysis.missing.imputed_drivers import ImputedDrivers, impute_drivers
from clustergov.analysis.models.drivers import Drivers, drivers_of_performance, read_drivers
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.instruments.scoring import score
from clustergov.problems import InputError
from clustergov.study.analyse import draw
from clustergov.study.plan import check_study
from clustergov.survey.responses import Responses


@pytest.fixture(scope="module")
def responses(root: Path) -> Responses:
    drawn = draw(check_study(root))
    assert drawn is not None
    return drawn.responses


@pytest.fixture(scope="module")
def specification(root: Path, shipped: Questionnaire) -> MissingSpecification:
    found = read_missing(root / "analysis" / "missing.yml", shipped)
    return found.model_copy(update={"imputations": 4, "iterations": 3})


@pytest.fixture(scope="module")
def drivers(root: Path, responses: Responses) -> Drivers:
    return drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", responses.questionnaire), responses)


@pytest.fixture(scope="module")
def found(specification: MissingSpecification, drivers: Drivers, responses: Responses) -> ImputedDrivers:
    return impute_drivers(specification, drivers, responses, seed=1)


def test_every_estimate_stands_twice(found: ImputedDrivers, drivers: Drivers) -> None:
    frame = found.frame()
    assert list(frame["cases"]) == ["complete", "imputed"] * (len(frame) // 2)
    assert len(frame) == 2 * len(drivers.frame())
    pd.testing.assert_series_equal(
        frame.loc[frame["cases"] == "complete", "estimate"].reset_index(drop=True), drivers.frame()["estimate"]
    )
    assert not frame[["estimate", "low", "high", "n"]].isna().any(axis=None)
    own = frame[frame["cases"] == "imputed"]
    assert (own["n"].to_numpy() >= frame.loc[frame["cases"] == "complete", "n"].to_numpy()).all()
    assert own["fmi"].between(0, 0.6).all()


def test_what_does_not_apply_is_not_imputed(found: ImputedDrivers, responses: Responses) -> None:
    assert found.imputed is not None
    away = responses.blanks["external_growth"] == Blank.NOT_APPLICABLE.value
    assert away.sum() > 0
    first = next(found.imputed.frames())
    assert first.loc[away & away.index.isin(first.index), "external_growth"].isna().all()
    outcome = next(outcome for outcome in found.outcomes if outcome.outcome == "external_growth")
    assert outcome.pooled is not None
    assert outcome.pooled.n == responses.n - away.sum() - found.empty


def test_scores_come_from_imputed_items(found: ImputedDrivers, responses: Responses) -> None:
    assert found.imputed is not None
    first = next(found.imputed.frames())
    construct = next(each for each in responses.questionnaire.constructs if each.code == "interaction")
    assert set(construct.items) <= set(first.columns)
    assert "interaction" not in first
    scores = score(construct, responses.questionnaire, {name: first[name] for name in construct.items})
    assert not np.isnan(scores).any()
    assert found.imputed.frame["public"].max() <= 100
    assert found.imputed.values[:, :, list(first).index("public")].max() <= 100


def test_no_answer_outside_its_scale(found: ImputedDrivers) -> None:
    assert found.plausibility is not None
    assert found.plausibility.table["outside"].sum() == 0


def test_one_seed_one_result(
    found: ImputedDrivers, specification: MissingSpecification, drivers: Drivers, responses: Responses
) -> None:
    again = impute_drivers(specification, drivers, responses, seed=1)
    pd.testing.assert_frame_equal(again.frame(), found.frame())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sentence_tells_both_analyses(found: ImputedDrivers, language: str) -> None:
    told = found.sentence(language)
    assert "156" in told
    assert "R̂" in told or "4" in told
    assert "significant" not in told
    assert f"{len(found.moved())}" in told


def test_a_question_that_nobody_answered(
    specification: MissingSpecification, drivers: Drivers, responses: Responses
) -> None:
    frame = responses.frame.copy()
    frame["firms"] = np.nan
    emptied = replace(responses, frame=frame)
    found = impute_drivers(specification, drivers, emptied, seed=1)
    assert found.imputed is None
    assert "nobody answered firms" in found.sentence("en")
    assert "niemand heeft firms beantwoord" in found.sentence("nl")
    assert set(found.frame()["cases"]) == {"complete"}


def test_respondents_without_any_answer_are_counted_out(
    specification: MissingSpecification, drivers: Drivers, responses: Responses
) -> None:
    frame, blanks = responses.frame.copy(), responses.blanks.copy()
    who = frame.index[:7]
    for name in frame.columns:
        frame[name] = frame[name].mask(frame.index.isin(who))
    blanks.loc[who] = Blank.ABANDONED.value
    found = impute_drivers(specification, drivers, replace(responses, frame=frame, blanks=blanks), seed=1)
    assert found.empty == 7
    assert "7 respondents answered none" in found.sentence("en")


DECLARED = """title: {nl: a, en: b}
mark: D
reason: {nl: a, en: b}
"""


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("auxiliary: [nobody]\n", "unknown-variable"),
        ("auxiliary: [country]\n", "no-order"),
        ("auxiliary: [firms, firms]\n", "duplicate-code"),
        ("imputations: 1\n", "greater than or equal to 2"),
        ("methods: {ordered: forest}\n", "pmm"),
        ("chains: 3\n", "chains"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, shipped: Questionnaire, more: str, rule: str) -> None:
    file = tmp_path / "missing.yml"
    file.write_text(DECLARED + more, encoding="utf-8")
    with pytest.raises(InputError, match=rule):
        read_missing(file, shipped)


def test_the_least_declaration(tmp_path: Path, shipped: Questionnaire) -> None:
    file = tmp_path / "missing.yml"
    file.write_text(DECLARED, encoding="utf-8")
    found = read_missing(file, shipped)
    assert (found.imputations, found.methods.ordered, found.auxiliary) == (20, "pmm", ())
