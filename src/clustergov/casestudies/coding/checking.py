"""Codings held against everything they speak of: documents, codebook, rounds, and the names of other coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from clustergov.casestudies.case import Case
from clustergov.casestudies.codebook import Codebook
from clustergov.casestudies.coding.coding import CONSENSUS, Coding
from clustergov.casestudies.coding.names import clean, confusable, mistaken_for
from clustergov.casestudies.coding.rounds import ONLY, Round
from clustergov.casestudies.coding.sheet import CASE
from clustergov.casestudies.coding.standing import Standing
from clustergov.casestudies.coding.store import Store
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.passage import find, line_and_column
from clustergov.problems import InputError, Problem


def sheet_problems(
    standing: Standing, case: Case, documents: Sequence[Document], codebook: Codebook
) -> Iterator[Problem]:
    """What is wrong with the codings of one sheet."""
    own = {document.code: document for document in documents}
    codings = standing.sheet.codings
    yield from _concept_problems(standing, codebook)
    yield from standing.repeated
    for coding in codings.values():
        if coding.passage is None:
            yield from _unit_problems(coding, standing, case, own)
        else:
            yield from _passage_problems(coding, standing, own)
    if not codings and standing.sheet.document not in (*case.units, *own, CASE):
        yield _unknown_document(standing, [*case.units, *own])


def _concept_problems(standing: Standing, codebook: Codebook) -> Iterator[Problem]:
    """One per concept that cannot be coded, at the first coding that has it, with how many more there are."""
    used = Counter(coding.concept for coding in standing.sheet.codings.values())
    for concept, number in used.items():
        known = codebook.by_code.get(concept)
        if known is not None and known.codable:
            continue
        key = next(key for key in standing.sheet.codings if key[1] == concept)
        more = f" It stands {number} times here." if number > 1 else ""
        if known is not None:
            yield standing.problem(
                key, "concept", "folder-coded", f"“{concept}” is a folder, which orders concepts.{more}",
                "Give a concept that stands in it, or make it codable in the codebook.",
            )  # fmt: skip
            continue
        close = get_close_matches(concept, codebook.codes, n=1)
        meant = f" Did you mean “{close[0]}”?" if close else ""
        yield standing.problem(
            key, "concept", "unknown-concept", f"the concept “{concept}” is not in the codebook.{more}{meant}",
            f"Put it back, or give its codings another one: clustergov casestudies recode {concept} "
            f"{close[0] if close else 'NEW'} STUDY --by WHO.",
        )  # fmt: skip


def _unit_problems(coding: Coding, standing: Standing, case: Case, own: Mapping[str, Document]) -> Iterator[Problem]:
    if coding.document in own:
        yield standing.problem(
            coding.key, "", "coding-place", f"“{coding.document}” is a document: expected offsets, found `at`.",
            "Give start, end and exact.",
        )  # fmt: skip
    elif coding.document not in case.units:
        yield _unknown_document(standing, [*case.units, *own])
    elif coding.at not in case.units[coding.document]:
        yield standing.problem(
            coding.key, "at", "unknown-passage",
            f"“{coding.document}” of the case “{case.case}” holds nothing with the code “{coding.at}”.",
            "Check the code, or the document that this file names.",
        )  # fmt: skip


def _passage_problems(coding: Coding, standing: Standing, own: Mapping[str, Document]) -> Iterator[Problem]:
    document, passage = own.get(coding.document), coding.passage
    if document is None or passage is None:
        yield _unknown_document(standing, list(own))
        return
    if passage.sha256 == document.sha256 and document.text[passage.start : passage.end] == passage.exact:
        return
    found = find(passage, document.text)
    if found.status == "moved" and found.start is not None:
        line, column = line_and_column(document.text, found.start)
        yield standing.problem(
            coding.key, "start", "passage-moved",
            f"the passage does not stand at {passage.start}–{passage.end} of “{document.code}”; "
            f"it is now at {found.start}–{found.end} (line {line}, column {column}).",
            "Anchor the codings of this document again: clustergov casestudies reanchor --write",
        )  # fmt: skip
    elif found.status != "same":
        said = LOST.get(found.reason, LOST[""]).format(document=document.code)
        yield standing.problem(coding.key, "start", "passage-lost", said,
                               "See what can be found: clustergov casestudies reanchor; else look it up and code it again.")  # fmt: skip


LOST = {
    "": "the passage was not found in “{document}”.",
    "changed": "the passage was not found in “{document}”: its text is gone or was changed.",
    "ambiguous": "the passage occurs more than once in “{document}” and its surroundings do not tell which is meant.",
    "elsewhere": "the words of the passage occur in “{document}”, but among other words than when they were coded.",
}


def _unknown_document(standing: Standing, known: list[str]) -> Problem:
    return standing.head_problem(
        "document", "unknown-document", f"the case has no document “{standing.sheet.document}”.",
        f"Expected one of: {', '.join(known) or '(none)'}.",
    )  # fmt: skip


def outdated_decisions(standings: Sequence[Standing]) -> Iterator[Problem]:
    """A warning per decision of the coders together that is about a coding which is no more, or is another now."""
    held = {
        (sheet.case, sheet.document, sheet.round, coding.coder, *coding.key, coding.polarity or "")
        for sheet in (standing.sheet for standing in standings)
        for coding in sheet.codings.values()
    }
    for standing in standings:
        sheet = standing.sheet
        for entry in sheet.resolutions.values():
            gone = [one for one in entry.about if (sheet.case, sheet.document, sheet.round, *one) not in held]
            if gone:
                coder, where, concept, _ = gone[0]
                found = standing.head_problem(
                    "resolutions", "decision-outdated",
                    f"a decision is about “{concept}” at {where} by “{coder}”, which was changed or taken away since.",
                    "Look at the disagreements of the round again.",
                )  # fmt: skip
                yield replace(found, severity="warning")


def same_sheet_twice(stores: Sequence[Store]) -> Iterator[Problem]:
    """Two files of one document, coder and round."""
    seen: dict[object, Store] = {}
    for store in stores:
        if store.head in seen:
            yield store.read().head_problem(
                "document", "codings-twice",
                f"the codings of “{store.head.document}” by “{store.head.coder}” stand in "
                f"{seen[store.head].path.name} already.", "Keep one file per document, coder and round.",
            )  # fmt: skip
        seen.setdefault(store.head, store)


def coder_problems(stores: Sequence[Store], rounds: tuple[Round, ...]) -> Iterator[Problem]:
    """Names that can be taken for each other, and codings in rounds that do not have them."""
    names: list[str] = [name for one in rounds for name in one.coders]
    numbers = {one.number: one for one in rounds}
    for store in stores:
        standing, head = store.read(), store.head
        if head.coder != CONSENSUS and head.coder not in names:
            yield from _name_problems(standing, head.coder, names)
            names.append(head.coder)
        if head.round not in numbers:
            declared = "rounds.yml declares no rounds" if rounds == (ONLY,) else f"there are rounds {sorted(numbers)}"
            yield standing.head_problem("round", "unknown-round", f"there is no round {head.round}: {declared}.",
                                        "Declare it in rounds.yml.")  # fmt: skip
            continue
        one = numbers[head.round]
        if one.coders and head.coder not in (*one.coders, CONSENSUS):
            yield standing.head_problem("coder", "not-in-round", f"“{head.coder}” is no coder of round {one.number}.",
                                        "Add the name to the round in rounds.yml.")  # fmt: skip
        if head.document != CASE and not one.holds(head.case, head.document):
            yield standing.head_problem("document", "not-in-round", f"“{head.document}” is not in round {one.number}.",
                                        "Add it to the round in rounds.yml.")  # fmt: skip


def _name_problems(standing: Standing, name: str, others: Sequence[str]) -> Iterator[Problem]:
    try:
        exact = clean(name)
    except InputError as error:
        found = error.problems[0]
        yield standing.head_problem("coder", found.rule, found.message, found.fix)
        return
    if exact != name:
        yield standing.head_problem("coder", "coder-name", "the name has characters in another form than usual.",
                                    f"Write “{exact}”.")  # fmt: skip
    elif other := mistaken_for(name, others):
        found = confusable(name, other)
        yield standing.head_problem("coder", found.rule, found.message, found.fix)
