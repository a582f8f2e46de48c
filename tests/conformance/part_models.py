"""Models of drivers against ordinal, VGAM, sandwich, lme4 and lmerTest, formulas written out in R, and publications."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.analysis.models.ordinal_bootstrap import weighted_fits
from conformance.row import Row
from model_numbers import REFERENCE, cumulative, odds, ordered, ours, references, share

TITLE = "Models of drivers"
NAMES = {
    "housing": "MASS::housing, n = 1681", "own": "own seeded table", "smoking": "MASS::survey (smoking), n = 208",
    "birthwt": "MASS::birthwt, n = 189", "petrol": "MASS::petrol (gasoline yield), n = 32",
    "sleepstudy": "lme4::sleepstudy, n = 180", "wine": "ordinal::wine, n = 72",
}  # fmt: skip
# (part, data, quantity, term, statistic): one row of models.csv each, spread over models and quantities.
CHOSEN = [
    ("odds", "housing", "likelihood ratio logit", "", "proportional odds, likelihood ratio, all predictors"),
    ("odds", "housing", "likelihood ratio probit", "", "the same, probit"),
    ("odds", "housing", "likelihood ratio logit", "atrium", "proportional odds, likelihood ratio, one predictor"),
    ("odds", "own", "likelihood ratio logit", "", "proportional odds, likelihood ratio, all predictors"),
    ("odds", "housing", "Brant", "", "Brant's test, all predictors"),
    ("odds", "own", "Brant", "member", "Brant's test, one predictor"),
    ("odds", "housing", "score logit", "", "score test, all predictors"),
    ("odds", "own", "score probit", "share", "score test, one predictor, probit"),
    ("partial", "own", "estimate logit", "2|3.share", "partial proportional odds, freed coefficient (sign turned)"),
    ("partial", "own", "error logit", "2|3.share", "its standard error"),
    ("partial", "own", "estimate probit", "staff", "partial proportional odds, common coefficient, probit"),
    ("partial", "own", "log_likelihood logit", "", "partial proportional odds, log-likelihood"),
    ("partial", "housing", "estimate logit", "atrium:2", "partial proportional odds, freed coefficient"),
    ("partial", "housing", "log_likelihood logit", "", "partial proportional odds, log-likelihood"),
    ("effects", "own", "estimate logit", "staff 5", "average marginal effect on the highest answer"),
    ("effects", "own", "error logit", "staff 5", "its standard error"),
    ("effects", "own", "estimate logit", "member 1", "average difference in the lowest answer, two values"),
    ("effects", "own", "error probit", "share 3", "standard error of a marginal effect, probit"),
    ("effects", "housing", "estimate probit", "contact 3", "average difference in the highest answer, probit"),
    ("predictions", "own", "probability logit", "2 4", "predicted probability of an answer"),
    ("predictions", "own", "standard_error logit", "2 4", "its standard error"),
    ("predictions", "own", "low logit", "2 4", "lower end of its interval"),
    ("predictions", "housing", "high probit", "3 1", "upper end of an interval, probit"),
    ("binomial", "birthwt", "estimate", "smoke", "binomial logit, coefficient"),
    ("binomial", "birthwt", "standard_error", "smoke", "its standard error"),
    ("binomial", "birthwt", "log_likelihood", "", "binomial logit, log-likelihood"),
    ("binomial", "birthwt", "effect", "lwt", "binomial logit, average marginal effect"),
    ("binomial", "birthwt", "effect_error", "smoke", "standard error of an average difference"),
    ("binomial", "own by group", "standard_error", "x", "binomial logit, cluster-robust error"),
    ("fractional", "own", "estimate", "x", "fractional logit, coefficient"),
    ("fractional", "own", "standard_error", "x", "its robust error"),
    ("fractional", "own", "effect", "w", "fractional logit, average difference"),
    ("fractional", "own by group", "standard_error", "w", "fractional logit, cluster-robust error"),
    ("beta", "own", "estimate", "x", "beta regression, coefficient"),
    ("beta", "own", "standard_error", "(precision)", "beta regression, error of the precision"),
    ("beta", "petrol", "estimate", "temp", "beta regression, coefficient"),
    ("beta", "petrol", "estimate", "(precision)", "beta regression, precision"),
    ("beta", "petrol", "log_likelihood", "", "beta regression, log-likelihood"),
    ("mixed", "sleepstudy", "standard_error REML", "Days", "random intercept, error of the slope"),
    ("mixed", "sleepstudy", "df REML", "(Intercept)", "random intercept, Satterthwaite's degrees of freedom"),
    ("mixed", "sleepstudy", "deviation REML", "Subject (Intercept)", "random intercept, deviation between groups"),
    ("mixed", "sleepstudy", "icc REML", "", "intraclass correlation"),
    ("mixed", "sleepstudy", "icc_low REML", "", "its profile interval, lower end"),
    ("mixed", "sleepstudy", "icc_high REML", "", "its profile interval, upper end"),
    ("mixed", "sleepstudy slope", "deviance REML", "", "random slope, REML criterion"),
    ("mixed", "sleepstudy slope", "deviation REML", "Subject Days", "random slope, deviation of slopes"),
    ("mixed", "sleepstudy slope", "deviation ML", "Subject (Intercept) Days", "random slope, correlation, ML"),
    ("mixed", "own", "df ML", "w", "random intercept, Satterthwaite's degrees of freedom, ML"),
    ("mixed", "own", "deviance ML", "", "random intercept, deviance"),
    ("mixed", "own slope", "df REML", "x", "random slope, Satterthwaite's degrees of freedom"),
    ("mixed", "own slope", "estimate REML", "x", "random slope, coefficient"),
]
TOLERANCE = {"odds": 1e-8, "partial": 1e-8, "effects": 1e-7, "predictions": 1e-11, "binomial": 1e-8, "fractional": 1e-8,
             "beta": 1e-11, "mixed": 1e-6}  # fmt: skip


def rows() -> Iterator[Row]:
    yield from _cumulative()
    stored = references().set_index(["part", "data", "quantity", "term"])
    for part, data, quantity, term, statistic in CHOSEN:
        row = stored.loc[(part, data, quantity, term)]
        name = NAMES[data.split()[0]] + "".join(f", {extra}" for extra in [data.partition(" ")[2]] if extra)
        told = statistic + (f" ({term})" if term and "all" not in statistic else "")
        yield Row(name, told.replace("|", " to "), ours(part, data, quantity, term), float(row["value"]), TOLERANCE[part],
                  row["call"])  # fmt: skip
    yield from _published()
    yield from _bootstrap()


def _cumulative() -> Iterator[Row]:
    """The cumulative link model itself, of which tests/reference/ordinal.csv holds more."""
    stored = pd.read_csv(REFERENCE / "ordinal.csv", keep_default_na=False).query("program == 'clm'")
    for name, link, quantity, term, column in (
        ("wine", "logit", "estimate", "warm", "estimate"), ("wine", "logit", "standard_error", "warm", "standard_error"),
        ("wine", "logit", "threshold_error", "2|3", "standard_error"), ("wine", "probit", "threshold", "4|5", "estimate"),
        ("housing", "logit", "estimate", "contact", "estimate"), ("housing", "probit", "threshold_error", "1|2", "standard_error"),
        ("own", "logit", "p", "staff", "p"),
    ):  # fmt: skip
        row = stored.query("data == @name and link == @link and quantity == @quantity and term == @term").iloc[0]
        found = float(cumulative(name, link).frame().set_index("term").loc[term, column])
        what = {"p": "p", "threshold": "threshold", "threshold_error": "threshold, standard error"}.get(
            quantity, quantity
        )
        yield Row(NAMES[name], f"cumulative {link}, {what.replace('_', ' ')} ({term.replace('|', ' to ')})", found,
                  float(row["value"]), 1e-8, f"clm(link = '{link}') ordinal 2022.11.16")  # fmt: skip


def _published() -> Iterator[Row]:
    why = "as many decimals as were printed"
    source = "R package brant, manual, example (Schlegel & Steenbergen 2020)"
    for term, value in (("", 3.28), ("male", 1.58), ("height", 0.02)):
        found = odds("smoking", "logit").test(term, "Brant").chi2
        yield Row(
            NAMES["smoking"], f"Brant's test ({term or 'all predictors'})", found, value, 0.005, source, False, why
        )
    source = "Cribari-Neto & Zeileis 2010, Journal of Statistical Software 34(2), summary of gy_logit"
    frame = share("beta", "petrol")[0].frame().set_index("term")
    for term, column, value in (("temp", "estimate", 0.0109669), ("temp", "standard_error", 0.0004126),
                                ("batch1", "estimate", 1.7277289), ("batch7", "standard_error", 0.1091275)):  # fmt: skip
        yield Row(NAMES["petrol"], f"beta regression, {column.replace('_', ' ')} ({term})", float(frame.loc[term, column]),
                  value, 6e-8, source, False, why)  # fmt: skip


def _bootstrap() -> Iterator[Row]:
    """A replicate is the fit to its rows: the batched fit under the weights of a table is the fit to it."""
    y, X = ordered("housing")
    table = pd.concat([X, y], axis=1).value_counts(sort=False).rename("times").reset_index()
    rows_ = OrderedRows.of(table["y"], table[list(X)])
    start = rows_.maximum("logit")[1]
    found, _ = weighted_fits(rows_, table["times"].to_numpy(dtype=float)[None], start, "logit")
    stored = pd.read_csv(REFERENCE / "ordinal.csv", keep_default_na=False)
    stored = stored.query("program == 'clm' and data == 'housing' and link == 'logit'").set_index(["quantity", "term"])
    names = [("threshold", name) for name in rows_.names] + [("estimate", term) for term in rows_.terms]
    for place in (0, 2, 7):
        quantity, term = names[place]
        yield Row("MASS::housing, 72 cells weighted", f"batched ordered logit, {quantity} ({term.replace('|', ' to ')})",
                  float(np.asarray(found)[0, place]), float(stored.loc[names[place], "value"]), 1e-8,
                  "clm(link = 'logit') ordinal 2022.11.16")  # fmt: skip
