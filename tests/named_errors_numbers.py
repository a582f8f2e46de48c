"""Our number for every row of tests/reference/named_errors.csv, for the test and the page of numbers."""

from __future__ import annotations

from functools import cache
from typing import cast

import numpy as np
import pandas as pd

from clustergov.analysis.inference.named_errors import Kind, NamedErrors, linear_errors, logit_errors, ordinal_errors
from clustergov.analysis.models.logit import binomial_logit, fractional_logit
from clustergov.analysis.models.ordinal import cumulative_logit
from model_numbers import REFERENCE, table


@cache
def references() -> pd.DataFrame:
    """Columns family, kind, quantity, term, value, source."""
    return pd.read_csv(REFERENCE / "named_errors.csv")


@cache
def rows_of_family(family: str) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Outcome, predictors and groups, incomplete rows among them."""
    if family in ("linear", "fractional"):
        frame = table("own")
        return frame["y" if family == "linear" else "s"], frame[["x", "w"]], frame["group"]
    if family == "binomial":
        frame = table("birthwt")
        return frame["low"], frame[["lwt", "smoke"]], (frame["age"] // 2).astype(str)
    frame = table("ordinal own").dropna(subset=["y", "share", "staff", "age"])
    return frame["y"], frame[["share", "staff"]], (frame["age"] // 3).astype(str)


@cache
def named(family: str, name: str) -> NamedErrors:
    y, X, groups = rows_of_family(family)
    kind = cast(Kind, name)
    if family == "linear":
        return linear_errors(y, X, kind, groups)
    if family in ("ordinal", "probit"):
        link = "logit" if family == "ordinal" else "probit"
        return ordinal_errors(cumulative_logit(y, X, link=link), y, X, kind, groups)  # type: ignore[arg-type]  # two strings
    fit = binomial_logit(y, X) if family == "binomial" else fractional_logit(y, X)
    return logit_errors(fit, y, X, kind, groups)


def ours(family: str, kind: str, quantity: str, term: str) -> float:
    frame = named(family, kind).frame().set_index("term")
    return float(np.asarray(frame.loc[term.replace("(Intercept)", "(constant)"), quantity], dtype=float))
