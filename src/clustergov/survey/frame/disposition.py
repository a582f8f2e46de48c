"""Final dispositions: what became of each member of the frame, in the classes from which outcome rates are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Literal, get_args

from clustergov.problems import InputError, Problem
from clustergov.survey.frame.headings import ID, known_column, personal_heading
from clustergov.survey.table import read_table, spreadsheet_column

Disposition = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
"""I: complete. P: partial. R: refusal or break-off. NC: non-contact. O: other. UH, UO: unknown whether eligible (nothing
known; other). NE: not eligible."""

DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)

_NUMBERS: tuple[tuple[str, Disposition], ...] = (
    ("1.1", "I"), ("1.2", "P"), ("2.1", "R"), ("2.2", "NC"), ("2.3", "O"), ("3.1", "UH"), ("3", "UO"), ("4", "NE"),
)  # fmt: skip
"""Beginnings of AAPOR's numeric codes; the first that fits decides."""

_WORDS: dict[str, Disposition] = {
    **dict.fromkeys(("refused", "refusal", "declined", "breakoff", "begun", "optedout", "optout", "geweigerd", "weigering",
                     "afgemeld", "afgebroken", "begonnen"), "R"),
    **dict.fromkeys(("noncontact", "notreached", "outofoffice", "nietbereikt", "afwezig", "geencontact"), "NC"),
    **dict.fromkeys(("other", "ill", "unable", "languagebarrier", "overig", "ziek", "taalbarriere"), "O"),
    **dict.fromkeys(("unknown", "noresponse", "notsent", "nothingreturned", "onbekend", "geenreactie"), "UH"),
    **dict.fromkeys(("bounced", "undelivered", "undeliverable", "onbestelbaar"), "UO"),
    **dict.fromkeys(("ineligible", "noteligible", "closed", "ceased", "dissolved", "duplicate", "opgeheven",
                     "nietvandoelgroep", "dubbel"), "NE"),
    **dict.fromkeys(("complete", "completed", "compleet"), "I"),
    **dict.fromkeys(("partial", "gedeeltelijk"), "P"),
}  # fmt: skip


def disposition(written: str) -> Disposition | None:
    """The class of a disposition as people write it; None for an unknown one.

    Letters (``NC``), AAPOR's numeric codes (``2.11``, ``3.30``) or a word in English or Dutch (``refused``,
    ``onbestelbaar``). An invitation that came back undelivered is of unknown eligibility (code 3.30), not a non-contact,
    and whoever opened the questionnaire and answered nothing has refused (2.1121, “begun” in what fetching writes):
    AAPOR (2023). Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th edition,
    Internet surveys of specifically named persons.
    """
    bare = written.strip()
    if bare.upper() in DISPOSITIONS:
        return next(code for code in DISPOSITIONS if code == bare.upper())
    if bare[:1].isdigit():
        code = bare.replace(",", ".")
        return next((found for start, found in _NUMBERS if code.startswith(start)), None)
    return _WORDS.get("".join(sign for sign in bare.casefold() if sign.isalpha()).replace("ë", "e").replace("è", "e"))


def unknown_disposition(written: str, *, file: str, place: str) -> Problem:
    return Problem(
        "disposition", f"expected a final disposition, found “{written[:40]}”.",
        "Write one of I, P, R, NC, O, UH, UO, NE, AAPOR's number (2.11), or a word such as refused, bounced, ineligible.",
        file=file, place=place,
    )  # fmt: skip


def read_dispositions(path: Path | str, members: Collection[str]) -> dict[str, Disposition]:
    """Read what became of members who did not answer: a table with the columns pseudonym (or id) and disposition.

    In an anonymous survey none of the ids is a member's: they are those of questionnaires that somebody opened, as
    fetching writes them.

    Parameters
    ----------
    members : collection of str
        The frame's pseudonyms.

    Raises
    ------
    InputError
        With every mistake: columns missing, personal columns, unknown or doubled members, unknown dispositions.
    """
    path = Path(path)
    table = read_table(path)
    places = {known_column(header): place for place, header in enumerate(table.headers)}
    problems = [
        Problem("missing-column", f"expected a column “{name}”, found none.", "Name it so in the first row.",
                file=str(path), place="headings")
        for name in (ID, "disposition") if name not in places
    ]  # fmt: skip
    problems += [
        _personal(header, place, path) for place, header in enumerate(table.headers) if personal_heading(header)
    ]
    if problems:
        raise InputError(problems)
    ids = table.rows.iloc[:, places[ID]].fillna("").str.strip()
    codes = table.rows.iloc[:, places["disposition"]].fillna("").str.strip()
    seen, found = Counter(ids), dict[str, Disposition]()
    anonymous = not any(member in members for member in ids)
    for row, member, written in zip(table.rows.index, ids, codes, strict=True):
        code, where = disposition(written), f"row {row}"
        if member not in members and not anonymous:
            problems.append(Problem("not-in-frame", f"“{member[:40]}” is not in the frame.", "Correct the pseudonym.",
                                    file=str(path), place=where))  # fmt: skip
        elif seen[member] > 1:
            problems.append(Problem("duplicate", f"“{member[:40]}” stands {seen[member]} times.", "Keep one row.",
                                    file=str(path), place=where))  # fmt: skip
        if code is None:
            problems.append(unknown_disposition(written, file=str(path), place=where))
        else:
            found[member] = code
    if problems:
        raise InputError(problems)
    return found


def _personal(header: str, place: int, path: Path) -> Problem:
    return Problem(
        "personal-column", f"column {spreadsheet_column(place + 1)} (“{header}”) announces personal data.",
        "Remove it: dispositions need only the pseudonym.", file=str(path), place="headings",
    )  # fmt: skip
