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


def test_a_broken_scale_or_section_takes_its_own_content_along(tmp_path):
    file = tmp_path / "broken.yml"
    file.write_text(TEXT.replace("direction: ascending", "direction: up"), encoding="utf-8")
    assert {(problem.rule, problem.line) for problem in check(file)[1]} == {
        ("literal-error", 9),
        ("routing-syntax", 22),
    }
    file.write_text(TEXT.replace("    title: {en: First}\n", ""), encoding="utf-8")
    assert {(problem.rule, problem.line) for problem in check(file)[1]} == {("missing-key", 14), ("answer-code", 12)}


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
