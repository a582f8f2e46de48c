"""Several codes per unit taken together: alpha over sets of codes.

Passonneau (2006), Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation, LREC 2006.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from clustergov.casestudies.agreement import alpha as krippendorff
from clustergov.casestudies.agreement import interval
from clustergov.casestudies.agreement.coefficient import Coefficient
from clustergov.casestudies.agreement.ratings import MISSING, Patterns

Codes = frozenset[str]


def masi(one: Codes, other: Codes) -> float:
    """How far two sets are alike: shared part (Jaccard) × 1 if equal, 2/3 if one holds the other, 1/3 if they overlap.

    Two empty sets are equal; an empty one shares nothing with any other.
    """
    if one == other:
        return 1.0
    shared = len(one & other)
    if not shared:
        return 0.0
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return shared / len(one | other) * monotonicity


def set_alpha(rows: Sequence[Mapping[str, Codes]], coders: Sequence[str], *, level: float = 0.95) -> Coefficient:
    """Krippendorff's alpha with the distance 1 − MASI.

    Parameters
    ----------
    rows : sequence of mapping
        Per unit: coder → codes; a coder who did not read the unit is not in it, one who saw nothing has an empty set.
    """
    sets = sorted({codes for row in rows for codes in row.values()}, key=lambda codes: (len(codes), sorted(codes)))
    place = {codes: index for index, codes in enumerate(sets)}
    table = np.full((len(rows), len(coders)), MISSING, dtype=np.int64)
    for index, row in enumerate(rows):
        for column, coder in enumerate(coders):
            if coder in row:
                table[index, column] = place[row[coder]]
    rated = (table >= 0).sum(axis=1)
    empty = Coefficient(
        "alpha", "masi", None, level=level, units=int((rated > 0).sum()), pairable=int((rated > 1).sum()),
        coders=len(coders), reason=_undefined(table, rated),
    )  # fmt: skip
    if empty.reason:
        return empty
    kept, counts = np.unique(table[rated > 0], axis=0, return_counts=True)
    return _coefficient(Patterns(kept, counts.astype(np.float64), len(sets)), sets, empty)


def _undefined(table: np.ndarray, rated: np.ndarray) -> str:
    if (table >= 0).any(axis=0).sum() < 2:
        return "one-coder"
    if not (rated > 1).any():
        return "no-common-units"
    compared = table[rated > 1]
    return "one-category" if len(np.unique(compared[compared >= 0])) < 2 else ""


def _coefficient(patterns: Patterns, sets: Sequence[Codes], empty: Coefficient) -> Coefficient:
    apart = np.array([[1 - masi(one, other) for other in sets] for one in sets])
    scores = np.arange(len(sets), dtype=np.float64)
    found = krippendorff.alpha("nominal", patterns, scores, patterns.counts[None, :], apart=apart)
    se = krippendorff.standard_error("nominal", patterns, scores, apart=apart)
    value = float(found.value[0])
    known = replace(empty, value=value, observed=float(found.observed[0]), expected=float(found.expected[0]))
    if known.pairable < 2:
        return replace(known, reason="one-unit")
    if not np.isfinite(se) or se <= 1e-12:
        return replace(known, reason="no-disagreement" if value > 1 - 1e-12 else "no-variation")
    ends = interval.log_t(value, se, known.pairable, known.level)
    least = -float(found.expected[0]) / (1 - float(found.expected[0]))
    return replace(known, se=se, low=max(ends.low, least), high=ends.high, distribution=ends.distribution, df=ends.df)
