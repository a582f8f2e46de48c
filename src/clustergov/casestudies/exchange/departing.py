"""A folder of case studies as one file of another format."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.exchange.codebook_exchange import write_codebook
from clustergov.casestudies.exchange.outward import origin, to_codes, to_project
from clustergov.casestudies.exchange.project_writing import write_project
from clustergov.casestudies.exchange.segments import to_segments
from clustergov.casestudies.exchange.sidecar import read_sidecar
from clustergov.instruments.exchange import Exported, Notes

Format = Literal["qdpx", "qdc", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)


def depart(corpus: Corpus, folder: Path, format_: Format, *, language: str, withheld: bool = False) -> Exported:
    """The case studies as a REFI-QDA project or codebook, or as a table of coded segments.

    Parameters
    ----------
    folder : Path
        From which `corpus` was read; the GUIDs that things came with stand there.
    language : str
        Of names and of what is shown in one language only.
    withheld : bool
        Whether the words of speakers who did not agree to be shown go along.

    Returns
    -------
    Exported
        Equal bytes for equal case studies, with notes of everything that the format does not hold.

    Raises
    ------
    InputError
        The table of GUIDs is damaged, or there is no concept for a codebook.
    """
    if format_ == "csv":
        return to_segments(corpus, language=language, withheld=withheld)
    notes, sidecar = Notes(), read_sidecar(folder, corpus.codebook.codebook)
    if format_ == "qdc":
        notes.add("codebook-only", "only the codebook: cases, texts and codings are not in it.")
        codes = to_codes(corpus, sidecar, language)
        return Exported(write_codebook(codes, origin=origin(), file=str(folder / "codebook.yml")), notes.all())
    project = to_project(corpus, sidecar, notes, language=language, withheld=withheld)
    return Exported(write_project(project), notes.all())
