"""Reading the declaration of a QCA: the shipped one is sound, and every mistake is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.qca.declaration import read_qca
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError


@pytest.fixture(scope="module")
def asked(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def test_the_shipped_declaration(root: Path, asked: Questionnaire) -> None:
    declared = read_qca(root / "analysis" / "qca.yml", asked)
    assert [one.name for one in declared.sets] == ["MEMBER", "BALANCE", "CONTACT", "STAFF", "EXPER", "PERF"]
    assert declared.expectations == ("MEMBER", "BALANCE", "CONTACT", "STAFF", "-")


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("anchors: [2, 3.55, 5]", "anchors: [2, 5, 3.55]", "qca-anchors", "in order"),
        ("anchors: [1, 5.5, 10]", "anchors: [1, 10]", "qca-anchors", "expected 3 anchors"),
        ("anchors: [1, 5.5, 10]", "anchors: [1, 1, 10]", "qca-anchors", "different anchors"),
        ("variable: experience", "variable: expereince", "unknown-variable", "expereince"),
        ("variable: staff", "score of: performance", "shared-part", "external_growth"),
        ("variable: staff", "variable: staff\n    score of: interaction", "one-origin", "exactly one"),
        ("name: STAFF", "name: MEMBER", "duplicate-code", "MEMBER"),
        ("{method: logistic, anchors: [3, 3.55, 4.5]}", "{method: levels, anchors: [3, 4]}", "qca-outcome-levels", "several"),
        ("  inclusion: 0.8\n", "  inclusion: 0.8\n  contradiction: 0.9\n", "contradiction", "no higher"),
        ("  inclusion: 0.8\n", "  inclusion: 1.8\n", "inclusion", "less than or equal to 1"),
        ("name: EXPER", "name: exper", "name", "pattern"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_line(
    root: Path, asked: Questionnaire, tmp_path: Path, old: str, new: str, rule: str, words: str
) -> None:
    text = (root / "analysis" / "qca.yml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = tmp_path / "qca.yml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_qca(file, asked)
    assert rule in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.problems[0].line is not None
