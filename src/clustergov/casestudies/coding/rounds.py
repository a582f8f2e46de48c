"""Rounds of coding: who codes what, whether blind, and which rounds the codings of another take the place of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from pydantic import Field

from clustergov.casestudies.codebook import duplicates
from clustergov.casestudies.coding.names import clean, confusable, mistaken_for
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Positions
from clustergov.yaml_file import read as read_yaml


class Round(Entry):
    """One round.

    Attributes
    ----------
    number : int
        From 1; the number that files of codings name.
    remark : Text
        What a reader must know of how it was coded; stands in the report's chapter on agreement.
    coders : tuple of str
        Roles or pseudonyms; empty: anybody.
    documents : tuple of str
        A case, or ``case/document``; empty: everything.
    blind : bool
        Nobody gets the codings of another before all have said that they are done.
    closed : date or None
        When it was closed by hand; a round whose coders are all done is closed without.
    replaces : tuple of int
        Earlier rounds, such as one for training, whose codings of these documents no longer count.
    """

    number: int = Field(ge=1)
    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: Text
    remark: Text = Text({})
    coders: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    blind: bool = False
    closed: date | None = None
    replaces: tuple[int, ...] = ()

    def holds(self, case: str, document: str) -> bool:
        """Whether a document is coded in this round."""
        return not self.documents or case in self.documents or f"{case}/{document}" in self.documents


class RoundList(Entry):
    """The file ``rounds.yml``."""

    rounds: tuple[Round, ...]


ONLY = Round(number=1, code="only", title=Text({"nl": "Codering", "en": "Coding"}))
"""The round of a study that declares none: anybody codes anything, in sight of the others."""


def read_rounds(path: Path | str) -> tuple[Round, ...]:
    """Read ``rounds.yml``; without the file there is one round, open to all.

    Raises
    ------
    InputError
        With every mistake in the file.
    """
    if not Path(path).exists():
        return (ONLY,)
    listed, positions = read_yaml(path, RoundList, wanted="rounds of coding")
    numbers = [(("rounds", i, "number"), str(one.number)) for i, one in enumerate(listed.rounds)]
    codes = [(("rounds", i, "code"), one.code) for i, one in enumerate(listed.rounds)]
    problems = [*duplicates(positions, list(numbers), "round"), *duplicates(positions, list(codes), "round")]
    for index, one in enumerate(listed.rounds):
        problems += _round_problems(index, one, listed.rounds, positions)
    if not listed.rounds:
        problems.append(positions.problem(("rounds",), "no-rounds", "expected at least one round, found none.",
                                          "Declare one, or remove the file."))  # fmt: skip
    if problems:
        raise InputError(problems)
    return tuple(sorted(listed.rounds, key=lambda one: one.number))


def _round_problems(index: int, one: Round, rounds: tuple[Round, ...], positions: Positions) -> Iterator[Problem]:
    if one.blind and len(one.coders) < 2:
        yield positions.problem(
            ("rounds", index, "coders"), "blind-coders", f"a blind round needs two coders or more, found {len(one.coders)}.",
            "Name them by role or pseudonym.",
        )  # fmt: skip
    for number in one.replaces:
        if number >= one.number or number not in {other.number for other in rounds}:
            yield positions.problem(
                ("rounds", index, "replaces"), "unknown-round", f"round {number} is no earlier round.",
                "A round replaces rounds with lower numbers.",
            )  # fmt: skip
    yield from _name_problems(index, one, positions)


def _name_problems(index: int, one: Round, positions: Positions) -> Iterator[Problem]:
    for place, name in enumerate(one.coders):
        try:
            exact = clean(name)
        except InputError as error:
            for wrong in error.problems:
                yield positions.problem(("rounds", index, "coders", place), wrong.rule, wrong.message, wrong.fix)
            continue
        if exact != name:
            yield positions.problem(("rounds", index, "coders", place), "coder-name",
                                    "the name has blanks around it or characters in another form than usual.",
                                    f"Write “{exact}”.")  # fmt: skip
    for first, second in combinations(range(len(one.coders)), 2):
        name, other = one.coders[first], one.coders[second]
        place_of = ("rounds", index, "coders", second)
        if name == other:
            yield positions.problem(
                place_of, "coder-name", f"two coders are called “{name}”.", "Give each a name of their own."
            )
        elif mistaken_for(other, [name]):
            found = confusable(other, name)
            yield positions.problem(place_of, found.rule, found.message, found.fix)
