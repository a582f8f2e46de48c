"""Why a measurement model cannot be fitted, by name and in both languages."""

from __future__ import annotations

from clustergov.analysis.models.design import enumeration
from clustergov.language import Text, both
from clustergov.problems import ClustergovError


class ModelError(ClustergovError):
    """A measurement model cannot be fitted to these data.

    Attributes
    ----------
    failure : str
        Its name, which is also the key of its sentence in ``confirmatory.yml``.
    reason : Text
        What is wrong and what to do.
    terms : tuple of str
        The items, groups or parameters that are to blame.
    """

    def __init__(self, failure: str, *, terms: tuple[str, ...] = (), **values: object) -> None:
        self.failure = failure
        self.terms = terms
        self.reason: Text = both(f"confirmatory.failure.{failure}", terms=enumeration(terms), **values)
        super().__init__(self.reason["en"])
