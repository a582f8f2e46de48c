"""Reading a sampling frame: every mistake at once, and nothing personal taken in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from clustergov.problems import InputError
from clustergov.survey.frame.frame import UNKNOWN, read_frame
from clustergov.survey.frame.headings import known_column, personal_cell, personal_heading


def write(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = tmp_path / "frame.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_dutch_csv_with_byte_order_mark(frame_file: Path) -> None:
    found = read_frame(frame_file)
    assert list(found.members.index) == ["p1", "p2", "p3", "p4", "p5", "p6"]
    assert found.variables == ("country", "sector", "founded")
    assert found.weights is None
    assert list(found.categories("founded")) == [
        "1990–1999",
        "2000–2009",
        "1990–1999",
        "2000–2009",
        UNKNOWN,
        "1980–1989",
    ]


def test_dutch_headings_dispositions_and_weights(tmp_path: Path) -> None:
    text = "Pseudoniem;Land;Branche;Oprichtingsjaar;Taal;Uitkomst;Gewicht\na;NL;ict;1999;nl;opgeheven;1,5\nb;BE;;2001;nl;;2\n"
    found = read_frame(write(tmp_path, text))
    assert found.variables == ("country", "sector", "founded", "language")
    assert found.dispositions.to_dict() == {"a": "NE", "b": ""}
    assert list(found.eligible) == ["b"]
    assert found.weights is not None
    assert found.weights.to_dict() == {"a": 1.5, "b": 2.0}
    assert list(found.categories("sector")) == [UNKNOWN]


def test_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("id", "country", "founded"), ("a", "NL", 1998), ("b", "BE", 2004)):
        sheet.append(row)
    book.save(tmp_path / "frame.xlsx")
    found = read_frame(tmp_path / "frame.xlsx")
    assert list(found.categories("founded")) == ["1990–1999", "2000–2009"]


def test_every_mistake_is_told_with_row_and_column(tmp_path: Path) -> None:
    text = (
        "pseudonym;country;founded;language;disposition;weight\n"
        "a;NL;98;nl;I;1\n"
        "a;NL;1998;Dutch;refused;0\n"
        ";BE;1998;nl;went away;1\n"
        "c;mail me: jan@example.org;1998;nl;;1\n"
        "d;+31 20 123 45 67;1998;nl;;\n"
    )
    with pytest.raises(InputError) as error:
        read_frame(write(tmp_path, text))
    told = {(problem.rule, problem.place) for problem in error.value.problems}
    assert told == {
        ("founded", "row 2, founded"), ("duplicate-id", "row 2, pseudonym"), ("duplicate-id", "row 3, pseudonym"),
        ("language", "row 3, language"), ("weight", "row 3, weight"), ("missing-id", "row 4, pseudonym"),
        ("disposition", "row 4, disposition"), ("personal-cell", "row 5, country"), ("personal-cell", "row 6, country"),
        ("weight", "row 6, weight"),
    }  # fmt: skip
    assert "example.org" not in str(error.value)
    assert "123 45" not in str(error.value)


def test_personal_columns_are_refused_before_anything_of_them_is_read(tmp_path: Path) -> None:
    text = "pseudonym,E-mail,Naam contactpersoon,Telefoonnummer,land\na,jan@example.org,Jan Jansen,0612345678,NL\n"
    with pytest.raises(InputError) as error:
        read_frame(write(tmp_path, text))
    assert [problem.place for problem in error.value.problems] == [
        "column B (“E-mail”)", "column C (“Naam contactpersoon”)", "column D (“Telefoonnummer”)",
    ]  # fmt: skip
    assert all("clustergov survey seal" in problem.fix for problem in error.value.problems)
    assert "Jansen" not in str(error.value)


def test_a_frame_needs_pseudonyms_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_frame(write(tmp_path, "country,land\nNL,NL\n"))
    assert [problem.rule for problem in error.value.problems] == ["duplicate-heading", "missing-column"]


def test_unknown_variable_names_those_there_are(frame_file: Path) -> None:
    with pytest.raises(InputError, match="country, sector, founded"):
        read_frame(frame_file).categories("regio")


def test_bytes_of_windows_are_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Windows-1252"):
        read_frame(write(tmp_path, "id;land\na;België\n", encoding="cp1252"))


@pytest.mark.parametrize(
    "heading",
    ["email", "E-mail", "E-mailadres", "mail", "Naam", "name", "First Name", "lastname", "achternaam", "contactpersoon",
     "ContactName", "Telephone", "telefoonnummer", "Tel.", "phone_number", "mobiel", "postcode", "address", "organisation name"],
)  # fmt: skip
def test_personal_headings(heading: str) -> None:
    assert personal_heading(heading)


@pytest.mark.parametrize(
    "heading", ["country", "region", "sector", "founded", "size", "members", "language", "stratum", "id"]
)
def test_headings_that_are_not_personal(heading: str) -> None:
    assert not personal_heading(heading)


def test_known_columns_in_two_languages() -> None:
    assert [known_column(name) for name in ("Land", "REGIO", "year founded", "Opgericht", "whatever")] == [
        "country", "region", "founded", "founded", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "what"),
    [("jan@example.org", "an e-mail address"), ("+31 (0)20 123 4567", "a telephone number"), ("0612345678", "a telephone number"),
     ("2001", ""), ("Noord-Holland", ""), ("1995-2004", ""), ("123456", "")],
)  # fmt: skip
def test_personal_cells(cell: str, what: str) -> None:
    assert personal_cell(cell) == what
