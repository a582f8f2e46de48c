"""How near two categories are: 1 for the same one, 0 for those furthest apart (Gwet 2014, Handbook, 4th ed., ch. 3)."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from clustergov.problems import InputError, Problem

Weighting = Literal["identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"]
WEIGHTINGS: tuple[str, ...] = get_args(Weighting)


def weights(weighting: str, scores: np.ndarray) -> np.ndarray:
    """The matrix of weights, shape (categories, categories), symmetric.

    Parameters
    ----------
    weighting : {"identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"}
    scores : ndarray of float
        The categories as numbers, ascending.

    Raises
    ------
    InputError
        An unknown name; ratios of numbers that are negative or all zero.
    """
    if weighting not in WEIGHTINGS:
        raise InputError(
            Problem("unknown-weights", f"found the weights “{weighting}”.", f"Name one of: {', '.join(WEIGHTINGS)}.")
        )
    if weighting == "identity" or len(scores) < 2:
        return np.eye(len(scores))
    x, y = scores[:, None], scores[None, :]
    low, high = float(scores.min()), float(scores.max())
    width = high - low
    if weighting == "linear":
        return np.asarray(1 - np.abs(x - y) / width)
    if weighting == "quadratic":
        return np.asarray(1 - (x - y) ** 2 / width**2)
    if weighting == "radical":
        return np.asarray(1 - np.sqrt(np.abs(x - y) / width))
    if weighting == "ratio":
        return 1 - ratio_differences(scores) / (width / (high + low)) ** 2
    if weighting == "circular":
        far = np.sin(np.pi * (x - y) / (width + 1)) ** 2
    elif weighting == "ordinal":
        apart = np.abs(np.subtract.outer(np.arange(len(scores)), np.arange(len(scores)))) + 1
        far = apart * (apart - 1) / 2.0
    else:
        total = x + y
        with np.errstate(divide="ignore", invalid="ignore"):
            far = (x - y) ** 2 / ((total - 2 * low) * (2 * high - total))
        far = np.where(x == y, 0.0, far)
    return np.asarray(1 - far / far.max())


def ratio_differences(scores: np.ndarray) -> np.ndarray:
    """Squared differences in proportion to the sum; 0 beside 0 is no difference.

    Raises
    ------
    InputError
        A number is negative: ratios need a true zero.
    """
    if (scores < 0).any():
        raise InputError(
            Problem("negative-ratio", f"expected numbers from 0 on, found {scores.min():g}.",
                    "Use the scale `interval`: a ratio needs a true zero.")
        )  # fmt: skip
    total = np.add.outer(scores, scores)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.subtract.outer(scores, scores) / total
    return np.where(total == 0, 0.0, share) ** 2
