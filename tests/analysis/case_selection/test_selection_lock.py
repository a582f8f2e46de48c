"""A frozen selection: what changes it, what does not, and a lock that was tampered with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from clustergov.analysis.case_selection.declaration import read_selection
from clustergov.analysis.case_selection.selection import CaseSelection, case_selection
from clustergov.analysis.case_selection.selection_lock import freeze, lock_text, read_lock, state_of
from clustergov.study.data import read_data
from clustergov.survey.responses import Responses

TIME = "2026-11-22T12:00:00+00:00"


@pytest.fixture(scope="module")
def selection(root: Path) -> CaseSelection:
    data = read_data(root)
    assert data.plan is not None
    assert data.responses is not None
    drivers = data.plan.declared.drivers
    assert drivers is not None
    return case_selection(read_selection(root / "analysis" / "case-selection.yml", drivers), drivers, data.responses)


@pytest.fixture(scope="module")
def responses(root: Path) -> Responses:
    found = read_data(root).responses
    assert found is not None
    return found


def frozen(selection: CaseSelection) -> tuple[str, str]:
    lock = freeze(selection, time=TIME)
    return lock_text(lock), lock.hash


def test_a_lock_comes_back_as_it_was(selection: CaseSelection) -> None:
    lock = freeze(selection, time=TIME, note="deposited")
    again, claimed = read_lock(lock_text(lock))
    assert claimed == lock.hash == again.hash
    assert state_of(selection, again, claimed).state == "kept"
    assert [each.rule for each in again.chosen] == [each.rule.rule for each in selection.chosen]
    assert all(each.reason["nl"] and each.reason["en"] for each in again.chosen)


def test_wording_of_the_title_does_not_matter_a_reason_does(selection: CaseSelection) -> None:
    lock, claimed = read_lock(frozen(selection)[0])
    own = selection.specification
    other = replace(selection, specification=own.model_copy(update={"title": own.rules[0].reason}))
    assert state_of(other, lock, claimed).state == "kept"
    rules = (own.rules[0].model_copy(update={"reason": own.title}), *own.rules[1:])
    changed = state_of(replace(selection, specification=own.model_copy(update={"rules": rules})), lock, claimed)
    assert changed.state == "changed"
    assert "case-selection.yml" in changed.changes[0]["en"]


def test_a_changed_answer_of_the_sample_shows_and_another_does_not(
    selection: CaseSelection, responses: Responses
) -> None:
    lock, claimed = read_lock(frozen(selection)[0])
    who = selection.modelled.respondents[0]
    frame = responses.frame.copy()
    frame.loc[who, "funding_natpub"] = frame.loc[who, "funding_natpub"] + 7
    other = case_selection(selection.specification, selection.drivers, replace(responses, frame=frame))
    state = state_of(other, lock, claimed)
    assert state.state == "changed"
    assert any("predictors" in change["en"] for change in state.changes)
    outside = next(name for name in responses.frame.index if name not in selection.modelled.respondents)
    frame = responses.frame.copy()
    frame.loc[outside, "funding_natpub"] = 1
    frame.loc[outside, "year"] = 1999
    same = case_selection(selection.specification, selection.drivers, replace(responses, frame=frame))
    assert state_of(same, lock, claimed).state == "kept"


def test_a_lock_that_was_edited_is_told(selection: CaseSelection) -> None:
    text, _ = frozen(selection)
    whole = json.loads(text)
    whole["chosen"][0]["respondents"] = ["S001"]
    lock, claimed = read_lock(json.dumps(whole))
    assert state_of(selection, lock, claimed).state == "altered"


def test_no_pseudonym_stands_in_what_is_told_of_changes(selection: CaseSelection) -> None:
    lock, claimed = read_lock(frozen(selection)[0])
    other = state_of(replace(selection, data_hash="0" * 64, chosen=selection.chosen[1:]), lock, claimed)
    told = " ".join(text[language] for text in other.sentences for language in ("nl", "en"))
    assert not any(who in told for who in selection.modelled.respondents)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "chosen": 3}', '{"format": 1, "chosen": [1]}']
)
def test_what_is_no_lock_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"lock|Expecting|indices|dictionary"):
        read_lock(text)
