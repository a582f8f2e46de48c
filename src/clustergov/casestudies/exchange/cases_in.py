"""Cases that come in, and which case each text belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from clustergov.casestudies.attribute import AttributeValue, typed
from clustergov.casestudies.case import Case
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.intake import Intake
from clustergov.casestudies.exchange.labelled import Lines, by_language, first
from clustergov.casestudies.exchange.naming import code_of, completed, unlike
from clustergov.casestudies.exchange.refi import CaseEntry, TextSource, Value, VariableKind
from clustergov.casestudies.exchange.sidecar import Known
from clustergov.instruments.exchange import listed
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

QUOTES = "\"'“”„‟‘’‚‛«»‹›"


@dataclass(slots=True)
class Cases:
    """Cases of the study with those that came in.

    Attributes
    ----------
    of : dict
        GUID of a case → its code.
    fresh : dict
        Code → case that was not there.
    holder : dict
        GUID of a source → code of the case that the file puts it in.
    values : dict
        GUID of a source → values that the file keeps in a case without a name.
    """

    of: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, Case] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    known: list[Known] = field(default_factory=list)
    _default: str = ""

    def default(self, intake: Intake) -> str:
        """The case of texts that the file puts in none: the one that was named, the only one, or a new one."""
        there = [*(intake.corpus.by_case if intake.corpus else ()), *self.fresh]
        if not self._default:
            self._default = intake.case or (there[0] if len(there) == 1 and not self.of else "")
        if not self._default:
            name = intake.project.name or intake.stem
            self._default = unlike(code_of(name, "case"), there)
            self.fresh[self._default] = new_case(self._default, Text({intake.language: name}), intake)
            intake.notes.add("refi-case", f"made for texts that the file puts in no case: {self._default}.")
        return self._default


def take_cases(intake: Intake) -> Cases:
    """Recognise cases by their GUID or the code in their description; make cases of the others."""
    cases, corpus = Cases(), intake.corpus
    there = list(corpus.by_case) if corpus else []
    if intake.case and intake.case not in there:
        known = f"Expected one of: {', '.join(there)}." if there else "A new study has none yet: leave --case out."
        raise InputError(
            Problem("unknown-case", f"the study has no case “{intake.case}”.", known, file=intake.notes.file)
        )
    own = {intake.sidecar.guid("case", code): code for code in there}
    nameless = 0
    for entry in intake.project.cases:
        lines = describing.lines_of(entry.description, describing.CASE)
        if not entry.name and not lines and len(entry.sources) == 1:
            cases.values[entry.sources[0]] = entry.values
            continue
        nameless += not entry.name
        code = own.get(entry.guid) or (first(lines, "case") if first(lines, "case") in there else "")
        if not code:
            wanted = code_of(first(lines, "case") or entry.name, "case")
            code = unlike(wanted, {*there, *cases.fresh})
            cases.fresh[code] = _case(code, entry, lines, intake)
            cases.known.append(Known("case", code, entry.guid, "" if lines else entry.name))
        cases.of.setdefault(entry.guid, code)
        for source in entry.sources:
            _put(cases, source, code, intake)
    _by_selection(cases, intake)
    return cases


def new_case(code: str, title: Text, intake: Intake) -> Case:
    """A case of which the file tells nothing but its name."""
    languages = intake.languages
    return Case(
        case=code,
        title=completed(_bare(title), languages),
        subject=completed(both("exchange.subject", origin=intake.origin), languages),
        period=completed(both("exchange.not_known"), languages),
        sources={},
    )


def _bare(text: Text) -> Text:
    """Without quotation marks around all of it: a case is described in our own words, which nobody said."""
    return Text({
        language: words.strip(QUOTES + " \n") or "–" if words[0] in QUOTES and words[-1] in QUOTES else words
        for language, words in text.items()
    })  # fmt: skip


def attributes_of(values: Iterable[Value], of: str, intake: Intake, place: str) -> dict[str, AttributeValue]:
    """Values as attributes; those that the study does not declare, or declares otherwise, are left out and told."""
    variables = {variable.guid: variable for variable in intake.project.variables}
    declared = {each.attribute: each for each in (intake.corpus.attributes if intake.corpus else ()) if each.of == of}
    found: dict[str, AttributeValue] = {}
    left = []
    for value in values:
        variable = variables.get(value.variable)
        name = variable.name if variable else ""
        read = _read(value.text, variable.kind) if variable else None
        if declared and read is not None:
            read = typed(declared[name], read) if name in declared else None
        if read is None or not name or name in found:
            left.append(f"{name or value.variable}: {value.text[:60]}")
        else:
            found[name] = read
    if left:
        intake.notes.add("refi-value", f"left out: {listed(left)}.", place=place,
                         fix="The study does not declare it so, or the variable is not in the file.")  # fmt: skip
    return found


def _read(text: str, kind: VariableKind) -> AttributeValue | None:
    try:
        if kind == "Boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
        if kind == "Integer":
            return int(text) if len(text) < 300 else None
        if kind == "Float":
            number = float(text)
            return number if number - number == 0 else None
    except ValueError:
        return None
    return text


def _case(code: str, entry: CaseEntry, lines: Lines, intake: Intake) -> Case:
    title = by_language(lines, "title") or {intake.language: entry.name or code}
    case = new_case(code, Text(title), intake)
    update: dict[str, Any] = {
        name: completed(Text(words), intake.languages) for name in ("subject", "period") if (words := by_language(lines, name))
    }  # fmt: skip
    if not lines and entry.description.strip():
        update["subject"] = completed(_bare(Text({intake.language: entry.description.strip()})), intake.languages)
    update["contrast"] = first(lines, "contrast") == "true"
    update["caveats"], update["sources"] = describing.caveats_of(lines), describing.sources_of(lines)
    if values := attributes_of(entry.values, "case", intake, code):
        update["attributes"] = values
    return case.model_copy(update=update)


def _put(cases: Cases, source: str, code: str, intake: Intake) -> None:
    if cases.holder.setdefault(source, code) != code:
        name = next((each.name for each in intake.project.sources if each.guid == source), source)
        intake.notes.add(
            "refi-two-cases", f"the text belongs to the cases “{cases.holder[source]}” and “{code}”; it stands under the first.",
            place=name,
        )  # fmt: skip


def _by_selection(cases: Cases, intake: Intake) -> None:
    """Some programs put a text in a case by coding it with a code of the case's GUID, or by selections of it."""
    chosen = {guid: cases.of[entry.guid] for entry in intake.project.cases if entry.guid in cases.of
              for guid in entry.selections}  # fmt: skip
    for source in intake.project.sources:
        for code in dict.fromkeys(_named(source, cases, chosen)):
            _put(cases, source.guid, code, intake)


def _named(source: TextSource, cases: Cases, chosen: dict[str, str]) -> Iterable[str]:
    for use in source.uses:
        if use.code in cases.of:
            yield cases.of[use.code]
    for selection in source.selections:
        if selection.guid in chosen:
            yield chosen[selection.guid]
        yield from (cases.of[use.code] for use in selection.uses if use.code in cases.of)
