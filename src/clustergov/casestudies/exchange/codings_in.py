"""Codings that come in: by whom, of what, where, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from clustergov.casestudies.coding.coding import CONSENSUS, Coding, Key
from clustergov.casestudies.coding.names import clean, mistaken_for
from clustergov.casestudies.documents.passage import anchor, find
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.elements import counted
from clustergov.casestudies.exchange.intake import Intake
from clustergov.casestudies.exchange.labelled import by_language, first
from clustergov.casestudies.exchange.outward import key_of
from clustergov.casestudies.exchange.refi import CodeUse, Selection, TextSource
from clustergov.casestudies.exchange.sidecar import Known
from clustergov.casestudies.exchange.texts_in import Taken, Texts
from clustergov.instruments.exchange import listed
from clustergov.language import Text
from clustergov.problems import InputError

Slot = tuple[str, str, str, int, Key]
"""Case, document, coder, round, and where and concept: what can be there once."""

_WHY = {
    "refi-coding-code": "its code is not in the file",
    "refi-coding-empty": "its selection holds nothing",
    "refi-coding-outside": "its selection lies outside the text",
    "refi-coding-lost": "its passage was not found in the study's text",
}
_SAID = {
    "refi-cut": "selections that reached beyond the end of the text, and end there now",
    "refi-reversed": "selections that ended before they began, and were turned round",
    "refi-whole": "codes given to a text as a whole, which stand on all of it",
    "refi-widened": "selections of a part of a statement, or of several, which stand on whole statements",
    "refi-between": "codings left out, since they stood on no statement that the study has",
    "refi-repeated": "codings that repeat another in the file; one of each was kept, with every memo",
    "refi-there": "codings that the study had already",
    "refi-differs": "codings that the study has with another polarity or memo; the study's were kept",
}


def take_coders(intake: Intake) -> tuple[dict[str, str], list[Known]]:
    """GUIDs of users → names of coders: those of the study where GUID or name are the same, else new and unmistakable."""
    of: dict[str, str] = {}
    known, there = [], {*(_coders(intake))}
    own = {intake.sidecar.guid("user", coder): coder for coder in there}
    for number, user in enumerate(intake.project.users, start=1):
        if user.guid in of:
            continue
        name = own.get(user.guid) or _coder(user.name, number, intake)
        if name not in there or name in of.values():
            other = mistaken_for(name, {*there, *of.values()}) or (name if name in of.values() else "")
            fresh = name
            if other:
                fresh = next(each for count in range(2, 1_000_000) if not mistaken_for(each := f"{name} ({count})", {*there, *of.values()}) and each not in of.values())  # fmt: skip
                intake.notes.add("refi-coder", f"“{user.name}” can be taken for the coder “{other}”, and is called “{fresh}” here.",
                                 fix="If they are one person, give both one name.")  # fmt: skip
            name = fresh
        of[user.guid] = name
        if name not in there:
            known.append(Known("user", name, user.guid, user.name if user.name != name else ""))
    return of, known


def _coders(intake: Intake) -> Iterator[str]:
    if intake.corpus is not None:
        yield from {coding.coder for coding in intake.corpus.codings}


def _coder(name: str, number: int, intake: Intake) -> str:
    if name == CONSENSUS and (intake.lines or intake.corpus):
        return CONSENSUS
    try:
        return clean(name)
    except InputError:
        fresh = f"coder {number}"
        intake.notes.add("refi-coder", f"the user “{name[:60]}” cannot be called so here, and is “{fresh}”.")
        return fresh


class Codings:
    """Codings that came in, and those that could not be taken."""

    def __init__(self, intake: Intake, texts: Texts, concepts: dict[str, str], cases: dict[str, str]) -> None:
        self.intake, self.texts, self.concepts, self.cases = intake, texts, concepts, cases
        self.coders, self.known = take_coders(intake)
        self.fresh: dict[Slot, Coding] = {}
        self._there = {_slot(coding): coding for coding in (intake.corpus.codings if intake.corpus else ())}
        self._said: Counter[str] = Counter()
        self._left: dict[str, list[str]] = {}

    def take(self) -> tuple[Coding, ...]:
        """All of them, noting what was left out or repaired."""
        links = self._linked()
        for place, source in enumerate(self.intake.project.sources):
            taken = self.texts.of[place]
            if source.uses:
                whole = Selection("", 0, len(source.text), uses=source.uses)
                self._said["refi-whole"] += sum(use.code not in self.cases for use in source.uses)
                self._selection(whole, source, taken)
            for selection in source.selections:
                notes = (*selection.notes, *links.get(selection.guid, ()))
                self._selection(replace(selection, notes=notes), source, taken)
        self._say()
        return tuple(self.fresh.values())

    def _linked(self) -> dict[str, list[str]]:
        """Notes that a link, and nothing else, ties to a selection."""
        found: dict[str, list[str]] = {}
        for link in self.intake.project.links:
            for note, other in ((link.origin, link.target), (link.target, link.origin)):
                if note in self.intake.memos:
                    found.setdefault(other, []).append(note)
        return found

    def _selection(self, selection: Selection, source: TextSource, taken: Taken) -> None:
        lines = describing.coding_lines_of(selection.description)
        if not selection.uses and (selection.description.strip() or selection.notes):
            words = " / ".join([selection.description.strip(), *self.intake.memo(*selection.notes)]).strip(" /")
            self.intake.notes.add("refi-annotation", f"left out, a remark without a code at {selection.start}–{selection.end}: {words}",
                                  place=source.name)  # fmt: skip
        for use in selection.uses:
            if use.code in self.cases:
                continue
            concept = self.concepts.get(use.code)
            if concept is None:
                self._leave("refi-coding-code", source)
                continue
            bare = Coding(taken.case, taken.document, self._coder(use, selection), concept)
            if lines:
                polarity: Any = first(lines, "polarity")
                bare = replace(
                    bare, polarity=polarity if polarity in ("supports", "qualifies", "contradicts") else None
                )
                number = first(lines, "round")
                bare = replace(bare, round=int(number) if number.isdigit() and 0 < int(number[:6]) < 1000 else 1)
            bare = replace(
                bare, memo=self._memo(selection, use, by_language(lines, "memo") if lines else {}, bool(lines))
            )
            for coding in self._placed(bare, selection, source, taken):
                self._keep(coding, use, selection)

    def _coder(self, use: CodeUse, selection: Selection) -> str:
        for guid in (use.user, selection.user):
            if guid in self.coders:
                return self.coders[guid]
        return "unknown"

    def _memo(self, selection: Selection, use: CodeUse, own: dict[str, str], labelled: bool) -> Text | None:
        words = [] if labelled else [selection.description.strip()]
        for text in self.intake.memo(*selection.notes, *use.notes):
            if text not in own.values() and text not in words:
                words.append(text)
        more = "\n\n".join(filter(None, words))
        language = self.intake.language
        if more:
            own = {**own, language: "\n\n".join(filter(None, [own.get(language, ""), more]))}
        return Text(own) if own else None

    def _placed(self, bare: Coding, selection: Selection, source: TextSource, taken: Taken) -> Iterator[Coding]:
        start, end = selection.start, selection.end
        if start > end:
            start, end = end, start
            self._said["refi-reversed"] += 1
        if start < 0 or start >= len(source.text):
            self._leave("refi-coding-outside" if start != end else "refi-coding-empty", source)
            return
        if end > len(source.text):
            end = len(source.text)
            self._said["refi-cut"] += 1
        if start == end:
            self._leave("refi-coding-empty", source)
            return
        if taken.units:
            yield from self._on_units(bare, start, end, taken)
            return
        passage = anchor(source.text, start, end, document=taken.document)
        if taken.changed:
            found = find(passage, taken.text)
            if found.start is None or found.end is None:
                self._leave("refi-coding-lost", source)
                return
            passage = anchor(taken.text, found.start, found.end, document=taken.document)
        yield replace(bare, passage=passage)

    def _on_units(self, bare: Coding, start: int, end: int, taken: Taken) -> Iterator[Coding]:
        """A statement is coded whole: what touches it is on it."""
        touched = [code for code, (first_, last) in taken.units.items() if first_ < end and start < last]
        if not touched:
            self._said["refi-between"] += 1
            return
        if len(touched) != 1 or taken.units[touched[0]] != (start, end):
            self._said["refi-widened"] += 1
        for code in touched:
            yield replace(bare, at=code)

    def _keep(self, coding: Coding, use: CodeUse, selection: Selection) -> None:
        slot = _slot(coding)
        there, twin = self._there.get(slot), self.fresh.get(slot)
        if there is not None:
            same = (there.polarity, there.memo) == (coding.polarity, coding.memo)
            self._said["refi-there" if same else "refi-differs"] += 1
        elif twin is not None:
            self._said["refi-repeated"] += 1
            self.fresh[slot] = replace(
                twin, polarity=twin.polarity or coding.polarity, memo=_both(twin.memo, coding.memo)
            )
        else:
            self.fresh[slot] = coding
            key = key_of(coding)
            self.known.append(Known("coding", key, use.guid, "", use.time or selection.time))
            if len(selection.uses) == 1:
                self.known.append(Known("selection", key, selection.guid))

    def _leave(self, rule: str, source: TextSource) -> None:
        self._left.setdefault(rule, []).append(source.name)

    def _say(self) -> None:
        for rule, names in self._left.items():
            self.intake.notes.add(
                rule,
                f"left out: {counted(len(names), 'coding')}, since {_WHY[rule]} ({listed(list(dict.fromkeys(names)))}).",
            )
        for rule, number in self._said.items():
            if number:
                self.intake.notes.add(rule, f"{_SAID[rule]}: {number}.")
        if any(coding.coder == "unknown" for coding in self.fresh.values()):
            self.intake.notes.add("refi-coder", "codings of nobody in particular are by the coder “unknown”.")


def _slot(coding: Coding) -> Slot:
    return coding.case, coding.document, coding.coder, coding.round, coding.key


def _both(one: Text | None, other: Text | None) -> Text | None:
    if not one or not other or one == other:
        return one or other
    merged = dict(one)
    for language, words in other.items():
        merged[language] = (
            f"{merged[language]}\n\n{words}" if language in merged and merged[language] != words else words
        )
    return Text(merged)
