"""Cases under the model: predictions and percentiles by hand, what is not known, order of reading, omitted drivers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clustergov.analysis.case_selection.selection_lock import SelectionState, freeze
from clustergov.casestudies.first_coded import FirstCoded
from clustergov.casestudies.profile import KnownValue
from clustergov.casestudies.qca.declaration import read_qca
from clustergov.casestudies.qca.respondents import RespondentSets, declared_qca
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.reports.chapters.joint import joint as chapter
from clustergov.reports.document import Figure, Heading, Paragraph, Table
from clustergov.reports.inline import plain
from clustergov.reports.joint.candidates import candidates
from clustergov.reports.joint.case_account import percentile
from clustergov.reports.joint.inputs import freeze_selection, lock_path, read_joint_inputs, selection_state
from clustergov.reports.joint.paths import SideBySide, side_by_side
from clustergov.reports.joint.qca_paths import beside_regression
from clustergov.reports.joint.reading_order import reading_order
from joint_parts import Parts

TIME = "2026-11-22T12:00:00+00:00"
MOMENT = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def with_profile(parts: Parts, case: str, values: dict[str, object]) -> Parts:
    source = next(iter(next(each for each in parts.corpus.cases if each.case == case).sources))
    profile = tuple(
        KnownValue.model_validate({"driver": driver, "value": value, "source": source, "mark": "P"})
        for driver, value in values.items()
    )
    cases = tuple(
        each.model_copy(update={"profile": profile}) if each.case == case else each for each in parts.corpus.cases
    )
    return parts.changed(corpus=replace(parts.corpus, cases=cases))


WHOLE = {"member": 1, "public": 60, "interaction": 3.2, "staff": 3, "experience": 10, "strength": 4}


def test_a_real_case_is_never_set_against_made_up_respondents(parts: Parts) -> None:
    account = next(a for a in with_profile(parts, "leeuwarden", WHOLE).model().accounts if a.case == "leeuwarden")
    assert account.prediction is None
    assert all(row.percentile is None and row.peers is None for row in account.profile)
    assert [row.value for row in account.profile] == list(WHOLE.values())
    assert "simulated" in account.remarks[0]["en"]


def test_a_complete_profile_on_real_responses_is_predicted_in_the_model_s_units(parts: Parts) -> None:
    own = with_profile(parts, "leeuwarden", WHOLE).real()
    account = next(a for a in own.model().accounts if a.case == "leeuwarden")
    modelled = own.selection().modelled
    per = [predictor.per for predictor in own.drivers.specification.predictors]
    expected = modelled.predict(np.array(list(WHOLE.values()), dtype=float) / per)
    assert account.prediction is not None
    assert account.prediction.value == pytest.approx(expected.value)
    assert account.observed is None
    public = modelled.predictors[:, modelled.terms.index("public")] * 10
    row = next(row for row in account.profile if row.driver == "public")
    assert row.percentile == pytest.approx(100 * ((public < 60).mean() + (public == 60).mean() / 2))
    assert row.peers == modelled.n


@pytest.mark.parametrize("missing", ["not known", None])
def test_one_unknown_driver_is_no_prediction_and_is_named(parts: Parts, missing: str | None) -> None:
    values = {**WHOLE, "staff": missing}
    own = with_profile(parts, "leeuwarden", {k: v for k, v in values.items() if v is not None}).real()
    account = next(a for a in own.model().accounts if a.case == "leeuwarden")
    assert account.prediction is None
    assert "Staff" in account.remarks[0]["en"]
    assert next(row for row in account.profile if row.driver == "staff").knowledge == "not known"


def test_what_is_uncertain_is_shown_and_used_for_nothing(parts: Parts) -> None:
    own = with_profile(parts, "leeuwarden", WHOLE).real()
    case = own.corpus.cases[0]
    profile = tuple(
        entry.model_copy(update={"mark": "U"}) if entry.driver == "staff" else entry for entry in case.profile
    )
    cases = (case.model_copy(update={"profile": profile}), *own.corpus.cases[1:])
    account = own.changed(corpus=replace(own.corpus, cases=cases)).model().accounts[0]
    row = next(row for row in account.profile if row.driver == "staff")
    assert (row.value, row.knowledge, row.percentile) == (3.0, "uncertain", None)
    assert account.prediction is None


def test_a_linked_respondent_has_its_own_numbers(parts: Parts) -> None:
    who = parts.selection().respondents(parts.selection().chosen[2])[0]
    account = parts.linked({"twente": (who, False)}).model().accounts[2]
    modelled = parts.selection().modelled
    at = modelled.respondents.index(who)
    assert account.prediction is not None
    assert (account.observed, account.residual) == (modelled.observed[at], modelled.residual[at])
    assert (account.prediction.low, account.prediction.high) == pytest.approx((modelled.low[at], modelled.high[at]))
    assert "deviant high" in account.rules
    assert all(row.peers == modelled.n - 1 for row in account.profile)


def test_percentiles_count_half_of_the_equal_and_hide_small_sides() -> None:
    peers = np.repeat([1.0, 2.0, 3.0], [6, 4, 10])
    assert percentile(2.0, peers, None) == (pytest.approx(40.0), None)
    assert percentile(1.0, peers, 5)[0] == pytest.approx(15.0)
    share, why = percentile(2.5, np.r_[peers, [4.0]][:4], 5)
    assert share is None
    assert why is not None
    assert percentile(1.5, np.r_[1.0, np.full(20, 3.0)], 5)[0] is None
    assert percentile(1.5, np.r_[1.0, np.full(20, 3.0)], None)[0] == pytest.approx(100 / 21)


def test_a_frozen_choice_is_told_and_cannot_be_frozen_twice(
    parts: Parts, study_folder: Callable[[Parts], Parts]
) -> None:
    own = study_folder(parts)
    selection = own.selection()
    assert selection_state(own.inputs.folder, selection).state == "not frozen"
    path, lock = freeze_selection(own.inputs.folder, selection, time=TIME)
    assert selection_state(own.inputs.folder, selection).state == "kept"
    assert lock.hash[:12] in own.model().state.sentences[0]["en"]
    with pytest.raises(InputError) as caught:
        freeze_selection(own.inputs.folder, selection, time=TIME)
    assert caught.value.problems[0].rule == "already-frozen"
    for broken in ("{", path.read_text(encoding="utf-8").replace(TIME, "yesterday")):
        path.write_text(broken, encoding="utf-8")
        assert selection_state(own.inputs.folder, selection).state == "unreadable"


def test_the_lock_of_real_respondents_is_for_their_owner_alone(
    parts: Parts, study_folder: Callable[[Parts], Parts]
) -> None:
    own = study_folder(parts).real()
    path, _ = freeze_selection(own.inputs.folder, own.selection(), time=TIME)
    assert path == lock_path(own.inputs.folder, synthetic=False)
    assert "raw" in path.parts
    assert path.stat().st_mode & 0o777 == 0o600


def test_cases_coded_before_the_choice_are_named(parts: Parts) -> None:
    state = SelectionState("kept", freeze(parts.selection(), time=TIME))
    hour = datetime.timedelta(hours=1)
    first = {
        "leeuwarden": FirstCoded("leeuwarden", MOMENT - hour, 0), "nijmegen": FirstCoded("nijmegen", MOMENT + hour, 0),
        "twente": FirstCoded("twente", MOMENT + hour, 1), "groningen": FirstCoded("groningen", None, 2),
    }  # fmt: skip
    order = reading_order(parts.corpus, state, first)
    assert {case: found for case, _, found in order.orders} == {
        "leeuwarden": "before", "nijmegen": "after", "twente": "not known", "groningen": "not known"
    }  # fmt: skip
    assert "Leeuwarden" in order.sentences[0]["en"]
    assert reading_order(parts.corpus, SelectionState("not frozen", None), first).orders == ()
    assert reading_order(parts.corpus, SelectionState("altered", state.lock), first).orders == ()


def test_a_concept_of_deviant_cases_alone_is_a_candidate_and_never_a_finding(parts: Parts) -> None:
    selection = parts.selection()
    high, low = (
        next(each for each in selection.chosen if each.rule.rule == rule) for rule in ("deviant high", "deviant low")
    )
    typical = next(each for each in selection.chosen if each.rule.rule == "typical")
    people = [selection.respondents(each)[0] for each in (high, low, typical)]
    own = parts.linked(dict(zip(("leeuwarden", "nijmegen", "twente"), ((who, False) for who in people), strict=True)))
    concept = next(c.code for c in own.corpus.codebook.codable if c.code == "vision-formation")
    codings = tuple(
        coding
        for coding in own.corpus.codings
        if not (coding.concept == concept and coding.case in ("twente", "groningen"))
    )
    corpus = replace(own.corpus, codings=codings)
    found = candidates(corpus, own.joint, selection, set(selection.modelled.respondents))
    assert (found.count("high", "low"), found.count("typical")) == (2, 1)
    told = next(each for each in found.found if each.concept == concept)
    assert (told.deviant, told.typical, told.high, told.low, told.difference) == (2, 0, 1, 1, 1.0)
    assert told.least <= told.difference <= told.most
    assert found.least_p == pytest.approx(1 / 3)  # of three cases, either of three may be the one without
    assert found.too_few
    assert "too few" in " ".join(found.sentences("en"))
    assert "no finding" in " ".join(found.sentences("en"))
    explained = {c for driver in own.joint.drivers if driver.predictors for c in driver.concepts}
    assert not explained & {each.concept for each in found.found}


def test_uncertain_statements_make_no_candidate(parts: Parts) -> None:
    """A concept that a case holds only in statements marked U or about another organisation is not held by it."""
    selection = parts.selection()
    deviant = selection.respondents(next(each for each in selection.chosen if each.rule.rule == "deviant high"))[0]
    typical = selection.respondents(next(each for each in selection.chosen if each.rule.rule == "typical"))[0]
    own = parts.linked({"leeuwarden": (deviant, False), "twente": (typical, False)})
    case = own.corpus.cases[0]
    doubtful = case.model_copy(update={
        "statements": tuple(each.model_copy(update={"mark": "U"}) for each in case.statements),
        "notes": tuple(
            note.model_copy(update={"paragraphs": tuple(p.model_copy(update={"mark": "U"}) for p in note.paragraphs)})
            for note in case.notes
        ),
    })  # fmt: skip
    doubtful.__dict__.pop("units", None)
    corpus = replace(own.corpus, cases=(doubtful, *own.corpus.cases[1:]))
    assert candidates(corpus, own.joint, selection, set(selection.modelled.respondents)).found == ()


def test_without_linked_cases_nothing_is_compared(parts: Parts) -> None:
    found = parts.model().candidates
    assert found.found == ()
    assert "could not be compared" in found.sentences("en")[0]


def names(*people: str) -> dict[str, Text]:
    return {who: Text({"nl": who, "en": who}) for who in people}


def test_regression_and_qca_by_hand() -> None:
    people = "abcdefgh"
    present = {who: who in "abcdef" for who in people}
    expected = {who: who in "abcg" for who in people}
    terms = [("A*~B", {who: who in "bd" for who in people}), ("C", {who: who in "deh" for who in people})]
    found = side_by_side(expected, present, terms, names=names(*people), minimum=None)
    assert (found.n, found.present) == (8, 6)
    assert (found.both, found.regression, found.qca, found.neither) == (set("b"), set("ac"), set("de"), set("f"))
    assert [(path.covered, path.against) for path in found.paths] == [
        (set("abc"), set("g")), (set("bd"), set()), (set("de"), set("h"))
    ]  # fmt: skip
    frame = found.frame()
    assert frame.set_index("path")["names"]["neither"] == "f"
    assert "account for 1, the regression alone for 2, QCA alone for 2, neither for 1" in found.sentence("en")


def test_regression_and_qca_on_real_responses_hide_few_and_name_nobody() -> None:
    people = [f"r{place}" for place in range(60)]
    present = dict.fromkeys(people, True)
    expected = {who: place < 40 for place, who in enumerate(people)}
    terms = [("A", {who: place >= 38 for place, who in enumerate(people)})]
    found = side_by_side(expected, present, terms, names={}, minimum=5)
    counts = found.counts()
    assert counts["both"] is None
    assert sum(value is None for value in counts.values()) > 1
    assert set(found.frame()["names"]) == {""}


def test_a_profile_is_held_against_the_drivers_and_their_scales(parts: Parts, root: Path) -> None:
    own = with_profile(parts, "leeuwarden", {"member": 7, "staff": 2, "money": 3})
    own = own.linked({"twente": ("S001", False), "nijmegen": ("S001", False)})
    with pytest.raises(InputError) as caught:
        read_joint_inputs(
            root, root / "casestudies", own.corpus, own.joint, own.drivers.specification,
            questionnaire=own.responses.questionnaire,
        )  # fmt: skip
    told = [(problem.rule, problem.place) for problem in caught.value.problems]
    assert told == [
        ("unknown-driver", "profile[2].driver"), ("respondent-twice", "respondent"), ("value-off-scale", "profile[0].value")
    ]  # fmt: skip


def test_values_on_a_scale_are_told_in_the_words_of_the_questionnaire(parts: Parts) -> None:
    account = next(
        a for a in with_profile(parts, "leeuwarden", WHOLE | {"member": 2}).model().accounts if a.case == "leeuwarden"
    )
    row = next(row for row in account.profile if row.driver == "member")
    assert row.words is not None
    assert (row.words["nl"], row.words["en"]) == ("ja", "yes")


def test_the_declared_qca_stands_beside_the_regression(parts: Parts, root: Path) -> None:
    declared = declared_qca(read_qca(root / "analysis" / "qca.yml", parts.responses.questionnaire), parts.responses)
    assert isinstance(declared.sets, RespondentSets)
    selection = parts.selection()
    found = beside_regression(declared, selection, {}, minimum=None)
    assert isinstance(found, SideBySide)
    table = declared.sets.table
    shared = [who for who in table.cases if who in selection.modelled.respondents]
    with_it = {who for who, value in zip(table.cases, table.column("PERF"), strict=True) if value > 0.5} & set(shared)
    assert (found.n, found.present) == (len(shared), len(with_it))
    assert found.both | found.regression | found.qca | found.neither == with_it
    predicted = dict(zip(selection.modelled.respondents, selection.modelled.predicted, strict=True))
    assert found.both | found.regression == {who for who in with_it if predicted[who] > 3.55}  # the crossover of PERF
    assert len(found.paths) > 1
    other = replace(selection, modelled=replace(selection.modelled, outcome="external_growth"))
    assert isinstance(beside_regression(declared, other, {}, minimum=None), Text)
    assert beside_regression(None, selection, {}, minimum=None) is None


def test_the_choice_of_the_shipped_study_is_the_one_that_was_frozen(parts: Parts, root: Path) -> None:
    assert selection_state(root, parts.selection()).state == "kept"


@pytest.mark.parametrize(("language", "words"), [("nl", "Zelfs"), ("en", "even the largest")])
def test_the_chapter_shows_candidates_with_their_reservation(
    parts: Parts, root: Path, language: str, words: str
) -> None:
    selection = parts.selection()
    rules = ("deviant high", "deviant low", "typical")
    people = [
        selection.respondents(next(each for each in selection.chosen if each.rule.rule == rule))[0] for rule in rules
    ]
    cases = ("leeuwarden", "nijmegen", "groningen")
    own = parts.linked(dict(zip(cases, ((who, False) for who in people), strict=True)))
    explained = {concept for driver in own.joint.drivers if driver.predictors for concept in driver.concepts}
    kept = tuple(each for each in own.corpus.codings if each.case != "groningen" or each.concept in explained)
    own = own.changed(corpus=replace(own.corpus, codings=kept))
    declared = declared_qca(
        read_qca(root / "analysis" / "qca.yml", own.responses.questionnaire), own.responses, robust=False
    )
    model = replace(own.model(), sides=beside_regression(declared, selection, {}, minimum=None))
    assert model.candidates.found
    blocks = chapter(own.display(), language, model, banner="SYNTHETIC")
    table = next(block for block in blocks if isinstance(block, Table) and block.id == "joint-candidates-table")
    assert len(table.rows) == len(model.candidates.found)
    assert "/ 2" in plain(table.rows[0][1])
    known = [block.id for block in blocks if isinstance(block, Heading | Table | Figure)]
    assert len(known) == len(set(known))
    told = " ".join(plain(block.text) for block in blocks if isinstance(block, Paragraph))
    assert words.casefold() in told.casefold()
