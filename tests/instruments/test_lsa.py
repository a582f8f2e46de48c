"""LimeSurvey archives: the structure is read, the responses are not, and no archive can do harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from clustergov.instruments import archive
from clustergov.instruments.exchange import Imported
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.problems import InputError
from limesurvey_files import all_types, lsa


def imported(folder: Path, content: bytes, name: str = "survey.lsa") -> Imported:
    path = folder / name
    path.write_bytes(content)
    return read_limesurvey(path)


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["survey.lsa", "survey.lss", "survey.bin"])
def test_the_structure_of_an_archive_is_that_of_the_file_inside(tmp_path: Path, name: str) -> None:
    structure = all_types("new")
    (tmp_path / "plain").mkdir()
    own = imported(tmp_path / "plain", structure.encode(), "survey.lss").questionnaire
    assert imported(tmp_path, lsa(structure), name).questionnaire == own


def test_what_else_is_in_it_is_told_and_not_looked_at(tmp_path: Path) -> None:
    result = imported(
        tmp_path, lsa(all_types("new"), others=("a.lsr", "b.lsr", "t.lst", "t.lsi", "jane@university.example.txt"))
    )
    (note,) = (note for note in result.notes if note.rule == "limesurvey-archive")
    assert note.place == "archive"
    assert note.message == (
        "besides the structure the archive holds other files (1 file), participants (names and addresses) (1 file), "
        "responses (2 files), timings (1 file); they may tell of persons and were not looked at."
    )
    said = result.questionnaire.model_dump_json() + "".join(map(str, result.notes))
    assert "Jane" not in said
    assert "@" not in said


def test_an_archive_of_the_structure_alone_needs_no_note(tmp_path: Path) -> None:
    result = imported(tmp_path, lsa(all_types("new"), others=()))
    assert "limesurvey-archive" not in {note.rule for note in result.notes}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"PK\x03\x04 and no more", "archive"),
        (b"hello", "archive"),
        (zipped({"responses.lsr": "<document/>"}), "limesurvey-archive"),
        (zipped({"a.lss": all_types("new"), "b.lss": all_types("old")}), "limesurvey-archive"),
        (zipped({"a.lss": " \n"}), "empty-file"),
        (zipped({"a.lss": "no XML"}), "limesurvey-xml"),
        (zipped({"a.lss": zipped({"a.lss": all_types("new")})}), "limesurvey-xml"),
        (zipped({"a.lss": all_types("new")})[:-30], "archive"),
        (zipped({"a.lss": b"\xe9" * 50}), "limesurvey-xml"),
    ],
)
def test_what_is_no_archive_of_a_survey_is_told(tmp_path: Path, content: bytes, rule: str) -> None:
    with pytest.raises(InputError) as told:
        imported(tmp_path, content)
    assert [problem.rule for problem in told.value.problems] == [rule]
    assert "survey.lsa" in str(told.value)


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    content = bytearray(lsa(all_types("new")))
    content[200:220] = b"\xff" * 20
    with pytest.raises(InputError, match="damaged"):
        imported(tmp_path, bytes(content))


def test_an_encrypted_archive_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.lss": all_types("new")}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    with pytest.raises(InputError, match="encrypted"):
        imported(tmp_path, bytes(content))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1_000_000)
    with pytest.raises(InputError) as told:
        imported(tmp_path, zipped({"a.lss": b"<" * 2_000_000}))
    assert told.value.problems[0].rule == "archive-too-large"


def test_a_large_structure_in_a_small_archive_is_told(tmp_path: Path) -> None:
    content = zipped({"a.lss": b" " * (64 * 1024 * 1024 + 1)})
    assert len(content) < 100_000
    with pytest.raises(InputError) as told:
        imported(tmp_path, content)
    assert told.value.problems[0].rule == "too-large"
