"""Whether any weights at all could meet some margins, and how large the largest of them would have to be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clustergov.survey.frame.margins import Margins


def smallest_cap(respondents: pd.DataFrame, margins: Margins) -> float | None:
    """The smallest possible largest weight, as a multiple of the mean; None when no weights meet the margins.

    A linear programme over the cells in which there are respondents: a weight from 0 to u for each, the margins as
    equations, u as small as it can be.
    """
    # Here and not above: it takes a while to import and is needed only when raking has failed.
    from scipy.optimize import linprog

    cells = respondents[list(margins.targets)].value_counts()
    counts = cells.to_numpy(dtype=float)
    rows, totals = [], list[float]()
    for name, target in margins.targets.items():
        own = cells.index.get_level_values(name)
        for category, total in target.items():
            rows.append(np.append(np.where(own == category, counts, 0.0), 0.0))
            totals.append(float(total))
    below = np.column_stack([np.eye(len(counts)), -np.ones(len(counts))])
    cost = np.append(np.zeros(len(counts)), 1.0)
    # In units of the mean weight, so that the solver's own tolerances are relative ones.
    mean = margins.total / float(counts.sum())
    found = linprog(
        cost, A_ub=below, b_ub=np.zeros(len(counts)), A_eq=np.array(rows), b_eq=np.array(totals) / mean, method="highs"
    )
    return float(found.x[-1]) if found.status == 0 and found.x is not None else None
