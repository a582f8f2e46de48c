"""Funding composition against hand arithmetic and scipy's t interval, and groups too small to show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from clustergov.analysis.description.funding import funding_composition
from clustergov.language import LANGUAGES

SOURCES = ("fees", "sales", "natpub", "regpub", "intpub", "other")
RTOL = 1e-12  # the same means


def answers(n: int = 60, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shares = np.round(rng.dirichlet(np.ones(6), n) * 100)
    shares[:, 5] = 100 - shares[:, :5].sum(axis=1)
    shares = np.where(shares[:, [5]] < 0, [[20.0] * 5 + [0.0]], shares)
    frame = pd.DataFrame(shares, columns=[f"funding_{source}" for source in SOURCES])
    return frame.assign(year=rng.choice([2024, 2018, 2000], n, p=[0.3, 0.3, 0.4]).astype(float))


def test_input_is_unchanged_and_means_are_right(shipped, respond) -> None:
    frame = answers()
    frame.loc[0, "funding_fees"] = np.nan
    frame.loc[1, "funding_other"] += 30
    frame.loc[2, "year"] = np.nan
    responses = respond(shipped, frame)
    before = responses.frame.copy(deep=True)
    found = funding_composition(responses, reference_year=2026)
    pd.testing.assert_frame_equal(responses.frame, before)
    assert (found.lost, found.inconsistent) == (1, 1)
    used = frame.drop(index=[0, 1])
    whole = found.groups[0]
    assert whole.n == 58
    for source in SOURCES:
        values = used[f"funding_{source}"] / 100
        low, high = stats.t.interval(0.95, 57, values.mean(), stats.sem(values))
        part = whole.of(source)
        assert part.share == pytest.approx(values.mean(), rel=RTOL)
        assert part.interval is not None
        assert (part.interval.low, part.interval.high) == pytest.approx((max(low, 0), min(high, 1)), rel=1e-9)
    public = used[[f"funding_{source}" for source in ("natpub", "regpub", "intpub")]].sum(axis=1) / 100
    assert whole.of("public").share == pytest.approx(public.mean(), rel=RTOL)
    assert sum(whole.of(source).share for source in SOURCES) == pytest.approx(1, rel=RTOL)
    by_age = {group.code: group for group in found.groups}
    assert list(by_age) == ["all", "0-4", "5-9", "10+", "unknown"]
    assert by_age["5-9"].of("public").share == pytest.approx(public[used["year"] == 2018].mean(), rel=RTOL)
    assert sum(group.n or 0 for group in found.groups[1:]) == 58


def test_age_classes_are_counted_in_the_declared_year(shipped, respond) -> None:
    frame = answers(8).assign(year=[2026.0, 2022, 2021, 2017, 2016, 1950, 2027, np.nan])
    found = funding_composition(respond(shipped, frame), reference_year=2026)
    assert {group.code: group.n for group in found.groups} == {"all": 8, "0-4": 2, "5-9": 2, "10+": 2, "unknown": 2}


def test_rounding_is_allowed_and_divided_out(shipped, respond) -> None:
    frame = answers(4)
    frame["funding_fees"] += 1
    found = funding_composition(respond(shipped, frame), reference_year=2026)
    assert found.inconsistent == 0
    assert sum(found.groups[0].of(source).share for source in SOURCES) == pytest.approx(1, rel=RTOL)


def test_small_groups_and_those_that_give_them_away_are_hidden(shipped, respond) -> None:
    frame = answers(40).assign(year=[2024.0] * 3 + [2018.0] * 12 + [2000.0] * 25)
    responses = respond(shipped, frame, kind="real")
    found = funding_composition(responses, reference_year=2026, minimum=5)
    by_age = {group.code: group for group in found.groups}
    assert by_age["0-4"].n is None
    assert sum(group.n is None for group in found.groups) == 2
    assert by_age["all"].n == 40
    hidden = found.frame().query("group == '0-4'")
    assert hidden[["mean", "low", "high", "n"]].isna().all(axis=None)
    open_frame = funding_composition(responses, reference_year=2026).frame()
    assert open_frame["mean"].notna().all()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_few_breakdowns_are_told(n: int, shipped, respond) -> None:
    found = funding_composition(respond(shipped, answers(12).head(n)), reference_year=2026, minimum=5)
    for language in LANGUAGES:
        assert found.sentence(language)
    assert found.frame()["low"].isna().all()


def test_words(shipped, respond) -> None:
    found = funding_composition(respond(shipped, answers()), reference_year=2026)
    share = found.groups[0].of("public").share
    assert f"{100 * share:.0f}%" in found.sentence("nl")
    assert "2026" in found.sentence("nl")
    assert "2.026" not in found.sentence("nl")
    assert "n = 60" in found.sentence("en")


def test_a_question_without_a_total_is_no_composition(shipped, respond) -> None:
    with pytest.raises(ValueError, match="board"):
        funding_composition(respond(shipped, answers(5)), reference_year=2026, question="board")
