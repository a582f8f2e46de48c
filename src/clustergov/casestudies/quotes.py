"""Coded passages of documents as quotes that a report would show: what in them gives somebody away."""

from __future__ import annotations

from pathlib import Path

from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.documents.pseudonyms import FILE, Pseudonyms, read_pseudonyms
from clustergov.casestudies.documents.reidentification import quote_problems
from clustergov.problems import Problem


def telling_quotes(corpus: Corpus, pseudonyms: Pseudonyms) -> tuple[Problem, ...]:
    """What is wrong with the coded passages; no message repeats their words."""
    quoted = [
        (corpus.document(coding.case, coding.document), coding.passage)
        for coding in corpus.codings
        if coding.passage is not None
    ]
    return quote_problems(quoted, pseudonyms)


def quotes_unfit_to_show(corpus: Corpus, folder: Path) -> tuple[Problem, ...]:
    """Of the case studies in `folder`, the passages with which no report may be made.

    Raises
    ------
    InputError
        The list of names is wrong, or lies where git would take it in.
    """
    found = telling_quotes(corpus, read_pseudonyms(folder / FILE))
    return tuple(problem for problem in found if problem.severity == "error")
