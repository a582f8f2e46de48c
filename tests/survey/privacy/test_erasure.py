"""After an erasure and a rebuild no file has a trace of the person, and everybody else's bytes are as they were."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from clustergov.survey.collection.raw_store import RawStore
from clustergov.survey.privacy import key_file
from clustergov.survey.privacy.tombstone import tombstones
from fielded_study import PASSPHRASE, PEOPLE, FieldedStudy, clustergov, field_in_service, run, traces, words_of

MARIE = "marie@food.example.org"
EVERYBODY = list(PEOPLE)
STEPS = range(26) if os.environ.get("CLUSTERGOV_REQUIRE") == "all" else (0, 3, 11, 12, 13, 16, 23)
"""Of the renamings and deletions of one erasure, at which it is interrupted."""


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERGOV_PASSPHRASE", PASSPHRASE)


@pytest.fixture(scope="module")
def fielded(tmp_path_factory: pytest.TempPathFactory) -> FieldedStudy:
    folder = tmp_path_factory.mktemp("fielded") / "study"
    (folder / "survey").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_file, "COST", 2**10)
        patch.setenv("CLUSTERGOV_PASSPHRASE", PASSPHRASE)
        return field_in_service(folder, f"sqlite:///{folder / 'survey' / 'answers.db'}")


@pytest.fixture
def study(fielded: FieldedStudy, tmp_path: Path) -> FieldedStudy:
    """One of one's own, in which the exports say that they came from there."""
    folder = tmp_path / "study"
    shutil.copytree(fielded.folder, folder)
    index = folder / "survey" / "raw" / "index.jsonl"
    index.write_text(index.read_text(encoding="utf-8").replace(str(fielded.folder), str(folder)), encoding="utf-8")
    return FieldedStudy(folder, fielded.url.replace(str(fielded.folder), str(folder)), fielded.pseudonyms)


def erase(study: FieldedStudy, who: str, *more: object) -> str:
    return run("survey", "erase", who, "--study", study.folder, "--address", study.url, "--yes", *more)


def all_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("named", [True, False])
def test_a_frozen_choice_that_names_them_goes_whole(study: FieldedStudy, named: bool) -> None:
    lock = study.folder / "survey" / "raw" / "case-selection.lock.json"
    somebody = study.pseudonyms[MARIE if named else next(who for who in EVERYBODY if who != MARIE)]
    lock.write_text(json.dumps({"chosen": [{"rule": "typical", "respondents": [somebody]}]}), encoding="utf-8")
    told = erase(study, study.pseudonyms[MARIE])
    assert lock.exists() is not named
    assert ("frozen choice of cases" in told) is named


def test_no_file_has_a_trace_after_a_rebuild(study: FieldedStudy) -> None:
    run("run", study.folder, "--out", study.folder / "out")
    case = study.folder / "casestudies" / "notes.txt"
    case.parent.mkdir()
    case.write_text(f"Said by {study.pseudonyms[MARIE]}.", encoding="utf-8")
    words = words_of(study, MARIE)
    before = traces(study.folder, words)
    for part in (
        "raw/",
        "responses.csv",
        "frame.csv",
        "dispositions.csv",
        "key.enc",
        "answers.db",
        "links.csv",
        ".eml",
    ):
        assert any(part in line for line in before), f"the test would find nothing in {part}"
    told = erase(study, study.pseudonyms[MARIE])
    assert f"has words of theirs: {case}" in told
    assert "out/ tells of who was erased: run clustergov run" in told
    case.unlink()
    run("run", study.folder, "--out", study.folder / "out")
    assert traces(study.folder, words) == []


def test_everybody_else_stays_byte_for_byte(study: FieldedStudy) -> None:
    others = {address: traces(study.folder, words_of(study, address)) for address in EVERYBODY if address != MARIE}
    raw = {path.name: path.read_bytes().splitlines(keepends=True) for path in (study.survey / "raw").glob("*.csv")}
    # Her remark has a line break, so that her row is two lines of the file.
    marie = [study.pseudonyms[MARIE].encode(), b"Subsidies", b"en de leden ook"]
    erase(study, study.pseudonyms[MARIE])
    for address, found in others.items():
        assert traces(study.folder, words_of(study, address)) == found
    for path in (study.survey / "raw").glob("*.csv"):
        left = path.read_bytes().splitlines(keepends=True)
        assert left == [line for line in raw[path.name] if not any(word in line for word in marie)]
    RawStore(study.survey / "raw").check()


def test_fetching_goes_on_and_brings_nobody_back(study: FieldedStudy) -> None:
    words = words_of(study, MARIE)
    erase(study, study.pseudonyms[MARIE])
    run("survey", "fetch", study.url, "--study", study.folder)
    assert traces(study.folder, words) == []


def test_the_tombstone_tells_files_and_nothing_of_whom(study: FieldedStudy) -> None:
    before = {name: hashlib.sha256(content).hexdigest() for name, content in all_files(study.folder).items()}
    erase(study, study.pseudonyms[MARIE], "--reason", "withdrawn")
    (line,) = tombstones(study.survey)
    assert line["reason"] == "withdrawn"
    assert line["collected"] == "service"
    files = json.loads(json.dumps(line["files"]))
    assert {each["role"] for each in files} == {
        "raw export", "index of raw exports", "responses", "dispositions", "frame", "personal links", "letter", "key file",
        "pseudonyms of responses",
    }  # fmt: skip
    for each in files:
        if each["name"]:
            assert each["before"] == before[each["name"]]
            assert each["after"] == hashlib.sha256((study.folder / each["name"]).read_bytes()).hexdigest()
        else:
            assert each["before"] in before.values()
            assert each["after"] == ""
    assert not any(word in json.dumps(line, ensure_ascii=False) for word in words_of(study, MARIE))


def test_somebody_who_is_not_there_and_twice(study: FieldedStudy) -> None:
    files = all_files(study.survey)
    done = clustergov("survey", "erase", "K0NNIE", "--study", study.folder, "--address", study.url, "--yes")
    assert (done.exit_code, "[nobody]" in done.output) == (2, True)
    assert {name: content for name, content in all_files(study.survey).items() if ".db" not in name} == {
        name: content for name, content in files.items() if ".db" not in name
    }
    erase(study, study.pseudonyms[MARIE])
    again = clustergov(
        "survey", "erase", study.pseudonyms[MARIE], "--study", study.folder, "--address", study.url, "--yes"
    )
    assert again.exit_code == 2
    assert "1 erased so far, the last on" in again.output
    assert len(tombstones(study.survey)) == 1


def test_who_was_invited_and_never_answered(study: FieldedStudy) -> None:
    zoë = "zoe@health.example.org"
    words = words_of(study, zoë)
    erase(study, study.pseudonyms[zoë])
    assert traces(study.folder, words) == []


def test_a_database_that_is_being_read(study: FieldedStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clustergov.survey.service.database.WAIT", 1)  # seconds until it gives up emptying the log
    words = words_of(study, MARIE)
    reader = sqlite3.connect(study.url.removeprefix("sqlite:///"), isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM response").fetchone() == (3,)
    told = erase(study, study.pseudonyms[MARIE])
    assert "stop the service once" in told
    reader.execute("COMMIT")
    reader.close()
    assert traces(study.folder, words) == []


def test_responses_that_lie_elsewhere_in_the_study(study: FieldedStudy) -> None:
    (study.folder / "data").mkdir()
    (study.survey / "responses.csv").rename(study.folder / "data" / "answers.csv")
    words = words_of(study, MARIE)
    erase(study, study.pseudonyms[MARIE])
    assert traces(study.folder, words) == []


def test_by_the_id_of_a_response(study: FieldedStudy) -> None:
    words = words_of(study, MARIE)
    store = RawStore(study.survey / "raw")
    content = b"".join(store.read(entry) for entry in store.entries())
    row = next(line for line in content.decode("utf-8-sig").split("\r\n") if "Subsidies" in line)
    erase(study, row.split(";")[0].strip('"'))
    assert traces(study.folder, words) == []


def test_a_name_or_an_address_is_no_id(study: FieldedStudy) -> None:
    for who in (MARIE, "Marie Dubois-Peeters", ""):
        done = clustergov("survey", "erase", who, "--study", study.folder, "--yes")
        assert (done.exit_code, "[not-an-id]" in done.output) == (2, True)
        assert "Marie" not in done.output
        assert "@" not in done.output


def test_what_is_missing_is_asked_for(study: FieldedStudy) -> None:
    marie, files = study.pseudonyms[MARIE], all_files(study.folder)
    for arguments, rule in (
        ((), "unnamed-database"),
        (("--address", "marie"), "survey-address"),
        (("--address", study.url, "--key", study.survey / "none.enc"), "key-file"),
    ):
        done = clustergov("survey", "erase", marie, "--study", study.folder, "--yes", *arguments)
        assert done.exit_code == 2
        assert f"[{rule}]" in done.output
    done = clustergov("survey", "erase", marie, "--study", study.folder, "--address", study.url)
    assert "[not-confirmed]" in done.output
    assert all_files(study.folder) == files


@pytest.mark.parametrize("step", STEPS)
def test_an_interruption_anywhere_is_mended_by_running_it_again(
    study: FieldedStudy, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, marie = words_of(study, MARIE), study.pseudonyms[MARIE]
    others = {address: traces(study.folder, words_of(study, address)) for address in EVERYBODY if address != MARIE}
    calls = iter(range(1000))
    replace, unlink = Path.replace, Path.unlink

    def interrupted(act: object) -> object:
        def once(*arguments: object, **options: object) -> object:
            if next(calls) == step:
                raise KeyboardInterrupt
            return act(*arguments, **options)  # type: ignore[operator]

        return once

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted(replace))
        patch.setattr(Path, "unlink", interrupted(unlink))
        clustergov("survey", "erase", marie, "--study", study.folder, "--address", study.url, "--yes")
    done = clustergov("survey", "erase", marie, "--study", study.folder, "--address", study.url, "--yes")
    assert done.exit_code == 0 or "[nobody]" in done.output, done.output
    assert traces(study.folder, words) == []
    assert len(tombstones(study.survey)) == 1
    for address, found in others.items():
        assert traces(study.folder, words_of(study, address)) == found
