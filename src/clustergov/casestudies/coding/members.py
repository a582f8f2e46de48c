"""Who codes in which round, whether a round is closed, and what is hidden from whom meanwhile."""

from __future__ import annotations

from clustergov.casestudies.coding.coding import CONSENSUS
from clustergov.casestudies.coding.desk import Desk, list_of, refuse
from clustergov.casestudies.coding.names import clean, confusable, mistaken_for, mixed
from clustergov.casestudies.coding.rounds import Round
from clustergov.casestudies.corpus import Corpus
from clustergov.problems import InputError


class Members:
    """The coders of a study and their rounds.

    Parameters
    ----------
    corpus : Corpus
        For rounds, cases and documents.
    desk : Desk
        For who did what.
    """

    def __init__(self, corpus: Corpus, desk: Desk) -> None:
        self._corpus = corpus
        self._desk = desk

    @property
    def coders(self) -> tuple[str, ...]:
        """Everybody who coded or is to code, without the consensus."""
        there = self._desk.coders(case.case for case in self._corpus.cases)
        return tuple(sorted({*there, *(name for one in self._corpus.rounds for name in one.coders)}))

    def round(self, number: int) -> Round:
        """A round by its number.

        Raises
        ------
        InputError
            There is none.
        """
        found = next((one for one in self._corpus.rounds if one.number == number), None)
        if found is None:
            raise refuse("unknown-round", f"there is no round {number}.", "Declare it in rounds.yml.")
        return found

    def enter(self, coder: str, round_: int) -> str:
        """The name under which somebody codes in a round.

        Raises
        ------
        InputError
            It is no name, can be taken for that of another, or the round is not theirs.
        """
        name, held = self._name(coder), self.round(round_)
        if held.coders and name not in held.coders:
            raise refuse("not-in-round", f"“{name}” is no coder of round {round_}.",
                         f"Its coders are {list_of(held.coders)}; add another in rounds.yml.")  # fmt: skip
        return name

    def reader(self, coder: str, round_: int) -> str:
        """The name of somebody who looks at a round.

        Raises
        ------
        InputError
            It is no name, or the round is blind, not closed, and not theirs.
        """
        name, held = self._name(coder), self.round(round_)
        if held.blind and name not in held.coders and not self.is_closed(held):
            raise refuse("blind-round", f"round {round_} is blind and not closed yet.",
                         "Wait until its coders are done.")  # fmt: skip
        return name

    def _name(self, coder: str) -> str:
        name, known = clean(coder), self.coders
        other = mistaken_for(name, known)
        if other:
            raise InputError(confusable(name, other))
        if name not in known and (wrong := mixed(name)):
            raise InputError(wrong)
        return name

    def documents(self, round_: Round) -> tuple[tuple[str, str], ...]:
        """What is coded in a round: case and document."""
        return tuple(
            (case.case, document)
            for case in self._corpus.cases
            for document in (
                *(name for name, units in case.units.items() if units),
                *(own.code for own in self._corpus.documents if own.case == case.case),
            )
            if round_.holds(case.case, document)
        )

    def done_by(self, round_: Round, case: str, document: str) -> tuple[str, ...]:
        """Who said that they are done with a document."""
        sheets = self._desk.sheets(case, document, round_.number)
        return tuple(sheet.coder for sheet in sheets if sheet.done and sheet.coder != CONSENSUS)

    def is_closed(self, round_: Round) -> bool:
        """Whether a date closes it, or every coder is done with every document."""
        if round_.closed is not None:
            return True
        documents = self.documents(round_)
        return bool(round_.coders) and bool(documents) and all(
            set(round_.coders) <= set(self.done_by(round_, case, document)) for case, document in documents
        )  # fmt: skip

    def blinded(self, coder: str, round_: int, case: str, document: str) -> bool:
        """Whether `coder` must not see what others did with a document in a round.

        So it is in a blind round until it is closed; and in every other round, while a blind round in which the coder
        takes part holds the same document and is open.
        """
        return any(
            one.blind
            and (one.number == round_ or (coder in one.coders and (document == "case" or one.holds(case, document))))
            and not self.is_closed(one)
            for one in self._corpus.rounds
        )

    def expected(self, round_: Round, case: str, document: str) -> tuple[str, ...]:
        """Who was to code a document; in a round open to anybody those who did, or said that there is nothing."""
        if round_.coders:
            return round_.coders
        sheets = self._desk.sheets(case, document, round_.number)
        return tuple(sheet.coder for sheet in sheets if sheet.coder != CONSENSUS and (sheet.codings or sheet.done))
