"""Where respondents stop, counted by hand and held against the reasons that the reader gives for blank cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.service.dropout import overview
from clustergov.survey.service.export import to_csv
from clustergov.survey.service.screens import cut
from clustergov.survey.service.storage import Stored
from clustergov.survey.synthetic.answer_sheets import answer_sheets


def row(
    answers: dict[str, str], screen: int, *, submitted: str = "", begun: str = "2026-11-01", language: str = "en"
) -> Stored:
    return Stored("r", "", None, language, begun, begun, submitted, screen, 1, answers, {})


def test_counts_by_hand(small: Questionnaire) -> None:
    """Screens: 1 field and legal, 2 board (by legal), 3 tools and funding, 4 contact, year and remarks."""
    rows = [
        row(
            {"field": "water", "legal": "N", "tools_mail": "Y", "tools_phone": "N", "year": "1999"},
            4,
            submitted="2026-11-02",
        ),
        row(
            {"field": "water", "legal": "Y", "board_priv": "3", "tools_mail": "N", "tools_phone": "N"}, 4, language="nl"
        ),
        row({"field": "water"}, 1, begun="2026-11-02"),
        row({"field": "water", "legal": "98"}, 3),
        row({}, 1),
    ]
    found = overview(cut(small, "section"), rows)
    told = {each.question.code: (each.saw, each.answered, each.left_open, each.stopped) for each in found.questions}
    assert told == {
        "field": (5, 4, 1, 1),
        "legal": (5, 3, 2, 1),
        "board": (1, 1, 0, 0),
        "tools": (3, 1, 2, 1),
        "funding": (3, 0, 3, 0),
        "contact": (2, 0, 2, 1),
        "year": (2, 1, 1, 0),
        "remarks": (2, 0, 2, 0),
    }
    assert sum(each.stopped for each in found.questions) == 4, "everybody who did not submit stopped somewhere"
    assert found.days == [("2026-11-01", 4, 0), ("2026-11-02", 1, 1)]
    assert found.languages == {"en": 4, "nl": 1}


def test_an_option_that_is_no_substantive_answer_is_an_answer_here_and_routes_nobody(small: Questionnaire) -> None:
    [field, legal, board, *_] = overview(cut(small, "section"), [row({"legal": "98"}, 2)]).questions
    assert (field.saw, legal.answered, board.saw) == (1, 1, 0)


def test_stopped_on_a_page_where_everything_was_answered(small: Questionnaire) -> None:
    [_, legal, *_] = overview(cut(small, "section"), [row({"field": "water", "legal": "N"}, 1)]).questions
    assert legal.stopped == 1


def test_no_responses(small: Questionnaire) -> None:
    found = overview(cut(small, "section"), [])
    assert [each.saw for each in found.questions] == [0] * 8
    assert found.days == []


def test_who_saw_and_answered_agrees_with_the_readers_reasons_for_blanks(root: Path, tmp_path: Path) -> None:
    """Of those who submitted, per question: saw = not passed by, answered = some cell with an answer."""
    questionnaire = read_questionnaire(root / "instruments" / "benchmark.yml")
    screens = cut(questionnaire, "section")
    sheets = answer_sheets(questionnaire, 25, np.random.default_rng(7), stopping=0.0)
    rows = [
        Stored(f"r{place:03}", "", None, sheet["language"], "2026-11-01", "2026-11-01", "2026-11-01", len(screens), 1, sheet["answers"], {})
        for place, sheet in enumerate(sheets)
    ]  # fmt: skip
    (tmp_path / "all.csv").write_bytes(b"".join(to_csv(questionnaire, screens, rows)))
    responses = read_responses(tmp_path / "all.csv", questionnaire, strict=True)
    for counted in overview(screens, rows).questions:
        names = [v.name for v in questionnaire.of(counted.question.code) if not v.name.endswith(("_other", "_comment"))]
        blanks = responses.blanks[names]
        # “not applicable” is also an option of some scales, and then an answer.
        given = [[name in row.answers for name in names] for row in rows]
        passed = ((blanks == Blank.NOT_APPLICABLE.value) & ~np.array(given)).all(axis=1)
        assert counted.saw == (~passed).sum(), counted.question.code
        if counted.question.kind != "multiple":
            assert counted.answered == np.array(given).any(axis=1).sum(), counted.question.code
