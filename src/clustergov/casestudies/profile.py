"""What is publicly known of a case on the drivers that the survey measures, so that case and model can meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from clustergov.casestudies.codebook import Sourced
from clustergov.language import Text
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

NOT_KNOWN = "not known"


class KnownValue(Sourced):
    """One driver in one case.

    Attributes
    ----------
    driver : str
        A predictor of the declaration of drivers, by its code.
    value : float or "not known"
        In units of the answers, before they are divided by the predictor's step: a share in per cent, years, and an answer
        of an ordered scale by its position from the least (of no and yes: 1 and 2). `not known`: it was looked for in the
        source, which does not tell.
    period : str
        Of which year or years.
    note : Text or None
        How it was read from the source.
    """

    driver: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    value: Annotated[float, Field(allow_inf_nan=False)] | Literal["not known"]
    period: str = Field(default="", coerce_numbers_to_str=True)
    note: Text | None = None

    @property
    def usable(self) -> float | None:
        """The number, unless it is not known or too uncertain (mark U) to count."""
        return None if isinstance(self.value, str) or self.mark == "U" else float(self.value)


def profile_problems(profile: tuple[KnownValue, ...], positions: Positions) -> Iterator[Problem]:
    """A problem per driver that stands twice, and per mark on what is not known."""
    seen: set[str] = set()
    for index, known in enumerate(profile):
        place: Place = ("profile", index)
        if known.driver in seen:
            yield positions.problem((*place, "driver"), "driver-twice", f"the driver “{known.driver}” stands twice.",
                                    "Keep the value that is best founded; tell of the other in `note`.")  # fmt: skip
        seen.add(known.driver)
