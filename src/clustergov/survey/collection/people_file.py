"""People to be invited, from a plain CSV: the less private way; the better one is the encrypted key file."""

from __future__ import annotations

import re
from pathlib import Path

from clustergov.problems import InputError, Problem, missing_file
from clustergov.survey.collection.collecting import Person
from clustergov.survey.table import read_table

NEEDED = ("pseudonym", "email")
KNOWN = (*NEEDED, "name", "language")
_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def read_people(path: Path | str) -> tuple[Person, ...]:
    """Read a table with the columns pseudonym, email and, if wanted, name and language.

    Raises
    ------
    InputError
        With every mistake by row; what is in the cells is not repeated.
    """
    if not Path(path).is_file():
        raise missing_file(path, wanted="a table of people (.csv)")
    try:
        table = read_table(path)
    except InputError as error:
        if error.problems[0].rule not in ("no-rows", "empty-file"):
            raise
        raise InputError(
            Problem("no-people", "expected one row per person under the headings, found none.",
                    f"Its columns are {', '.join(KNOWN)}.", file=str(path))
        ) from None  # fmt: skip
    missing = [name for name in NEEDED if name not in table.headers]
    strange = [name for name in table.headers if name not in KNOWN]
    if missing:
        raise InputError(
            Problem("people-columns", f"expected the columns {', '.join(KNOWN)} (the last two may be left out), "
                    f"found no {' and no '.join(missing)}.", "Write them into the first row.", file=str(path))
        )  # fmt: skip
    if strange:
        raise InputError(
            Problem("people-columns", f"expected no other columns than {', '.join(KNOWN)}, found {len(strange)} more.",
                    "Take out what nobody needs for an invitation.", file=str(path))
        )  # fmt: skip
    people = [
        (int(row), Person(**{name: str(cell).strip() for name, cell in zip(table.headers, cells, strict=True)}))
        for row, cells in zip(table.rows.index, table.rows.fillna("").itertuples(index=False), strict=True)
    ]
    if problems := _problems(people, str(path)):
        raise InputError(problems)
    return tuple(person for _, person in people)


def _problems(people: list[tuple[int, Person]], file: str) -> list[Problem]:
    found: list[Problem] = []
    first: dict[str, int] = {}
    for row, person in people:
        place = f"row {row}"
        if not _PSEUDONYM.fullmatch(person.pseudonym):
            found.append(Problem("pseudonym", "expected a pseudonym of letters and digits (. _ - inside), at most 40.",
                                 "`clustergov survey seal` makes them.", file=file, place=place))  # fmt: skip
        elif (before := first.setdefault(person.pseudonym, row)) != row:
            found.append(Problem("duplicate-pseudonym", f"expected every pseudonym once, found that of row {before} again.",
                                 "Give every person one of their own.", file=file, place=place))  # fmt: skip
        if not is_address(person.email):
            found.append(Problem("e-mail", "expected one e-mail address, found something else or nothing.",
                                 "Correct it, or take the row out.", file=file, place=place))  # fmt: skip
    return found


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address, and no list of them."""
    return _ADDRESS.fullmatch(text) is not None
