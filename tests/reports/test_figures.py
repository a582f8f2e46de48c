"""Figures: equal bytes, files of modest size, text that neither leaves the page nor lies on other text."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from PIL import Image

from clustergov.analysis.claims.verdicts import VERDICTS
from clustergov.language import LANGUAGES
from clustergov.reports.figures import style
from clustergov.reports.figures.composition import composition, composition_alt, composition_figure
from clustergov.reports.figures.diverging import diverging_alt, diverging_bars, diverging_figure, option_colours
from clustergov.reports.figures.forest import axis_limits, forest, forest_alt, forest_figure
from clustergov.reports.figures.matrix import case_matrix_alt, case_matrix_figure, matrix_figure
from clustergov.reports.figures.picture import LARGEST
from clustergov.reports.figures.verdicts import SIGNS, shortened_labels, verdict_alt, verdict_chart, verdict_figure

# Pixels that two boxes of text may share: a box holds room for accents and tails that its letters do not have.
TOUCH = 4.0
# Pixels by which the hinted letters of a line may be wider than the line was measured.
HINTED = 3.0
LONG = "een lange omschrijving van samenwerking met onderzoeksinstellingen, $onderwijsinstellingen$ en kapitaalverschaffers"
BANNER = "SYNTHETISCH"


def _likert(items: int, options: int = 5) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    shares = pd.DataFrame(rng.dirichlet(np.ones(options), items))
    return {
        "shares": shares,
        "labels": [f"{LONG[: 20 + 9 * (row % 10)]} {row}" for row in range(items)],
        "options": [f"antwoord {option} op de schaal" for option in range(options)],
        "n": list(range(200, 200 + items)),
        "neutral": options // 2 if options % 2 else None,
    }


def _funding() -> dict[str, Any]:
    shares = pd.DataFrame(
        [[0.22, 0.13, 0.23, 0.26, 0.10, 0.06], [0.9, 0.02, 0.02, 0.02, 0.02, 0.02], [0.0, 0.0, 0.2, 0.3, 0.5, 0.0]],
        columns=["fees", "sales", "natpub", "regpub", "intpub", "other"],
    )
    return {
        "shares": shares,
        "labels": ["alle organisaties (n = 231)", f"{LONG} (n = 12)", "leeftijd onbekend (n = 9)"],
        "parts": ["bijdragen", "verkoop", "nationale overheid", "regionale overheid", f"{LONG} {LONG}", "andere"],
        "public": ["natpub", "regpub", "intpub"],
    }


def _drivers(groups: int = 6, labels: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = [
        {
            "label": f"{LONG[:50]} {label}",
            "group": f"{LONG[:60]} {group}",
            "estimate": float(np.exp(rng.normal(0, 0.4))),
        }
        for group in range(groups)
        for label in range(labels)
    ]
    frame = pd.DataFrame(rows)
    frame = frame.assign(low=frame["estimate"] / 1.5, high=frame["estimate"] * 1.5, p_adjusted=0.5, n=200)
    frame.loc[1, "p_adjusted"] = 0.01
    frame.loc[2, ["estimate", "low", "high", "p_adjusted"]] = np.nan
    frame.loc[3, ["low", "high"]] = [1e-6, 1e6]
    return frame


def _claimed(parts: int = 70) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    estimates = rng.normal(0, 3, parts)
    frame = pd.DataFrame(
        {
            "claim": [1 + part // 5 for part in range(parts)],
            "label": [f"{1 + part // 5}{'abcde'[part % 5]} {LONG[: 30 + part % 60]}" for part in range(parts)],
            "estimate": estimates,
            "low": estimates - 1.2,
            "high": estimates + 1.2,
            "published_low": np.where(np.arange(parts) % 3 == 0, 0.9, np.nan),
            "published_high": np.where(np.arange(parts) % 3 == 0, 1.1, np.nan),
            "asserted": np.arange(parts) % 4 != 3,
            "verdict": [VERDICTS[part % len(VERDICTS)] for part in range(parts)],
        }
    )
    frame.loc[frame.index[2], ["estimate", "low", "high"]] = np.nan
    return frame


def _matrix() -> tuple[pd.DataFrame, dict[str, str]]:
    counts = pd.DataFrame(
        [[1, 3, pd.NA, 7] * 4, [pd.NA] * 16, [2, 0, 1, 1] * 4],
        index=["a", "b", "c"],
        columns=[f"concept{at}" for at in range(16)],
    ).astype("Int64")
    labels = {"a": "Leeuwarden (watertechnologieonderzoek)", "b": "Twente", "c": LONG}
    return counts, labels | {name: f"{LONG[:70]} {name}" for name in counts.columns}


def _figures(language: str, banner: str = "") -> dict[str, Callable[[], bytes]]:
    counts, labels = _matrix()
    common: dict[str, Any] = {"language": language, "banner": banner}
    effects: dict[str, Any] = {"null": 1.0, "log": True, "axis_label": "odds ratio", **common}
    return {
        "diverging": lambda: diverging_bars(**_likert(8), **common),
        "composition": lambda: composition(**_funding(), **common),
        "forest": lambda: forest(_drivers(), **effects),
        "verdicts": lambda: verdict_chart(_claimed(), **common),
        "matrix": lambda: case_matrix_figure(counts, labels, language, banner),
    }


def _drawings(language: str, banner: str = "") -> dict[str, Callable[[], Figure]]:
    counts, labels = _matrix()
    common: dict[str, Any] = {"language": language, "banner": banner}
    effects: dict[str, Any] = {"axis_label": "verschil in de score", **common}
    return {
        "diverging": lambda: diverging_figure(**_likert(8), **common),
        "diverging of many items": lambda: diverging_figure(**_likert(80, 6), **common),
        "diverging of eleven options": lambda: diverging_figure(**_likert(3, 11), **common),
        "diverging of two options": lambda: diverging_figure(**_likert(1, 2), **common),
        "composition": lambda: composition_figure(**_funding(), **common),
        "forest": lambda: forest_figure(_drivers(), null=1.0, log=True, **effects),
        "forest of three": lambda: forest_figure(_drivers(3), null=1.0, log=True, **effects),
        "forest of one": lambda: forest_figure(_drivers(1), null=0.0, log=False, **effects),
        "verdicts": lambda: verdict_figure(_claimed(), **common),
        "few verdicts": lambda: verdict_figure(_claimed(4), **common),
        "matrix": lambda: matrix_figure(counts, labels, language, banner),
    }


@cache
def _drawn(kind: str, language: str, banner: str) -> Figure:
    return _drawings(language, banner)[kind]()


@pytest.mark.parametrize("kind", list(_figures("nl")))
def test_two_drawings_have_equal_bytes_and_the_data_stay_as_they_were(kind: str) -> None:
    data = {"diverging": _likert(8)["shares"], "composition": _funding()["shares"], "forest": _drivers(),
            "verdicts": _claimed(), "matrix": _matrix()[0]}[kind]  # fmt: skip
    before = data.copy(deep=True)
    draw = {
        "diverging": lambda: diverging_bars(**(_likert(8) | {"shares": data}), language="nl"),
        "composition": lambda: composition(**(_funding() | {"shares": data}), language="nl"),
        "forest": lambda: forest(data, null=1.0, log=True, language="nl", axis_label="odds ratio"),
        "verdicts": lambda: verdict_chart(data, language="nl"),
        "matrix": lambda: case_matrix_figure(data, _matrix()[1], "nl"),
    }[kind]
    first = draw()
    pd.testing.assert_frame_equal(data, before)
    assert draw() == first


@pytest.mark.parametrize("kind", list(_figures("nl")))
def test_a_file_is_small_fits_a_page_and_tells_nothing_of_its_making(kind: str) -> None:
    content = _figures("en", "SYNTHETIC")[kind]()
    image = Image.open(io.BytesIO(content))
    assert len(content) < LARGEST
    assert image.width / style.DPI * 2.54 == pytest.approx(style.WIDTH, abs=0.05)
    assert image.height / style.DPI * 2.54 <= 24
    assert set(image.info) <= {"dpi"}
    assert image.convert("RGB").getpixel((0, image.height - 1)) == (255, 255, 255)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(_drawings("nl")))
def test_text_stays_on_the_page_and_off_other_text(kind: str, language: str) -> None:
    figure = _drawn(kind, language, BANNER)
    boxes = _boxes(figure)
    width, height = figure.canvas.get_width_height()
    outside = [
        text
        for text, box in boxes
        if box.x0 < 0 or box.x1 > width + HINTED or box.y0 < -TOUCH or box.y1 > height + TOUCH
    ]
    assert not outside
    overlapping = [
        (one, other) for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > TOUCH
    ]  # fmt: skip
    assert not overlapping


@pytest.mark.parametrize("kind", list(_drawings("nl")))
def test_type_is_never_smaller_than_the_smallest(kind: str) -> None:
    assert min(text.get_fontsize() for text in _texts(_drawn(kind, "nl", BANNER))) >= style.SMALL


@pytest.mark.parametrize("kind", list(_drawings("nl")))
def test_a_banner_is_drawn_when_there_is_one(kind: str) -> None:
    assert [text for text in _texts(_drawn(kind, "nl", BANNER)) if text.get_text() == BANNER]
    assert not [text for text in _texts(_drawings("nl")[kind]()) if "SYNTH" in text.get_text()]


@pytest.mark.parametrize("kind", list(_figures("nl")))
def test_a_banner_changes_the_picture_and_keeps_its_colour(kind: str) -> None:
    plain, marked = (Image.open(io.BytesIO(_figures("nl", banner)[kind]())).convert("RGB") for banner in ("", BANNER))
    red = (np.asarray(marked)[:120].astype(int) @ np.array([1, -1, 0])) > 100
    assert red.sum() > 200
    assert ((np.asarray(plain)[:120].astype(int) @ np.array([1, -1, 0])) > 100).sum() < red.sum() / 2


def test_a_long_banner_is_wrapped() -> None:
    figure = diverging_figure(**_likert(3), language="nl", banner=f"SYNTHETISCH: {LONG}")
    width, _ = figure.canvas.get_width_height()
    assert all(box.x0 >= 0 and box.x1 <= width + HINTED for _, box in _boxes(figure))


def test_an_option_that_nobody_chose_stays_in_the_legend() -> None:
    data = _likert(2)
    data["shares"].iloc[:, 0] = 0.0
    texts = [text.get_text() for text in _texts(diverging_figure(**data, language="en"))]
    assert all(option in texts for option in data["options"])


def test_lightness_of_options_goes_one_way_on_each_side_and_the_low_side_is_hatched() -> None:
    for options, neutral in ((5, 2), (6, None), (11, 5)):
        colours = option_colours(options, neutral)
        grey = [style.luminance(face) for face, _ in colours]
        side = options // 2
        assert grey[:side] == sorted(grey[:side])
        assert grey[options - side :] == sorted(grey[options - side :], reverse=True)
        assert [bool(hatch) for _, hatch in colours] == [True] * side + [False] * (options - side)


def test_each_verdict_has_a_shape_of_its_own() -> None:
    assert set(SIGNS) == set(VERDICTS)
    assert len({marker for marker, _ in SIGNS.values()}) == len(VERDICTS)


def test_dots_stand_for_the_same_words_in_rows_that_follow() -> None:
    labels = [f"1{letter} priority of work among firms and {what}" for letter, what in
              zip("abcd", ["growth of the cluster", "meeting deadlines", "meeting goals", "sustainability"], strict=True)]  # fmt: skip
    assert shortened_labels(labels, [1, 1, 1, 1], width=4.0) == [
        labels[0], "1b … meeting deadlines", "1c … meeting goals", "1d … sustainability",
    ]  # fmt: skip
    assert shortened_labels(labels, [1, 1, 1, 1], width=40.0) == labels
    assert shortened_labels(labels, [1, 2, 3, 4], width=4.0) == labels


def test_eighty_long_items_still_fit_a_page() -> None:
    data = _likert(80, 6)
    content = diverging_bars(
        **(data | {"labels": [f"{row} {LONG}" for row in range(80)]}), language="nl", banner=BANNER
    )
    assert Image.open(io.BytesIO(content)).height / style.DPI * 2.54 <= 24
    # A page full of letters in six colours of bars: a little over what every ordinary figure keeps to.
    assert len(content) < 1.1 * LARGEST


def test_a_shortened_label_says_so_and_fits() -> None:
    wrapped = style.wrap(LONG, 4.0, style.SMALL)
    short = style.shortened(wrapped, 1, 4.0, style.SMALL)
    assert short.endswith("…")
    assert style.width_of(short, style.SMALL) <= 4.0
    assert style.shortened(wrapped, 99, 4.0, style.SMALL) == wrapped


def test_one_endless_interval_does_not_crush_the_axis() -> None:
    low, high = axis_limits(_drivers(), null=1.0, log=True)
    assert 0.1 < low < 1 < high < 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_alternative_texts_state_numbers_and_stay_short(language: str) -> None:
    counts, labels = _matrix()
    alts = {
        "diverging": diverging_alt(**_likert(30), language=language),
        "composition": composition_alt(**_funding(), language=language),
        "forest": forest_alt(_drivers(), null=1.0, language=language),
        "verdicts": verdict_alt(_claimed(), language),
        "matrix": case_matrix_alt(counts, labels, language),
    }
    for kind, text in alts.items():
        assert len(text) < 600, kind
        assert sum(character.isdigit() for character in text) >= 4, kind
    assert "1 van 41" in alts["forest"] or "1 of 41" in alts["forest"]
    assert "28 " in alts["matrix"].split("48")[0] or "20 " in alts["matrix"].split("48")[0]


def test_alternative_texts_say_what_the_data_say() -> None:
    shares = pd.DataFrame([[0.1, 0.1, 0.2, 0.3, 0.3], [0.0, 0.05, 0.05, 0.4, 0.5]])
    told = diverging_alt(
        shares, labels=["Costs", "Trust"], options=["never", "rarely", "neither", "often", "always"], neutral=2,
        n=[40, 50], language="en",
    )  # fmt: skip
    assert "n = 40 to 50" in told
    assert told.index("Trust 90% (5%)") < told.index("Costs 60% (20%)")
    money = composition_alt(**_funding(), language="nl")
    assert "alle organisaties (n = 231) 59%" in money
    frame = _claimed(6).assign(asserted=True, verdict=["supported", "supported", *["inconclusive"] * 4])
    assert verdict_alt(frame, "en").endswith("2 supported, 4 inconclusive. Supported: 1a, 1b.")


def _texts(figure: Figure) -> list[Drawn]:
    """Everything that is drawn with letters, tick labels included."""
    return [text for text in figure.findobj(Drawn) if text.get_visible() and text.get_text().strip()]


def _boxes(figure: Figure) -> list[tuple[str, Any]]:
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    with style.house_style():
        canvas.draw()
        renderer = canvas.get_renderer()
        return [
            (text.get_text(), Drawn.get_window_extent(text, renderer))
            for text in _texts(figure)
            if text.axes is None or _shown(text)
        ]


def _shown(text: Drawn) -> bool:
    """Axes keep tick labels that lie beyond their limits without drawing them."""
    return not (
        text in text.axes.get_xticklabels()
        and not text.axes.get_xlim()[0] <= text.get_position()[0] <= text.axes.get_xlim()[1]
    )
