"""Respondents of the embedded service without a browser: honest ones, careless ones, and those who mean harm."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.service.form import Form
from clustergov.survey.service.screens import Field, Posed

HOSTILE = (
    "", " ", "\x00", "a\x00b", "\ud800", "x\udfff", "\ufeff", "\u200b\u200b", "<script>alert(1)</script>", "' OR 1=1 --", "=1+1",
    "1.234", "1,234", "1.234.567", "1 000", "٣", "1e309", "inf", "-0", "0x10", "+5", "12,5", "12.5", "-3", "999999999999999999",
    "2026-02-30", "31-12-2026", "03/04/2026", "0001-01-01", "9999-12-31", "Y", "N", "98", "-oth-", "\r\n\r\n", "x" * 12_000,
    "日本 🙂", "\u202eabc", "n/a", "12%", "\N{MINUS SIGN}4", "{{ 7*7 }}", "${x}", "%s", "../../etc/passwd", "a\tb\nc",
)  # fmt: skip
"""What somebody might post for anything; not “NA”, which files of responses read as no answer."""


def without_files(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire without what the service refuses to ask."""
    sections = tuple(
        section.model_copy(update={"questions": tuple(q for q in section.questions if q.kind != "file")})
        for section in questionnaire.sections
    )
    return questionnaire.model_copy(update={"sections": sections})


def hostile(form: Form, number: int, rng: random.Random) -> dict[str, list[str]]:
    """Anything at all, for fields of this screen and of others, known and unknown."""
    names = [
        *(v.name for v in form.questionnaire.variables),
        "move",
        "constructor",
        "__proto__",
        "",
        "q1[]",
        "a" * 5000,
    ]
    codes = [code for posed in _posed(form) for field in posed.fields for code in sorted(field.codes)]
    chosen = rng.sample(names, rng.randint(0, len(names)))
    posted = {name: [rng.choice((*HOSTILE, *codes)) for _ in range(rng.randint(0, 3))] for name in chosen}
    return posted | {"move": [rng.choice(("next", "previous", "save", "submit", "no move"))]}


def careless(form: Form, number: int, rng: random.Random, answers: Mapping[str, str]) -> dict[str, list[str]]:
    """Mostly what is asked, now and then something else."""
    posted = honest(form, number, rng, answers)
    for name in posted:
        if name != "move" and rng.random() < 0.15:
            posted[name] = [rng.choice(HOSTILE)]
    return posted


def honest(form: Form, number: int, rng: random.Random, answers: Mapping[str, str]) -> dict[str, list[str]]:
    """Answers that the questions of a screen allow; constraints are not minded."""
    posted: dict[str, list[str]] = {"move": ["next"]}
    for posed in form.screens[number - 1].posed:
        posted |= {name: [value] for name, value in _answered(posed, rng).items()}
    return posted


def _posed(form: Form) -> list[Posed]:
    return [posed for screen in form.screens for posed in screen.posed]


def _answered(posed: Posed, rng: random.Random) -> dict[str, str]:
    question = posed.question
    fields = [field for field in posed.fields if field.role == "answer"]
    if question.kind == "ranking":
        codes = sorted(fields[0].codes)
        return dict(zip((field.name for field in fields), rng.sample(codes, len(codes)), strict=False))
    if question.total is not None:
        return {field.name: f"{question.total:g}" if place == 0 else "" for place, field in enumerate(fields)}
    if question.kind == "multiple":
        ticked = {field.name: "Y" for field in fields if rng.random() < 0.5}
        return ticked or {fields[0].name: "Y"}
    return {field.name: _one(posed, field, rng) for field in fields}


def _one(posed: Posed, field: Field, rng: random.Random) -> str:
    question = posed.question
    if field.kind == "choice":
        return rng.choice(sorted(field.codes))
    if field.kind == "date":
        return rng.choice(("2026-03-01", "31-12-2025", "1.2.2024"))
    if field.kind == "text":
        return rng.choice(('Één; "twee" & <drie>, 100 % {vier}', "=cmd", "two\nlines"))
    low = question.minimum if question.minimum is not None else -4.0
    high = question.maximum if question.maximum is not None else max(low, 60.0)
    number = rng.uniform(low, high)
    if question.integer or rng.random() < 0.5:
        return str(min(int(high), max(int(low), round(number))))
    return f"{number:.2f}".replace(".", rng.choice(".,"))


def write_rows(rows: Sequence[tuple[Mapping[str, str], bool]], questionnaire: Questionnaire, path: Path) -> Path:
    """Stored answers as a file of responses: id, complete, and every variable."""
    names = [variable.name for variable in questionnaire.variables]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "complete", *names])
        for number, (answers, complete) in enumerate(rows, 1):
            cells = [answers.get(name, "") for name in names]
            writer.writerow([f"r{number}", "yes" if complete else "no", *cells])
    return path
