"""What R found of the scales in tests/reference/scales.R, and what ours finds of the same data."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.scales.adequacy import adequacy
from clustergov.analysis.scales.exploratory import Exploration, explore
from clustergov.analysis.scales.factor_extraction import Method, extract
from clustergov.analysis.scales.item_correlations import ItemCorrelations, item_correlations
from clustergov.analysis.scales.omega import OmegaTotal, omega_total
from clustergov.analysis.scales.parallel_analysis import ParallelAnalysis, parallel_analysis
from clustergov.analysis.scales.polychoric import Polychoric, polychoric
from clustergov.analysis.scales.polychoric_covariance import asymptotic_covariance
from clustergov.analysis.scales.reliability import standardised_alpha
from clustergov.analysis.scales.rotation import Rotation
from clustergov.analysis.scales.schmid_leiman import OmegaHierarchical, omega_hierarchical

FOLDER = Path(__file__).parent / "reference"

# Tolerance of a quantity: absolute or relative, and why it is not tighter.
NLMINB = "lavCor stops its optimiser at a relative change of 1e-10"
OPTIMISE = "psych::polychoric stops at about 1e-5 (optimize)"
LBFGSB = "psych::fa stops at about four digits (L-BFGS-B, GPFoblq eps 1e-5)"

SIMULATED = "the mean of 2,000 random draws on either side"
STEPWISE = "both stop where the slope is about 1e-8, not where it is 0"
FITTED = "lavaan stops at a relative change of its fit of 1e-12"
TOLERANCES: dict[str, tuple[float, bool, str]] = {
    "correlation_lavcor": (1e-7, False, NLMINB),
    "correlation_error": (1e-7, True, ""),
    "gamma": (1e-6, True, ""),
    "correlation_psych": (5e-5, False, OPTIMISE),
    "correlation_half": (5e-5, False, OPTIMISE),
    "parallel_component": (3e-3, True, SIMULATED),
    "parallel_axis": (2e-2, True, SIMULATED),
    "psych": (1e-4, False, LBFGSB),
    "complexity": (5e-4, True, LBFGSB),
    "oblimin": (1e-7, False, STEPWISE),
    "kaiser": (1e-7, False, STEPWISE),
    "phi": (1e-7, False, STEPWISE),
    "varimax": (1e-7, False, STEPWISE),
    "RMSEA": (1e-4, True, LBFGSB),
    "lower": (1e-5, True, LBFGSB),
    "upper": (1e-5, True, LBFGSB),
    "STATISTIC": (5e-6, True, LBFGSB),
    "BIC": (1e-5, True, LBFGSB),
    "TLI": (1e-6, True, LBFGSB),
    "rms": (1e-5, True, LBFGSB),
    "omega": (1e-6, True, ""),
    "omega_loading": (1e-5, True, FITTED),
    "polychoric_psych": (2e-4, False, OPTIMISE),
    "hierarchical": (1e-4, True, LBFGSB),
    "schmid_leiman": (1e-5, True, LBFGSB),
    "common": (1e-4, True, LBFGSB),
    "general": (1e-4, False, LBFGSB),
}


def tolerance(quantity: str) -> tuple[float, bool, str]:
    """Of a quantity by its name, or by what stands after the method in it; by default 1e-7 relative."""
    return TOLERANCES.get(
        quantity, TOLERANCES.get(quantity.removeprefix("minres_").removeprefix("ml_"), (1e-7, True, ""))
    )


@cache
def references() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "scales.csv", keep_default_na=False, dtype={"term": str})


@cache
def frame(data: str) -> pd.DataFrame:
    if data.startswith("bfi"):
        whole = pd.read_csv(FOLDER / "scales-bfi.csv.gz").astype(float)
        part = data.removeprefix("bfi").strip()
        return whole if not part else _turned(whole[[name for name in whole if name.startswith(part)]])
    found = pd.read_csv(FOLDER / f"scales-{data.split()[0]}.csv").astype(float)
    return found.iloc[:, :5].loc[found.notna().all(axis=1)] if data == "own 1-5" else found


def _turned(items: pd.DataFrame) -> pd.DataFrame:
    return items.assign(**{name: 7 - items[name] for name in ("A1", "C4", "C5") if name in items})


@cache
def correlations(data: str, kind: str = "pearson") -> ItemCorrelations:
    return item_correlations(frame(data), kind="polychoric" if kind == "polychoric" else "pearson")


@cache
def poly(data: str, zero_cells: str = "half-2x2") -> Polychoric:
    missing = "pairwise" if data.endswith("pairwise") else "listwise"
    return polychoric(frame(data), missing=missing, zero_cells=zero_cells)  # type: ignore[arg-type]  # names from R


@cache
def gamma(data: str) -> np.ndarray:
    found = poly(data)
    return found.n * asymptotic_covariance(found.codes, found.correlations)


@cache
def explored(data: str, method: Method, rotation: Rotation, kaiser: bool | None = None) -> Exploration:
    return explore(correlations(data), 5 if data == "bfi" else 2, method=method, rotation=rotation, kaiser=kaiser)


@cache
def parallel(data: str, draws: int = 20) -> ParallelAnalysis:
    return parallel_analysis(correlations(data), rng=np.random.default_rng(5), draws=draws)


@cache
def one_factor(data: str) -> OmegaTotal:
    return omega_total(frame(data))


@cache
def hierarchical(data: str, factors: int) -> OmegaHierarchical:
    return omega_hierarchical(correlations(data), factors=factors)


def _pair(data: str, term: str, matrix: np.ndarray) -> float:
    first, second = (poly(data).items.index(name) for name in term.split())
    return float(matrix[first, second])


def _threshold(data: str, term: str) -> float:
    item, place = term.split("|t")
    return float(poly(data).thresholds[poly(data).items.index(item)][int(place) - 1])


def _threshold_error(data: str, term: str) -> float:
    item, place = term.split("|t")
    at = poly(data).items.index(item)
    before = sum(len(cuts) for cuts in poly(data).thresholds[:at])
    return float(np.sqrt(gamma(data)[before + int(place) - 1, before + int(place) - 1] / poly(data).n))


def _gamma(data: str, term: str) -> float:
    i, j = (int(place) - 1 for place in term.split())
    return float(gamma(data)[i, j])


def _half(data: str, term: str) -> float:
    found = poly(data, "half")
    return float(found.correlations[*(found.items.index(name) for name in term.split())])


def _fit(name: str) -> Callable[[Exploration], float]:
    def of(found: Exploration) -> float:
        interval = found.fit.rmsea_interval
        assert interval is not None
        values = {
            "STATISTIC": found.fit.chi_square, "TLI": found.fit.tli, "rms": found.fit.rmsr, "BIC": found.fit.bic,
            "dof": found.fit.df, "RMSEA": found.fit.rmsea, "lower": interval.low, "upper": interval.high,
        }  # fmt: skip
        return float(values[name])

    return of


def _factors(data: str, quantity: str, term: str) -> float:
    method, what = quantity.split("_", 1)
    assert method in ("minres", "ml")
    if what == "uniqueness":
        found = extract(correlations(data).matrix[None], 5 if data == "bfi" else 2, method)
        return float(found.uniquenesses[0, correlations(data).items.index(term)])
    if what in ("oblimin", "varimax", "kaiser", "psych"):
        rotation: Rotation = "varimax" if what == "varimax" else "oblimin"
        fitted = explored(data, method, rotation, True if what == "kaiser" else None)
        item, place = term.split()
        return float(fitted.loadings[fitted.items.index(item), int(place) - 1])
    fitted = explored(data, method, "oblimin")
    if what == "phi":
        return float(fitted.factor_correlations[0, 1])
    if what == "complexity":
        return float(fitted.complexity[fitted.items.index(term)])
    return _fit(what)(fitted)


def ours(data: str, quantity: str, term: str) -> float:
    """Our value of one row of scales.csv."""
    if quantity.startswith(("minres_", "ml_")):
        return _factors(data, quantity, term)
    if quantity in ("hierarchical", "schmid_leiman", "common", "general", "hierarchical_exact", "schmid_leiman_exact"):
        factors, *item = term.split()
        found = hierarchical(data, int(factors))
        if item:
            return float(found.general[found.items.index(item[0])])
        return {"h": found.omega_hierarchical, "s": found.omega_schmid_leiman, "c": found.explained_common_variance}[
            quantity[0]
        ]
    if quantity == "polychoric_psych":
        item_name, _ = term.split()
        of_poly = explore(correlations(data, "polychoric"), 5)
        return float(of_poly.loadings[of_poly.items.index(item_name), 0])
    simple: dict[str, Callable[[], float]] = {
        "threshold": lambda: _threshold(data, term),
        "threshold_error": lambda: _threshold_error(data, term),
        "correlation": lambda: _pair(data, term, poly(data).correlations),
        "correlation_lavcor": lambda: _pair(data, term, poly(data).correlations),
        "correlation_psych": lambda: _pair(data, term, poly(data).correlations),
        "correlation_error": lambda: _pair(data, term, poly(data).standard_errors),
        "correlation_half": lambda: _half(data, term),
        "gamma": lambda: _gamma(data, term),
        "kmo": lambda: adequacy(correlations(data)).overall,
        "kmo_item": lambda: float(adequacy(correlations(data)).per_item[correlations(data).items.index(term)]),
        "bartlett": lambda: adequacy(correlations(data)).chi_square,
        "bartlett_df": lambda: adequacy(correlations(data)).df,
        "map": lambda: float(parallel(data).average_partials[int(term)]),
        "axis": lambda: float(parallel(data).axes[int(term) - 1]),
        "parallel_component": lambda: float(parallel(data, 2000).component_means[int(term) - 1]),
        "parallel_axis": lambda: float(parallel(data, 2000).axis_means[int(term) - 1]),
        "omega": lambda: one_factor(data).omega,
        "omega_implied": lambda: one_factor(data).implied,
        "omega_loading": lambda: float(one_factor(data).loadings[one_factor(data).items.index(term)]),
        "alpha_standardised": lambda: standardised_alpha(frame(data).to_numpy()),
    }
    return simple[quantity]()
