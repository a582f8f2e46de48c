"""A questionnaire put on a LimeSurvey server: imported, set up, read again, compared; activated only when nothing differs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clustergov.instruments.limesurvey.write import to_lss
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError, Problem
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.debris import Marked, marked, remove_debris
from clustergov.survey.limesurvey.differences import differences
from clustergov.survey.limesurvey.errors import LimeSurveyError, UnintelligibleError, UnreachableError, said
from clustergov.survey.limesurvey.participants import Participants
from clustergov.survey.limesurvey.settings import (
    ACTIVATION,
    is_active,
    setting_differences,
    survey_settings,
    write_settings,
)
from clustergov.survey.limesurvey.structure import Structure, read_structure, written_structure


class DiffersError(LimeSurveyError):
    """A survey on the server is not what the questionnaire and its fieldwork say."""

    rule = "limesurvey-differs"

    def __init__(self, found: Iterable[str], *, summary: str) -> None:
        InputError.__init__(self, [Problem(self.rule, each) for each in found], summary=summary)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A survey on a server that was found to be what it should be.

    Attributes
    ----------
    number : int
        By which every other command knows it.
    links : mapping of str to str
        Language → where a respondent begins.
    questions, fields : int
        How many of them were compared.
    notes : tuple of str
        What LimeSurvey cannot hold and nobody misses in an answer; what to know about the server.
    """

    number: int
    links: Mapping[str, str]
    questions: int
    fields: int
    notes: tuple[str, ...]


def deploy(server: Connection, questionnaire: Questionnaire, fieldwork: Fieldwork, *, keep: bool = False) -> Deployed:
    """Import a questionnaire, set the survey up, and compare what is there with what should be.

    It is not activated. Whatever fails, the survey that this call made is deleted again.

    Parameters
    ----------
    server : Connection
    questionnaire : Questionnaire
        As it is fielded (see `survey.fielding`): with the notice and the questions for consent.
    fieldwork : Fieldwork
    keep : bool
        Leave a survey that differs on the server, for a look at it.

    Raises
    ------
    DiffersError
        With every difference.
    LimeSurveyError
        The server refuses, or breaks off; the message says what was deleted.
    InputError
        The questionnaire cannot be put on LimeSurvey.
    """
    exported, wanted = to_lss(questionnaire), written_structure(questionnaire)
    own = marked(server)
    number = _imported(server, exported.content, own)
    try:
        write_settings(server, number, questionnaire, fieldwork, wanted.survey.languages)
        _refuse_differences(server, number, questionnaire, fieldwork, wanted)
    except BaseException as error:
        if keep and isinstance(error, DiffersError):
            _say(error, f"survey {number} is kept for a look; it is not active.")
            raise
        _say(error, _deleted(server, number))
        raise
    return _deployed(server, number, wanted, (*_notes(exported.notes), *server.remarks()))


def compare(server: Connection, number: int, questionnaire: Questionnaire, fieldwork: Fieldwork) -> Deployed:
    """Compare a survey that is already on the server with a questionnaire as it is fielded.

    Raises
    ------
    DiffersError
        With every difference.
    LimeSurveyError
        There is no such survey, or the server does not tell.
    """
    wanted = written_structure(questionnaire)
    _refuse_differences(server, number, questionnaire, fieldwork, wanted)
    return _deployed(server, number, wanted, (*server.remarks(), *_times(server, number)))


def activate(server: Connection, number: int, fieldwork: Fieldwork) -> None:
    """Open a survey for answers. There is no way back to a survey that can be changed without losing its answers.

    Compare it first. Where it is for invited persons the table of participants is made as well. A survey that is active
    already is only looked at, and gets its table where that is missing.

    Raises
    ------
    DiffersError
        The server opened it otherwise than it was asked to.
    LimeSurveyError
    """
    wanted = {name: value for name, value in survey_settings(fieldwork).items() if name in ACTIVATION}
    try:
        _open(server, number, wanted)
        participants = Participants(number, server)
        if fieldwork.access == "invited" and not participants.exist():
            participants.make_table()
    except UnreachableError as error:
        _say(
            error,
            f"how far it came is not known; say it again with --number {number}: what was done is not done twice.",
        )
        raise


def _open(server: Connection, number: int, wanted: Mapping[str, str]) -> None:
    """Activate a survey that is not active, and see that it stores what it should and no more."""
    if not is_active(server, number):
        stored = {name: value == "Y" for name, value in wanted.items()}
        server.tell("activate_survey", number, user_activation_settings=stored)
    found = server.ask("get_survey_properties", number, ["active", *ACTIVATION])
    unlike = [
        f"setting {name}: expected “{value}”, found “{found[name]}”."
        for name, value in wanted.items()
        if found[name] != value
    ]
    if unlike or found["active"] != "Y":
        summary = f"Survey {number} was activated and is not as it should be. Close it, and ask who runs the server what it forces:"
        raise DiffersError(unlike or ["it is not active."], summary=summary)


def _imported(server: Connection, content: bytes, own: Marked) -> int:
    """The number of the new survey; of an import that fails nothing stays."""
    try:
        number = server.tell("import_survey", io.BytesIO(content), "lss", own.mark, own.wanted)
        return _number(number)
    except BaseException as error:
        unknown = not isinstance(error, LimeSurveyError) or isinstance(error, UnreachableError)
        _say(error, _cleared(server, own, unknown=unknown))
        raise


def _number(told: object) -> int:
    if not str(told).isdigit():
        raise UnintelligibleError(f"LimeSurvey answered an import with {type(told).__name__} instead of a number.")
    return int(str(told))


def _deleted(server: Connection, number: int) -> str:
    """Delete a survey that this import had made, and say so."""
    try:
        server.tell("delete_survey", number)
    except LimeSurveyError as error:
        return f"survey {number}, which this import had made, could not be deleted ({error.problems[0].message}) Delete it."
    return f"survey {number}, which this import had made, was deleted again."


def _cleared(server: Connection, own: Marked, *, unknown: bool) -> str:
    """Delete what a failed import left, and say so."""
    try:
        removed = remove_debris(server, own, unknown=unknown)
    except LimeSurveyError as error:
        reason = error.problems[0].message
        return (
            f"whether the import left something behind could not be looked up ({reason}) It would be survey {own.wanted}, "
            f"or have “{own.mark}” in its title: delete it when the server is there again."
        )
    if removed:
        return f"what the import left behind was deleted: survey {', '.join(map(str, removed))}."
    if unknown:
        return f"the import left nothing behind so far; if it went on, it would be survey {own.wanted} (“{own.mark}”): delete it."
    return "the import left nothing behind."


def _refuse_differences(
    server: Connection, number: int, questionnaire: Questionnaire, fieldwork: Fieldwork, wanted: Structure
) -> None:
    found = differences(wanted, read_structure(server, number))
    found += setting_differences(server, number, questionnaire, fieldwork, wanted.survey.languages)
    if found:
        count = len(found)
        raise DiffersError(
            found,
            summary=f"Survey {number} on {server.credentials.host} is not what the questionnaire says ({count} difference{'s' * (count > 1)}):",
        )  # fmt: skip


def _deployed(server: Connection, number: int, wanted: Structure, notes: tuple[str, ...]) -> Deployed:
    links = {language: server.credentials.respondents(number, language) for language in wanted.survey.languages}
    questions = sum(len(group.questions) for group in wanted.survey.groups)
    return Deployed(number, links, questions, len(wanted.fields), notes)


def _times(server: Connection, number: int) -> Iterator[str]:
    """Until when, and from when, LimeSurvey takes answers, where somebody has said so."""
    told = server.ask("get_survey_properties", number, ["startdate", "expires"])
    if told["startdate"]:
        yield f"Survey {number} takes answers only from {said(told['startdate'])} on."
    if told["expires"]:
        yield f"Survey {number} takes answers only until {said(told['expires'])}."


def _notes(notes: Sequence[Problem]) -> Iterator[str]:
    """What LimeSurvey gets otherwise than it is written; what it simply has no place for, in one sentence."""
    unheld = [note.message for note in notes if note.rule == "limesurvey-unheld"]
    yield from (str(note) for note in notes if note.rule != "limesurvey-unheld")
    if unheld:
        yield "LimeSurvey has no place for scales' names, sources and constructs: read answers with the questionnaire's own file."


def _say(error: BaseException, told: str) -> None:
    """Add what became of the survey to an error that a person will read."""
    if isinstance(error, InputError):
        error.problems = (*error.problems, Problem("limesurvey-debris", told))
    else:
        error.add_note(told)
