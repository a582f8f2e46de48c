"""Listed names in what comes in give way to their pseudonyms, with every offset; nothing goes out in which one stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace

from clustergov.casestudies.documents.pseudonyms import FILE, Named, Pseudonyms
from clustergov.casestudies.exchange.refi import Project, Selection, TextSource, Value
from clustergov.instruments.exchange import Notes
from clustergov.problems import InputError, Problem


def pseudonymised(project: Project, pseudonyms: Pseudonyms, notes: Notes) -> Project:
    """A project without any of the listed names; a selection that began or ended within one has the whole pseudonym."""
    if not pseudonyms.entries:
        return project

    def said(text: str) -> str:
        return pseudonyms.apply(text)[0]

    return replace(
        project,
        name=said(project.name),
        description=said(project.description),
        users=tuple(replace(each, name=said(each.name)) for each in project.users),
        codes=tuple(replace(each, name=said(each.name), description=said(each.description)) for each in project.codes),
        variables=tuple(replace(each, name=said(each.name)) for each in project.variables),
        cases=tuple(
            replace(each, name=said(each.name), description=said(each.description), values=_values(each.values, pseudonyms))
            for each in project.cases
        ),
        sources=tuple(_source(each, pseudonyms, notes) for each in project.sources),
        memos=tuple(replace(each, name=said(each.name), text=said(each.text)) for each in project.memos),
        sets=tuple(replace(each, name=said(each.name), description=said(each.description)) for each in project.sets),
    )  # fmt: skip


def without_names(problem: Problem, pseudonyms: Pseudonyms) -> Problem:
    """A note in which no listed name stands, since reports lie beside the study."""
    return replace(problem, message=pseudonyms.apply(problem.message)[0], place=pseudonyms.apply(problem.place)[0])


def refuse_names(contents: Mapping[str, str], pseudonyms: Pseudonyms) -> None:
    """Make sure that no listed name stands in what goes out.

    Raises
    ------
    InputError
        One problem per part in which one does; no name is repeated.
    """
    problems = []
    for place, text in contents.items():
        named = [each for each in pseudonyms.find(text) if each.sure] if pseudonyms.entries else []
        if named:
            problems.append(
                Problem("name-survives", f"{len(named)} listed names stand here, the first of them name {named[0].entry + 1} of "
                        f"{FILE}; nothing was written.", "See clustergov casestudies privacy.", place=place)
            )  # fmt: skip
    if problems:
        raise InputError(problems)


def _values(values: tuple[Value, ...], pseudonyms: Pseudonyms) -> tuple[Value, ...]:
    return tuple(replace(each, text=pseudonyms.apply(each.text)[0]) for each in values)


def _source(source: TextSource, pseudonyms: Pseudonyms, notes: Notes) -> TextSource:
    found = pseudonyms.find(source.text)
    moved = _Moved(source.text, [each for each in found if each.sure], pseudonyms)
    name = pseudonyms.apply(source.name)[0]
    if moved.spans:
        notes.add(
            "refi-pseudonyms",
            f"{len(moved.spans)} listed names gave way to their pseudonyms; offsets moved with them.",
            place=name,
        )
    if doubtful := sum(not each.sure for each in found):
        notes.add("refi-perhaps-names", f"{doubtful} words are perhaps listed names, and were left.", place=name,
                  fix="See clustergov casestudies privacy.")  # fmt: skip
    return replace(
        source,
        name=name,
        text=moved.text,
        description=pseudonyms.apply(source.description)[0],
        selections=tuple(moved.selection(each, pseudonyms) for each in source.selections),
        values=_values(source.values, pseudonyms),
    )


class _Moved:
    """A text with pseudonyms in the place of names, and where its offsets went."""

    def __init__(self, text: str, spans: list[Named], pseudonyms: Pseudonyms) -> None:
        self.spans, self._shifts = spans, [0]
        parts, last = [], 0
        for span in spans:
            pseudonym = pseudonyms.entries[span.entry].pseudonym
            parts += [text[last : span.start], pseudonym]
            last = span.end
            self._shifts.append(self._shifts[-1] + len(pseudonym) - (span.end - span.start))
        self.text = "".join([*parts, text[last:]])
        self._starts = [span.start for span in spans]

    def selection(self, selection: Selection, pseudonyms: Pseudonyms) -> Selection:
        return replace(
            selection,
            start=self._offset(selection.start, end=False),
            # What holds nothing stays so, also within a name.
            end=self._offset(selection.end, end=selection.end != selection.start),
            name=pseudonyms.apply(selection.name)[0],
            description=pseudonyms.apply(selection.description)[0],
        )

    def _offset(self, offset: int, *, end: bool) -> int:
        """An offset now; within a name it goes to its beginning, or to its end for the end of a selection."""
        # A name that begins where a selection ends is not touched by it.
        before = bisect_right(self._starts, offset - 1)
        if before and offset < self.spans[before - 1].end:
            return (
                self.spans[before - 1].end + self._shifts[before]
                if end
                else self.spans[before - 1].start + self._shifts[before - 1]
            )
        return offset + self._shifts[before]
