"""How a questionnaire is fielded: ``survey/fieldwork.yml``, one file for a LimeSurvey server and for our own service."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from clustergov.language import Text
from clustergov.yaml_file import Entry, read


def _date(value: Any) -> Any:
    if value is None or isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("expected a date such as 2027-06-30") from None


def _use(value: Any) -> Any:
    if not re.fullmatch(r"[a-z][a-z0-9]{0,12}", str(value)):
        raise ValueError("expected a lower-case letter, then up to twelve lower-case letters and digits")
    return value


Date = Annotated[datetime.date, BeforeValidator(_date)]


class Contact(Entry):
    """Whom a respondent may ask, and who answers for the data."""

    name: str
    email: str


class Consent(Entry):
    """One use of the answers that a respondent is asked to agree to.

    Attributes
    ----------
    use : str
        Letters and digits; the question that asks for it is ``consent`` followed by this.
    text : Text
        What one agrees to.
    required : bool
        Without this consent nothing else is asked.
    """

    use: Annotated[str, BeforeValidator(_use)]
    text: Text
    required: bool = False


class Message(Entry):
    """An e-mail. ``{name}`` and ``{link}`` stand for the addressee and the personal link."""

    subject: Text
    body: Text


class Retention(Entry):
    """Until which day something is kept; after it the commands that touch it say that it is due to go."""

    personal_data: Date | None = None
    """Key file, addresses, personal links, stored raw exports."""
    responses: Date | None = None
    """Pseudonymous responses."""


class Fieldwork(Entry):
    """What ``survey/fieldwork.yml`` says. Paths are relative to its folder.

    Attributes
    ----------
    fieldwork : str
        Short name of this round.
    questionnaire : str
        The questionnaire's file.
    access : {"open", "invited"}
        open: whoever has the address. invited: only personal links.
    anonymous : bool
        Answers cannot be tied to invitations; no time finer than the day is stored. (No address of a computer is
        stored in either case.)
    paging : {"section", "question", "survey"}
        What stands on one page; a page is cut where a question depends on another on the same page.
    notice : Text or None
        The privacy notice, shown before the first question.
    consent : tuple of Consent
    invitation, reminder : Message or None
    frame : str
        The sampling frame's file (no names or addresses in it), empty when there is none.
    partial_from : float
        Share of the questions put to a respondent that must be answered for a questionnaire that was not submitted to
        count as a partial interview (AAPOR); below it is a break-off.
    """

    fieldwork: str
    questionnaire: str
    access: Literal["open", "invited"] = "open"
    anonymous: bool = True
    paging: Literal["section", "question", "survey"] = "section"
    contact: Contact | None = None
    notice: Text | None = None
    consent: tuple[Consent, ...] = ()
    invitation: Message | None = None
    reminder: Message | None = None
    retention: Retention = Retention()
    frame: str = ""
    partial_from: float = Field(default=0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _distinct(self) -> Fieldwork:
        uses = [consent.use for consent in self.consent]
        if len(set(uses)) < len(uses):
            raise ValueError("expected every use of the answers once under “consent”")
        return self


def read_fieldwork(path: Path | str) -> Fieldwork:
    """Read ``fieldwork.yml``.

    Raises
    ------
    InputError
        With every mistake, each with its line and column.
    """
    return read(path, Fieldwork, wanted="a description of fieldwork")[0]
