"""Reading a declared model: the shipped one is right, and every mistake of a wrong one is told at once, with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.synthetic.simulation_model import Simulation, read_simulation
from clustergov.yaml_file import read

QUESTIONNAIRE = """\
questionnaire: small
version: 1
title: {en: Small}
languages: [en]
scales:
  five:
    direction: ascending
    options: [{code: 1, text: {en: a}}, {code: 2, text: {en: b}}, {code: 3, text: {en: c}},
              {code: 98, text: {en: d}, blank: refused or don't know}]
  colours: {direction: none, options: [{code: red, text: {en: r}}, {code: blue, text: {en: b}}]}
sections:
  - code: one
    title: {en: One}
    questions:
      - {code: size, kind: number, text: {en: size}, minimum: 0, maximum: 100}
      - {code: near, kind: number, text: {en: near}, when: size > 0}
      - {code: colour, kind: single, scale: colours, text: {en: colour}}
      - code: good
        kind: array
        scale: five
        text: {en: good}
        items: [{code: a, text: {en: a}}, {code: b, text: {en: b}}]
      - code: money
        kind: numbers
        total: 100
        text: {en: money}
        items: [{code: x, text: {en: x}}, {code: y, text: {en: y}}]
      - {code: remark, kind: text, text: {en: remark}}
constructs:
  - {code: goodness, title: {en: g}, items: [good_a, good_b], minimum valid: 1}
"""

MODEL = """\
simulation: small
questionnaire: small
seed: 1
respondents: {value: 50, mark: D}
marginals:
  size: {quantiles: [[0, 0], [1, 20]], mark: U}
  near: {quantiles: [[0, 0], [1, 10]], mark: U}
  colour: {probabilities: {red: 0.4, blue: 0.6}, mark: U}
  good_a: {probabilities: {1: 0.2, 2: 0.3, 3: 0.5}, mark: U}
  good_b: {probabilities: {1: 0.3, 2: 0.4, 3: 0.3}, mark: U}
compositions:
  money:
    step: 5
    mean share: {parts: money_x, share: 0.6, mark: P, source: book}
    parts: {money_x: {present: 0.8, weight: 1, mark: U}, money_y: {present: 0.8, weight: 1, mark: U}}
associations:
  - {among: goodness, tau: 0.3, mark: U}
  - {of: size, to: good, tau: 0.1, mark: U}
targets:
  - {variable: good_a, codes: [3], share: 0.5, mark: P, source: book}
  - {highest: good_a, among: good, mark: P, source: book}
missing:
  skipped: {rate: 0.1, mark: U}
  refused: {rate: 0.1, mark: U}
  not applicable: {rate: 0.1, mark: U}
  abandoned: {rate: 0.1, mark: U}
"""

Write = Callable[..., Path]


@pytest.fixture
def small(tmp_path: Path) -> Questionnaire:
    path = tmp_path / "small.yml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    return read(path, Questionnaire)[0]


@pytest.fixture
def changed(tmp_path: Path) -> Write:
    def write(*changes: tuple[str, str]) -> Path:
        text = MODEL
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "simulation.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_right_model_is_read_and_its_file_stays_as_it_is(changed: Write, small: Questionnaire) -> None:
    path = changed()
    model = read_simulation(path, small)
    assert path.read_text(encoding="utf-8") == MODEL
    assert isinstance(model, Simulation)
    assert list(model.marginals) == ["size", "near", "colour", "good_a", "good_b"]
    assert (model.seed, model.n) == (1, 50)
    assert {(pair.first, pair.second) for pair in model.planted} == {
        ("good_a", "good_b"), ("size", "good_a"), ("size", "good_b"),
    }  # fmt: skip
    assert np.linalg.eigvalsh(model.correlation)[0] > 0


MISTAKES = {
    "another questionnaire": ([("questionnaire: small", "questionnaire: large")], "other-questionnaire"),
    "a variable that is not there": ([("  near:", "  far:")], "unknown-variable"),
    "a variable without a distribution": ([("  near:", "  far:")], "missing-distribution"),
    "a text with a distribution": ([("  near:", "  remark:")], "unknown-variable"),
    "probabilities that do not add to 1": ([("red: 0.4", "red: 0.5")], "probabilities-total"),
    "an unknown code": ([("red: 0.4", "pink: 0.4")], "unknown-code"),
    "a number out of range": ([("[1, 20]", "[1, 200]")], "quantiles"),
    "a published number without a source": ([("share: 0.6, mark: P, source: book", "share: 0.6, mark: P")], "source"),
    "no composition for a total": ([("  money:\n    step", "  size:\n    step")], "missing-composition"),
    "parts that are not the question's": ([("parts: {money_x: {present", "parts: {money_z: {present")], "composition"),
    "a step that does not divide the total": ([("step: 5", "step: 7")], "composition"),
    "a mean share out of reach": ([("share: 0.6", "share: 0.95")], "mean-share-out-of-reach"),
    "an association without sides": ([("among: goodness, ", "")], "association"),
    "an association with both forms": ([("among: goodness", "among: goodness, of: size, to: good")], "association"),
    "an unknown name in an association": ([("among: goodness", "among: badness")], "unknown-variable"),
    "a part of a composition in an association": ([("to: good,", "to: money_x,")], "not-correlated"),
    "pairs of unequal length": ([("of: size, to: good,", "of: size, to: good, paired: true,")], "pairing"),
    "a pair planted twice": ([("of: size, to: good,", "of: good_a, to: good_b,")], "duplicate-pair"),
    "a variable with itself": ([("of: size, to: good,", "of: size, to: size,")], "duplicate-pair"),
    "a tau out of reach": ([("tau: 0.3", "tau: 0.97")], "tau-out-of-reach"),
    "a rank correlation of something unordered": ([("of: size", "of: colour")], "unordered"),
    "routing that selects": ([("of: size, to: good,", "of: size, to: near,")], "routing-selects"),
    "routing that selects through another": (
        [("- {of: size, to: good,", "- {of: near, to: good_a, tau: 0.1, mark: U}\n  - {of: size, to: good,")],
        "routing-selects",
    ),
    "contradicting correlations": (
        [("tau: 0.3", "tau: 0.7"), ("of: size, to: good, tau: 0.1", "of: size, to: good_a, tau: 0.7"),
         ("targets:", "  - {of: size, to: good_b, tau: -0.5, mark: U}\ntargets:")],
        "contradicting-taus",
    ),
    "a share that is not met": ([("codes: [3], share: 0.5", "codes: [3], share: 0.6")], "target-not-met"),
    "a share that is not above": ([("codes: [3], share: 0.5", "codes: [3], share above: 0.5")], "target-not-met"),
    "a share that is not below": ([("codes: [3], share: 0.5", "above: 1, share below: 0.8")], "target-not-met"),
    "an order that is not met": ([("highest: good_a", "lowest: good_a")], "target-not-met"),
    "a target without a share": ([("codes: [3], share: 0.5", "codes: [3]")], "target"),
    "a target on an unknown variable": ([("variable: good_a", "variable: good_z")], "unknown-variable"),
    "a misspelt key": ([("respondents:", "respondants:")], "unknown-key"),
    "a rate that is no share": ([("skipped: {rate: 0.1", "skipped: {rate: 10")], "less-than-equal"),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
def test_each_mistake_is_told_with_its_line(what: str, changed: Write, small: Questionnaire) -> None:
    changes, rule = MISTAKES[what]
    path = changed(*changes)
    with pytest.raises(InputError) as caught:
        read_simulation(path, small)
    assert rule in [problem.rule for problem in caught.value.problems], str(caught.value)
    assert all(problem.file == str(path) and problem.line for problem in caught.value.problems)


def test_mistakes_of_several_kinds_come_in_one_message(changed: Write, small: Questionnaire) -> None:
    path = changed(("red: 0.4", "red: 0.5"), ("  near:", "  far:"), ("among: goodness", "among: badness"))
    with pytest.raises(InputError) as caught:
        read_simulation(path, small)
    rules = {problem.rule for problem in caught.value.problems}
    assert {"probabilities-total", "unknown-variable", "missing-distribution"} <= rules
