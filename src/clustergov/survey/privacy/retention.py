"""Until when something is kept: what lies where in a study, and what is due to go."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.privacy.study_files import SurveyFiles, outputs, role

Kind = Literal["personal data", "responses"]
_PERSONAL = {"personal links", "list of people", "pseudonyms of responses"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that a study keeps.

    Attributes
    ----------
    kind : {"personal data", "responses"}
        Which of the dates of `Retention` holds for it.
    what : str
        In words.
    place : str
        File or folder, as seen from the study.
    until : date or None
        The last day on which it is kept; None where fieldwork names none.
    due : bool
        Whether that day is past.
    """

    kind: Kind
    what: str
    place: str
    until: datetime.date | None
    due: bool


def overdue(fieldwork: Fieldwork, today: datetime.date) -> tuple[Kind, ...]:
    """Which kinds of data are past their date."""
    dates = _dates(fieldwork)
    return tuple(kind for kind, day in dates.items() if day is not None and day < today)


def warnings(fieldwork: Fieldwork, today: datetime.date) -> tuple[str, ...]:
    """What a command that touches them has to say, one sentence for each kind that is overdue."""
    dates = _dates(fieldwork)
    what = {"personal data": "Personal data (key file, links, raw exports, database)", "responses": "Responses"}
    return tuple(
        f"{what[kind]} were to be kept until {dates[kind]}: they are due to be deleted. See clustergov survey retention."
        for kind in overdue(fieldwork, today)
    )


def kept(study: Path, fieldwork: Fieldwork, today: datetime.date) -> tuple[Kept, ...]:
    """Everything in a study that is about persons; what is due first."""
    files, dates = SurveyFiles(study), _dates(fieldwork)
    found = []
    for kind, what, place in _things(files):
        day = dates[kind]
        found.append(Kept(kind, what, place, day, day is not None and day < today))
    return tuple(sorted(found, key=lambda each: (not each.due, each.kind, each.place)))


def _dates(fieldwork: Fieldwork) -> dict[Kind, datetime.date | None]:
    return {"personal data": fieldwork.retention.personal_data, "responses": fieldwork.retention.responses}


def _things(files: SurveyFiles) -> Iterator[tuple[Kind, str, str]]:
    for path in sorted(files.folder.rglob("*.enc")):
        yield "personal data", "key file", files.name(path)
    for path in files.databases():
        yield "personal data", "database of the service", files.name(path)
    for store, entries in files.stores():
        if entries:
            yield "personal data", f"{len(entries)} raw exports", f"{files.name(store.folder)}/"
    letters = list(files.letters())
    for folder in sorted({path.parent for path in letters}):
        count = sum(path.parent == folder for path in letters)
        yield "personal data", f"{count} letters with personal links", f"{files.name(folder)}/"
    for path in files.tables():
        what = role(path)
        yield "personal data" if what in _PERSONAL else "responses", what, files.name(path)
    for folder in outputs(files.study):
        for path in sorted((folder / "private").glob("*.csv")):
            yield "responses", "responses as they were analysed", files.name(path)
