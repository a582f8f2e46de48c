"""``clustergov casestudies qca``: on published data, and with everything that a user may get wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture
def lipset(tmp_path: Path) -> Path:
    """The fuzzy data of Lipset as in R's package QCA."""
    data = json.loads((REFERENCE / "qca-data.json").read_text(encoding="utf-8"))["LF"]
    columns = data["columns"]
    lines = [",".join(["case", *columns])]
    lines += [
        ",".join([case, *(str(columns[name][row]) for name in columns)]) for row, case in enumerate(data["cases"])
    ]
    path = tmp_path / "lipset.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["casestudies", "qca", *map(str, arguments)])


def asked(path: Path, *more: object, outcome: str = "SURV", conditions: str = "DEV,URB,LIT,IND,STB") -> Result:
    return call(path, "--outcome", outcome, "--conditions", conditions, *more)


def test_everything_is_shown_and_written(lipset: Path, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    result = asked(lipset, "--inclusion", ".8", "--frequency", 1, "--pri", 0, "--expect", "DEV,URB,LIT,IND,STB",
                   "--necessity", "--test", "DEV*~IND + URB*STB", "--json", target)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "M1: DEV*~IND + URB*STB → SURV" in result.stdout
    assert "BE, CZ, NL, UK" in result.stdout
    assert "LIT*STB" in result.stdout
    found = json.loads(target.read_text(encoding="utf-8"))
    assert len(found["truth_table"]) == 9
    assert found["truth_table"][-1]["incl"] == pytest.approx(0.90420561, abs=1e-8)
    parsimonious = found["parsimonious"]["models"][0]
    assert [term["term"] for term in parsimonious["terms"]] == ["DEV*~IND", "URB*STB"]
    assert parsimonious["terms"][0]["covU"] == pytest.approx(0.19366197, abs=1e-8)
    assert parsimonious["PRI"] == pytest.approx(0.81864407, abs=1e-8)
    between = found["intermediate"]["C1P1"]["models"][0]
    assert [term["term"] for term in between["terms"]] == ["DEV*URB*LIT*STB", "DEV*LIT*~IND*STB"]
    assert found["formulas"][0]["covS"] == parsimonious["covS"]


def test_the_expected_results_beside_the_repository(shared: Path, tmp_path: Path) -> None:
    folder, target = shared / "data" / "qca", tmp_path / "result.json"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["cases"]
    files = {"LC.csv": "lipset-crisp.csv", "LF.csv": "lipset-fuzzy.csv"}
    for one in expected.values():
        if one["dataset"] not in files:
            continue
        result = asked(folder / files[one["dataset"]], "--inclusion", one["incl_cut"], "--frequency", one["n_cut"],
                       "--pri", one["pri_cut"], "--expect", ",".join(one["dir_exp"]), "--json", target, "--overwrite",
                       outcome=one["outcome"], conditions=",".join(one["conditions"]))  # fmt: skip
        assert result.exit_code == 0, result.output
        found = json.loads(target.read_text(encoding="utf-8"))
        for ours, theirs in zip(found["truth_table"], one["truth_table"], strict=True):
            assert {key: ours[key] for key in (*one["conditions"], "OUT", "n")} == {
                key: theirs[key] for key in (*one["conditions"], "OUT", "n")
            }
            assert (ours["incl"], ours["PRI"]) == pytest.approx((theirs["incl"], theirs["PRI"]), abs=1e-7)
        for kind in ("conservative", "parsimonious"):
            _same(found[kind]["models"], one[kind])
        for pair, models in one["intermediate"].items():
            _same(found["intermediate"][pair]["models"], models)


def _same(ours: list[dict], theirs: list[dict]) -> None:  # type: ignore[type-arg]  # JSON of any shape
    mine = {frozenset(term["term"] for term in model["terms"]): model for model in ours}
    assert set(mine) == {frozenset(model["terms"]) for model in theirs}
    for model in theirs:
        own = mine[frozenset(model["terms"])]
        for term in own["terms"]:
            other = next(one for one in model["pi"] if one["term"] == term["term"])
            for key in ("inclS", "PRI", "covS", "covU"):
                assert term[key] == (None if other[key] is None else pytest.approx(other[key], abs=1e-7))
        for key in ("inclS", "PRI", "covS"):
            assert own[key] == pytest.approx(model["solution"][key], abs=1e-7)


def test_raw_data_are_calibrated_and_cases_named_by_their_column(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    rows = ["firms;staff;name;grown"] + [f"{firms};{staff};org {firms};{int(firms > 25)}"
                                         for firms, staff in zip(range(5, 50, 5), range(9), strict=True)]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    result = asked(path, "--calibrate", "firms: 8, 22, 40", "--calibrate", "staff: 3", "--case-column", "name",
                   outcome="~grown", conditions="firms,staff")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "org 5, org 10" in result.stdout
    assert "~firms" in result.stdout
    dutch = asked(path, "--calibrate", "firms: 8, 22, 40", "--calibrate", "staff: 3", "--language", "nl",
                  outcome="grown", conditions="firms,staff")  # fmt: skip
    assert "Waarheidstabel voor grown" in dutch.stdout
    assert "row 2" in dutch.stdout


def test_a_case_called_na_is_a_case(tmp_path: Path) -> None:
    path = tmp_path / "countries.csv"
    rows = [f"{case},{a},{b},{a}" for case, a, b in zip(("NA", "NL", "BE", "DE", "FR", "ES", "PT", "IT"), "11110000",
                                                       "10101010", strict=True)]  # fmt: skip
    path.write_text("\n".join(["case,A,B,Y", *rows]), encoding="utf-8")
    result = asked(path, outcome="Y", conditions="A,B")
    assert result.exit_code == 0, result.output
    assert "NA, BE" in result.stdout
    assert "M1: A → Y" in result.stdout


def test_the_truth_table_is_shown_before_a_refusal_to_minimise(lipset: Path, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    result = asked(lipset, "--inclusion", "0.99", "--json", target)
    assert result.exit_code == 2
    assert "Truth table for SURV" in result.stdout
    assert "the highest inclusion is 0.904" in result.stderr
    assert not target.exists()


def test_three_cases_are_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    path = tmp_path / "three.csv"
    path.write_text("case,A,B,Y\nLeeuwarden,1,0,1\nNijmegen,0,1,0\nTwente,1,1,1\n", encoding="utf-8")
    result = asked(path, outcome="Y", conditions="A,B")
    assert result.exit_code == 2
    assert "expected at least 8 cases, found 3" in result.stderr
    assert "Compare the cases one by one" in result.stderr


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        ("", [], "qca|table|empty|row"),
        ("case,A,B,Y\n", [], "case|row|empty"),
        ("case,A,B,Y\n" + "a,1,0,1\n" * 9, [], "more than once"),
        ("case,A,B,Y\n" + "".join(f"c{n},1,,1\n" for n in range(9)), [], "found none for c0, c1"),
        ("case,A,B,Y\n" + "".join(f"c{n},1,x,1\n" for n in range(9)), [], "something else in c0"),
        ("case,A,Y\n" + "".join(f"c{n},1,1\n" for n in range(9)), [], "expected a column B"),
        ("case,A,B,Y\n" + "".join(f"c{n},1.5,0,1\n" for n in range(9)), [], "between 0 and 1"),
        ("case,A,B,Y\n" + "".join(f"c{n},{n % 2},{n // 5},{n // 3 % 2}\n" for n in range(9)), ["--expect", "Q"], "found “Q”"),
        ("case,A,B,Y\n" + "".join(f"c{n},{n % 2},{n // 5},{n // 3 % 2}\n" for n in range(9)), ["--case-column", "Q"], "column Q"),
        ("case,A,B,Y\n" + "".join(f"c{n},{n % 2},{n // 5},{n // 3 % 2}\n" for n in range(9)), ["--calibrate", "A"], "its anchors"),
        ("case,A,B,Y\n" + "".join(f"c{n},{n % 2},{n // 5},{n // 3 % 2}\n" for n in range(9)), ["--exclude", "A+"], "too early"),
        ("case,A,B,Y\n" + "".join(f",{n % 2},{n // 5},{n // 3 % 2}\n" for n in range(9)), ["--case-column", "case"], "a name for every case"),
    ],
)  # fmt: skip
def test_bad_input_is_told(tmp_path: Path, content: str, more: list[str], told: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    result = asked(path, *more, outcome="Y", conditions="A,B")
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert any(part in result.stderr for part in told.split("|")), result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--outcome", "Q", "--conditions", "DEV"], "expected a column Q"),
        (["--outcome", "SURV[3]", "--conditions", "DEV"], "levels of SURV from 0 to 1"),
        (["--outcome", "SURV*DEV", "--conditions", "URB"], "expected"),
        (["--outcome", "SURV", "--conditions", "SURV,DEV"], "outcome and condition"),
        (["--outcome", "SURV", "--conditions", ""], "at least one condition"),
        (["--outcome", "", "--conditions", "DEV"], "expected"),
        (["--outcome", "SURV", "--conditions", "DEV,DEV"], "named twice"),
        (["--outcome", "SURV", "--conditions", "DEV", "--inclusion", "2"], "from 0 to 1"),
        (["--outcome", "SURV", "--conditions", "DEV", "--calibrate", "LIT: 0.1, 0.5, 0.9"], ""),
    ],
)
def test_wrong_options_are_told(lipset: Path, options: list[str], told: str) -> None:
    result = call(lipset, *options)
    assert (result.exit_code == 2 and told in result.stderr) or (not told and result.exit_code == 0), result.output
    assert "Traceback" not in result.output
