"""Truth tables and solutions by hand, and every analysis that is refused, with its reason."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from clustergov.casestudies.qca.calibrated_table import CalibratedTable
from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.expression_reading import parse_expectations, parse_expression, parse_literal
from clustergov.casestudies.qca.fewest import Effort
from clustergov.casestudies.qca.minimisation import contradictory_assumptions, minimise
from clustergov.casestudies.qca.qca import Qca, model_count, qca
from clustergov.casestudies.qca.remainders import Remainders
from clustergov.casestudies.qca.truth_table import CutOffs, TruthTable
from clustergov.casestudies.qca.truth_table_building import contradictory_rows, truth_table
from clustergov.language import LANGUAGES
from clustergov.problems import InputError


def crisp(rows: list[str], names: str = "ABY") -> CalibratedTable:
    """One case per text of digits."""
    frame = pd.DataFrame([[int(sign) for sign in row] for row in rows], columns=list(names))
    return calibrate(frame.rename(index=lambda row: f"c{row}"), list(names))


def rows_of(table: CalibratedTable, outcome: str = "Y", **asked: object) -> TruthTable:
    literal = parse_literal(outcome, table.sets)
    conditions = [name for name in table.names if name != literal.name]
    return truth_table(table, literal, conditions, **asked)  # type: ignore[arg-type]  # keyword arguments of any kind


def refusal(table: CalibratedTable, outcome: str = "Y", **asked: object) -> str:
    with pytest.raises(InputError) as raised:
        minimise(rows_of(table, outcome, **asked))
    return str(raised.value)


FOUR = ["111", "111", "101", "101", "010", "010", "000", "000"]


def test_rows_cases_and_solutions_by_hand() -> None:
    found = rows_of(
        crisp(["1111", "1101", "0110", "0110", "0000", "0001", "0000", "1111"], "ABCY"), cut_offs=CutOffs(0.8)
    )
    assert [(row.number, row.out, row.n) for row in found.rows] == [(1, "0", 3), (4, "0", 2), (7, "1", 1), (8, "1", 2)]
    assert found.rows[0].inclusion == pytest.approx(1 / 3)
    assert found.rows[0].deviant == ("c4", "c6")
    assert [row.number for row in contradictory_rows(found)] == [1]
    solutions = minimise(found, parse_expectations("A,-,C", found.conditions))
    assert [str(model) for model in solutions.conservative.models] == ["A*B"]
    assert [str(model) for model in solutions.parsimonious.models] == ["A"]
    assert solutions.intermediate[0].pair == (1, 1)
    assert [str(model) for model in solutions.intermediate[0].models] == ["A*B"]  # none is expected of B
    assert solutions.intermediate[0].easy == ()
    assert solutions.intermediate[0].difficult == ((1, 0, 0), (1, 0, 1))
    model = solutions.parsimonious.models[0]
    assert model.unexplained == ("c5",)
    assert model.terms[0].cases == ("c0", "c1", "c7")
    assert (model.fit.inclusion, model.fit.coverage) == (1, 0.75)


def test_a_contradiction_is_never_covered_and_an_excluded_remainder_never_assumed() -> None:
    rows = ["1111"] * 2 + ["1101"] * 2 + ["0000"] * 2 + ["0111", "0110"]
    table = crisp(rows, "ABCY")
    found = rows_of(table, cut_offs=CutOffs(0.8, 0.4))
    assert [row.out for row in found.rows] == ["0", "C", "1", "1"]
    assert str(minimise(found).parsimonious.models[0]) == "A"
    excluded = rows_of(table, cut_offs=CutOffs(0.8, 0.4), exclude=[parse_expression("A*~B", table.sets)])
    assert str(minimise(excluded).parsimonious.models[0]) == "A*B"
    assert Remainders.of(excluded).excluded.tolist() == [[1, 0, 0], [1, 0, 1]]


def test_assumptions_for_and_against_the_outcome_are_found() -> None:
    table = crisp(["1111", "1111", "0000", "0000", "0100", "0100", "1101", "1101"], "ABCY")
    yes, no = rows_of(table, "Y"), rows_of(table, "~Y")
    first, second = minimise(yes), minimise(no)
    assert contradictory_assumptions(yes, first, second) == ()
    table = crisp(["111", "111", "111", "111", "000", "000", "000", "000"])
    yes, no = rows_of(table, "Y"), rows_of(table, "~Y")
    assert [str(m) for m in minimise(yes).parsimonious.models] == ["A", "B"]
    assert contradictory_assumptions(yes, minimise(yes), minimise(no)) == ((0, 1), (1, 0))


def test_a_case_at_one_half_is_refused_or_named_never_dropped() -> None:
    frame = pd.DataFrame({"A": [0.5, 0.9, 0.8, 0.7, 0.1, 0.2, 0.3, 0.1], "Y": [1, 1, 1, 0.5, 0, 0, 0, 0.2]})
    table = calibrate(frame.rename(index=lambda row: f"c{row}"), ["A", "Y"])
    assert "exactly 0.5: c0 in A" in refusal(table)
    found = rows_of(table, half=True)
    assert found.unassigned == ("c0",)
    assert all("c0" not in row.cases for row in found.rows)
    assert found.rows[1].inclusion == pytest.approx((0.5 + 0.9 + 0.8 + 0.5 + 0.1 * 0 + 0.1) / 3.6)  # c0 counts in sums
    for language in LANGUAGES:
        told = " ".join(caution.to(language) for caution in found.cautions)
        assert "c0" in told
        assert "c3" in told  # neither in nor out of the outcome


@pytest.mark.parametrize(
    ("rows", "names", "told"),
    [
        (["111", "100", "011"], "ABY", "expected at least 8 cases, found 3"),
        (["1111111111"] * 5 + ["0000000000"] * 4, "ABCDEFGHIY", "every case would explain itself"),
        ([row[0] + "1" + row[2] for row in FOUR], "ABY", "expected the condition B to differ between cases"),
        ([row[:2] + "1" for row in FOUR], "ABY", "expected the outcome Y to differ between cases"),
        (["111", "110", "001", "000", "101", "100", "011", "010"], "ABY", "on both sides of it in all 4 rows"),
        (
            ["111", "110", "110", "000", "000", "100", "010", "010"],
            "ABY",
            "expected a row with OUT 1 for Y, found none",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(rows: list[str], names: str, told: str) -> None:
    assert told in refusal(crisp(rows, names))


def test_more_refusals() -> None:
    table = crisp(FOUR)
    literal = parse_literal("Y", table.sets)
    for conditions, told in ((["A", "Y"], "outcome and condition"), (["A", "A"], "named twice"), (["A", "Q"], "a set Q"),
                             ([], "at least one condition")):  # fmt: skip
        with pytest.raises(InputError, match=told):
            truth_table(table, literal, conditions)
    for cuts, told in ((CutOffs(1.2), "from 0 to 1"), (CutOffs(0.8, 0.9), "lower cut-off"), (CutOffs(frequency=0), "least 1"),
                       (CutOffs(frequency=9), "found 2 at most"), (CutOffs(pri=float("nan")), "from 0 to 1")):  # fmt: skip
        with pytest.raises(InputError, match=told):
            truth_table(table, literal, ["A", "B"], cuts)
    assert "OUT 1 in all" in refusal(table, cut_offs=CutOffs(0.0))
    assert "3 cases" in refusal(crisp(["111", "100", "010"]), least_cases=8)


def test_many_levels_are_minimised_or_refused_never_wrong() -> None:
    draw = np.random.default_rng(2)
    names = [f"m{place}" for place in range(13)]

    def many(count: int) -> CalibratedTable:
        frame = pd.DataFrame(draw.integers(0, 4, size=(40, count)), columns=names[:count])
        frame["Y"] = np.arange(40) % 2
        return calibrate(frame.rename(index=lambda row: f"c{row}"), [*names[:count], "Y"])

    solutions = minimise(rows_of(many(13)))
    assert solutions.intermediate[0].difficult_count is None or solutions.intermediate[0].difficult_count > 0
    frame = pd.DataFrame(draw.integers(0, 12, size=(40, 19)), columns=[f"m{place}" for place in range(19)])
    frame["Y"] = np.arange(40) % 2
    table = calibrate(frame.rename(index=lambda row: f"c{row}"), list(frame.columns))
    assert "possible configurations" in refusal(table)


def test_too_many_conditions_for_the_cases_are_a_caution() -> None:
    rows = ["".join(map(str, row)) + str(int(sum(row) > 2)) for row in product((0, 1), repeat=5)][::3]
    found = rows_of(crisp(rows, "ABCDEY"))
    assert "5 conditions for 11 cases" in found.cautions[0].to("en")
    assert "Ongeveer 4 condities" in found.cautions[0].to("nl")


def whole() -> Qca:
    table = crisp(["1111", "1101", "0110", "0110", "0000", "0001", "0000", "1111"], "ABCY")
    return qca(table, parse_literal("Y", table.sets), ["A", "B", "C"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_has_the_numbers(language: str) -> None:
    told = whole().sentence(language)
    assert "8" in told
    assert "A*B → Y" in told
    assert ("1,000" if language == "nl" else "1.000") in told
    for caution in whole().cautions:
        assert caution.to(language)
    assert model_count(whole().minimisation.parsimonious, language)


def test_the_frame_has_terms_and_models_of_every_solution() -> None:
    frame = whole().frame()
    assert list(frame["solution"].unique()) == ["conservative", "parsimonious", "intermediate"]
    assert frame.loc[frame["term"] == "", "covS"].tolist() == [0.75, 0.75, 0.75]
    assert frame.loc[frame["term"] == "A", "cases"].tolist() == ["c0, c1, c7"]


def test_nothing_of_the_input_is_changed() -> None:
    table = crisp(FOUR)
    before = np.array(table.values)
    minimise(rows_of(table))
    np.testing.assert_array_equal(before, table.values)


def test_many_pairs_share_the_effort_of_five_and_are_still_right() -> None:
    draw = np.random.default_rng(10)
    found = rows_of(crisp(["".join(map(str, row)) for row in draw.integers(0, 2, size=(60, 8))], "ABCDEFGY"))
    solutions = minimise(found, parse_expectations("A,B,C,D,E,F,G", found.conditions), effort=Effort(listed=100))
    most = max(solutions.intermediate, key=lambda one: one.count)
    assert (len(solutions.intermediate), most.count, len(most.models)) == (68, 32, 8)
    levels = [(row.out == "1", dict(zip("ABCDEFG", row.levels, strict=True))) for row in found.rows]
    for one in solutions.intermediate:
        assert one.exact
        for model in one.models[:2]:
            assert all(model.expression.holds(row) == positive for positive, row in levels)
