"""The cumulative logit against statsmodels' OrderedModel on the same data."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pandas as pd

from clustergov.analysis.models.ordinal import cumulative_logit


def test_against_ordered_model() -> None:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(240, 6)), columns=list("abcdef"))
    latent = X.to_numpy() @ np.linspace(0.1, 0.6, 6) + rng.logistic(size=240)
    y = pd.Series(np.digitize(latent, [-1.5, -0.5, 0.5, 1.5]) + 1.0, name="y")
    start = time.perf_counter()
    ours = cumulative_logit(y, X)
    own = time.perf_counter() - start
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = OrderedModel(y, X, distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    other = time.perf_counter() - start
    gap = np.abs(ours.estimates - theirs.params.to_numpy()[:6]).max()
    print(f"\nn = 240, 6 predictors: OrderedModel takes {other / own:.0f} × as long; largest difference {gap:.1e}")
