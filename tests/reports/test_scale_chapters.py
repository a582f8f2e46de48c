"""The chapters on reliability and factors: what they show, in words that a reader and a listener get whole."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from clustergov.analysis.scales.consistency import with_omega
from clustergov.analysis.scales.structure import NotExplored, Structure, structures_of_constructs
from clustergov.language import LANGUAGES, Text
from clustergov.reports.chapters.factors import factors
from clustergov.reports.chapters.reliability import reliability
from clustergov.reports.document import Block, Bullets, Figure, Table
from clustergov.reports.figures.scree import scree_figure
from clustergov.reports.findings import Findings
from clustergov.reports.inline import plain


@pytest.fixture(scope="module")
def structures(findings: Findings) -> tuple[Structure | NotExplored, ...]:
    return structures_of_constructs(findings.responses, seed=1, draws=40)


@pytest.fixture(scope="module")
def with_omegas(findings: Findings) -> Any:
    return SimpleNamespace(reliability=with_omega(findings.reliability, findings.responses, draws=40))


def table_of(blocks: list[Block], name: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.id == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_omega_stands_beside_alpha(with_omegas: Any, language: str) -> None:
    blocks = reliability(with_omegas, language)
    table = table_of(blocks, "reliability")
    assert len(table.header) == 8
    assert {len(row) for row in table.rows} == {8}
    shown = {plain(row[5]) for row in table.rows}
    assert len(shown) > 1
    assert all(("," if language == "nl" else ".") in value for value in shown)
    items = table_of(blocks, "reliability-items")
    assert len(items.rows) == len(items.data)
    assert not items.data["loading"].isna().any()


def test_without_omega_the_table_is_the_old_one(findings: Findings) -> None:
    bare = SimpleNamespace(reliability=tuple(_bare(each) for each in findings.reliability))
    table = table_of(reliability(bare, "en"), "reliability")  # type: ignore[arg-type]  # only this field is read
    assert len(table.header) == 6


def _bare(found: Any) -> Any:
    return dataclasses.replace(found, omega=None) if hasattr(found, "omega") else found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_whose_words_tell_the_finding(structures: tuple[Structure | NotExplored, ...], language: str) -> None:
    blocks = factors(structures, language, "SYNTHETIC")
    figure = next(block for block in blocks if isinstance(block, Figure))
    explored = [each for each in structures if isinstance(each, Structure)]
    for each in explored:
        assert each.label.to(language) in figure.alt
        table = table_of(blocks, f"factors-{each.scale}")
        assert len(table.rows) == len(each.exploration.items)
        assert table.data["item"].tolist() == [each.exploration.items[i] for i in each.exploration.order()]
    assert ("boven de grens" if language == "nl" else "above the limit") in figure.alt
    assert len(figure.png) < 60_000
    again = next(block for block in factors(structures, language, "SYNTHETIC") if isinstance(block, Figure))
    assert again.png == figure.png


def test_as_many_filled_points_as_factors(structures: tuple[Structure | NotExplored, ...]) -> None:
    panels = [("a", each.parallel) for each in structures if isinstance(each, Structure)]
    figure = scree_figure(panels, language="en")
    axes = [each for each in figure.axes if each.get_label() != "page"]
    for (_, parallel), panel in zip(panels, axes, strict=True):
        points = [line for line in panel.lines if line.get_marker() == "o"]
        assert len(points) == len(parallel.components)
        assert sum(line.get_markerfacecolor() != "white" for line in points) == parallel.component_count


def test_what_was_not_explored_is_told_and_nothing_gives_no_chapter() -> None:
    reason = Text({"nl": "daarom", "en": "therefore"})
    refused = NotExplored("x", Text({"nl": "Schaal", "en": "Scale"}), reason)
    blocks = factors([refused], "en")
    [bullets] = [block for block in blocks if isinstance(block, Bullets)]
    assert "therefore" in plain(bullets.items[0])
    assert factors([], "en") == []
