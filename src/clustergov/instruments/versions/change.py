"""One change between two versions of a questionnaire, named by what it does to the comparison of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChangeKind = Literal[
    "scale-breaking", "routing-breaking", "removed", "added", "renamed", "key", "limits", "label", "moved", "presentation",
    "language", "cosmetic",
]  # fmt: skip
"""From what must be seen first to what need not.

scale-breaking: the same answer means something else. routing-breaking: other respondents are asked. removed, added: a
question, item, construct or indicator. renamed: the same under another code. key: how a score or indicator is computed.
limits: which numbers are allowed. label: other words, which may or may not mean the same. moved: to another place.
presentation: order of options, compulsion, options that are no substantive answer. language: a translation came or went.
cosmetic: punctuation, capitals and blanks.
"""

ORDER: dict[ChangeKind, int] = {
    "scale-breaking": 0, "routing-breaking": 1, "removed": 2, "added": 3, "renamed": 4, "key": 5, "limits": 6, "label": 7,
    "moved": 8, "presentation": 9, "language": 10, "cosmetic": 11,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes
    ----------
    kind : ChangeKind
    place : str
        What changed: ``question staff``, ``item contact_global``, ``scale priority``, ``construct interaction``, …
    message : str
        What it was and what it became, in one sentence.
    variables : tuple of str
        Whose answers are touched, by their names in the newer version (removed ones by their old names).
    doubt : str
        Of kind label: why a person has to look before answers are compared (a negation, other figures); else empty.
    """

    kind: ChangeKind
    place: str
    message: str
    variables: tuple[str, ...] = ()
    doubt: str = ""

    def __str__(self) -> str:
        return f"[{self.kind}] {self.place}: {self.message}{f': {self.doubt}' if self.doubt else ''}"
