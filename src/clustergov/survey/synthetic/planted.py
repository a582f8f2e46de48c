"""From declared associations to pairs of variables: names of lists are opened, and no pair is planted twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import Problem
from clustergov.survey.synthetic.copula import Planted
from clustergov.survey.synthetic.declaration import AssociationEntry, Declaration
from clustergov.survey.synthetic.sketch_declaration import SketchDeclaration
from clustergov.yaml_file import Place, Positions


def opened(names: tuple[str, ...], questionnaire: Questionnaire) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The variables that names stand for (a variable, else a construct's items, else a question's), and unknown names."""
    constructs = {construct.code: construct.items for construct in questionnaire.constructs}
    found: list[str] = []
    unknown = []
    for name in names:
        if name in questionnaire.by_name:
            found.append(name)
        elif name in constructs:
            found += constructs[name]
        else:
            variables = [variable.name for variable in questionnaire.of(name) if variable.kind != "text"]
            found += variables
            unknown += [] if variables else [name]
    return tuple(dict.fromkeys(found)), tuple(unknown)


def planted_pairs(
    declared: Declaration | SketchDeclaration, questionnaire: Questionnaire, positions: Positions
) -> tuple[tuple[Planted, ...], list[Problem]]:
    """Every pair of the declared associations, and what is wrong with them."""
    problems: list[Problem] = []
    planted: dict[frozenset[str], Planted] = {}
    for place, entry in enumerate(declared.associations):
        at: Place = ("associations", place)
        wrong = list(_mistakes(entry, declared, questionnaire, positions, at))
        problems += wrong
        for first, second in () if wrong else _pairs(entry, questionnaire):
            pair = frozenset((first, second))
            if pair in planted or len(pair) == 1:
                what = "is planted twice" if pair in planted else "is a variable with itself"
                problems.append(positions.problem(at, "duplicate-pair", f"{first} × {second} {what}.", "Keep one."))
                continue
            planted[pair] = Planted(
                first, second, entry.tau, entry.mark, entry.claim, entry.source, entry.note, at, entry.published
            )
    return tuple(planted.values()), problems


def _mistakes(
    entry: AssociationEntry,
    declared: Declaration | SketchDeclaration,
    questionnaire: Questionnaire,
    positions: Positions,
    at: Place,
) -> Iterator[Problem]:
    if bool(entry.among) == bool(entry.of and entry.to) or bool(entry.of) != bool(entry.to):
        yield positions.problem(at, "association", "expected either `of` and `to`, or `among`.", "Give one of them.")
    parts = {part for composition in declared.compositions.values() for part in composition.parts}
    for name in opened((*entry.of, *entry.to, *entry.among), questionnaire)[1]:
        yield positions.problem(at, "unknown-variable", f"“{name}” is no variable, question or construct of the "
                                "questionnaire.", "Check its spelling.")  # fmt: skip
    for name in opened((*entry.of, *entry.to, *entry.among), questionnaire)[0]:
        if name in parts or questionnaire.by_name[name].kind not in ("choice", "tick", "number"):
            yield positions.problem(at, "not-correlated", f"{name} is a text or a part of a composition, which is "
                                    "independent of everything else.", "Leave it out.")  # fmt: skip
    lengths = [len(opened(names, questionnaire)[0]) for names in (entry.of, entry.to)]
    if entry.paired and lengths[0] != lengths[1]:
        yield positions.problem(at, "pairing", f"expected as many of each, found {lengths[0]} and {lengths[1]}.",
                                "Pair one to one, or drop `paired`.")  # fmt: skip


def _pairs(entry: AssociationEntry, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    of, to, among = (opened(names, questionnaire)[0] for names in (entry.of, entry.to, entry.among))
    if among:
        return combinations(among, 2)
    if entry.paired:
        return zip(of, to, strict=True)
    return ((first, second) for first in of for second in to)
