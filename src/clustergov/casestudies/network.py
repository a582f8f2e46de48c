"""Who takes part in a case and how they hang together: actors and the relations between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from clustergov.casestudies.codebook import Sourced, duplicates
from clustergov.language import Text
from clustergov.problems import Problem
from clustergov.yaml_file import Positions

ActorKind = Literal[
    "cluster organisation", "firm", "knowledge institute", "government", "care provider", "intermediary", "research project"
]  # fmt: skip
RelationKind = Literal[
    "founds", "funds", "governs", "supplies knowledge", "member of", "partner of", "becomes", "studies"
]


class Actor(Sourced):
    """An organisation, a group of them, or somebody in a role; never a private person.

    Attributes
    ----------
    name : Text
        As it stands in the figure, so short.
    role : Text
        What it does in this case.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: Text
    kind: ActorKind
    role: Text


class Relation(Sourced):
    """One actor does something to another; `since` and `until` are years, None where the source gives none."""

    start: str = Field(alias="from")
    to: str
    kind: RelationKind
    since: int | None = None
    until: int | None = None


def network_problems(
    actors: tuple[Actor, ...], relations: tuple[Relation, ...], positions: Positions
) -> Iterator[Problem]:
    """A problem per actor that stands twice and per relation that hangs in the air, leads to itself or stands twice."""
    yield from duplicates(positions, [(("actors", i, "code"), actor.code) for i, actor in enumerate(actors)], "actor")
    known = {actor.code for actor in actors}
    seen: set[tuple[str, str, str]] = set()
    for index, relation in enumerate(relations):
        for key, code in (("from", relation.start), ("to", relation.to)):
            if code not in known:
                yield positions.problem(
                    ("relations", index, key), "unknown-actor", f"the actor “{code}” is not listed in this file.",
                    f"List it under `actors`, or name one of: {', '.join(sorted(known)) or '(none)'}.",
                )  # fmt: skip
        if relation.start == relation.to:
            yield positions.problem(
                ("relations", index),
                "relation-to-itself",
                f"“{relation.start}” stands at both ends.",
                "Name two actors.",
            )
        if relation.since and relation.until and relation.until < relation.since:
            yield positions.problem(
                ("relations", index, "until"), "span",
                f"expected `until` not to come before `since`, found {relation.since} and {relation.until}.",
                "Exchange the two years.",
            )  # fmt: skip
        whole = (relation.start, relation.to, relation.kind)
        if whole in seen:
            yield positions.problem(
                ("relations", index),
                "relation-twice",
                f"“{whole[0]} {whole[2]} {whole[1]}” stands twice.",
                "Remove one.",
            )
        seen.add(whole)
