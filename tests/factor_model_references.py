"""The factor models of tests/reference/factor_model.R, fitted by us: shared by the tests and the conformance page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from clustergov.analysis.scales.confirmatory.factor_model import Estimator, FactorModel, Parameterization
from clustergov.analysis.scales.confirmatory.fitting import factor_model
from clustergov.analysis.scales.confirmatory.invariance import Invariance, invariance

FOLDER = Path(__file__).parent / "reference"
GROUPED: dict[str, tuple[str, str, str, Estimator]] = {
    "school-ML": ("hs", "hs", "school", "ML"),
    "school-MLR": ("hs", "hs", "school", "MLR"),
    "language": ("own", "own", "language", "WLSMV"),
    "gender": ("bfi", "an", "gender", "WLSMV"),
}
"""Levels of invariance: table, model, column of groups, estimator."""


@cache
def table(name: str) -> pd.DataFrame:
    if name == "bfi":
        items = pd.read_csv(FOLDER / "scales-bfi.csv.gz")
        return items.assign(gender=pd.read_csv(FOLDER / "factor_model-bfi-gender.csv")["gender"].to_numpy())
    return pd.read_csv(FOLDER / f"factor_model-{name}.csv")


def model_text(name: str) -> str:
    return (FOLDER / f"factor_model-{name}.lav").read_text(encoding="utf-8")


@cache
def references() -> pd.DataFrame:
    """Columns data, model, quantity, name, value."""
    return pd.read_csv(FOLDER / "factor_model.csv", keep_default_na=False, na_values=["NA", "NaN"])


@cache
def levels(name: str) -> Invariance:
    data, model, column, estimator = GROUPED[name]
    # semTools takes variances of 1 to identify ordinal items; estimates differ by that scale, tests do not.
    frame = table(data)
    return invariance(
        model_text(model), frame, frame[column].astype("str"), estimator=estimator, std_lv=estimator == "WLSMV"
    )


@cache
def fit(name: str) -> FactorModel:
    """The model that the references call `name`."""
    head, _, tail = name.rpartition("-")
    if head in GROUPED:
        return next(step.model for step in levels(head).steps if step.level == tail and step.model)
    estimator: Estimator = "WLSMV"
    theta: Parameterization = "theta" if tail == "theta" else "delta"
    match head, tail:
        case "groups", _:
            own = table("own")
            return factor_model(
                model_text("own"), own, estimator="WLSMV", group=own["language"].astype("str"),
                equal=("thresholds", "loadings"), parameterization=theta,
            )  # fmt: skip
        case (("own" | "an"), ("delta" | "theta" | "lv")):
            data = table("bfi" if head == "an" else "own")
            return factor_model(model_text(head), data, estimator="WLSMV", parameterization=theta, std_lv=tail == "lv")
        case "", "binary":
            return factor_model("f =~ u1 + binary + u4 + u5", table("own"), estimator="WLSMV")
        case _, ("ML" | "MLR" | "WLSMV") as estimator:
            data = table({"second": "hs", "lv": "hs", "pdlabels": "pd"}.get(head, head))
            model = model_text({"lv": "hs"}.get(head, head))
            return factor_model(model, data, estimator=estimator, std_lv=head == "lv", means=head == "second")
    raise KeyError(name)


def measure(found: FactorModel, name: str) -> float:
    """One of lavaan's fit measures, by lavaan's name."""
    by_name = {
        "npar": found.table.size, "srmr": found.srmr, "logl": found.log_likelihood, "aic": found.aic, "bic": found.bic,
        "chisq": found.test.chi_square, "df": found.test.df, "pvalue": found.test.p,
        "baseline.chisq": found.baseline.chi_square, "rmsea.ci.lower": found.plain.rmsea_low,
        "rmsea.ci.upper": found.plain.rmsea_high,
    }  # fmt: skip
    if found.scaled and found.baseline_scaled:
        by_name |= {
            "chisq.scaled": found.scaled.chi_square, "chisq.scaling.factor": found.scaled.factor,
            "baseline.chisq.scaled": found.baseline_scaled.chi_square,
        }  # fmt: skip
    for suffix, indices in (("", found.plain), (".scaled", found.adjusted), (".robust", found.robust)):
        if indices is not None:
            by_name |= {f"cfi{suffix}": indices.cfi, f"tli{suffix}": indices.tli, f"rmsea{suffix}": indices.rmsea,
                        f"rmsea.pvalue{suffix}": indices.p_close}  # fmt: skip
    value = by_name[name]
    assert value is not None
    return float(value)


def parameter(found: FactorModel, quantity: str, name: str) -> float:
    """An estimate, its error or its standardised value, by lavaan's left side, operator, right side and group."""
    left, operator, *rest = name.split()
    right, group = (rest[0], rest[1]) if len(rest) == 2 else ("", rest[0])
    for place, p in enumerate(found.table.parameters):
        same = (p.left, p.right) == (left, right) or (operator == "~~" and (p.right, p.left) == (left, right))
        if same and p.operator == operator and p.group == int(group) - 1:
            values = {"estimate": found.estimates, "error": found.standard_errors, "standardized": found.standardized}
            return float(values[quantity][place])
    raise KeyError(name)
