"""Several registries of claims as one: what clashes between files, and how they are joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clustergov.analysis.claims.claim import Claims
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

NAMED = ("sources", "samples", "deviations", "adjustments", "families")
"""Parts of a file that have names; the same name in two files must mean the same."""


def clashes(files: Sequence[tuple[Claims, Positions]]) -> Iterator[Problem]:
    """What stands in two files and cannot be joined, told at the later one."""
    ids: dict[str, str] = {}
    named: dict[tuple[str, str], tuple[Any, str]] = {}
    for claims, positions in files:
        yield from _ids(claims, positions, ids)
        yield from _names(claims, positions, named)
        first, place = files[0]
        if claims.minimum_n != first.minimum_n:
            yield positions.problem(("minimum n",), "minimum-differs",
                                    f"{place.file} asks for {first.minimum_n} usable answers, this file for "
                                    f"{claims.minimum_n}.", "Give both the same minimum.")  # fmt: skip


def _ids(claims: Claims, positions: Positions, seen: dict[str, str]) -> Iterator[Problem]:
    own: dict[str, Place] = {}
    for i, claim in enumerate(claims.claims):
        own.setdefault(claim.id, ("claims", i, "id"))
        for j, part in enumerate(claim.parts):
            own.setdefault(part.id, ("claims", i, "parts", j, "id"))
    for name, place in own.items():
        if name in seen:
            yield positions.problem(place, "duplicate-id", f"the id “{name}” stands in {seen[name]} too.",
                                    "Begin the ids of one registry with a letter of its own, such as G1 and G1a.")  # fmt: skip
    seen |= dict.fromkeys(own, positions.file)


def _names(claims: Claims, positions: Positions, seen: dict[tuple[str, str], tuple[Any, str]]) -> Iterator[Problem]:
    for key in NAMED:
        entries: Mapping[str, Any] = getattr(claims, key)
        for name, entry in entries.items():
            other = seen.setdefault((key, name), (entry, positions.file))
            if other[0] != entry:
                yield positions.problem((key, name), "clash", f"“{name}” under {key} means something else in {other[1]}.",
                                        "Give one of them another name.")  # fmt: skip
    families = {claim.family: i for i, claim in reversed(list(enumerate(claims.claims))) if claim.family}
    for name, i in families.items():
        other = seen.setdefault(("family", name), (None, positions.file))
        if other[1] != positions.file:
            yield positions.problem(("claims", i, "family"), "clash", f"claims of {other[1]} form a family “{name}” too.",
                                    "Families do not reach over files: give one of them another name.")  # fmt: skip


def together(registries: Sequence[Claims]) -> Claims:
    """One registry of several that do not clash, claims in the order of the files."""
    if len(registries) == 1:
        return registries[0]
    joined = {key: {name: entry for each in registries for name, entry in getattr(each, key).items()} for key in NAMED}
    claims = tuple(claim for each in registries for claim in each.claims)
    return registries[0].model_copy(update={**joined, "claims": claims})
