"""Taylor linearisation: the covariance of estimates from what each row adds to them, with strata, clusters and fpc."""

from __future__ import annotations

import numpy as np

from clustergov.analysis.sampling.sample import Array, Sample
from clustergov.problems import InputError, Problem


def linearised(influence: Array, sample: Sample) -> Array:
    """Covariance of the sum over rows of `influence`.

    V = Σ_h (1 − n_h/N_h) n_h/(n_h − 1) Σ_i (z_hi − mean of z_h)(…)', where z_hi adds up what the rows of unit i of stratum
    h do (Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51(3), 279–292, eq. 4.1; Lumley, T. (2010). Complex Surveys, appendix A). Clusters are taken as
    drawn with all their members, or as with replacement: later stages add nothing of their own, as in ``svydesign`` with
    one ``ids`` term.

    Parameters
    ----------
    influence : array, shape (n, k)
        0 in rows outside a domain.

    Returns
    -------
    array, shape (k, k)

    Raises
    ------
    InputError
        A stratum with one unit of several where the sample refuses these, or no other from which to take an average.
    """
    units, first, place = np.unique(sample.clusters, return_index=True, return_inverse=True)
    z = np.zeros((len(units), influence.shape[1]))
    np.add.at(z, place, influence)
    strata, sizes = sample.strata[first], sample.sizes[first]
    covariance = np.zeros((z.shape[1], z.shape[1]))
    told, lonely = 0, 0
    for stratum in np.unique(strata):
        own, size = z[strata == stratum], float(sizes[strata == stratum][0])
        n = len(own)
        if n > 1:
            off = own - own.mean(axis=0)
            covariance += (1 - n / size) * n / (n - 1) * off.T @ off
            told += 1
        elif size > 1:
            lonely += 1
            if sample.lonely == "adjust":
                covariance += (1 - n / size) * own.T @ own
    if lonely and (sample.lonely == "refuse" or (sample.lonely == "average" and not told)):
        raise InputError(Problem("lonely-stratum", f"expected two units in every stratum, found one in {sample.single()[0]}"
                                 + (f" and {lonely - 1} more." if lonely > 1 else "."),
                                 "Merge it with another stratum, or say what to do with it: adjust."))  # fmt: skip
    if lonely and sample.lonely == "average":
        covariance *= (told + lonely) / told
    return covariance
