"""Every page that a respondent can meet, written to a folder as a browser would get it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.survey.service.entering import Mistake
from clustergov.survey.service.form import Form
from clustergov.survey.service.pages import KINDS, Chrome, simple_page, style

SHIPPED = ("cluster-organisation", "governance", "benchmark")


def shipped(root: Path) -> Iterator[tuple[str, Questionnaire]]:
    for name in SHIPPED:
        yield name, read_questionnaire(root / "instruments" / f"{name}.yml")


def every_kind() -> Questionnaire:
    """One question of each kind and trait, most of them compulsory."""

    def words(text: str) -> dict[str, str]:
        return {"nl": f"{text} (nl)", "en": text}

    def items(*codes: str) -> list[dict[str, object]]:
        return [{"code": code, "text": words(f"item {code}")} for code in codes]

    def scale(direction: str, *codes: str) -> dict[str, object]:
        options: list[dict[str, object]] = [{"code": code, "text": words(f"option {code}")} for code in codes]
        return {"direction": direction, "options": options}

    once = {"required": True}
    questions: list[dict[str, object]] = [
        {"code": "note", "kind": "note", "help": words("A note has a help text too.")},
        {"code": "single", "kind": "single", "scale": "few", "other": True, "comment": True, **once},
        {"code": "chance", "kind": "single", "scale": "few", "random_order": True, "other": True},
        {"code": "list", "kind": "single", "scale": "many", "help": words("Long lists open."), **once},
        {"code": "multiple", "kind": "multiple", "items": items("a", "b"), "other": True, "comment": True, **once},
        {"code": "grid", "kind": "array", "scale": "points", "items": items("a", "b"), "random_order": True, **once},
        {"code": "dual", "kind": "array", "scale": "points", "items": [
            {"code": "a", "text": words("first")}, {"code": "b", "text": words("second"), "scale": "yes"}]},
        {"code": "wide", "kind": "array", "scale": "many", "items": items("a", "b")},
        {"code": "ranking", "kind": "ranking", "scale": "few", "items": items("1", "2"), **once},
        {"code": "number", "kind": "number", "minimum": 0, "maximum": 10, "unit": words("euro"), **once},
        {"code": "shares", "kind": "numbers", "items": items("a", "b"), "minimum": 0, "maximum": 100, "total": 100,
         "unit": words("per cent"), **once},
        {"code": "story", "kind": "text", "help": words("In your own words."), **once},
        {"code": "texts", "kind": "texts", "items": items("a", "b"), **once},
        {"code": "date", "kind": "date", **once},
    ]  # fmt: skip
    for question in questions:
        question["text"] = words(f"Question {question['code']}?")
    content = {
        "questionnaire": "every",
        "version": "1",
        "title": words("Every kind"),
        "languages": ["nl", "en"],
        "text": words("Welcome."),
        "closing": words("Goodbye."),
        "scales": {
            "few": scale("none", "A", "B", "other"),
            "points": scale("ascending", "1", "2", "3", "4"),
            "yes": scale("ascending", "N", "Y"),
            "many": scale("none", *(f"c{number}" for number in range(1, 20))),
        },
        "sections": [{"code": "s", "title": words("Section"), "text": words("About it."), "questions": questions}],
    }
    return Questionnaire.model_validate(content)


def wrong(form: Form, number: int) -> dict[str, list[str]]:
    """A form in which every field that can be wrong is."""
    return {name: ["\N{SNOWMAN} " * 6000] for name in form.screens[number - 1].fields}


def some(form: Form) -> dict[str, str]:
    """An answer to everything, so that as much as possible is asked."""
    answers = {}
    for variable in form.questionnaire.variables:
        codes = variable.scale.codes if variable.scale is not None else ()
        plain = {"number": "12.5", "date": "2026-03-01", "text": 'She said: "<b>", twice'}
        answers[variable.name] = codes[-1] if codes else plain.get(variable.kind, "x")
    return answers


def chrome(language: str, languages: tuple[str, ...]) -> Chrome:
    return Chrome(
        action="/answer", hidden={"csrf": "c5f", "key": "a1b2"}, style="style.css",
        languages={each: f"?language={each}" for each in languages}, notices=(), seed="respondent",
    )  # fmt: skip


def screens(name: str, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Name and content of each screen: as it is first seen, filled in, and with mistakes."""
    for paging in ("section", "survey"):
        form = Form(questionnaire, paging)  # type: ignore[arg-type]  # one of the three
        answers = some(form)
        for language in form.languages:
            for number in range(1, form.end + 1):
                around = chrome(language, form.languages)
                states: dict[str, tuple[dict[str, str], dict[str, str], tuple[Mistake, ...]]] = {
                    "plain": ({} if number == 1 else answers, {}, ())
                }
                if paging == "section" and number < form.end:
                    entered = form.enter(number, wrong(form, number), answers)
                    states["filled"] = (answers, {}, ())
                    states["errors"] = (entered.answers, entered.drafts, entered.mistakes)
                for state, (stored, drafts, mistakes) in states.items():
                    page = form.page(number, language, stored, drafts, mistakes, around)
                    yield f"{name}-{paging}-{number}-{language}-{state}", page


def simple_pages() -> Iterator[tuple[str, str]]:
    closing = Text({"nl": "Tot ziens.\nEn bedankt.", "en": "Goodbye.\nAnd thank you."})
    for kind in KINDS:
        for language in ("nl", "en"):
            page = simple_page(
                kind, language, title="Clusterorganisaties", style="style.css", languages={"nl": "?l=nl", "en": "?l=en"},
                text=closing if kind == "thanks" else None, receipt="7Q2M-K4" if kind == "thanks" else "",
                link="https://survey.example.org/r/0123456789abcdefghijklmnop" if kind == "saved" else "",
                back="" if kind == "thanks" else "/", contact="onderzoek@example.org",
            )  # fmt: skip
            yield f"simple-{kind}-{language}", page


def write_all(root: Path, folder: Path) -> list[Path]:
    """All pages of the shipped questionnaires, of one with every kind of question, and the pages without questions."""
    (folder / "style.css").write_bytes(style())
    pages = [*simple_pages(), *screens("every", every_kind())]
    for name, questionnaire in shipped(root):
        pages += screens(name, questionnaire)
    for name, content in pages:
        (folder / f"{name}.html").write_text(content, encoding="utf-8")
    return [folder / f"{name}.html" for name, _ in pages]
