"""Any questionnaire of other software, told by what its file is, not by its name alone."""

from __future__ import annotations

from pathlib import Path

from clustergov.instruments.exchange import Imported, read_content
from clustergov.problems import InputError, Problem

WANTED = "a questionnaire: LimeSurvey (.lss, .txt, .lsa) or XLSForm (.xlsx, .xls, .csv)"
OWN = (".yml", ".yaml")
FORMS = (".xlsx", ".xlsm", ".xls", ".csv")


def read_foreign(path: Path | str) -> Imported:
    """Read a questionnaire of LimeSurvey or an XLSForm.

    Raises
    ------
    InputError
        The file is missing, empty, too large, of no known kind, or damaged.
    """
    path = Path(path)
    if path.suffix.casefold() in OWN:
        message = f"expected {WANTED}, found a YAML file, which is our own format already."
        raise InputError(Problem("own-format", message, "Check it: clustergov instruments check.", file=str(path)))
    content = read_content(path, wanted=WANTED)
    workbook = content[:2] == b"PK" and b"xl/workbook.xml" in content
    if workbook or content[:4] == b"\xd0\xcf\x11\xe0" or path.suffix.casefold() in FORMS:
        from clustergov.instruments.xlsform import read_xlsform

        return read_xlsform(path)
    from clustergov.instruments.limesurvey import read_limesurvey

    return read_limesurvey(path)
