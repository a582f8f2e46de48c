"""Who sits at the page, in which round, reading in which language; and the addresses of everything from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlencode


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the coding page. The coder stands in the address, so that two tabs cannot be taken for one another.

    Attributes
    ----------
    language : {"nl", "en"}
    coder : str
    round : int
    """

    language: str
    coder: str
    round: int

    @staticmethod
    def coder_of(part: str) -> str:
        """The coder named by a part of an address; quoted twice there, since a slash quoted once is taken for a slash."""
        return unquote(part)

    @property
    def home(self) -> str:
        return f"/{self.language}/as/{quote(quote(self.coder, safe=''), safe='')}/round/{self.round}"

    def document(self, case: str, document: str) -> str:
        return f"{self.home}/document/{quote(case, safe='')}/{quote(document, safe='')}"

    def passage(self, case: str, document: str, start: int, end: int) -> str:
        return f"{self.document(case, document)}#{start}-{end}"

    def search(self, text: str = "") -> str:
        return f"{self.home}/search" + (f"?{urlencode({'q': text})}" if text else "")

    def disagreements(self) -> str:
        return f"{self.home}/disagreements"

    def disagreement(self, number: int) -> str:
        return f"{self.home}/disagreements/{number}"

    def in_language(self, language: str) -> Seat:
        return replace(self, language=language)

    def in_round(self, number: int) -> Seat:
        return replace(self, round=number)
