"""What one page costs on one core: 40 questions with 108 fields, written, taken in and looked through, against escaping it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from html import escape

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.service.form import Form
from clustergov.survey.service.pages import Chrome

KINDS = ("single", "array", "number", "numbers", "text", "multiple", "array", "single", "single", "single")
ROWS = {1: 8, 3: 4, 5: 5, 6: 4}


def forty() -> Questionnaire:
    def words(text: str) -> dict[str, str]:
        return {"nl": f"{text}, hoeveel?", "en": f"{text}, how much?"}

    options = [{"code": str(code), "text": words(f"option {code}")} for code in range(1, 6)]
    questions: list[dict[str, object]] = []
    for number in range(40):
        kind = KINDS[number % 10]
        question: dict[str, object] = {"code": f"q{number}", "kind": kind, "text": words(f"Question {number}")}
        if kind in ("single", "array"):
            question["scale"] = "five"
        if rows := ROWS.get(number % 10):
            question["items"] = [{"code": f"i{row}", "text": words(f"item {row}")} for row in range(rows)]
        questions.append(question | ({"total": 100, "minimum": 0} if kind == "numbers" else {}))
    content = {
        "questionnaire": "forty",
        "version": "1",
        "title": words("Forty"),
        "languages": ["nl", "en"],
        "scales": {"five": {"direction": "ascending", "options": options}},
        "sections": [{"code": "s", "title": words("All"), "questions": questions}],
    }
    return Questionnaire.model_validate(content)


def milliseconds(work: Callable[[], object], times: int = 200) -> float:
    """Of this process alone, the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - start) / times * 1000)
    return best


def test_one_page_of_forty_questions() -> None:
    questionnaire = forty()
    form, rng = Form(questionnaire, "survey"), random.Random(1)
    values = {"choice": "3", "tick": "Y", "number": "25", "text": "some words, é"}
    posted = {variable.name: [values[variable.kind]] for variable in questionnaire.variables}
    entered = form.enter(1, posted, {})
    assert not entered.mistakes
    chrome = Chrome("/", {"csrf": "a"}, languages={"nl": "/nl", "en": "/en"}, seed="r")

    def anybody() -> str:
        answers = {name: rng.choice("12345") if value == "3" else value for name, value in entered.answers.items()}
        return form.page(1, "nl", answers, {}, (), chrome)

    empty = form.page(1, "nl", {}, {}, (), chrome)
    baseline = milliseconds(lambda: escape(empty))
    for what, work in (
        ("page, nothing answered", lambda: form.page(1, "nl", {}, {}, (), chrome)),
        ("page, answers of anybody", anybody),
        ("taking in a page", lambda: form.enter(1, posted, {})),
        ("looking through before it counts", lambda: form.submission(entered.answers)),
    ):
        took = milliseconds(work)
        print(f"{what}: {took:.2f} ms, {took / baseline:.1f} × escaping {len(empty) / 1000:.0f} kB")
