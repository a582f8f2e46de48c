"""What must hold among the concepts of a codebook: rules to code by, a tree without circles, names that tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clustergov.problems import Problem

if TYPE_CHECKING:
    from clustergov.casestudies.codebook import Codebook, Concept
    from clustergov.yaml_file import Positions

RULES = ("definition", "include", "exclude", "examples")
"""What a concept needs so that two people code alike."""


def cautions(codebook: Codebook, file: str = "") -> tuple[Problem, ...]:
    """What may be so but makes coding harder: concepts without a rule, and names that occur under several parents."""
    found = []
    for concept in codebook.codable:
        lacking = [name for name in RULES if not getattr(concept, name)]
        if lacking:
            found.append(
                Problem("concept-incomplete", f"the concept “{concept.code}” has no {', '.join(lacking)}.",
                        "Two people who code alone need them.", file=file, place=concept.code, severity="warning")
            )  # fmt: skip
    for one, other, language in _same_names(codebook):
        if one.parent != other.parent:
            found.append(
                Problem("name-twice", f"“{one.code}” and “{other.code}” have one name in {language}.",
                        "Tell them apart by name, or readers see one.", file=file, place=other.code, severity="warning")
            )  # fmt: skip
    return tuple(found)


def rule_problems(concept: Concept, index: int, codebook: Codebook, positions: Positions) -> Iterator[Problem]:
    """A problem per rule that a concept of our own lacks."""
    for name in RULES:
        if concept.codable and not codebook.origin and not getattr(concept, name):
            yield positions.problem(
                ("concepts", index), "missing-key", f"the concept “{concept.code}” has no `{name}`.",
                "Two people who code alone need it; a folder (codable: false) and an imported codebook may lack it.",
            )  # fmt: skip


def hierarchy_problems(codebook: Codebook, positions: Positions) -> Iterator[Problem]:
    """A problem per parent that does not exist, and per concept that stands under itself."""
    parents = {concept.code: concept.parent for concept in codebook.concepts}
    for index, concept in enumerate(codebook.concepts):
        place = ("concepts", index, "parent")
        if concept.parent and concept.parent not in parents:
            yield positions.problem(
                place, "unknown-parent", f"the concept “{concept.code}” stands under “{concept.parent}”, which is not here.",
                f"Expected one of: {', '.join(parents)}.",
            )  # fmt: skip
        elif (circle := _circle(concept.code, parents)) is not None:
            yield positions.problem(
                place, "parent-circle", f"the concept stands under itself: {' → '.join(circle)}.",
                "Let one of them stand at the top.",
            )  # fmt: skip


def _circle(code: str, parents: dict[str, str]) -> list[str] | None:
    """The way from a concept up to itself; None when it ends at the top or in somebody else's circle."""
    way = [code]
    while (above := parents.get(way[-1], "")) and above not in way:
        way.append(above)
    return [*way, code] if above == code else None


def name_problems(codebook: Codebook, positions: Positions) -> Iterator[Problem]:
    """A problem per name that two concepts under one parent share."""
    index = {concept.code: place for place, concept in enumerate(codebook.concepts)}
    for one, other, language in _same_names(codebook):
        if one.parent == other.parent and one.code != other.code:
            yield positions.problem(
                ("concepts", index[other.code], "name", language), "duplicate-name",
                f"“{other.code}” has the name of “{one.code}” in {language}, capitals and blanks aside.",
                "Give each its own name.",
            )  # fmt: skip


def _same_names(codebook: Codebook) -> Iterator[tuple[Concept, Concept, str]]:
    first: dict[tuple[str, str], Concept] = {}
    for concept in codebook.concepts:
        for language, name in concept.name.items():
            known = first.setdefault((language, " ".join(name.casefold().split())), concept)
            if known is not concept:
                yield known, concept, language
