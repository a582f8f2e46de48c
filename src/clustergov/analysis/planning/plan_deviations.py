"""What differs between a frozen plan and what a study declares now, in words: added, removed, changed, put in another order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from clustergov.analysis.planning.frozen_plan import FrozenFile, FrozenPlan, ResponsesThen, canonical, simplified
from clustergov.language import LANGUAGES, say

Change = Literal["added", "removed", "changed", "reordered"]

NAMES = ("id", "code", "name")
"""Keys by which entries of a list are known: one of them in every entry, none twice."""
WORDING = {
    "title",
    "label",
    "text",
    "reason",
    "note",
    "because",
    "statement",
    "step",
    "help",
    "citation",
    "url",
    "locator",
}
"""Keys whose value is told to a reader and decides nothing."""
ASKED = {"title", "label", "text", "help", "note"}
"""Of these the ones that a respondent reads: in a questionnaire another wording is another question."""
LONGEST = 80
"""Characters of a value that is shown."""


@dataclass(frozen=True, slots=True)
class PlanDeviation:
    """One difference.

    Attributes
    ----------
    name : str
        Of the declared file: ``claims``, ``verdicts`` …
    file : str
    change : Change
    place : tuple of str
        Keys from the root, entries of lists by their id or code: ``("claims", "5", "parts", "5a", "form")``; empty for a
        whole file.
    before, after : str
        As canonical text, shortened; empty where there is none.
    wording : bool
        Only words for readers differ, which decide nothing.
    """

    name: str
    file: str
    change: Change
    place: tuple[str, ...]
    before: str
    after: str
    wording: bool

    def sentence(self, language: str) -> str:
        where = " › ".join(self.place) or say("plan.whole", language)
        return say(f"plan.{self.change}", language, file=self.file, place=where, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class PlanDeviations:
    """A frozen plan held against the present.

    Attributes
    ----------
    date, note, hash : str
        Of the plan; `hash` as its content has it.
    intact : bool
        Whether the lock's content has the hash that the lock itself names.
    responses : ResponsesThen
        What stood for responses when it was frozen, by the lock's own word.
    deviations : tuple of PlanDeviation
    """

    date: str
    note: str
    hash: str
    intact: bool
    responses: ResponsesThen
    deviations: tuple[PlanDeviation, ...]

    @property
    def deciding(self) -> tuple[PlanDeviation, ...]:
        """Those that are more than wording."""
        return tuple(deviation for deviation in self.deviations if not deviation.wording)

    @property
    def kept(self) -> bool:
        """Whether the plan is the one that was frozen, wording aside."""
        return self.intact and not self.deciding

    def frame(self) -> pd.DataFrame:
        """One row per deviation: name, file, change, place, before, after, wording."""
        rows = [(d.name, d.file, d.change, " > ".join(d.place), d.before, d.after, d.wording) for d in self.deviations]
        return pd.DataFrame(rows, columns=["name", "file", "change", "place", "before", "after", "wording"])

    def told(self, language: str) -> tuple[str, ...]:
        """When it was frozen, what differs, and what can and what cannot be known."""
        deciding, words = len(self.deciding), len(self.deviations) - len(self.deciding)
        sentences = [say("plan.frozen", language, date=self.date, hash=f"{self.hash[:16]}…")]
        if self.note:
            sentences.append(say("plan.note", language, note=self.note))
        if not self.intact:
            sentences.append(say("plan.edited", language))
        sentences.append(say("plan.none" if not deciding else "plan.some", language, deciding=deciding))
        sentences += [deviation.sentence(language) for deviation in self.deciding]
        if words:
            sentences.append(say("plan.wording", language, words=words))
        return (*sentences, say(f"plan.responses.{self.responses}", language), say("plan.proof", language))

    def sentence(self, language: str) -> str:
        return " ".join(self.told(language))


def plan_deviations(plan: FrozenPlan, claimed_hash: str, now: Mapping[str, FrozenFile]) -> PlanDeviations:
    """Hold a frozen plan against what is declared now."""
    found: list[PlanDeviation] = []
    for name in dict.fromkeys([*plan.files, *now]):
        then, today = plan.files.get(name), now.get(name)
        if then is None and today is not None:
            found.append(PlanDeviation(name, today.file, "added", (), "", "", wording=False))
        elif today is None and then is not None:
            found.append(PlanDeviation(name, then.file, "removed", (), "", "", wording=False))
        elif then is not None and today is not None:
            found += differences(name, today.file, simplified(then.content), simplified(today.content))
    return PlanDeviations(plan.date, plan.note, plan.hash, plan.hash == claimed_hash, plan.responses, tuple(found))


def differences(name: str, file: str, before: Any, after: Any, place: tuple[str, ...] = ()) -> Iterator[PlanDeviation]:
    """Every difference of two trees of plain data, each told once at the place where it begins."""
    if canonical(before) == canonical(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _entry(name, file, before, after, key, place)
        return
    if isinstance(before, list) and isinstance(after, list) and (key := _known_by(before, after)):
        then, now = ({str(entry[key]): entry for entry in entries} for entries in (before, after))
        for code in dict.fromkeys([*then, *now]):
            yield from _entry(name, file, then, now, code, place)
        if [code for code in then if code in now] != [code for code in now if code in then]:
            yield PlanDeviation(name, file, "reordered", place, ", ".join(then), ", ".join(now), wording=False)
        return
    yield PlanDeviation(
        name, file, "changed", place, _shown(before), _shown(after), _is_wording(name, place, before, after)
    )


def _entry(
    name: str, file: str, before: Mapping[str, Any], after: Mapping[str, Any], key: str, place: tuple[str, ...]
) -> Iterator[PlanDeviation]:
    here = (*place, str(key))
    if key not in before:
        yield PlanDeviation(
            name, file, "added", here, "", _shown(after[key]), _is_wording(name, here, None, after[key])
        )
    elif key not in after:
        yield PlanDeviation(
            name, file, "removed", here, _shown(before[key]), "", _is_wording(name, here, before[key], None)
        )
    else:
        yield from differences(name, file, before[key], after[key], here)


def _known_by(before: list[Any], after: list[Any]) -> str:
    """The key that names every entry of both lists without repetition; empty when there is none."""
    for key in NAMES:
        lists = [
            [entry.get(key) if isinstance(entry, Mapping) else None for entry in entries] for entries in (before, after)
        ]
        if all(None not in found and len({str(code) for code in found}) == len(found) for found in lists):
            return key
    return ""


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _is_wording(name: str, place: tuple[str, ...], before: Any, after: Any) -> bool:
    """Whether a place, or what stands there, is words for readers: a key of WORDING, or a text per language.

    Of a questionnaire only what its respondents do not read.
    """
    if name.startswith("questionnaire"):
        return any(key in WORDING - ASKED for key in place)
    if any(key in WORDING or key in LANGUAGES for key in place):
        return True
    return all(
        value is None or (isinstance(value, Mapping) and bool(value) and set(value) <= set(LANGUAGES))
        for value in (before, after)
    )
