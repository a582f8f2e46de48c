"""Respondents as cases of a QCA: their sets are those of the declaration, nobody is lost silently, refusals are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clustergov.casestudies.qca.declaration import QcaDeclaration, read_qca
from clustergov.casestudies.qca.qca import Qca
from clustergov.casestudies.qca.respondents import declared_qca, sets_of_respondents
from clustergov.language import Text
from clustergov.study.analyse import draw
from clustergov.study.plan import check_study
from clustergov.survey.responses import Responses


@pytest.fixture(scope="module")
def answers(root: Path) -> Responses:
    drawn = draw(check_study(root))
    assert drawn is not None
    return drawn.responses


@pytest.fixture(scope="module")
def declaration(root: Path, answers: Responses) -> QcaDeclaration:
    return read_qca(root / "analysis" / "qca.yml", answers.questionnaire)


def test_memberships_are_those_of_the_anchors(declaration: QcaDeclaration, answers: Responses) -> None:
    sets = sets_of_respondents(declaration, answers)
    frame = sets.table.frame()
    member = answers.codes("member").loc[frame.index]
    assert set(frame.loc[member == "Y", "MEMBER"]) == {1.0}
    assert set(frame.loc[member == "N", "MEMBER"]) == {0.0}
    # The direct method, Ragin (2008), ch. 5: log odds of 0.95 at full inclusion, linear from the crossover.
    years = answers.values("experience").loc[frame.index].to_numpy()
    odds = np.log(0.95 / 0.05) * (years - 5.5) / 4.5
    assert frame["EXPER"].to_numpy() == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-4)
    assert not (frame == 0.5).any(axis=None)


def test_everybody_without_a_number_is_counted(declaration: QcaDeclaration, answers: Responses) -> None:
    sets = sets_of_respondents(declaration, answers)
    assert sets.started == answers.n
    lost = dict(sets.lost)
    assert lost["EXPER"] == int(answers.values("experience").isna().sum()) > 0
    assert len(sets.table.cases) < answers.n


def test_the_absence_of_the_outcome_has_an_analysis_of_its_own(declaration: QcaDeclaration, answers: Responses) -> None:
    found = declared_qca(declaration, answers)
    assert found.synthetic
    assert isinstance(found.outcome, Qca)
    assert isinstance(found.negated, Qca)
    assert str(found.negated.truth_table.outcome) == "~PERF"
    assert [str(one) for one in found.outcome.minimisation.expectations] == ["MEMBER", "BALANCE", "CONTACT", "STAFF"]
    assert [str(one) for one in found.negated.minimisation.expectations] == [
        "~MEMBER",
        "~BALANCE",
        "~CONTACT",
        "~STAFF",
    ]


def test_three_respondents_are_refused_with_the_reason(declaration: QcaDeclaration, answers: Responses) -> None:
    whole = sets_of_respondents(declaration, answers).table.cases[:3]
    frame = answers.frame.loc[list(whole)]
    few = replace(answers, frame=frame, blanks=answers.blanks.loc[frame.index])
    found = declared_qca(declaration, few)
    assert isinstance(found.outcome, Text)
    assert "cases" in found.outcome.to("en")
