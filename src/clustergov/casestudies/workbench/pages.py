"""The pages around the coding page: who codes, what there is to code, what was searched for, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from clustergov.casestudies.coding.workbench import Progress, Round, Workbench
from clustergov.casestudies.workbench.document_page import Opened, closed_because, codes
from clustergov.casestudies.workbench.seat import Seat
from clustergov.casestudies.workbench.wording import environment, word
from clustergov.language import LANGUAGES, catalogue

NAMES = {"nl": "Nederlands", "en": "English"}
KEYS = (
    ("→ ←", "word"), ("s S · Ctrl+→ ←", "sentence"), ("↓ ↑", "paragraph"), ("Home End", "ends"), ("Shift + …", "extend"),
    ("Enter", "code"), ("r", "repeat"), ("1 2 3 0", "polarity"), ("m", "memo"), ("Delete · x", "remove"),
    ("u · Ctrl+Z", "undo"), ("Ctrl+Y", "redo"), ("n p", "step"), ("c", "side"), ("f", "search"), ("d", "done"),
    ("F2", "define"), ("Esc", "back"), ("?", "help"),
)  # fmt: skip
"""The keys of the text, and what the help says of them."""


def _render(template: str, language: str, **values: Any) -> str:
    def say(key: str, /, **fields: object) -> str:
        return word(key, language, **fields)

    return environment().get_template(template).render(say=say, language=language, **values)


def _languages(address: str, current: str) -> list[tuple[str, str, str]]:
    """The other languages: code, name, and the same address in them."""
    rest = address.removeprefix(f"/{current}")
    return [(each, NAMES[each], f"/{each}{rest}") for each in LANGUAGES if each != current]


def message_page(status: int, language: str, *, told: Sequence[str] = ()) -> str:
    """The page of an error: what happened and what to do, without anything of what was asked.

    `told` are mistakes in the files of the study, which whoever codes can mend.
    """
    key = f"coding_page.message.{status}"
    kind = str(status) if f"{key}.title" in catalogue() else "500" if status >= 500 else "400"
    return _render("message.html", language, kind=kind, told=told, languages=[], home="/")


def enter_page(bench: Workbench, language: str, *, problem: str = "", typed: str = "") -> str:
    """The first page: who codes, in which round."""
    rounds = [(each.number, _round_title(bench, each, language)) for each in bench.rounds]
    now = next((each.number for each in reversed(bench.rounds) if not bench.is_closed(each.number)), rounds[-1][0])
    return _render(
        "enter.html", language, languages=[(each, NAMES[each], f"/{each}") for each in LANGUAGES if each != language],
        home=f"/{language}", title=bench.corpus.codebook.title.to(language), coders=bench.coders, rounds=rounds, now=now,
        problem=problem, typed=typed,
    )  # fmt: skip


def _round_title(bench: Workbench, found: Round, language: str) -> str:
    words = [word("round", language, n=found.number), found.title.to(language) if found.title else ""]
    words += [word("blind", language)] if found.blind else []
    words += [word("round_closed", language)] if bench.is_closed(found.number) else []
    return " · ".join(part for part in words if part)


@dataclass(frozen=True, slots=True)
class _Around:
    """What every page of a seat shows: where one is, and what else there is."""

    bench: Workbench
    seat: Seat

    def values(self, address: str) -> dict[str, Any]:
        seat = self.seat
        found = next(each for each in self.bench.rounds if each.number == seat.round)
        return {
            "languages": _languages(address, seat.language),
            "home": seat.home,
            "seat": seat,
            "round_title": _round_title(self.bench, found, seat.language),
            "disagreements": _comparable(self.bench, found),
        }


def _comparable(bench: Workbench, found: Round) -> bool:
    return not found.blind or bench.is_closed(found.number)


def overview_page(bench: Workbench, seat: Seat) -> str:
    """What there is to code, per case, with how far one is."""
    progress = bench.progress(seat.coder, seat.round)
    cases = [
        (bench.corpus.by_case[case].title.to(seat.language), list(rows))
        for case, rows in groupby(progress, key=lambda each: each.case)
    ]
    rounds = [(each.number, _round_title(bench, each, seat.language)) for each in bench.rounds]
    return _render(
        "overview.html", seat.language, **_Around(bench, seat).values(seat.home), cases=cases, rounds=rounds,
        done=sum(each.done for each in progress), of=len(progress), title_of=_title_of(seat.language),
    )  # fmt: skip


def _title_of(language: str) -> Any:
    def title(progress: Progress) -> str:
        return word("statements", language) if progress.kind == "statements" else progress.title.to(language)

    return title


def coding_page(bench: Workbench, seat: Seat, opened: Opened) -> str:
    """The shell of the page on which a document is coded; script and document come to it."""
    address = seat.document(opened.case.case, opened.code)
    return _render(
        "document.html", seat.language, **_Around(bench, seat).values(address), title=opened.title,
        case_title=opened.case.title.to(seat.language), address=address, whole=opened.whole, closed=closed_because(bench, seat, opened),
        quotable=opened.document is None or opened.document.quotable, keys=KEYS, codes=codes(bench.corpus.codebook, seat.language),
        text_language=opened.document.language if opened.document else seat.language,
    )  # fmt: skip


def around(bench: Workbench, seat: Seat, address: str) -> dict[str, Any]:
    """What a page of a seat shows beside its own matter."""
    return _Around(bench, seat).values(address)


def render(template: str, language: str, **values: Any) -> str:
    """A page from one of this package's templates."""
    return _render(template, language, **values)
