"""Whether cases were chosen before they were read: the time of the frozen choice against the first coding of each case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from clustergov.analysis.case_selection.selection_lock import SelectionState
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.first_coded import FirstCoded, moment_of
from clustergov.language import LANGUAGES, Text, both

Order = Literal["after", "before", "not known", "not coded"]
"""Of the first coding, relative to the frozen choice."""


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """One order per case; empty where no choice is frozen."""

    orders: tuple[tuple[str, Text, Order], ...]

    @property
    def sentences(self) -> tuple[Text, ...]:
        """One sentence per order that occurs, naming its cases."""
        told = []
        for order in ("before", "not known", "after", "not coded"):
            titles = [title for _, title, found in self.orders if found == order]
            if titles:
                names = Text({language: "; ".join(title.to(language) for title in titles) for language in LANGUAGES})
                told.append(both(f"joint.order.{order}", cases=names))
        return tuple(told)


def reading_order(corpus: Corpus, state: SelectionState, first: Mapping[str, FirstCoded]) -> ReadingOrder:
    """Hold the first coding of every case against the time at which the choice was frozen."""
    if state.lock is None or state.state in ("not frozen", "unreadable", "altered"):
        return ReadingOrder(())
    frozen = moment_of(state.lock.time)
    orders: list[tuple[str, Text, Order]] = []
    coded = {coding.case for coding in corpus.codings}
    for case in corpus.cases:
        known = first.get(case.case)
        if case.case not in coded and (known is None or known.time is None):
            orders.append((case.case, case.title, "not coded"))
            continue
        early = known.before(frozen) if known else None
        orders.append((case.case, case.title, "not known" if early is None else "before" if early else "after"))
    return ReadingOrder(tuple(orders))
