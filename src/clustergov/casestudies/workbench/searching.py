"""What a search finds, as the page shows it: where it stands, what it is, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass

from clustergov.casestudies.coding.workbench import Hit, Workbench
from clustergov.casestudies.workbench.document_page import Opened, Opening
from clustergov.casestudies.workbench.pages import around, render
from clustergov.casestudies.workbench.seat import Seat
from clustergov.casestudies.workbench.wording import word

MOST = 500
"""Hits on one page; who gets more types more."""

WORDS = 160
"""Characters of a coded passage that are shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """One hit.

    Attributes
    ----------
    address : str
        Of the passage in its document.
    title : str
        Case and document.
    kind : {"text", "coding", "memo"}
    code : str
        Of a coding: the code with its polarity and coder.
    shown : str
        Words of the text or the memo.
    language : str
        In which these stand.
    """

    address: str
    title: str
    kind: str
    code: str
    shown: str
    language: str


def search_page(bench: Workbench, seat: Seat, asked: str, opening: Opening) -> str:
    """Everything in the round that the coder may see and that holds what was asked for, in any case of letters."""
    hits = bench.search(asked, coder=seat.coder, round=seat.round) if asked.strip() else ()
    found = [_found(bench, seat, hit, opening(hit.case, hit.document, seat.language)) for hit in hits[:MOST]]
    return render(
        "search.html", seat.language, **around(bench, seat, seat.search(asked)), asked=asked, hits=found, number=len(hits)
    )  # fmt: skip


def _found(bench: Workbench, seat: Seat, hit: Hit, opened: Opened) -> Found:
    title = f"{opened.case.title.to(seat.language)} › {opened.title}"
    language = hit.language or (opened.document.language if opened.document else seat.language)
    return Found(_address(seat, hit, opened), title, hit.kind, _code(bench, seat, hit), _shown(hit, opened), language)


def _address(seat: Seat, hit: Hit, opened: Opened) -> str:
    """The passage itself; of a unit the whole paragraph, whose words may have been found in the other language."""
    where = hit.case, hit.document
    if hit.held is not None:
        return seat.passage(*where, *opened.span(hit.held))
    if not hit.at and hit.start is not None and hit.end is not None:
        return seat.passage(*where, hit.start, hit.end)
    block = next((block for block in opened.blocks if block.at and block.at == hit.at), None)
    return seat.passage(*where, block.start, block.end) if block else seat.document(*where)


def _code(bench: Workbench, seat: Seat, hit: Hit) -> str:
    if hit.held is None:
        return ""
    coding = hit.held.coding
    polarity = word(f"script.{coding.polarity}", seat.language) if coding.polarity else ""
    parts = bench.corpus.codebook.path(coding.concept, seat.language), polarity, coding.coder
    return " · ".join(part for part in parts if part)


def _shown(hit: Hit, opened: Opened) -> str:
    if hit.shown or hit.held is None:
        return hit.shown
    coding = hit.held.coding
    words = coding.passage.exact if coding.passage else next(b.text for b in opened.blocks if b.at == coding.at)
    return words if len(words) <= WORDS else words[: WORDS - 2] + " …"
