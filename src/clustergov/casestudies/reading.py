"""What the material of a case says on a question that is put to every case, or that it says nothing on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import field_validator

from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text
from clustergov.problems import Problem
from clustergov.yaml_file import Entry, Place, Positions

Rule = Literal["public funding 60/40", "formal membership", "interaction frequency"]
"""The three rules of the study: about sixty per cent public money, formal membership, contact at least weekly."""

RULES: tuple[Rule, ...] = ("public funding 60/40", "formal membership", "interaction frequency")

Answer = Literal["fits", "fits in part", "does not fit", "not known"]
"""Whether what is documented of a case agrees with the rule; `not known` is an answer of its own."""


class Reading(Entry):
    """One question put to a case.

    Attributes
    ----------
    known : bool
        False: the material does not tell, and `text` says what was looked for. Then there is no mark.
    source : tuple of str
        What the answer rests on, or what was searched in vain.
    """

    known: bool = True
    text: Text
    source: tuple[str, ...] = ()
    mark: Mark | None = None

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Governance(Entry):
    """How a cluster organisation is built and decides; every question is answered, if need be with `known: false`."""

    form: Reading
    legal_form: Reading
    membership: Reading
    tiers: Reading
    decisions: Reading

    def parts(self) -> dict[str, Reading]:
        """Name of the question → reading, in their order."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class RuleReading(Reading):
    """What a case says on one of the study's three rules; one case never confirms or refutes a rule."""

    rule: Rule
    answer: Answer


def reading_problems(reading: Reading, place: Place, positions: Positions) -> Iterator[Problem]:
    """A problem per answer that contradicts what is known: a finding without source or mark, a mark on nothing."""
    if isinstance(reading, RuleReading) and reading.known == (reading.answer == "not known"):
        yield positions.problem(
            (*place, "answer"), "known-or-not", f"`known: {str(reading.known).lower()}` and the answer “{reading.answer}”.",
            "Write `known: false` exactly where the answer is not known.",
        )  # fmt: skip
    if reading.known and not reading.source:
        yield positions.problem(
            (*place, "source"), "no-source", "expected at least one source, found none.",
            "Name the key of a source that this file lists, or write `known: false`.",
        )  # fmt: skip
    if reading.known and reading.mark is None:
        yield positions.problem(
            place, "missing-key", "expected a mark, found none.", "Give P, S, D or U, or write `known: false`."
        )
    if not reading.known and reading.mark is not None:
        yield positions.problem(
            (*place, "mark"), "mark-on-nothing", f"what is not known has the mark {reading.mark}.", "Leave out `mark`."
        )
    if reading.known and reading.mark == "U":
        yield positions.problem(
            (*place, "mark"), "uncertain-finding", "the answer rests on something uncertain, which is no finding.",
            "Write `known: false` and say in `text` what was seen.",
        )  # fmt: skip


def rule_problems(rules: tuple[RuleReading, ...], positions: Positions) -> Iterator[Problem]:
    """A problem per rule that is read twice, and one when some are read and others are not."""
    seen: set[str] = set()
    for index, reading in enumerate(rules):
        if reading.rule in seen:
            yield positions.problem(
                ("rules", index, "rule"),
                "duplicate-code",
                f"the rule “{reading.rule}” is read twice.",
                "Keep one reading.",
            )
        seen.add(reading.rule)
    lacking = [rule for rule in RULES if rule not in seen]
    if rules and lacking:
        yield positions.problem(
            ("rules",), "rule-not-read", f"nothing is said on: {', '.join(lacking)}.",
            "Read every rule; where the material does not tell, answer `not known`.",
        )  # fmt: skip
