"""Networks and timelines of cases: nothing on top of anything else, the same bytes again, and what a listener hears."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from clustergov.casestudies.case import Case, read
from clustergov.reports.figures.actor_network import network_alt, network_figure, network_picture
from clustergov.reports.figures.alternative import LONGEST
from clustergov.reports.figures.network_layout import behind, edge_of, place
from clustergov.reports.figures.timeline import timeline_alt, timeline_figure, timeline_picture, year_words

CASES = ("leeuwarden", "nijmegen", "twente", "groningen")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, root: Path) -> Case:
    return read(root / "casestudies" / request.param / "case.yml")


def overlap(one: object, other: object) -> bool:
    """Whether two bounding boxes share more than a hair."""
    (a, b), (c, d) = one.min, one.max  # type: ignore[attr-defined]
    (e, f), (g, h) = other.min, other.max  # type: ignore[attr-defined]
    return bool(min(c, g) - max(a, e) > 2 and min(d, h) - max(b, f) > 2)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_boxes_stand_apart_and_inside_the_page(case: Case, language: str) -> None:
    figure = network_picture(case, language)
    figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == len(case.actors)
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    page = figure.bbox
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1 for box in boxes)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_names_and_kinds_stand_inside_their_boxes(case: Case, language: str) -> None:
    figure = network_picture(case, language)
    figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    shown = {text.get_text().replace("\n", " "): text.get_window_extent() for text in figure.axes[0].texts}
    for actor in case.actors:
        name = shown[actor.name.to(language)]
        assert any(box.x0 <= name.x0 and name.x1 <= box.x1 for box in boxes), actor.code


def test_words_on_ties_hide_no_name(case: Case) -> None:
    figure = network_picture(case, "nl")
    figure.canvas.draw()
    names = {actor.name.to("nl") for actor in case.actors}
    texts: list[Text] = list(figure.axes[0].texts)
    boxes = [text.get_window_extent() for text in texts if text.get_text().replace("\n", " ") in names]
    ties = [text.get_window_extent() for text in texts if text.get_zorder() == 2]
    assert ties
    assert not any(overlap(tie, box) for tie in ties for box in boxes)


def test_figures_repeat_to_the_byte(case: Case) -> None:
    assert network_figure(case, "en") == network_figure(case, "en")
    assert timeline_figure(case, "en") == timeline_figure(case, "en")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_listener_hears_parties_ties_and_years(case: Case, language: str) -> None:
    network, timeline = network_alt(case, language), timeline_alt(case, language)
    assert len(network) <= LONGEST + 10
    assert len(timeline) <= LONGEST + 10
    assert re.search(rf"\b{len(case.actors)}\b", network)
    assert re.search(rf"\b{len(case.relations)}\b", network)
    first = min(event.year for event in case.timeline if event.year)
    assert str(first) in timeline
    assert str(len(case.timeline)) in timeline


def test_every_event_stands_in_the_timeline_in_the_order_of_its_years(case: Case) -> None:
    figure = timeline_picture(case, "nl")
    texts = [(text.get_position()[1], text.get_text().replace("\n", " ")) for text in figure.axes[0].texts]
    places = [next(y for y, words in texts if words == event.text.to("nl")) for event in _sorted(case)]
    assert places == sorted(places)


def _sorted(case: Case) -> list:  # type: ignore[type-arg]
    return sorted(case.timeline, key=lambda event: event.order)


def test_how_exact_a_year_is_stands_with_it(root: Path) -> None:
    case = read(root / "casestudies/leeuwarden/case.yml")
    words = {year_words(entry, "en") for entry in (*case.timeline, *case.vision)}
    assert {"2000", "about 2009", "2009–2014", "no year"} <= words


def test_a_layout_keeps_what_cannot_fit_apart_as_far_as_it_can() -> None:
    sizes = {str(i): (3.0, 1.0) for i in range(6)}
    ties = [("0", str(i)) for i in range(1, 6)]
    found = place(sizes, ties, 15.6, 10.0)
    assert found == place(sizes, ties, 15.6, 10.0)
    for one, other in combinations(found.values(), 2):
        assert abs(one[0] - other[0]) >= 3.0 or abs(one[1] - other[1]) >= 1.0
    assert place({"a": (2.0, 1.0)}, [], 10.0, 10.0)["a"] == pytest.approx((1.0, 0.5), abs=9)


def test_a_line_behind_a_box_is_seen() -> None:
    assert behind((0, 0), (10, 0), (5, 0), (2, 1))
    assert not behind((0, 0), (10, 0), (5, 2), (2, 1))
    assert not behind((0, 0), (3, 0), (5, 0), (2, 1))
    assert behind((0, 0), (0, 10), (0.4, 5), (1, 1))  # along an axis
    assert edge_of((0, 0), (10, 0), (2, 1)) == (1.0, 0.0)
    assert edge_of((0, 0), (0, 10), (2, 1)) == (0.0, 0.5)
