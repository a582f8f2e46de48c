"""What a study declares about agreement before it is computed: when a code is rare, which interval, who read what."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from clustergov.casestudies.coding.coding import CONSENSUS
from clustergov.casestudies.corpus import Corpus
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Positions
from clustergov.yaml_file import read as read_yaml

FILE = "agreement.yml"


class Read(Entry):
    """Coders who read documents in a round, whether or not they saw anything in them.

    Attributes
    ----------
    documents : tuple of str
        `statements`, codes of notes and of own documents; empty: all of the case.
    """

    round: int = Field(default=1, ge=1)
    case: str
    documents: tuple[str, ...] = ()
    coders: tuple[str, ...] = Field(min_length=1)


class AgreementDeclaration(Entry):
    """The file ``agreement.yml`` beside the codebook; every key may be left out.

    Attributes
    ----------
    rare : int
        Units that somebody coded, and units that somebody left uncoded, from which a coefficient is given; below it
        only counts are.
    level : float
        Of the intervals.
    width, assumed_alpha : float
        For the plan: how wide an interval may be, and the alpha that is assumed.
    read : tuple of Read
        Who read what; without it a coder who coded anything in a case read all its statements and notes, and a document
        was read by those who coded anything in it.
    """

    rare: int = Field(default=5, ge=1)
    level: float = Field(default=0.95, ge=0.5, lt=1)
    width: float = Field(default=0.2, gt=0, lt=2)
    assumed_alpha: float = Field(default=0.7, ge=0, lt=1)
    draws: int = Field(default=1000, ge=100, le=100_000)
    seed: int = Field(default=1, ge=0)
    read: tuple[Read, ...] = ()


def read_agreement(path: Path | str, corpus: Corpus) -> AgreementDeclaration:
    """Read ``agreement.yml`` and hold it against the corpus; without the file everything has its default.

    Raises
    ------
    InputError
        With every mistake: unknown keys, cases, documents, coders or rounds.
    """
    if not Path(path).exists():
        return AgreementDeclaration()
    declared, positions = read_yaml(path, AgreementDeclaration, wanted="a declaration of agreement")
    problems: list[Problem] = []
    for index, entry in enumerate(declared.read):
        problems += _entry_problems(entry, index, corpus, positions)
    if problems:
        raise InputError(problems)
    return declared


def _entry_problems(entry: Read, index: int, corpus: Corpus, positions: Positions) -> list[Problem]:
    place = ("read", index)
    if entry.case not in corpus.by_case:
        return [positions.problem((*place, "case"), "unknown-case", f"there is no case “{entry.case}”.",
                                  f"Expected one of: {', '.join(corpus.by_case)}.")]  # fmt: skip
    known = documents_of(corpus, entry.case)
    problems = [
        positions.problem((*place, "documents"), "unknown-document", f"the case has no document “{document}”.",
                          f"Expected some of: {', '.join(known)}.")
        for document in entry.documents
        if document not in known
    ]  # fmt: skip
    if CONSENSUS in entry.coders:
        problems.append(
            positions.problem((*place, "coders"), "reserved-coder", f"“{CONSENSUS}” is no coder.",
                              "Name those who coded alone.")
        )  # fmt: skip
    return problems


def documents_of(corpus: Corpus, case: str) -> tuple[str, ...]:
    """Everything of a case that can be read: statements, notes and own documents."""
    return (*corpus.by_case[case].units, *(found.code for found in corpus.documents if found.case == case))


def declared_readers(
    declared: AgreementDeclaration, corpus: Corpus, round_: int
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who read what in a round, as far as it is declared."""
    found: dict[tuple[str, str], set[str]] = {}
    for entry in declared.read:
        if entry.round == round_:
            for document in entry.documents or documents_of(corpus, entry.case):
                found.setdefault((entry.case, document), set()).update(entry.coders)
    return {place: tuple(sorted(coders)) for place, coders in sorted(found.items())}
