"""Answers to which no universe can be fitted: the reason in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.analysis.multiverse.multiverse import NoUniverseError, multiverse, read_multiverse
from clustergov.study.plan import check_study
from clustergov.survey.synthetic.simulation import generator, simulate


def test_the_reason_in_both_languages(root: Path) -> None:
    plan = check_study(root)
    assert plan.simulation is not None
    few = simulate(plan.simulation, plan.questionnaire, n=3, rng=generator(1)).responses
    declared = read_multiverse(root / "analysis" / "multiverse.yml", plan.questionnaire)
    with pytest.raises(NoUniverseError, match="no universe can be fitted") as refused:
        multiverse(declared, few, permutations=0)
    assert refused.value.reason["nl"].startswith("Met deze antwoorden is geen enkel universum te schatten: ")
    assert refused.value.reason["en"].startswith("No universe can be estimated with these answers: ")
    assert "no-universe" not in refused.value.reason["nl"]
