"""The overview counts every cell of every variable once, shows texts by number only, and hides small cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.description.overview import overview
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Blank, Item, Option, Question, Questionnaire, Scale, Section
from clustergov.language import LANGUAGES, Text
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import ColumnMatch

N = 40
SECRET = "Ik werk bij een herkenbare organisatie"


def text(words: str) -> Text:
    return Text({"nl": words, "en": words})


def scale(direction: str, *codes: str) -> Scale:
    return Scale(direction=direction, options=tuple(Option(code=c, text=text(f"optie {c}")) for c in codes))  # type: ignore[arg-type]  # a test's word


def items(*codes: str, scale_name: str = "") -> tuple[Item, ...]:
    return tuple(Item(code=code, text=text(f"item {code}"), scale=scale_name) for code in codes)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    questions = (
        Question(code="sector", kind="single", text=text("Sector"), scale="sectors", other=True, comment=True),
        Question(code="use", kind="array", text=text("Gebruik"), scale="often", items=items("a", "b", "c")),
        Question(code="dual", kind="array", text=text("Twee schalen"), scale="often",
                 items=items("a") + items("b", scale_name="sectors")),
        Question(code="tool", kind="multiple", text=text("Middel"), items=items("x", "y"), other=True),
        Question(code="age", kind="number", text=text("Leeftijd")),
        Question(code="first", kind="ranking", text=text("Volgorde"), scale="sectors", items=items("1", "2")),
        Question(code="started", kind="date", text=text("Begin")),
        Question(code="remarks", kind="text", text=text("Opmerking")),
        Question(code="thanks", kind="note", text=text("Dank")),
    )  # fmt: skip
    return Questionnaire(
        questionnaire="t", version="1", title=text("T"), languages=("nl", "en"),
        scales={"sectors": scale("none", "p", "q", "r"), "often": scale("ascending", "1", "2", "3")},
        sections=(Section(code="s", title=text("Deel"), questions=questions),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def responses(questionnaire, respond):
    rng = np.random.default_rng(6)
    pick = lambda codes: rng.choice(codes, N)  # noqa: E731
    frame = pd.DataFrame(
        {
            "sector": ["p"] * 20 + ["q"] * 14 + ["r"] * 2 + [None] * 4,
            "sector_other": [SECRET] + [None] * (N - 1),
            "use_a": pick(["1", "2", "3"]), "use_b": pick(["1", "2", "3"]), "use_c": pick(["1", "2", "3"]),
            "dual_a": pick(["1", "2"]), "dual_b": pick(["p", "q"]),
            "tool_x": pick(["N", "Y"]), "tool_y": ["Y"] * 3 + ["N"] * 37, "tool_other": [SECRET] * 7 + [None] * 33,
            "age": [float(age) for age in range(20, 20 + N)],
            "first_1": pick(["p", "q", "r"]), "first_2": pick(["p", "q", "r"]),
            "started": ["2020-01-01"] * 12 + [None] * 28, "remarks": [SECRET] * 3 + [None] * 37,
        }
    )  # fmt: skip
    made = respond(questionnaire, frame, kind="real")
    blanks = made.blanks.copy()
    blanks.loc[["r36", "r37"], "sector"] = Blank.NOT_RECORDED.value
    unlisted = pd.DataFrame({"respondent": ["r36"], "variable": ["sector"], "value": [SECRET]}, dtype="str")
    return replace(made, blanks=blanks, unlisted=unlisted)


def test_input_is_unchanged_and_every_variable_stands_once(questionnaire, responses) -> None:
    before, blanks = responses.frame.copy(deep=True), responses.blanks.copy(deep=True)
    found = overview(responses)
    pd.testing.assert_frame_equal(responses.frame, before)
    pd.testing.assert_frame_equal(responses.blanks, blanks)
    assert sorted(found.variables) == sorted(variable.name for variable in questionnaire.variables)
    assert len(set(found.variables)) == len(found.variables)
    kinds = {(s.question.code, s.kind) for s in found.summaries}
    assert kinds == {
        ("sector", "choice"), ("sector", "answers"), ("use", "array"), ("dual", "array"), ("tool", "ticks"),
        ("tool", "answers"), ("age", "numbers"), ("first", "ranking"), ("started", "answers"), ("remarks", "answers"),
    }  # fmt: skip
    assert len(found.of("dual")) == 2


def test_cells_add_up_to_the_respondents(responses) -> None:
    for summary in overview(responses).summaries:
        assert (summary.answered + summary.blanks.sum(axis=1) == N).all()
        if summary.counts.shape[1]:
            assert (summary.counts.sum(axis=1) + summary.unlisted == summary.answered).all()
            assert summary.hidden == 0


def test_counts_are_those_of_the_frame(responses) -> None:
    found = overview(responses)
    choice = found.of("sector")[0]
    assert choice.counts.loc["sector"].to_dict() == {"p": 20, "q": 14, "r": 2}
    assert choice.unlisted["sector"] == 1
    assert choice.shares.loc["sector", "p"] == pytest.approx(20 / 37)
    assert choice.blanks.loc["sector"].to_dict()[Blank.NOT_RECORDED.value] == 1
    assert choice.blanks.loc["sector"].to_dict()[Blank.SKIPPED.value] == 2
    use = found.of("use")[0]
    for name in ("use_a", "use_b", "use_c"):
        assert use.counts.loc[name].to_dict() == responses.frame[name].value_counts().to_dict()
    numbers = found.of("age")[0].statistics.loc["age"]
    assert numbers["n"] == N
    assert numbers.drop("n").to_list() == pytest.approx([39.5, np.std(range(N), ddof=1), 20, 29.75, 39.5, 49.25, 59])
    assert found.of("remarks")[0].answered["remarks"] == 3


def test_the_frame_holds_every_number_and_no_text(responses) -> None:
    found = overview(responses)
    table = found.frame()
    assert set(table["part"]) == {"option", "unlisted", "answered", "blank", "statistic"}
    assert set(table["variable"]) == set(found.variables)
    options = table[(table["part"] == "option") & (table["variable"] == "sector")]
    assert dict(zip(options["code"], options["value"], strict=True)) == {"p": 20, "q": 14, "r": 2}
    everything = table.to_csv() + "".join(found.sentence(language) for language in LANGUAGES)
    everything += "".join(s.sentence(language) for s in found.summaries for language in LANGUAGES)
    assert SECRET not in everything
    assert found.unlisted.empty  # one person's own words


def test_small_cells_are_hidden_with_one_to_hide_behind(responses) -> None:
    found = overview(responses, minimum=5)
    table = found.frame()
    counts = table[table["part"] != "statistic"]["value"].dropna()
    assert not ((counts > 0) & (counts < 5)).any()
    sector = found.of("sector")[0].counts.loc["sector"]
    assert np.isnan(sector["r"])
    assert sector["p"] == 20
    ticks = found.of("tool")[0].counts
    assert ticks.loc["tool_y"].isna().all()
    assert ticks.loc["tool_x"].notna().all()
    assert np.isnan(found.of("remarks")[0].answered["remarks"])
    assert found.of("started")[0].answered["started"] == 12
    numbers = found.of("age")[0].statistics.loc["age"]
    assert numbers[["minimum", "maximum"]].isna().all()
    assert numbers[["n", "mean", "sd", "median", "lower quartile"]].notna().all()
    assert sum(summary.hidden for summary in found.summaries) > 0
    assert "5" in found.sentence("nl")


@pytest.mark.parametrize(
    ("n", "shown"),
    [(4, []), (5, ["n", "mean", "sd"]), (10, ["n", "mean", "sd", "median"]),
     (20, ["n", "mean", "sd", "median", "lower quartile", "upper quartile"])],
)  # fmt: skip
def test_statistics_need_enough_numbers(n: int, shown: list[str], questionnaire, respond) -> None:
    frame = pd.DataFrame({"age": [float(i) for i in range(n)] + [np.nan] * (N - n)})
    statistics = overview(respond(questionnaire, frame), minimum=5).of("age")[0].statistics.loc["age"]
    assert sorted(statistics.dropna().index) == sorted(shown)


def test_repeated_unlisted_values_are_shown_they_were_recoded(responses) -> None:
    repeated = pd.DataFrame(
        {"respondent": [f"r{i}" for i in range(6)], "variable": "sector", "value": "Overig"}, dtype="str"
    )
    found = overview(replace(responses, unlisted=repeated), minimum=5)
    assert found.unlisted.to_dict("records") == [{"variable": "sector", "value": "Overig", "n": 6}]


def test_variables_without_a_column_are_named(responses) -> None:
    columns = (ColumnMatch(1, "sector", "sector", "sector", "", "code", ""),)
    found = overview(replace(responses, origin=replace(responses.origin, columns=columns)))
    assert found.variables == ("sector",)
    assert "use_a" in found.absent
    assert "use_a" in found.sentence("nl")


def test_words(responses) -> None:
    for minimum in (None, 5):
        for summary in overview(responses, minimum=minimum).summaries:
            for language in LANGUAGES:
                assert all(variable.label[language] in summary.sentence(language) for variable in summary.variables)
                columns = [*summary.counts, *summary.blanks, *summary.statistics, "answered", "unlisted"]
                assert all(summary.heading(column)[language] for column in columns)
    choice, beside = overview(responses).of("sector")
    assert [beside.label(variable)["nl"] for variable in beside.variables] == [
        "Sector (anders)",
        "Sector (toelichting)",
    ]
    assert choice.label(choice.variables[0]) == text("Sector")
    assert "gemiddelde 39,5" in overview(responses).of("age")[0].sentence("nl")
    assert "optie p" in overview(responses).of("sector")[0].sentence("nl")


def test_no_respondents(questionnaire, respond) -> None:
    empty = respond(questionnaire, pd.DataFrame({"sector": pd.Series([], dtype="str")}))
    found = overview(empty, minimum=5)
    assert found.n == 0
    assert found.sentence("nl")
    assert len(found.frame())


REAL = [
    ("rse-2017-za.structure.txt", "rse-2017-za.responses.csv"),
    ("rse-2017-uk-core.lss", "rse-2017-uk.responses.csv"),
]


@pytest.mark.parametrize(("structure", "answers"), REAL)
def test_every_matched_column_of_a_real_survey_stands_once(structure: str, answers: str, shared: Path) -> None:
    folder = shared / "data" / "limesurvey"
    responses = read_responses(folder / answers, read_limesurvey(folder / structure).questionnaire, strict=False)
    found = overview(responses, minimum=5)
    matched = [match.variable for match in responses.origin.columns if match.variable]
    assert sorted(found.variables) == sorted(matched)
    assert len(matched) > 100
    table = found.frame()
    shown = table[table["part"] != "statistic"]["value"].dropna()
    assert not ((shown > 0) & (shown < 5)).any()
    whole = overview(responses)
    for summary in whole.summaries:
        assert (summary.answered + summary.blanks.sum(axis=1) == responses.n).all(), summary.question.code
        assert (summary.blanks >= 0).all(axis=None)
    texts = [v.name for v in responses.questionnaire.variables if v.kind == "text" and v.name in matched]
    words = {word for name in texts for word in responses.frame[name].dropna() if len(word) > 25}
    written = table.to_csv() + " ".join(s.sentence("en") for s in found.summaries)
    assert words
    assert not [word for word in words if word in written]
