"""Who is meant by an id, when pseudonyms look like the numbers of responses; and nothing is erased by halves."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.collecting import RawExport
from clustergov.survey.collection.raw_store import RawStore
from clustergov.survey.privacy.erasure_plan import plan_erasure
from clustergov.survey.privacy.identification import identify, known_to_others
from clustergov.survey.privacy.study_files import SurveyFiles

A, B = "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba"
COLLECTED = {A: "17", B: "5"}
"""Token → pseudonym: who bears 17 gave response 5, and who bears 5 gave response 17."""
RAW = f'\ufeff"id";"token";"x"\r\n"5";"{A}";"1"\r\n"17";"{B}";"2"\r\n"18";;"3"\r\n\r\n'


@pytest.fixture
def files(tmp_path: Path) -> SurveyFiles:
    survey = tmp_path / "survey"
    survey.mkdir()
    moment = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    RawStore(survey / "raw").add(RawExport(RAW.encode(), "complete", moment, 3), address="123456")
    (survey / "frame.csv").write_text("pseudonym,country\n17,NL\n5,BE\n", encoding="utf-8")
    (survey / "responses.csv").write_text("id,x\n17,1\n5,2\n18,3\n", encoding="utf-8")
    (survey / "dispositions.csv").write_text("id,disposition\n17,complete\n5,complete\n18,complete\n", encoding="utf-8")
    return SurveyFiles(tmp_path)


def after(files: SurveyFiles, who: str, collected: dict[str, str] | None = None) -> dict[str, str]:
    """What the files would become; raw exports by their rows alone."""
    traces = identify(files, who, collected=collected or {}, by_token=True)
    others = known_to_others(files, None, collected or {})
    plan = plan_erasure(files, traces, key=None, others=others, named=collected is not None)
    told = {each.role: (each.content or b"").decode("utf-8-sig") for each in plan.changes}
    told.pop("index of raw exports", None)
    return told


def test_a_pseudonym_is_no_number_of_a_response(files: SurveyFiles) -> None:
    assert after(files, "17", COLLECTED) == {
        "raw export": f'"id";"token";"x"\r\n"17";"{B}";"2"\r\n"18";;"3"\r\n\r\n',
        "frame": "pseudonym,country\n5,BE\n",
        "responses": "id,x\n5,2\n18,3\n",
        "dispositions": "id,disposition\n5,complete\n18,complete\n",
    }


def test_a_response_leads_to_its_pseudonym(files: SurveyFiles) -> None:
    (files.folder / "frame.csv").write_text("pseudonym,country\nP17,NL\nP5,BE\n", encoding="utf-8")
    (files.folder / "responses.csv").write_text("id,x\nP17,1\nP5,2\n18,3\n", encoding="utf-8")
    (files.folder / "dispositions.csv").unlink()
    assert after(files, "17", {A: "P17", B: "P5"}) == {
        "raw export": f'"id";"token";"x"\r\n"5";"{A}";"1"\r\n"18";;"3"\r\n\r\n',
        "frame": "pseudonym,country\nP17,NL\n",
        "responses": "id,x\nP17,1\n18,3\n",
    }
    with pytest.raises(InputError, match="which-pseudonym"):
        after(files, "17")


def test_nothing_by_halves(files: SurveyFiles) -> None:
    with pytest.raises(InputError, match="which-response"):
        after(files, "17")


def test_a_response_of_nobody_known(files: SurveyFiles) -> None:
    assert set(after(files, "18")) == {"raw export", "responses", "dispositions"}
    assert "18" not in after(files, "18")["responses"]


def test_an_edited_raw_export_stops_it(files: SurveyFiles) -> None:
    export = next((files.folder / "raw").glob("*.csv"))
    export.write_bytes(export.read_bytes() + b"x")
    with pytest.raises(InputError, match="raw-altered"):
        after(files, "17", COLLECTED)


def test_a_table_that_is_none_stops_it_in_survey_and_only_there(files: SurveyFiles) -> None:
    (files.study / "data").mkdir()
    (files.study / "data" / "other.csv").write_bytes(b'a;"b\n\xff')
    assert after(files, "18")
    (files.folder / "other.csv").write_bytes(b'a;"b\n\xff')
    with pytest.raises(InputError, match="encoding"):
        after(files, "18")
