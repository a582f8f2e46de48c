"""Partial interviews and break-offs: of those who did not submit, who answered enough to count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.collection.fetching import Fetched, Table
from clustergov.survey.frame.outcome import interviews
from clustergov.survey.reading import responses_of
from clustergov.survey.table import RawTable


def told_apart(found: Fetched, questionnaire: Questionnaire, *, partial_from: float) -> Fetched:
    """What was fetched, with “break-off” as the disposition of whoever answered too little to be partial.

    Parameters
    ----------
    questionnaire : Questionnaire
        The study's own: notice and consent are no questions of it, and agreeing to take part answers none.
    partial_from : float
        Share of the questions put to a respondent from which an interview that was not submitted is partial.
    """
    if not found.partial.rows or found.partial.headings[2:] == ():
        return found
    classes = interviews(
        responses_of(_raw(found.partial), questionnaire, path=Path("partial.csv"), strict=False, minimum_match=0),
        partial_from=partial_from,
    )
    few = {row[0] for row, code in zip(found.partial.rows, classes, strict=True) if code == "R"}
    rows = tuple((name, "break-off" if name in few else told) for name, told in found.dispositions.rows)
    return replace(found, dispositions=Table(found.dispositions.headings, rows))


def _raw(table: Table) -> RawTable:
    """As if it had been written and read again."""
    rows = pd.DataFrame(
        list(table.rows), columns=list(table.headings), index=range(2, len(table.rows) + 2), dtype="str"
    )
    return RawTable("partial.csv", table.headings, rows, "utf-8", ",", ".", "", "")
