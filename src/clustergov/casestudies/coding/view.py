"""What a coder may see of a study: rounds, progress, codings, memos and what a search finds; blind rounds stay blind."""

# ruff: noqa: A002 - a round is called `round` by everybody who calls these methods.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from clustergov.casestudies.case import STATEMENTS
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.desk import Desk
from clustergov.casestudies.coding.held import Held, Hit, Progress
from clustergov.casestudies.coding.members import Members
from clustergov.casestudies.coding.rounds import Round
from clustergov.casestudies.coding.search import search
from clustergov.casestudies.coding.sheet import CASE, Sheet
from clustergov.casestudies.coding.target import Target
from clustergov.casestudies.corpus import Corpus
from clustergov.language import Text


class View:
    """The reading half of a workbench.

    Parameters
    ----------
    corpus : Corpus
        Its codings are left out of `corpus`: they go through what a coder may see, never around it.
    desk : Desk
        The sheets on disk.
    """

    def __init__(self, corpus: Corpus, desk: Desk) -> None:
        self.corpus = replace(corpus, codings=(), resolved=frozenset())
        self._desk = desk
        self._members = Members(self.corpus, desk)
        self._target = Target(self.corpus)

    @property
    def rounds(self) -> tuple[Round, ...]:
        return self.corpus.rounds

    @property
    def coders(self) -> tuple[str, ...]:
        """Everybody who coded or is to code."""
        return self._members.coders

    def enter(self, coder: str, round_: int) -> str:
        """The name under which somebody codes in a round.

        Raises
        ------
        InputError
            It is no name, can be taken for that of another, or the round is not theirs.
        """
        return self._members.enter(coder, round_)

    def is_closed(self, round_: int) -> bool:
        """Whether a round was closed, by hand or because every coder is done with every document of it."""
        return self._members.is_closed(self._members.round(round_))

    def codings(self, case: str, document: str, *, coder: str, round: int) -> tuple[Held, ...]:
        """The codings of one document in one round that `coder` may see, in order of place.

        Those of others only where no blind round with this document is open for the coder.
        """
        return tuple(Held.of(coding) for coding in self._visible(case, document, coder, round))

    def _visible(self, case: str, document: str, coder: str, round_: int) -> list[Coding]:
        self._target.document(case, document)
        sheets = self._sheets(case, document, coder, round_)
        found = [coding for sheet in sheets for coding in sheet.codings.values()]
        return sorted(found, key=lambda coding: (coding.order, coding.coder))

    def _sheets(self, case: str, document: str, coder: str, round_: int) -> list[Sheet]:
        name = self._members.reader(coder, round_)
        if self._members.blinded(name, round_, case, document):
            return [self._desk.sheet(case, document, name, round_)]
        return self._desk.sheets(case, document, round_)

    def progress(self, coder: str, round: int) -> tuple[Progress, ...]:
        """Every document of a round, and how far `coder` is with it."""
        name, held = self._members.reader(coder, round), self._members.round(round)
        return tuple(self._progress(name, held, case, document) for case, document in self._members.documents(held))

    def _progress(self, coder: str, round_: Round, case: str, document: str) -> Progress:
        sheet = self._desk.sheet(case, document, coder, round_.number)
        units = self.corpus.by_case[case].units.get(document, {})
        text = "" if units else self.corpus.document(case, document).text
        done_by = self._members.done_by(round_, case, document)
        kind: Literal["statements", "note", "document"] = (
            "statements" if document == STATEMENTS else "note" if units else "document"
        )
        return Progress(
            case, document, kind, self._target.title(case, document), len(units),
            len({coding.at for coding in sheet.codings.values()} & units.keys()), len(text), len(sheet.codings),
            bool(sheet.done), done_by, bool(round_.coders) and set(round_.coders) <= set(done_by),
        )  # fmt: skip

    def search(self, text: str, *, coder: str, round: int, language: str = "") -> tuple[Hit, ...]:
        """Places of a round's documents, and codings and memos, also about documents, that `coder` may see, with `text` in any case.

        Parameters
        ----------
        language : str
            Look in texts of this language only; empty: in all.
        """
        held = self._members.round(round)
        places = self._members.documents(held)
        visible = {place: self._visible(*place, coder, round) for place in places}
        memos = {place: self.memos(coder, round, *place) for place in places}
        return search(self.corpus, visible, text, memos=memos, language=language)

    def memo(self, coder: str, round: int, case: str, document: str = "") -> Text | None:
        """The memo of `coder` about a document, or about the whole case."""
        return self._desk.sheet(case, document or CASE, self._members.reader(coder, round), round).memo

    def memos(self, coder: str, round: int, case: str, document: str = "") -> Mapping[str, Text]:
        """The memos about a document or the whole case that `coder` may see: coder → memo."""
        sheets = self._sheets(case, document or CASE, coder, round)
        return {sheet.coder: sheet.memo for sheet in sheets if sheet.memo is not None}

    def is_done(self, coder: str, round: int, case: str, document: str) -> bool:
        return bool(self._desk.sheet(case, document, self._members.reader(coder, round), round).done)
