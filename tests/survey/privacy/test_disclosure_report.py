"""The disclosure report on a file of responses, and what of it real respondents may be told by."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.write import questionnaire_yaml
from clustergov.problems import InputError
from clustergov.survey.frame.frame import read_frame
from clustergov.survey.privacy.disclosure_report import disclosure_report
from clustergov.survey.privacy.small_cells import small_cells, tables
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses

ROWS = [("water", "Y", "1990")] * 6 + [("water", "N", "2001")] * 5 + [("other", "N", "2004"), ("other", "Y", "2019")]


def file(folder: Path, *, synthetic: bool) -> Path:
    head = "id,synthetic,submitdate,field,legal,year" if synthetic else "id,submitdate,field,legal,year"
    rows = [
        ",".join([f"r{place}", *(["yes"] if synthetic else []), "2026-03-01", *row]) for place, row in enumerate(ROWS)
    ]
    path = folder / "responses.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def real(small: Questionnaire, tmp_path: Path) -> Responses:
    return read_responses(file(tmp_path, synthetic=False), small, strict=False)


def test_what_it_finds(real: Responses) -> None:
    report = disclosure_report(real, ["field", "year"], k=5, sensitive=["legal"])
    assert (report.anonymity.smallest, report.anonymity.under, report.anonymity.unique) == (1, 2, 2)
    assert not report.holds
    (legal,) = report.diversity
    assert (legal.distinct, legal.known) == (1, 13)
    best = report.suggestions[0]
    assert best.smallest >= 5
    assert best.steps


def test_real_people_are_not_counted_under_k(real: Responses, small: Questionnaire, tmp_path: Path) -> None:
    told = disclosure_report(real, ["field", "year"], k=5).plain()
    assert told["anonymity"]["unique"] == "1–4"
    assert told["anonymity"]["n"] == 13
    numbers = re.findall(r'"(?:under|unique|respondents|known|absent|\w+_without)": (\d+)', json.dumps(told))
    assert numbers
    assert not any(0 < int(number) < 5 for number in numbers)
    made_up = read_responses(file(tmp_path, synthetic=True), small, strict=False)
    assert disclosure_report(made_up, ["field", "year"], k=5).plain()["anonymity"]["unique"] == 2


def test_against_a_frame(real: Responses, tmp_path: Path) -> None:
    rows = ["pseudonym,sector,founded", *(f"p{place},WATER,1990" for place in range(9)), "p9,other,2004"]
    path = tmp_path / "frame.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = disclosure_report(
        real, ["field", "year"], frame=read_frame(path), columns={"field": "sector", "year": "founded"}
    )
    assert report.population is not None
    assert (report.population.size, report.population.unique, report.population.absent) == (10, 1, 6)
    with pytest.raises(InputError, match="--match"):
        disclosure_report(real, ["field", "year"], frame=read_frame(path))


def test_mistakes(real: Responses) -> None:
    with pytest.raises(InputError, match="unknown-variable"):
        disclosure_report(real, ["feild"])
    with pytest.raises(InputError, match="unknown-variable"):
        disclosure_report(real, [])
    with pytest.raises(InputError, match="variable-twice"):
        disclosure_report(real, ["field"], sensitive=["field"])


def test_every_table_is_looked_at(real: Responses) -> None:
    answers = real.frame[["field", "legal"]].astype("object")
    found = {each.variables: (each.cells, each.small, each.respondents) for each in small_cells(answers, 5)}
    assert found == {("field",): (2, 1, 2), ("field", "legal"): (4, 2, 2)}
    assert tables(2) == 3


def disclosure(folder: Path, questionnaire: Questionnaire, *more: str) -> Result:
    (folder / "q.yml").write_text(questionnaire_yaml(questionnaire), encoding="utf-8")
    given = ["survey", "disclosure", str(folder / "responses.csv"), "--questionnaire", str(folder / "q.yml"), *more]
    return CliRunner().invoke(command, given)


def test_on_the_command_line(small: Questionnaire, tmp_path: Path) -> None:
    file(tmp_path, synthetic=False)
    report = tmp_path / "report.json"
    done = disclosure(tmp_path, small, "--quasi-identifiers", "field,year", "--json", str(report))
    assert done.exit_code == 1, done.output
    assert "does not hold" in done.output
    assert "like nobody else: 1–4." in done.output
    assert "To hide everybody (1)" in done.output
    assert json.loads(report.read_text(encoding="utf-8"))["k-anonymous"] is False
    assert disclosure(tmp_path, small, "--quasi-identifiers", "member_nobody").exit_code == 2
    assert disclosure(tmp_path, small, "--quasi-identifiers", "field", "--match", "field").exit_code == 2
    assert disclosure(tmp_path, small, "--quasi-identifiers", "legal").exit_code == 0
