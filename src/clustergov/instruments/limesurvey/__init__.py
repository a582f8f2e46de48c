"""Import a LimeSurvey questionnaire: .lss in the old and the new layout, and .txt (tab-separated values)."""

from __future__ import annotations

import re
from pathlib import Path

from clustergov.instruments.exchange import Imported, Notes, read_content
from clustergov.instruments.limesurvey.build import build
from clustergov.instruments.limesurvey.lss import read_lss
from clustergov.instruments.limesurvey.txt import read_txt
from clustergov.problems import InputError, Problem


def read_limesurvey(path: Path | str) -> Imported:
    """Read a LimeSurvey structure; administrators' names and e-mail addresses are never imported.

    Raises
    ------
    InputError
        The file is missing, empty, or no LimeSurvey structure.
    """
    path = Path(path)
    content = read_content(path, wanted="a LimeSurvey structure")
    if content[:2] == b"PK":
        raise InputError(
            Problem("limesurvey-archive", "expected a LimeSurvey structure, found a zip archive, such as a .lsa.",
                    "Unpack it and give the .lss inside.", file=str(path))
        )  # fmt: skip
    notes = Notes(str(path))
    is_xml = path.suffix.lower() == ".lss" or re.match(rb"(\xef\xbb\xbf)?\s*<\?xml|\s*<document", content) is not None
    survey = (read_lss if is_xml else read_txt)(content, str(path), notes)
    notes.add(
        "limesurvey-settings", "the survey's settings, its end text and its e-mails are not imported.", place="settings"
    )
    questionnaire = build(survey, name=_name(path), notes=notes)
    return Imported(questionnaire, notes.all())


def _name(path: Path) -> str:
    """A name of letters, digits and hyphens from the file's."""
    stem = re.sub(r"\.(structure|responses)$", "", path.stem)
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "imported"
