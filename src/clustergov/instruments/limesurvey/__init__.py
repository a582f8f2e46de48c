"""Import a LimeSurvey questionnaire: .lss in the old and the new layout, .txt (tab-separated values), and .lsa.

Read `structure` first: what any LimeSurvey file holds. `lss` and `txt` read it (from `rows` that know what was left over),
and `build` makes a questionnaire of it: `scales`, `items`, `wording`, then `routes`, whose expressions `script` translates;
`losses` gathers what is not expressed. The way back is `write`, with the package `writing` behind it and `lime_codes`.
"""

from __future__ import annotations

import re
from pathlib import Path

from clustergov.instruments.exchange import Imported, Notes, read_content
from clustergov.instruments.limesurvey.build import build
from clustergov.instruments.limesurvey.encoding import encoding_of
from clustergov.instruments.limesurvey.lsa import structure_in
from clustergov.instruments.limesurvey.lss import read_lss
from clustergov.instruments.limesurvey.txt import read_txt


def read_limesurvey(path: Path | str) -> Imported:
    """Read a LimeSurvey structure; administrators' names and e-mail addresses are never imported.

    What kind of file it is shows in its content, not in its name. Of an archive (.lsa) only the structure is read.

    Raises
    ------
    InputError
        The file is missing, empty, too large, damaged, or no LimeSurvey structure.
    """
    path = Path(path)
    content = read_content(path, wanted="a LimeSurvey structure")
    notes = Notes(str(path))
    archived = content[:2] == b"PK" or path.suffix.lower() == ".lsa"
    if archived:
        content = structure_in(content, str(path), notes)
    is_xml = archived or path.suffix.lower() == ".lss" or _begins_as_xml(content)
    survey = (read_lss if is_xml else read_txt)(content, str(path), notes)
    questionnaire = build(survey, name=_name(path), notes=notes)
    return Imported(questionnaire, notes.all())


def _begins_as_xml(content: bytes) -> bool:
    head = content[:400].decode(encoding_of(content), errors="replace")
    return re.match(r"\s*(<\?xml|<!DOCTYPE|<document)", head) is not None


def _name(path: Path) -> str:
    """A name of letters, digits and hyphens from the file's."""
    stem = re.sub(r"\.(structure|responses)$", "", path.stem)
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "imported"
