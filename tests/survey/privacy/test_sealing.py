"""A list is parted so that nothing personal is left in the frame, and nobody's pseudonym ever changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.problems import InputError
from clustergov.survey.frame.frame import read_frame
from clustergov.survey.privacy.key_file import KeyFile
from clustergov.survey.privacy.personal import judge
from clustergov.survey.privacy.pseudonym import is_pseudonym
from clustergov.survey.privacy.sealing import People, Sealed, columns_of, read_people, seal

HEADINGS = ("Organisatienaam", "Voornaam", "Tussenvoegsel", "Achternaam", "E-mail", "Telefoon", "Land", "Sector",
            "Opgericht", "Taal", "Opmerkingen", "Leden")  # fmt: skip
ROWS = (
    ("Water Valley", "Jan", "de", "Vries", "jan@water.example.org", "+31 6 1234 5678", "NL", "water", "2009", "nl", "belt graag", "40"),
    ("Food Hub", "Marie", "", "Dubois", "Marie@food.example.org", "", "BE", "food", "2011", "nl", "", "12"),
    ("Photonics", "Ann", "", "Smith", "ann@photonics.example.org", "0044 20 7946 0958", "UK", "photonics", "", "en", "", ""),
)  # fmt: skip


def listed(rows: tuple[tuple[str, ...], ...] = ROWS, headings: tuple[str, ...] = HEADINGS) -> People:
    return People(
        "list.csv", headings, tuple((n, dict(zip(headings, row, strict=True))) for n, row in enumerate(rows, 2))
    )


def by_email(sealed: Sealed) -> dict[str, str]:
    return {entry.email.casefold(): entry.pseudonym for entry in sealed.key_file.entries}


def test_what_goes_where() -> None:
    sealed = seal(listed(), KeyFile())
    assert sealed.headings == ("pseudonym", "Land", "Sector", "Opgericht", "Taal")
    assert {column.heading for column in sealed.columns if column.place == "key"} == {
        "Organisatienaam", "Voornaam", "Tussenvoegsel", "Achternaam", "E-mail", "Telefoon", "Opmerkingen", "Leden",
    }  # fmt: skip
    assert [column.heading for column in sealed.columns if "doubtful" in column.reason] == ["Leden"]
    content = sealed.content().decode()
    assert not any(cell in content for row in ROWS for cell in (*row[:6], row[10]) if len(cell) > 2)
    assert (sealed.added, sealed.known) == (3, 0)
    assert all(is_pseudonym(row[0]) for row in sealed.rows)
    assert [row[0] for row in sealed.rows] == sorted(row[0] for row in sealed.rows)


def test_how_people_are_addressed() -> None:
    sealed = seal(listed(), KeyFile())
    assert sorted((entry.name, entry.email, entry.language) for entry in sealed.key_file.entries) == [
        ("Ann Smith", "ann@photonics.example.org", "en"),
        ("Jan de Vries", "jan@water.example.org", "nl"),
        ("Marie Dubois", "Marie@food.example.org", "nl"),
    ]


def test_the_frame_is_one_that_the_frame_reader_takes(tmp_path: Path) -> None:
    sealed = seal(listed(), KeyFile(), keep=["Leden"])
    (tmp_path / "frame.csv").write_bytes(sealed.content())
    frame = read_frame(tmp_path / "frame.csv")
    assert set(frame.members.index) == set(by_email(sealed).values())
    assert "Leden" in frame.variables


def test_adding_people_keeps_the_pseudonyms(tmp_path: Path) -> None:
    first = seal(listed(ROWS[:2]), KeyFile())
    (tmp_path / "frame.csv").write_bytes(
        first.content().replace(b"Taal", b"Taal,disposition").replace(b",nl", b",nl,NC")
    )
    changed = (*ROWS[1][:4], "marie@FOOD.example.org", *ROWS[1][5:7], "agrofood", *ROWS[1][8:])
    second = seal(listed((changed, ROWS[2])), first.key_file, frame=read_people(tmp_path / "frame.csv"))
    assert by_email(first).items() <= by_email(second).items()
    assert (second.added, second.known) == (1, 1)
    assert len(second.rows) == 3
    assert second.headings[-1] == "disposition"
    rows = {row[0]: row for row in second.rows}
    assert rows[by_email(first)["marie@food.example.org"]][2] == "agrofood"
    assert [rows[name][-1] for name in by_email(first).values()] == ["NC", "NC"]


def test_another_table_is_not_taken_for_the_frame() -> None:
    with pytest.raises(InputError, match="no-frame"):
        seal(listed(), KeyFile(), frame=listed((("NL",),), ("country",)))


def test_somebody_without_an_address_is_known_by_name() -> None:
    first = seal(listed(), KeyFile())
    bare = listed(
        (("Food Hub", "marie", "", "dubois", "BE"),),
        ("Organisatienaam", "Voornaam", "Tussenvoegsel", "Achternaam", "Land"),
    )
    second = seal(bare, first.key_file)
    assert (second.added, second.known) == (0, 1)
    assert by_email(second) == by_email(first)


def test_a_column_of_pseudonyms_says_who_is_who() -> None:
    first = seal(listed(), KeyFile())
    jan = by_email(first)["jan@water.example.org"]
    moved = listed(((jan.lower(), "jan@elsewhere.example.org"), ("", "new@example.org")), ("Pseudoniem", "E-mail"))
    second = seal(moved, first.key_file)
    assert (second.added, second.known) == (1, 1)
    assert by_email(second)["jan@elsewhere.example.org"] == jan
    with pytest.raises(InputError, match="unknown-pseudonym"):
        seal(moved, KeyFile())


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (((*ROWS[0][:4], ROWS[1][4].upper(), *ROWS[0][5:]), ROWS[1]), "person-twice"),
        (((*ROWS[0][:4], "jan at water", *ROWS[0][5:]), ROWS[1]), "email"),
        ((("",) * 6 + ("NL",) + ("",) * 5, ROWS[1]), "nobody"),
    ],
)
def test_mistakes_in_a_list_are_told_without_cells(rows: tuple[tuple[str, ...], ...], rule: str) -> None:
    with pytest.raises(InputError) as told:
        seal(listed(rows), KeyFile())
    assert {problem.rule for problem in told.value.problems} == {rule}
    assert not any(cell in str(told.value) for row in rows for cell in row if len(cell) > 4)


def test_options_are_held_against_the_list() -> None:
    with pytest.raises(InputError, match=r"personal-column[\s\S]*unknown-column|unknown-column[\s\S]*personal-column"):
        columns_of(listed(), keep=["E-mail", "Ledental"])
    with pytest.raises(InputError, match="column-twice"):
        columns_of(listed(), keep=["Leden"], leave_out=["Leden"])
    sealed = seal(listed(), KeyFile(), leave_out=["Opmerkingen", "Telefoon", "Land"])
    assert "Land" not in sealed.headings
    assert not any("Telefoon" in entry.cells or "Opmerkingen" in entry.cells for entry in sealed.key_file.entries)


def test_a_list_without_anything_personal_is_refused() -> None:
    with pytest.raises(InputError, match="no-personal-column"):
        seal(listed((("NL", "water"),), ("country", "sector")), KeyFile())


@pytest.mark.parametrize(
    ("heading", "cell", "place"),
    [
        ("country", "NL", "frame"), ("Région", "Noord", "frame"), ("sector", "ask jan@example.org", "key"),
        ("region", "+31 20 123 4567", "key"), ("region", "Dr. de Vries", "key"), ("region", "J.P. de Vries", "key"),
        ("region", "Dorpsstraat 12", "key"), ("region", "1234 AB Zwolle", "key"), ("sector", "see https://x.example", "key"),
        ("sector", "NL91 ABNA 0417 1643 00", "key"), ("sector", "this is what somebody wrote of somebody else, once upon a time", "key"),
        ("region", "St. Gallen", "frame"), ("region", "'s-Hertogenbosch", "frame"), ("region", "North-West 12", "frame"),
        ("ID", "12", "key"), ("remarks", "", "key"), ("Full name", "", "key"), ("Geboortedatum", "", "key"), ("size", "12", "key"),
    ],
)  # fmt: skip
def test_by_heading_and_by_content(heading: str, cell: str, place: str) -> None:
    assert judge(heading, ["", cell]).place == place


NAMES = st.lists(st.text("abcdefgh", min_size=3, max_size=8), min_size=1, max_size=12, unique=True)


@given(NAMES, NAMES)
def test_pseudonyms_never_change_and_are_never_shared(first: list[str], second: list[str]) -> None:
    def people(names: list[str]) -> People:
        return listed(tuple((f"{name}@example.org", "NL") for name in names), ("email", "country"))

    once = seal(people(first), KeyFile())
    twice = seal(people(second), once.key_file)
    assert by_email(once).items() <= by_email(twice).items()
    assert len(set(by_email(twice).values())) == len({*first, *second})
    assert {row[0] for row in twice.rows} == {by_email(twice)[f"{name}@example.org"] for name in second}


def test_a_list_that_is_not_there_is_called_a_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a list of people"):
        read_people(tmp_path / "people.csv")
