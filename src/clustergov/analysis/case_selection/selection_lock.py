"""A selection of cases frozen by hash before any of them is read, and whether it is still the one that was frozen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from clustergov.analysis.case_selection.selection import CaseSelection
from clustergov.analysis.planning.frozen_plan import canonical, simplified
from clustergov.language import Text, both

FORMAT = 1

State = Literal["not frozen", "unreadable", "altered", "kept", "changed"]
"""not frozen: there is no lock. altered: its content does not have its hash. changed: it no longer fits the study."""


@dataclass(frozen=True, slots=True)
class FrozenChoice:
    """One chosen organisation or pair, as frozen.

    Attributes
    ----------
    rule, driver : str
    rank : int
    respondents : tuple of str
        Pseudonyms.
    numbers : mapping of str to number
        The value it was ranked by, and its own numbers, rounded to six digits.
    reason : mapping
        Language to words.
    """

    rule: str
    driver: str
    rank: int
    respondents: tuple[str, ...]
    numbers: Mapping[str, Any]
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SelectionLock:
    """What was frozen.

    Attributes
    ----------
    time : str
        ISO, with time zone: when it was frozen, by the clock of whoever froze it. Only a deposit of the hash shows it to
        others.
    synthetic : bool
    data : str
        Hash of the sample.
    declaration, model : Any
        Content of the declaration of selection, and of the declared models with their predictors.
    chosen : tuple of FrozenChoice
    """

    time: str
    note: str
    synthetic: bool
    data: str
    declaration: Any
    model: Any
    chosen: tuple[FrozenChoice, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of everything in it."""
        return sha256(canonical(_content(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SelectionState:
    """Whether a selection is the one that was frozen.

    Attributes
    ----------
    state : State
    lock : SelectionLock or None
    changes : tuple of Text
        What differs, in words; without anybody's pseudonym.
    """

    state: State
    lock: SelectionLock | None
    changes: tuple[Text, ...] = ()

    @property
    def sentences(self) -> tuple[Text, ...]:
        """The state in words, then every change."""
        values = {"time": self.lock.time, "hash": self.lock.hash[:12]} if self.lock else {}
        return (both(f"case_selection.state.{self.state}", **values), *self.changes)


def freeze(selection: CaseSelection, *, time: str, note: str = "") -> SelectionLock:
    """Freeze a selection as it is now."""
    numbers = selection.modelled.frame()
    chosen = []
    for each in selection.chosen:
        who = selection.respondents(each)
        own = {name: float(numbers[name].iloc[each.places[0]])
               for name in ("observed", "predicted", "low", "high", "residual", "deviance")}  # fmt: skip
        told = {"value": each.value, "tied": each.tied, **own}
        rounded = {name: float(f"{value:.6g}") for name, value in told.items() if value == value}
        chosen.append(FrozenChoice(each.rule.rule, each.rule.driver, each.rank, who, rounded, dict(each.rule.reason)))
    return SelectionLock(
        time, note, selection.synthetic, selection.data_hash, _declared(selection), _model(selection), tuple(chosen)
    )


def lock_text(lock: SelectionLock) -> str:
    """The lock as it is written: JSON, its hash first."""
    whole = {"format": FORMAT, "hash": lock.hash, **_content(lock)}
    return json.dumps(simplified(whole), ensure_ascii=False, indent=1) + "\n"


def read_lock(text: str) -> tuple[SelectionLock, str]:
    """A lock, and the hash that it claims to have.

    Raises
    ------
    ValueError
        It is no lock of ours.
    """
    whole = json.loads(text)
    try:
        if whole["format"] != FORMAT:
            raise ValueError("a lock of another format")
        chosen = tuple(
            FrozenChoice(str(each["rule"]), str(each["driver"]), int(each["rank"]),
                         tuple(map(str, each["respondents"])), dict(each["numbers"]), dict(each["reason"]))
            for each in whole["chosen"]
        )  # fmt: skip
        lock = SelectionLock(
            str(whole["time"]), str(whole["note"]), bool(whole["synthetic"]), str(whole["data"]), whole["declaration"],
            whole["model"], chosen,
        )  # fmt: skip
        return lock, str(whole["hash"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a lock without one of its parts") from error


def state_of(selection: CaseSelection, lock: SelectionLock, claimed: str) -> SelectionState:
    """Hold a selection as it is now against the one that was frozen."""
    if lock.hash != claimed:
        return SelectionState("altered", lock)
    changes = tuple(_changes(selection, lock))
    return SelectionState("changed" if changes else "kept", lock, changes)


def _changes(selection: CaseSelection, lock: SelectionLock) -> Iterator[Text]:
    if lock.synthetic != selection.synthetic:
        yield both("case_selection.change.kind")
    if canonical(lock.declaration) != canonical(_declared(selection)):
        yield both("case_selection.change.declaration")
    if canonical(lock.model) != canonical(_model(selection)):
        yield both("case_selection.change.model")
    if lock.data != selection.data_hash:
        yield both("case_selection.change.data")
    then = {(each.rule, each.driver, each.rank): frozenset(each.respondents) for each in lock.chosen}
    now: dict[tuple[str, str, int], frozenset[str]] = {
        (each.rule.rule, each.rule.driver, each.rank): frozenset(selection.respondents(each))
        for each in selection.chosen
    }
    if other := sum(then.get(key) != now.get(key) for key in then | now):
        yield both("case_selection.change.chosen", n=other, all=len(then | now))


def _declared(selection: CaseSelection) -> Any:
    """What decides who is chosen; titles and reasons are told in the lock beside each choice."""
    return selection.specification.model_dump(mode="json", exclude={"title", "mark"})


def _model(selection: CaseSelection) -> Any:
    """The predictors and the model that are fitted, without their words."""
    predictors = [
        {"code": p.code, "variable": p.variable, "sum of": list(p.sum_of), "score of": p.score_of, "per": p.per}
        for p in selection.drivers.predictors
    ]
    model = selection.specification.model_of(selection.drivers)
    return {"kind": model.kind, "outcomes": list(model.outcomes), "predictors": predictors}


def _content(lock: SelectionLock) -> dict[str, Any]:
    return {
        "time": lock.time, "note": lock.note, "synthetic": lock.synthetic, "data": lock.data,
        "declaration": lock.declaration, "model": lock.model,
        "chosen": [
            {"rule": each.rule, "driver": each.driver, "rank": each.rank, "respondents": list(each.respondents),
             "numbers": dict(each.numbers), "reason": dict(each.reason)}
            for each in lock.chosen
        ],
    }  # fmt: skip
