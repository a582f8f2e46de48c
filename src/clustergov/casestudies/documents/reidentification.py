"""Whether what a report would show gives somebody away: listed names, addresses, numbers, and quotes without consent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.passage import Passage
from clustergov.casestudies.documents.pseudonyms import Pseudonyms
from clustergov.problems import Problem

_TITLES = r"[Dd]hr|[Mm]evr|[Mm]w|[Mm]rs?|[Mm]s|[Dd]rs?|[Ii]r|[Ii]ng|[Pp]rof|[Dd]e heer|[Mm]eneer|[Mm]evrouw"
PATTERNS: dict[str, re.Pattern[str]] = {
    "e-mail": re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"),
    # Nine or more digits, as Dutch numbers have with their 0 or +31; years, amounts and spans of years are shorter.
    "telephone": re.compile(r"(?<![\w€$.,])(?:\+|00|0|\(0)(?:[\s().–-]?\d){8,13}(?![\w,.]\d)"),
    "bank account": re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{4}\s?\d{4}\s?\d{4}\s?\d{2}\b"),
    "postal code": re.compile(r"\b[1-9]\d{3}\s?(?!SA|SD|SS)[A-Z]{2}\b"),
    "profile on a network": re.compile(r"\b(?:linkedin\.com/in|twitter\.com|x\.com|facebook\.com)/\w+|(?<!\S)@\w{3,}", re.IGNORECASE),
    "form of address with a name": re.compile(rf"\b(?:{_TITLES})\b\.? (?:(?:van|de|den|der|ter|ten|’t|'t|el|al)\s)*[A-Z]\w+"),
}  # fmt: skip
"""What gives a person away without being on any list; found text is never repeated."""


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason why a text should not be shown as it is.

    Attributes
    ----------
    kind : str
        ``listed name``, ``perhaps a listed name``, ``no consent``, or a key of `PATTERNS`.
    start : int
        Offset in the text that was looked at.
    """

    kind: str
    start: int


def risks(text: str, pseudonyms: Pseudonyms) -> tuple[Risk, ...]:
    """Everything in a text that gives, or may give, somebody away."""
    found = [
        Risk("listed name" if named.sure else "perhaps a listed name", named.start) for named in pseudonyms.find(text)
    ]
    found += [Risk(kind, match.start()) for kind, pattern in PATTERNS.items() for match in pattern.finditer(text)]
    return tuple(sorted(found, key=lambda risk: (risk.start, risk.kind)))


def quote_problems(
    quotes: Iterable[tuple[Document, Passage]], pseudonyms: Pseudonyms, *, shown: bool = False
) -> tuple[Problem, ...]:
    """What is wrong with passages that a report would show; words are not repeated, the place is told.

    Parameters
    ----------
    quotes : iterable of (Document, Passage)
    shown : bool
        Whether passages without consent would be shown as well; `evidence` withholds them.
    """
    found: dict[tuple[str, str, int, str], Problem] = {}
    for document, passage in quotes:
        for risk in _risks_of(document, passage, pseudonyms, shown=shown):
            where = document.locate(passage.start + risk.start)
            key = (document.case, document.code, passage.start + risk.start, risk.kind)
            found.setdefault(key, _problem(document, risk, where.text("en"), where.line))
    return tuple(found[key] for key in sorted(found))


def _risks_of(document: Document, passage: Passage, pseudonyms: Pseudonyms, *, shown: bool) -> Iterator[Risk]:
    if not document.quotable:
        if shown:
            yield Risk("no consent", 0)
        return  # it is withheld, so nothing in it can give anybody away
    if document.consent == "given":
        yield from risks(passage.exact, pseudonyms)
        return
    # A public document may name its own people; a listed name is still somebody who was promised otherwise.
    yield from (risk for risk in risks(passage.exact, pseudonyms) if "listed name" in risk.kind)


def _problem(document: Document, risk: Risk, place: str, line: int) -> Problem:
    return Problem(
        "quote-gives-away", f"a coded passage at {place} holds: {risk.kind}.",
        "Replace it by a role or a pseudonym in the document, then anchor the codings again.",
        file=f"{document.case}/{document.code}", line=line,
        severity="warning" if risk.kind.startswith("perhaps") else "error",
    )  # fmt: skip
