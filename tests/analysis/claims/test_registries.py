"""Several registries as one, what clashes between them, deviations, families, and the Greenbook."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clustergov.analysis.claims.assessment import assess
from clustergov.analysis.claims.claim_reading import read_claims
from clustergov.analysis.claims.replicated import rechecks, replicated
from clustergov.analysis.claims.verdicts import read_verdicts
from clustergov.analysis.multiplicity import benjamini_hochberg
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "analysis"


@pytest.fixture(scope="module")
def responses(root: Path, shipped: Questionnaire) -> Responses:
    return read_responses(root / "tests" / "reference" / "shipped-responses.csv", shipped, strict=True)


def test_two_registries_are_one(folder: Path, shipped: Questionnaire) -> None:
    both = read_claims([folder / "claims.yml", folder / "greenbook.yml"], shipped)
    assert [claim.id for claim in both.claims] == [*map(str, range(1, 17)), "G1", "G2", "G3", "G4"]
    assert set(both.sources) == set(both.samples) == set(both.deviations) == {"ketels2012", "greenbook2003"}


def test_greenbook_has_every_published_share(folder: Path, shipped: Questionnaire) -> None:
    found = read_claims(folder / "greenbook.yml", shipped)
    parts = {part.id: part for claim in found.claims for part in claim.parts}
    figures = sorted(round(100 * part.published.middle) for part in parts.values() if part.published)
    assert figures == sorted([85, 89, 81, 95, 89, 68, 84, 68, 78, 83, 40, 4])
    assert {name for name, part in parts.items() if part.not_asked is None} == {"G1a", "G1b", "G1c", "G2a"}
    assert all(part.published and part.published.mark == "P" for part in parts.values())


def test_what_was_not_asked_is_not_assessable_with_its_reason(
    folder: Path, shipped: Questionnaire, responses: Responses
) -> None:
    registry = read_claims(folder / "greenbook.yml", shipped)
    found = {each.claim.id: each for each in assess(registry, read_verdicts(folder / "verdicts.yml"), responses)}
    assert found["G3"].verdict == found["G4"].verdict == "not assessable"
    assert "Not asked: an office is not asked about." in found["G3"].parts[1].reason["en"]
    assert found["G1"].parts[0].n > 200


def clash(folder: Path, tmp_path: Path, shipped: Questionnaire, old: str, new: str) -> set[str]:
    text = (folder / "greenbook.yml").read_text(encoding="utf-8")
    assert old in text
    other = tmp_path / "other.yml"
    other.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_claims([folder / "claims.yml", other], shipped)
    assert all(problem.file == str(other) and problem.line for problem in caught.value.problems)
    return {problem.rule for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("id: G1a", "id: 1a", "duplicate-id"),
        ("greenbook2003", "ketels2012", "clash"),
        ("minimum n: 20", "minimum n: 30", "minimum-differs"),
        ("outcome: external_growth", "outcome: growth_external", "unknown-variable"),
        ('value: "85%"', 'value: "58%"', "figures-differ"),
        ("not asked: {nl: \"een algemeen", "outcome: staff\n        not asked: {nl: \"een algemeen", "asked-after-all"),
        ("    low: 238\n    high: 238", "    low: 238\n    high: 230", "value-error"),
        ("samples:\n  greenbook2003:", "samples:\n  greenbook2004:", "unknown-source"),
    ],
)  # fmt: skip
def test_clashes_and_mistakes_are_named(
    old: str, new: str, rule: str, folder: Path, tmp_path: Path, shipped: Questionnaire
) -> None:
    assert rule in clash(folder, tmp_path, shipped, old, new)


def test_no_registry_at_all(shipped: Questionnaire) -> None:
    with pytest.raises(InputError, match="no-registry"):
        read_claims([], shipped)


def test_mistakes_of_all_files_are_told_at_once(folder: Path, tmp_path: Path, shipped: Questionnaire) -> None:
    for name in ("claims", "greenbook"):
        text = (folder / f"{name}.yml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yml").write_text(text.replace("external_compet", "external_competence"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_claims([tmp_path / "claims.yml", tmp_path / "greenbook.yml"], shipped)
    assert {Path(problem.file).name for problem in caught.value.problems} == {"claims.yml", "greenbook.yml"}


def test_a_family_is_corrected_as_it_declares(
    folder: Path, tmp_path: Path, shipped: Questionnaire, responses: Responses
) -> None:
    text = (folder / "claims.yml").read_text(encoding="utf-8")
    families = (
        "families:\n  seven:\n    correction: benjamini-hochberg\n    reason: {nl: verkennend, en: exploratory}\n"
    )
    text = text.replace("claims:\n  - id: 1\n", families + "claims:\n  - id: 1\n", 1)
    (tmp_path / "claims.yml").write_text(
        text.replace("  - id: 11\n", "  - id: 11\n    family: seven\n", 1), encoding="utf-8"
    )
    registry, table = read_claims(tmp_path / "claims.yml", shipped), read_verdicts(folder / "verdicts.yml")
    plain = assess(read_claims(folder / "claims.yml", shipped), table, responses)
    found = assess(registry, table, responses)
    parts = found[10].parts
    np.testing.assert_array_equal([part.p_adjusted for part in parts], benjamini_hochberg([part.p for part in parts]))
    assert {part.correction for part in parts} == {"benjamini-hochberg"}
    assert [part.verdict for part in parts] == [part.verdict for part in plain[10].parts]
    assert all(part.p_adjusted == part.p_holm for part in plain[10].parts)
    assert found[8].parts[0].correction == "holm"


def test_shipped_figures_recheck_as_published(folder: Path, shipped: Questionnaire) -> None:
    found = dict(rechecks(read_claims(folder / "claims.yml", shipped)))
    assert set(found) == {"7a", "9a", "9b", "9c", "9d", "10a", "10b"}
    assert {each.finding for each in found.values()} == {"consistent"}
    # A background is yes or no: with that tie alone tau 0.10 needs 235 respondents, not the 155 of no ties.
    assert found["10b"].least == 235


def test_an_uncertain_figure_is_no_finding(folder: Path, tmp_path: Path, shipped: Questionnaire) -> None:
    text = (folder / "claims.yml").read_text(encoding="utf-8")
    marked = text.replace('value: "0.11", p: "<= 0.05", mark: P', 'value: "0.11", p: "<= 0.05", mark: U')
    assert marked != text
    (tmp_path / "claims.yml").write_text(marked, encoding="utf-8")
    found = dict(rechecks(read_claims(tmp_path / "claims.yml", shipped)))
    assert found["9d"].finding == "not checkable"


def test_criteria_stand_beside_every_part_with_a_figure(
    folder: Path, shipped: Questionnaire, responses: Responses
) -> None:
    registry, table = read_claims(folder / "claims.yml", shipped), read_verdicts(folder / "verdicts.yml")
    found = replicated(registry, table, assess(registry, table, responses))
    frame = found.criteria.frame()
    assert set(frame["part"]) == {"2a", "3a", "5a", "7a", "9a", "9b", "9c", "9d", "10a", "10b"}
    assert (frame.groupby("part").size() == 7).all()
    assert len(found.deviations_frame("en")) == 7
    assert found.criteria.sentence("nl")


def test_ends_the_wrong_way_round_are_told_without_a_remedy_for_texts(
    tmp_path: Path, folder: Path, shipped: Questionnaire
) -> None:
    text = (folder / "claims.yml").read_text(encoding="utf-8")
    file = tmp_path / "claims.yml"
    file.write_text(text.replace("low: 0.165, high: 0.175", "low: 0.175, high: 0.165"), encoding="utf-8")
    with pytest.raises(InputError, match="expected low to be at most high") as caught:
        read_claims([file], shipped)
    assert "language" not in str(caught.value)
