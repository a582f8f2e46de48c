"""Calibration: anchors by hand, and everything that is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.casestudies.qca.calibration_reading import parse_calibrations
from clustergov.language import LANGUAGES
from clustergov.problems import InputError

CASES = [f"c{number}" for number in range(8)]


def refusal(values: list[object], calibration: Calibration | None = None) -> str:
    frame = pd.DataFrame({"A": values}, index=CASES[: len(values)])
    with pytest.raises(InputError) as raised:
        calibrate(frame, ["A"], {} if calibration is None else {"A": calibration})
    return str(raised.value)


def test_the_anchors_of_the_logistic_method_have_their_memberships() -> None:
    calibration = Calibration("logistic", (10.0, 20.0, 40.0))
    found = calibration.memberships(np.array([10.0, 20.0, 40.0, -1e6, 1e6]))
    np.testing.assert_allclose(found, [0.05, 0.5, 0.95, 0, 1], atol=1e-12)
    down = Calibration("logistic", (40.0, 20.0, 10.0)).memberships(np.array([10.0, 20.0, 40.0]))
    np.testing.assert_allclose(down, [0.95, 0.5, 0.05], atol=1e-12)


def test_the_linear_method_is_straight_and_bends_by_its_powers() -> None:
    straight = Calibration("linear", (0.0, 10.0, 30.0))
    np.testing.assert_allclose(
        straight.memberships(np.array([-5, 0, 5, 10, 20, 30, 99.0])), [0, 0, 0.25, 0.5, 0.75, 1, 1]
    )
    bent = Calibration("linear", (0.0, 10.0, 30.0), below=2, above=2)
    np.testing.assert_allclose(bent.memberships(np.array([5.0, 20.0])), [0.125, 0.875])


def test_a_bell_and_its_opposite_add_up_to_one() -> None:
    anchors, raw = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0), np.linspace(-1, 9, 41)
    bell = Calibration("bell", anchors).memberships(raw)
    bowl = Calibration("bell", anchors, inverted=True).memberships(raw)
    np.testing.assert_allclose(bell + bowl, 1)
    assert bell[raw == 3.0] == 1
    assert bell[raw == 6.0] == 0.5


def test_thresholds_make_crisp_and_multi_value_sets() -> None:
    frame = pd.DataFrame({"A": [1, 2, 3, 4], "B": [1, 2, 3, 4]}, index=CASES[:4])
    found = calibrate(frame, ["A", "B"], {"A": Calibration("levels", (3.0,)), "B": Calibration("levels", (2.0, 4.0))})
    assert found.column("A").tolist() == [0, 0, 1, 1]
    assert found.column("B").tolist() == [0, 1, 1, 2]
    assert [(one.kind, one.levels) for one in found.sets] == [("crisp", 2), ("multi-value", 3)]


def test_calibrated_columns_tell_their_kind_and_stay_as_they_are() -> None:
    frame = pd.DataFrame({"A": [0, 1, 1], "B": [0, 0.3, 1], "C": [0, 1, 2]}, index=CASES[:3])
    found = calibrate(frame, ["A", "B", "C"])
    assert [one.kind for one in found.sets] == ["crisp", "fuzzy", "multi-value"]
    pd.testing.assert_frame_equal(found.frame(), frame.astype(float), check_names=False)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 1
    assert found.without(["c1"]).cases == ("c0", "c2")


@pytest.mark.parametrize(
    ("calibration", "told"),
    [
        (Calibration("logistic", (10.0, 30.0, 20.0)), "expected anchors in order, found “10, 30, 20”"),
        (Calibration("logistic", (10.0, 20.0, 20.0)), "expected different anchors"),
        (Calibration("logistic", (10.0, 10.0, 10.0)), "expected different anchors"),
        (Calibration("logistic", (10.0, 20.0)), "expected 3 anchors"),
        (Calibration("logistic", (10.0, float("nan"), 30.0)), "expected 3 anchors"),
        (Calibration("bell", (1.0, 2.0, 3.0)), "expected 6 anchors"),
        (Calibration("levels", (20.0, 10.0)), "expected anchors in order"),
        (Calibration("logistic", (10.0, 20.0, 30.0), idm=0.4), "expected 0.5 < idm < 1"),
        (Calibration("linear", (10.0, 20.0, 30.0), below=0), "positive powers"),
        (Calibration("logistic", (1000.0, 2000.0, 3000.0)), "expected anchors within the data, 10 to 40"),
        (Calibration("levels", (50.0,)), "expected anchors within the data"),
    ],
)
def test_wrong_anchors_are_refused(calibration: Calibration, told: str) -> None:
    assert told in refusal([10, 20, 30, 40], calibration)


def test_an_anchor_that_no_case_reaches_is_a_caution() -> None:
    frame = pd.DataFrame({"A": [10, 20, 30]}, index=CASES[:3])
    found = calibrate(frame, ["A"], {"A": Calibration("logistic", (5.0, 15.0, 25.0))})
    for language in LANGUAGES:
        assert "5" in found.cautions[0].to(language)


def test_bad_cells_are_told_with_their_cases() -> None:
    assert "found none for c1, c3" in refusal([1, None, 0, float("nan")])
    assert "something else in c1" in refusal([1, "yes", 0])
    assert "c1 (1.2), c2 (-0.1)" in refusal([0.5, 1.2, -0.1])
    assert "at most as many levels of A as cases, 3, found 701" in refusal([100, 300, 700])
    assert "negative" in refusal([-1, 2, 3], Calibration("indirect", (1.0, 2.0)))
    with pytest.raises(InputError, match="c0 more than once"):
        calibrate(pd.DataFrame({"A": [0, 1]}, index=["c0", "c0"]), ["A"])
    with pytest.raises(InputError, match="expected a column B, found A"):
        calibrate(pd.DataFrame({"A": [0, 1]}), ["B"])


def test_anchors_are_read_as_people_write_them() -> None:
    found = parse_calibrations(
        ["A: 10, 20, 30", "B: e=10, c=20, i=30", "C: linear 1,2,3", "D: levels 5, 10", "E: 3", "F: 1,2,3,4,5,6",
         "G: i1=1, c1=2, e1=3, e2=4, c2=5, i2=6", "H: indirect 1, 2, 3"]
    )  # fmt: skip
    assert found["A"] == found["B"] == Calibration("logistic", (10.0, 20.0, 30.0))
    assert [found[name].method for name in "CDEFGH"] == ["linear", "levels", "levels", "bell", "bell", "indirect"]
    assert found["G"].inverted
    for wrong in ("A", "A:", ": 1,2,3", "A: x", "A: 1,2", "A: i=1, c=2, e=3", "A: 1;2;3", "A: 30, 10, 20"):
        with pytest.raises(InputError):
            parse_calibrations([wrong])
    with pytest.raises(InputError, match="calibrated twice"):
        parse_calibrations(["A: 1,2,3", "A: 1,2,3"])


def test_groups_that_separate_perfectly_raise_no_warning() -> None:
    raw = np.array([37.0, 37.0, 39.0, 56.0, 62.0, 76.0, 78.0, 86.0])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = Calibration("indirect", (21.5, 29.6, 64.8)).memberships(raw)
    assert not told
    assert (found[0], found[-1]) == (0.667, 1)
