"""The disagreements of a round: one after another with both sides beside the text, and what those present settle on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from clustergov.casestudies.coding.coding import Polarity
from clustergov.casestudies.coding.workbench import Choice, Disagreement, Held, Workbench
from clustergov.casestudies.workbench.document_page import Opened, Opening, codes
from clustergov.casestudies.workbench.pages import around, render
from clustergov.casestudies.workbench.seat import Seat
from clustergov.language import Text
from clustergov.problems import InputError, Problem

NEIGHBOURS = 1
"""Paragraphs shown before and after those that are disagreed upon."""

POLARITIES: tuple[Polarity, ...] = get_args(Polarity)


@dataclass(frozen=True, slots=True)
class Side:
    """What one coder saw: each coding with its polarity, its words and its memo; nothing where the coder saw nothing."""

    coder: str
    codings: tuple[tuple[str, str, str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph in three pieces: before, within and after what is disagreed upon."""

    label: str
    before: str
    within: str
    after: str


def list_page(bench: Workbench, seat: Seat, opening: Opening) -> str:
    """All disagreements of the round, with what has been settled."""
    found = bench.disagreements(seat.round, coder=seat.coder)
    rows = [
        (
            number,
            bench.corpus.by_case[each.case].title.to(seat.language),
            opening(each.case, each.document, seat.language).title,
            each.kind,
            ", ".join(_names(bench, each, seat.language)),
            each.resolution is not None,
        )
        for number, each in enumerate(found, 1)
    ]
    return render(
        "disagreements.html", seat.language, **around(bench, seat, seat.disagreements()), rows=rows,
        settled=sum(row[-1] for row in rows),
    )  # fmt: skip


def one_page(bench: Workbench, seat: Seat, number: int, opening: Opening, *, problem: str = "") -> str:
    """One disagreement, beside its text.

    Raises
    ------
    InputError
        There is no disagreement of that number.
    """
    found = bench.disagreements(seat.round, coder=seat.coder)
    each = _numbered(found, number)
    opened = opening(each.case, each.document, seat.language)
    start, end = _span(each, opened)
    resolution = each.resolution
    open_ones = [place for place, other in enumerate(found, 1) if other.resolution is None and place != number]
    return render(
        "disagreement.html", seat.language, **around(bench, seat, seat.disagreement(number)), number=number, of=len(found),
        title=f"{bench.corpus.by_case[each.case].title.to(seat.language)} › {opened.title}", kind=each.kind,
        place=seat.passage(each.case, each.document, start, end), parts=_parts(opened, start, end),
        sides=[_side(bench, coder, held, opened, each, seat) for coder, held in each.held.items()],
        codes=[code for code in codes(bench.corpus.codebook, seat.language) if code["codable"]], polarities=POLARITIES,
        present=", ".join(resolution.present if resolution else each.held), resolution=resolution,
        memo=resolution.memo.to(seat.language) if resolution and resolution.memo else "",
        agreed=_agreed(bench, resolution.kept, seat) if resolution else [], problem=problem,
        next_open=next((place for place in open_ones if place > number), open_ones[0] if open_ones else None),
        language_of_text=opened.document.language if opened.document else seat.language,
    )  # fmt: skip


def settle(bench: Workbench, seat: Seat, number: int, form: Mapping[str, Sequence[str]], opening: Opening) -> None:
    """Take over what those present agreed on: codings that stay, or another one, or none.

    Raises
    ------
    InputError
        Nobody is named, or a coding or code is not there; nothing was stored.
    """
    each = _numbered(bench.disagreements(seat.round, coder=seat.coder), number)
    present = _people(form)
    if "reopen" in form:
        bench.reopen(seat.round, each.id, present=present)
        return
    memo = _one(form, "memo").strip()
    bench.resolve(
        seat.round, each.id, list(form.get("keep", ())), choices=_choices(seat, each, form, opening), present=present,
        memo=Text({seat.language: memo}) if memo else None,
    )  # fmt: skip


def _numbered(found: Sequence[Disagreement], number: int) -> Disagreement:
    if not 1 <= number <= len(found):
        raise InputError(Problem("no-disagreement", f"expected a number from 1 to {len(found)}, found {number}.",
                                 "Go back to the list."))  # fmt: skip
    return found[number - 1]


def _people(form: Mapping[str, Sequence[str]]) -> list[str]:
    return [name for name in (part.strip() for part in _one(form, "present").split(",")) if name]


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return form[name][0] if form.get(name) else ""


def _choices(seat: Seat, each: Disagreement, form: Mapping[str, Sequence[str]], opening: Opening) -> list[Choice]:
    concept = _one(form, "concept")
    if not concept:
        return []
    polarity = next((known for known in POLARITIES if known == _one(form, "polarity")), None)
    if each.at:
        return [Choice(concept, polarity=polarity, at=each.at)]
    start, end = _span(each, opening(each.case, each.document, seat.language))
    return [Choice(concept, polarity=polarity, start=start, end=end)]


def _span(each: Disagreement, opened: Opened) -> tuple[int, int]:
    if each.start is not None and each.end is not None:
        return each.start, each.end
    block = next(block for block in opened.blocks if block.at == each.at)
    return block.start, block.end


def _parts(opened: Opened, start: int, end: int) -> list[Part]:
    touched = [place for place, block in enumerate(opened.blocks) if block.start < end and block.end > start]
    shown = opened.blocks[max(0, touched[0] - NEIGHBOURS) : touched[-1] + NEIGHBOURS + 1] if touched else ()
    parts = []
    for block in shown:
        first = min(max(start - block.start, 0), len(block.text))
        last = min(max(end - block.start, first), len(block.text))
        parts.append(Part(block.label, block.text[:first], block.text[first:last], block.text[last:]))
    return parts


def _side(
    bench: Workbench, coder: str, held: Sequence[Held], opened: Opened, each: Disagreement, seat: Seat
) -> Side:  # fmt: skip
    kept = {_what(other) for other in each.resolution.kept} if each.resolution else set()
    shown = []
    for one in held:
        coding = one.coding
        words = coding.passage.exact if coding.passage else ""
        memo = coding.memo.to(seat.language) if coding.memo else ""
        path = bench.corpus.codebook.path(coding.concept, seat.language)
        shown.append((one.id, path, coding.polarity or "", words, memo, _what(one) in kept))
    return Side(coder, tuple(shown))


def _what(held: Held) -> tuple[str, ...]:
    """Place, concept and polarity, whoever saw them."""
    return (*held.coding.place, held.coding.concept, held.coding.polarity or "")


def _agreed(bench: Workbench, kept: Sequence[Held], seat: Seat) -> list[tuple[str, str]]:
    return [(bench.corpus.codebook.path(one.coding.concept, seat.language), one.coding.polarity or "") for one in kept]


def _names(bench: Workbench, each: Disagreement, language: str) -> list[str]:
    concepts = dict.fromkeys(one.coding.concept for held in each.held.values() for one in held)
    return [bench.corpus.codebook.by_code[concept].name.to(language) for concept in concepts]
