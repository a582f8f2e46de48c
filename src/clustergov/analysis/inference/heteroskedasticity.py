"""Standard errors that hold under unequal variances of independent rows: HC0 to HC4.

White, H. (1980). Econometrica 48, 817–838 (HC0); Hinkley, D. V. (1977). Technometrics 19, 285–292 (HC1); MacKinnon, J. G.
& White, H. (1985). Journal of Econometrics 29, 305–325 (HC2, HC3, the latter as e² / (1 − h)²: Davidson & MacKinnon
1993); Cribari-Neto, F. (2004). Computational Statistics & Data Analysis 45, 215–233 (HC4).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from clustergov.analysis.inference.regressors import Array, Regressors
from clustergov.analysis.inference.sandwich import Sandwich

Kind = Literal["HC0", "HC1", "HC2", "HC3", "HC4"]

FOLLOWED = 1 - 1e-10
"""Leverage from which on the model follows a row exactly: its residual is zero whatever its error was."""


def heteroskedastic(design: Regressors, kind: Kind) -> Sandwich:
    """The sandwich for independent rows with variances of their own.

    Rows that the model follows exactly (leverage 1) have residual 0 and get factor 0 under HC2 to HC4; the degrees of
    freedom of Bell and McCaffrey pay for them, HC3's t with n − k does not.
    """
    h = design.leverage
    room = np.where(h < FOLLOWED, 1 - h, np.inf)
    n, k = design.n, design.k
    factor: dict[str, Array] = {
        "HC0": np.ones(n),
        "HC1": np.full(n, np.sqrt(n / max(n - k, 1))),
        "HC2": 1 / np.sqrt(room),
        "HC3": 1 / room,
        "HC4": 1 / room ** (np.minimum(4, n * h / k) / 2),
    }
    return Sandwich(design, design.solver * factor[kind], None, n)


def specifications(Y: Array, X: Array, at: int = 0) -> tuple[Array, Array, Array]:
    """Coefficient `at` of many specifications at once, with its HC3 error and leverage's maximum.

    Parameters
    ----------
    Y : array, shape (s, n)
    X : array, shape (s, n, k)
        With the constant; each of full column rank.

    Returns
    -------
    estimates, standard_errors, leverage : arrays, shape (s,)
        The t distribution has n − k degrees of freedom.
    """
    Q, R = np.linalg.qr(X)
    inverse = np.linalg.solve(R, np.broadcast_to(np.eye(X.shape[2]), R.shape))
    solver = np.einsum("sk,snk->sn", inverse[:, at], Q)
    leverage = np.einsum("snk,snk->sn", Q, Q)
    residuals = Y - np.einsum("snk,sk->sn", Q, np.einsum("snk,sn->sk", Q, Y))
    errors = np.sqrt(((solver * residuals / (1 - leverage)) ** 2).sum(axis=1))
    return (solver * Y).sum(axis=1), errors, leverage.max(axis=1)
