"""Models, totals, ratios and domains of a sampled population against R's survey (tests/reference/sampling_models.R)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from clustergov.analysis.sampling.design_based_models import designed_linear, designed_logit
from clustergov.analysis.sampling.sample import Sample, sample_of
from clustergov.analysis.sampling.totals import domain_mean, population_ratio, population_total
from conformance.row import Row

TITLE = "Survey design: weights, strata, finite population"
REFERENCE = Path(__file__).parents[1] / "reference"
CLOSED = 1e-10
DESIGNS = {
    "srs": ("apisrs of survey, n = 200", "ids = ~1, weights = ~pw, fpc = ~fpc"),
    "strat": ("apistrat of survey, n = 200 in 3 strata", "ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc"),
    "clus": ("apiclus1 of survey, n = 183 in 15 districts", "ids = ~dnum, weights = ~pw, fpc = ~fpc"),
}


def rows() -> Iterator[Row]:
    expected = pd.read_csv(REFERENCE / "sampling_models.csv").fillna({"term": ""})
    values = expected.set_index(["case", "quantity", "term"])["value"].sort_index()
    for case in DESIGNS:
        yield from _models(case, values)
        yield from _figures(case, values)
    yield from _lonely(values)


def _drawn(case: str) -> tuple[pd.DataFrame, Sample]:
    data = pd.read_csv(REFERENCE / f"sampling_models-{case}.csv")
    strata, clusters = (data["stype"] if case == "strat" else None), (data["dnum"] if case == "clus" else None)
    return data, sample_of(data.index, weights=data["pw"], strata=strata, population=data["fpc"], clusters=clusters)


def _models(case: str, values: pd.Series[float]) -> Iterator[Row]:
    data, sample = _drawn(case)
    name, call = DESIGNS[case]
    terms = data[["ell", "meals", "mobility"]]
    for suffix, outcome, fit, family in (
        ("", "api00", designed_linear(data["api00"], terms, sample=sample), "gaussian()"),
        ("-logit", "wide", designed_logit(data["wide"], terms, sample=sample), "quasibinomial()"),
    ):
        source = f"svyglm({outcome} ~ ell + meals + mobility, svydesign({call}), {family}), survey 4.1"
        kind = "logit" if suffix else "linear"
        for row in fit.frame().replace({"term": {"(constant)": "(Intercept)"}}).to_dict("records"):
            for quantity, words in (("estimate", "coefficient"), ("standard_error", "standard error")):
                reference = values[case + suffix, quantity, row["term"]]
                yield Row(name, f"{kind}: {words} of {row['term']}", row[quantity], reference, CLOSED, source)
        row = fit.frame().iloc[0]
        yield Row(name, f"{kind}: lower end for ell", row["low"], values[case + suffix, "low", "ell"], CLOSED, source)
        yield Row(name, f"{kind}: p of ell", row["p"], values[case + suffix, "p", "ell"], CLOSED, source)
        yield Row(name, f"{kind}: degrees of freedom", fit.df, values[case + suffix, "df", ""], CLOSED, source)


def _figures(case: str, values: pd.Series[float]) -> Iterator[Row]:
    data, sample = _drawn(case)
    name, call = DESIGNS[case]
    awarded = data["awarded"].eq(1)
    for kind, words, term, found, source in (
        ("total", "total of enroll", "enroll", population_total(data["enroll"], sample), "svytotal(~enroll, svydesign({}))"),
        ("ratio", "ratio api.stu / enroll", "api.stu / enroll", population_ratio(data["api.stu"], data["enroll"], sample),
         "svyratio(~api.stu, ~enroll, svydesign({}))"),
        ("domain", "mean of api00 where awarded", "api00", domain_mean(data["api00"], sample, domain=awarded),
         "svymean(~api00, subset(svydesign({}), awarded == 1))"),
    ):  # fmt: skip
        source = f"{source.format(call)}, survey 4.1"
        yield Row(name, words, found.estimate, values[case, f"{kind}_estimate", term], CLOSED, source)
        yield Row(name, f"{words}: standard error", found.error, values[case, f"{kind}_error", term], CLOSED, source)


def _lonely(values: pd.Series[float]) -> Iterator[Row]:
    data = pd.read_csv(REFERENCE / "sampling_models-own.csv")
    for policy in ("adjust", "certainty", "average"):
        sample = sample_of(data.index, weights=data["w"], strata=data["region"], population=data["size"], lonely=policy)
        source = f'options(survey.lonely.psu = "{policy}"); svyglm(y ~ x + z, design), survey 4.1'
        fit = designed_linear(data["y"], data[["x", "z"]], sample=sample)
        for at, term in enumerate(fit.terms):
            reference = values[f"own-{policy}", "standard_error", term]
            name = "own seeded table, n = 90, a stratum of one"
            yield Row(name, f"standard error of {term}, {policy}", fit.standard_errors[at], reference, CLOSED, source)
