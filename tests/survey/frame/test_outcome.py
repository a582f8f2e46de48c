"""Outcome rates against the worked numbers of R's outcomerate and by hand, and dispositions from frame, notes and responses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.frame.disposition import disposition, read_dispositions
from clustergov.survey.frame.frame import read_frame
from clustergov.survey.frame.outcome import answered_share, interviews, outcome, outcome_rates
from clustergov.survey.responses import Responses

Answered = Callable[..., Responses]

# The worked example in the README of R's outcomerate (Pilliard Hellwig 2018, rOpenSci) [P], which follows Standard
# Definitions: twelve cases, e estimated from those of known eligibility; printed with three decimals.
WORKED = {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
PRINTED = {
    "RR1": 0.364, "RR2": 0.545, "RR3": 0.370, "RR4": 0.556, "RR5": 0.444, "RR6": 0.667, "COOP1": 0.500, "COOP2": 0.750,
    "COOP3": 0.571, "COOP4": 0.857, "REF1": 0.091, "REF2": 0.093, "REF3": 0.111, "CON1": 0.727, "CON2": 0.741,
    "CON3": 0.889,
}  # fmt: skip


def test_published_worked_example() -> None:
    found = outcome_rates(WORKED)  # type: ignore[arg-type]  # letters
    assert (found.eligibility, found.basis) == (0.9, "estimated")
    assert {name: round(value, 3) for name, value in found.rates.items()} == PRINTED


def test_second_published_example() -> None:
    # Same source: eleven cases without an ineligible one, RR2 = .55 and CON1 = .73.
    found = outcome_rates({**WORKED, "NE": 0})  # type: ignore[arg-type]  # letters
    assert (round(found.rates["RR2"], 2), round(found.rates["CON1"], 2)) == (0.55, 0.73)


# AAPOR's formulas written out once more, each as its own fraction.
FORMULAS = {
    "RR1": "I / ((I + P) + (R + NC + O) + (UH + UO))",
    "RR2": "(I + P) / ((I + P) + (R + NC + O) + (UH + UO))",
    "RR3": "I / ((I + P) + (R + NC + O) + e * (UH + UO))",
    "RR4": "(I + P) / ((I + P) + (R + NC + O) + e * (UH + UO))",
    "RR5": "I / ((I + P) + (R + NC + O))",
    "RR6": "(I + P) / ((I + P) + (R + NC + O))",
    "COOP1": "I / ((I + P) + R + O)",
    "COOP2": "(I + P) / ((I + P) + R + O)",
    "COOP3": "I / ((I + P) + R)",
    "COOP4": "(I + P) / ((I + P) + R)",
    "REF1": "R / ((I + P) + (R + NC + O) + (UH + UO))",
    "REF2": "R / ((I + P) + (R + NC + O) + e * (UH + UO))",
    "REF3": "R / ((I + P) + (R + NC + O))",
    "CON1": "((I + P) + R + O) / ((I + P) + (R + NC + O) + (UH + UO))",
    "CON2": "((I + P) + R + O) / ((I + P) + (R + NC + O) + e * (UH + UO))",
    "CON3": "((I + P) + R + O) / ((I + P) + (R + NC + O))",
}


@pytest.mark.parametrize("declared", [None, 0.0, 0.25, 1.0])
@pytest.mark.parametrize(
    "counts",
    # No two of the counts are alike, so that no letter can stand for another; then each kind of case alone.
    [(31, 7, 11, 5, 3, 41, 13, 17), (0, 2, 0, 1, 0, 0, 0, 4), (0, 0, 0, 9, 0, 0, 0, 0), (0, 0, 0, 0, 0, 6, 2, 0),
     (0, 0, 0, 0, 0, 0, 0, 8), (0, 0, 0, 0, 5, 0, 0, 0), (0, 0, 0, 0, 0, 0, 0, 0)],
)  # fmt: skip
def test_every_formula(counts: tuple[int, ...], declared: float | None) -> None:
    letters = dict(zip(("I", "P", "R", "NC", "O", "UH", "UO", "NE"), counts, strict=True))
    found = outcome_rates(letters, eligibility=declared)  # type: ignore[arg-type]  # letters
    eligible = sum(counts[:5])
    e = declared if declared is not None else eligible / (eligible + counts[7]) if eligible + counts[7] else 1.0
    assert found.eligibility == e
    assert set(found.rates) == set(FORMULAS)
    for name, formula in FORMULAS.items():
        try:
            expected = eval(formula, {"e": e, **letters})
        except ZeroDivisionError:
            expected = float("nan")  # no such rate, rather than one of 0
        assert found.rates[name] == pytest.approx(expected, rel=1e-15, nan_ok=True), name


def test_rates_agree_when_nothing_is_unknown() -> None:
    found = outcome_rates({"I": 30, "P": 10, "R": 5, "NC": 4, "O": 1}).rates
    assert found["RR1"] == found["RR3"] == found["RR5"] == 0.6
    assert found["RR2"] == found["RR4"] == found["RR6"] == 0.8
    assert found["REF1"] == found["REF3"] == 0.1
    assert found["CON1"] == found["CON3"] == 46 / 50


def test_declared_eligibility_lies_between_the_extremes() -> None:
    counts = {"I": 40, "R": 10, "UH": 50}
    rates = {e: outcome_rates(counts, eligibility=e).rates["RR3"] for e in (0.0, 0.5, 1.0)}  # type: ignore[arg-type]
    assert rates == {0.0: 0.8, 0.5: 40 / 75, 1.0: 0.4}


def test_nothing_known_counts_everybody() -> None:
    found = outcome_rates({"UH": 20})
    assert (found.eligibility, found.basis, found.rates["RR1"]) == (1.0, "assumed", 0.0)
    assert found.rates["RR5"] != found.rates["RR5"]  # nobody of known eligibility: no such rate
    assert "(e = 1)" in found.sentence("en")


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        outcome_rates({"I": 1}, eligibility=1.2)
    with pytest.raises(ValueError, match="not negative"):
        outcome_rates({"I": -1})


@pytest.mark.parametrize(
    ("written", "code"),
    [("I", "I"), ("nc", "NC"), ("1.1", "I"), ("1.2", "P"), ("2.11", "R"), ("2.12", "R"), ("2.20", "NC"), ("2.31", "O"),
     ("3.19", "UH"), ("3.30", "UO"), ("4.10", "NE"), ("2,11", "R"), ("Refused", "R"), ("geweigerd", "R"), ("bounced", "UO"),
     ("onbestelbaar", "UO"), ("begun", "R"), ("break-off", "R"), ("3.40", "UO"), ("2.1121", "R"), ("not eligible", "NE"), ("opgeheven", "NE"), ("geen reactie", "UH"), ("taalbarrière", "O"),
     ("perhaps", None), ("5.0", None), ("", None)],
)  # fmt: skip
def test_dispositions_as_people_write_them(written: str, code: str | None) -> None:
    assert disposition(written) == code


def test_disposition_file_tells_every_mistake(tmp_path: Path) -> None:
    path = tmp_path / "dispositions.csv"
    path.write_text("id,disposition\np1,refused\np1,bounced\nx9,refused\np2,vanished\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_dispositions(path, {"p1", "p2"})
    assert {(problem.rule, problem.place) for problem in error.value.problems} == {
        ("duplicate", "row 2"), ("duplicate", "row 3"), ("not-in-frame", "row 4"), ("disposition", "row 5"),
    }  # fmt: skip
    path.write_text("id,disposition,e-mail\np1,refused,a@b.nl\n", encoding="utf-8")
    with pytest.raises(InputError, match="personal"):
        read_dispositions(path, {"p1"})
    path.write_text("id,code\np1,refused\n", encoding="utf-8")
    with pytest.raises(InputError, match="“disposition”"):
        read_dispositions(path, {"p1"})


def test_partial_and_break_off_by_share_of_the_questions_asked(answered: Answered) -> None:
    responses = answered(
        {
            "p1": {"open": "2", "size": 3.0, "why": "1", "rate_a": "1", "rate_b": "2"},
            "p2": {"open": "1", "size": 3.0},  # of open, size, rate: two of three
            "p3": {"open": "2"},  # of open, size, why, rate: one of four
            "p4": {},
        },
        complete=[True, False, False, False],
    )
    assert answered_share(responses).to_dict() == pytest.approx({"p1": 1, "p2": 2 / 3, "p3": 1 / 4, "p4": 0})
    assert list(interviews(responses)) == ["I", "P", "R", "R"]
    assert list(interviews(responses, partial_from=0.7)) == ["I", "R", "R", "R"]
    assert list(interviews(responses, partial_from=0.0)) == [
        "I",
        "P",
        "P",
        "R",
    ]  # nothing answered is never an interview


def test_file_that_does_not_tell_who_submitted(answered: Answered) -> None:
    responses = answered(
        {"p1": {"open": "1", "size": 3.0, "rate_a": "1"}, "p2": {"open": "1", "size": 1.0}, "p3": {"size": 1.0}}
    )
    assert list(interviews(responses)) == ["I", "P", "R"]


def test_everybody_of_the_frame_counts_once(frame_file: Path, answered: Answered) -> None:
    frame = read_frame(frame_file)
    responses = answered({"p2": {"open": "1", "size": 2.0, "rate_a": "1"}, "p4": {"open": "2"}}, complete=[True, False])
    found = outcome(responses, frame.noted({"p1": "NE", "p3": "UO", "p4": "NC"}))
    assert {code: n for code, n in found.counts.items() if n} == {"I": 1, "R": 1, "UH": 2, "UO": 1, "NE": 1}
    assert found.n == 6
    assert found.linked
    assert found.rates["RR1"] == 1 / 5
    assert outcome(responses, frame, silence="NC").counts["NC"] == 4


def test_what_became_of_anonymous_questionnaires_that_were_opened(
    frame_file: Path, answered: Answered, tmp_path: Path
) -> None:
    frame = read_frame(frame_file)
    responses = answered({"1": {"open": "1", "size": 2.0, "rate_a": "1"}}, complete=[True])
    path = tmp_path / "dispositions.csv"  # as fetching writes it: of everybody, by the number of the response
    path.write_text("id,disposition\n1,complete\n2,partial\n3,refused\n4,begun\n", encoding="utf-8")
    noted = frame.noted(read_dispositions(path, set(frame.members.index)))
    found = outcome(responses, noted)
    assert not found.linked
    assert {code: n for code, n in found.counts.items() if n} == {"I": 1, "P": 1, "R": 2, "UH": 2}
    assert found.rates["REF1"] == 2 / 6
    linked = answered({"p2": {"open": "1", "size": 2.0, "rate_a": "1"}}, complete=[True])
    with pytest.raises(InputError, match="none of the 4 dispositions"):
        outcome(linked, noted)
    path.write_text("id,disposition\n" + "".join(f"{n},refused\n" for n in range(1, 8)), encoding="utf-8")
    with pytest.raises(InputError, match="without a disposition"):
        outcome(responses, frame.noted(read_dispositions(path, set(frame.members.index))))


def test_anonymous_responses_take_the_place_of_silent_members(frame_file: Path, answered: Answered) -> None:
    frame = read_frame(frame_file)
    responses = answered({"1": {"open": "1", "size": 2.0, "rate_a": "1"}, "2": {"open": "1"}}, complete=[True, False])
    found = outcome(responses, frame.noted({"p1": "NE"}))
    assert not found.linked
    assert {code: n for code, n in found.counts.items() if n} == {"I": 1, "R": 1, "UH": 3, "NE": 1}
    with pytest.raises(InputError, match="without a disposition"):
        outcome(responses, frame.noted(dict.fromkeys(["p1", "p2", "p3", "p4", "p5"], "NE")))


def test_responses_of_strangers_are_refused(frame_file: Path, answered: Answered) -> None:
    with pytest.raises(InputError, match="1 of 2 ids"):
        outcome(answered({"p1": {}, "zz": {}}), read_frame(frame_file))


def test_frame_and_sentence_come_from_the_same_numbers() -> None:
    found = outcome_rates(WORKED)  # type: ignore[arg-type]  # letters
    table = found.frame()
    assert table.loc[table["kind"] == "count", "value"].sum() == 12
    rates = table[table["kind"] == "rate"].set_index("code")
    assert (rates["numerator"] / rates["denominator"]).to_dict() == pytest.approx(found.rates)
    assert "36.4%" in found.sentence("en")
    assert "36,4%" in found.sentence("nl")
