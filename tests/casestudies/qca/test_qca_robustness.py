"""Robustness: against SetMethods, against running the whole analysis anew, and against what must hold by construction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clustergov.casestudies.qca.calibrated_table import CalibratedTable
from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.case_types import case_types, frame, most_typical, types_of
from clustergov.casestudies.qca.expression import SetLiteral
from clustergov.casestudies.qca.minimisation import minimise
from clustergov.casestudies.qca.reruns import Reruns, same
from clustergov.casestudies.qca.robust_fit import robust_fit
from clustergov.casestudies.qca.robustness import Robustness, Varied, robustness
from clustergov.casestudies.qca.sensitivity import sensitivity_ranges, with_anchor, with_cut_off
from clustergov.casestudies.qca.shuffled import Share, Shuffled, shuffled
from clustergov.casestudies.qca.specified import Specified
from clustergov.casestudies.qca.truth_table import CutOffs
from clustergov.casestudies.qca.truth_table_building import truth_table
from clustergov.language import Text
from clustergov.problems import InputError
from qca_robustness_reference import (
    PAYF,
    TESTS,
    fitted,
    payf,
    references,
    solution,
    specified_lipf,
    specified_payf,
    written,
)


def sorted_terms(text: str) -> str:
    return " + ".join(sorted(text.split(" + ")))


@pytest.mark.parametrize("case", sorted(TESTS))
def test_solutions_that_are_compared_are_those_of_r(case: str) -> None:
    _, solutions = fitted(case)
    names = ["initial", *(f"test{place}" for place in range(1, len(solutions)))]
    for name, one in zip(names, solutions, strict=True):
        assert one.count == 1
        assert written(one) == sorted_terms(references()[case, name])


@pytest.mark.parametrize("seed", range(6))
def test_a_rerun_finds_what_the_whole_analysis_finds(seed: int) -> None:
    """Cases of random data with other memberships, cut-offs and fewer cases; the shortcut must not change an answer."""
    generator = np.random.default_rng(seed)
    values = np.round(generator.random((40, 4)), 2)
    values[values == 0.5] = 0.51
    names = [*"ABC", "Y"]
    table = CalibratedTable(tuple(f"c{i}" for i in range(40)), calibrated(values, names).sets, values)
    asked = Specified(table, {}, SetLiteral("Y", (1,)), tuple("ABC"), CutOffs(0.7), (SetLiteral("A", (1,)),))
    reruns = Reruns(asked)
    for _ in range(12):
        others = np.clip(values + generator.normal(0, 0.08, values.shape), 0, 1)
        cut_offs = CutOffs(
            float(generator.uniform(0.6, 0.85)), None, int(generator.integers(1, 4)), float(generator.random() / 2)
        )
        kept = generator.random(40) < 0.95
        found = reruns.models(others, cut_offs, kept)
        anew = whole(asked, others[kept], tuple(np.array(table.cases)[kept]), cut_offs)
        assert (isinstance(found, Text) and anew is None) or {str(m) for m in found} == anew
        assert reruns.unchanged(others, cut_offs, kept) is same(found, reruns.initial)


def calibrated(values: np.ndarray, names: list[str]) -> CalibratedTable:
    import pandas as pd

    return calibrate(pd.DataFrame(values, columns=names), names)


def whole(asked: Specified, values: np.ndarray, cases: tuple[str, ...], cut_offs: CutOffs) -> set[str] | None:
    table = CalibratedTable(cases, asked.table.sets, values.copy())
    try:
        built = truth_table(table, asked.outcome, asked.conditions, cut_offs, half=True, least_cases=2)
        found = minimise(built, asked.expectations)
    except InputError:
        return None
    return {str(model) for one in found.intermediate for model in one.models}


def test_just_inside_a_range_the_solution_is_the_same_and_just_outside_it_is_another() -> None:
    asked = specified_lipf()
    reruns = Reruns(asked)
    calibration = asked.calibrations["DEVELOPED"]
    checked = 0
    for one in sensitivity_ranges(reruns):
        if one.choice == "frequency":
            continue
        for end, farthest, side in ((one.low, one.farthest_low, -1), (one.high, one.farthest_high, 1)):
            for distance, expected in ((-1e-2, True), (1e-2, False)):
                if farthest or (one.choice != "anchor" and abs(end - one.declared) < 1e-2):
                    continue
                value = end + side * distance * (1 if one.choice == "anchor" else 1e-3)
                if one.choice == "anchor":
                    values, cut_offs = (
                        asked.recalibrated("DEVELOPED", with_anchor(calibration, one.place, value)),
                        asked.cut_offs,
                    )
                else:
                    values, cut_offs = asked.values, with_cut_off(asked.cut_offs, one.choice, value)
                anew = whole_parsimonious(asked, values, cut_offs)
                assert (anew == {str(model) for model in reruns.initial}) is expected, (one, end, value)
                checked += 1
    assert checked >= 10


def whole_parsimonious(asked: Specified, values: np.ndarray, cut_offs: CutOffs) -> set[str]:
    table = CalibratedTable(asked.table.cases, tuple(asked.table[name] for name in asked.sets), values.copy())
    found = minimise(truth_table(table, asked.outcome, asked.conditions, cut_offs, half=True, least_cases=2))
    return {str(model) for model in found.parsimonious.models}


def test_a_solution_against_itself_is_wholly_robust() -> None:
    _, one = solution("parsimonious", 0.87, 2)
    near, y = one.models[0].expression.membership(payf()), payf().column("HL")
    fit = robust_fit(near, [near, near], y, payf().cases)
    assert (fit.coverage, fit.consistency, fit.rank) == (1.0, 1.0, 1)
    # Σ min / Σ max with itself; membership of exactly 0.5 belongs to no type.
    assert (fit.overlap_least, fit.overlap_greatest, fit.ratio_typical) == (1.0, 1.0, 1.0)
    assert sum(len(cases) for _, cases in fit.cases) == int(((near != 0.5) & (y != 0.5)).sum())


def test_all_test_solutions_count_and_not_only_the_last() -> None:
    """SetMethods 4.0 loops over ``length(test_sol)`` and so leaves out all between the first and the last."""
    y = np.array([0.9, 0.8, 0.7, 0.2])
    initial = np.array([0.9, 0.9, 0.9, 0.1])
    tests = [initial, np.array([0.1, 0.9, 0.9, 0.1]), initial]
    found = dict(robust_fit(initial, tests, y, tuple("abcd")).cases)
    assert found["shaky_typical"] == ("a",)


def test_without_a_core_the_parameters_are_undefined() -> None:
    y, initial, other = np.array([1.0, 0, 1, 0]), np.array([1.0, 0, 0, 0]), np.array([0.0, 0, 1, 0])
    fit = robust_fit(initial, [other], y, tuple("abcd"))
    assert fit.coverage == 0
    assert np.isnan(fit.consistency)
    assert dict(fit.cases)["possible_typical"] == ("c",)


def test_alternatives_tell_what_stays_and_which_cases_carry_the_solution() -> None:
    found = robustness(specified_lipf(), Varied(0.2, (0.75,), (0.3,), (2,)), ranges=False)
    assert isinstance(found, Robustness)
    assert [one.kind for one in found.by_choice] == ["anchor"] * 6 + ["inclusion", "pri", "frequency"]
    assert len(found.by_case) == 18
    for one in found.alternatives:
        assert one.same == (not one.lost and not one.new) or len(one.models) > 1
        assert set(one.kept) | set(one.lost) == {"DEVELOPED*~INDUSTRIAL", "URBAN*STABLE"}
    assert found.fit is not None
    assert 0 <= found.fit.coverage <= 1
    assert set(found.core) <= {"DEVELOPED*~INDUSTRIAL", "URBAN*STABLE"}
    assert "RF_cov" in found.sentence("nl")
    assert "RF_cov" in found.sentence("en")


def test_where_there_is_no_solution_the_reason_is_the_result() -> None:
    asked = replace(specified_payf(), cut_offs=CutOffs(1.0, None, 2))
    assert isinstance(robustness(asked), Text)
    assert isinstance(shuffled(asked, draws=5, seed=1), Text)
    assert sensitivity_ranges(Reruns(asked)) == ()


def test_chance_is_told_with_its_interval_and_repeats() -> None:
    asked = specified_payf()
    found, again = shuffled(asked, draws=200, seed=3), shuffled(asked, draws=200, seed=3)
    assert isinstance(found, Shuffled)
    assert isinstance(again, Shuffled)
    assert found.frame().equals(again.frame())
    # Health of rich countries is no chance: the model is far beyond what shuffled outcomes give.
    assert found.parts[-1].reached.count == 0
    assert found.parts[-1].inclusion > found.parts[-1].high + 0.1


def test_a_random_outcome_is_within_chance_as_often_as_it_should() -> None:
    """Under no relation the share of draws as high as found is uniform: 5% of studies have 5% or less."""
    generator, small, studies = np.random.default_rng(5), 0, 60
    for _ in range(studies):
        values = generator.random((30, 3))
        table = CalibratedTable(tuple(map(str, range(30))), calibrated(values, ["A", "B", "Y"]).sets, values)
        x, y = table.columns(["A", "B"]).min(axis=1), values[:, 2]
        found = np.minimum(x, y).sum()
        dealt = np.minimum(x, generator.permuted(np.tile(y, (99, 1)), axis=1)).sum(axis=1)
        small += (dealt >= found).mean() <= 0.05
    # 99.9% of Binomial(60, about 0.06) lies at 11 or lower.
    assert small <= 11


@pytest.mark.parametrize(
    ("count", "draws", "low", "high"), [(0, 20, 0.0, 0.1684), (5, 50, 0.0333, 0.2181), (20, 20, 0.8316, 1.0)]
)
def test_intervals_of_shares_are_those_of_clopper_and_pearson(count: int, draws: int, low: float, high: float) -> None:
    """Table values, as binom.test() of R gives them."""
    share = Share.of(count, draws)
    assert (share.low, share.high) == pytest.approx((low, high), abs=6e-5)


def test_every_case_has_one_type_and_the_definitions_hold() -> None:
    x = np.array([0.8, 0.9, 0.7, 0.2, 0.1, 0.5, 0.6])
    y = np.array([0.9, 0.6, 0.3, 0.8, 0.4, 0.9, 0.6])
    assert types_of(x, y) == ["typical", "degree", "kind", "coverage", "irrelevant", "half", "typical"]


def test_deviant_cases_agree_with_what_the_model_tells() -> None:
    table, one = solution("parsimonious", 0.87, 2)
    model = one.models[0]
    found = case_types(model, table)
    assert len(found) == (len(model.terms) + 1) * len(table.table.cases)
    for part in model.terms:
        mine = {
            name: {each.case for each in found if each.formula == str(part.term) and each.type == name}
            for name in ("kind", "degree")
        }
        assert mine == {"kind": set(part.deviant), "degree": set(part.deviant_in_degree)}
    assert {each.case for each in found if each.whole and each.type == "coverage"} == set(model.unexplained)
    typical = most_typical(found, str(model.terms[0].term))
    assert typical
    assert {each.unique for each in found if each.case in typical and each.formula == str(model.terms[0].term)} == {
        True
    }
    assert set(frame(found)["row"]) <= {0, *(row.number for row in table.rows)}
    assert tuple(each.name for each in table.conditions) == PAYF
