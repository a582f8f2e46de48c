"""``clustergov survey weights`` and ``outcome``: tables, files, exit codes, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

QUESTIONNAIRE = """
questionnaire: members
version: 1.0.0
title: {en: Members}
languages: [en]
scales:
  countries:
    direction: none
    options:
      - {code: NL, text: {en: Netherlands}}
      - {code: BE, text: {en: Belgium}}
sections:
  - code: first
    title: {en: First}
    questions:
      - {code: country, kind: single, text: {en: Where?}, scale: countries, required: false}
      - {code: size, kind: number, text: {en: How large?}, required: false}
"""


def clustergov(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Twenty members, ten of whom answered; two of them were noted by fieldwork."""
    (tmp_path / "members.yml").write_text(QUESTIONNAIRE, encoding="utf-8")
    rows = [f"p{n},{'NL' if n < 12 else 'BE'},{('ict', 'food')[n % 2]}" for n in range(20)]
    (tmp_path / "frame.csv").write_text("pseudonym,country,sector\n" + "\n".join(rows) + "\n", encoding="utf-8")
    answers = [
        f"p{n},yes,2026-01-0{1 + n % 9},{'NL' if n < 12 else 'BE'},{n}" for n in (0, 1, 2, 3, 4, 5, 7, 9, 13, 14)
    ]
    (tmp_path / "data.csv").write_text(
        "id,synthetic,submitdate,country,size\n" + "\n".join(answers) + "\n", encoding="utf-8"
    )
    (tmp_path / "noted.csv").write_text("id;uitkomst\np18;geweigerd\np19;opgeheven\n", encoding="utf-8-sig")
    return tmp_path


def words(files: Path, name: str, *more: object, data: str = "data.csv") -> Result:
    return clustergov(
        "survey", name, files / data, "--questionnaire", files / "members.yml", "--frame", files / "frame.csv", *more
    )


def test_weights_are_written_and_told(files: Path) -> None:
    result = words(files, "weights", "--by", "country,sector", "--out", files / "w.csv", "--json", files / "w.json")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("SYNTHETIC: The weights bring the 10 respondents into line")
    written = pd.read_csv(files / "w.csv", index_col="id")["weight"]
    assert written.sum() == pytest.approx(20, rel=1e-12)
    assert written[["p13", "p14"]].sum() == pytest.approx(8, rel=1e-12)
    told = json.loads((files / "w.json").read_text(encoding="utf-8"))
    assert told["converged"] is True
    assert told["design effect"] == pytest.approx(10 * (written**2).sum() / written.sum() ** 2, rel=1e-12)


def test_cap_that_cannot_be_kept_ends_with_1(files: Path) -> None:
    result = words(files, "weights", "--by", "country", "--cap", "1.5", "--out", files / "w.csv")
    assert result.exit_code == 1
    assert "at least 2.00 is needed" in result.output
    written = pd.read_csv(files / "w.csv")["weight"]
    assert written.max() <= 1.5 * written.mean() * (1 + 1e-12)


def test_targets_from_a_file(files: Path) -> None:
    (files / "targets.csv").write_text("variable;category;share\ncountry;NL;0,25\ncountry;BE;0,75\n", encoding="utf-8")
    result = words(files, "weights", "--by", "country", "--targets", files / "targets.csv", "--out", files / "w.csv")
    assert result.exit_code == 0, result.output
    assert pd.read_csv(files / "w.csv", index_col="id")["weight"]["p13"] == pytest.approx(7.5, rel=1e-12)
    lacking = words(files, "weights", "--by", "country,sector", "--targets", files / "targets.csv")
    assert lacking.exit_code == 2
    assert "no sector" in lacking.output


def test_anonymous_responses_are_weighted_on_their_own_answers(files: Path) -> None:
    text = (files / "data.csv").read_text(encoding="utf-8").replace("\np", "\n")
    (files / "anonymous.csv").write_text(text, encoding="utf-8")
    result = words(files, "weights", "--by", "country", "--out", files / "w.csv", data="anonymous.csv")
    assert result.exit_code == 0, result.output
    assert pd.read_csv(files / "w.csv", index_col="id")["weight"][13] == pytest.approx(4, rel=1e-12)
    other = words(files, "weights", "--by", "sector", data="anonymous.csv")
    assert other.exit_code == 2
    assert "does not ask for sector" in other.output


@pytest.mark.parametrize(
    ("by", "told"), [("region", "unknown-variable"), ("", "found none"), ("country,region,size", "unknown-variable")]
)
def test_variables_that_are_not_there(files: Path, by: str, told: str) -> None:
    result = words(files, "weights", "--by", by)
    assert result.exit_code == 2
    assert told in result.output


def test_nothing_is_overwritten(files: Path) -> None:
    (files / "w.csv").write_text("mine", encoding="utf-8")
    assert words(files, "weights", "--by", "country", "--out", files / "w.csv").exit_code == 2
    assert (files / "w.csv").read_text(encoding="utf-8") == "mine"
    assert words(files, "weights", "--by", "country", "--out", files / "w.csv", "--overwrite").exit_code == 0


def test_outcome_rates_and_comparison(files: Path) -> None:
    result = words(files, "outcome", "--dispositions", files / "noted.csv", "--json", files / "o.json")
    assert result.exit_code == 0, result.output
    assert "RR1" in result.output
    assert "respondents (n = 10) against the frame" in result.output
    told = json.loads((files / "o.json").read_text(encoding="utf-8"))
    values = {row[1]: row[2] for row in told["outcome"]["rows"]}
    assert (values["I"], values["R"], values["NE"], values["UH"]) == (10, 1, 1, 8)
    assert values["RR1"] == 10 / 19
    assert values["e"] == 11 / 12


def test_mistakes_of_frame_and_responses_come_together(files: Path) -> None:
    (files / "frame.csv").write_text("pseudonym,e-mail\np0,a@b.nl\n", encoding="utf-8")
    (files / "data.csv").write_text("id,country\np0,FR\n", encoding="utf-8")
    result = words(files, "outcome")
    assert result.exit_code == 2
    assert "survey seal" in result.output
    assert "FR" in result.output
    assert "a@b.nl" not in result.output
