"""What in a list of people is personal: told by heading in Dutch and English, and by what the cells look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from clustergov.survey.frame.headings import ID, known_column, personal_cell, personal_heading

Place = Literal["frame", "key", "nowhere"]
"""Where a column goes: to the frame, into the key file, or nowhere at all."""

_ALSO_PERSONAL = re.compile(
    r"tussenvoegsels?|voorvoegsel|infix|prefix|initial(en|s)|voorletters|aanhef|salutation|titel|title|"
    r"remarks?|comments?|notes?|opmerking(en)?|notities?|bijzonderheden|toelichting|vrije tekst|"
    r"geboren|birthday|dateofbirth|dob|bsn|ssn|iban|kvk(nummer)?|coc|btw(nummer)?|vat(number)?|passport|paspoort"
)
_NAME = re.compile(
    r"\b(?i:dr|drs|prof|ir|ing|mr|mrs|mw|mevr|dhr|heer|mevrouw|herr|frau)\b\.?\s+\S|"
    r"^([A-Z]\.\s?)+((van|de|den|der|ter|ten|te|von|von der|du|la)\s)*[A-Z]\w+"
)
_ADDRESS = re.compile(
    r"\b\d{4}\s?[A-Z]{2}\b|\w(straat|laan|weg|plein|kade|gracht|singel|dreef|dijk|hof)\s+\d+|"
    r"\b\d+\s+\w+(\s\w+)?\s(street|road|avenue|lane|square|drive)\b|\bpostbus\s+\d+|\bp\.?o\.? box\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}\s?([A-Z0-9]{4}\s?){2,7}[A-Z0-9]{1,4}\b")
_WEB = re.compile(r"https?://|\bwww\.")
_LONG, _WORDS = 60, 9
"""Characters and words from which a cell is taken for a remark."""

_FULL_NAME = re.compile(
    r"(full|volledige|contact)?(name|naam)|contact(person|persoon)?|person|persoon|manager|director|directeur"
)
_PARTS = (
    re.compile(r"(first|given|voor|roep)(name|naam)"),
    re.compile(r"tussenvoegsels?|voorvoegsel|infix"),
    re.compile(r"(last|sur|family|achter|familie)(name|naam)"),
)  # fmt: skip
_ORGANISATION = re.compile(r"(organi[sz]ation|organisatie|cluster|company|bedrijfs?)(name|naam)?")


@dataclass(frozen=True, slots=True)
class Column:
    """What becomes of one column.

    Attributes
    ----------
    heading : str
    place : {"frame", "key", "nowhere"}
    reason : str
    certain : bool
        Whether it is personal beyond doubt, and cannot be kept in the frame.
    """

    heading: str
    place: Place
    reason: str
    certain: bool = False


def judge(heading: str, cells: Sequence[str]) -> Column:
    """Say where a column belongs, without being told: to the frame only what is known to be harmless."""
    if what := next((found for cell in cells if (found := personal_cell(cell))), ""):
        return Column(heading, "key", f"a cell holds {what}", certain=True)
    known = known_column(heading)
    if known == ID:
        return Column(heading, "key", "an id that others may know; the frame has pseudonyms", certain=True)
    if not known and (personal_heading(heading) or _ALSO_PERSONAL.fullmatch(plain(heading))):
        return Column(heading, "key", "its heading announces personal data", certain=True)
    if what := next((found for cell in cells if (found := _looks_like(cell))), ""):
        return Column(heading, "key", f"doubtful: a cell looks like {what}")
    if known:
        return Column(heading, "frame", f"known: {known}")
    return Column(heading, "key", "doubtful: its heading is not known")


def email_column(columns: dict[str, Sequence[str]]) -> str:
    """The column with the most cells that are an e-mail address and nothing else; empty where there is none."""
    counts = {heading: sum(map(is_email, cells)) for heading, cells in columns.items()}
    best = max(counts, key=lambda heading: counts[heading], default="")
    return best if best and counts[best] else ""


def is_email(cell: str) -> bool:
    return re.fullmatch(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]{2,}", cell.strip()) is not None


def name_columns(headings: Sequence[str]) -> tuple[str, ...]:
    """The columns that together are a person's name; else that of the organisation; none where neither is known."""
    parts = [next((each for each in headings if pattern.fullmatch(plain(each))), "") for pattern in _PARTS]
    if parts[2]:
        return tuple(part for part in parts if part)
    for pattern in (_FULL_NAME, _ORGANISATION):
        if found := next((each for each in headings if pattern.fullmatch(plain(each))), ""):
            return (found,)
    return (parts[0],) if parts[0] else ()


def plain(heading: str) -> str:
    """A heading without accents, blanks and signs, in small letters."""
    bare = unicodedata.normalize("NFKD", heading)
    return re.sub(r"[\s_.:/()-]+", "", "".join(sign for sign in bare if not unicodedata.combining(sign))).casefold()


def _looks_like(cell: str) -> str:
    """In words, what personal thing a cell looks like; empty for none."""
    kinds = {"a name": _NAME, "a postal address": _ADDRESS, "a bank account": _ACCOUNT, "a web address": _WEB}
    found = next((what for what, pattern in kinds.items() if pattern.search(cell)), "")
    if not found and (len(cell) > _LONG or len(cell.split()) >= _WORDS):
        return "a remark in somebody's own words"
    return found
