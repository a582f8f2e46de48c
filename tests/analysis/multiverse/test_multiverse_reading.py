"""Declarations of multiverses that must be refused, every mistake at once and with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.analysis.multiverse.multiverse_reading import read_multiverse
from clustergov.problems import InputError

DECLARED = "analysis/multiverse.yml"


def refused(root: Path, shipped, folder: Path, *changes: tuple[str, str]) -> InputError:
    text = (root / DECLARED).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file = folder / "multiverse.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_multiverse(file, shipped)
    return caught.value


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("unknown-variable", "variable: member", "variable: membre"),
        ("no-order", "variable: member", "variable: country"),
        ("unknown-construct", "score of: interaction", "score of: interactions"),
        ("one-origin", "variable: strength", "variable: strength\n    score of: interaction"),
        ("unknown-covariate", "terms: [strength]", "terms: [power]"),
        ("unknown-rule", "rule: factor", "rule: median"),
        ("unused-key", "rule: factor", "rule: factor\n        terms: [strength]"),
        ("no-preregistered-universe", "        preregistered: true\n        rule: mean", "        rule: mean"),
        ("no-preregistered-universe", "rule: factor", "rule: factor\n        preregistered: true"),
        ("duplicate-code", "- code: whole", "- code: valid"),
        ("duplicate-code", "- code: scoring", "- code: outcome"),
        ("two-forks", "about: exclusion", "about: missing"),
        ("unknown-variable", "keep if: firms > 0", "keep if: companies > 0"),
        ("unknown-question", "straightliners: [internal, contact]", "straightliners: [inner]"),
        ("unknown-variable", "groups: country", "groups: land"),
        ("shared-part", "variable: staff", "variable: external_growth"),
        ("one-focal", "focal:\n", "focal2:\n"),
    ],
)
def test_a_mistake_is_named_with_its_line(rule: str, old: str, new: str, root, shipped, tmp_path) -> None:
    error = refused(root, shipped, tmp_path, (old, new))
    if rule == "one-focal":
        assert "unknown-key" in {problem.rule for problem in error.problems}
        return
    assert rule in {problem.rule for problem in error.problems}, error
    assert all(problem.line and problem.fix for problem in error.problems)


def test_all_mistakes_at_once(root, shipped, tmp_path) -> None:
    error = refused(root, shipped, tmp_path, ("variable: member", "variable: membre"), ("rule: factor", "rule: median"),
                    ("groups: country", "groups: land"), ("terms: [strength]", "terms: [power]"))  # fmt: skip
    assert len(error.problems) == 4


def test_a_fork_needs_a_reason_a_class_and_a_choice(root, shipped, tmp_path) -> None:
    text = (root / DECLARED).read_text(encoding="utf-8")
    start = text.index("  - code: errors")
    file = tmp_path / "multiverse.yml"
    file.write_text(text[:start] + "  - code: errors\n    about: covariance\n    label: {nl: a, en: a}\n    options: []\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_multiverse(file, shipped)
    assert [problem.place for problem in caught.value.problems] == ["forks[5].class", "forks[5].reason"]
    file.write_text(text[:start] + "  - code: errors\n    about: covariance\n    class: debatable\n    label: {nl: a, en: a}\n    reason: {nl: a, en: a}\n    options:\n      - {code: a, label: {nl: a, en: a}, preregistered: true}\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError, match="two options or more"):
        read_multiverse(file, shipped)


def test_too_many_universes_are_counted(root, shipped, tmp_path) -> None:
    many = "".join(f"      - {{code: f{i}, label: {{nl: a, en: a}}, keep if: firms > {i}}}\n" for i in range(200))
    error = refused(root, shipped, tmp_path, ("        straightliners: [internal, contact]\n", "        straightliners: [internal, contact]\n" + many))  # fmt: skip
    assert "29,232 universes" in str(error)


def test_a_preregistered_option_is_not_wrong_in_hindsight(root, shipped, tmp_path) -> None:
    error = refused(root, shipped, tmp_path, ("        preregistered: true\n        rule: mean", "        preregistered: true\n        class: wrong in hindsight\n        rule: mean"))  # fmt: skip
    assert [problem.rule for problem in error.problems] == ["preregistered-wrong"]
