"""Waves pooled: cell by cell what was answered, in the terms of one version, with its origin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.instruments.versions.crosswalk import Crosswalk, Step
from clustergov.instruments.versions.proposal import propose
from clustergov.problems import InputError
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.pooled_tables import answers_table, comparable, origin_table
from clustergov.survey.pooling import Wave, pool
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.synthetic.simulation import read_simulation, simulate
from clustergov.survey.writing import csv_of

DRAFTS = Path("tests", "instruments", "versions")
NOT_ASKED, NOT_RECORDED = Blank.NOT_ASKED.value, Blank.NOT_RECORDED.value


@pytest.fixture(scope="module")
def versions(root: Path) -> dict[str, Questionnaire]:
    return {
        "0.8": read_questionnaire(root / DRAFTS / "cluster-organisation-0.8.yml"),
        "0.9": read_questionnaire(root / DRAFTS / "cluster-organisation-0.9.yml"),
        "1.0": read_questionnaire(root / "instruments" / "cluster-organisation.yml"),
    }


@pytest.fixture(scope="module")
def truth(root: Path, versions: dict[str, Questionnaire]) -> Responses:
    """What eighty respondents would answer to 1.0; without free texts, which the simulation leaves open."""
    model = read_simulation(root / "survey" / "simulation.yml", versions["1.0"])
    return simulate(model, versions["1.0"], n=80, rng=np.random.default_rng(1)).responses


def responses(questionnaire: Questionnaire, rows: dict[str, dict[str, object]], kind: str = "real") -> Responses:
    """Responses of those who submitted, with blanks explained as reading does."""
    names = [variable.name for variable in questionnaire.variables]
    kinds = {each.name: "float64" if each.kind == "number" else "str" for each in questionnaire.variables}
    frame = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=names).astype(kinds)
    complete = pd.Series(True, index=frame.index)
    blanks = explain_blanks(frame, questionnaire, complete=complete)
    origin = Origin("synthetic" if kind == "synthetic" else "real")
    return Responses(questionnaire, substantive(frame, blanks, questionnaire), blanks, origin, complete=complete)


def crosswalk(old: Questionnaire, new: Questionnaire, *edited: Step) -> Crosswalk:
    """The proposal, with what a person filled in."""
    proposal, steps = propose(old, new), {step.variable: step for step in edited}
    filled = tuple(steps.get(step.variable, step) for step in proposal.variables)
    return proposal.model_copy(update={"variables": filled})


SEVEN_TO_FIVE = {"1": "1", "2": "2", "3": "2", "4": "3", "5": "4", "6": "4", "7": "5"}
SIZES = {"0": "0", "5": "7"}


def test_a_known_truth_translated_by_hand_into_an_older_version_comes_back_cell_by_cell(
    truth: Responses, versions: dict[str, Questionnaire]
) -> None:
    old, new = versions["0.9"], versions["1.0"]
    # By hand: what the same people would have answered in 0.9, in its names and codes.
    frame, blanks = truth.frame.copy(), truth.blanks.copy()
    names = {"firms": "participants", "contact_finance": "contact_capital"}
    frame, blanks = frame.rename(columns=names), blanks.rename(columns=names)
    frame["initiation"] = frame["initiation"].map({"call": "1", "priv": "2", "joint": "3", "other": "4"}).astype("str")
    for name in [each for each in frame if each.startswith(("objective_", "gap_"))]:
        frame[name] = frame[name].map({"1": "1", "2": "3", "3": "4", "4": "6", "5": "7"}).astype("str")
    columns = [variable.name for variable in old.variables]
    lacking = [name for name in columns if name not in frame]
    for name in lacking:
        frame[name], blanks[name] = None, NOT_RECORDED
    kinds = {each.name: "float64" if each.kind == "number" else "str" for each in old.variables}
    wave = Responses(old, frame[columns].astype(kinds), blanks[columns], Origin("synthetic"), complete=truth.complete)
    before = wave.frame.copy(), wave.blanks.copy()
    edited = [
        Step(variable=each.name, old=each.name, codes=SEVEN_TO_FIVE)
        for each in new.variables
        if each.name.startswith(("objective_", "gap_")) and each.name != "gap_global"
    ]
    # “neutral” became “neither agree nor disagree”: whether that is the same, a person says.
    edited += [Step(variable=each.name, old=each.name) for each in new.variables if each.name.startswith("internal_")]
    pooled = pool([Wave("2024", wave, crosswalk(old, new, *edited)), Wave("2026", truth)], new)
    assert pooled.responses.synthetic
    assert list(pooled.responses.frame.columns) == [variable.name for variable in new.variables]
    pd.testing.assert_frame_equal(wave.frame, before[0])
    pd.testing.assert_frame_equal(wave.blanks, before[1])
    mine = pooled.wave == "2024"
    open_ones = ("website", "staff", "gap_global", "field_other", "background_")
    for variable in new.variables:
        cells, reasons = pooled.responses.frame[variable.name][mine], pooled.responses.blanks[variable.name][mine]
        if variable.name.startswith(open_ones):
            assert (reasons == NOT_ASKED).all(), variable.name
            assert (pooled.origin[variable.name][mine] == "2024:").all()
            continue
        expected = truth.frame[variable.name].set_axis(cells.index)
        pd.testing.assert_series_equal(cells, expected, obj=variable.name)
        pd.testing.assert_series_equal(reasons, truth.blanks[variable.name].set_axis(cells.index), obj=variable.name)
    # The wave that needs no crosswalk is what it was.
    own = pooled.responses.frame[~mine]
    pd.testing.assert_frame_equal(own, truth.frame.set_axis(own.index))
    pd.testing.assert_frame_equal(pooled.responses.blanks[~mine], truth.blanks.set_axis(own.index))
    assert list(own.index) == [f"2026:{name}" for name in truth.frame.index]
    assert not pooled.lost.to_numpy().any()


def test_codes_classes_factors_and_boxes(versions: dict[str, Questionnaire]) -> None:
    old, new = versions["0.8"], versions["1.0"]
    classes = {"0..0": "0", "1..1": "1", "2..2": "2", "3..5": "3", "6..": "7"}
    sectors = {
        name: {code: "Y" if code == name else "N" for code in ("priv", "acad", "publ", "npo")}
        for name in ("priv", "acad")
    }
    merged = {"1": "priv", "2": "call", "3": "joint", "4": "joint"}
    steps = crosswalk(
        old, new, Step(variable="staff", old="staff", codes=classes), Step(variable="proximity", old="proximity", factor="100"),
        Step(variable="experience", old="experience", factor="1/12"),
        Step(variable="background_priv", old="background", codes=sectors["priv"]),
        Step(variable="background_acad", old="background", codes=sectors["acad"]),
        Step(variable="initiation", old="initiation", codes=merged),
        Step(variable="field_other", old="field"),
    )  # fmt: skip
    wave = responses(old, {
        "1": {"staff": 4.0, "proximity": 0.57, "experience": 30.0, "background": "acad", "initiation": "3", "member": "1",
              "founded": 1999.0, "participants": 12.0, "field": "=1+1", "strength": "1"},
        "2": {"staff": 2.5, "proximity": 0.0, "background": "priv", "initiation": "4", "member": "98", "participants": 0.0},
        "3": {"staff": 90.0, "experience": 599.0, "initiation": "98", "founded": 1985.0},
    })  # fmt: skip
    pooled = pool([Wave("a", wave, steps)], new)
    frame, blanks, origin = pooled.responses.frame, pooled.responses.blanks, pooled.origin
    assert list(frame["staff"].fillna("")) == ["3", "", "7"]
    assert list(blanks["staff"]) == ["", NOT_RECORDED, ""]
    assert list(origin["staff"]) == ["a:staff=4", "a:staff=2.5", "a:staff=90"]
    assert list(frame["proximity"].fillna(-1)) == [57.0, -1, -1]
    # The second has no firms and the third left their number open: 1.0 would not have asked.
    assert list(blanks["proximity"]) == ["", Blank.NOT_APPLICABLE.value, Blank.NOT_APPLICABLE.value]
    assert list(frame["experience"].fillna(-1)) == [2.5, -1, 599 / 12]
    assert list(frame["background_acad"].fillna("")) == ["Y", "N", ""]
    assert list(frame["background_priv"].fillna("")) == ["N", "Y", ""]
    assert list(blanks["background_publ"]) == [NOT_ASKED] * 3
    assert list(frame["initiation"].fillna("")) == ["joint", "joint", ""]
    assert blanks["initiation"].iloc[2] == Blank.REFUSED.value
    assert list(frame["member"].fillna("")) == ["Y", "", ""]
    assert list(blanks["member"]) == ["", Blank.REFUSED.value, Blank.SKIPPED.value]
    assert origin["member"].iloc[1] == "a:member=98"
    assert list(frame["strength"].fillna("")) == ["5", "", ""]
    assert list(frame["year"].fillna(0)) == [1999.0, 0, 1985.0]
    assert origin["year"].iloc[0] == "a:founded=1999"
    assert frame["field_other"].iloc[0] == "=1+1"
    assert origin["field_other"].iloc[0] == "a:field", "words of a respondent stand in one file only"
    counts = comparable(pooled)
    assert tuple(counts.loc["staff"]) == (2, 0, 1)
    assert tuple(counts.loc["proximity"]) == (1, 0, 1)
    table = answers_table(pooled)
    assert table["field_other"].iloc[0] == "'=1+1"


def test_who_was_routed_otherwise(versions: dict[str, Questionnaire]) -> None:
    old, new = versions["0.9"], versions["1.0"]
    wave = responses(old, {
        "small": {"participants": 3.0, "legal": "N"},
        "large": {"participants": 30.0, "legal": "Y", "strength": "4", "member": "Y", "board_priv": 2.0},
        "unsure": {"legal": "98"},
    })  # fmt: skip
    pooled = pool([Wave("w", wave, propose(old, new))], new)
    blanks = pooled.responses.blanks
    assert list(blanks["strength"]) == [NOT_ASKED, "", NOT_ASKED], "1.0 asks everybody, 0.9 asked from ten firms on"
    assert list(blanks["member"]) == [NOT_ASKED, "", NOT_ASKED], "1.0 asks everybody"
    assert list(blanks["board_priv"]) == [Blank.NOT_APPLICABLE.value, "", Blank.NOT_APPLICABLE.value]
    back = pool([Wave("w", responses(new, {"n": {"legal": "N", "member": "Y"}}), propose(new, old))], old)
    assert back.responses.blanks.loc["w:n", "member"] == Blank.NOT_APPLICABLE.value, "0.9 would not have asked"
    assert back.origin.loc["w:n", "member"] == "w:member=Y"
    assert back.lost.loc["w:n", "member"]


def test_a_number_beyond_the_new_limits_is_blank_and_told(versions: dict[str, Questionnaire]) -> None:
    old, new = versions["1.0"], versions["0.9"]
    wave = responses(
        old, {"1": {"year": 1960.0, "experience": 55.5, "firms": 9.0}, "2": {"year": 1980.0, "experience": 7.5}}
    )
    pooled = pool([Wave("w", wave, propose(old, new))], new)
    assert list(pooled.responses.blanks["year"]) == [NOT_RECORDED, ""]
    assert list(pooled.origin["year"]) == ["w:year=1960", "w:year=1980"]
    assert list(pooled.responses.blanks["experience"]) == [NOT_RECORDED, NOT_RECORDED], "0.9 asks for whole years"
    assert comparable(pooled).loc["experience", "lost"] == 2


def test_over_an_intermediate_version_and_directly_the_same_is_filled(versions: dict[str, Questionnaire]) -> None:
    first, second, third = (versions[name] for name in ("0.8", "0.9", "1.0"))
    wave = responses(first, {
        str(n): {"country": "NL", "founded": 1990.0 + n, "initiation": str(1 + n % 4), "member": str(1 + n % 2),
                 "participants": 10.0 * n, "contact_capital": str(1 + n % 6), "strength": str(1 + n % 5), "remarks": "fine"}
        for n in range(12)
    })  # fmt: skip
    step = pool([Wave("w", wave, propose(first, second))], second)
    over = pool([Wave("v", step.responses, propose(second, third))], third).responses
    direct = pool([Wave("w", wave, propose(first, third))], third).responses
    names = ["country", "year", "initiation", "firms", "contact_finance", "remarks"]
    for name in names:
        pd.testing.assert_series_equal(
            over.frame[name].reset_index(drop=True), direct.frame[name].reset_index(drop=True)
        )
    assert direct.frame[names[:5]].notna().all(axis=None)
    # 0.9 asks for strength from ten firms on: over 0.9 more is left out, never anything else is filled in.
    both = over.frame.notna().to_numpy() & direct.frame.notna().to_numpy()
    assert (over.frame.to_numpy()[both] == direct.frame.to_numpy()[both]).all()


def test_unlisted_answers_come_along_unless_they_would_be_answers_now(versions: dict[str, Questionnaire]) -> None:
    old, new = versions["0.9"], versions["1.0"]
    wave = responses(old, {"1": {"legal": "Y"}, "2": {}})
    unlisted = pd.DataFrame(
        [("1", "field", "envir"), ("2", "field", "spaceships"), ("1", "initiation", "x"), ("1", "participants", "many")],
        columns=["respondent", "variable", "value"], dtype="str",
    )  # fmt: skip
    blanks = wave.blanks.copy()
    for respondent, name, _ in unlisted.itertuples(index=False):
        blanks.loc[respondent, name] = NOT_RECORDED
    wave = replace(wave, unlisted=unlisted, blanks=blanks)
    pooled = pool([Wave("w", wave, propose(old, new))], new)
    assert sorted(pooled.responses.unlisted.itertuples(index=False, name=None)) == [
        ("w:1", "firms", "many"), ("w:2", "field", "spaceships"),
    ]  # fmt: skip
    assert pooled.origin.loc["w:1", "field"] == "w:field=envir"
    assert pooled.origin.loc["w:1", "initiation"] == "w:initiation=x"


def test_the_same_respondent_in_two_waves_is_two_rows(versions: dict[str, Questionnaire]) -> None:
    wave = responses(versions["1.0"], {"7": {"legal": "Y"}})
    unknown = replace(wave, complete=None)
    pooled = pool([Wave("a", wave), Wave("b", unknown)], versions["1.0"])
    assert list(pooled.responses.frame.index) == ["a:7", "b:7"]
    assert list(pooled.wave) == ["a", "b"]
    assert pooled.responses.complete is None, "one wave does not tell who submitted"
    known = pool([Wave("a", wave)], versions["1.0"]).responses.complete
    assert known is not None
    assert list(known) == [True]


def test_what_cannot_be_pooled_is_told_at_once(versions: dict[str, Questionnaire]) -> None:
    old, new = versions["0.9"], versions["1.0"]
    real, drawn = responses(old, {"1": {}}), responses(new, {"1": {}}, kind="synthetic")
    wrong = propose(versions["0.8"], new)
    waves = [Wave("a", real), Wave("a", drawn), Wave("b:c", real, wrong)]
    with pytest.raises(InputError) as caught:
        pool(waves, new)
    assert {problem.rule for problem in caught.value.problems} == {
        "wave-twice", "wave-name", "synthetic-and-real", "no-crosswalk", "crosswalk-version",
    }  # fmt: skip
    with pytest.raises(InputError, match="at least one"):
        pool([], new)


def test_the_file_reads_back_and_claims_to_know_nothing_it_does_not(
    versions: dict[str, Questionnaire], tmp_path: Path
) -> None:
    old, new = versions["0.9"], versions["1.0"]
    wave = responses(old, {"1": {"legal": "Y", "remarks": "=cmd()", "year": 1999.0}})
    boxes = {f"background_{code}": "N" for code in ("priv", "acad", "publ")} | {"background_npo": "Y"}
    later = responses(new, {"1": {"legal": "N", "website": "Y", **boxes}})
    pooled = pool([Wave("=2024", wave, propose(old, new)), Wave("2026", later)], new)
    path = tmp_path / "pooled.csv"
    path.write_bytes(csv_of(answers_table(pooled)))
    again = read_responses(path, new, strict=True)
    pd.testing.assert_frame_equal(again.frame, pooled.responses.frame, check_names=False)
    assert again.blanks.loc["=2024:1", "website"] == NOT_RECORDED
    assert not again.synthetic
    origin = origin_table(pooled)
    assert list(origin["id"]) == ["'=2024:1", "2026:1"]
    assert list(origin["complete"]) == ["yes", "yes"]
    assert origin["legal"].iloc[0] == "'=2024:legal=Y"
    assert not origin.map(lambda cell: cell.startswith(("=", "+", "-", "@"))).to_numpy().any()
