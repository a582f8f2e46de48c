"""A mistake of form in one place does not hide mistakes elsewhere, and accuses nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from clustergov.instruments.check import check

# Line: what stands there. Two mistakes of content, at lines 12 and 22, that every broken form below must leave visible.
TEXT = """\
questionnaire: trial
version: 1
title: {en: Trial}
languages: [en]
sources:
  book: {citation: A book.}
scales:
  five:
    direction: ascending
    source: book, p. 1
    mark: D
    options: [{code: toolong, text: {en: a}}, {code: b, text: {en: b}}]
sections:
  - code: first
    title: {en: First}
    questions:
      - code: one
        kind: single
        scale: five
        text: {en: Question}
      - code: two
        when: one = (
        kind: number
        text: {en: Question}
      - code: three
        kind: array
        scale: five
        text: {en: Question}
        items: [{code: x, text: {en: x}}]
constructs:
  - code: mean
    title: {en: Mean}
    items: [one, three_x]
    minimum valid: 1
"""
CONTENT = {("answer-code", 12), ("routing-syntax", 22)}

BROKEN = [
    # what is replaced, by what, rules and lines of the form's mistakes
    ("title: {en: Trial}", "title: Trial", {("value-error", 3)}),
    ("title: {en: Trial}", "titel: {en: Trial}", {("unknown-key", 3), ("missing-key", 1)}),
    ("version: 1", "text: no", {("missing-key", 1), ("value-error", 2)}),
    ("citation: A book.", "author: A. Writer", {("missing-key", 6), ("unknown-key", 6)}),
    ("kind: array", "kind: matrix", {("literal-error", 26)}),
    ("kind: array\n        scale: five", "kind: array\n        scal: five", {("unknown-key", 27)}),
    ("items: [{code: x, text: {en: x}}]", "item: [{code: x, text: {en: x}}]", {("unknown-key", 29)}),
    ("items: [{code: x, text: {en: x}}]", "items: x", {("tuple-type", 29)}),
    ("{code: x, text: {en: x}}", "{text: {en: x}}", {("missing-key", 29)}),
    ("minimum valid: 1", "minimum valid: few", {("int-parsing", 34)}),
    ("items: [one, three_x]", "items: one", {("tuple-type", 33)}),
    ("constructs:", "dimensions: {whole: Whole}\nconstructs:", {("value-error", 30)}),
    (
        "constructs:",
        "dimensions: {whole: {en: Whole}}\nindicators:\n  - {code: i, dimension: whole, formula: two}\nconstructs:",
        {("missing-key", 32)},
    ),
]


@pytest.mark.parametrize(("old", "new", "form"), BROKEN, ids=[new for _, new, _ in BROKEN])
def test_both_kinds_are_told_and_nothing_else(tmp_path, old, new, form):
    assert old in TEXT
    file = tmp_path / "broken.yml"
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    questionnaire, problems = check(file)
    assert questionnaire is None
    assert {(problem.rule, problem.line) for problem in problems} == form | CONTENT


def told(folder: Path, text: str) -> set[tuple[str, int | None]]:
    file = folder / "broken.yml"
    file.write_text(text, encoding="utf-8")
    return {(problem.rule, problem.line) for problem in check(file)[1]}


def test_a_part_that_cannot_be_mended_takes_its_own_content_along(tmp_path):
    text = TEXT.replace("    options:", "    option:")
    assert told(tmp_path, text) == {("unknown-key", 12), ("missing-key", 8), ("routing-syntax", 22)}
    text = TEXT.replace("    questions:\n", "    questions: x\n    text: {en: x}\n    spare:\n")
    assert ("answer-code", 12) in told(tmp_path, text)


MENDED = [
    # one value of the wrong form in a question that has other mistakes: what it becomes, and its mistake
    ("kind: single", "kind: singel", "literal-error"),
    ("kind: single", "kind: choice", "literal-error"),
    ("kind: single", "kind: single\n        minimum: 0,5", "float-parsing"),
    ("kind: single", "kind: single\n        required: ja", "bool-parsing"),
    ("kind: single", "kind: single\n        mark: Z", "literal-error"),
    ("kind: single", "kind: single\n        help: x", "value-error"),
    ("kind: single", "kind: single\n        requird: true", "unknown-key"),
]


@pytest.mark.parametrize(("old", "new", "rule"), MENDED, ids=[new for _, new, _ in MENDED])
def test_one_wrong_value_hides_nothing_else_of_its_question(tmp_path, old, new, rule):
    text = TEXT.replace("      - code: one\n", "      - code: o-ne\n").replace(
        "scale: five\n        text", "scale: six\n        text", 1
    )
    text = text.replace("when: one = (", "when: two > 1 and")
    line = 18 + new.count("\n")
    assert told(tmp_path, text.replace(old, new, 1)) - CONTENT == {
        ("question-code", 17), (rule, line), ("unknown-scale", line + 1),
    } | ({("routing-syntax", 23)} if line > 18 else set())  # fmt: skip


def test_what_looks_at_a_question_in_doubt_is_not_judged_and_the_rest_is(tmp_path):
    text = TEXT.replace("kind: single", "kind: zzz").replace("when: one = (", "when: one > 1 and one_x = 3")
    assert told(tmp_path, text) == {("literal-error", 18), ("answer-code", 12)}
    text = TEXT.replace("kind: array", "kind: zzz").replace("when: one = (", 'when: one = "q"')
    assert told(tmp_path, text) == {("literal-error", 26), ("answer-code", 12), ("routing-unknown-code", 22)}


def test_a_broken_direction_or_title_hides_nothing(tmp_path):
    assert told(tmp_path, TEXT.replace("direction: ascending", "direction: up")) == {("literal-error", 9)} | CONTENT
    text = TEXT.replace("    title: {en: First}\n", "")
    assert told(tmp_path, text) == {("missing-key", 14), ("answer-code", 12), ("routing-syntax", 21)}


@pytest.mark.parametrize("languages", ["en", "{en: true}", ""])
def test_languages_of_the_wrong_form_hide_nothing(tmp_path, languages):
    text = TEXT.replace("languages: [en]", f"languages: {languages}")
    assert told(tmp_path, text) == {("tuple-type", 4)} | CONTENT


def test_a_text_cut_off_by_a_remark_is_told(tmp_path):
    text = TEXT.replace("when: one = (\n        kind: number\n        text: {en: Question}", (
        "kind: number\n        text:\n          en: Question #1 how many"
    )).replace("toolong", "long")  # fmt: skip
    file = tmp_path / "remark.yml"
    file.write_text(text, encoding="utf-8")
    questionnaire, problems = check(file)
    assert questionnaire is not None
    found = [problem for problem in problems if problem.rule == "yaml-comment-in-text"]
    assert [(problem.line, problem.severity) for problem in found] == [(24, "warning")]
    assert "“#1 how many”" in found[0].message
    file.write_text(text.replace("Question #1 how many", '"Question #1 how many" # asked of all'), encoding="utf-8")
    assert "yaml-comment-in-text" not in {problem.rule for problem in check(file)[1]}


def test_a_version_is_kept_as_it_is_written(tmp_path):
    file = tmp_path / "version.yml"
    file.write_text(TEXT.replace("version: 1", "version: 1.10").replace("when: one = (", "when: answered(one)"))
    questionnaire, _ = check(file)
    assert questionnaire is not None
    assert questionnaire.version == "1.10"


@pytest.mark.parametrize("text", ["- a\n", "word\n", "languages: nl\n", "languages: [nl]\nsections: 3\n", "a: 1\n"])
def test_what_is_no_questionnaire_is_told_as_such(tmp_path, text):
    file = tmp_path / "broken.yml"
    file.write_text(text, encoding="utf-8")
    questionnaire, problems = check(file)
    assert questionnaire is None
    assert problems
    assert {problem.rule for problem in problems} <= {"model-type", "missing-key", "unknown-key", "tuple-type"}


def spoil(value: Any, data: some.DataObject) -> Any:
    """Walk down at random and put something odd there, or take a key away."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not keys or data.draw(some.integers(0, 5)) == 0:
        return data.draw(some.sampled_from([None, 3, "x", [], {}, [{}], {"en": ""}, True, ["a", 1]]))
    key = data.draw(some.sampled_from(keys))
    if isinstance(value, dict) and data.draw(some.integers(0, 5)) == 0:
        other = data.draw(some.sampled_from(["spare", *value]))
        return {other if each == key else each: child for each, child in value.items()}
    spoilt = spoil(value[key], data)
    if isinstance(value, dict):
        return {**value, key: spoilt}
    return [*value[:key], spoilt, *value[key + 1 :]]


@settings(deadline=None)
@given(some.data())
def test_nothing_breaks_the_check(data):
    content = yaml.safe_load(TEXT)
    for _ in range(data.draw(some.integers(1, 3))):
        content = spoil(content, data)
    with TemporaryDirectory() as folder:
        file = Path(folder, "spoilt.yml")
        file.write_text(json.dumps(content), encoding="utf-8")
        questionnaire, problems = check(file)
    assert questionnaire is not None or problems
