"""From raw exports to responses: each person once, by pseudonym, with consent, and equal whatever collected them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.survey.collection.collecting import RawExport
from clustergov.survey.collection.fetching import Fetched, lay_out
from clustergov.survey.collection.fieldwork import Consent, Fieldwork
from clustergov.survey.collection.raw_rows import gather
from clustergov.survey.collection.raw_store import RawStore
from clustergov.survey.privacy.consent import fielded
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.answer_sheets import answer_sheets
from raw_exports import Given, of_limesurvey, of_service

FIELDWORK = Fieldwork(
    fieldwork="test",
    questionnaire="x",
    notice=Text({"nl": "Wat wij doen.", "en": "What we do."}),
    consent=(
        Consent(use="analysis", text=Text({"nl": "Mag het?", "en": "May we?"}), required=True),
        Consent(use="archive", text=Text({"nl": "Bewaren?", "en": "Keep it?"})),
    ),
)
YES = {"consentanalysis": "Y", "consentarchive": "Y"}


@pytest.fixture(scope="module", params=["every_kind", "cluster-organisation"])
def each(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    """Without questions for files, which our own service does not ask."""
    folder = root / "tests" / "instruments" if request.param == "every_kind" else root / "instruments"
    whole = read_questionnaire(folder / f"{request.param}.yml")
    sections = tuple(
        section.model_copy(update={"questions": tuple(each for each in section.questions if each.kind != "file")})
        for section in whole.sections
    )
    own = {name: getattr(whole, name) for name in Questionnaire.model_fields}
    return Questionnaire(**(own | {"sections": tuple(section for section in sections if section.questions)}))


@pytest.fixture(scope="module")
def shipped(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def stored(folder: Path, *exports: RawExport) -> RawStore:
    store = RawStore(folder)
    for export in exports:
        store.add(export, address="123456")
    return store


def read(fetched: Fetched, questionnaire: Questionnaire, path: Path) -> tuple[Responses, Responses]:
    found = []
    for name, table in (("complete.csv", fetched.complete), ("partial.csv", fetched.partial)):
        (path / name).write_bytes(table.content())
        found.append(read_responses(path / name, questionnaire, strict=True))
    return found[0], found[1]


def given(questionnaire: Questionnaire, n: int, seed: int) -> list[Given]:
    """Answer sheets of the fielded questionnaire, as respondents would have given them."""
    codes = [section.code for section in questionnaire.sections]
    sheets = answer_sheets(questionnaire, n, np.random.default_rng(seed))
    return [
        Given(str(number), sheet["answers"], not sheet["stop"], codes.index(sheet["stop"]) if sheet["stop"] else 0,
              language=sheet["language"])
        for number, sheet in enumerate(sheets, start=1)
    ]  # fmt: skip


def test_responses_are_equal_whatever_collected_them(each: Questionnaire, tmp_path: Path) -> None:
    asked = fielded(each, FIELDWORK)
    people = given(asked, 60, seed=8)
    assert {one.submitted for one in people} == {True, False}
    kept = []
    for name, make in (("lime", of_limesurvey), ("service", of_service)):
        folder = tmp_path / name
        folder.mkdir()
        store = stored(folder / "raw", make(asked, people, "partial"), make(asked, people, "complete"))
        fetched = lay_out(gather(store), each, fieldwork=FIELDWORK)
        assert fetched.unknown == ()
        kept.append((fetched, *read(fetched, each, folder)))
    (lime, *of_lime), (service, *of_ours) = kept
    assert lime.dispositions == service.dispositions
    for one, other in zip(of_lime, of_ours, strict=True):
        pd.testing.assert_frame_equal(one.frame, other.frame)
        pd.testing.assert_frame_equal(one.blanks, other.blanks)
        pd.testing.assert_frame_equal(one.chosen, other.chosen)
        assert one.complete is not None
        assert other.complete is not None
        pd.testing.assert_series_equal(one.complete, other.complete)


def test_the_table_reads_as_the_raw_export_does(shipped: Questionnaire, tmp_path: Path) -> None:
    people = [one for one in given(shipped, 40, seed=2) if one.submitted]
    export = of_limesurvey(shipped, people, "complete")
    (tmp_path / "raw.csv").write_bytes(export.content)
    fetched = lay_out(gather(stored(tmp_path / "raw", export)), shipped)
    (tmp_path / "laid.csv").write_bytes(fetched.complete.content())
    raw, laid = (read_responses(tmp_path / name, shipped, strict=True) for name in ("raw.csv", "laid.csv"))
    pd.testing.assert_frame_equal(raw.frame, laid.frame)
    pd.testing.assert_frame_equal(raw.blanks, laid.blanks)


def test_fetching_twice_never_doubles_a_row_and_later_wins(shipped: Questionnaire, store: RawStore) -> None:
    first = [Given("1", {"strength": "2"}), Given("2", {"strength": "3"})]
    store.add(of_limesurvey(shipped, first, "complete"), address="1")
    store.add(of_limesurvey(shipped, [Given("2", {"strength": "4"}), Given("3")], "complete"), address="1")
    rows = gather(store)
    assert list(rows.complete) == ["1", "2", "3"]
    assert rows.complete["2"].cell("strength") == "4"


def test_who_was_partial_and_is_now_complete_counts_once(shipped: Questionnaire, store: RawStore) -> None:
    store.add(
        of_limesurvey(shipped, [Given("1", submitted=False), Given("2", submitted=False)], "partial"), address="1"
    )
    store.add(of_limesurvey(shipped, [Given("1")], "complete"), address="1")
    rows = gather(store)
    assert (list(rows.complete), list(rows.partial)) == (["1"], ["2"])
    found = lay_out(rows, shipped)
    assert found.dispositions.rows == (("2", "partial"), ("1", "complete"))


def test_of_partial_responses_only_the_last_export_counts(shipped: Questionnaire, store: RawStore) -> None:
    store.add(
        of_limesurvey(shipped, [Given("1", submitted=False), Given("2", submitted=False)], "partial"), address="1"
    )
    store.add(of_limesurvey(shipped, [Given("2", submitted=False)], "partial"), address="1")
    assert list(gather(store).partial) == ["2"]
    store.add(RawExport(b"", "partial", of_limesurvey(shipped, [], "partial").taken, 0), address="1")
    assert gather(store).partial == {}


def test_what_was_deleted_in_the_software_is_left_out_and_told(shipped: Questionnaire, store: RawStore) -> None:
    store.add(of_limesurvey(shipped, [Given("1"), Given("2")], "complete"), address="1")
    gone = of_limesurvey(shipped, [Given("3")], "complete")
    store.add(RawExport(gone.content, "complete", gone.taken, 1, deleted=("1",)), address="1")
    rows = gather(store)
    assert list(rows.complete) == ["2", "3"]
    assert lay_out(rows, shipped).deleted == ("1",)


def test_pseudonyms_take_the_place_of_ids_and_tokens_stay_behind(shipped: Questionnaire, store: RawStore) -> None:
    people = [Given("1", token="secrettoken1"), Given("2", token="secrettoken2"), Given("3")]
    store.add(of_limesurvey(shipped, people, "complete"), address="1")
    found = lay_out(gather(store), shipped, pseudonyms={"secrettoken1": "AAA", "secrettoken2": "BBB"})
    assert [row[0] for row in found.complete.rows] == ["AAA", "BBB", "3"]
    assert found.linked == 2
    assert b"secrettoken" not in found.complete.content()
    assert b"1980" not in found.complete.content()
    assert "token" not in found.complete.headings
    by_id = lay_out(gather(store), shipped, pseudonyms={"1": "CCC"})
    assert [row[0] for row in by_id.complete.rows] == ["CCC", "2", "3"]


def test_a_person_with_two_responses_counts_once_the_last_submitted_one(shipped: Questionnaire, tmp_path: Path) -> None:
    people = [
        Given("1", {"strength": "1"}, token="t"), Given("2", {"strength": "2"}, token="t"),
        Given("3", {"strength": "3"}, submitted=False, token="t"), Given("4", submitted=False, token="u"),
        Given("5", {"strength": "5"}, submitted=False, token="u"),
    ]  # fmt: skip
    exports = (of_limesurvey(shipped, people, "partial"), of_limesurvey(shipped, people, "complete"))
    found = lay_out(gather(stored(tmp_path, *exports)), shipped, pseudonyms={"t": "AAA", "u": "BBB"})
    strength = found.complete.headings.index("strength")
    assert [(row[0], row[strength]) for row in found.complete.rows] == [("AAA", "2")]
    strength = found.partial.headings.index("strength")
    assert [(row[0], row[strength]) for row in found.partial.rows] == [("BBB", "5")]
    assert found.set_aside == 3


def test_an_id_that_is_somebodys_pseudonym_gets_another_name(shipped: Questionnaire, store: RawStore) -> None:
    store.add(of_limesurvey(shipped, [Given("1", token="t"), Given("7")], "complete"), address="1")
    found = lay_out(gather(store), shipped, pseudonyms={"t": "7"})
    assert [row[0] for row in found.complete.rows] == ["7", "response-7"]


def consented(shipped: Questionnaire) -> tuple[Questionnaire, list[Given]]:
    people = [
        Given("1", YES), Given("2", {"consentanalysis": "N"}),
        Given("3", {"consentanalysis": "Y", "consentarchive": "N"}), Given("4", YES, submitted=False),
        Given("5", {}, submitted=False), Given("6", {"consentanalysis": "N"}, submitted=False),
    ]  # fmt: skip
    return fielded(shipped, FIELDWORK), people


def test_who_did_not_consent_is_in_no_table_but_is_accounted_for(shipped: Questionnaire, tmp_path: Path) -> None:
    asked, people = consented(shipped)
    rows = gather(stored(tmp_path, *(of_limesurvey(asked, people, kind) for kind in ("partial", "complete"))))
    found = lay_out(rows, shipped, fieldwork=FIELDWORK)
    assert [row[0] for row in found.complete.rows] == ["1", "3"]
    assert [row[0] for row in found.partial.rows] == ["4"]
    assert dict(found.dispositions.rows) == {
        "1": "complete", "2": "refused", "3": "complete", "4": "partial", "5": "begun", "6": "refused",
    }  # fmt: skip
    assert not [heading for heading in found.complete.headings if heading.startswith("consent")]


def test_a_use_keeps_those_who_agreed_to_it(shipped: Questionnaire, tmp_path: Path) -> None:
    asked, people = consented(shipped)
    rows = gather(stored(tmp_path, *(of_limesurvey(asked, people, kind) for kind in ("partial", "complete"))))
    found = lay_out(rows, shipped, fieldwork=FIELDWORK, use="archive")
    assert [row[0] for row in found.complete.rows] == ["1"]
    assert found.without_use == 1
    without_description = lay_out(rows, shipped, use="archive")
    assert [row[0] for row in without_description.complete.rows] == ["1"]


def test_a_use_that_nobody_was_asked_about_is_refused(shipped: Questionnaire, tmp_path: Path) -> None:
    asked, people = consented(shipped)
    rows = gather(stored(tmp_path, of_limesurvey(asked, people, "complete")))
    with pytest.raises(InputError, match="analysis, archive"):
        lay_out(rows, shipped, fieldwork=FIELDWORK, use="resale")


def test_pages_become_sections_where_a_page_is_a_section(shipped: Questionnaire, tmp_path: Path) -> None:
    asked = fielded(shipped, FIELDWORK)
    people = [Given(str(pages), YES, submitted=False, pages=pages) for pages in range(4)]
    rows = gather(stored(tmp_path, of_limesurvey(asked, people, "partial")))
    found = lay_out(rows, shipped, fieldwork=FIELDWORK)
    assert [row[found.partial.headings.index("lastpage")] for row in found.partial.rows] == [None, "0", "1", "2"]
    by_question = FIELDWORK.model_copy(update={"paging": "question"})
    assert "lastpage" not in lay_out(rows, shipped, fieldwork=by_question).partial.headings


def test_another_survey_is_refused_and_unknown_columns_are_told(each: Questionnaire, tmp_path: Path) -> None:
    odd = RawExport(b'"id";"shoes"\r\n"1";"43"\r\n', "complete", of_limesurvey(each, [], "complete").taken, 1)
    with pytest.raises(InputError, match="another survey"):
        lay_out(gather(stored(tmp_path / "one", odd)), each)
    good = of_limesurvey(each, [Given("1")], "complete")
    more = good.content.replace(b'"startlanguage"', b'"shoes"')
    found = lay_out(gather(stored(tmp_path / "two", RawExport(more, "complete", good.taken, 1))), each)
    assert found.unknown == ("shoes",)


def test_what_a_spreadsheet_would_run_is_made_harmless_once(each: Questionnaire, tmp_path: Path) -> None:
    name = next(variable.name for variable in each.variables if variable.kind == "text" and variable.item is None
                and not variable.question.other and not variable.question.when)  # fmt: skip
    texts = ("=1+1", "'=1+1", "@x", "-- no", "'quoted'", "-5")
    people = [Given(str(number), {name: text}) for number, text in enumerate(texts)]
    tables = []
    for make in (of_limesurvey, of_service):
        folder = tmp_path / make.__name__
        tables.append(lay_out(gather(stored(folder, make(each, people, "complete"))), each).complete)
        path = folder / "laid.csv"
        path.write_bytes(tables[-1].content())
        assert tuple(read_responses(path, each, strict=False).frame[name]) == texts
    assert tables[0] == tables[1]
    cells = [str(row[tables[0].headings.index(name)]) for row in tables[0].rows]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "--"))]


def test_rows_that_are_none_are_refused(shipped: Questionnaire, tmp_path: Path) -> None:
    good = of_limesurvey(shipped, [Given("1")], "complete")
    for number, content in enumerate((b'"shoes"\r\n"43"\r\n', b'"id";"a"\r\n"1"\r\n', b'"id";"a"\r\n;"x"\r\n')):
        store = stored(tmp_path / str(number), RawExport(content, "complete", good.taken, 1))
        with pytest.raises(InputError, match="raw-export"):
            gather(store)


def test_nothing_is_laid_out_of_nothing(shipped: Questionnaire, store: RawStore) -> None:
    found = lay_out(gather(store), shipped, fieldwork=FIELDWORK)
    assert (found.complete.rows, found.partial.rows, found.dispositions.rows) == ((), (), ())
    assert found.missing == ()


def test_another_questionnaire_that_shares_some_variables_is_refused(
    store: RawStore, shipped: Questionnaire, root: Path
) -> None:
    sheets = answer_sheets(shipped, 3, np.random.default_rng(1), covering=False)
    given = [Given(str(number), sheet["answers"]) for number, sheet in enumerate(sheets)]
    store.add(of_service(shipped, given, "complete"), address="sqlite:///x.db")
    other = read_questionnaire(root / "instruments" / "benchmark.yml")
    assert set(other.by_name) & set(shipped.by_name)
    with pytest.raises(InputError, match="found those of another survey") as refused:
        lay_out(gather(store), other)
    assert refused.value.problems[0].rule == "another-survey"
