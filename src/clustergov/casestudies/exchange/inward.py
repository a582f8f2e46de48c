"""A project as it comes into a study: everything that it holds by the study's codes, and notes of all that it does not."""

from __future__ import annotations

from collections.abc import Container, Sequence

from clustergov.casestudies.coding.action import Head
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.rounds import ONLY, Round
from clustergov.casestudies.coding.sheet import CASE
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.cases_in import take_cases
from clustergov.casestudies.exchange.codings_in import Codings
from clustergov.casestudies.exchange.concepts_in import take_concepts
from clustergov.casestudies.exchange.intake import Arrival, Intake
from clustergov.casestudies.exchange.labelled import by_language, first
from clustergov.casestudies.exchange.naming import completed
from clustergov.casestudies.exchange.refi import Project
from clustergov.casestudies.exchange.sheet_memos import memo_lines
from clustergov.casestudies.exchange.sidecar import Sidecar
from clustergov.casestudies.exchange.texts_in import Texts, take_texts
from clustergov.instruments.exchange import Notes, listed
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem


def take_in(
    project: Project, corpus: Corpus | None, sidecar: Sidecar, notes: Notes, *, language: str, stem: str, case: str = ""
) -> Arrival:
    """Give everything in a project its place in a study.

    Parameters
    ----------
    corpus : Corpus or None
        The study; None: a new one.
    sidecar : Sidecar
        The study's table of GUIDs.
    notes : Notes
        Gathers what was left out, repaired or doubted.
    language : str
        Of what the file says in its own words.
    stem : str
        Name of the file.
    case : str
        The case for texts that the file puts in none; empty: found or made.

    Raises
    ------
    InputError
        There is nothing in it, or the study has no such case.
    """
    if not project.codes and not project.sources:
        raise InputError(
            Problem(
                "refi-empty",
                "expected codes or texts, found neither.",
                "Check that it is the right file.",
                file=notes.file,
            )
        )
    intake = Intake(project, corpus, sidecar, notes, language, stem, case)
    concepts = take_concepts(intake)
    cases = take_cases(intake)
    texts = take_texts(intake, cases)
    codings = Codings(intake, texts, concepts.of, cases.of)
    fresh = codings.take()
    memos = _memos(intake, texts, codings.coders, {*cases.fresh, *(corpus.by_case if corpus else ())})
    if corpus is None and not cases.fresh:
        cases.default(intake)
    _say_left(intake)
    known = (*concepts.known, *cases.known, *texts.known, *codings.known)
    return Arrival(
        concepts.codebook, tuple(cases.fresh.values()), tuple(texts.fresh), fresh, memos, _rounds(intake, fresh), known
    )


def _memos(intake: Intake, texts: Texts, coders: dict[str, str], cases: Container[str]) -> dict[Head, Text]:
    """Memos about whole documents and cases, as one of our own exports wrote them, by coders who are known."""
    found: dict[Head, Text] = {}
    about = [(guid, None) for guid in intake.project.notes]
    referred = [*about, *((guid, texts.of[i]) for i, each in enumerate(intake.project.sources) for guid in each.notes)]
    for guid, taken in referred:
        memo = intake.memos.get(guid)
        lines = memo_lines(memo.text) if memo else []
        if memo is None or not lines or memo.user not in coders:
            continue
        case, document = (taken.case, taken.document) if taken else (first(lines, "case"), CASE)
        if taken is None and case not in cases:
            continue
        intake.used.add(guid)
        found[Head(case, document, coders[memo.user], int(first(lines, "round")) or 1)] = Text(
            by_language(lines, "memo")
        )
    return found


def _rounds(intake: Intake, codings: Sequence[Coding]) -> tuple[Round, ...]:
    """The rounds of the study with those that are new; none where nothing is to be declared."""
    there = intake.corpus.rounds if intake.corpus else describing.rounds_of(intake.lines) or (ONLY,)
    numbers = {coding.round for coding in codings} - {each.number for each in there}
    if numbers:
        intake.notes.add(
            "refi-rounds", f"declared anew, since codings are of them: rounds {', '.join(map(str, sorted(numbers)))}."
        )
    fresh = [
        Round(
            number=number, code=f"round-{number}", title=completed(both("exchange.round", n=number), intake.languages)
        )
        for number in sorted(numbers)
    ]
    return (*there, *fresh) if fresh or (intake.corpus is None and there != (ONLY,)) else ()


def _say_left(intake: Intake) -> None:
    """Sets, notes and links for which a study has no place; what notes say is told in full, so that it is not lost."""
    project, notes = intake.project, intake.notes
    if project.sets:
        named = [
            f"{each.name} ({len(each.codes)} codes, {len(each.sources)} sources, {len(each.notes)} notes)"
            for each in project.sets
        ]
        notes.add("refi-sets", f"left out, {len(project.sets)} sets: {listed(named, most=20)}.")
    if project.links:
        notes.add(
            "refi-links", f"left out: {len(project.links)} links; a note that a link ties to a coding became its memo."
        )
    if project.description.strip() and not intake.lines:
        notes.add("refi-description", f"left out, what the file says of itself: {project.description.strip()}")
    for memo in project.memos:
        if memo.guid not in intake.used and memo.text.strip():
            notes.add("refi-note", f"left out, a note: {memo.text.strip()}", place=memo.name)
