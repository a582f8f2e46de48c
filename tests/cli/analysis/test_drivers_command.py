"""``clustergov analysis drivers``: every family, what stands under the table, the JSON, and what bad input is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.cli import command
from model_numbers import REFERENCE, ordered

ORDINAL = REFERENCE / "ordinal-own.csv"
OWN = REFERENCE / "models-own.csv"
BIRTHS = REFERENCE / "models-birthwt.csv"
SLEEP = REFERENCE / "models-sleepstudy.csv"


def drivers(data: Path, *words: object) -> Result:
    return CliRunner().invoke(command, ["analysis", "drivers", str(data), *map(str, words)])


def test_ordinal_with_everything_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    result = drivers(
        ORDINAL, "--outcome", "y", "--predictors", "share,staff,member,age", "--bootstrap", 100, "--json", file
    )
    assert result.exit_code == 0, result.output
    for words in ("240 rows; lost to a missing value: y 2, share 2, staff 1; used: 235.", "Proportional odds", "Brant",
                  "percentage points", "Bootstrap, 100 samples"):  # fmt: skip
        assert words in result.output
    found = json.loads(file.read_text(encoding="utf-8"))
    fit = cumulative_logit(*ordered("own"))
    assert found["model"]["fit"]["estimates"] == fit.estimates.tolist()  # to the last digit
    assert found["model"]["fit"]["thresholds"] == fit.thresholds.tolist()
    assert found["synthetic"] is False
    assert found["flow"]["rows"][-1][-1] == 235


@pytest.mark.parametrize(
    ("data", "words", "told"),
    [
        (ORDINAL, ("--outcome", "y", "--predictors", "share,staff", "--family", "probit"), "probit, 95% intervals"),
        (ORDINAL, ("--outcome", "y", "--predictors", "share,staff", "--free", "share"), "2|3"),
        (ORDINAL, ("--outcome", "y", "--predictors", "staff", "--cluster", "member", "--bootstrap", 50), "Bootstrap"),
        (ORDINAL, ("--outcome", "y", "--predictors", "share,staff,age", "--impute", 3), "Pooled over imputed tables"),
        (BIRTHS, ("--outcome", "low", "--predictors", "age,lwt,smoke", "--family", "binomial"), "odds ratio"),
        (OWN, ("--outcome", "s", "--predictors", "x,w", "--family", "fractional"), "sandwich"),
        (OWN, ("--outcome", "s", "--predictors", "x,w", "--family", "fractional", "--cluster", "group"), "24 groups"),
        (OWN, ("--outcome", "y", "--predictors", "x,w", "--family", "linear"), "degrees of freedom"),
        (OWN, ("--outcome", "y", "--predictors", "x,w", "--family", "linear", "--cluster", "group"), "24 groups"),
        (SLEEP, ("--outcome", "Reaction", "--predictors", "Days", "--family", "linear", "--random", "Subject"), "59% lies between"),
        (SLEEP, ("--outcome", "Reaction", "--predictors", "Days", "--family", "linear", "--random", "Subject", "--slope", "Days"),
         "10.467"),
        (OWN, ("--outcome", "y", "--predictors", "x,group", "--family", "linear"), "more than 12"),
    ],
)  # fmt: skip
def test_every_family(data: Path, words: tuple[object, ...], told: str, tmp_path: Path) -> None:
    result = drivers(data, *words, "--json", tmp_path / "found.json")
    assert result.exit_code == (2 if "more than" in told else 0), result.output
    assert told in result.output
    assert "nan" not in result.output.casefold()
    if result.exit_code == 0:
        assert "rows" in result.output
        assert "NaN" not in (tmp_path / "found.json").read_text(encoding="utf-8")


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    rng = np.random.default_rng(17)
    n = 80
    shares = rng.dirichlet([4, 3, 2], size=n).round(3)
    shares[5] = [0.6, 0.4, 0.0]
    frame = pd.DataFrame(
        {
            "y": rng.integers(1, 5, n), "score": rng.normal(size=n).round(3), "part": rng.uniform(0.1, 0.9, n).round(3),
            "edge": np.where(np.arange(n) < 3, 0.0, rng.uniform(0.1, 0.9, n).round(3)),
            "country": rng.choice(["NL", "BE", "DE"], n, p=[0.5, 0.3, 0.2]), "yes": rng.choice(["no", "yes"], n),
            "x": rng.normal(size=n).round(3), "one": 1, "w": rng.uniform(1, 3, n).round(2), "empty": "",
            "fees": shares[:, 0], "sales": shares[:, 1], "public": shares[:, 2], "remark": [f"text {i}" for i in range(n)],
            "far": np.where(np.arange(n) == 2, "inf", "1.5"), "same": "NL",
        }
    )  # fmt: skip
    frame["split"] = 3 * frame["y"] + frame["x"].abs().clip(0, 1)
    frame["w0"] = 0
    frame["double"] = 2 * frame["x"]
    file = tmp_path / "survey.csv"
    frame.to_csv(file, index=False)
    return file


def test_labels_are_compared_with_a_reference_that_is_named(survey: Path) -> None:
    result = drivers(survey, "--outcome", "y", "--predictors", "x,country")
    assert result.exit_code == 0, result.output
    assert "compared with NL" in result.output
    assert "country: BE" in result.output
    turned = drivers(survey, "--outcome", "y", "--predictors", "x,country", "--reference", "country=BE")
    assert "country: NL" in turned.output
    two = drivers(survey, "--outcome", "yes", "--predictors", "x", "--family", "binomial")
    assert "probability of yes = yes, against no" in two.output


def test_a_composition_enters_as_ratios_and_zeros_are_said(survey: Path) -> None:
    words = ("--outcome", "score", "--family", "linear", "--composition", "fees,sales,public", "--predictors", "x")
    refused = drivers(survey, *words)
    assert refused.exit_code == 2
    assert "Choose what a zero means" in refused.output
    replaced = drivers(survey, *words, "--zeros", "replace:0.005")
    assert replaced.exit_code == 0, replaced.output
    assert "Per doubling of a part" in replaced.output
    assert "1 zeros in 1 rows were replaced by 0.50%" in replaced.output
    dropped = drivers(survey, *words, "--zeros", "drop")
    assert "used: 79" in dropped.output


def test_weights_strata_and_the_population(survey: Path) -> None:
    words = ("--outcome", "score", "--family", "linear", "--predictors", "x", "--weights", "w")
    for more in ((), ("--strata", "country"), ("--fpc", 400)):
        result = drivers(survey, *words, *more)
        assert result.exit_code == 0, result.output
    logit = drivers(survey, "--outcome", "yes", "--family", "binomial", "--predictors", "x", "--weights", "w")
    assert logit.exit_code == 0, logit.output


def test_one_number_for_the_population_is_divided_over_strata(survey: Path, tmp_path: Path) -> None:
    """With weights of N / n per stratum the division gives the sizes that they were made from."""
    frame = pd.read_csv(survey)
    frame["size"] = frame["country"].map({"NL": 300, "BE": 120, "DE": 80})
    frame["weight"] = frame["size"] / frame.groupby("country")["y"].transform("size")
    file, found = tmp_path / "strata.csv", []
    frame.to_csv(file, index=False)
    for fpc in ("size", 500):
        words = (
            "--outcome",
            "score",
            "--family",
            "linear",
            "--predictors",
            "x",
            "--weights",
            "weight",
            "--strata",
            "country",
        )
        result = drivers(file, *words, "--fpc", fpc, "--json", tmp_path / "found.json", "--overwrite")
        assert result.exit_code == 0, result.output
        found.append(
            json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["model"]["fit"]["standard_errors"]
        )
    assert "BE 120, DE 80 and NL 300" in result.output.replace("\n", " ")
    assert found[0] == pytest.approx(found[1], rel=1e-10)
    small = drivers(file, *words, "--fpc", 10)
    assert small.exit_code == 2
    assert "Traceback" not in small.output


def test_schools_with_one_number_for_the_population_are_as_in_svyglm(tmp_path: Path) -> None:
    """apistrat with --fpc 6194, against svyglm with its sizes of strata; its weights are written in single precision."""
    words = ("--outcome", "api00", "--family", "linear", "--predictors", "ell,meals,mobility", "--weights", "pw")
    file = tmp_path / "found.json"
    result = drivers(
        REFERENCE / "sampling_models-strat.csv", *words, "--strata", "stype", "--fpc", 6194, "--json", file
    )
    assert result.exit_code == 0, result.output
    assert "E 4,421, H 755 and M 1,018" in " ".join(result.output.split())
    expected = pd.read_csv(REFERENCE / "sampling_models.csv").query("case == 'strat'")
    found = json.loads(file.read_text(encoding="utf-8"))["model"]["fit"]
    for quantity, ours in (("estimate", found["estimates"]), ("standard_error", found["standard_errors"])):
        theirs = expected[expected["quantity"] == quantity].set_index("term")["value"]
        assert ours == pytest.approx([theirs[name] for name in ("ell", "meals", "mobility")], rel=2e-9)


def test_duplicated_rows_are_named(survey: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(survey)
    file = tmp_path / "twice.csv"
    pd.concat([frame, frame.iloc[[3, 8]]]).to_csv(file, index=False)
    result = drivers(file, "--outcome", "y", "--predictors", "x")
    assert result.exit_code == 0
    assert "4 rows hold the same as another in every column (5, 82; 10, 83)" in result.output.replace("\n", " ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--outcome", "y", "--predictors", "x,one"), "“one” has the same value"),
        (("--outcome", "one", "--predictors", "x"), "nothing to explain"),
        (("--outcome", "y", "--predictors", "split"), "The outcome is split without overlap by split"),
        (("--outcome", "y", "--predictors", "x,double"), "“double” is fixed"),
        (("--outcome", "y", "--predictors", "fees,sales,public"), "a composition never enters a model whole"),
        (("--outcome", "y", "--predictors", "empty"), "found no value"),
        (("--outcome", "y", "--predictors", "far"), "infinite"),
        (("--outcome", "y", "--predictors", "remark"), "80 different labels"),
        (("--outcome", "y", "--predictors", "x,same"), "one label only"),
        (("--outcome", "y", "--predictors", "nothing"), "a column named nothing"),
        (("--outcome", "country", "--predictors", "x"), "expected numbers in country"),
        (("--outcome", "y"), "expected predictors"),
        (("--outcome", "y", "--predictors", "y"), "named for two purposes"),
        (("--outcome", "y", "--predictors", "x", "--family", "binomial"), "exactly two"),
        (("--outcome", "y", "--predictors", "x", "--family", "fractional"), "between 0 and 1"),
        (("--outcome", "edge", "--predictors", "x", "--family", "beta"), "Use the fractional logit"),
        (("--outcome", "score", "--predictors", "x", "--family", "linear", "--random", "same"), "has 1 group"),
        (("--outcome", "score", "--predictors", "x", "--family", "linear", "--random", "remark"), "one row"),
        (("--outcome", "score", "--predictors", "x", "--family", "linear", "--weights", "w0"), "weight"),
        (("--outcome", "y", "--predictors", "x", "--weights", "w"), "linear or binomial"),
        (("--outcome", "y", "--predictors", "x", "--cluster", "country"), "--bootstrap"),
        (("--outcome", "y", "--predictors", "x", "--random", "country"), "--family linear"),
        (("--outcome", "y", "--predictors", "x", "--free", "z"), "not among the predictors"),
        (("--outcome", "y", "--predictors", "x", "--impute", "3"), "no value is missing"),
        (("--outcome", "y", "--predictors", "x,country", "--reference", "country=FR"), "no level “FR”"),
        (("--outcome", "y", "--predictors", "x", "--reference", "x=1"), "holds no labels"),
        (("--outcome", "y", "--predictors", "x", "--composition", "fees,sales", "--zeros", "replace:2"), "below 1/2"),
        (("--predictors", "x"), "expected --outcome"),
    ],
)
def test_bad_input_is_told_what_to_do(survey: Path, words: tuple[str, ...], told: str) -> None:
    result = drivers(survey, *words)
    assert result.exit_code == 2, result.output
    assert told in result.output
    assert "Traceback" not in result.output


def test_too_few_rows(survey: Path, tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    pd.read_csv(survey).head(3).to_csv(file, index=False)
    result = drivers(file, "--outcome", "score", "--predictors", "x,w", "--family", "linear")
    assert result.exit_code == 2
    assert "Use fewer predictors" in result.output


def test_the_declared_models_of_a_study(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    result = drivers(root, "--json", file)
    assert result.exit_code == 0, result.output
    assert "SYNTHETIC" in result.output
    assert "not cause" in result.output
    assert len(json.loads(file.read_text(encoding="utf-8"))["drivers"]["rows"]) == 48
    wrong = drivers(root, "--cluster", "country")
    assert wrong.exit_code == 2
    assert "--cluster needs --outcome" in wrong.output
