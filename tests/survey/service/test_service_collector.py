"""Our own service by the verbs of every collector."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.collecting import Collector, Person
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.reading import read_responses
from clustergov.survey.service.collector import ServiceCollector

FIELDWORK = Fieldwork(fieldwork="trial", questionnaire="small.yml")
PEOPLE = [Person("P1", "an@example.org", "An", "nl"), Person("P2", "bo@example.org", "Bo", "en")]
Put = Callable[..., Any]


@pytest.fixture
def collector(put: Put, database: str) -> Any:
    field = put(access="invited", anonymous=False)
    collector: Collector = ServiceCollector(database)
    yield field, collector
    collector.dispose()  # type: ignore[attr-defined]


def answer(field: Any, link: str, *, submit: bool) -> None:
    browser = field.browser()
    language = browser.get(link.removeprefix("http://127.0.0.1:8000")).headers["location"].split("/")[1]
    browser.send(f"/{language}/1", name="=1+1", member="N")
    if submit:
        browser.send(f"/{language}/3", "submit", remark="x")


def test_people_are_invited_reminded_counted_and_fetched(collector: Any, tmp_path: Path) -> None:
    field, survey = collector
    invited = survey.invite(PEOPLE, FIELDWORK)
    assert [person for person, _ in invited.links] == PEOPLE
    assert survey.invite(PEOPLE, FIELDWORK).links == ()
    links = {person.pseudonym: link for person, link in invited.links}
    answer(field, links["P1"], submit=True)
    answer(field, links["P2"], submit=False)
    status = survey.status()
    assert (status.state, status.complete, status.partial) == ("open", 1, 1)
    assert (status.invited, status.reminded, status.opened, status.completed) == (2, 0, 2, 1)
    reminded = survey.remind(FIELDWORK)
    assert [person.pseudonym for person, _ in reminded.links] == ["P2"]
    assert reminded.links[0][1] not in links.values()
    partial, complete = survey.fetch()
    assert (partial.kind, partial.rows, complete.kind, complete.rows) == ("partial", 1, "complete", 1)
    assert sorted(survey.pseudonyms().values()) == ["P1", "P2"]
    file = tmp_path / "complete.csv"
    file.write_bytes(complete.content)
    responses = read_responses(file, field.app.state.survey.questionnaire, strict=True)
    assert responses.frame.loc[responses.frame.index[0], "name"] == "=1+1"


def test_what_was_fetched_before_is_left_out_and_what_is_gone_is_told(collector: Any) -> None:
    field, survey = collector
    for _, link in survey.invite(PEOPLE, FIELDWORK).links:
        answer(field, link, submit=True)
    first, second = [row.id for row in field.storage.rows("complete")]
    survey.erase(first)
    _, complete = survey.fetch(have=[first, second])
    assert (complete.rows, complete.deleted) == (0, (first,))


def test_a_closed_survey_invites_nobody(collector: Any) -> None:
    _, survey = collector
    survey.close()
    assert survey.status().state == "closed"
    with pytest.raises(InputError, match="closed"):
        survey.invite(PEOPLE, FIELDWORK)


def test_there_has_to_be_a_survey(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        ServiceCollector(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()
