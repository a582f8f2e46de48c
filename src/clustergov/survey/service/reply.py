"""What a respondent gets back, before it is HTTP: a page, or the way to another one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A page with questions."""

    html: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Plain:
    """A page without questions, of one of the kinds that `pages` knows; `fields` are those of a form to be sent again."""

    kind: str
    status: int = 200
    fields: tuple[tuple[str, str], ...] = ()
    link: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Go:
    """To another page of this survey, and what the browser is to hold from now on (None: as before)."""

    path: str
    cookie: str | None = None


Reply = Shown | Plain | Go
