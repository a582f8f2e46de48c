"""One response as it is kept, a page on its way there, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["complete", "partial", "all"]
Outcome = Literal["kept", "repeated", "changed", "submitted"]
"""What became of a page.

kept: it is on the disk. repeated: it was already, from an earlier posting of the same. changed: somebody else wrote since
the answers were read. submitted: the response was sent before and stays as it is.
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One response.

    Attributes
    ----------
    id : str
        Random.
    key_hash : str
        Of the key with which it is opened again.
    pseudonym : str or None
        Of an invited person; None in anonymous mode.
    started, changed, submitted : str
        ISO 8601: days in anonymous mode, otherwise seconds in UTC. `submitted` is empty until then.
    screen : int
        The furthest that was put to the respondent, from 1.
    answers, drafts : dict of str to str
    revision : int
        Counts how often it was written.
    """

    id: str
    key_hash: str
    pseudonym: str | None
    language: str
    started: str
    changed: str
    submitted: str
    screen: int
    revision: int
    answers: dict[str, str]
    drafts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was sent, entered into the answers as they were read.

    Attributes
    ----------
    key_hash : str
    step : str
        `keys.step_hash` of the posting.
    revision : int
        Of the response into which it was entered; 0 when there was none.
    answers, drafts : mapping of str to str
        Whole new ones.
    screen : int
    language : str
    submit : bool
        The respondent sends the questionnaire off with it.
    pseudonym : str
        Of the invited person; empty without an invitation. Written beside the answers only where they are not anonymous.
    """

    key_hash: str
    step: str
    revision: int
    answers: Mapping[str, str]
    drafts: Mapping[str, str] = field(default_factory=dict)
    screen: int = 1
    language: str = ""
    submit: bool = False
    pseudonym: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many responses were submitted and were only begun; invitations are None where there are none."""

    complete: int
    partial: int
    invited: int | None = None
    reminded: int | None = None
    opened: int | None = None
    completed: int | None = None
