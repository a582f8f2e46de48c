"""Shares of those whom a question applies to: who is known to be outside, and of whom it is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.claims.assessment import read_claims
from clustergov.analysis.claims.measurement import Estimate, measure
from clustergov.analysis.sampling.finite_population import population_mean
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.frame.design import SamplingDesign
from clustergov.survey.responses import Responses

Build = Callable[..., Responses]


def test_who_left_open_what_decides_is_not_known_to_be_outside(
    root: Path, shipped: Questionnaire, respond: Build
) -> None:
    # `proximity` is asked where `firms` is above 0: 20 answered both, 4 have no firms, 6 did not tell.
    firms = [10.0] * 20 + [0.0] * 4 + [np.nan] * 6
    proximity = [float(5 * place) for place in range(20)] + [np.nan] * 10
    responses = respond(shipped, pd.DataFrame({"firms": firms, "proximity": proximity}))
    responses.blanks.loc[responses.blanks.index[20:], "proximity"] = Blank.NOT_APPLICABLE.value
    claims = read_claims(root / "analysis" / "claims.yml", shipped)
    part = next(part for claim in claims.claims for part in claim.parts if part.id == "4b")
    found = measure(part, (), replace(responses, design=SamplingDesign(60)), levels=(0.95,), minimum_n=5)
    assert isinstance(found, Estimate)
    values = pd.Series([*np.array(proximity[:20]) / 100, *[0.0] * 4, *[np.nan] * 6], index=responses.frame.index)
    domain = pd.Series([True] * 20 + [False] * 4 + [True] * 6, index=responses.frame.index)
    expected = population_mean(values, SamplingDesign(60), domain=domain)
    assert expected.fraction == pytest.approx(24 / 60)
    assert found.intervals[0].low == pytest.approx(expected.interval(0.95).low, rel=1e-12)
    assert found.n == 20
