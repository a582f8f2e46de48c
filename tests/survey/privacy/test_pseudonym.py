"""Pseudonyms are unique, look like nothing else, and tell a slip of the pen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clustergov.survey.privacy.pseudonym import ALPHABET, as_typed, is_pseudonym, new_pseudonyms

DRAWN = st.builds(lambda _: new_pseudonyms(1)[0], st.integers())


def test_they_are_unique_and_well_formed() -> None:
    drawn = new_pseudonyms(5000)
    assert len(set(drawn)) == 5000
    assert all(is_pseudonym(each) and each[0].isalpha() for each in drawn)


def test_taken_ones_are_not_drawn_again() -> None:
    taken = new_pseudonyms(200)
    assert not set(new_pseudonyms(200, taken)) & set(taken)


@given(DRAWN, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_seen(pseudonym: str, place: int, sign: str) -> None:
    wrong = pseudonym[:place] + sign + pseudonym[place + 1 :]
    assert is_pseudonym(wrong) == (wrong == pseudonym)


@given(DRAWN, st.integers(0, 7), st.integers(0, 7))
def test_two_exchanged_signs_are_seen(pseudonym: str, one: int, other: int) -> None:
    signs = list(pseudonym)
    signs[one], signs[other] = signs[other], signs[one]
    wrong = "".join(signs)
    assert is_pseudonym(wrong) == (wrong == pseudonym)


@given(st.text(max_size=10))
def test_other_texts_are_no_pseudonyms_by_accident_of_form(text: str) -> None:
    assert not is_pseudonym(text) or (len(text) == 8 and set(text) <= set(ALPHABET))


def test_as_somebody_types_it() -> None:
    (pseudonym,) = new_pseudonyms(1)
    assert as_typed(f" {pseudonym[:4].lower()}-{pseudonym[4:].lower()} ") == pseudonym
    assert as_typed(" 17 ") == "17"
