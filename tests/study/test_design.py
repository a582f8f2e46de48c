"""A study that declares the population its respondents are part of: read, checked, carried to results and report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.problems import InputError
from clustergov.study.plan import check_study
from clustergov.study.run import run_study

QUESTIONNAIRE = """
questionnaire: members
version: 1.0.0
title: {nl: Leden, en: Members}
languages: [nl, en]
scales:
  yesno:
    direction: ascending
    options:
      - {code: n, text: {nl: nee, en: no}}
      - {code: j, text: {nl: ja, en: yes}}
sections:
  - code: first
    title: {nl: Eerste, en: First}
    questions:
      - {code: grows, kind: single, text: {nl: Groeit het?, en: Does it grow?}, scale: yesno, required: false}
      - {code: size, kind: number, text: {nl: Hoe groot?, en: How large?}, required: false}
"""

CLAIMS_FREE = """
study: members
title: {nl: Leden, en: Members}
languages: [nl, en]
date: 2026-11-21
seed: 3
questionnaire: instruments/members.yml
responses:
  file: survey/responses.csv
"""

Study = Callable[[str], Path]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study of 12 respondents from a frame of 30, with one refusal and one that ceased; synthetic, and marked so."""
    for folder in ("instruments", "survey"):
        (tmp_path / folder).mkdir()
    (tmp_path / "instruments" / "members.yml").write_text(QUESTIONNAIRE, encoding="utf-8")
    frame = [f"p{place:02d};{('NL', 'NL', 'BE')[place % 3]};{('ict', 'food')[place % 2]}" for place in range(30)]
    (tmp_path / "survey" / "frame.csv").write_text(
        "pseudonym;country;sector\n" + "\n".join(frame) + "\n", encoding="utf-8"
    )
    rows = [f"p{place:02d},yes,yes,{'jn'[place % 4 == 0]},{place + 1}" for place in range(12)]
    (tmp_path / "survey" / "responses.csv").write_text(
        "id,synthetic,complete,grows,size\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    (tmp_path / "survey" / "weights.csv").write_text(
        "id,weight\n" + "\n".join(f"p{place:02d},{1 + place % 3}" for place in range(12)) + "\n", encoding="utf-8"
    )
    (tmp_path / "survey" / "dispositions.csv").write_text("id,disposition\np20,refused\np29,ceased\n", encoding="utf-8")

    def declare(design: str) -> Path:
        (tmp_path / "study.yml").write_text(CLAIMS_FREE + design, encoding="utf-8")
        return tmp_path

    return declare


WHOLE = """design:
  frame: survey/frame.csv
  weights: survey/weights.csv
  dispositions: survey/dispositions.csv
"""


def test_frame_weights_and_dispositions_are_read(study: Study) -> None:
    plan = check_study(study(WHOLE))
    assert plan.responses is not None
    assert plan.responses.design is not None
    assert plan.outcome is not None
    design = plan.responses.design
    # p29 ceased, and is known so from the file of dispositions.
    assert design.population == 29
    assert plan.outcome.counts["NE"] == 1
    assert plan.outcome.counts["R"] == 1
    assert plan.outcome.counts["I"] == 12
    assert plan.outcome.rates["RR1"] == 12 / 29
    assert {path.name for path in plan.inputs} >= {"frame.csv", "weights.csv", "dispositions.csv"}


@pytest.mark.parametrize(
    ("fieldwork", "own", "expected"),
    [("partial_from: 0.9", "", 0.9), ("partial_from: 0.9", "  partial_from: 0.25\n", 0.25), ("anonymous: false", "", 0.5),
     (None, "", 0.5)],
)  # fmt: skip
def test_partial_is_what_fieldwork_says(study: Study, fieldwork: str | None, own: str, expected: float) -> None:
    folder = study(WHOLE + own)
    if fieldwork is not None:
        (folder / "survey" / "fieldwork.yml").write_text(
            f"fieldwork: first\nquestionnaire: ../instruments/members.yml\n{fieldwork}\n", encoding="utf-8"
        )
    rows = (folder / "survey" / "responses.csv").read_text(encoding="utf-8")
    # p00 answered one of two questions, and did not submit.
    (folder / "survey" / "responses.csv").write_text(rows.replace("p00,yes,yes,n,1", "p00,yes,no,n,"), encoding="utf-8")
    plan = check_study(folder)
    assert plan.outcome is not None
    assert plan.outcome.partial_from == expected
    assert (plan.outcome.counts["P"], plan.outcome.counts["R"]) == ((0, 2) if expected > 0.5 else (1, 1))
    read = {path.name for path in plan.inputs}
    assert ("fieldwork.yml" in read) == (fieldwork is not None and not own)


def test_a_wrong_fieldwork_file_is_told(study: Study) -> None:
    folder = study(WHOLE)
    (folder / "survey" / "fieldwork.yml").write_text("fieldwork: first\npartial_from: 3\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        check_study(folder)
    assert {Path(problem.file).name for problem in error.value.problems if problem.file} == {"fieldwork.yml"}


def test_population_alone(study: Study) -> None:
    plan = check_study(study("design: {population: 40}\n"))
    assert plan.responses is not None
    assert plan.responses.design is not None
    assert plan.responses.design.population == 40
    assert plan.outcome is None


@pytest.mark.parametrize(
    ("design", "told"),
    [
        ("design: {population: 5}\n", "at most 5 respondents"),
        ("design: {population: 50, frame: survey/frame.csv}\n", "either “frame” or “population”"),
        ("design: {weights: survey/weights.csv}\n", "either “frame” or “population”"),
        ("design: {population: 50, dispositions: survey/dispositions.csv}\n", "need a “frame”"),
        ("design: {frame: survey/other.csv}\n", "no such file"),
    ],
)
def test_what_does_not_fit_is_refused(study: Study, design: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_study(study(design))


def test_ids_that_do_not_match_are_told_with_the_weights(study: Study) -> None:
    folder = study(WHOLE)
    file = folder / "survey" / "weights.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("p03,", "q03,"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        check_study(folder)
    assert [problem.rule for problem in error.value.problems] == ["no-weight", "weight-of-nobody"]


def test_anonymous_responses_count_without_being_matched(study: Study) -> None:
    folder = study("design: {frame: survey/frame.csv, dispositions: survey/dispositions.csv}\n")
    file = folder / "survey" / "responses.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("\np", "\n"), encoding="utf-8")
    plan = check_study(folder)
    assert plan.responses is not None
    assert plan.responses.design is not None
    assert plan.outcome is not None
    assert (plan.responses.design.population, plan.outcome.linked, plan.outcome.rates["RR1"]) == (29, False, 12 / 29)
    page = run_study(folder, folder / "out").folder / "report.nl.html"
    text = page.read_text(encoding="utf-8")
    assert "hoeveel leden van het kader antwoordden is bekend, niet welke" in text
    assert "Respondenten naast het kader" not in text


def test_simulated_answers_have_no_finite_population(study: Study) -> None:
    folder = study("design: {population: 50}\n")
    file = folder / "study.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("file: survey/responses.csv", "simulation: survey/model.yml")
    )
    with pytest.raises(InputError, match="a model without end"):
        check_study(folder)


def test_the_report_tells_who_answered(study: Study, tmp_path: Path) -> None:
    outcome = run_study(study(WHOLE), tmp_path / "out")
    found = json.loads((outcome.folder / "results.json").read_text(encoding="utf-8"))
    assert found["design"]["population"] == 29
    assert {row[1]: row[2] for row in found["design"]["outcome"]["rows"]}["RR1"] == 12 / 29
    for language, words in {
        "nl": ("Respons en populatie", "SYNTHETISCH", "41,4%"),
        "en": ("Response and population", "SYNTHETIC", "41.4%"),
    }.items():
        page = (outcome.folder / f"report.{language}.html").read_text(encoding="utf-8")
        assert all(word in page for word in words)
        names = {path.name for path in (outcome.folder / "tables" / language).iterdir()}
        assert names >= {"dispositions.csv", "outcome-rates.csv", "frame-country.csv", "frame-sector.csv"}


def test_real_small_cells_stay_hidden(study: Study, tmp_path: Path) -> None:
    folder = study(WHOLE)
    file = folder / "survey" / "responses.csv"
    file.write_text(
        "\n".join(",".join(line.split(",")[:1] + line.split(",")[2:]) for line in file.read_text().splitlines())
    )
    outcome = run_study(folder, tmp_path / "out")
    assert not outcome.synthetic
    table = (outcome.folder / "tables" / "en" / "frame-country.csv").read_text(encoding="utf-8").splitlines()
    # Four of the twelve are Belgian: too few to show, and then the Dutch cannot be shown either.
    assert [line.split(",")[3] for line in table[1:]] == ["", ""]
    assert "could be worked out" in (outcome.folder / "report.en.html").read_text(encoding="utf-8")


def test_without_a_design_nothing_is_told_of_a_population(study: Study, tmp_path: Path) -> None:
    outcome = run_study(study(""), tmp_path / "out")
    assert "design" not in json.loads((outcome.folder / "results.json").read_text(encoding="utf-8"))
    assert "Response and population" not in (outcome.folder / "report.en.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("real", "until", "told"), [(True, "2020-01-31", True), (True, "2999-01-31", False), (False, "2020-01-31", False)]
)
def test_a_run_tells_what_is_past_its_date(study: Study, real: bool, until: str, told: bool) -> None:
    folder = study("")
    file = folder / "survey" / "responses.csv"
    if real:
        file.write_text(file.read_text(encoding="utf-8").replace("id,synthetic,", "id,").replace(",yes,yes,", ",yes,"))
    (folder / "survey" / "fieldwork.yml").write_text(
        f"fieldwork: first\nquestionnaire: ../instruments/members.yml\nretention: {{responses: {until}}}\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(command, ["run", str(folder), "--out", str(folder / "out"), "--quiet"])
    assert done.exit_code == 0, done.output
    assert ("Responses were to be kept until 2020-01-31: they are due to be deleted" in done.stderr) == told
