"""Tables of one's own in each form, transposed ones, and bad ones; and the command that reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.casestudies.agreement.measure import measure
from clustergov.casestudies.agreement.table_agreement import table_agreement
from clustergov.casestudies.agreement.tables import Columns, read_codings
from clustergov.cli import command
from clustergov.problems import InputError

REFERENCE = Path(__file__).parents[2] / "reference"
PRINTED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
"""Krippendorff (2011)."""

ROWS = "1,2,3,3,2,1,4,1,2,,,\n1,2,3,3,2,2,4,1,2,5,,\n,3,3,3,2,3,4,2,2,5,1,3\n1,2,3,3,2,4,4,1,2,5,1,\n"
UNITS = ",".join(f"u{i}" for i in range(1, 13))


def written(path: Path, text: str) -> Path:
    file = path / "codings.csv"
    file.write_text(text, encoding="utf-8")
    return file


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["casestudies", "agreement", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_transposed_table_gives_the_same(tmp_path: Path) -> None:
    """Coders in rows: by option, or by the heading of the first column; never by guessing."""
    upright = read_codings(REFERENCE / "agreement-krippendorff.csv")
    named = "coder," + UNITS + "\n" + "".join(f"c{i},{row}\n" for i, row in enumerate(ROWS.splitlines(), 1))
    by_heading = read_codings(written(tmp_path, named))
    by_option = read_codings(written(tmp_path, UNITS + "\n" + ROWS), Columns(coders="rows"))
    for found in (upright, by_heading, by_option):
        assert found.ratings is not None
        assert (len(found.coders), found.units) == (4, 12)
        for scale, printed in PRINTED.items():
            assert measure(found.ratings, "alpha", weights=scale).value == pytest.approx(printed, abs=5.1e-4)
    assert (upright.transposed, by_heading.transposed, by_option.transposed) == (False, True, True)
    with pytest.raises(InputError, match="--coders rows"):
        read_codings(written(tmp_path, UNITS + "\n" + ROWS))


def test_long_and_wide_are_one(tmp_path: Path) -> None:
    wide = read_codings(REFERENCE / "agreement-own.csv").ratings
    assert wide is not None
    rows = [
        f"{unit};{coder};{int(wide.scores[code])}"
        for unit, codes in zip(wide.units, wide.codes, strict=True)
        for coder, code in zip(wide.coders, codes, strict=True)
        if code >= 0
    ]
    long = read_codings(written(tmp_path, "Eenheid;Codeur;Waarde\n" + "\n".join(rows))).ratings
    assert long is not None
    assert measure(long, "alpha").value == pytest.approx(measure(wide, "alpha").value or 0)


def test_units_with_several_codes(tmp_path: Path) -> None:
    text = "unit,coder,code\n1,a,x\n1,a,y\n1,b,x\n2,a,y\n2,b,y\n3,a,\n3,b,\n4,b,x\n"
    seen = read_codings(written(tmp_path, text))
    assert seen.ratings is None
    assert seen.by_code["x"].codes.tolist() == [[1, 1], [0, 0], [0, 0], [0, 1]]
    assert seen.by_code["y"].codes.tolist() == [[1, 0], [1, 1], [0, 0], [0, 0]]
    unread = read_codings(written(tmp_path, text), Columns(unread=True))
    assert unread.by_code["x"].codes.tolist()[3] == [-1, 1]
    found = table_agreement(seen)
    assert found.overall[0].weights == "masi"
    assert [code.coefficients[0].reason for code in found.codes] == ["rare", "rare"]


def test_stretches(tmp_path: Path) -> None:
    text = "document,coder,start,end,code\nd,a,0,50,x\nd,b,25,75,x\n"
    found = table_agreement(read_codings(written(tmp_path, text), Columns(length=1000)))
    assert found.where[0].overlap.kappa == pytest.approx(0.47, abs=0.005)
    assert not read_codings(written(tmp_path, text)).texts[0].length_known
    with_length = text.replace("code\n", "code,length\n").replace("x\n", "x,1000\n")
    assert read_codings(written(tmp_path, with_length)).texts[0].length == 1000


def test_marks_of_other_software_are_missing_and_counted(tmp_path: Path) -> None:
    table = read_codings(written(tmp_path, "unit,a,b\n1,1,NA\n2,2,2\n3,*,1\n4,1,1\n"))
    assert table.nothing == 2
    assert table.ratings is not None
    assert table.ratings.categories == (1.0, 2.0)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("unit,a,b\n", "headings only"), ("unit\n1\n", "column per coder"), ("a,a\n1,2\n", "a"),
        ("unit,coder,code\n,a,x\n1,b,x\n", "expected a unit"), ("document,coder,start,end,code\nd,a,1.5,3,x\n", "whole"),
        ("document,coder,start,end,code\nd,a,x,3,x\n", "whole"), ("document,coder,start,end,code\nd,a,5,3,x\n", "start <"),
        ("unit,a,b\n" + "".join(f"{i},{i},{i}\n" for i in range(2100)), "different values"),
    ],
)  # fmt: skip
def test_bad_tables_are_refused_without_a_traceback(tmp_path: Path, text: str, part: str) -> None:
    code, output = run(written(tmp_path, text))
    assert code == 2
    assert part in output


def test_the_command_tells_a_table_and_writes_it(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code, output = run(REFERENCE / "agreement-krippendorff.csv", "--scale", "ordinal", "--json", out)
    assert code == 0
    assert "12 units, 4 coders" in output
    found = json.loads(out.read_text())
    alpha = next(row for row in found["coefficients"] if row["name"] == "alpha" and not row["code"])
    assert alpha["value"] == pytest.approx(0.815, abs=5e-4)
    assert (found["units"], found["coders"]) == (12, ["c1", "c2", "c3", "c4"])


def test_one_category_one_coder_and_nothing_in_common_are_told(tmp_path: Path) -> None:
    for text, words in (
        ("unit,a,b\n1,x,x\n2,x,x\n", "same value everywhere"), ("unit,a\n1,x\n2,y\n", "one coder"),
        ("unit,a,b\n1,x,\n2,,y\n", "no unit was read by two"),
    ):  # fmt: skip
        code, output = run(written(tmp_path, text))
        assert code == 0
        assert words in " ".join(output.split())


def test_the_command_plans(tmp_path: Path) -> None:
    code, output = run("--plan", "--width", "0.2", "--prevalence", "0.1", "--language", "nl", "--draws", "100",
                       "--json", tmp_path / "plan.json")  # fmt: skip
    assert code == 0
    assert "526 passages" in output
    assert json.loads((tmp_path / "plan.json").read_text())["plans"][0]["passages"] == 526
    assert run("--plan", "--prevalence", "2")[0] == 2
    assert run("--plan", "--level", "1")[0] == 2


def test_the_command_tells_a_study(small_study: Path, tmp_path: Path) -> None:
    code, output = run(small_study, "--json", tmp_path / "out.json")
    assert code == 0
    assert "sentences of documents" in output
    assert json.loads((tmp_path / "out.json").read_text())["round"] == 1
    (small_study / "agreement.yml").write_text("rare: none\n")
    assert run(small_study)[0] == 2
    assert run(tmp_path / "nothing")[0] == 2
    assert "a table of codings" in run(tmp_path / "nothing.csv")[1]


@pytest.mark.parametrize("text", ["", "unit,a,b\n", "\n\n"])
def test_a_table_without_rows_is_told_in_the_words_of_coding(tmp_path: Path, text: str) -> None:
    path = tmp_path / "codings.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_codings(path)
    (problem,) = caught.value.problems
    assert "codings" in problem.message
    assert not {"respondent", "responses", "LimeSurvey"} & set(
        (problem.message + " " + problem.fix).replace(".", " ").split()
    )
