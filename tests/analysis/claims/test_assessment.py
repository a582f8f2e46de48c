"""Claims: the shipped sixteen, mistakes in the file, and verdicts on responses made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.claims.assessment import (
    COLUMNS,
    Assessment,
    Claims,
    assess,
    claims_frame,
    level_text,
    read_claims,
)
from clustergov.analysis.claims.verdicts import EQUIVALENCE, VERDICTS, DecisionTable, read_verdicts
from clustergov.analysis.claims.yardstick import Yardstick
from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.interval import Interval
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.problems import InputError
from clustergov.survey.responses import Responses

ITEMS = ("external_growth", "external_innov", "external_compet", "internal_deadlines", "internal_goals",
         "internal_finance", "internal_attract")  # fmt: skip
PUBLIC = ("funding_natpub", "funding_regpub", "funding_intpub")


@pytest.fixture(scope="module")
def claims(root: Path, shipped: Questionnaire) -> Claims:
    return read_claims(root / "analysis" / "claims.yml", shipped)


@pytest.fixture(scope="module")
def table(root: Path) -> DecisionTable:
    return read_verdicts(root / "analysis" / "verdicts.yml")


def ordered(rng: np.random.Generator, latent: np.ndarray, cuts: list[float]) -> pd.Series:
    return pd.Series(np.digitize(latent + rng.normal(size=len(latent)), cuts) + 1).astype(str)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """300 answers: performance follows experience and staff, all else is noise; nobody was asked about membership."""
    rng = np.random.default_rng(20121001)
    n = 300
    drive = rng.normal(size=n)
    columns: dict[str, object] = {item: ordered(rng, 0.9 * drive, [-2, -1, 0.3, 1.5]) for item in ITEMS}
    columns["experience"] = np.round(np.clip(6 + 4 * drive + 2 * rng.normal(size=n), 0, 40))
    columns["staff"] = (np.digitize(drive + rng.normal(size=n), [-1.5, -1, -0.5, 0, 0.5, 1, 1.5])).astype(str)
    columns["background_priv"] = np.where(rng.random(n) < 0.6, "Y", "N")
    columns["legal"] = np.where(rng.random(n) < 0.7, "Y", "N")
    columns["initiation"] = rng.choice(["call", "priv", "joint"], n)
    columns["year"] = rng.integers(1985, 2013, n).astype(float)
    columns["firms"] = rng.integers(0, 200, n).astype(float)
    columns["strength"] = ordered(rng, np.zeros(n), [-2, -1, 0, 1])
    columns["contact_firms"] = pd.Series(rng.choice(["3", "4", "5", "6"], n, p=[0.05, 0.05, 0.4, 0.5]))
    for other in ("research", "educ", "govern", "finance", "clusters", "global"):
        columns[f"contact_{other}"] = pd.Series(rng.choice(list("123456"), n))
    public = np.clip(rng.normal(60, 22, n).round(), 0, 100)
    columns |= dict.fromkeys(PUBLIC[1:], np.zeros(n)) | {PUBLIC[0]: public}
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def responses(shipped: Questionnaire, respond: Callable[..., Responses], answers: pd.DataFrame) -> Responses:
    answers = answers.copy()
    answers.loc[:9, "experience"] = np.nan
    return respond(shipped, answers)


@pytest.fixture(scope="module")
def assessments(claims: Claims, table: DecisionTable, responses: Responses) -> tuple[Assessment, ...]:
    return assess(claims, table, responses)


def part(assessments: tuple[Assessment, ...], name: str):  # type: ignore[no-untyped-def]  # one line per use
    return next(found for claim in assessments for found in claim.parts if found.part.id == name)


# --- the shipped claims


def test_sixteen_claims_each_with_what_is_published(claims: Claims) -> None:
    assert [claim.id for claim in claims.claims] == [str(i) for i in range(1, 17)]
    figures = {
        part.id: (part.published.low, part.published.high)
        for claim in claims.claims
        for part in claim.parts
        if part.published
    }
    assert figures == {
        "2a": (0.595, 0.605), "3a": (0.45, 0.55), "5a": (0.80, 1), "7a": (0.885, 0.895), "9a": (0.165, 0.175),
        "9b": (0.135, 0.145), "9c": (0.135, 0.145), "9d": (0.105, 0.115), "10a": (0.105, 0.115), "10b": (0.095, 0.105),
    }  # fmt: skip
    every = {(part.driver, part.outcome) for claim in claims.claims for part in claim.parts}
    for driver in ("experience", "background_priv", "staff", "legal", "initiation", "gap_firms"):
        assert {(driver, item) for item in ITEMS} <= every


def test_what_the_source_does_not_assert_does_not_decide(claims: Claims) -> None:
    unasserted = {part.id for claim in claims.claims for part in claim.parts if not part.asserted}
    assert {"9e", "9f", "9g", "10c", "10d", "10e", "10f", "10g"} <= unasserted
    assert [len(claims.family(claim)) for claim in claims.claims] == [2, 1, 1, 1, 2, 2, 2, 3, 4, 2, 7, 2, 7, 7, 1, 7]


def test_no_funding_share_is_held_equal(claims: Claims) -> None:
    for adjustment in claims.adjustments.values():
        assert not any(term.variable.startswith("funding") for term in adjustment.terms)
        assert adjustment.reason["nl"]
        assert adjustment.reason["en"]


# --- verdicts


def test_responses_are_unchanged(claims: Claims, table: DecisionTable, responses: Responses) -> None:
    frame, blanks = responses.frame.copy(), responses.blanks.copy()
    assess(claims, table, responses)
    pd.testing.assert_frame_equal(responses.frame, frame)
    pd.testing.assert_frame_equal(responses.blanks, blanks)


def test_a_part_is_its_estimator_at_its_level(assessments: tuple[Assessment, ...], responses: Responses) -> None:
    found = part(assessments, "9b")
    experience, goals = responses.values("experience"), responses.values("internal_goals")
    expected = kendall_tau_b(experience, goals, level=1 - 0.05 / 4)
    assert found.estimate == expected.tau
    assert found.interval == expected.transformed(1 - 0.05 / 4)
    assert found.plain == expected.transformed(0.95)
    assert found.simultaneous == found.interval
    assert found.p == expected.p
    assert (found.verdict, found.rule) == ("supported", "stronger")


def test_an_odds_ratio_is_shown_as_such(assessments: tuple[Assessment, ...], responses: Responses) -> None:
    found = part(assessments, "13c")
    predictors = pd.DataFrame({
        "legal": responses.values("legal"), "year": responses.values("year") / 10,
        "firms": np.log2(responses.values("firms").where(lambda firms: firms > 0)),
        "strength": responses.values("strength"),
    })  # fmt: skip
    fit = cumulative_logit(responses.values("external_compet"), predictors)
    assert found.estimate == pytest.approx(math.exp(fit.estimates[0]))
    assert found.interval.level == pytest.approx(0.90)
    assert found.interval.low == pytest.approx(math.exp(fit.interval("legal", 0.90).low))
    assert found.simultaneous.level == pytest.approx(1 - 0.05 / 7)
    assert found.smallest == pytest.approx(1.5)


def test_adjustment_leaves_out_the_driver_itself(claims: Claims) -> None:
    own = next(part for claim in claims.claims for part in claim.parts if part.id == "15d")
    assert [term.variable for term in claims.terms(own)] == ["year", "firms"]


def test_every_respondent_is_used_or_accounted_for(assessments: tuple[Assessment, ...], answers: pd.DataFrame) -> None:
    for claim in assessments:
        for found in claim.parts:
            if found.verdict != "not assessable":
                assert found.n + sum(count for _, count in found.lost) == len(answers)
    assert dict(part(assessments, "9a").lost) == {Blank.SKIPPED.value: 10}
    compared = answers["initiation"].isin(["call", "priv"]) & (answers["firms"] > 0)
    assert part(assessments, "14a").n == compared.sum()
    assert dict(part(assessments, "14a").lost) == {"outside comparison": (~compared).sum()}


def test_verdicts_of_the_planted_answers(assessments: tuple[Assessment, ...]) -> None:
    verdicts = {claim.claim.id: claim.verdict for claim in assessments}
    assert verdicts["2"] == "supported"
    assert verdicts["5"] == "supported"
    assert verdicts["9"] == "supported"
    assert verdicts["11"] == "supported"
    assert verdicts["12"] == "not assessable"
    assert part(assessments, "12a").n == 0
    assert set(verdicts.values()) <= set(VERDICTS)


def test_large_samples_leave_nothing_open(
    claims: Claims,
    table: DecisionTable,
    shipped: Questionnaire,
    respond: Callable[..., Responses],
    answers: pd.DataFrame,
) -> None:
    rng = np.random.default_rng(3)
    many = pd.concat([answers] * 30, ignore_index=True)
    for name in ("background_priv", "legal", "initiation"):
        many[name] = rng.permutation(many[name].to_numpy())
    found = assess(claims, table, respond(shipped, many))
    assert {found.verdict for found in found[9].parts if found.part.asserted} == {"practically null"}
    assert found[9].verdict == "practically null"
    assert [found[12].verdict, found[13].verdict] == ["supported", "supported"]


def test_reversed_answers_contradict(
    claims: Claims,
    table: DecisionTable,
    shipped: Questionnaire,
    respond: Callable[..., Responses],
    answers: pd.DataFrame,
) -> None:
    turned = answers.assign(experience=40 - answers["experience"])
    found = assess(claims, table, respond(shipped, turned))
    assert found[8].verdict == "contradicted"


@pytest.mark.parametrize(
    ("change", "barrier"),
    [
        (lambda frame: frame.drop(columns="experience"), "0 bruikbare"),
        (lambda frame: frame.assign(experience=np.where(frame.index < 12, frame["experience"], np.nan)), "12 bruikbare"),
        (lambda frame: frame.assign(experience=5.0), "verschillen niet"),
    ],
)  # fmt: skip
def test_what_cannot_be_assessed_says_why(
    claims: Claims, table: DecisionTable, shipped: Questionnaire, respond: Callable[..., Responses],
    answers: pd.DataFrame, change: Callable[[pd.DataFrame], pd.DataFrame], barrier: str,
) -> None:  # fmt: skip
    found = assess(claims, table, respond(shipped, change(answers)))[8]
    assert found.verdict == "not assessable"
    for each in found.parts:
        assert each.estimate is None
        assert barrier in each.reason["nl"]


def test_unrecorded_and_absent_variables(
    claims: Claims, table: DecisionTable, responses: Responses, shipped: Questionnaire
) -> None:
    blanks = responses.blanks.assign(member=Blank.NOT_RECORDED.value)
    unrecorded = Responses(shipped, responses.frame, blanks, responses.origin)
    assert "holds no answers to member" in part(assess(claims, table, unrecorded), "12a").reason["en"]
    absent = Responses(shipped, responses.frame.drop(columns="member"), blanks.drop(columns="member"), responses.origin)
    assert "lacks: member" in part(assess(claims, table, absent), "12a").reason["en"]


def test_holm_is_over_the_family(assessments: tuple[Assessment, ...]) -> None:
    nine = assessments[8].parts
    smallest = min(found.p for found in nine if found.part.asserted)
    assert min(found.p_holm for found in nine if found.part.asserted) == pytest.approx(4 * smallest)
    assert all(math.isnan(found.p_holm) for found in nine if not found.part.asserted)


def test_what_is_open_says_how_many_would_do(assessments: tuple[Assessment, ...]) -> None:
    opened = [found for claim in assessments for found in claim.parts if found.verdict == "inconclusive"]
    assert opened
    for found in opened:
        assert found.n_needed is None or found.n_needed > found.n
        assert "Ruwe schatting" in found.reason["nl"]
        assert "Rough guide" in found.reason["en"]
    closed = [found for claim in assessments for found in claim.parts if found.verdict == "supported"]
    assert all(found.n_needed is None for found in closed)


def test_reasons_name_estimate_interval_and_correction(assessments: tuple[Assessment, ...]) -> None:
    text = part(assessments, "9b").reason
    assert "98,8%-interval" in text["nl"]
    assert "gecorrigeerd voor de 4 toetsen" in text["nl"]
    assert "corrected for the 4 tests" in text["en"]
    assert "54.5% to 65.5% counts as the published figure" in part(assessments, "2a").reason["en"]
    assert "does not count in the verdict" in part(assessments, "9e").reason["en"]
    assert "association, not cause" in assessments[8].reason["en"]


def test_a_part_that_is_not_asserted_is_no_member_of_the_family(assessments: tuple[Assessment, ...]) -> None:
    """Its interval has the family's level, but the family's conclusion does not rest on it."""
    every = [found for claim in assessments for found in claim.parts if found.estimate is not None]
    for found in every:
        for language, words in (("nl", "apart"), ("en", "by itself")):
            assert (words in found.reason[language]) == (not found.part.asserted), found.part.id
    assert "corrected for the 4 tests" not in part(assessments, "9e").reason["en"]
    assert "needs no correction" not in part(assessments, "10h").reason["en"]
    assert "because all 7 parts" in part(assessments, "13a").reason["en"]


def test_levels_are_not_rounded_to_other_levels() -> None:
    levels = [level_text(1 - 0.05 / m)["en"] for m in (1, 2, 3, 4, 7)]
    assert levels == ["95%", "97.5%", "98.3%", "98.8%", "99.3%"]
    assert level_text(0.975)["nl"] == "97,5%"


def test_a_threshold_is_named(assessments: tuple[Assessment, ...]) -> None:
    assert "threshold 80.0%" in part(assessments, "5a").reason["en"]
    assert "grens 80,0%" in part(assessments, "5a").reason["nl"]


def test_so_many_answers_would_decide(assessments: tuple[Assessment, ...], table: DecisionTable) -> None:
    """The interval shrunk by the square root of n decides at the number told, and not at four fifths of it."""
    checked = 0
    for found in (found for claim in assessments for found in claim.parts if found.n_needed):
        yardstick = Yardstick.of(found.part, table)
        if found.part.measure == "odds ratio" or found.part.form in EQUIVALENCE:
            continue
        for n, decided in ((found.n_needed, True), (0.8 * found.n_needed, False)):
            if not decided and n <= found.n:
                continue
            root = math.sqrt(n / found.n)
            low = found.estimate - (found.estimate - found.interval.low) / root
            high = found.estimate + (found.interval.high - found.estimate) / root
            region = yardstick.region(found.part, Interval(low, high), Interval(low, high))
            assert (table.decide(region).verdict != "inconclusive") == decided, found.part.id
            checked += 1
    assert checked > 4


# --- the table


def test_claims_frame(assessments: tuple[Assessment, ...], claims: Claims) -> None:
    frame = claims_frame(assessments, "en")
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 16 + sum(len(claim.parts) for claim in claims.claims)
    row = frame.set_index("claim")
    assert row.loc["9", ["estimate", "low", "high"]].isna().all()
    assert row.loc["9", "n"] == min(row.loc[[f"9{letter}" for letter in "abcd"], "n"])
    assert row.loc["9a", "published"] == "0.17"
    assert row.loc["11a", "published"] == "no figure found"
    assert row.loc["2", "estimate"] == row.loc["2a", "estimate"]
    assert 0 < row.loc["2a", "low"] < row.loc["2a", "estimate"] < row.loc["2a", "high"] < 1
    assert set(frame["verdict"]) <= set(VERDICTS)
    dutch = claims_frame(assessments, "nl")
    assert list(dutch["verdict"]) == list(frame["verdict"])
    assert dutch.set_index("claim").loc["9a", "published"] == "0,17"


def test_result_frames_and_sentences(assessments: tuple[Assessment, ...]) -> None:
    frame = assessments[8].frame()
    assert list(frame["part"]) == [f"9{letter}" for letter in "abcdefg"]
    assert frame.loc[0, "published_low"] == 0.165
    assert assessments[8].sentence("nl").startswith("Uitspraak 9 – ")
    assert "Verdict: supported." in assessments[8].sentence("en")


# --- mistakes

BROKEN = {
    "unknown variable": ("driver: experience", "driver: experiense", "unknown-variable"),
    "unknown code": ('yes: ["0", "1", "2", "3"]', 'yes: ["0", "1", "2", "9"]', "unknown-code"),
    "unknown group": ("{one: [call], zero: [priv]}", "{one: [call], zero: [private]}", "unknown-code"),
    "missing language": ("{figure: {nl: 60%, en: 60%}", "{figure: {en: 60%}", "missing-language"),
    "unknown form": ("form: value", "form: exact", "literal-error"),
    "unfitting form": ("form: value", "form: effect", "unfitting-form"),
    "twice": ("id: 9b", "id: 9a", "duplicate-id"),
    "unordered": ("driver: experience", "driver: country", "not-ordered"),
    "adjustment": ("adjust: setting", "adjust: everything", "unknown-adjustment"),
    "source": ("source: ketels2012", "source: ketels2013", "unknown-source"),
    "threshold": ("        threshold: 0.8\n", "", "missing-key"),
    "rounding": ("low: 0.595, high: 0.605", "low: 0.605, high: 0.595", "value-error"),
    "spelling": ("measure: mean share", "measures: mean share", "unknown-key"),
    "many alike": ("lower: [change_research]", "lower: [change_research, change_educ]", "unfitting-form"),
    "codes of a number": ('outcome: staff', 'outcome: experience', "no-codes"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_mistakes_are_told_with_line_and_column(
    root: Path, tmp_path: Path, shipped: Questionnaire, mistake: str
) -> None:
    text = (root / "analysis" / "claims.yml").read_text(encoding="utf-8")
    old, new, rule = BROKEN[mistake]
    assert old in text
    path = tmp_path / "claims.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_claims(path, shipped)
    assert rule in {problem.rule for problem in caught.value.problems}
    wrong = text[: text.index(old)].count("\n") + 1
    lines = [problem.line for problem in caught.value.problems if problem.rule == rule]
    assert all(problem.line and problem.column for problem in caught.value.problems)
    assert min(abs(line - wrong) for line in lines) <= 12


def test_all_mistakes_at_once(root: Path, tmp_path: Path, shipped: Questionnaire) -> None:
    text = (root / "analysis" / "claims.yml").read_text(encoding="utf-8")
    text = text.replace("driver: staff", "driver: staf").replace("source: ketels2012", "source: other")
    path = tmp_path / "claims.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_claims(path, shipped)
    assert len(caught.value.problems) == 7 + 16
