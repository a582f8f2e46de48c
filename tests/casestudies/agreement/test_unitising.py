"""Where coders mark a text: the alphas of unitised continua by brute force, overlap with its universe, bad segments."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.casestudies.agreement.alpha_u import alpha_u
from clustergov.casestudies.agreement.continuum import Continuum, Segment, continuum
from clustergov.casestudies.agreement.overlap import block_interval, overlap, paragraphs
from clustergov.casestudies.agreement.sentences import sentences
from clustergov.casestudies.agreement.sets import masi, set_alpha
from clustergov.casestudies.agreement.unitising import coincidences, own_pairs, unitised_alpha
from clustergov.casestudies.agreement.where import where
from clustergov.problems import InputError


def marked(length: int, **units: list[tuple[int, int, str]]) -> Continuum:
    segments = [Segment(coder, *unit) for coder, own in units.items() for unit in own]
    return continuum(length, tuple(units), segments)


@st.composite
def texts(draw: st.DrawFn) -> Continuum:
    """Two or three coders, non-overlapping units of two codes on a short text."""
    length = draw(st.integers(8, 20))
    units: dict[str, list[tuple[int, int, str]]] = {}
    for coder in ("a", "b", "c")[: draw(st.integers(2, 3))]:
        cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
        units[coder] = [
            (start, end, draw(st.sampled_from("xy"))) for start, end in itertools.pairwise(cuts) if draw(st.booleans())
        ]
    return marked(length, **units)


@given(texts())
def test_coincidences_are_counts_of_characters(text: Continuum) -> None:
    """Character by character, for each ordered pair of coders: the definition itself."""
    m, codes = len(text.coders), ["", *text.codes]
    at = np.full((m, text.length), "", dtype=object)
    for s in text.segments:
        at[text.coders.index(s.coder), s.start : s.end] = s.code
    counted = np.zeros((len(codes), len(codes)))
    for one in range(m):
        for other in range(m):
            for place in range(text.length):
                if one != other:
                    counted[codes.index(at[one, place]), codes.index(at[other, place])] += 1 / (m - 1)
    assert np.allclose(coincidences(text), counted)
    assert coincidences(text).sum() == pytest.approx(m * text.length)
    lengths = [0.0] * len(codes)
    for s in text.segments:
        lengths[codes.index(s.code)] += (s.end - s.start) ** 2
    lengths[0] = float((at == "").sum())
    assert np.allclose(own_pairs(text), lengths)


@given(texts())
def test_alphas_do_not_pass_1_and_equal_coders_have_1(text: Continuum) -> None:
    found = unitised_alpha(text)
    for value in (found.u, found.relevance, found.cu, *(code.alpha for code in found.codes)):
        assert value is None or value <= 1 + 1e-12
    first = [s for s in text.segments if s.coder == text.coders[0]]
    same = continuum(text.length, ("a", "b"), [Segment(c, s.start, s.end, s.code) for s in first for c in "ab"])
    alike = unitised_alpha(same)
    assert alike.u is None or alike.u == pytest.approx(1)


def test_long_silence_does_not_carry_agreement_on_marks() -> None:
    """Over all text the silence of two coders counts; over coded text only they can be below chance."""
    text = marked(1000, a=[(0, 50, "x")], b=[(25, 75, "x")])
    found = overlap(text)
    assert (found.marked, found.both, found.either) == ((50, 50), 25, 75)
    assert found.jaccard == pytest.approx(1 / 3)
    assert found.dice == pytest.approx(0.5)
    assert found.kappa == pytest.approx(0.47, abs=0.005)
    assert found.kappa_coded == pytest.approx(-0.5)


def test_what_cannot_be_had_has_its_reason() -> None:
    assert unitised_alpha(marked(9, a=[(0, 3, "x")])).reason == "one-coder"
    assert unitised_alpha(marked(9, a=[], b=[])).reason == "nothing-marked"
    assert unitised_alpha(marked(9, a=[(0, 9, "x")], b=[(0, 9, "x")])).u is None
    twice = marked(9, a=[(0, 5, "x"), (3, 7, "y")], b=[(0, 5, "x")])
    assert unitised_alpha(twice).reason == "overlapping-codes"
    assert alpha_u(marked(9, a=[(0, 3, "x")])) is None
    assert overlap(marked(9, a=[], b=[])).jaccard is None
    assert overlap(marked(9, a=[], b=[])).kappa is None


def test_where_tells_each_code_though_codes_overlap() -> None:
    segments = (
        Segment("a", 0, 50, "x"),
        Segment("a", 30, 70, "y"),
        Segment("b", 0, 50, "x"),
        Segment("b", 40, 70, "y"),
    )
    found = where(200, ("a", "b"), segments)
    assert [each.code for each in found] == ["", "x", "y"]
    assert found[0].cu is None
    assert found[1].alpha == pytest.approx(1)
    assert found[2].alpha is not None
    assert found[2].alpha < 1
    assert found[2].low is None


def test_paragraphs_make_an_interval_and_few_make_none() -> None:
    text = "".join("This line is nothing but a line.\n" for _ in range(40))
    blocks = paragraphs(text)
    marks = [Segment(c, start, end - 1, "x") for i, (start, end) in enumerate(blocks) for c in "ab"
             if i % 4 == 0 or (i % 7 == 0 and c == "a")]  # fmt: skip
    known = continuum(len(text), ("a", "b"), marks)
    alpha = unitised_alpha(known).u
    found = block_interval(known, blocks, draws=400, seed=1, level=0.95)
    assert alpha is not None and found.low is not None and found.high is not None  # noqa: PT018  # narrows all three
    assert found.low < alpha < found.high
    assert block_interval(known, blocks, draws=400, seed=1, level=0.95) == found
    assert block_interval(known, blocks[:9], draws=400, seed=1, level=0.95).low is None


@pytest.mark.parametrize("bad", [Segment("a", 3, 3, "x"), Segment("a", -1, 3, "x"), Segment("a", 0, 11, "x"),
                                 Segment("z", 0, 3, "x")])  # fmt: skip
def test_bad_segments(bad: Segment) -> None:
    with pytest.raises(InputError):
        continuum(10, ("a", "b"), [bad])


def test_overlapping_marks_of_one_code_become_one_and_touching_ones_stay_two() -> None:
    found = continuum(10, ("a",), [Segment("a", 0, 4, "x"), Segment("a", 2, 6, "x"), Segment("a", 6, 8, "x")])
    assert [(s.start, s.end) for s in found.segments] == [(0, 6), (6, 8)]


def test_masi_falls_with_what_is_not_shared() -> None:
    ab, abc, bc, d = (frozenset(text) for text in ("ab", "abc", "bc", "d"))
    assert masi(ab, ab) == masi(frozenset(), frozenset()) == 1
    assert masi(ab, abc) == pytest.approx(4 / 9)
    assert masi(ab, bc) == pytest.approx(1 / 9)
    assert masi(ab, d) == masi(ab, frozenset()) == 0


def test_alpha_over_sets() -> None:
    a, b, none = frozenset("a"), frozenset("b"), frozenset[str]()
    rows = [{"x": a, "y": a}, {"x": b, "y": b}, {"x": none, "y": none}, {"x": a | b, "y": a}, {"x": a}]
    found = set_alpha(rows, ("x", "y"))
    assert found.value is not None
    # By hand: one unit differs by 1 − 1/2·2/3 = 2/3; eight values: a 3, b 2, none 2, ab 1.
    apart = 3 * 2 + 3 * 2 + 3 * 1 * (2 / 3) + 2 * 2 + 2 * 1 * (2 / 3) + 2 * 1
    assert found.value == pytest.approx(1 - (2 / 3 * 2 / 8) / (2 * apart / (8 * 7)))
    assert set_alpha([{"x": none, "y": none}] * 4, ("x", "y")).reason == "one-category"
    assert set_alpha([{"x": a}], ("x", "y")).reason == "one-coder"


def test_sentences_end_at_stops_and_lines_but_not_after_abbreviations() -> None:
    text = "Dr. A. Bos sprak op p. 3. Toen niet meer!  \n\nDaarna “wel?” Ja: 1.5 keer… en\nklaar 🚰."
    found = [text[start:end] for start, end in sentences(text)]
    assert found == [
        "Dr. A. Bos sprak op p. 3.",
        "Toen niet meer!",
        "Daarna “wel?”",
        "Ja: 1.5 keer…",
        "en",
        "klaar 🚰.",
    ]
