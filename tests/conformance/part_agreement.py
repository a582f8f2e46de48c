"""Agreement of coders: irrCAC, psych and icr in R, and worked examples of Krippendorff, Hayes, Cohen, Gwet and Passonneau."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.casestudies.agreement.alpha import pairs_bootstrap
from clustergov.casestudies.agreement.alpha_u import alpha_u, observed_disagreement
from clustergov.casestudies.agreement.coefficient import Coefficient
from clustergov.casestudies.agreement.continuum import Continuum, Segment, continuum
from clustergov.casestudies.agreement.measure import Settings, measure
from clustergov.casestudies.agreement.ratings import Ratings, ratings
from clustergov.casestudies.agreement.sets import masi
from clustergov.casestudies.agreement.unitising import unitised_alpha
from conformance.row import Row

TITLE = "Agreement of coders"
REFERENCE = Path(__file__).parents[1] / "reference"
FIVE = "irrCAC prints five decimals"
THREE = "printed with three decimals"
ALPHA_SCALES = {"unweighted": "nominal", "quadratic": "interval", "ratio": "ratio"}
"""Weights of irrCAC with which its alpha is Krippendorff's; with the others it is not his."""
CALLS = {
    "percent": "pa.coeff.raw", "conger": "conger.kappa.raw", "fleiss": "fleiss.kappa.raw", "ac": "gwet.ac1.raw",
    "brennan-prediger": "bp.coeff.raw", "alpha": "krippen.alpha.raw", "cohen": "kappa2.table", "scott": "scott2.table",
}  # fmt: skip
SAID = {
    "krippendorff": "Krippendorff (2018), p. 290: 12 units, 4 coders", "gwet": "cac.raw4raters (irrCAC), 12 units",
    "own": "simulated, 60 units, 3 coders, 12 missing", "cohen": "Cohen (1960), 200 units, 2 coders",
    "krippendorff of 30": "Krippendorff (2018), p. 290, as 12 of a population of 30 units",
}  # fmt: skip
EXAMPLES_1995 = {
    "A": (((2, 8), (14, 6)), ((4, 4), (15, 2))),
    "B": (((0, 18),), ((0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1))),
    "C": (((2, 6), (10, 2), (14, 4), (20, 2)), ((0, 2), (4, 4), (10, 4), (16, 2), (20, 2))),
    "D": (((0, 2), (2, 8), (10, 4), (14, 6), (20, 4)), ((0, 4), (4, 4), (8, 7), (15, 2), (17, 7))),
}
"""Krippendorff (1995), p. 57: begin and length of the units of two coders on a continuum of 24."""


@cache
def table(name: str) -> Ratings:
    return ratings(pd.read_csv(REFERENCE / f"agreement-{name}.csv", index_col="unit"))


def ours(data: str, name: str, weights: str) -> Coefficient:
    named = ALPHA_SCALES[weights] if name == "alpha" else weights.replace("unweighted", "identity")
    settings = Settings("t", population=30.0) if data.endswith("of 30") else Settings("t")
    return measure(table(data.split()[0]), name, weights=named, settings=settings)


def example_1995(code: str, stretch: float = 1) -> Continuum:
    marked = EXAMPLES_1995[code]
    segments = [
        Segment(coder, int(begin * stretch), int((begin + length) * stretch), code)
        for coder, units in zip(("one", "other"), marked, strict=True)
        for begin, length in units
    ]
    return continuum(int(24 * stretch), ("one", "other"), segments)


def rows() -> Iterator[Row]:
    yield from _irrcac()
    yield from _other_packages()
    yield from _printed()
    yield from _unitising()


def _irrcac() -> Iterator[Row]:
    for row in pd.read_csv(REFERENCE / "agreement.csv").itertuples():
        data, name, weights = str(row.data), str(row.name), str(row.weights)
        if " " in name or (name == "alpha" and weights not in ALPHA_SCALES):
            continue
        found = ours(data, name, weights)
        exact = name in ("cohen", "scott")
        source, why = f"{CALLS[name]}(weights = {weights}); irrCAC 1.4", "" if exact else FIVE
        tolerance = 1e-10 if exact else 5.1e-6
        for what, value, reference in (("", found.value, row.value), (", SE", found.se, row.se)):
            yield Row(SAID[data], f"{name}, {weights}{what}", float(value or 0), float(str(reference)), tolerance, source,
                      relative=False, why=why)  # fmt: skip


def _other_packages() -> Iterator[Row]:
    reference = pd.read_csv(REFERENCE / "agreement.csv")
    for row in reference[reference["name"].str.contains(" ")].itertuples():
        name, weights, data = str(row.name), str(row.weights), SAID[str(row.data)]
        if name == "cohen by psych":
            found = ours("cohen", "cohen", weights)
            # psych 2.2.9 has another standard error for weights than irrCAC and statsmodels, which agree with each other.
            errors = [(", SE", found.se, row.se)] if weights == "unweighted" else []
            for what, value, theirs in (("", found.value, row.value), *errors):
                yield Row(data, f"Cohen's kappa, {weights}{what}", float(value or 0), float(str(theirs)), 1e-8,
                          "psych::cohen.kappa(); psych 2.2.9")  # fmt: skip
        elif name == "alpha by icr":
            value = measure(table("krippendorff"), "alpha", weights=weights).value
            yield Row(data, f"alpha, {weights}", float(value or 0), float(str(row.value)), 1e-10, "icr::krippalpha()")
        else:
            known = table("krippendorff")
            drawn = pairs_bootstrap(weights, known.patterns, known.scores, 20_000, np.random.default_rng(1))
            for what, value, theirs in (("mean", drawn.mean(), row.value), ("SD", drawn.std(ddof=1), row.se)):
                yield Row(data, f"alpha, {weights}: {what} of bootstrapped pairs", float(value), float(str(theirs)), 0.01,
                          "icr::krippalpha(bootstrap = TRUE, nboot = 200000)",
                          why="random draws, 20,000 here and 200,000 there")  # fmt: skip


def _printed() -> Iterator[Row]:
    paper = "Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, and (2018), 4th ed., pp. 290–297"
    for scale, printed in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)):
        value = measure(table("krippendorff"), "alpha", weights=scale).value
        yield Row(SAID["krippendorff"], f"alpha, {scale}", float(value or 0), printed, 5.1e-4, paper, relative=False,
                  why=THREE)  # fmt: skip
    hayes = "Hayes and Krippendorff (2007), Communication Methods and Measures 1, 77–89"
    for scale, printed in (("nominal", 0.4765), ("ordinal", 0.7598)):
        value = measure(table("hayes"), "alpha", weights=scale).value
        yield Row("Hayes and Krippendorff (2007): 40 units, 5 coders", f"alpha, {scale}", float(value or 0), printed,
                  5.1e-5, hayes, relative=False, why="printed with four decimals")  # fmt: skip
    value = measure(table("cohen"), "cohen").value
    yield Row(SAID["cohen"], "Cohen's kappa", float(value or 0), 0.492, 5.1e-4,
              "Cohen (1960), Educational and Psychological Measurement 20, p. 41", relative=False, why=THREE)  # fmt: skip
    a, b, c, d = (frozenset(text) for text in ("ab", "abc", "bcd", "x"))
    paper = "Passonneau (2006), LREC 2006: Jaccard × 1, 2/3, 1/3 or 0"
    for what, value, reference in (
        ("equal", masi(a, a), 1.0), ("subset", masi(a, b), 2 / 3 * 2 / 3), ("overlap", masi(b, c), 1 / 2 * 1 / 3),
        ("apart", masi(a, d), 0.0),
    ):  # fmt: skip
        yield Row("two sets of codes", f"MASI, {what}", value, reference, 1e-12, paper, relative=False)


def _unitising() -> Iterator[Row]:
    data = "Krippendorff (1995), p. 57, example {}: two coders"
    paper = "Krippendorff (1995), Sociological Methodology 25, 47–76, as in the tests of DKPro Statistics"
    for code, observed in (("A", 0.03125), ("B", 2.26736), ("C", 0.02777), ("D", 0.38715)):
        yield Row(data.format(code), "alpha_U: observed disagreement", observed_disagreement(example_1995(code), code),
                  observed, 1e-5, paper, relative=False, why="printed with five decimals")  # fmt: skip
    for code, stretch, printed in (("C", 0.5, 0.494), ("A", 50_000, 0.553), ("D", 50_000, 0.066)):
        yield Row(data.format(code), f"alpha_U, continuum of {24 * stretch:g}",
                  float(alpha_u(example_1995(code, stretch), code) or 0), printed, 5.1e-4, paper, relative=False,
                  why=THREE)  # fmt: skip
    marks = (("Alex", "1", 2, 5), ("Alex", "1", 9, 11), ("Alex", "2", 12, 20), ("Paul", "1", 2, 5),
             ("Paul", "2", 7, 15), ("Susan", "1", 2, 5), ("Susan", "2", 10, 15))  # fmt: skip
    text = continuum(20, ("Alex", "Paul", "Susan"), [Segment(coder, s, e, code) for coder, code, s, e in marks])
    found = unitised_alpha(text)
    source = "lindanna/unitized_alpha: its printed example, after Krippendorff and others (2016), eq. 1–13"
    numbers = [("u-alpha", found.u, 0.474), ("|u-alpha", found.relevance, 0.433), ("cu-alpha", found.cu, 0.779)]
    numbers += [
        (f"({code.code})u-alpha", code.alpha, wanted) for code, wanted in zip(found.codes, (0.769, 0.787), strict=True)
    ]
    numbers += [
        (f"({code.code}) covered", code.covered, wanted)
        for code, wanted in zip(found.codes, (0.9545, 0.5952), strict=True)
    ]
    for what, value, wanted in [*numbers, ("covered", found.covered, 0.3833)]:
        yield Row("three coders, two codes, continuum of 20", what, float(value or 0), wanted, 5.1e-4, source,
                  relative=False, why=THREE)  # fmt: skip
