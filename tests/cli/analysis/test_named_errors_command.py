"""``clustergov analysis drivers --errors``: the kind that was named, told as such, and what does not go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from model_numbers import REFERENCE

ORDINAL = REFERENCE / "ordinal-own.csv"
OWN = REFERENCE / "models-own.csv"


def drivers(data: Path, *words: object) -> Result:
    return CliRunner().invoke(command, ["analysis", "drivers", str(data), *map(str, words)])


@pytest.mark.parametrize(
    ("data", "words", "told"),
    [
        (OWN, ("--outcome", "y", "--predictors", "x,w", "--family", "linear", "--errors", "classical"), "equal variances"),
        (OWN, ("--outcome", "y", "--predictors", "x,w", "--family", "linear", "--errors", "HC1"), "t on n − k = 182"),
        (OWN, ("--outcome", "y", "--predictors", "x,w", "--family", "linear", "--errors", "CR1", "--cluster", "group"), "CR1S"),
        (OWN, ("--outcome", "s", "--predictors", "x,w", "--family", "fractional", "--errors", "HC3"), "normal distribution"),
        (OWN, ("--outcome", "s", "--predictors", "x,w", "--family", "fractional", "--errors", "CR2", "--cluster", "group"),
         "Satterthwaite's degrees of freedom"),
        (ORDINAL, ("--outcome", "y", "--predictors", "share,staff", "--errors", "HC0"), "HC0 (White 1980"),
        (ORDINAL, ("--outcome", "y", "--predictors", "share,staff", "--errors", "CR1", "--cluster", "member"), "Set --bootstrap"),
        (ORDINAL, ("--outcome", "y", "--predictors", "share,staff,age", "--errors", "HC0", "--impute", 3), "Pooled over"),
    ],
)  # fmt: skip
def test_the_kind_is_told_as_the_users_choice(data: Path, words: tuple[object, ...], told: str, tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    result = drivers(data, *words, "--json", file)
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "These standard errors were asked for, not chosen by the program" in said
    assert told in said
    kind = words[words.index("--errors") + 1]
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["errors"] == kind
    assert found["model"]["fit"]["kind"] == kind
    assert "NaN" not in file.read_text(encoding="utf-8")


def test_beside_a_linear_model_stands_what_the_program_would_choose() -> None:
    words = ("--outcome", "y", "--predictors", "x,w", "--family", "linear", "--cluster", "group")
    said = " ".join(drivers(OWN, *words, "--errors", "CR2").output.split())
    assert "The program's own choice here would be: " in said
    own = " ".join(drivers(OWN, *words).output.split())
    assert said.split("would be: ")[1] in own


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--family", "linear", "--errors", "CR2"), "Name their column in --cluster"),
        (("--family", "linear", "--errors", "HC3", "--cluster", "group"), "takes rows as independent"),
        (("--family", "ordinal", "--errors", "HC3"), "it has classical, HC0, HC1, CR0, CR1"),
        (("--family", "fractional", "--errors", "classical"), "classical does not exist for --family fractional"),
        (("--family", "beta", "--errors", "HC0"), "Leave --errors out"),
        (("--family", "linear", "--errors", "HC0", "--weights", "w"), "Leave --errors out"),
        (("--family", "linear", "--errors", "HC0", "--random", "group"), "Leave --errors out"),
    ],
)
def test_errors_that_do_not_exist_are_refused_by_name(words: tuple[str, ...], told: str) -> None:
    result = drivers(OWN, "--outcome", "y", "--predictors", "x", *words)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("words", "kind"), [((), "HC3"), (("--errors", "HC1"), "HC1")])
def test_the_errors_within_completed_tables_are_told(words: tuple[str, ...], kind: str) -> None:
    said = drivers(OWN, "--outcome", "y", "--predictors", "x,w", "--family", "linear", "--impute", 3, *words).output
    assert f"In each completed table the standard errors are {kind}, by row" in " ".join(said.split())


def test_declared_models_take_no_errors(tmp_path: Path) -> None:
    made = CliRunner().invoke(command, ["new", str(tmp_path / "study"), "--example"])
    assert made.exit_code == 0, made.output
    result = drivers(tmp_path / "study", "--errors", "HC1")
    assert result.exit_code == 2
    assert "--errors needs --outcome" in result.output


def test_parts_of_a_whole_are_named_in_a_linear_model(tmp_path: Path) -> None:
    """Predictors are scaled before inference; the parts must be recognised before that."""
    rows = [
        "y,a,b,c",
        *(f"{i % 7},{(i * 3) % 50},{(i * 7) % 40},{100 - (i * 3) % 50 - (i * 7) % 40}" for i in range(60)),
    ]
    file = tmp_path / "parts.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    for errors in ("policy", "HC1"):
        result = drivers(file, "--outcome", "y", "--predictors", "a,b,c", "--family", "linear", "--errors", errors)
        assert result.exit_code == 2
        assert "a composition never enters a model whole" in result.output
