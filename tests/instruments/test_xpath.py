"""Conditions as XLSForm expressions keep their meaning: judged by libxml2 on the form that pyxform makes of them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.asking import asked_when
from clustergov.instruments.condition import Condition
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale, Section, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.xlsform import to_xlsform
from clustergov.instruments.xlsform.names import Names
from clustergov.instruments.xlsform.xpath.answers import Answers
from clustergov.instruments.xlsform.xpath.reading import read
from clustergov.instruments.xlsform.xpath.writing import Expressions, Untranslatable
from clustergov.language import Text
from questionnaire_strategy import EXAMPLES, conditions, questionnaires, tries
from xform import XForm


def words(text: str) -> Text:
    return Text({"en": text})


SCALES = {
    "yesno": Scale(
        direction="ascending",
        options=(
            Option(code="N", text=words("no")),
            Option(code="Y", text=words("yes")),
            Option(code="98", text=words("?"), blank="refused or don't know"),
        ),
    ),
    "five": Scale(
        direction="ascending",
        options=(
            *(Option(code=str(n), text=words(str(n))) for n in range(1, 6)),
            Option(code="98", text=words("?"), blank="refused or don't know"),
        ),
    ),
    "cars": Scale(direction="none", options=tuple(Option(code=c, text=words(c)) for c in "abc")),
}


def items(*codes: str) -> tuple[Item, ...]:
    return tuple(Item(code=code, text=words(code)) for code in codes)


BEFORE = (
    Question(code="legal", kind="single", scale="yesno", text=words("legal")),
    Question(code="mood", kind="single", scale="five", text=words("mood")),
    Question(code="firms", kind="number", text=words("firms")),
    Question(code="staff", kind="number", text=words("staff")),
    Question(code="why", kind="text", text=words("why")),
    Question(code="day", kind="date", text=words("day")),
    Question(code="rank", kind="ranking", scale="cars", text=words("rank"), items=items("1", "2", "3")),
    Question(code="has", kind="multiple", text=words("has"), when='legal = "Y"', items=items("cat", "dog")),
    Question(code="open", kind="multiple", text=words("open"), items=items("x", "y", "z")),
)


def questionnaire(when: str = "", **options: Any) -> Questionnaire:
    last = Question(code="last", kind="text", text=words("last"), when=when, **options)
    section = Section(code="part", title=words("part"), questions=(*BEFORE, last))
    return Questionnaire(
        questionnaire="q", version="1", title=words("q"), languages=("en",), scales=SCALES, sections=(section,)
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('legal = "Y"', "${legal} = 'Y'"),
        ('legal != "Y"', "${legal} = 'N'"),
        ("answered(legal)", "${legal} = 'N' or ${legal} = 'Y'"),
        ("answered(mood)", "${mood} != '' and ${mood} != '98'"),
        ("mood >= 4", "${mood} = '4' or ${mood} = '5'"),
        ("firms > 0 and not staff = 0", "${firms} > 0 and not(${staff} = 0)"),
        ("firms != -2.5", "${firms} != '' and ${firms} != -2.5"),
        ("answered(why)", "${why} != ''"),
        ("answered(day)", "${day} != ''"),
        ('rank_2 = "b"', "selected-at(${rank}, 1) = 'b'"),
        ('has_cat = "Y"', "selected(${has}, 'cat')"),
        ('has_cat = "N"', "${legal} = 'Y' and not(selected(${has}, 'cat'))"),
        ("answered(has_cat)", "${legal} = 'Y'"),
        ("sum(firms, mood) > 10", "round((coalesce(${firms}, 0) + if(${mood} = '98' or ${mood} = '', 0, ${mood})) - 10, 6) > 0"),
        ('count("Y", open_x, open_y) >= 1', "round((if(selected(${open}, 'x'), 1, 0) + if(selected(${open}, 'y'), 1, 0)) - 1, 6) >= 0"),
        ("firms / staff >= 2", "${staff} != 0 and round((${firms} div ${staff}) - 2, 6) >= 0"),
        ("why = \"it's\"", '${why} = "it\'s"'),
    ],
)  # fmt: skip
def test_a_condition_is_written_so(condition: str, expected: str) -> None:
    whole = questionnaire()
    assert Expressions(whole, Names(whole)).written(parse(condition)) == expected


def test_what_cannot_be_written_is_told() -> None:
    whole = questionnaire()
    expressions = Expressions(whole, Names(whole))
    with pytest.raises(Untranslatable, match="no variable “nobody”"):
        expressions.written(parse('nobody = "Y"'))
    with pytest.raises(Untranslatable, match="characters"):
        expressions.written(
            parse(f"1 / sum({', '.join(['mood'] * 300)}) > 1 or firms / sum({', '.join(['mood'] * 20)}) > 1")
        )


LEAVES = [
    'legal = "Y"', 'legal != "Y"', "answered(legal)", 'legal in ["Y", "N"]', "mood >= 4", "mood != 3", "mood in [1, 2]", "firms > 0",
    "firms != 5", "firms <= -1", "firms in [1, 5]", "answered(firms)", "answered(why)", 'why = "a b"', 'why != "a b"', "answered(day)",
    'rank_1 = "a"', 'rank_3 != "c"', "answered(rank_2)", 'has_cat = "Y"', 'has_cat = "N"', 'has_dog != "Y"', "answered(has_dog)",
    'open_x = "N"', "sum(firms, staff) = 100", "sum(firms, mood) >= 5", "firms > staff", "firms = staff", "firms != staff",
    "firms + mood > 6", "firms / staff > 2", "firms / staff != 2", "firms - staff * 2 <= 1", 'count("Y", open_x, open_y, open_z) >= 2',
    'count("Y", has_cat, open_x) = 1', "count(firms, mood, has_cat) > 1", 'count("5", mood) = 1',
]  # fmt: skip


def answers_to(whole: Questionnaire, chance: random.Random) -> tuple[dict[str, Any], dict[str, str], set[str]]:
    """Answers at random, as variables and as cells of a form, and the names of the variables that were asked."""
    known: dict[str, Any] = {}
    cells: dict[str, str] = {}
    asked: set[str] = set()
    for question in whole.questions:
        order = (
            chance.sample(
                [o.code for o in whole.scales[question.scale].options], k=len(whole.scales[question.scale].options)
            )
            if question.kind == "ranking"
            else []
        )
        ranked = chance.random() < 0.8
        for place, variable in enumerate(whole.of(question.code)):
            when = asked_when(variable)
            here = when is None or when.holds(known)
            if here:
                asked.add(variable.name)
            raw = _raw(variable, chance)
            if (
                question.kind == "multiple"
                and variable.kind == "text"
                and known.get(variable.name.removesuffix("comment")) != "Y"
            ):
                # The field for a remark on an item is there once the item is ticked.
                raw = None
            if question.kind == "ranking" and variable.kind == "choice":
                raw = order[place] if ranked and place < len(order) else None
                cells[question.code] = " ".join(order) if ranked and here else ""
            elif variable.kind == "tick":
                ticked = here and raw == "Y" and variable.item is not None
                cells[question.code] = f"{cells.get(question.code, '')} {variable.item.code if ticked else ''}".strip()
            else:
                cells[variable.name] = "" if raw is None else f"{raw:g}" if isinstance(raw, float) else raw
            blanks = {option.code for option in variable.scale.options if option.blank} if variable.scale else set()
            known[variable.name] = raw if here and raw not in blanks else None
    return known, cells, asked


def _raw(variable: Variable, chance: random.Random) -> Any:
    match variable.kind:
        case "tick":
            return chance.choice("YN")
        case "choice":
            options = variable.scale.options if variable.scale else ()
            return chance.choice([None, *(option.code for option in options)])
        case "number":
            return chance.choice([None, 0.0, 1.0, 2.5, 5.0, 33.3, 50.0, 95.0, 100.0, -1.0, -5.0])
        case "date":
            return chance.choice([None, "2026-11-22"])
        case _:
            return chance.choice([None, "a b", "it's", "7"])


@tries(EXAMPLES // 2)
@given(st.data())
def test_a_form_asks_whom_the_questionnaire_asks(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([*LEAVES, *(f"not {leaf}" for leaf in LEAVES)]), min_size=1, max_size=3))
    when = data.draw(st.sampled_from([" and ", " or "])).join(parts)
    whole = questionnaire(when)
    form = XForm(to_xlsform(whole).content)
    chance = random.Random(data.draw(st.integers(0, 10**6)))
    for _ in range(12):
        known, cells, _asked = answers_to(whole, chance)
        assert ("last" in form.answer(cells)) == parse(when).holds(known), (when, known)


@tries(EXAMPLES // 3)
@given(questionnaires(languages=("en",)), st.integers(0, 10**6))
def test_random_forms_ask_the_same_rows(whole: Questionnaire, seed: int) -> None:
    chance = random.Random(seed)
    form = XForm(to_xlsform(whole).content)
    for _ in range(6):
        _known, cells, asked = answers_to(whole, chance)
        relevant = form.answer(cells)
        for variable in whole.variables:
            question = variable.question
            if variable.kind == "tick":
                assert variable.item is not None
                shown = question.code in relevant and form.offered(question.code, variable.item.code)
            elif variable.name.endswith("comment"):
                continue
            else:
                row = question.code if question.kind == "ranking" else variable.name
                shown = row in relevant
            assert shown == (variable.name in asked), variable.name


@tries()
@given(st.data())
def test_what_is_written_is_read_with_the_same_meaning(data: st.DataObject) -> None:
    whole = data.draw(questionnaires(languages=("en",)))
    usable = [variable for variable in whole.variables if variable.kind in ("choice", "tick", "number", "text")]
    if not usable:
        return
    condition = parse(str(Condition(data.draw(conditions(usable)))))
    names = Names(whole)
    text = Expressions(whole, names).written(condition)
    found = read(text, Answers(whole.by_name, {row: code for code, row in names.answers()}))
    chance = random.Random(data.draw(st.integers(0, 10**6)))
    for _ in range(20 if found is not None else 0):
        known, _cells, _asked = answers_to(whole, chance)
        assert (found if isinstance(found, bool) else found.holds(known)) == condition.holds(known), (text, str(found))


READ = [
    ("selected(${legal}, 'Y')", 'legal = "Y"'),
    ("${legal}='Y'", 'legal = "Y"'),
    ("${legal} = ‘Y’", 'legal = "Y"'),
    ("not(${legal} = 'Y' or ${legal} = 'N')", "not answered(legal)"),
    ("${legal} != ''", None),
    ("${legal} != '' and ${legal} != '98'", "answered(legal)"),
    ("${mood} > 3 and ${mood} != '98'", 'mood in ["4", "5"]'),
    ("${mood} > 3", None),
    ("${firms} >= 15 and ${firms} <= 49 and ${legal} = 'Y'", '(firms >= 15 and firms <= 49) and legal = "Y"'),
    ("${firms} != 5", "not firms = 5"),
    ("${firms} = ''", "not answered(firms)"),
    ("18 <= ${firms}", "firms >= 18"),
    ("${firms} > ${staff}", "firms > staff"),
    ("${firms} = ${staff}", None),
    ("${firms} + ${staff} = 100", "firms + staff = 100"),
    ("coalesce(${firms}, 0) + coalesce(${staff}, 0) = 100", "sum(firms, staff) = 100"),
    ("${firms} div ${staff} > 2", None),
    ("${staff} != 0 and ${firms} div ${staff} > 2", "firms / staff > 2"),
    ("${staff} != 0 and not(${firms} div ${staff} > 2)", None),
    ("${staff} != 0 and (${firms} div ${staff} > 2 or ${legal} = 'Y')", '(firms / staff > 2 or legal = "Y") and not staff = 0'),
    ("count-selected(${open}) >= 2", 'count("Y", open_x, open_y, open_z) >= 2'),
    ("${open} = ''", 'not open_x = "Y" and not open_y = "Y" and not open_z = "Y"'),
    ("selected(${open}, 'x') and not(selected(${open}, 'y'))", 'open_x = "Y" and not open_y = "Y"'),
    ("string-length(${why}) > 0", "answered(why)"),
    ("${why} != 'a'", 'not why = "a"'),
    ("selected-at(${rank}, 0) = 'a'", 'rank_1 = "a"'),
    ("regex(${why}, '[a-z]+')", None),
    ("${day} > today()", None),
    ("once(uuid())", None),
    ("${nobody} = 'x'", None),
    ("${firms} mod 2 = 0", None),
    ("true() and ${firms} > 3", "firms > 3"),
    ("'a' = 'a'", True),
    ("1 = 2", False),
    ("yes", True),
    ("", True),
    ("${firms} >", None),
    ("(" * 100 + "1" + ")" * 100, None),
    ("${firms} = 1 or " * 5000 + "${firms} = 2", None),
    ("- " * 4000 + "1 = 1", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ)
def test_an_expression_is_read_so(text: str, expected: str | bool | None) -> None:
    whole = questionnaire()
    found = read(text, Answers(whole.by_name, {row: code for code, row in Names(whole).answers()}))
    if isinstance(expected, str):
        assert isinstance(found, Condition)
        assert str(found) == expected
    else:
        assert found is expected
