"""Agreement beside the package krippendorff: alpha with a bootstrap of units, and a study with many codings.

Prints ratios; nothing depends on the clock but the agreement of the numbers.
"""

from __future__ import annotations

import time

import krippendorff
import numpy as np
import pandas as pd

from clustergov.casestudies.agreement.continuum import Segment
from clustergov.casestudies.agreement.measure import Settings, bootstrap, measure
from clustergov.casestudies.agreement.overlap import paragraphs
from clustergov.casestudies.agreement.ratings import ratings
from clustergov.casestudies.agreement.where import where

UNITS, DRAWS = 10_000, 1_000


def table() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    one = rng.integers(0, 5, UNITS)
    return pd.DataFrame({"a": one, "b": np.where(rng.random(UNITS) < 0.7, one, rng.integers(0, 5, UNITS))})


def test_alpha_with_a_thousand_samples_of_units() -> None:
    known = table()
    values = known.to_numpy().T
    rng = np.random.default_rng(2)
    started = time.perf_counter()
    theirs = [krippendorff.alpha(values[:, rng.integers(UNITS, size=UNITS)], level_of_measurement="nominal")
              for _ in range(DRAWS)]  # fmt: skip
    loop = time.perf_counter() - started
    print(f"\nalpha, {DRAWS} samples of 2 × {UNITS} units: krippendorff in a loop {loop:.2f} s")
    for scale in ("nominal", "ordinal", "interval", "ratio"):
        started = time.perf_counter()
        ours = bootstrap(ratings(known), "alpha", weights=scale, draws=DRAWS, rng=np.random.default_rng(3))
        own = time.perf_counter() - started
        print(f"  {scale}, table read and sampled: {own * 1000:.1f} ms, {own / loop:.4f} of it")
        if scale == "nominal":
            assert abs(ours.mean() - np.mean(theirs)) < 0.001
            assert abs(ours.std() / np.std(theirs) - 1) < 0.1


def test_alpha_of_numbers_that_all_differ() -> None:
    rng = np.random.default_rng(4)
    one = rng.integers(0, 1_500, UNITS)
    known = ratings(pd.DataFrame({"a": one, "b": one + rng.integers(-50, 50, UNITS).clip(-1, 1)}))
    started = time.perf_counter()
    found = measure(known, "alpha", weights="interval", settings=Settings("bootstrap", draws=DRAWS))
    print(f"\nalpha, interval scale, {len(known.categories)} values: {time.perf_counter() - started:.2f} s")
    assert found.low is not None


def test_where_in_a_long_text() -> None:
    text = "".join(f"Line {i} of a long conversation about clusters and their governance.\n" for i in range(2_000))
    rng = np.random.default_rng(5)
    starts = np.sort(rng.choice(len(text) // 70, 1_000, replace=False)) * 70
    segments = tuple(
        Segment(coder, int(start), int(start) + 60, f"c{number % 17}")
        for number, start in enumerate(starts)
        for coder in ("a", "b")
        if rng.random() < 0.8
    )
    started = time.perf_counter()
    found = where(len(text), ("a", "b"), segments, blocks=paragraphs(text))
    print(f"\nwhere, {len(text):,} characters, {len(segments)} stretches, {len(found)} rows: "
          f"{time.perf_counter() - started:.2f} s")  # fmt: skip
    assert found[0].low is not None
