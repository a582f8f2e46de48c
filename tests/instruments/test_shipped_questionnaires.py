"""The questionnaires in ``instruments/``: clean, complete in two languages, readable, sourced, and computable."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.arithmetic import Answer, value, variables_of
from clustergov.instruments.asking import asked_when, enforced
from clustergov.instruments.check import check, read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse, parse_number
from clustergov.instruments.rules.constructs import item_range
from clustergov.instruments.rules.texts import OWN_CHOICE, source_keys
from clustergov.instruments.scoring import score
from questionnaire_strategy import tries

FOLDER = Path(__file__).resolve().parents[2] / "instruments"
SHIPPED = ("cluster-organisation", "benchmark", "governance")
VERSIONS = ("0.8", "0.9")

# Quotients of small numbers: equal to the hand's fraction up to rounding.
TOLERANCE = 1e-9

SAME_IN_BOTH = {"Cyprus", "Finland", "Liechtenstein", "Malta", "Montenegro", "Portugal", "clusters"}
"""Texts that are one in Dutch and English; numbers are, too."""

ANSWERS: dict[str, Answer] = {
    "reportyear": 2024, "country": "NL", "field": "water", "year": 2009, "participants": 120,
    "type_sme": 70, "type_large": 20, "type_research": 6, "type_educ": 5, "type_govern": 4, "type_finance": 0,
    "type_other": 5, "committed": 48, "nearby": 65,
    "team": 6, "fte": 4.5, "qualified": 3, "training": 18, "departed": 2,
    "practice_involve": "Y", "practice_document": "Y", "practice_plan": "Y", "practice_control": "N",
    "practice_review": "Y", "practice_measure": "N", "governing": "Y",
    "board_priv": 5, "board_publ": 2, "board_acad": 2, "board_fin": 0, "board_npo": 1,
    "budget": 650, "payers": 90, "funding_fees": 25, "funding_sales": 12.5, "funding_sponsor": 2.5,
    "funding_natpub": 20, "funding_regpub": 25, "funding_intpub": 10, "funding_other": 5, "project": 45, "secured": 18,
    "service_research": "3", "service_capital": "4", "service_match": "5", "service_inform": "3", "service_train": "2",
    "service_start": "1", "service_export": "3", "service_commerc": "1", "service_purchas": "1",
    "users": 84, "groups": 5, "visited": 78,
    "contact_firms": "6", "contact_research": "5", "contact_educ": "4", "contact_govern": "5", "contact_finance": None,
    "contact_clusters": "2", "contact_global": "3", "joint": 30,
    "accord_research": "Y", "accord_educ": "Y", "accord_govern": "N", "accord_capital": "N",
    "clusters_home": 4, "clusters_abroad": 3, "withdrawn": 8,
    "media": 35, "channel_website": "Y", "channel_english": "Y", "channel_list": "Y", "channel_letter": "Y",
    "channel_report": "N", "goals": 12, "reached": 9,
    "external_growth": "4", "external_innov": "5", "external_compet": "3", "measured": "Y", "grade": 7.6,
    "remarks": "",
}  # fmt: skip
"""A plausible organisation of 120 participants, of whom 48 committed, with six persons in its team."""

INDICATORS = {
    "S1": 15, "S2": 120, "S3": 48, "S4": 40, "S5": 9000 / 110, "S6": 7000 / 90, "S7": 6, "S8": 65,
    "M1": 4.5, "M2": 48 / 4.5, "M3": 50, "M4": 3, "M5": 25, "M6": 400 / 6, "M7": 50,
    "F1": 650, "F2": 40, "F3": 45, "F4": 18, "F5": 75,
    "V1": 600 / 9, "V2": 23 / 9, "V3": 200 / 14, "V4": 70, "V5": 5,
    "C1": 65, "C2": 50, "C3": 62.5, "C4": 50, "C5": 7, "C6": 6.25,
    "A1": 35, "A2": 80, "A3": 75, "A4": 4, "A5": 7.6,
}  # fmt: skip
"""The thirty-six indicators of that organisation, worked by hand."""


@cache
def shipped(name: str) -> Questionnaire:
    return read_questionnaire(FOLDER / f"{name}.yml")


@pytest.fixture(scope="module")
def benchmark_questionnaire() -> Questionnaire:
    return shipped("benchmark")


@pytest.fixture(scope="module")
def governance() -> Questionnaire:
    return shipped("governance")


@pytest.fixture(scope="module")
def codebook(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "casestudies" / "codebook.yml").read_text(encoding="utf-8"))


def texts(node: Any, place: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of a questionnaire that is dumped, with its place; a citation or a locator is none."""
    if isinstance(node, Mapping) and node and set(node) <= {"nl", "en"}:
        yield place, node
    elif isinstance(node, Mapping):
        for key, child in node.items():
            yield from texts(child, f"{place}.{key}")
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            code = child.get("code", index) if isinstance(child, Mapping) else index
            yield from texts(child, f"{place}.{code}")


def sourced(questionnaire: Questionnaire) -> Iterator[tuple[str, str, str | None]]:
    """Every place that can carry a mark, with its source and mark."""
    for name, scale in questionnaire.scales.items():
        yield name, scale.source, scale.mark
    for question in questionnaire.questions:
        yield question.code, question.source, question.mark
        yield from ((f"{question.code}_{item.code}", item.source, item.mark) for item in question.items)
    yield from ((each.code, each.source, each.mark) for each in questionnaire.constructs)
    yield from ((each.code, each.source, each.mark) for each in questionnaire.indicators)


def indicators(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, float]:
    return {each.code: value(parse_number(each.formula), answers) for each in questionnaire.indicators}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_questionnaire_has_no_mistake_and_no_warning(name):
    questionnaire, problems = check(FOLDER / f"{name}.yml")
    assert questionnaire is not None
    assert problems == []


def test_no_questionnaire_is_shipped_untested():
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(SHIPPED)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_version_is_clean_and_tells_how_it_differs(version):
    path = Path(__file__).parent / "versions" / f"cluster-organisation-{version}.yml"
    questionnaire, problems = check(path)
    assert questionnaire is not None
    # The one blemish of 0.8 is told at its head: a construct whose items point both ways.
    assert {problem.rule for problem in problems} == ({"mixed-directions"} if version == "0.8" else set())
    assert {problem.severity for problem in problems} <= {"warning"}
    assert (questionnaire.questionnaire, questionnaire.version) == ("clusterorganisation", version)
    told = set(re.findall(r"^# \[([a-z-]+)\] ", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert told >= {"cosmetic", "label", "scale-breaking", "routing-breaking", "added", "removed", "renamed", "moved"}


class TestTexts:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_every_text_is_there_in_dutch_and_in_english_and_is_translated(self, name):
        questionnaire = shipped(name)
        assert questionnaire.languages == ("nl", "en")
        found = list(texts(questionnaire.model_dump()))
        assert len(found) > 150
        assert [place for place, text in found if set(text) != {"nl", "en"} or not all(text.values())] == []
        equal = {text["nl"] for _, text in found if text["nl"] == text["en"]}
        assert {text for text in equal if not text.isdigit()} <= SAME_IN_BOTH

    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_respondent_is_told_of_freedom_and_privacy_and_thanked(self, name):
        questionnaire = shipped(name)
        assert questionnaire.text is not None
        assert questionnaire.closing is not None
        for language, words in {
            "nl": ("vrijwillig", "op ieder moment stoppen", "uitnodiging", "herkenbaar"),
            "en": ("voluntary", "stop at any moment", "invitation", "recognised"),
        }.items():
            assert [word for word in words if word not in questionnaire.text[language]] == []
        assert "dank" in questionnaire.closing["nl"]
        assert "Thank you" in questionnaire.closing["en"]

    @pytest.mark.parametrize("name", SHIPPED)
    def test_questions_are_short_sentences_in_the_polite_form(self, name):
        questionnaire = shipped(name)
        long = [
            (question.code, language)
            for question in questionnaire.questions
            for language, text in question.text.items()
            if len(text.split()) > 40 or any(len(part.split()) > 25 for part in re.split(r"(?<=[.?!]) ", text))
        ]
        assert long == []
        unfinished = [
            question.code
            for question in questionnaire.questions
            if question.kind != "note" and not all(text.endswith(("?", ".")) for text in question.text.values())
        ]
        assert unfinished == []
        familiar = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
        assert [place for place, text in texts(questionnaire.model_dump()) if familiar.search(text["nl"])] == []

    @pytest.mark.parametrize("name", SHIPPED)
    def test_helps_items_and_options_are_short(self, name):
        questionnaire = shipped(name)
        helps = [
            q.code for q in questionnaire.questions if q.help and max(len(t.split()) for t in q.help.values()) > 60
        ]
        items = [
            (question.code, item.code)
            for question in questionnaire.questions
            for item in question.items
            if max(len(text.split()) for text in item.text.values()) > 15
        ]
        options = [
            (name, option.code)
            for name, scale in questionnaire.scales.items()
            for option in scale.options
            if max(len(text.split()) for text in option.text.values()) > 10
        ]
        assert (helps, items, options) == ([], [], [])

    @pytest.mark.parametrize(("name", "most"), [("cluster-organisation", 25), ("benchmark", 45), ("governance", 30)])
    def test_it_is_not_too_long(self, name, most):
        questionnaire = shipped(name)
        assert 20 <= len(questionnaire.questions) <= most
        assert [question.code for question in questionnaire.questions if len(question.items) > 9] == []

    @pytest.mark.parametrize("name", SHIPPED)
    def test_numbers_have_limits_and_units_and_constraints_say_what_is_wrong(self, name):
        for question in shipped(name).questions:
            if question.kind in {"number", "numbers"}:
                assert question.minimum is not None, question.code
                assert question.maximum is not None, question.code
                assert question.unit is not None, question.code
            assert bool(question.constraint) == (question.constraint_message is not None), question.code

    def test_no_statement_of_the_governance_questionnaire_says_two_things(self, governance):
        both = {"nl": re.compile(r"\b(en|of)\b"), "en": re.compile(r"\b(and|or)\b")}
        arrays = [question for question in governance.questions if question.kind == "array"]
        assert len(arrays) == 11
        double = [
            (question.code, item.code)
            for question in arrays
            for item in question.items
            if any(both[language].search(text) for language, text in item.text.items())
        ]
        assert double == []


class TestSources:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_what_is_published_has_a_listed_source_and_a_locator(self, name):
        questionnaire = shipped(name)
        found = [each for each in sourced(questionnaire) if each[2] in {"P", "S"}]
        for place, source, _ in found:
            for part in source.split(";"):
                key, _, locator = part.partition(",")
                assert key.strip() in questionnaire.sources, place
                assert locator.strip(), place

    @pytest.mark.parametrize("name", SHIPPED)
    def test_everything_has_a_source_and_a_mark(self, name):
        bare = {place for place, source, mark in sourced(shipped(name)) if not source or mark is None}
        assert bare <= {"privacy"}  # a note asks nothing

    def test_background_knowledge_is_uncertain_and_nothing_else_is(self, benchmark_questionnaire):
        for place, source, mark in sourced(benchmark_questionnaire):
            assert (mark == "U") == ("background" in source_keys(source)), place

    @pytest.mark.parametrize("name", SHIPPED)
    def test_no_label_is_named_or_awarded(self, name):
        colours = re.compile(r"\b(gold|silver|bronze|goud|gouden|zilver|zilveren|brons|bronzen)\b", re.IGNORECASE)
        assert colours.search((FOLDER / f"{name}.yml").read_text(encoding="utf-8")) is None

    def test_the_benchmark_says_that_it_is_no_label(self, benchmark_questionnaire):
        assert "geen keurmerk" in benchmark_questionnaire.text["nl"]
        assert "not a label" in benchmark_questionnaire.text["en"]


class TestSharedCodes:
    @pytest.mark.parametrize("code", ["country", "field", "contact", "external"])
    def test_a_question_of_the_benchmark_is_that_of_the_survey_under_the_same_code(self, benchmark_questionnaire, code):
        survey = shipped("cluster-organisation")
        ours = [(each.name, each.label, each.scale and each.scale.options) for each in benchmark_questionnaire.of(code)]
        assert ours == [(each.name, each.label, each.scale and each.scale.options) for each in survey.of(code)]
        assert benchmark_questionnaire.of(code)[0].question.text == survey.of(code)[0].question.text

    def test_a_scale_of_one_name_is_one_scale(self):
        first: dict[str, Any] = {}
        for name in SHIPPED:
            for code, scale in shipped(name).scales.items():
                assert first.setdefault(code, scale.options) == scale.options, (name, code)

    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_steps_of_a_scale_that_is_rated_are_numbered_from_one(self, name):
        for question in shipped(name).questions:
            if question.kind == "array":
                scale = shipped(name).scales[question.scale]
                assert scale.codes == tuple(str(step + 1) for step in range(len(scale.codes))), question.code


class TestBenchmark:
    def test_there_are_thirty_six_indicators_in_six_dimensions(self, benchmark_questionnaire):
        codes = [each.code for each in benchmark_questionnaire.indicators]
        assert len(codes) == len(set(codes)) == 36
        sizes = {
            name: sum(each.dimension == name for each in benchmark_questionnaire.indicators)
            for name in benchmark_questionnaire.dimensions
        }
        assert len(sizes) == 6
        assert min(sizes.values()) >= 4

    def test_a_section_is_a_dimension_and_asks_for_its_indicators(self, benchmark_questionnaire):
        sections = {section.code: section.title for section in benchmark_questionnaire.sections}
        assert sections == dict(benchmark_questionnaire.dimensions)
        for indicator in benchmark_questionnaire.indicators:
            names = variables_of(parse_number(indicator.formula))
            assert indicator.dimension in {benchmark_questionnaire.by_name[name].section.code for name in names}

    def test_the_example_answers_every_question_within_its_limits_and_constraints(self, benchmark_questionnaire):
        assert set(benchmark_questionnaire.by_name) - set(ANSWERS) == {"field_other"}
        for name, variable in benchmark_questionnaire.by_name.items():
            answer = ANSWERS.get(name)
            condition = asked_when(variable)
            assert condition is None or condition.holds(ANSWERS), name
            if isinstance(answer, int | float):
                assert variable.question.minimum <= answer <= variable.question.maximum, name
            elif answer and variable.scale is not None:
                assert answer in variable.scale.codes, name
        for question in benchmark_questionnaire.questions:
            constraint = enforced(question)
            assert constraint is None or constraint.holds(ANSWERS), question.code

    def test_indicators_are_those_worked_by_hand(self, benchmark_questionnaire):
        found = indicators(benchmark_questionnaire, ANSWERS)
        assert found == {code: pytest.approx(expected, abs=TOLERANCE) for code, expected in INDICATORS.items()}

    def test_who_answers_nothing_has_no_indicator_instead_of_nought(self, benchmark_questionnaire):
        found = indicators(benchmark_questionnaire, {})
        assert [code for code, figure in found.items() if not math.isnan(figure)] == []

    def test_contributions_that_nobody_pays_leave_the_private_share_computable(self, benchmark_questionnaire):
        fees = benchmark_questionnaire.by_name["funding_fees"]
        answers = ANSWERS | {"payers": 0, "funding_fees": None, "funding_sales": 37.5}
        assert not asked_when(fees).holds(answers)
        assert asked_when(fees).holds(ANSWERS | {"payers": None})
        assert indicators(benchmark_questionnaire, answers)["F2"] == pytest.approx(40, abs=TOLERANCE)

    def test_every_answer_serves_an_indicator_a_comparison_or_a_route(self, benchmark_questionnaire):
        used = {
            name for each in benchmark_questionnaire.indicators for name in variables_of(parse_number(each.formula))
        }
        routes = {
            name for each in benchmark_questionnaire.questions if each.when for name in parse(each.when).variables
        }
        rest = {each.question.code for each in benchmark_questionnaire.variables if each.name not in used | routes}
        # Organisations are compared within a country and a field; remarks are read.
        assert rest == {"country", "field", "remarks"}

    def test_a_question_that_divides_another_is_held_to_it(self, benchmark_questionnaire):
        """Parts asked beside their whole: more of the part than of the whole is refused."""
        for part, whole in {
            "committed": "participants", "payers": "participants", "users": "participants", "visited": "participants",
            "fte": "team", "qualified": "team", "joint": "committed", "reached": "goals",
        }.items():  # fmt: skip
            constraint = enforced(benchmark_questionnaire.by_name[part].question)
            assert constraint.holds({part: 5.0, whole: 5.0})
            assert not constraint.holds({part: 5.5, whole: 5.0})
            assert constraint.holds({part: 5.0})

    @given(data=st.data())
    @tries()
    def test_a_percentage_lies_between_nought_and_a_hundred(self, benchmark_questionnaire, data):
        answers = data.draw(organisations(benchmark_questionnaire))
        for indicator in benchmark_questionnaire.indicators:
            figure = value(parse_number(indicator.formula), answers)
            if indicator.unit["en"].startswith("per cent") and not math.isnan(figure):
                assert -TOLERANCE <= figure <= 100 + TOLERANCE, (indicator.code, answers)
            assert math.isnan(figure) or math.isfinite(figure)


@st.composite
def organisations(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, Answer]:
    """Answers of any organisation: within limits and constraints, and any of them left open."""
    answers: dict[str, Answer] = {}
    for variable in questionnaire.variables:
        condition = asked_when(variable)
        if draw(st.integers(0, 9)) == 0 or (condition is not None and not condition.holds(answers)):
            answers[variable.name] = None
        elif variable.kind == "number":
            answers[variable.name] = float(
                draw(st.integers(int(variable.question.minimum), int(variable.question.maximum)))
            )
        elif variable.scale is not None:
            answers[variable.name] = draw(st.sampled_from(variable.scale.codes))
    for question in questionnaire.questions:
        constraint = enforced(question)
        if constraint is not None and not constraint.holds(answers):
            answers |= {variable.name: None for variable in questionnaire.of(question.code)}
    return answers


class TestConstructs:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_highest_answers_score_highest_and_too_few_do_not_score(self, name):
        questionnaire = shipped(name)
        assert questionnaire.constructs
        for construct in questionnaire.constructs:
            low, high = item_range(questionnaire.by_name[construct.items[0]])
            best = {item: low if item in construct.reversed else high for item in construct.items}
            blank = len(construct.items) - construct.minimum_valid
            columns = {
                item: np.array(
                    [best[item], math.nan if k < blank else best[item], math.nan if k <= blank else best[item]]
                )
                for k, item in enumerate(construct.items)
            }
            found = score(construct, questionnaire, columns)
            np.testing.assert_allclose(found, [high, high, math.nan], atol=TOLERANCE, err_msg=construct.code)

    def test_all_but_one_construct_of_governance_have_an_item_the_other_way_round(self, governance):
        assert [each.code for each in governance.constructs if not each.reversed] == ["government_partner"]


class TestGovernance:
    def test_its_sources_are_those_of_the_codebook(self, governance, codebook):
        for key, source in governance.sources.items():
            listed = codebook["sources"][key]
            assert (source.citation, source.url) == (listed["citation"], listed.get("url", ""))

    def test_every_locator_names_a_concept_that_the_codebook_has_from_that_source(self, governance, codebook):
        of = {each["code"]: each["source"] for each in codebook["concepts"]}
        for place, source, _ in sourced(governance):
            for part in source.split(";") if source not in {"", OWN_CHOICE} else ():
                key, _, locator = part.strip().partition(", concept ")
                assert locator in of, place
                assert key in (of[locator] if isinstance(of[locator], list) else [of[locator]]), place

    def test_every_concept_of_the_codebook_is_asked_for(self, governance, codebook):
        asked = " ".join(source for _, source, _ in sourced(governance))
        missing = [each["code"] for each in codebook["concepts"] if f"concept {each['code']}" not in asked]
        assert missing == []

    def test_open_questions_ask_for_no_names_and_follow_what_was_answered(self, governance):
        stories = {"connectordeed": "connector", "rolestory": "rolechange"}
        for code, before in stories.items():
            question = governance.by_name[code].question
            assert "namen" in question.help["nl"]
            condition = parse(question.when)
            assert condition.holds({before: "Y"})
            assert not condition.holds({before: "N"})
            assert not condition.holds({})
