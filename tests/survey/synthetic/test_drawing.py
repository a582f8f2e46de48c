"""Simulated responses of any questionnaire: allowed, readable, repeatable, and with what was declared in them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.simulation import Simulated, plain_sketch, read_model, simulate
from clustergov.survey.validation import validate
from clustergov.survey.writing import write_responses
from questionnaire_strategy import EXAMPLES, questionnaires, tries

SHIPPED = ("benchmark", "cluster-organisation", "governance")
N = 8000


def assert_readable(drawn: Responses, path: Path) -> None:
    found = validate(drawn)
    assert found.empty, found
    write_responses(drawn, path)
    back = read_responses(path, drawn.questionnaire, strict=True)
    assert back.synthetic
    pd.testing.assert_frame_equal(back.frame, drawn.frame, check_names=False)
    pd.testing.assert_frame_equal(back.blanks, drawn.blanks, check_names=False)
    pd.testing.assert_frame_equal(back.chosen, drawn.chosen, check_names=False)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_questionnaire_needs_no_model(name: str, root: Path, tmp_path: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / f"{name}.yml")
    drawn = simulate(plain_sketch(questionnaire), questionnaire, n=300, rng=np.random.default_rng(1)).responses
    assert drawn.n == 300
    assert_readable(drawn, tmp_path / "r.csv")
    answered = (drawn.blanks == "").sum()
    assert answered.min() > 0, answered[answered == 0]


@tries(EXAMPLES // 2)
@given(questionnaires(), st.integers(0, 2**32 - 1))
def test_any_questionnaire_needs_no_model(
    tmp_path_factory: pytest.TempPathFactory, questionnaire: Questionnaire, seed: int
) -> None:
    assume(questionnaire.variables)  # with notes alone there is nothing to answer
    drawn = simulate(plain_sketch(questionnaire), questionnaire, n=25, rng=np.random.default_rng(seed)).responses
    found = validate(drawn)
    # A compulsory file cannot be handed in, nor can a total be reached by too few parts.
    stuck = {q.code for q in questionnaire.questions if q.kind == "file" or q.total is not None}
    assert found[~found["question"].isin(stuck)].empty, found
    path = tmp_path_factory.mktemp("drawn") / "r.csv"
    write_responses(drawn, path)
    back = read_responses(path, questionnaire, strict=True)
    assert back.synthetic
    pd.testing.assert_frame_equal(back.frame, drawn.frame, check_names=False)
    pd.testing.assert_frame_equal(back.blanks, drawn.blanks, check_names=False)


QUESTIONNAIRE = """
questionnaire: pilot
version: 1
title: {en: Pilot}
languages: [en]
scales:
  yesno: {direction: ascending, options: [{code: N, text: {en: n}}, {code: Y, text: {en: y}}]}
  five:
    direction: ascending
    options: [{code: 1, text: {en: a}}, {code: 2, text: {en: b}}, {code: 3, text: {en: c}}, {code: 4, text: {en: d}},
              {code: 5, text: {en: e}}, {code: 97, text: {en: na}, blank: not applicable},
              {code: 98, text: {en: dk}, blank: refused or don't know},
              {code: 99, text: {en: no}, blank: refused or don't know}]
sections:
  - code: start
    title: {en: Start}
    questions:
      - {code: legal, kind: single, scale: yesno, text: {en: legal}, required: true}
      - {code: staff, kind: number, text: {en: staff}, minimum: 0, maximum: 50, integer: true, required: true}
      - {code: paid, kind: number, text: {en: paid}, minimum: 0, maximum: 50, integer: true, constraint: paid <= staff}
  - code: list
    title: {en: List}
    questions:
      - code: view
        kind: array
        scale: five
        text: {en: view}
        items: [{code: a, text: {en: a}}, {code: b, text: {en: b}}, {code: c, text: {en: c}}, {code: d, text: {en: d}},
                {code: e, text: {en: e}}, {code: f, text: {en: f}}, {code: g, text: {en: g}}, {code: h, text: {en: h}}]
  - code: outcome
    title: {en: Outcome}
    questions:
      - {code: good, kind: single, scale: five, text: {en: good}}
      - {code: better, kind: single, scale: five, text: {en: better}}
      - {code: seats, kind: number, text: {en: seats}, when: 'legal = "Y"', minimum: 0, maximum: 9, integer: true}
  - code: end
    title: {en: End}
    questions:
      - {code: order, kind: ranking, scale: yesno, text: {en: order}, items: [{code: 1, text: {en: 1}}, {code: 2, text: {en: 2}}]}
      - {code: remark, kind: text, text: {en: remark}}
"""


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("pilot") / "pilot.yml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    return read_questionnaire(path)


def drawn_from(pilot: Questionnaire, folder: Path, sketch: str, n: int = N, seed: int = 1) -> Simulated:
    path = folder / "sketch.yml"
    path.write_text(f"simulation: pilot\nquestionnaire: pilot\n{sketch}", encoding="utf-8")
    return simulate(read_model(path, pilot), pilot, n=n, rng=np.random.default_rng(seed))


NOTHING_OPEN = "nonresponse: {rate: 0, refused: 0, not applicable: 0}\n"


def test_effects_are_what_a_cumulative_logit_finds(pilot: Questionnaire, tmp_path: Path) -> None:
    sketch = NOTHING_OPEN + (
        "marginals: {good: {probabilities: {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.3, 5: 0.1}}}\n"
        "effects:\n"
        "  - {outcome: good, drivers: {staff: {step: 0.3, per: 10}, legal: {step: 0.5}}}\n"
        "  - {outcome: better, drivers: {good: {standardised: 0.4}, legal: {standardised: -0.2}}}\n"
    )
    found = drawn_from(pilot, tmp_path, sketch)
    planted = {(t.variable, t.other): t.value for t in found.truth.targets if t.quantity == "log odds ratio"}
    assert planted["good", "staff"] == pytest.approx(0.03)
    values = {name: found.responses.values(name).to_numpy() for name in ("good", "better", "staff", "legal")}
    for outcome, drivers in (("good", ["staff", "legal"]), ("better", ["good", "legal"])):
        design = pd.DataFrame({driver: values[driver] for driver in drivers})
        fit = cumulative_logit(pd.Series(values[outcome]), design)
        for driver in drivers:
            place = fit.terms.index(driver)
            # Four standard errors of an estimate that is asymptotically normal around the planted number.
            near = 4 * float(np.sqrt(fit.covariance[place, place]))
            assert fit.estimates[place] == pytest.approx(planted[outcome, driver], abs=near), (outcome, driver)
    # The outcome's own distribution stays the declared one: four standard errors of a share are 0.02 at 8,000.
    shares = found.responses.codes("good").value_counts(normalize=True)
    for code, share in {"1": 0.1, "2": 0.2, "3": 0.3, "4": 0.3, "5": 0.1}.items():
        assert shares[code] == pytest.approx(share, abs=0.02)


def test_a_standardised_normal_effect_is_the_probit_coefficient_it_says(pilot: Questionnaire, tmp_path: Path) -> None:
    sketch = NOTHING_OPEN + "effects: [{outcome: good, link: normal, drivers: {staff: {standardised: 0.5}}}]\n"
    found = drawn_from(pilot, tmp_path, sketch)
    planted = {t.quantity: t.value for t in found.truth.targets}
    assert planted["standardised effect"] == pytest.approx(0.5, abs=1e-6)
    # With one driver: b · sd = beta / √(1 − beta²), in units of the noise.
    sd = float(found.responses.values("staff").std())
    assert planted["probit coefficient"] * sd == pytest.approx(0.5 / np.sqrt(0.75), rel=0.03)
    design = pd.DataFrame({"staff": found.responses.values("staff")})
    fit = cumulative_logit(found.responses.values("good"), design, link="probit")
    assert fit.estimates[0] == pytest.approx(planted["probit coefficient"], abs=4 * float(fit.standard_errors[0]))


def longest_strings(responses: Responses) -> pd.Series[int]:
    """The long-string index: the longest run of one answer in the list, per respondent."""
    rows = responses.frame[[variable.name for variable in responses.questionnaire.of("view")]].to_numpy()
    return pd.Series([max(_runs(row)) for row in rows], index=responses.frame.index)


def _runs(row: np.ndarray) -> list[int]:
    runs, length = [], 1
    for one, other in itertools.pairwise(row):
        length = length + 1 if one == other else 1
        runs.append(length)
    return runs


def test_careless_respondents_are_as_many_as_declared_and_show_in_their_strings(
    pilot: Questionnaire, tmp_path: Path
) -> None:
    sketch = NOTHING_OPEN + "careless: {share: 0.2, kinds: {straightlining: 2, midpoint: 1, random: 1}}\n"
    found = drawn_from(pilot, tmp_path, sketch)
    shares = found.careless.value_counts(normalize=True)
    # Four standard errors of a share of 0.1 at 8,000 are 0.013, of 0.2 they are 0.018.
    assert 1 - shares[""] == pytest.approx(0.2, abs=0.018)
    assert shares["straightlining"] == pytest.approx(0.1, abs=0.013)
    strings = longest_strings(found.responses)
    assert (strings[found.careless.isin(["straightlining", "midpoint"])] == 8).all()
    assert (found.responses.frame.loc[found.careless == "midpoint", "view_a"] == "3").all()
    assert strings[found.careless == ""].mean() < 3
    straight = found.responses.frame.loc[found.careless == "straightlining", "view_a"].value_counts(normalize=True)
    assert straight.to_numpy() == pytest.approx(0.2, abs=0.06)  # four standard errors at 800


def test_the_hazard_of_stopping_grows_as_declared(pilot: Questionnaire, tmp_path: Path) -> None:
    found = drawn_from(pilot, tmp_path, "dropout: {start: 0.05, growth: 2, sections: {end: 0.3}}\n").responses
    sections = [section.code for section in pilot.sections]
    going = np.ones(N, dtype=bool)
    for section, hazard in zip(sections[1:], (0.05, 0.1, 0.3), strict=True):
        names = [v.name for v in pilot.variables if v.section.code == section and not v.question.when]
        gone = (found.blanks[names] == Blank.ABANDONED.value).all(axis=1).to_numpy()
        now = (gone & going).sum() / going.sum()
        assert now == pytest.approx(hazard, abs=4 * np.sqrt(hazard * (1 - hazard) / going.sum())), section
        going &= ~gone
    assert found.complete is not None
    assert found.complete.mean() == pytest.approx(going.mean())


def test_questions_are_left_open_as_declared_also_depending_on_an_answer(pilot: Questionnaire, tmp_path: Path) -> None:
    sketch = """\
nonresponse:
  rate: 0.02
  refused: 0.1
  not applicable: 0.05
  exceptions:
    - {questions: good, rate: 0.2}
    - {questions: [good, view_a], rate: 0.5, when: 'legal = "N"'}
"""
    found = drawn_from(pilot, tmp_path, sketch).responses
    legal = found.frame["legal"]
    skipped = found.blanks == Blank.SKIPPED.value

    def near(rate: float, part: float = 0.5) -> float:
        return 4 * float(np.sqrt(rate * (1 - rate) / (part * N)))

    refused, other = 0.1, 0.05
    # An option marked blank is chosen among those who do not leave the row open.
    stays = (1 - refused) * (1 - other)
    assert (found.blanks["view_b"] == "").mean() == pytest.approx(0.98 * stays, abs=near(0.16))
    assert skipped["good"][legal == "N"].mean() == pytest.approx(0.5, abs=near(0.5, 0.3))
    assert skipped["good"][legal == "Y"].mean() == pytest.approx(0.2, abs=near(0.2, 0.3))
    assert skipped["view_a"][legal == "N"].mean() == pytest.approx(0.5, abs=near(0.5, 0.3))
    assert skipped["view_b"].mean() == pytest.approx(0.02, abs=near(0.02))
    assert not skipped["legal"].any()
    # Two options stand for “refused”: both are chosen, and both survive a file.
    assert len(found.chosen) > 0
    few = drawn_from(pilot, tmp_path, sketch, n=200).responses
    assert_readable(few, tmp_path / "r.csv")


def test_constraints_hold_and_redrawn_answers_are_told(pilot: Questionnaire, tmp_path: Path) -> None:
    found = drawn_from(pilot, tmp_path, "", n=1000)
    both = found.responses.frame[["paid", "staff"]].dropna()
    assert len(both) > 900
    assert (both["paid"] <= both["staff"]).all()
    assert 0 < found.redrawn["paid"] < 1000


def test_one_seed_one_file_and_more_respondents_are_only_added(pilot: Questionnaire, tmp_path: Path) -> None:
    sketch = (
        "careless: {share: 0.1}\ndropout: {start: 0.1}\neffects: [{outcome: good, drivers: {staff: {step: 0.1}}}]\n"
    )
    first, again = (drawn_from(pilot, tmp_path, sketch, n=200, seed=3).responses for _ in range(2))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    pd.testing.assert_frame_equal(first.blanks, again.blanks)
    more = drawn_from(pilot, tmp_path, sketch, n=500, seed=3).responses
    pd.testing.assert_frame_equal(first.frame, more.frame.iloc[:200])


def test_free_texts_say_that_they_are_synthetic(pilot: Questionnaire, tmp_path: Path) -> None:
    found = drawn_from(pilot, tmp_path, "", n=50).responses
    assert found.frame["remark"].dropna().str.startswith("synthetic").all()
    assert found.frame.index.str.startswith("synthetic").all()


def test_what_an_effect_ties_together_has_no_closed_form(pilot: Questionnaire, tmp_path: Path) -> None:
    truth = drawn_from(
        pilot, tmp_path, "effects: [{outcome: good, drivers: {staff: {step: 0.1}}}]\n"
        "associations: [{of: staff, to: seats, tau: 0.2}]\n", n=5
    ).truth  # fmt: skip
    assert truth.tau("good", "staff") is None
    assert truth.tau("good", "seats") is None
    assert truth.tau("good", "better") == 0
    assert truth.tau("staff", "seats") == pytest.approx(0.2)
