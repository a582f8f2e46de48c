"""A folder of case studies as one file of another format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.documents.pseudonyms import FILE as PSEUDONYMS
from clustergov.casestudies.documents.pseudonyms import read_pseudonyms
from clustergov.casestudies.exchange.codebook_exchange import write_codebook
from clustergov.casestudies.exchange.left_out import say_sheets
from clustergov.casestudies.exchange.outward import origin, to_codes, to_project
from clustergov.casestudies.exchange.project_writing import project_xml, write_project
from clustergov.casestudies.exchange.pseudonymising import refuse_names
from clustergov.casestudies.exchange.segments import to_segments
from clustergov.casestudies.exchange.sheet_memos import memos_of, read_sheets
from clustergov.casestudies.exchange.sidecar import read_sidecar
from clustergov.instruments.exchange import Exported, Notes
from clustergov.problems import InputError, Problem

Format = Literal["qdpx", "qdc", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)


def depart(
    corpus: Corpus, folder: Path, format_: Format, *, language: str, withheld: bool = False,
    coders: Sequence[str] | None = None,
) -> Exported:  # fmt: skip
    """The case studies as a REFI-QDA project or codebook, or as a table of coded segments.

    Parameters
    ----------
    folder : Path
        From which `corpus` was read; the GUIDs that things came with stand there.
    language : str
        Of names and of what is shown in one language only.
    withheld : bool
        Whether the words of speakers who did not agree to be shown go along.

    coders : sequence of str, optional
        Whose codings go along; none of them for a coder who is to begin elsewhere and unseen. By default everybody's.

    Returns
    -------
    Exported
        Equal bytes for equal case studies, with notes of everything that the format does not hold.

    Raises
    ------
    InputError
        A listed real name stands in what would go out, the table of GUIDs is damaged, there is no such coder, or there is no concept for a codebook.
    """
    notes = Notes()
    corpus = _of(corpus, coders, notes)
    pseudonyms = read_pseudonyms(folder / PSEUDONYMS)
    sheets = [
        (head, sheet) for head, sheet in read_sheets(folder, corpus.cases) if coders is None or head.coder in coders
    ]
    if format_ != "qdc":
        say_sheets(sheets, folder, notes, memos=format_ == "qdpx")
    if format_ == "csv":
        made = to_segments(corpus, language=language, withheld=withheld)
        refuse_names({"coded segments": made.content.decode("utf-8-sig")}, pseudonyms)
        return Exported(made.content, (*notes.all(), *made.notes))
    sidecar = read_sidecar(folder, corpus.codebook.codebook)
    if format_ == "qdc":
        notes.add(
            "codebook-only",
            "only the concepts: title, caveats and sources of the codebook, cases, texts and codings are not in it.",
        )
        codes = to_codes(corpus, sidecar, language)
        content = write_codebook(codes, origin=origin(), file=str(folder / "codebook.yml"))
        refuse_names({"codebook": content.decode("utf-8")}, pseudonyms)
        return Exported(content, notes.all())
    project = to_project(corpus, sidecar, notes, language=language, withheld=withheld, memos=memos_of(sheets))
    refuse_names(
        {
            "codes, codings and memos": project_xml(project).decode("utf-8"),
            **{each.name: each.text for each in project.sources},
        },
        pseudonyms,
    )
    return Exported(write_project(project), notes.all())


def _of(corpus: Corpus, coders: Sequence[str] | None, notes: Notes) -> Corpus:
    """The corpus with the codings of these coders only."""
    if coders is None:
        blind = [str(each.number) for each in corpus.rounds if each.blind and each.closed is None]
        if blind:
            notes.add("blind", f"the file holds the codings of everybody, also of the blind round {', '.join(blind)}.",
                      fix="For somebody who codes in it, export with --coder or --no-codings.")  # fmt: skip
        return corpus
    known = {coding.coder for coding in corpus.codings} | set(corpus.coders)
    if unknown := [coder for coder in coders if coder not in known]:
        expected = f"Expected one of: {', '.join(sorted(known)) or '(none)'}."
        raise InputError(
            [Problem("unknown-coder", f"nobody called “{coder}” has coded anything.", expected) for coder in unknown]
        )
    kept = tuple(coding for coding in corpus.codings if coding.coder in coders)
    notes.add("coders", f"left out: {len(corpus.codings) - len(kept)} codings of other coders.")
    return replace(corpus, codings=kept)
