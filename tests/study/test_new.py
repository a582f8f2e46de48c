"""Studies to start from: the example, one's own responses, any LimeSurvey questionnaire."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from clustergov.problems import InputError
from clustergov.study.new import new_example, new_from_limesurvey, slug
from clustergov.study.plan import check_study
from clustergov.study.run import Outcome, run_study
from clustergov.survey.synthetic.simulation import generator, read_simulation, simulate
from clustergov.survey.writing import write_responses


@pytest.fixture(scope="module")
def answers(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Responses in the shipped questionnaire without the mark of the simulation, as a workbook."""
    plan = check_study(root)
    assert plan.simulation is not None
    drawn = simulate(plan.simulation, plan.questionnaire, n=90, rng=generator(7)).responses
    folder = tmp_path_factory.mktemp("answers")
    write_responses(drawn, folder / "drawn.csv")
    frame = pd.read_csv(folder / "drawn.csv", dtype="str").drop(columns="synthetic")
    frame["remarks"] = "a remark by somebody"
    frame.to_excel(folder / "answers.xlsx", index=False)
    return folder / "answers.xlsx"


def test_the_example_is_the_shipped_study(root: Path, tmp_path: Path) -> None:
    made = new_example(tmp_path / "study")
    assert sorted(path.name for path in made.folder.iterdir()) == [
        ".gitignore", "analysis", "casestudies", "instruments", "reports", "study.yml", "survey",
    ]  # fmt: skip
    shipped, copied = check_study(root), check_study(made.folder)
    assert copied.questionnaire == shipped.questionnaire
    assert copied.study.seed == shipped.study.seed


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(InputError, match="found files in it"):
        new_example(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_responses_of_another_survey_make_no_study(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("id,price,colour\n1,2,red\n2,3,blue\n", encoding="utf-8")
    with pytest.raises(InputError):
        new_example(tmp_path / "study", responses=other)
    assert not (tmp_path / "study").exists()


def test_real_responses_take_the_place_of_the_simulation(answers: Path, tmp_path: Path) -> None:
    made = new_example(tmp_path / "study", responses=answers)
    assert not (made.folder / "survey" / "simulation.yml").exists()
    assert not (made.folder / "analysis" / "case-selection.lock.json").exists()
    outcome = run_study(made.folder, tmp_path / "out")
    assert not outcome.synthetic
    for report in outcome.folder.glob("report.*.html"):
        words = re.sub(r"<style.*?</style>", "", report.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "SYNTH" not in words
        assert "a remark by somebody" not in words
    assert not (outcome.folder / "responses.csv").exists()
    private = pd.read_csv(outcome.folder / "private" / "responses.csv", dtype="str")
    assert len(private) == 90
    assert "remarks" not in private
    assert "a remark by somebody" not in (outcome.folder / "results.json").read_text(encoding="utf-8")
    _no_small_counts(outcome)


def _no_small_counts(outcome: Outcome) -> None:
    """No count of one to four respondents in any table of answers."""
    tables = list((outcome.folder / "tables").rglob("answers-*.csv"))
    assert tables
    for path in tables:
        table = pd.read_csv(path)
        counts = table[table["part"].isin(["option", "answered", "unlisted", "blank"])]["value"].dropna()
        assert not ((counts > 0) & (counts < 5)).any(), path


def test_synthetic_answers_stay_synthetic(root: Path, tmp_path: Path) -> None:
    plan = check_study(root)
    assert plan.simulation is not None
    drawn = simulate(
        read_simulation(root / "survey" / "simulation.yml", plan.questionnaire),
        plan.questionnaire,
        n=60,
        rng=generator(1),
    )
    write_responses(drawn.responses, tmp_path / "drawn.csv")
    made = new_example(tmp_path / "study", responses=tmp_path / "drawn.csv")
    assert made.responses is not None
    assert made.responses.synthetic


@pytest.mark.parametrize(
    ("structure", "responses", "n", "matches"),
    [
        ("rse-2017-za.structure.txt", "rse-2017-za.responses.csv", 22, {"code": 276, "none": 1}),
        ("rse-2017-uk-core.lss", "rse-2017-uk.responses.csv", 253, {"code": 146, "none": 99}),
    ],
    ids=["za", "uk"],
)
def test_a_real_limesurvey_goes_through_new_and_run(
    shared: Path, tmp_path: Path, structure: str, responses: str, n: int, matches: dict[str, int]
) -> None:
    data = shared / "data" / "limesurvey"
    made = new_from_limesurvey(tmp_path / "study", data / structure, data / responses)
    assert made.responses is not None
    assert made.responses.n == n
    with (made.folder / "survey" / "columns.csv").open(encoding="utf-8", newline="") as file:
        columns = list(csv.DictReader(file))
    assert list(columns[0]) == ["column", "question", "item", "match", "reason"]
    assert Counter(column["match"] for column in columns) == matches
    assert all(column["reason"] for column in columns)
    for path in made.folder.rglob("*.yml"):
        assert not re.search(r"[\w.]+@[\w.]+\.\w+", path.read_text(encoding="utf-8")), path

    outcome = run_study(made.folder, tmp_path / "out")
    assert not (outcome.folder / "claims.csv").exists()
    assert outcome.verdicts.empty
    results = json.loads((outcome.folder / "results.json").read_text(encoding="utf-8"))
    assert results["claims"] is None
    overview = results["overview"]
    told = {row[overview["columns"].index("variable")] for row in overview["rows"]}
    assert told == {column.variable for column in made.responses.origin.columns if column.variable}
    assert results["reliability"]
    _no_small_counts(outcome)
    dutch = (outcome.folder / "report.nl.html").read_text(encoding="utf-8")
    assert 'lang="en"' in dutch
    assert "Niet in dit rapport" in dutch


@pytest.mark.parametrize(("text", "expected"), [("RSE 2017 (Zürich)", "rse-2017-zurich"), ("—", "study")])
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected
