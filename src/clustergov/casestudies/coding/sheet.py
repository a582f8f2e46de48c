"""A sheet: the codings of one document by one coder in one round, as they stand after a file and later actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clustergov.casestudies.coding.coding import Coding, CodingFile, Key, ResolutionEntry, file_text
from clustergov.casestudies.documents.passage import Passage
from clustergov.language import Text

CASE = "case"
"""Name under which a memo about the whole case is kept; no note or document may have it."""

Json = Any
"""A value as JSON has it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a sheet before and after an action; applying it twice is applying it once.

    Attributes
    ----------
    what : {"coding", "memo", "done", "resolution"}
    key : tuple of str
        Where and concept of a coding; identifier of a disagreement; empty otherwise.
    before, after : JSON or None
        None: there is none.
    """

    what: str
    key: tuple[str, ...]
    before: Json
    after: Json

    @property
    def reversed(self) -> Change:
        return Change(self.what, self.key, self.after, self.before)


@dataclass(slots=True)
class Sheet:
    """What one coder has said about one document in one round; it changes by `apply` only.

    Attributes
    ----------
    codings : dict
        Where and concept → coding.
    memo : Text or None
    done : str
        When the coder said that the document is done, UTC; empty: not.
    resolutions : dict
        Identifier of a disagreement → how it was settled; only for the coder `consensus`.
    sha256 : str
        Of the document when its passages were anchored; empty where there are none.
    """

    case: str
    document: str
    coder: str
    round: int = 1
    codings: dict[Key, Coding] = field(default_factory=dict)
    memo: Text | None = None
    done: str = ""
    resolutions: dict[str, ResolutionEntry] = field(default_factory=dict)
    sha256: str = ""

    @classmethod
    def of_file(cls, case: str, head: CodingFile, codings: tuple[Coding, ...]) -> Sheet:
        resolutions = {entry.disagreement: entry for entry in head.resolutions}
        return cls(
            case, head.document, head.coder, head.round, {coding.key: coding for coding in codings}, head.memo,
            head.done, resolutions, head.sha256,
        )  # fmt: skip

    def value(self, what: str, key: tuple[str, ...] = ()) -> Json:
        """What stands there now, as an action would say it."""
        if what == "coding":
            coding = self.codings.get((key[0], key[1]))
            return None if coding is None else as_json(coding)
        if what == "resolution":
            entry = self.resolutions.get(key[0])
            return None if entry is None else entry.model_dump(mode="json", exclude_defaults=True)
        return (dict(self.memo) if self.memo else None) if what == "memo" else (self.done or None)

    def apply(self, change: Change) -> None:
        """Let a change happen.

        Raises
        ------
        KeyError, TypeError, ValueError
            It is not of the form that an action has.
        """
        if change.what == "coding":
            self._apply_coding((change.key[0], change.key[1]), change.after)
        elif change.what == "resolution":
            self.resolutions.pop(change.key[0], None)
            if change.after is not None:
                self.resolutions[change.key[0]] = ResolutionEntry.model_validate(change.after)
        elif change.what == "memo":
            self.memo = Text(change.after) if change.after else None
        elif change.what == "done":
            self.done = str(change.after or "")
        else:
            raise ValueError(change.what)

    def _apply_coding(self, key: Key, after: Json) -> None:
        if after is None:
            self.codings.pop(key, None)
            return
        coding = self.coding(after)
        if coding.key != key:
            raise ValueError(key)
        self.codings[key] = coding
        if coding.passage is not None:
            self.sha256 = coding.passage.sha256

    def coding(self, entry: Mapping[str, Json]) -> Coding:
        """A coding of this sheet from the form that an action has.

        Raises
        ------
        KeyError, TypeError, ValueError
            It is not of that form.
        """
        known = {"concept", "polarity", "at", "memo", "start", "end", "exact", "before", "after", "sha256"}
        if not known.issuperset(entry) or entry.get("polarity") not in (None, "supports", "qualifies", "contradicts"):
            raise ValueError(sorted(entry))
        passage = None
        if "start" in entry:
            exact, before, after = (str(entry[name]) for name in ("exact", "before", "after"))
            start, end = int(entry["start"]), int(entry["end"])
            if start < 0 or not exact or end - start != len(exact):
                raise ValueError(f"{start}-{end}")
            passage = Passage(self.document, str(entry["sha256"]), exact, before, after, start, end)
        memo = Text(entry["memo"]) if entry.get("memo") else None
        where = "" if passage else str(entry["at"])
        return Coding(self.case, self.document, self.coder, str(entry["concept"]), where, passage, entry.get("polarity"),
                      memo, self.round)  # fmt: skip

    def text(self) -> str:
        """The file that holds all of this."""
        head: dict[str, Json] = {"document": self.document, "coder": self.coder}
        if self.round != 1:
            head["round"] = self.round
        if any(coding.passage is not None for coding in self.codings.values()):
            head["sha256"] = self.sha256
        if self.done:
            head["done"] = self.done
        if self.memo:
            head["memo"] = dict(self.memo)
        if self.resolutions:
            entries = [self.resolutions[name] for name in sorted(self.resolutions)]
            head["resolutions"] = [entry.model_dump(mode="json", exclude_defaults=True) for entry in entries]
        return file_text(head, self.codings.values())


def as_json(coding: Coding) -> dict[str, Json]:
    """A coding in the form that an action has; what it shares with its sheet is left out."""
    entry: dict[str, Json] = {"concept": coding.concept}
    if coding.polarity is not None:
        entry["polarity"] = coding.polarity
    if (passage := coding.passage) is None:
        entry["at"] = coding.at
    else:
        entry |= {"start": passage.start, "end": passage.end, "exact": passage.exact, "before": passage.before}
        entry |= {"after": passage.after, "sha256": passage.sha256}
    if coding.memo is not None:
        entry["memo"] = dict(coding.memo)
    return entry
