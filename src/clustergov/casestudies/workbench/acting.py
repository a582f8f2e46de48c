"""What a coder does on the page: one action, checked against the text as the page had it, stored, and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from clustergov.casestudies.coding.coding import Polarity
from clustergov.casestudies.coding.workbench import Held, Step, Workbench
from clustergov.casestudies.workbench.document_page import Opened, Row, note, rows
from clustergov.casestudies.workbench.seat import Seat
from clustergov.casestudies.workbench.wording import word
from clustergov.language import Text
from clustergov.problems import InputError, Problem

MOST_MEMO = 20_000
"""Characters of a memo."""


class _Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    seen: int | None = None


class Code(_Action):
    """Give a code to a passage, or to a statement or paragraph; `head` and `tail` are how the passage begins and ends."""

    do: Literal["code"]
    concept: str
    at: str = ""
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    head: str = ""
    tail: str = ""


class Change(_Action):
    """Change the polarity or the memo of a coding; what is not named stays."""

    do: Literal["change"]
    id: str
    polarity: Polarity | None = None
    memo: str | None = Field(default=None, max_length=MOST_MEMO)


class Note(_Action):
    """Write the memo about the document itself."""

    do: Literal["note"]
    memo: str | None = Field(default=None, max_length=MOST_MEMO)


class Remove(_Action):
    """Take a coding away."""

    do: Literal["remove"]
    id: str


class TakeBack(_Action):
    """Undo or redo the last action of this coder in this document."""

    do: Literal["undo", "redo"]


class Done(_Action):
    """Say that one is done with a document, or not yet."""

    do: Literal["done"]
    done: bool


Action = Code | Change | Note | Remove | TakeBack | Done
ACTION: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="do")])


def act(bench: Workbench, seat: Seat, opened: Opened, action: Action) -> dict[str, Any]:
    """Do it and say what changed: codings put or dropped, or all of them after an undo.

    Raises
    ------
    InputError
        It is refused; nothing was stored.
    """
    if isinstance(action, Code):
        return {"put": _rows(bench, seat, opened, [_code(bench, seat, opened, action)])}
    if isinstance(action, Change):
        held = bench.change(seat.coder, action.id, **_changes(bench, seat, opened, action))
        return {"put": _rows(bench, seat, opened, [held])}
    if isinstance(action, Remove):
        return {"drop": [bench.remove(seat.coder, action.id).id]}
    where = opened.case.case, opened.code
    if isinstance(action, Note):
        now = bench.memo(seat.coder, seat.round, *where)
        bench.write_memo(seat.coder, seat.round, *where, _memo(now, action.memo, seat.language))
        return {"note": note(bench, seat, opened)}
    if isinstance(action, Done):
        bench.set_done(seat.coder, seat.round, *where, action.done)
        return {"done": action.done}
    undoing = bench.undo if action.do == "undo" else bench.redo
    step = undoing(seat.coder, seat.round, *where)
    said = word(f"nothing_to_{action.do}", seat.language) if step is None else _taken(bench, seat, action.do, step)
    return {**everything(bench, seat, opened), "said": said}


def _taken(bench: Workbench, seat: Seat, do: str, step: Step) -> str:
    """What was undone or redone: who does not see it change is told."""
    paths = (bench.corpus.codebook.path(held.coding.concept, seat.language) for held in step.held)
    what = word(f"step.{step.verb}", seat.language, names=", ".join(dict.fromkeys(paths)))
    return word(f"{do}ne", seat.language, what=what)


def everything(bench: Workbench, seat: Seat, opened: Opened) -> dict[str, Any]:
    """All codings that the coder may see, and whether the document is done."""
    where = opened.case.case, opened.code
    held = bench.codings(*where, coder=seat.coder, round=seat.round)
    return {
        "codings": rows(opened, held, bench.corpus.codebook, seat.coder, seat.language),
        "done": bench.is_done(seat.coder, seat.round, *where),
        "note": note(bench, seat, opened),
    }


def _code(bench: Workbench, seat: Seat, opened: Opened, action: Code) -> Held:
    if opened.document is not None and action.start is not None and action.end is not None:
        shown = opened.document.text[action.start : action.end]
        if not shown.startswith(action.head) or not shown.endswith(action.tail):
            raise InputError(
                Problem("page-out-of-date", "the text on the page is not the text in the file any more.",
                        "Open the document again.", place=opened.code)
            )  # fmt: skip
    return bench.code(
        seat.coder, seat.round, opened.case.case, opened.code, action.concept,
        at=action.at, start=action.start, end=action.end,
    )  # fmt: skip


def _changes(bench: Workbench, seat: Seat, opened: Opened, action: Change) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "polarity" in action.model_fields_set:
        changes["polarity"] = action.polarity
    if "memo" in action.model_fields_set:
        changes["memo"] = _memo(_memo_now(bench, seat, opened, action.id), action.memo, seat.language)
    return changes


def _memo_now(bench: Workbench, seat: Seat, opened: Opened, identity: str) -> Text | None:
    all_held = bench.codings(opened.case.case, opened.code, coder=seat.coder, round=seat.round)
    return next((held.coding.memo for held in all_held if held.id == identity), None)


def _memo(now: Text | None, typed: str | None, language: str) -> Text | None:
    """The memo with what was typed in the language of the page; what stands in another language stays."""
    texts = {key: text for key, text in (now or {}).items() if key != language}
    if typed and typed.strip():
        texts[language] = typed.strip()
    return Text(texts) if texts else None


def _rows(bench: Workbench, seat: Seat, opened: Opened, held: list[Held]) -> list[Row]:
    return rows(opened, held, bench.corpus.codebook, seat.coder, seat.language)
