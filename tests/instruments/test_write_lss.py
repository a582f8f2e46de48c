"""Export to LimeSurvey (.lss): what it holds comes back, what it cannot hold is said, what would mislead is refused."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from lime_round_trip import again, assert_same_routing, held, spelled
from questionnaire_strategy import questionnaires, tries


def words(text: str) -> dict[str, str]:
    return {"en": text, "nl": f"{text} (nl)"}


def survey(*questions: dict[str, Any], scales: dict[str, Any] | None = None, **more: Any) -> Questionnaire:
    """A questionnaire in two languages with these questions."""
    asked = [{"text": words(f"Question {question['code']}?"), **question} for question in questions]
    return Questionnaire.model_validate(
        {"questionnaire": "t", "version": "1", "title": words("Title"), "languages": ["en", "nl"], "scales": scales or {},
         "sections": [{"code": "s", "title": words("Section"), "questions": asked}], **more}
    )  # fmt: skip


def items(*codes: str, **more: Any) -> list[dict[str, Any]]:
    return [{"code": code, "text": words(f"Item {code}"), **more} for code in codes]


def scale(*codes: str, blank: str = "") -> dict[str, Any]:
    options: list[dict[str, Any]] = [{"code": code, "text": words(f"Option {code}")} for code in codes]
    if blank:
        options.append({"code": blank, "text": words("I don't know"), "blank": "refused or don't know"})
    return {"direction": "none", "options": options}


def rows(questionnaire: Questionnaire, table: str) -> list[dict[str, str]]:
    root = etree.fromstring(to_lss(questionnaire).content)
    return [{str(cell.tag): cell.text or "" for cell in row} for row in root.iterfind(f"{table}/rows/row")]


def attributes(questionnaire: Questionnaire) -> dict[tuple[str, str], str]:
    return {(row["attribute"], row["language"]): row["value"] for row in rows(questionnaire, "question_attributes")}


def files(root: Path) -> list[Path]:
    return sorted((root / "instruments").glob("*.yml"))


def test_every_questionnaire_of_the_repository_comes_back(root: Path, tmp_path: Path) -> None:
    for file in files(root):
        own = read_questionnaire(file)
        exported = to_lss(own)
        assert exported.content == to_lss(own).content
        back = again(exported.content, "lss", tmp_path)
        assert held(back) == held(own)
        assert_same_routing(own, back)


@pytest.mark.roundtrip
@tries()
@given(own=questionnaires())
def test_any_questionnaire_comes_back(own: Questionnaire) -> None:
    with tempfile.TemporaryDirectory() as folder:
        back = again(to_lss(own).content, "lss", Path(folder))
    assert held(back) == held(own)
    assert_same_routing(own, back, draws=8)


def imports(shared: Path) -> list[Path]:
    return sorted([*(shared / "data" / "limesurvey").glob("*.lss"), *(shared / "data" / "limesurvey").glob("*.txt")])


def test_what_was_imported_is_stable(shared: Path, tmp_path: Path) -> None:
    for file in imports(shared):
        first = read_limesurvey(file).questionnaire
        second = again(to_lss(first).content, "lss", tmp_path)
        assert spelled(second) == spelled(first), file.name


@pytest.mark.parametrize("code", ["other", "OTH", "-oth-"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_other_is_a_setting_there_and_our_option_here(code: str, place: int, tmp_path: Path) -> None:
    codes = ["A", "B"]
    codes.insert(place, code)
    imported = "LimeSurvey" if code == "-oth-" else ""
    own = survey(
        {"code": "field", "kind": "single", "scale": "f", "other": True},
        {"code": "then", "kind": "text", "when": f'field = "{code}"'},
        scales={"f": scale(*codes)}, imported_from=imported,
    )  # fmt: skip
    first, second = rows(own, "questions")
    assert (first["type"], first["other"]) == ("L", "Y")
    assert second["relevance"] == 'field.NAOK == "-oth-"'
    assert [row["code"] for row in rows(own, "answers")] == ["A", "B"]
    assert attributes(own)["other_replace_text", "nl"] == f"Option {code} (nl)"
    back = again(to_lss(own).content, "lss", tmp_path)
    assert held(back) == held(own)
    assert back.questions[1].when == f'field = "{code}"'


def test_shares_are_enforced_so_that_every_sum_is_accepted(tmp_path: Path) -> None:
    own = survey(
        {"code": "share", "kind": "numbers", "minimum": 0, "maximum": 100, "total": 100, "items": items("a", "b", "c"),
         "unit": words("per cent")}
    )  # fmt: skip
    found = attributes(own)
    assert found["em_validation_q", ""] == "round(sum(self.NAOK), 2) == 100 or count(self.NAOK) == 0"
    assert found["em_validation_q_tip", "en"] == "The numbers must add up to 100."
    assert found["em_validation_q_tip", "nl"] == "De getallen moeten samen 100 zijn."
    assert (found["min_num_value_n", ""], found["max_num_value_n", ""]) == ("0", "100")
    assert ("equals_num_value", "") not in found
    assert held(again(to_lss(own).content, "lss", tmp_path)) == held(own)


def test_a_constraint_joins_the_total_and_passes_what_is_left_open(tmp_path: Path) -> None:
    own = survey(
        {"code": "share", "kind": "numbers", "minimum": 0, "total": 100, "items": items("a", "b"),
         "constraint": "share_a >= share_b", "constraint message": words("The first is the largest.")}
    )  # fmt: skip
    rule = attributes(own)["em_validation_q", ""]
    assert rule.startswith("(round(sum(self.NAOK), 2) == 100 or count(self.NAOK) == 0) and (!(")
    back = again(to_lss(own).content, "lss", tmp_path)
    assert (back.questions[0].total, back.questions[0].constraint) == (100, "share_a >= share_b")
    assert attributes(own)["em_validation_q_tip", "en"].endswith("The first is the largest.")


@pytest.mark.parametrize("language", ["de", "pl"])
def test_words_of_our_own_are_english_where_we_have_none(language: str) -> None:
    text = {language: "x"}
    own = Questionnaire.model_validate(
        {"questionnaire": "t", "version": "1", "title": text, "languages": [language],
         "sections": [{"code": "s", "title": text, "questions": [
             {"code": "q", "kind": "numbers", "text": text, "minimum": 0, "total": 1,
              "items": [{"code": "a", "text": text}]}]}]}
    )  # fmt: skip
    assert attributes(own)["em_validation_q_tip", language] == "The numbers must add up to 1."


def test_texts_hold_no_tag_and_no_expression_by_accident(tmp_path: Path) -> None:
    text = "R&D < 5 > 3 {year} \"so\" C:\\ 'a' &amp; <b>"
    own = survey({"code": "q", "kind": "text", "text": {"en": text, "nl": "'=1"}})
    shown = {row["language"]: row["question"] for row in rows(own, "question_l10ns")}
    assert "{" not in shown["en"]
    assert "<" not in shown["en"]
    assert dict(again(to_lss(own).content, "lss", tmp_path).questions[0].text) == {"en": text, "nl": "'=1"}


def test_the_letters_of_every_kind() -> None:
    scales = {"f": scale("A", "B"), "long": scale(*(f"c{number}" for number in range(20)))}
    kinds = {
        "L": {"kind": "single", "scale": "f"}, "!": {"kind": "single", "scale": "long"}, "O": {"kind": "single", "scale": "f", "comment": True},
        "M": {"kind": "multiple", "items": items("a")}, "P": {"kind": "multiple", "items": items("a"), "comment": True},
        "F": {"kind": "array", "scale": "f", "items": items("a")}, "R": {"kind": "ranking", "scale": "f", "items": items("1", "2")},
        "N": {"kind": "number"}, "K": {"kind": "numbers", "items": items("a")}, "T": {"kind": "text"}, "Q": {"kind": "texts", "items": items("a")},
        "D": {"kind": "date"}, "|": {"kind": "file"}, "X": {"kind": "note"},
        ":": {"kind": "numbers", "items": items("r1_c1", "r1_c2", "r2_c1", "r2_c2")}, ";": {"kind": "texts", "items": items("r1_c1", "r2_c1")},
        "1": {"kind": "array", "items": [{**item, "scale": name} for item, name in zip(items("r_0", "r_1"), ("f", "long"), strict=True)]},
    }  # fmt: skip
    own = survey(*({"code": f"q{place}", **kind} for place, kind in enumerate(kinds.values())), scales=scales)
    assert [row["type"] for row in rows(own, "questions")] == list(kinds)


def test_what_cannot_be_held_is_said_once_per_kind_with_its_places(root: Path) -> None:
    notes = to_lss(read_questionnaire(root / "instruments" / "cluster-organisation.yml")).notes
    said = "\n".join(str(note) for note in notes)
    assert all(note.severity == "warning" for note in notes)
    for what in (
        "sources: ketels2012",
        "constructs: performance",
        "no substantive answer: initiators 98",
        "codes of sections: organisation",
    ):
        assert said.count(what) == 1


def test_what_would_change_the_answers_is_refused_with_every_place() -> None:
    own = survey(
        {"code": "t", "kind": "text"},
        {"code": "a", "kind": "text", "when": 't = "5"'},
        {"code": "b", "kind": "text", "relevance": "${x} > 1"},
        {"code": "c", "kind": "array", "items": [{**item, "scale": name} for item, name in zip(items("x", "y"), "fg", strict=True)]},
        scales={"f": scale("A", "B"), "g": scale("A", "C")},
    )  # fmt: skip
    with pytest.raises(InputError) as told:
        to_lss(own)
    assert [problem.place for problem in told.value.problems] == ["a", "b", "c"]


def test_codes_that_limesurvey_does_not_know_are_changed_and_told(tmp_path: Path) -> None:
    own = survey(
        {"code": "q_1", "kind": "single", "scale": "f"}, {"code": "q1", "kind": "text", "when": 'q_1 = "a long code"'},
        scales={"f": scale("a long code", "B")}, imported_from="XLSForm",
    )  # fmt: skip
    exported = to_lss(own)
    assert any(note.rule == "limesurvey-code" and "q_1 is q12" in note.message for note in exported.notes)
    back = again(exported.content, "lss", tmp_path)
    assert [question.code for question in back.questions] == ["q12", "q1"]
    assert back.questions[1].when == 'q12 = "along"'


def test_routing_of_items_and_random_order(tmp_path: Path) -> None:
    own = survey(
        {"code": "box", "kind": "multiple", "items": items("a", "b"), "random_order": True},
        {"code": "rate", "kind": "array", "scale": "f", "items": items("a", when='box_a = "Y"')},
        scales={"f": scale("A", "B", blank="98")},
    )  # fmt: skip
    assert [row["relevance"] for row in rows(own, "subquestions")] == ["1", "1", 'box_a.NAOK == "Y"']
    back = again(to_lss(own).content, "lss", tmp_path)
    assert back.questions[1].items[0].when == 'box_a = "Y"'
    assert back.questions[0].random_order


def one_text(text: str, *, kind: str = "text", comment: bool = False, imported_from: str = "") -> Questionnaire:
    return Questionnaire.model_validate(
        {"questionnaire": "t", "version": "1", "title": {"en": "T"}, "languages": ["en"], "imported_from": imported_from,
         "sections": [{"code": "s", "title": {"en": "S"}, "questions": [
             {"code": "q", "kind": kind, "text": {"en": text}, "comment": comment}]}]}
    )  # fmt: skip


def test_a_remark_that_limesurvey_has_no_place_for_is_told() -> None:
    told = [note.message for note in to_lss(one_text("Why?", comment=True)).notes if "remark" in note.message]
    assert len(told) == 1
    assert told[0].endswith(": q.")


def asked(questionnaire: Questionnaire) -> str | None:
    """The question's text as it stands in the .lss."""
    return etree.fromstring(to_lss(questionnaire).content).findtext(".//question_l10ns//question")


def test_an_upright_stroke_and_the_expressions_of_an_import_stay_what_they_are() -> None:
    assert asked(one_text("a | b")) == "a &#124; b"
    text = "So {if(a > 3 && b < 2, 'x', 'y')} & {name} | {2 }"
    written = "So {if(a > 3 && b < 2, 'x', 'y')} &amp; {name} &#124; {2 }"
    assert asked(one_text(text, imported_from="LimeSurvey")) == written
    assert "&#123;if(a &gt; 3" in str(asked(one_text(text)))
