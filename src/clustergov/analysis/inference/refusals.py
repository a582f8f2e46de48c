"""What inference refuses: weights that are none, an outcome that its predictors give exactly, errors that do not exist."""

from __future__ import annotations

from clustergov.analysis.models.design import FitError, enumeration
from clustergov.language import both
from clustergov.problems import ClustergovError


class WeightsError(FitError):
    """Weights that are negative or infinite."""

    def __init__(self) -> None:
        self.terms = ()
        self.reason = both("inference.refused.weights")
        ClustergovError.__init__(self, self.reason["en"])


class ExactFitError(FitError):
    """An outcome that the predictors give exactly, so that nothing is left to judge their uncertainty by."""

    def __init__(self, n: int) -> None:
        self.terms = ()
        self.reason = both("inference.refused.exact fit", n=n)
        ClustergovError.__init__(self, self.reason["en"])


class NamedErrorsError(FitError):
    """Standard errors that were asked for and do not exist for this design."""

    def __init__(self, key: str, *, terms: tuple[str, ...] = (), **values: object) -> None:
        self.terms = terms
        self.reason = both(f"named_errors.refused.{key}", terms=enumeration(terms), **values)
        ClustergovError.__init__(self, self.reason["en"])
