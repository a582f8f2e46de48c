"""What a file for other programs does not hold of a study, told so that nobody misses it without knowing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clustergov.casestudies.coding.action import Head
from clustergov.casestudies.coding.coding import CONSENSUS
from clustergov.casestudies.coding.journal import SUFFIX
from clustergov.casestudies.coding.sheet import Sheet
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.exchange.elements import counted
from clustergov.casestudies.exchange.refi import CaseEntry, Project, TextSource
from clustergov.casestudies.exchange.safe_xml import legal
from clustergov.instruments.exchange import Notes, listed

_PORTRAIT = (
    "timeline", "actors", "relations", "governance", "vision", "funding", "episodes", "rules", "profile", "respondent",
)  # fmt: skip
_BESIDE = ("joint.yml", "integration.yml", "agreement.yml")
"""Files of a study that are about its codings and in no format."""


def say_withheld(corpus: Corpus, notes: Notes, *, withheld: bool) -> None:
    """Documents whose speakers did not agree to be shown."""
    for document in corpus.documents:
        if document.quotable:
            continue
        place = f"{document.case}/{document.code}"
        codings = sum((each.case, each.document) == (document.case, document.code) for each in corpus.codings)
        if withheld:
            notes.add("withheld", "its speaker did not agree to be shown, and the file holds all of it.", place=place,
                      fix="Give the file only to those who may read it.")  # fmt: skip
        else:
            notes.add("withheld", f"left out with its {counted(codings, 'coding')}: its speaker did not agree to be shown.",
                      place=place, fix="With --withheld it goes along.")  # fmt: skip


def say_left(corpus: Corpus, notes: Notes) -> None:
    """What stands in no field of the format, or in one that other programs show as something else."""
    for case in corpus.cases:
        left = [name for name in _PORTRAIT if getattr(case, name, None)]
        if left:
            notes.add("portrait", f"left out: {listed(left, most=10)}; codings do not rest on them.", place=case.case)
    mapped = sum(bool(document.pages or document.paragraphs) for document in corpus.documents)
    if mapped:
        notes.add(
            "places",
            f"left out: how pages and paragraphs of the original are counted, of {counted(mapped, 'document')}.",
        )
    if corpus.attributes:
        notes.add("attributes", f"left out: how {counted(len(corpus.attributes), 'attribute')} are called and which values "
                  "they may have; the values themselves go along.")  # fmt: skip
    rounds = sorted({coding.round for coding in corpus.codings})
    if len(rounds) > 1:
        notes.add("rounds", f"rounds {', '.join(map(str, rounds))} stand in the descriptions of selections only.")
    polarity = sum(coding.polarity is not None for coding in corpus.codings)
    if polarity:
        notes.add("polarity", f"the polarity of {polarity} codings stands in the descriptions of selections; "
                  "other programs show it as a comment, and it is read back here.")  # fmt: skip


def say_illegal(project: Project, notes: Notes) -> None:
    """Texts may hold form feeds and the like, since they are files of their own; what stands in XML may not."""
    words = [project.name, project.description, *(user.name for user in project.users)]
    words += [words for code in project.codes for words in (code.name, code.description)]
    owners: tuple[CaseEntry | TextSource, ...] = (*project.cases, *project.sources)
    for owner in owners:
        words += [owner.name, owner.description, *(value.text for value in owner.values)]
    words += [selection.description for source in project.sources for selection in source.selections]
    about = {guid for notes_of in (project.notes, *(source.notes for source in project.sources)) for guid in notes_of}
    words += [memo.text for memo in project.memos if memo.guid in about]
    number = sum(legal(each) != each for each in words)
    if number:
        notes.add("characters", f"{number} names, values, descriptions and memos hold characters that XML forbids; U+FFFD stands for them.")  # fmt: skip


def say_sheets(sheets: Sequence[tuple[Head, Sheet]], folder: Path, notes: Notes, *, memos: bool) -> None:
    """What coders did beside coding, and what stands beside their codings.

    Parameters
    ----------
    memos : bool
        Whether memos about whole documents and cases go along.
    """
    together = [sheet for head, sheet in sheets if head.coder == CONSENSUS]
    decisions = sum(len(sheet.resolutions) for sheet in together)
    if decisions or any(sheet.codings for sheet in together):
        codings = sum(len(sheet.codings) for sheet in together)
        notes.add("consensus", f"{counted(codings, 'coding')} of {counted(decisions, 'decision')} taken together go along as "
                  f"those of one more coder, “{CONSENSUS}”. Left out: who was there, when, with what memo, and the place of "
                  "which codings a decision takes, also where it keeps none; all of these count again in what comes back.",
                  fix="Count agreement and evidence in the study; with --coder only single coders go along.")  # fmt: skip
    done = sum(bool(sheet.done) for _, sheet in sheets)
    if done:
        notes.add("done", f"left out: that coders are done with what they read ({counted(done, 'time')}).")
    about = sum(sheet.memo is not None for _, sheet in sheets)
    if about and not memos:
        notes.add("memos", f"left out: {counted(about, 'memo')} about whole documents or cases.")
    if any(True for case in {head.case for head, _ in sheets} for _ in (folder / case / "codings").glob(f"*{SUFFIX}")):
        notes.add("history", "left out: what was coded before and changed, removed or undone since.")
    beside = [name for name in _BESIDE if (folder / name).is_file()]
    if beside:
        notes.add("beside", f"left out: {listed(beside)}.")
