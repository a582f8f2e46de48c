"""Our number for every row of tests/reference/models.csv: what the tests of the models and the page of numbers compare."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.models.beta import BetaFit, beta_regression
from clustergov.analysis.models.logit import LogitFit, binomial_logit, fractional_logit
from clustergov.analysis.models.marginal_effects import MarginalEffects, marginal_effects, predictions
from clustergov.analysis.models.mixed import MixedFit, mixed_model
from clustergov.analysis.models.ordinal import OrdinalFit, cumulative_logit
from clustergov.analysis.models.partial_proportional_odds import PartialFit, partial_proportional_odds
from clustergov.analysis.models.proportional_odds import ProportionalOdds, proportional_odds

REFERENCE = Path(__file__).parent / "reference"


@cache
def references() -> pd.DataFrame:
    """Columns part, data, quantity, term, value, call."""
    return pd.read_csv(REFERENCE / "models.csv", keep_default_na=False)


@cache
def table(name: str) -> pd.DataFrame:
    """The data of a row: those of this script, or those kept for the ordinal model."""
    file = REFERENCE / f"models-{name}.csv"
    if name in ("housing", "wine", "ordinal own"):
        file = REFERENCE / f"ordinal-{name.removeprefix('ordinal ')}.csv"
    return pd.read_csv(file)


def ordered(name: str) -> tuple[pd.Series, pd.DataFrame]:
    frame = table("ordinal own" if name == "own" else name)
    return frame["y"], frame.drop(columns="y")


@cache
def cumulative(name: str, link: str) -> OrdinalFit:
    return cumulative_logit(*ordered(name), link=link)


@cache
def odds(name: str, link: str) -> ProportionalOdds:
    return proportional_odds(*ordered(name), link=link)


@cache
def partial(name: str, link: str) -> PartialFit:
    return partial_proportional_odds(*ordered(name), free=FREED[name], link=link)


@cache
def effects(name: str, link: str) -> MarginalEffects:
    return marginal_effects(cumulative(name, link), *ordered(name))


@cache
def predicted(name: str, link: str) -> pd.DataFrame:
    frame = ordered(name)[1][ordered(name)[0].notna()].dropna()
    return predictions(cumulative(name, link), frame.iloc[[0, 49, 119]].reset_index(drop=True))


@cache
def share(part: str, data: str) -> tuple[LogitFit | BetaFit, pd.Series, pd.DataFrame]:
    """The fit of a binomial, fractional or beta row, with its outcome and predictors."""
    if data == "birthwt":
        frame = table("birthwt")
        y, X = frame["low"], frame.drop(columns="low")
        return binomial_logit(y, X), y, X
    if data == "petrol":
        frame = table("petrol")
        X = pd.DataFrame({f"batch{i}": (frame["batch"] == i).astype(float) for i in range(1, 10)})
        return beta_regression(frame["yield"], X.assign(temp=frame["temp"])), frame["yield"], X
    frame = table("own")
    X, groups = frame[["x", "w"]], frame["group"] if data.endswith("by group") else None
    if part == "beta":
        inner = frame["s"].where((frame["s"] > 0) & (frame["s"] < 1))
        return beta_regression(inner, X), inner, X
    y = (frame["s"] > 0.5).astype(float).rename("high") if part == "binomial" else frame["s"]
    return (binomial_logit if part == "binomial" else fractional_logit)(y, X, groups=groups), y, X


@cache
def mixed(data: str, criterion: str) -> MixedFit:
    name, _, slope = data.partition(" ")
    frame = table(name)
    if name == "sleepstudy":
        return mixed_model(frame["Reaction"], frame[["Days"]], frame["Subject"].astype("str"),
                           slope="Days" if slope else "", criterion=criterion)  # fmt: skip
    return mixed_model(frame["y"], frame[["x", "w"]], frame["group"], slope="x" if slope else "", criterion=criterion)


FREED = {"own": ["share", "member"], "housing": ["atrium", "contact"]}


def ours(part: str, data: str, quantity: str, term: str) -> float:
    """What this project computes for a row."""
    if part == "odds":
        method, _, link = quantity.rpartition(" ") if quantity != "Brant" else ("Brant", "", "logit")
        return odds(data, link).test(term, method).chi2
    if part == "partial":
        return _of_partial(data, quantity, term)
    if part in ("effects", "predictions"):
        return _of_probabilities(part, data, quantity, term)
    if part == "mixed":
        return _of_mixed(mixed(data, quantity.split()[1]), quantity.split()[0], term)
    fit, y, X = share(part, data)
    if quantity == "log_likelihood":
        return fit.log_likelihood
    if quantity.startswith("effect"):
        frame = marginal_effects(fit, y, X).frame().set_index("term")
        return float(frame.loc[term, "standard_error" if quantity == "effect_error" else "estimate"])
    frame = fit.frame().set_index("term").rename(index={"(constant)": "(Intercept)"})
    return float(frame.loc[term, quantity])


def _of_partial(data: str, quantity: str, term: str) -> float:
    name, _, link = quantity.partition(" ")
    fit = partial(data, link)
    if name == "log_likelihood":
        return fit.log_likelihood
    column = {"estimate": "estimate", "error": "standard_error"}[name]
    frame = fit.frame()
    if "." in term:  # clm: θ_j(z) = α_j + α_jz z, so that γ_j = −α_jz
        threshold, freed = term.split(".", 1)
        kind, sign = ("threshold", 1) if freed == "(Intercept)" else ("freed", -1)
        rows = frame[(frame["kind"] == kind) & (frame["threshold"] == threshold)]
        row = rows if kind == "threshold" else rows[rows["term"] == freed]
    elif ":" in term:  # vglm: the log odds of being above threshold j
        name, place = term.rsplit(":", 1)
        threshold = fit.names[int(place) - 1]
        sign = -1 if name == "(Intercept)" else 1
        wanted = threshold if name == "(Intercept)" else name
        row = frame[(frame["term"] == wanted) & frame["threshold"].isin(["", threshold])]
    else:
        sign, row = 1, frame[frame["term"] == term]
    value = float(row[column].iloc[0])
    return value if column == "standard_error" else sign * value


def _of_probabilities(part: str, data: str, quantity: str, term: str) -> float:
    name, link = quantity.rsplit(" ", 1)
    first, place = term.rsplit(" ", 1)
    if part == "effects":
        frame = effects(data, link).frame()
        rows = frame[frame["term"] == first]
        column = {"estimate": "estimate", "error": "standard_error"}[name]
    else:
        frame = predicted(data, link)
        rows, column = frame[frame["row"] == int(first) - 1], name
    return float(rows[column].iloc[int(place) - 1])


def _of_mixed(fit: MixedFit, name: str, term: str) -> float:
    if name == "deviance":
        return fit.deviance
    if name.startswith("icc"):
        ends = fit.icc_interval
        assert ends is not None
        return {"icc": fit.icc, "icc_low": ends.low, "icc_high": ends.high}[name]
    if name == "deviation":
        deviations = np.sqrt(np.diag(fit.between))
        words = term.split()
        if words[0] == "Residual":
            return fit.sigma
        if len(words) == 3:
            return float(fit.between[0, 1] / deviations.prod())
        return float(deviations[0 if words[1] == "(Intercept)" else 1])
    frame = fit.frame().set_index("term").rename(index={"(constant)": "(Intercept)"})
    return float(frame.loc[term, name])
