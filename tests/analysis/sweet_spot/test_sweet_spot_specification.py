"""A declared sweet spot: the shipped one is right, every mistake is told at once, and the whole of it on responses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.sweet_spot.sweet_spot import read_sweet_spot, sweet_spot
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.reports.chapters.sweet_spot import sweet_spot as chapter
from clustergov.reports.document import Figure, Notice, Table
from conftest import ROOT

SHIPPED = ROOT / "analysis" / "sweet-spot.yml"


def test_the_shipped_one_is_right(shipped: Questionnaire) -> None:
    found = read_sweet_spot(SHIPPED, shipped)
    assert (found.optimum, found.margin, found.share.names[0]) == (60, 10, "funding_natpub")
    assert found.mean_share is not None


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("unknown-variable", "funding_natpub", "funding_nothing"),
        ("unknown-construct", "score of: performance", "score of: nothing"),
        ("no-order", "variable: strength", "variable: country"),
        ("one-origin", "variable: strength", "variable: strength\n    score of: performance"),
        ("shared-part", "variable: strength", "variable: external_growth"),
        ("composition", "funding_intpub]", "funding_intpub, funding_fees, funding_sales, funding_other]"),
        ("unknown-variable", "country: country", "country: land"),
        ("not-a-number", "year: year", "year: country"),
        ("value-error", "optimum: 60", "optimum: 95"),
        ("unknown-key", "mark: D\n\nheld equal", "marks: D\n\nheld equal"),
    ],
)
def test_every_mistake_has_its_rule_and_line(
    rule: str, old: str, new: str, shipped: Questionnaire, tmp_path: Path
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "sweet-spot.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_sweet_spot(path, shipped)
    assert rule in {problem.rule for problem in caught.value.problems}
    assert all(problem.line for problem in caught.value.problems)


def answers(n: int, share: np.ndarray) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = {name: rng.choice(list("12345"), n) for name in (
        "external_growth", "external_innov", "external_compet", "internal_deadlines", "internal_goals", "internal_finance",
        "internal_attract", "strength")}  # fmt: skip
    return pd.DataFrame(frame) .assign(
        funding_natpub=share, funding_regpub=0.0, funding_intpub=0.0, funding_fees=100 - share, funding_sales=0.0,
        funding_other=0.0, year=rng.integers(1990, 2012, n).astype(float), country=rng.choice(["NL", "DE", "SE"], n),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
def test_real_responses_as_a_chapter(language: str, shipped: Questionnaire, respond: object) -> None:
    share = np.round(100 * np.random.default_rng(2).beta(3, 2, 150))
    responses = respond(shipped, answers(150, share), kind="real")  # type: ignore[operator]
    before = responses.frame.copy()
    found = sweet_spot(read_sweet_spot(SHIPPED, shipped), responses, reference_year=2012, minimum=5, resamples=100)
    assert responses.frame.equals(before)
    assert found.tested is not None
    blocks = chapter(found, language)
    figure = next(block for block in blocks if isinstance(block, Figure))
    assert figure.png.startswith(b"\x89PNG")
    assert "150" in figure.alt
    assert len(figure.alt) < 600
    tables = [block for block in blocks if isinstance(block, Table)]
    assert {table.id for table in tables} == {"sweet-spot-numbers", "mean-share"}
    for table in tables:
        assert all(len(row) == len(table.header) for row in table.rows)
        assert "nan" not in str(table.rows).lower()
    assert not found.synthetic


def test_one_country_and_a_constant_share_are_told_and_stop_nothing(shipped: Questionnaire, respond: object) -> None:
    specification = read_sweet_spot(SHIPPED, shipped)
    one = answers(60, np.round(np.random.default_rng(2).uniform(0, 100, 60))).assign(country="NL")
    found = sweet_spot(specification, respond(shipped, one), reference_year=2012, resamples=50)  # type: ignore[operator]
    assert found.mean_share is not None
    assert "one country" in found.mean_share.sentence("en")
    constant = respond(shipped, answers(60, np.full(60, 60.0)))  # type: ignore[operator]
    found = sweet_spot(specification, constant, reference_year=2012, resamples=50)
    assert found.tested is None
    assert "same value" in found.sentence("en")
    assert any(isinstance(block, Notice) for block in chapter(found, "nl"))
