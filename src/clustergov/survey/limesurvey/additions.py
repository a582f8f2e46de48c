"""What people add to a survey by hand in LimeSurvey, and no questionnaire has: it decides who is asked what, unseen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import FailedError, NotAllowedError

_Row = Mapping[str, Any]


def additions_of(server: Connection, number: int, groups: Iterable[_Row], questions: Iterable[_Row]) -> Iterator[str]:
    """One sentence per addition. (Conditions of the old kind LimeSurvey writes into a question's own, which is compared.)

    Parameters
    ----------
    server : Connection
    number : int
        The survey's.
    groups, questions : iterable of rows
        As RemoteControl lists them.

    Raises
    ------
    LimeSurveyError
    """
    with contextlib.suppress(NotAllowedError):  # quotas have a right of their own
        yield from (f"there is a quota “{quota['name']}”." for quota in server.rows("list_quotas", number))
    for group in groups:
        if group.get("randomization_group"):
            yield f"group “{group['group_name']}” takes turns in an order of chance (“{group['randomization_group']}”)."
    for row in questions:
        if row.get("encrypted") == "Y":
            yield f"question “{row['title']}” is stored encrypted."
        if not int(row["parent_qid"]):
            yield from _of_question(server, row)


def _of_question(server: Connection, row: _Row) -> Iterator[str]:
    told = server.ask("get_question_properties", int(row["qid"]), settings=["title", "script"])
    if str(told.get("script") or "").strip():
        yield f"question “{row['title']}” runs a script."
    if row["type"] not in ("X", "|", "*") and _has_default(server, int(row["qid"])):
        yield f"question “{row['title']}” has an answer filled in beforehand."


def _has_default(server: Connection, number: int) -> bool:
    """LimeSurvey 6.14 tells of no default and breaks off on one, which tells as much."""
    try:
        return bool(server.ask("get_question_properties", number, settings=["defaultvalue"]).get("defaultvalue"))
    except FailedError:
        return True
