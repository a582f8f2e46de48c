"""Totals, ratios and domains against R's survey package, and as identities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.sampling.finite_population import population_mean
from clustergov.analysis.sampling.sample import Sample, sample_of, sample_of_study
from clustergov.analysis.sampling.totals import by_domain, domain_mean, population_ratio, population_total
from clustergov.problems import InputError
from clustergov.survey.frame.design import SamplingDesign

REFERENCE = Path(__file__).parents[2] / "reference"
EXPECTED = pd.read_csv(REFERENCE / "sampling_models.csv").set_index(["case", "quantity"])["value"]


def drawn(case: str) -> tuple[pd.DataFrame, Sample]:
    name = case.split("-")[0]
    data = pd.read_csv(REFERENCE / f"sampling_models-{name}.csv")
    strata, clusters = (data["stype"] if name == "strat" else None), (data["dnum"] if name == "clus" else None)
    population = None if "endless" in case else data["fpc"]
    return data, sample_of(data.index, weights=data["pw"], strata=strata, population=population, clusters=clusters)


@pytest.mark.parametrize("case", ["srs", "strat", "strat-endless", "clus"])
def test_agrees_with_survey(case: str) -> None:
    data, sample = drawn(case)
    awarded = data["awarded"].eq(1)
    for kind, found in (
        ("total", population_total(data["enroll"], sample)),
        ("ratio", population_ratio(data["api.stu"], data["enroll"], sample)),
        ("domain", domain_mean(data["api00"], sample, domain=awarded)),
        ("domain_total", population_total(data["api00"], sample, domain=awarded)),
    ):
        assert found.estimate == pytest.approx(EXPECTED[case, f"{kind}_estimate"], rel=1e-12)
        assert found.error == pytest.approx(EXPECTED[case, f"{kind}_error"], rel=1e-11)
        assert found.df == EXPECTED[case, f"{kind}_df"]


@pytest.mark.parametrize("policy", ["adjust", "certainty", "average"])
def test_a_lonely_stratum_as_survey_treats_it(policy: str) -> None:
    data = pd.read_csv(REFERENCE / "sampling_models-own.csv")
    sample = sample_of(data.index, weights=data["w"], strata=data["region"], population=data["size"], lonely=policy)  # type: ignore[arg-type]  # a parameter
    found = population_total(data["y"], sample)
    assert found.error == pytest.approx(EXPECTED[f"own-{policy}", "total_error"], rel=1e-11)
    assert "Stratum with one unit: d." in found.sentence("en")


def test_the_mean_is_that_of_the_finite_population() -> None:
    data, sample = drawn("strat")
    design = SamplingDesign(6194, data["pw"], data["stype"], {"E": 4421, "M": 1018, "H": 755})
    for domain in (None, data["awarded"].eq(1)):
        other, found = (
            population_mean(data["api00"], design, domain=domain),
            domain_mean(data["api00"], sample, domain=domain),
        )
        assert (found.estimate, found.error) == pytest.approx((other.mean, other.error), rel=1e-12)
    of_study = domain_mean(data["api00"], sample_of_study(design, data.index))
    assert of_study.error == pytest.approx(domain_mean(data["api00"], sample).error, rel=1e-12)


def test_parts_add_up() -> None:
    data, sample = drawn("strat")
    parts = [population_total(data["enroll"], sample, domain=data["stype"].eq(name)) for name in "EMH"]
    assert sum(part.estimate for part in parts) == pytest.approx(population_total(data["enroll"], sample).estimate)
    means = by_domain(data["api00"], data["stype"], sample)
    assert list(means["group"]) == ["E", "H", "M"]
    assert not means.isna().any(axis=None)


def test_what_has_no_answer_is_refused() -> None:
    data, sample = drawn("srs")
    nothing = pd.Series(np.nan, index=data.index, name="nothing")
    with pytest.raises(InputError, match="all-missing"):
        population_total(nothing, sample)
    with pytest.raises(InputError, match="ratio-of-zero"):
        population_ratio(data["enroll"], data["enroll"] * 0, sample)
    with pytest.raises(InputError, match="infinite"):
        population_total(data["enroll"] / 0, sample)
    with pytest.raises(InputError, match="all-missing"):
        domain_mean(data["enroll"], sample, domain=data["stype"].eq("none"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_sentences_tell_estimate_interval_and_n(language: str) -> None:
    data, sample = drawn("srs")
    told = population_ratio(data["api.stu"], data["enroll"], sample).sentence(language)
    assert "n = 200" in told
    assert "interval" in told
