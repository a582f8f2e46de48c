"""Memos of coders about a whole document or case, which stand beside their codings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from clustergov.casestudies.case import Case
from clustergov.casestudies.coding.action import Head
from clustergov.casestudies.coding.sheet import Sheet
from clustergov.casestudies.coding.store import open_stores
from clustergov.casestudies.exchange.describing import texts
from clustergov.casestudies.exchange.labelled import Lines, by_language, first, read_labelled, write_labelled
from clustergov.language import Text

_LABELS = ("case", "document", "round", "memo")

Memos = Mapping[Head, Text]
"""Whose memo, about what, in which round."""


def memos_of(sheets: Iterable[tuple[Head, Sheet]]) -> Memos:
    """Every memo about a whole document, or about the whole case."""
    return {head: sheet.memo for head, sheet in sheets if sheet.memo}


def read_sheets(folder: Path, cases: Iterable[Case]) -> list[tuple[Head, Sheet]]:
    """Every sheet of a study, with whose it is.

    Raises
    ------
    InputError
        Its files of codings hold mistakes.
    """
    stores = (store for case in cases for store in open_stores(folder / case.case, "exchange")[0])
    return [(store.head, store.read().sheet) for store in stores]


def memo_text(head: Head, memo: Text) -> str:
    """A memo as the text of a note that tells what it is about."""
    about = [("case", head.case), ("document", head.document), ("round", str(head.round))]
    return write_labelled([*about, *texts("memo", memo)])


def memo_lines(text: str) -> Lines:
    """The lines of such a note; none when it is somebody's own words."""
    lines = read_labelled(text, _LABELS) or []
    whole = [label for label, _ in lines[:3]] == ["case", "document", "round"] and by_language(lines, "memo")
    return lines if whole and first(lines, "round").isdigit() else []
