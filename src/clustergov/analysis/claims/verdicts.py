"""The six verdicts and the ordered decision table that gives exactly one of them to every possible finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from clustergov.analysis.interval import Interval
from clustergov.language import LANGUAGES, Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Positions, read

Verdict = Literal[
    "supported", "weaker than published", "contradicted", "practically null", "inconclusive", "not assessable"
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Form = Literal["effect", "threshold", "order", "value", "no difference"]
"""What a part of a claim says.

effect: there is an association in the claimed direction; zero is none. threshold: a share lies past a named one; zero is
the threshold. order: some items stand above others; zero is equal. value: a share is the named one; zero is that one.
no difference: an association is nil; zero is nil.
"""
FORMS: tuple[Form, ...] = get_args(Form)
EQUIVALENCE: tuple[Form, ...] = ("value", "no difference")
"""Forms that are supported by showing that nothing of interest differs from zero."""

Kind = Literal["tau", "share", "odds ratio", "ordering"]
"""Kinds of effect, each with its own smallest one of interest."""

Position = Literal["far below", "below", "above", "far above"]
"""Where an end of the interval lies, −d and d being the smallest effect of interest: below −d; to 0; to d; above d."""
POSITIONS: tuple[Position, ...] = get_args(Position)

PublishedRelation = Literal["none", "below", "overlaps", "above"]
"""Where the interval lies against the published figure as far as rounding tells it; none: no figure is published."""
RELATIONS: tuple[PublishedRelation, ...] = get_args(PublishedRelation)


@dataclass(frozen=True, slots=True)
class Region:
    """Everything about a finding that a verdict may depend on, turned so that positive is the claimed direction.

    Attributes
    ----------
    form : Form
    assessable : bool
        When false the other fields are not looked at.
    low, high : Position
        Ends of the simultaneous interval.
    within : bool
        Whether the finding is shown to be smaller than the smallest effect of interest. Equivalence forms: the interval
        at 1 − 2α lies inside (−d, d). Other forms: the simultaneous interval does.
    published : PublishedRelation
    """

    form: Form
    assessable: bool
    low: Position
    high: Position
    within: bool
    published: PublishedRelation


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, the id of the rule that gave it, and what the rule says in words."""

    verdict: Verdict
    rule: str
    because: Text


class Rule(Entry):
    """One line of the decision table. A condition that is left out holds always; a list holds when one of it does."""

    id: str
    assessable: bool = True
    forms: tuple[Form, ...] = FORMS
    low: tuple[Position, ...] = POSITIONS
    high: tuple[Position, ...] = POSITIONS
    within: bool | None = None
    published: tuple[PublishedRelation, ...] = RELATIONS
    verdict: Verdict
    because: Text

    def fits(self, region: Region) -> bool:
        if region.assessable != self.assessable or region.form not in self.forms:
            return False
        if not region.assessable:
            return True
        return (
            region.low in self.low
            and region.high in self.high
            and (self.within is None or region.within == self.within)
            and region.published in self.published
        )


class RollUp(Entry):
    """One line of the table that makes one verdict of a claim's parts: `all` of them are listed, and `any` one is."""

    id: str
    all: tuple[Verdict, ...] = VERDICTS
    any: tuple[Verdict, ...] = VERDICTS
    verdict: Verdict
    because: Text

    def fits(self, verdicts: frozenset[Verdict]) -> bool:
        return verdicts <= frozenset(self.all) and bool(verdicts & frozenset(self.any))


class SmallestEffects(Entry):
    """Effects below which a difference does not matter; ours (mark D). A share as a proportion, an odds ratio above 1."""

    tau: float = Field(gt=0, lt=1)
    share: float = Field(gt=0, lt=1)
    odds_ratio: float = Field(gt=1)
    ordering: float = Field(gt=0, lt=1)


class DecisionTable(Entry):
    """How findings become verdicts: the content of ``analysis/verdicts.yml``. The first rule that fits decides."""

    alpha: float = Field(gt=0, lt=0.5)
    smallest_effects: SmallestEffects
    rules: tuple[Rule, ...]
    roll_up: tuple[RollUp, ...]

    @property
    def sections(self) -> tuple[tuple[str, tuple[Rule | RollUp, ...]], ...]:
        """Both tables under the name that they have in the file."""
        return (("rules", self.rules), ("roll up", self.roll_up))

    def decide(self, region: Region) -> Decision:
        """The verdict on one part of a claim."""
        rule = next(rule for rule in self.rules if rule.fits(region))
        return Decision(rule.verdict, rule.id, rule.because)

    def combine(self, verdicts: Iterable[Verdict]) -> Decision:
        """The verdict on a claim from those on its asserted parts."""
        found = frozenset(verdicts)
        rule = next(rule for rule in self.roll_up if rule.fits(found))
        return Decision(rule.verdict, rule.id, rule.because)


def position_of_low(value: float, d: float) -> Position:
    """Position of a lower end; on a boundary the one that concludes less."""
    return "far below" if value <= -d else "below" if value <= 0 else "above" if value <= d else "far above"


def position_of_high(value: float, d: float) -> Position:
    """Position of an upper end; on a boundary the one that concludes less."""
    return "far below" if value < -d else "below" if value < 0 else "above" if value < d else "far above"


def relation(interval: Interval, published: tuple[float, float] | None) -> PublishedRelation:
    """Where an interval lies against the published one."""
    if published is None:
        return "none"
    low, high = published
    return "below" if interval.high < low else "above" if interval.low > high else "overlaps"


def regions() -> Iterator[Region]:
    """Every region that a finding can be in."""
    for form, published in product(FORMS, RELATIONS):
        yield Region(form, False, "far below", "far below", False, published)
        for low, high, within in product(POSITIONS, POSITIONS, (True, False)):
            narrow = low in ("below", "above") and high in ("below", "above")
            beyond = low == "far above" or high == "far below"
            possible = not (within and beyond) if form in EQUIVALENCE else within == narrow
            # An interval at 1 − 2α inside (−d, d) leaves the wider one free; one that is inside itself takes it along.
            if form in EQUIVALENCE and narrow and not within:
                possible = False
            if POSITIONS.index(low) <= POSITIONS.index(high) and possible:
                yield Region(form, True, low, high, within, published)


def mixtures() -> Iterator[frozenset[Verdict]]:
    """Every set of verdicts that the parts of a claim can have."""
    for size in range(1, len(VERDICTS) + 1):
        yield from (frozenset(verdicts) for verdicts in combinations(VERDICTS, size))


def read_verdicts(path: Path | str) -> DecisionTable:
    """Read ``verdicts.yml`` and make sure that it decides every region.

    Raises
    ------
    InputError
        With every mistake: a region or mixture without a rule, a rule that never decides, an id that stands twice, a
        text that lacks a language, “weaker than published” where nothing may be published.
    """
    table, positions = read(path, DecisionTable, wanted="the decision table of the verdicts")
    problems = [*_texts(table, positions), *_weaker(table, positions), *_coverage(table, positions)]
    if problems:
        raise InputError(problems)
    return table


def _texts(table: DecisionTable, positions: Positions) -> Iterator[Problem]:
    seen: set[str] = set()
    for key, rules in table.sections:
        for index, rule in enumerate(rules):
            if rule.id in seen:
                yield positions.problem((key, index, "id"), "duplicate-id", f"the id “{rule.id}” stands twice.",
                                        "Give every rule an id of its own.")  # fmt: skip
            seen.add(rule.id)
            for language in LANGUAGES:
                if language not in rule.because:
                    yield positions.problem((key, index, "because"), "missing-language",
                                            f"the text lacks the language {language}.", "Add it.")  # fmt: skip


def _weaker(table: DecisionTable, positions: Positions) -> Iterator[Problem]:
    for index, rule in enumerate(table.rules):
        if rule.verdict == "weaker than published" and "none" in rule.published:
            yield positions.problem(
                ("rules", index, "verdict"), "nothing-published",
                f"rule “{rule.id}” says “weaker than published” also where nothing is published.",
                "Limit it by `published: [below]`.",
            )  # fmt: skip


def _coverage(table: DecisionTable, positions: Positions) -> Iterator[Problem]:
    used: set[str] = set()
    for region in regions():
        first = next((rule.id for rule in table.rules if rule.fits(region)), None)
        if first is None:
            yield positions.problem(("rules",), "incomplete-table", f"no rule decides {region}.",
                                    "Add a rule, or a last one without conditions.")  # fmt: skip
        used.add(first or "")
    for mixture in mixtures():
        first = next((rule.id for rule in table.roll_up if rule.fits(mixture)), None)
        if first is None:
            yield positions.problem(("roll up",), "incomplete-table", f"no rule decides {sorted(mixture)}.",
                                    "Add a rule, or a last one without conditions.")  # fmt: skip
        used.add(first or "")
    for key, rules in table.sections:
        for index, rule in enumerate(rules):
            if rule.id not in used:
                yield positions.problem((key, index), "dead-rule", f"rule “{rule.id}” never decides anything.",
                                        "Rules above it take all its cases: move it up or remove it.")  # fmt: skip
