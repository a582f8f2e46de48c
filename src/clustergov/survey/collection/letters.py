"""Personal links to be sent by somebody's own mail program: a table for a mail merge, and one ready letter per person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Literal

from clustergov.language import LANGUAGES, Text, both, say
from clustergov.problems import InputError, Problem
from clustergov.survey.collection.collecting import Person
from clustergov.survey.collection.fieldwork import Contact, Fieldwork, Message
from clustergov.survey.collection.people_file import is_address
from clustergov.survey.formula_cells import harmless

Kind = Literal["invitation", "reminder"]
Link = tuple[Person, str]
HEADINGS = ("pseudonym", "language", "name", "email", "link")


def links_table(links: Sequence[Link]) -> bytes:
    """The links as CSV: UTF-8 with the mark by which Excel and Word know it, comma, CR LF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for person, link in links:
        writer.writerow(
            [harmless(cell) for cell in (person.pseudonym, person.language, person.name, person.email, link)]
        )
    return buffer.getvalue().encode("utf-8-sig")


def letters(links: Iterable[Link], message: Message, contact: Contact | None) -> dict[str, bytes]:
    """One e-mail per person with an address, as a file that a mail program opens ready to be sent.

    Returns
    -------
    dict of str to bytes
        ``<pseudonym>.eml`` → its content.
    """
    return {f"{person.pseudonym}.eml": _letter(person, link, message, contact)
            for person, link in links if is_address(person.email)}  # fmt: skip


def message_of(kind: Kind, fieldwork: Fieldwork, *, title: str) -> Message:
    """What a letter says: the words of the fieldwork, or plain ones of ours where it has none.

    Raises
    ------
    InputError
        A text has no place for the personal link: the letter would lead nowhere.
    """
    own = fieldwork.invitation if kind == "invitation" else fieldwork.reminder
    if own is None:
        subject, body = (both(f"invitation.{kind}.{part}", title=title) for part in ("subject", "body"))
        return Message(subject=subject, body=body)
    lacking = [language for language, text in own.body.items() if "{link}" not in text]
    if lacking:
        raise InputError(
            Problem("letter-without-link", f"expected {{link}} in the {kind}, found none in: {', '.join(lacking)}.",
                    "Write {link} where the personal link has to stand.", place=f"{kind}.body")
        )  # fmt: skip
    return own


def _letter(person: Person, link: str, message: Message, contact: Contact | None) -> bytes:
    language = message.body.language(person.language)
    # A domain has an ASCII form; what stands before the @ has none, and such a letter is written in UTF-8 (RFC 6532).
    letter = EmailMessage(policy=SMTP if person.email.rpartition("@")[0].isascii() else SMTPUTF8)
    letter["Subject"] = " ".join(_filled(message.subject, language, person, link).split())
    if contact is not None:
        letter["From"] = _mailbox(contact.name, contact.email)
    letter["To"] = _mailbox(person.name, person.email)
    letter["X-Unsent"] = "1"  # Outlook then opens it as a draft
    letter.set_content(_filled(message.body, language, person, link))
    return letter.as_bytes()


def _filled(text: Text, language: str, person: Person, link: str) -> str:
    # Not by str.format: a text may have other braces.
    name = person.name or (say("letters.unnamed", language) if language in LANGUAGES else "")
    return text.to(language).replace("{name}", name).replace("{link}", link)


def _mailbox(name: str, email: str) -> str:
    from email.headerregistry import Address

    user, _, domain = email.rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return str(Address(" ".join(name.split()), user, domain))
