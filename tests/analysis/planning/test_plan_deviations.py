"""A frozen plan: what counts as content, what differs in words, and a lock that was edited."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clustergov.analysis.planning.frozen_plan import FrozenFile, FrozenPlan, canonical, lock_text, read_lock
from clustergov.analysis.planning.plan_deviations import PlanDeviation, plan_deviations

CLAIMS = {
    "minimum n": 20,
    "claims": [
        {"id": 1, "title": {"nl": "een", "en": "one"}, "parts": [{"id": "1a", "form": "order", "low": 0.1}]},
        {"id": 2, "title": {"nl": "twee", "en": "two"}, "parts": [{"id": "2a", "form": "value", "items": ["a", "b"]}]},
    ],
}


def plan(content: Any, **others: Any) -> FrozenPlan:
    files = {"claims": content, **others}
    return FrozenPlan("2026-01-01", "", "none", {n: FrozenFile(f"analysis/{n}.yml", "0", c) for n, c in files.items()})


def changed(edit: Any) -> tuple[PlanDeviation, ...]:
    now = json.loads(json.dumps(CLAIMS))
    edit(now)
    frozen = plan(CLAIMS)
    return plan_deviations(frozen, frozen.hash, plan(now).files).deviations


def test_comments_spaces_order_of_keys_and_a_point_do_not_count() -> None:
    other = json.loads(json.dumps(CLAIMS))
    other = {key: other[key] for key in reversed(other)}
    other["minimum n"] = 20.0
    assert plan(other).hash == plan(CLAIMS).hash
    assert canonical({"b": 1.0, "a": True}) == '{"a":true,"b":1}'


def test_what_decides_changes_the_hash() -> None:
    other = json.loads(json.dumps(CLAIMS))
    other["claims"][0]["parts"][0]["low"] = 0.11
    assert plan(other).hash != plan(CLAIMS).hash
    for change in ({"date": "2026-01-02"}, {"note": "x"}, {"responses": "file"}):
        fields = {"date": "2026-01-01", "note": "", "responses": "none", "files": plan(CLAIMS).files} | change
        assert FrozenPlan(**fields).hash != plan(CLAIMS).hash  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edit", "change", "place", "before", "after"),
    [
        (lambda c: c.update({"minimum n": 10}), "changed", ("minimum n",), "20", "10"),
        (lambda c: c["claims"][0]["parts"][0].update(low=0.2), "changed", ("claims", "1", "parts", "1a", "low"), "0.1", "0.2"),
        (lambda c: c["claims"].pop(), "removed", ("claims", "2"), None, ""),
        (lambda c: c["claims"].append({"id": 3}), "added", ("claims", "3"), "", '{"id":3}'),
        (lambda c: c["claims"].reverse(), "reordered", ("claims",), "1, 2", "2, 1"),
        (lambda c: c["claims"][1]["parts"][0].update(items=["a"]), "changed", ("claims", "2", "parts", "2a", "items"),
         '["a","b"]', '["a"]'),
        (lambda c: c["claims"][0]["parts"][0].pop("form"), "removed", ("claims", "1", "parts", "1a", "form"), "order", ""),
    ],
)  # fmt: skip
def test_each_change_is_told_once_where_it_begins(
    edit: Any, change: str, place: tuple[str, ...], before: str | None, after: str
) -> None:
    (found,) = changed(edit)
    assert (found.change, found.place, found.after, found.wording) == (change, place, after, False)
    assert before is None or found.before == before
    for language in ("nl", "en"):
        assert " › ".join(place) in found.sentence(language)


def test_wording_is_told_apart() -> None:
    frozen = plan(CLAIMS)
    now = json.loads(json.dumps(CLAIMS))
    now["claims"][0]["title"]["nl"] = "Een"
    found = plan_deviations(frozen, frozen.hash, plan(now).files)
    assert len(found.deviations) == 1
    assert found.deciding == ()
    assert found.kept
    assert "decides nothing: 1." in found.sentence("en")


def test_another_wording_of_a_question_is_another_question() -> None:
    asked = {"questions": [{"code": "q1", "text": {"nl": "een?", "en": "one?"}, "reason": {"nl": "a", "en": "a"}}]}
    for edit, deciding in (
        (lambda q: q["text"].update(en="two?"), 1),
        (lambda q: q.update(help={"nl": "x", "en": "x"}), 1),
        (lambda q: q["reason"].update(en="b"), 0),
    ):
        now = json.loads(json.dumps(asked))
        edit(now["questions"][0])
        frozen = plan(CLAIMS, questionnaire=asked)
        found = plan_deviations(frozen, frozen.hash, plan(CLAIMS, questionnaire=now).files)
        assert (len(found.deviations), len(found.deciding)) == (1, deciding)


def test_a_file_that_came_or_went_is_told() -> None:
    frozen = plan(CLAIMS, drivers={"level": 0.95})
    found = plan_deviations(frozen, frozen.hash, plan(CLAIMS, multiverse={"draws": 1}).files)
    assert [(d.name, d.change, d.place) for d in found.deviations] == [
        ("drivers", "removed", ()),
        ("multiverse", "added", ()),
    ]
    assert not found.kept


def test_lock_there_and_back_and_an_edited_one() -> None:
    frozen = plan(CLAIMS)
    text = lock_text(frozen)
    read, claimed = read_lock(text)
    assert (read.hash, claimed) == (frozen.hash, frozen.hash)
    edited, claimed = read_lock(text.replace('"minimum n": 20', '"minimum n": 10'))
    found = plan_deviations(edited, claimed, edited.files)
    assert not found.intact
    assert not found.kept
    assert "changed afterwards" in found.sentence("en")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": 2, "responses": "none"}', '{"format": 1, "responses": "file", "files": 3}']
)
def test_what_is_no_lock_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # json's own or ours; the edge turns both into one message
        read_lock(text)


@pytest.mark.parametrize("responses", ["none", "simulation", "file"])
def test_what_can_and_what_cannot_be_known_is_said(responses: Any) -> None:
    frozen = FrozenPlan("2026-01-01", "osf.io", responses, plan(CLAIMS).files)
    told = plan_deviations(frozen, frozen.hash, frozen.files).told("en")
    assert "no deviations" in " ".join(told)
    assert "deposited elsewhere before fieldwork" in told[-1]
    assert "osf.io" in told[1]
