"""Numbers, dates and texts as respondents type them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.survey.service.typed import cleaned, read_date, read_number, read_text, shown_number, stored
from clustergov.survey.written_values import read_dates, read_numbers


@pytest.mark.parametrize(
    ("typed", "value"),
    [("3", "3"), ("12,5", "12.5"), ("12.50", "12.5"), ("-4", "-4"), ("−4", "-4"), ("+7", "7"), (",5", "0.5"), ("5,", "5"),
     ("1,2340", "1.2340"), ("0.125", "0.125"), ("40 %", "40"), ("€ 12", "12"), ("-0", "0"), ("0000012", "12"), ("12345", "12345")],
)  # fmt: skip
def test_numbers_may_have_a_comma_or_a_point(typed: str, value: str) -> None:
    assert read_number(cleaned(typed)).value == value


@pytest.mark.parametrize("typed", ["1.234", "1,234", "1.234.567", "1 000", "12'500", "1.234,5", "1,234.5", "999.999"])
def test_what_may_be_thousands_is_refused_and_said(typed: str) -> None:
    assert read_number(typed).rule == "thousands"


@pytest.mark.parametrize(
    "typed", ["many", "1e5", "0x10", "NaN", "inf", "--3", "1.2.3", "3 or 4", "1" * 16, "-", ".", "٣,,"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert read_number(typed).rule == "not-a-number"


@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 4)))
def test_a_stored_number_is_read_as_itself_by_us_and_in_files(number: float) -> None:
    written = stored(number)
    assert float(written) == number
    assert read_number(written).value == written
    assert read_numbers([written]) == {written: number}
    for language in ("nl", "en"):
        again = (
            read_number(shown_number(number, language)).value or read_number(f"{shown_number(number, language)}0").value
        )
        assert again == written


@pytest.mark.parametrize(
    ("typed", "iso"),
    [("2026-03-01", "2026-03-01"), ("1-3-2026", "2026-03-01"), ("01.03.2026", "2026-03-01"), ("31/12/2025", "2025-12-31"),
     ("3/3/2026", "2026-03-03"), ("29-2-2024", "2024-02-29")],
)  # fmt: skip
def test_dates_have_the_day_or_the_year_first(typed: str, iso: str) -> None:
    assert read_date(typed).value == iso
    assert read_dates([iso]) == {iso: iso}


@pytest.mark.parametrize(
    "typed", ["30-02-2026", "2026-13-01", "1-3-26", "yesterday", "0026-01-01", "1-3/2026", "12/31/2026"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    assert read_date(typed).rule == "not-a-date"


def test_a_date_in_which_both_could_be_the_month_is_asked_again() -> None:
    assert read_date("03/04/2026").rule == "date-order"


def test_texts_keep_their_words_and_lose_what_no_text_holds() -> None:
    assert cleaned(" a\x00b\ud800c\r\nd\te\x85f\ufeff ") == "abc\nd e\nf"
    assert cleaned("e\u0301") == "é"
    assert read_text("\u200b\u202e", most=10).value == ""
    assert read_text("🙂", most=10).value == "🙂"
    assert read_text("x" * 11, most=10).rule == "too-long"


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    cleaned(text).encode("utf-8")


def test_marks_without_end_are_parted_and_other_texts_are_as_they_were() -> None:
    """40,000 marks on one letter took three seconds, in which nobody else was served."""
    endless = cleaned("a" + "\u0300\u0316" * 20_000)
    runs = "".join("m" if unicodedata.combining(sign) else " " for sign in endless).split()
    assert max(map(len, runs)) == 30
    assert cleaned(endless) == endless
    # Every mark is still there.
    assert sum(map(len, runs)) == 40_000 - 1
    for text in ("één", "e\u0301e\u0301n", "क्षि", "Z\u0335\u0322a\u0334", "日本 🙂", "Việt"):
        assert cleaned(text) == unicodedata.normalize("NFC", text)
