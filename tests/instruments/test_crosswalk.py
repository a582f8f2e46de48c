"""Crosswalks: what is proposed, read back as it was, and every mistake of whoever edits one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.versions.crosswalk import Crosswalk, Step, class_limits, read_crosswalk
from clustergov.instruments.versions.proposal import crosswalk_yaml, propose
from clustergov.problems import InputError

DRAFTS = Path("tests", "instruments", "versions")
STEPS = [("0.8", "0.9"), ("0.9", "1.0"), ("0.8", "1.0")]


@pytest.fixture(scope="module")
def versions(root: Path) -> dict[str, Questionnaire]:
    return {
        "0.8": read_questionnaire(root / DRAFTS / "cluster-organisation-0.8.yml"),
        "0.9": read_questionnaire(root / DRAFTS / "cluster-organisation-0.9.yml"),
        "1.0": read_questionnaire(root / "instruments" / "cluster-organisation.yml"),
    }


def steps(crosswalk: Crosswalk) -> dict[str, Step]:
    return {step.variable: step for step in crosswalk.variables}


@pytest.mark.parametrize("step", STEPS)
def test_a_proposal_reads_back_as_it_was(
    step: tuple[str, str], versions: dict[str, Questionnaire], tmp_path: Path
) -> None:
    old, new = (versions[name] for name in step)
    proposal = propose(old, new)
    path = tmp_path / "x.yml"
    path.write_text(crosswalk_yaml(proposal), encoding="utf-8")
    assert read_crosswalk(path, old, new) == proposal
    assert [each.variable for each in proposal.variables] == [variable.name for variable in new.variables]


@pytest.mark.parametrize("version", ["0.8", "0.9", "1.0"])
def test_from_a_version_to_itself_everything_is_filled_without_codes(
    version: str, versions: dict[str, Questionnaire]
) -> None:
    proposal = propose(versions[version], versions[version])
    assert all(step == Step(variable=step.variable, old=step.variable) for step in proposal.variables)


def test_what_means_the_same_is_filled_and_what_does_not_is_left_open_with_the_reason(
    versions: dict[str, Questionnaire],
) -> None:
    first = steps(propose(versions["0.8"], versions["0.9"]))
    assert first["year"].old == "founded"
    assert first["member"].codes == {"1": "Y", "2": "N", "98": "98"}
    assert first["strength"].codes == {"1": "5", "2": "4", "3": "3", "4": "2", "5": "1", "98": "98"}
    assert first["initiation"].codes == {"1": "2", "2": "1", "3": "3", "4": "4", "98": "98"}
    assert (first["internal_attract"].old, first["internal_attract"].codes) == ("internal_attract", None)
    for name in ("staff", "field", "proximity", "experience", "funding_fees", "objective_brand", "internal_finance"):
        assert not first[name].old, name
        assert "scale-breaking" in first[name].note, name
    assert first["legal"] == Step(variable="legal")
    second = steps(propose(versions["0.9"], versions["1.0"]))
    assert second["contact_finance"].old == "contact_capital"
    assert second["initiation"].codes == {"1": "call", "2": "priv", "3": "joint", "4": "other", "98": "98"}


def test_a_line_whose_note_a_person_rewrote_is_not_counted_as_worded_otherwise() -> None:
    note = "label: “a” → “b”"
    lines = [
        Step(variable="a", old="a", note=note), Step(variable="b", old="b", note=f"limits: minimum none → 1; {note}"),
        Step(variable="c", note=note), Step(variable="d", old="d", note="looked at: the same"), Step(variable="e", old="e"),
    ]  # fmt: skip
    found = Crosswalk(crosswalk="q", old_version="1", new_version="2", variables=tuple(lines))
    assert found.worded_otherwise == 2


EDITED = """\
crosswalk: clusterorganisation
old version: 0.8
new version: 1.0
variables:
  - {variable: staff, old: staff, codes: {0..0: 0, 1..2: 1, 3..: 5}}
  - {variable: proximity, old: proximity, factor: 100}
  - {variable: experience, old: experience, factor: 1/12}
  - {variable: country, old: country, codes: {NO: NO, NL: NL, BE: NL}}
  - {variable: background_priv, old: background, codes: {priv: Y, acad: N, publ: N, npo: N}}
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_person_writes(versions: dict[str, Questionnaire], tmp_path: Path) -> None:
    text = EDITED.replace("NO: NO, ", "")
    found = steps(read_crosswalk(write(tmp_path / "x.yml", text), versions["0.8"], versions["1.0"]))
    assert found["staff"].codes == {"0..0": "0", "1..2": "1", "3..": "5"}
    assert found["proximity"].multiplier == 100
    assert found["experience"].multiplier == Fraction(1, 12)
    assert found["country"].codes == {"NL": "NL", "BE": "NL"}


MISTAKES = """\
crosswalk: clusterorganisation
old version: 0.9
new version: 1.0
variables:
  - {variable: staff, old: staff, codes: {1..5: 1, 5..9: 2, many: 3}}
  - {variable: staff, old: nowhere}
  - {variable: proximity, old: proximity, factor: a lot}
  - {variable: experience, old: experience, factor: 1/0}
  - {variable: member, old: member, factor: 2}
  - {variable: country, old: country, codes: {XX: NL, NL: XX}}
  - {variable: website, codes: {Y: Y}}
  - {variable: firms, old: town}
  - {variable: year, old: founded, codes: {..1990: x}}
  - {variable: strength, old: strength, factor: 0}
"""


def test_every_mistake_is_told_at_once_with_its_place(versions: dict[str, Questionnaire], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_crosswalk(write(tmp_path / "x.yml", MISTAKES), versions["0.8"], versions["1.0"])
    found = {(problem.line, problem.rule) for problem in caught.value.problems}
    assert found == {
        (2, "crosswalk-version"),
        (5, "crosswalk-code"), (5, "crosswalk-classes"),
        (6, "crosswalk-twice"), (6, "unknown-variable"),
        (7, "crosswalk-factor"), (8, "crosswalk-factor"), (9, "crosswalk-factor"), (9, "crosswalk-code"),
        (10, "crosswalk-code"), (11, "crosswalk-old"), (12, "crosswalk-kind"), (13, "crosswalk-code"),
        (14, "crosswalk-factor"),
    }  # fmt: skip
    assert all(problem.column and problem.fix for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "empty"), ("[]", "keys"), ("crosswalk: [", "YAML"), (EDITED.replace("codes:", "kodes:"), "kodes")],
)
def test_what_is_no_crosswalk_is_one_message(
    text: str, told: str, versions: dict[str, Questionnaire], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=told):
        read_crosswalk(write(tmp_path / "x.yml", text), versions["0.8"], versions["1.0"])


@pytest.mark.parametrize(
    ("key", "limits"),
    [
        ("3..5", (3, 5)), ("-1.5 .. 2", (-1.5, 2)), ("..2", (float("-inf"), 2)), ("6..", (6, float("inf"))), ("4..4", (4, 4)),
        ("..", None), ("5..3", None), ("nan..inf", None), ("3", None), ("", None), ("1e9..2e9", None), ("9" * 5000 + "..", None),
    ],
)  # fmt: skip
def test_classes_of_numbers(key: str, limits: tuple[float, float] | None) -> None:
    assert class_limits(key) == limits
