"""Polychoric correlations, factors, omega and the number of factors against psych, lavaan, GPArotation and semTools."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.row import Row
from scale_references import frame, ours, references, tolerance

TITLE = "Scales: polychoric correlations, factors, omega"

NAMES = {
    "threshold": "threshold", "threshold_error": "its standard error", "correlation": "polychoric correlation",
    "correlation_lavcor": "polychoric correlation", "correlation_psych": "polychoric correlation",
    "correlation_half": "polychoric correlation, empty cells ½", "correlation_error": "standard error of a polychoric",
    "gamma": "entry of Γ (weighted least squares)", "kmo": "KMO", "kmo_item": "KMO of one item",
    "bartlett": "Bartlett's χ²", "bartlett_df": "its degrees of freedom", "map": "Velicer's average partial",
    "axis": "eigenvalue, SMC on the diagonal",     "polychoric_psych": "loading, polychoric minres oblimin",
    "omega": "McDonald's omega total, observed variance", "omega_implied": "McDonald's omega total, implied variance",
    "omega_loading": "loading of the one factor", "alpha_standardised": "standardised alpha",
    "hierarchical": "omega hierarchical", "hierarchical_exact": "omega hierarchical",
    "schmid_leiman": "omega of a Schmid–Leiman solution", "schmid_leiman_exact": "omega of a Schmid–Leiman solution",
    "common": "explained common variance", "general": "general loading",
    "uniqueness": "uniqueness", "oblimin": "loading, oblimin", "varimax": "loading, varimax (Kaiser)",
    "kaiser": "loading, oblimin (Kaiser)", "psych": "loading, oblimin", "phi": "correlation of factors",
    "complexity": "complexity", "STATISTIC": "χ²", "dof": "degrees of freedom", "TLI": "TLI", "rms": "RMSR", "BIC": "BIC",
    "RMSEA": "RMSEA", "lower": "RMSEA, lower end", "upper": "RMSEA, upper end",
}  # fmt: skip


def rows() -> Iterator[Row]:
    """The first of each kind of number, so that the page shows variety; the tests hold all of them."""
    exact = references().query("not quantity.str.startswith('parallel')")
    for row in exact.drop_duplicates(["data", "quantity"]).itertuples():
        limit, relative, why = tolerance(row.quantity)
        method, _, rest = row.quantity.partition("_")
        name = f"{method} {NAMES[rest]}" if method in ("minres", "ml") else NAMES[row.quantity]
        data = f"{_name(row.data)}, n = {_count(row.data)}"
        yield Row(data, f"{name} {row.term}".strip(), ours(row.data, row.quantity, row.term), row.value, limit, row.source,
                  relative, why)  # fmt: skip


def _name(data: str) -> str:
    return f"psych {data}" if data.startswith("bfi") else f"own seeded items ({data})"


def _count(data: str) -> int:
    items = frame(data)
    return len(items) if data.endswith("pairwise") else len(items.dropna())
