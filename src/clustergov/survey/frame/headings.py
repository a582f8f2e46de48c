"""What the columns of a frame are, told from their headings; and which ones would tell who somebody is."""

from __future__ import annotations

import re
import unicodedata

ID = "pseudonym"
"""The column by which a member of the frame is known."""

_SYNONYMS: dict[str, tuple[str, ...]] = {
    ID: ("pseudonym", "pseudoniem", "id"),
    "country": ("country", "land", "countrycode", "landcode"),
    "region": ("region", "regio"),
    "sector": ("sector", "branche", "industry"),
    "founded": ("founded", "opgericht", "oprichtingsjaar", "yearfounded", "foundingyear", "yearofstart", "startjaar"),
    "language": ("language", "taal"),
    "stratum": ("stratum", "strata"),
    "disposition": ("disposition", "dispositie", "outcome", "uitkomst"),
    "weight": ("weight", "gewicht", "baseweight", "basisgewicht", "designweight"),
}
_KNOWN = {word: name for name, words in _SYNONYMS.items() for word in words}

_PERSONAL = re.compile(
    r"(e-?mail|mail(adres|address)?|(first|last|sur|full|contact|voor|achter|familie)?_?-?nam(e|en|es)?|naam|"
    r"(voor|achter|roep|familie)naam|(contact)?(person|persoon)|contact|director|directeur|manager|"
    r"(tele)?(phone|foon)(number|nummer)?|tel|mobile|mobiel(nummer)?|gsm|fax|address|adres|street|straat|"
    r"postcode|zip(code)?|linkedin|birthdate|geboortedatum|token|attribute\d+|"
    r"(organi[sz]ation|organisatie|cluster|company|bedrijfs?)_?-?(name|naam)|website|url)"
)
_EMAIL = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]{2,}")
_TELEPHONE = re.compile(r"(\+|00)\d[\d ()./-]{6,}\d|0\d{1,3}[ -]\d[\d -]{5,}\d|06\d{8}")


def known_column(heading: str) -> str:
    """Our name of a column of the frame (`ID`, country, …); empty for others."""
    return _KNOWN.get(_plain(heading), "")


def personal_heading(heading: str) -> bool:
    """Whether a column's heading announces e-mail addresses, names, telephone numbers or postal addresses."""
    words = [word for word in re.split(r"[\s_.:/()-]+", _folded(heading)) if word]
    return any(_PERSONAL.fullmatch(word) for word in (*words, "".join(words)))


def personal_cell(cell: str) -> str:
    """“an e-mail address” or “a telephone number” where a cell holds one, whatever its heading says; else empty."""
    if _EMAIL.search(cell):
        return "an e-mail address"
    return "a telephone number" if _TELEPHONE.fullmatch(cell.strip()) else ""


def _folded(heading: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    bare = unicodedata.normalize("NFKD", apart)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold().strip()


def _plain(heading: str) -> str:
    return re.sub(r"[\s_-]+", "", _folded(heading))
