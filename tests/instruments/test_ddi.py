"""DDI codebooks: valid for two validators, and everything of the questionnaire found in them again."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from lxml import etree

from clustergov.instruments.asking import asked_when
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.ddi import VariableCounts, to_ddi
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Indicator, Item, Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.statistical.blank_codes import BLANK_CODES
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.survey.synthetic.simulation import read_simulation, simulate
from clustergov.survey.variable_counts import variable_counts
from conftest import ROOT, unavailable
from questionnaire_strategy import EXAMPLES, questionnaires, tries

DDI = {"d": "ddi:codebook:2_5"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def schema(shared: Path) -> Path:
    return shared / "data" / "schemas" / "ddi-codebook-2.5" / "codebook.xsd"


@pytest.fixture(scope="module")
def compiled(schema: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(schema)))


@pytest.fixture(scope="module")
def own(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def assert_valid(compiled: etree.XMLSchema, content: bytes) -> etree._Element:
    """Valid for libxml2, and every reference leads to an ID, which libxml2 does not look at."""
    document = etree.fromstring(content)
    assert compiled.validate(document), compiled.error_log
    assert_references(document)
    return document


def assert_references(document: etree._Element) -> None:
    ids = document.xpath("//@ID")
    assert len(ids) == len(set(ids))
    named = " ".join(document.xpath("//d:varGrp/@var | //d:varGrp/@varGrp | //d:var/@files | //d:derivation/@var"
                                    " | //d:forward/@qstn | //d:backward/@qstn", namespaces=DDI))  # fmt: skip
    assert set(named.split()) <= set(ids)
    assert "" not in document.xpath("//d:varGrp/@var | //d:varGrp/@varGrp | //d:derivation/@var", namespaces=DDI)


def java(schema: Path, *files: Path) -> str:
    """The errors that Java's validator finds; it looks at references too."""
    program = shutil.which("java")
    if program is None:
        unavailable("Java with its compiler", "Install it: apt-get install default-jdk-headless (Debian).")
    command = [str(program), str(ROOT / "tests" / "ValidateXml.java"), str(schema), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


def texts(element: etree._Element, path: str) -> dict[str, str]:
    return {each.get(LANG): each.text for each in element.findall(path, DDI)}


def stored(text: Text) -> dict[str, str]:
    return dict(text)


def assert_tells(document: etree._Element, questionnaire: Questionnaire) -> None:
    """What the codebook says of every variable is what the questionnaire says."""
    variables = document.findall("d:dataDscr/d:var[@files]", DDI)
    assert [each.get("name") for each in variables] == [variable.name for variable in questionnaire.variables]
    ids = {each.get("name"): each.get("ID") for each in variables}
    questions = {each.find("d:qstn", DDI).get("ID"): each.get("name") for each in variables}
    for variable, each in zip(questionnaire.variables, variables, strict=True):
        label = texts(each, "d:labl")
        assert set(label) == set(variable.label)
        assert all(label[language].startswith(text) for language, text in variable.label.items())
        if variable.label is not variable.question.text:
            assert stored(variable.question.text).items() <= texts(each, "d:qstn/d:preQTxt").items()
        if variable.question.help is not None:
            assert texts(each, "d:qstn/d:ivuInstr") == stored(variable.question.help)
        assert_categories(each, variable.scale, questionnaire.languages)
        condition = asked_when(variable)
        assert [found.text for found in each.findall("d:qstn/d:backward", DDI)] == (
            [] if condition is None else [str(condition)]
        )
        if condition is not None:
            earlier = each.find("d:qstn/d:backward", DDI).get("qstn").split()
            assert [questions[key] for key in earlier] == list(condition.variables)
            assert all(str(condition) in text for text in texts(each, "d:universe").values())
        limits = each.find("d:valrng/d:range", DDI)
        if variable.kind == "number" and limits is not None:
            found = [None if limits.get(key) is None else float(limits.get(key)) for key in ("min", "max")]
            assert found == [variable.question.minimum, variable.question.maximum]
    derived = document.findall("d:dataDscr/d:var[d:derivation]", DDI)
    assert [each.get("name") for each in derived] == [
        each.code for each in (*questionnaire.constructs, *questionnaire.indicators)
    ]
    for construct, each in zip(questionnaire.constructs, derived, strict=False):
        assert texts(each, "d:labl") == stored(construct.title)
        assert each.find("d:derivation", DDI).get("var").split() == [ids[name] for name in construct.items]


def assert_categories(element: etree._Element, scale: Scale | None, languages: tuple[str, ...]) -> None:
    options = scale.options if scale is not None else ()
    found = element.findall("d:catgry", DDI)
    assert [each.findtext("d:catValu", None, DDI) for each in found] == [option.code for option in options]
    assert [each.get("missing") for each in found] == ["Y" if option.blank else "N" for option in options]
    missing = [each.get("VALUE") for each in element.findall("d:invalrng/d:item", DDI)]
    assert missing == [option.code for option in options if option.blank]
    for option, each in zip(options, found, strict=True):
        label = texts(each, "d:labl")
        assert label.items() <= stored(option.text).items()
        assert set(label) == set(option.text) & set(languages) or set(label) == {"en"}


def test_the_shipped_questionnaire_is_told_whole(compiled, own):
    document = assert_valid(compiled, to_ddi(own).content)
    assert_tells(document, own)
    assert document.find("d:stdyDscr/d:citation/d:titlStmt/d:titl", DDI).text == own.title["nl"]
    assert document.find("d:stdyDscr/d:citation/d:titlStmt/d:parTitl", DDI).text == own.title["en"]
    assert document.findtext("d:stdyDscr/d:citation/d:verStmt/d:version", None, DDI) == own.version
    cited = [each.text for each in document.findall("d:stdyDscr/d:othrStdyMat/d:relPubl", DDI)]
    assert all(any(key in text for text in cited) for key in own.sources)


def test_groups_are_sections_arrays_and_multiple_choices(own):
    document = etree.fromstring(to_ddi(own).content)
    names = {each.get("ID"): each.get("name") for each in document.findall("d:dataDscr/d:var", DDI)}
    groups = {(each.get("type"), each.get("name")): each for each in document.findall("d:dataDscr/d:varGrp", DDI)}
    assert [name for kind, name in groups if kind == "section"] == [section.code for section in own.sections]
    contact = groups["grid", "contact"]
    assert [names[key] for key in contact.get("var").split()] == [variable.name for variable in own.of("contact")]
    section = next(s for s in own.sections if any(q.code == "contact" for q in s.questions))
    assert contact.get("ID") in groups["section", section.code].get("varGrp").split()
    assert groups["other", "performance"].get("otherType") == "score"
    multiple = [question.code for question in own.questions if question.kind == "multiple"]
    assert [name for kind, name in groups if kind == "multipleResp"] == multiple


def test_every_variable_says_where_it_comes_from(own):
    document = etree.fromstring(to_ddi(own).content)
    year = document.xpath("//d:var[@name='year']", namespaces=DDI)[0]
    notes = {(each.get("type"), each.get("subject")): each.text for each in year.findall("d:notes", DDI)}
    assert notes["source", "question"] == own.by_name["year"].question.source
    assert notes["mark", "question"] == "P"


@tries()
@given(questionnaire=questionnaires())
def test_any_questionnaire_is_valid_and_told_whole(compiled, questionnaire):
    document = assert_valid(compiled, to_ddi(questionnaire).content)
    assert_tells(document, questionnaire)


def test_java_finds_no_fault_in_random_questionnaires(schema, own, tmp_path):
    written: list[Path] = []

    @tries(min(EXAMPLES, 5))
    @given(questionnaire=questionnaires())
    def write(questionnaire: Questionnaire) -> None:
        written.append(tmp_path / f"{len(written)}.xml")
        written[-1].write_bytes(to_ddi(questionnaire).content)

    write()
    (tmp_path / "own.xml").write_bytes(to_ddi(own).content)
    assert java(schema, tmp_path / "own.xml", *written) == ""


def test_java_finds_a_reference_that_leads_nowhere(schema, own, tmp_path):
    path = tmp_path / "broken.xml"
    path.write_bytes(to_ddi(own).content.replace(b'files="F1"', b'files="F9"'))
    assert "F9" in java(schema, path)
    with pytest.raises(AssertionError):
        assert_references(etree.fromstring(path.read_bytes()))


@pytest.mark.parametrize("name", ["rse-2017-uk-core.lss", "rse-2017-za.structure.txt"])
def test_imported_questionnaires_are_told_whole(shared, compiled, name):
    questionnaire = read_limesurvey(shared / "data" / "limesurvey" / name).questionnaire
    exported = to_ddi(questionnaire)
    document = assert_valid(compiled, exported.content)
    variables = document.findall("d:dataDscr/d:var[@files]", DDI)
    assert [each.get("name") for each in variables] == [variable.name for variable in questionnaire.variables]
    for variable, each in zip(questionnaire.variables, variables, strict=True):
        assert_categories(each, variable.scale, questionnaire.languages)
        if variable.question.relevance:
            assert any(variable.question.relevance in text for text in texts(each, "d:universe").values())


def counted(root: Path, own: Questionnaire, kind: Any = "synthetic") -> tuple[Any, dict[str, VariableCounts]]:
    model = read_simulation(root / "survey" / "simulation.yml", own)
    responses = simulate(model, own, n=300, rng=np.random.default_rng(20261122)).responses
    responses = replace(responses, origin=replace(responses.origin, kind=kind))
    return responses, variable_counts(responses)


def test_counts_of_answers_stand_beside_the_categories(root, compiled, own):
    responses, counts = counted(root, own)
    document = assert_valid(compiled, to_ddi(own, counts).content)
    assert document.findtext("d:fileDscr/d:fileTxt/d:dimensns/d:caseQnty", None, DDI) == "300"
    for variable in own.variables:
        element = document.xpath("//d:var[@name=$name]", namespaces=DDI, name=variable.name)[0]
        statistics = {each.get("type"): float(each.text) for each in element.findall("d:sumStat", DDI)}
        answered = int((responses.blanks[variable.name] == "").sum())
        assert (statistics["vald"], statistics["invd"]) == (answered, 300 - answered)
        categories = {
            each.findtext("d:catValu", None, DDI): (each.get("missing"), int(each.findtext("d:catStat", None, DDI)))
            for each in element.findall("d:catgry", DDI)
        }
        assert sum(count for missing, count in categories.values() if missing == "Y") == 300 - answered
        if variable.scale is not None:
            chosen = responses.frame[variable.name].value_counts()
            assert {code: categories[code] for code in variable.scale.codes} == {
                code: ("N", int(chosen.get(code, 0))) for code in variable.scale.codes
            }
        if variable.kind == "number":
            numbers = responses.frame[variable.name]
            expected = [numbers.mean(), numbers.median(), numbers.min(), numbers.max(), numbers.std()]
            found = [statistics[key] for key in ("mean", "medn", "min", "max", "stdev")]
            assert found == pytest.approx(expected, rel=1e-9)  # ten digits are written


def test_no_count_under_five_of_real_answers_is_told(root, compiled, own):
    _, counts = counted(root, own, kind="real")
    document = assert_valid(compiled, to_ddi(own, counts).content)
    told = [int(each.text) for each in document.findall(".//d:catStat", DDI)]
    told += [int(each.text) for each in document.xpath("//d:sumStat[@type='vald' or @type='invd']", namespaces=DDI)]
    assert told
    assert all(count == 0 or count >= 5 for count in told)
    assert not document.xpath("//d:sumStat[@type='min' or @type='max']", namespaces=DDI)
    hidden = [name for name, each in counts.items() if each.valid is None or each.invalid is None]
    assert hidden, "the simulation has small counts"


def test_equal_questionnaires_make_equal_files(own):
    assert to_ddi(own).content == to_ddi(own.model_copy()).content


def test_what_xml_cannot_hold_is_left_out_and_told(compiled):
    title = Text({"en": "bell \x07 & <b>", "zh_Hans": "测试"})
    section = Section(code="one", title=title, questions=(Question(code="q", kind="text", text=title),))
    questionnaire = Questionnaire(questionnaire="q", version="1", title=title, languages=("en",), sections=(section,))
    exported = to_ddi(questionnaire)
    document = assert_valid(compiled, exported.content)
    assert texts(document, ".//d:var/d:labl") == {"en": "bell  & <b>", "zh-Hans": "测试"}
    assert [note.rule for note in exported.notes] == ["ddi-character"]


def test_what_stands_in_words_only_is_told(own):
    notes = {note.rule: str(note) for note in to_ddi(own).notes}
    assert set(notes) == {"ddi-routing"}
    assert "proximity" in notes["ddi-routing"]


def test_a_condition_that_cannot_be_read_is_refused(own):
    data = own.model_dump()
    data["sections"][0]["questions"][1]["when"] = "legal ="
    with pytest.raises(InputError, match="routing-syntax"):
        to_ddi(Questionnaire.model_validate(data))


def test_items_with_conditions_and_notes_without_answers(compiled):
    said = Text({"en": "Text"})
    items = (Item(code="a", text=said), Item(code="b", text=said, when='q1_a = "1"'))
    scale = Scale(direction="none", options=(Option(code="1", text=said), Option(code="2", text=said)))
    questions = (
        Question(code="q0", kind="note", text=said),
        Question(code="q1", kind="array", text=said, scale="s", items=items[:1]),
        Question(code="q2", kind="array", text=said, scale="s", items=items, when='q1_a != "2"'),
    )
    sections = (
        Section(code="e", title=said, questions=questions[:1]),
        Section(code="f", title=said, questions=questions[1:]),
    )
    questionnaire = Questionnaire(
        questionnaire="q", version="1", title=said, languages=("en",), scales={"s": scale}, sections=sections
    )
    document = assert_valid(compiled, to_ddi(questionnaire).content)
    assert document.xpath("//d:varGrp[@type='display']/d:labl/text()", namespaces=DDI) == ["Text"]
    assert_tells(document, questionnaire)
    forward = document.xpath("//d:var[@name='q1_a']/d:qstn/d:forward", namespaces=DDI)
    assert [(each.text, each.get("qstn")) for each in forward] == [
        ('q1_a != "2"', "Q2"), ('q1_a != "2" and q1_a = "1"', "Q3"),
    ]  # fmt: skip


def test_codes_for_blank_cells_are_named_only_where_they_occur(own):
    counts = {"legal": VariableCounts(2, 1, {"Y": 2, "-991": 1, "-992": 0})}
    document = etree.fromstring(to_ddi(own, counts).content)
    missing = document.xpath("//d:var[@name='legal']/d:invalrng/d:item/@VALUE", namespaces=DDI)
    untold = [str(code) for code in BLANK_CODES.values() if code not in (-991, -992)]
    assert missing == ["98", "-991", *untold]
    assert not document.xpath("//d:var[@name='member']//d:catgry[d:catValu='-991']", namespaces=DDI)


def test_indicators_say_how_they_are_computed(compiled, small_benchmark):
    document = assert_valid(compiled, to_ddi(small_benchmark).content)
    ids = {each.get("name"): each.get("ID") for each in document.findall("d:dataDscr/d:var", DDI)}
    found = document.xpath("//d:var[@name='private_share']", namespaces=DDI)[0]
    assert found.find("d:derivation", DDI).get("var").split() == [ids["funds_priv"], ids["funds_publ"]]
    assert found.findtext("d:derivation/d:drvcmd", None, DDI) == small_benchmark.indicators[0].formula
    assert found.findtext("d:concept", None, DDI) == "Funding"
    assert {each.get("type"): each.text for each in found.findall("d:notes", DDI)}["evidence"] == "annual account"


@pytest.fixture
def small_benchmark() -> Questionnaire:
    said = Text({"en": "What are your funds?"})
    items = tuple(Item(code=code, text=Text({"en": code})) for code in ("priv", "publ"))
    question = Question(code="funds", kind="numbers", text=said, items=items, minimum=0)
    return Questionnaire(
        questionnaire="q", version="1", title=said, languages=("en",), dimensions={"money": Text({"en": "Funding"})},
        sections=(Section(code="one", title=said, questions=(question,)),),
        indicators=(
            Indicator(code="private_share", dimension="money", title=Text({"en": "Private share"}),
                      formula="funds_priv / sum(funds_priv, funds_publ) * 100", unit=Text({"en": "per cent"}),
                      direction="none", evidence=Text({"en": "annual account"})),
        ),
    )  # fmt: skip


def test_simulated_answers_are_called_so(root: Path, compiled: etree.XMLSchema) -> None:
    shipped = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    content = to_ddi(shipped, {}, synthetic=True).content
    compiled.assertValid(etree.fromstring(content))
    said = content.decode("utf-8")
    assert said.count("SYNTHETIC: simulated answers") == 3  # two titles and the kind of data
    assert "SYNTHE" not in to_ddi(shipped).content.decode("utf-8")
