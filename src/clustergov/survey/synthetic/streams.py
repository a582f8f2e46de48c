"""A generator of its own for every named part of a draw: what is added to a model leaves the rest as it was."""

from __future__ import annotations

import zlib

import numpy as np

from clustergov.survey.synthetic.composition import Stream


def streams(rng: np.random.Generator) -> Stream:
    """A generator per name, all from one number drawn from `rng`."""
    key = int(rng.integers(2**63))

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng([key, zlib.crc32(name.encode())])

    return stream
