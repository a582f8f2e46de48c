"""Files for SPSS and Stata, read back by other programs: names, labels, codes, reasons and dates are what they were."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.exchange import Exported
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Option, Question, Questionnaire, Scale, Section, Variable
from clustergov.instruments.statistical.blank_codes import BLANK_CODES, REASONS
from clustergov.instruments.statistical.columns import option_numbers
from clustergov.instruments.statistical.names import SPSS, STATA
from clustergov.instruments.statistical.package import LETTERS, to_dta, to_sav
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.survey.missing_codes import with_missing_codes
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.simulation import read_simulation, simulate
from coded_answers import coded_answers
from conftest import unavailable
from questionnaire_strategy import EXAMPLES, questionnaires, tries

SPSS_DAY, STATA_DAY = datetime(1582, 10, 14), datetime(1960, 1, 1)


def english(text: str) -> Text:
    return Text({"en": text})


def scale(*codes: str, blank: tuple[str, ...] = (), direction: str = "none") -> Scale:
    options = [Option(code=code, text=english(f"answer {code}")) for code in codes]
    options += [Option(code=code, text=english(f"no answer {code}"), blank="refused or don't know") for code in blank]
    return Scale(direction=direction, options=tuple(options))


def asking(*questions: Question, scales: dict[str, Scale] | None = None) -> Questionnaire:
    section = Section(code="one", title=english("One"), questions=questions)
    return Questionnaire(
        questionnaire="q",
        version="1",
        title=english("Title"),
        languages=("en",),
        scales=scales or {},
        sections=(section,),
    )


def question(code: str, kind: str, **more: Any) -> Question:
    return Question(code=code, kind=kind, text=english(f"What about {code}?"), **more)


def read(exported: Exported, folder: Path) -> tuple[pd.DataFrame, Any]:
    """What pyreadstat finds in a file, blank cells with their codes and dates as numbers."""
    path = folder / "file"
    path.write_bytes(exported.content)
    reader = pyreadstat.read_sav if exported.content[:4] == b"$FL2" else pyreadstat.read_dta
    return reader(path, user_missing=True, disable_datetime_conversion=True)


def codes_of(variable: Variable, cells: pd.Series, missing: dict[Any, str], day: datetime, unit: float) -> list[Any]:
    """Cells of a file as the codes they were written from; `missing` turns what stands for a blank into a code."""
    if variable.kind in ("text", "file"):
        return list(cells)
    found: list[Any] = [missing.get(cell, cell) for cell in cells]
    if variable.kind == "number":
        return [float(cell) for cell in found]
    if variable.kind == "date":
        return [cell if isinstance(cell, str) else (day + timedelta(seconds=cell * unit)).isoformat() for cell in found]
    codes = {number: code for code, number in option_numbers(variable.scale).items()} if variable.scale else {}
    return [cell if isinstance(cell, str) else codes[int(cell)] for cell in found]


def expected(variable: Variable, cells: pd.Series) -> list[Any]:
    reasons = {str(code) for code in REASONS}
    if variable.kind in ("text", "file"):
        return ["" if cell in reasons else cell for cell in cells]
    if variable.kind == "date":
        return [cell if cell in reasons else datetime.fromisoformat(cell).isoformat() for cell in cells]
    return list(cells)


def assert_sav_holds(questionnaire: Questionnaire, frame: pd.DataFrame, found: pd.DataFrame) -> None:
    names = SPSS.names([variable.name for variable in questionnaire.variables])
    for variable, name in zip(questionnaire.variables, names, strict=True):
        options = option_numbers(variable.scale) if variable.scale is not None else {}
        blank = [option for option in variable.scale.options if option.blank] if variable.scale is not None else []
        beside = sorted((options[option.code], option.code) for option in blank if options[option.code] > 0)
        moved = {-997.0 - place: code for place, (_, code) in enumerate(beside[:-1])}
        missing = {float(code): str(code) for code in REASONS} | moved
        back = codes_of(variable, found[name], missing, SPSS_DAY, 1)
        assert back == expected(variable, frame[variable.name]), variable.name


def assert_dta_holds(questionnaire: Questionnaire, frame: pd.DataFrame, found: pd.DataFrame) -> None:
    blank = dict.fromkeys(o.code for s in questionnaire.scales.values() for o in s.options if o.blank)
    missing = {letter: str(code) for code, letter in LETTERS.items()} | dict(zip("ghijklmnop", blank, strict=False))
    names = STATA.names([variable.name for variable in questionnaire.variables])
    for variable, name in zip(questionnaire.variables, names, strict=True):
        back = codes_of(variable, found[name], missing, STATA_DAY, 86400)
        assert back == expected(variable, frame[variable.name]), variable.name


@pytest.fixture(scope="module")
def own(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


@pytest.fixture(scope="module")
def simulated(root: Path, own: Questionnaire) -> Responses:
    model = read_simulation(root / "survey" / "simulation.yml", own)
    return simulate(model, own, n=300, rng=np.random.default_rng(20261122)).responses


@pytest.fixture(scope="module")
def coded(simulated: Responses) -> pd.DataFrame:
    return with_missing_codes(simulated)


def test_an_spss_file_gives_codes_and_reasons_back(own, coded, tmp_path):
    found, _ = read(to_sav(own, coded), tmp_path)
    assert_sav_holds(own, coded, found)
    assert list(found["respondent"]) == list(coded.index)


def test_a_stata_file_gives_codes_and_reasons_back(own, coded, tmp_path):
    found, _ = read(to_dta(own, coded), tmp_path)
    assert_dta_holds(own, coded, found)
    assert list(found["respondent"]) == list(coded.index)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_variables_and_values_are_labelled(own, coded, tmp_path, language):
    _, sav = read(to_sav(own, coded, language=language), tmp_path)
    assert sav.file_label == own.title.to(language)
    for variable in own.variables:
        label = sav.column_names_to_labels[variable.name]
        assert label.startswith(" ".join(variable.label.to(language).split())[:60]) or variable.name == "field_other"
        values = sav.variable_value_labels.get(variable.name, {})
        options = variable.scale.options if variable.scale is not None else ()
        assert {option.text.to(language) for option in options} <= set(values.values())
        assert (len(values) == len(options) + len(REASONS)) == (variable.kind != "text")
    assert sav.variable_measure["contact_firms"] == "ordinal"
    assert sav.variable_measure["country"] == "nominal"
    assert sav.variable_measure["firms"] == "scale"


def test_what_is_missing_is_declared(own, coded, tmp_path):
    _, sav = read(to_sav(own, coded), tmp_path)
    reasons = {"lo": -996.0, "hi": -991.0}
    assert sav.missing_ranges["firms"] == [reasons]
    assert sav.missing_ranges["legal"] == [reasons, {"lo": 98.0, "hi": 98.0}]
    assert sav.missing_ranges["change_firms"] == [{"lo": -997.0, "hi": -991.0}, {"lo": 98.0, "hi": 98.0}]
    assert sav.variable_value_labels["change_firms"][-997.0] == "not applicable"
    _, dta = read(to_dta(own, coded), tmp_path)
    assert dta.variable_value_labels["change_firms"]["a"] == "skipped"
    assert (
        dta.variable_value_labels["change_firms"]["g"] == "not applicable"
        or "h" in dta.missing_user_values["change_firms"]
    )


def test_pandas_reads_a_stata_file(own, coded, tmp_path):
    path = tmp_path / "answers.dta"
    path.write_bytes(to_dta(own, coded).content)
    found = pd.read_stata(path)
    assert list(found.columns) == [*(variable.name for variable in own.variables), "respondent"]
    firms = coded["firms"].mask(coded["firms"] < 0).reset_index(drop=True)
    pd.testing.assert_series_equal(found["firms"].astype("float64"), firms, check_names=False)
    country = {option.code: option.text.to("en") for option in own.scales["countries"].options}
    assert found["country"].astype("str").fillna("").tolist() == [country.get(code, "") for code in coded["country"]]


@tries()
@given(questionnaire=questionnaires(), seed=st.integers(0, 2**32 - 1))
def test_any_answers_come_back(tmp_path_factory, questionnaire, seed):
    folder = tmp_path_factory.mktemp("files")
    frame = coded_answers(questionnaire, seed=seed, n=12)
    language = questionnaire.languages[-1]
    found, sav = read(to_sav(questionnaire, frame, language=language), folder)
    assert_sav_holds(questionnaire, frame, found)
    found, dta = read(to_dta(questionnaire, frame, language=language), folder)
    assert_dta_holds(questionnaire, frame, found)
    for name, variable in questionnaire.by_name.items():
        for option in variable.scale.options if variable.scale is not None else ():
            assert option.text.to(language)[:30] in {text[:30] for text in sav.variable_value_labels[name].values()}
            assert option.text.to(language) in dta.variable_value_labels[name].values()


@pytest.mark.parametrize("write", [to_sav, to_dta])
def test_a_file_without_cases_has_every_variable(own, tmp_path, write):
    found, meta = read(write(own), tmp_path)
    assert len(found) == 0
    assert meta.column_names == [*(variable.name for variable in own.variables), "respondent"]
    _, with_cases = read(write(own, pd.DataFrame({"legal": ["Y"]})), tmp_path)
    assert meta.variable_value_labels == with_cases.variable_value_labels


@pytest.mark.parametrize("write", [to_sav, to_dta])
def test_equal_answers_make_equal_files(own, coded, write, monkeypatch):
    first = write(own, coded).content
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert write(own, coded.copy()).content == first
    assert b"Nov 26" not in first[:300]
    assert b"Nov 2026" not in first[:300]


def test_simulated_answers_are_marked(own, coded, tmp_path):
    for write in (to_sav, to_dta):
        found, _ = read(write(own, coded, synthetic=True), tmp_path)
        assert set(found["synthetic"]) == {1.0}


def test_a_blank_cell_without_a_reason_is_missing_too(own, simulated, tmp_path):
    for write in (to_sav, to_dta):
        found, _ = read(write(own, simulated.frame), tmp_path)
        assert found["firms"].isna().tolist() == simulated.frame["firms"].isna().tolist()
        assert found["legal"].isna().tolist() == simulated.frame["legal"].isna().tolist()


def test_dates_are_dates(tmp_path):
    questionnaire = asking(question("day", "date"))
    frame = pd.DataFrame({"day": ["2026-03-01", "1899-12-31", None]})
    for write, reader in ((to_sav, pyreadstat.read_sav), (to_dta, pyreadstat.read_dta)):
        path = tmp_path / "dates"
        path.write_bytes(write(questionnaire, frame).content)
        assert list(reader(path)[0]["day"])[:2] == [date(2026, 3, 1), date(1899, 12, 31)]
    assert list(pd.read_stata(path)["day"])[:2] == [pd.Timestamp(2026, 3, 1), pd.Timestamp(1899, 12, 31)]


def test_what_neither_format_holds_is_left_out_or_refused(tmp_path):
    said = Text({"en": "a\0b\nc"})
    one = Section(code="s", title=said, questions=(Question(code="t", kind="text", text=said),))
    questionnaire = Questionnaire(questionnaire="q", version="1", title=said, languages=("en",), sections=(one,))
    for write in (to_sav, to_dta):
        found, meta = read(write(questionnaire, pd.DataFrame({"t": ["a\0b", None, "-991", "x\ny"]})), tmp_path)
        assert list(found["t"]) == ["ab", "", "", "x\ny"]
        assert (meta.file_label, meta.column_names_to_labels["t"]) == ("a b c", "a b c")
        with pytest.raises(InputError, match="expected numbers, found inf"):
            write(asking(question("n", "number")), pd.DataFrame({"n": [np.inf, 1.0]}))
        nothing, _ = read(write(asking(question("n", "note"))), tmp_path)
        assert list(nothing.columns) == ["respondent"]


def test_long_texts_are_whole_as_far_as_the_format_goes(tmp_path):
    questionnaire = asking(question("words", "text"))
    frame = pd.DataFrame({"words": ["é" * 1000, "€" * 20000]})
    sav, dta = to_sav(questionnaire, frame), to_dta(questionnaire, frame)
    assert list(read(sav, tmp_path)[0]["words"]) == ["é" * 1000, "€" * 10921 + "…"]
    assert list(read(dta, tmp_path)[0]["words"]) == ["é" * 1000, "€" * 680 + "…"]
    assert [note.rule for note in sav.notes] == [note.rule for note in dta.notes] == ["cut-text"]


def test_long_labels_are_cut_on_purpose(tmp_path):
    long = "ë" * 300
    questionnaire = asking(
        Question(code="q", kind="single", text=english(long), scale="s"),
        scales={
            "s": Scale(
                direction="none", options=(Option(code="1", text=english(long)), Option(code="2", text=english("b")))
            )
        },
    )
    exported = to_sav(questionnaire)
    _, meta = read(exported, tmp_path)
    assert meta.column_names_to_labels["q"] == "ë" * 126 + "…"
    assert meta.variable_value_labels["q"][1.0] == "ë" * 58 + "…"
    assert [note.rule for note in exported.notes] == ["cut-label", "cut-value-label"]
    exported = to_dta(questionnaire)
    _, meta = read(exported, tmp_path)
    assert meta.column_names_to_labels["q"] == "ë" * 79 + "…"
    assert meta.variable_value_labels["q"][1] == long
    assert [note.rule for note in exported.notes] == ["cut-label"]


def test_names_are_told_apart_and_allowed(tmp_path):
    codes = ["Firms", "firms", "with", "float", "str5", "q" * 40, "q" * 39 + "r", "1st", "a-b", "a b", "respondent"]
    questionnaire = asking(*(question(code, "number") for code in codes))
    for write, longest in ((to_sav, 64), (to_dta, 31)):
        exported = write(questionnaire)
        _, meta = read(exported, tmp_path)
        names = meta.column_names
        assert len({name.casefold() for name in names}) == len(codes) + 1
        assert max(len(name) for name in names) <= longest
        assert names[:3] == ["Firms", "firms_2", "with_"]
        assert "renamed-variable" in {note.rule for note in exported.notes}
        assert "firms as firms_2" in str(exported.notes[0])


def test_codes_that_are_numbers_stay_and_others_are_counted():
    assert option_numbers(scale("0", "5", "-3", blank=("98",))) == {"0": 0, "5": 5, "-3": -3, "98": 98}
    assert option_numbers(scale("N", "Y", blank=("98",))) == {"N": 0, "Y": 1, "98": 98}
    assert option_numbers(scale("NL", "BE", blank=("dk", "98"))) == {"NL": 1, "BE": 2, "dk": -997, "98": 98}
    assert option_numbers(scale("1", "7", "-oth-", blank=("8",))) == {"1": 1, "7": 7, "-oth-": 9, "8": 8}
    assert option_numbers(scale("01", "1", "-995")) == {"01": 2, "1": 1, "-995": 3}


def test_several_options_marked_blank_are_all_missing(tmp_path):
    questionnaire = asking(
        question("q", "single", scale="s"), scales={"s": scale("1", "2", blank=("7", "8", "9"), direction="ascending")}
    )
    frame = pd.DataFrame({"q": ["1", "7", "8", "9", "-991"]})
    exported = to_sav(questionnaire, frame)
    found, meta = read(exported, tmp_path)
    assert list(found["q"]) == [1, -997, -998, 9, -991]
    assert meta.missing_ranges["q"] == [{"lo": -998.0, "hi": -991.0}, {"lo": 9.0, "hi": 9.0}]
    assert "7 as -997: q" in str(exported.notes[0])
    found, meta = read(to_dta(questionnaire, frame), tmp_path)
    assert list(found["q"]) == [1, "g", "h", "i", "a"]


def test_where_letters_run_out_options_share_that_of_their_reason(tmp_path):
    codes = tuple(str(code) for code in range(100, 125))
    questionnaire = asking(question("q", "single", scale="s"), scales={"s": scale("1", "2", blank=codes)})
    exported = to_dta(questionnaire, pd.DataFrame({"q": ["100", "119", "120", "-993"]}))
    found, _ = read(exported, tmp_path)
    assert list(found["q"]) == ["g", "z", "c", "c"]
    assert [note.rule for note in exported.notes] == ["missing-code"]


@pytest.mark.parametrize("write", [to_sav, to_dta])
def test_answers_that_do_not_fit_are_refused_all_at_once(own, write):
    frame = pd.DataFrame({"legal": ["J", "Y"], "country": ["XX", None], "contact_firms": ["7", "98"]})
    with pytest.raises(InputError) as refused:
        write(own, frame)
    assert [each.place for each in refused.value.problems] == ["country", "legal", "contact_firms"]
    with pytest.raises(InputError, match="not-a-date"):
        write(asking(question("day", "date")), pd.DataFrame({"day": ["1 March"]}))


@pytest.mark.parametrize("name", ["rse-2017-uk-core.lss", "rse-2017-za.structure.txt"])
def test_imported_questionnaires_can_be_written(shared, tmp_path, name):
    questionnaire = read_limesurvey(shared / "data" / "limesurvey" / name).questionnaire
    for write in (to_sav, to_dta):
        _, meta = read(write(questionnaire), tmp_path)
        assert len(meta.column_names) == len(questionnaire.variables) + 1
        assert len({name.casefold() for name in meta.column_names}) == len(meta.column_names)


def pspp(folder: Path, *commands: str) -> str:
    """What PSPP prints for one .sav file, `file.sav` in the folder."""
    program = shutil.which("pspp")
    if program is None:
        unavailable("PSPP", "Install it: apt-get install pspp (Debian).")
    syntax = folder / "commands.sps"
    syntax.write_text("\n".join(["GET FILE='file.sav'.", *commands]) + "\n", encoding="utf-8")
    run = subprocess.run(
        [str(program), "-O", "format=csv", syntax.name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "warning" not in (run.stdout + run.stderr).casefold()
    return run.stdout


def test_pspp_counts_what_is_valid_and_what_is_missing(own, simulated, coded, tmp_path):
    (tmp_path / "file.sav").write_bytes(to_sav(own, coded).content)
    names = ["country", "legal", "firms", "change_research", "contact_firms", "board_priv"]
    printed = pspp(tmp_path, "DISPLAY DICTIONARY.", *(f"FREQUENCIES {name} /FORMAT=NOTABLE." for name in names))
    tables = printed.split("Table: Statistics")[1:]
    for name, table in zip(names, tables, strict=True):
        valid, missing = (
            int(line.split(",")[-1]) for line in table.splitlines() if line.startswith(("N,Valid", ",Missing"))
        )
        assert valid == int((simulated.blanks[name] == "").sum()), name
        assert missing == len(coded) - valid, name
    answered = simulated.frame["firms"].dropna()
    mean = float(next(line for line in tables[2].splitlines() if line.startswith("Mean")).split(",")[-1])
    assert mean == pytest.approx(answered.mean(), abs=0.005)  # printed with two decimals
    assert "firms in the cluster [How often are you yourself in contact" in printed
    assert "not applicable by routing" in printed


@tries(min(EXAMPLES, 8))
@given(questionnaire=questionnaires(), seed=st.integers(0, 2**32 - 1))
def test_pspp_reads_any_file_without_a_warning(tmp_path_factory, questionnaire, seed):
    folder = tmp_path_factory.mktemp("pspp")
    for frame in (None, coded_answers(questionnaire, seed=seed)):
        (folder / "file.sav").write_bytes(to_sav(questionnaire, frame).content)
        printed = pspp(folder, "DISPLAY DICTIONARY.", "LIST." if frame is not None else "")
        assert all(variable.name in printed for variable in questionnaire.variables)


def test_reasons_are_the_same_for_both_formats():
    assert list(LETTERS) == list(BLANK_CODES.values())
