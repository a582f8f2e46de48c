"""Standard errors that a user names, against sandwich, clubSandwich, lmtest and ordinal."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.row import Row
from named_errors_numbers import ours, references

TITLE = "Standard errors by name"
DATA = {
    "linear": "own, n = 185 in 24 groups", "fractional": "own share, n = 186 in 24 groups", "binomial": "birthwt (MASS), n = 189 by age",
    "ordinal": "own ordered answer, n = 235, logit", "probit": "own ordered answer, n = 235, probit",
}  # fmt: skip
QUANTITIES = {"standard_error": "standard error", "df": "degrees of freedom"}
FIRST = {"linear": "x", "fractional": "x", "binomial": "smoke", "ordinal": "share", "probit": "staff"}


def rows() -> Iterator[Row]:
    """Of each family one predictor, every kind; the test holds the others too."""
    for row in references().itertuples():
        if row.term == FIRST[row.family] and row.quantity in QUANTITIES:
            if row.quantity == "df" and row.kind not in ("CR2", "CR3"):
                continue
            statistic = f"{row.kind}, {QUANTITIES[row.quantity]} of {row.term}"
            yield Row(DATA[row.family], statistic, ours(row.family, row.kind, row.quantity, row.term), row.value, 1e-9,
                      row.source)  # fmt: skip
