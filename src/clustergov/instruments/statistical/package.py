"""Data files with labels for statistical packages: SPSS (.sav) and Stata (.dta), with answers or without any.

Choices and ticks are numbers with value labels (`option_numbers`; a tick is 0 or 1), since only numbers can tell why a
cell is blank. A frame of `survey.missing_codes` holds the reason of every blank cell: in SPSS a user-missing code, in
Stata one of the extended missing values. A text that was left open is empty.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from clustergov.instruments.exchange import Exported, Notes, listed
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.instruments.statistical.blank_codes import BLANK_CODES, REASONS, blank_label
from clustergov.instruments.statistical.cells import Table, table_of
from clustergov.instruments.statistical.columns import Column, below_reasons
from clustergov.instruments.statistical.names import SPSS, STATA

if TYPE_CHECKING:
    import pandas as pd

SPSS_LABEL, SPSS_VALUE_LABEL, SPSS_FILE_LABEL, SPSS_TEXT = 256, 120, 64, 32767
"""Bytes of the label of a variable, of a value and of the file, and of a text; longer ones are lost without a word."""
STATA_LABEL, STATA_VALUE_LABEL, STATA_TEXT = 80, 32000, 2045
"""Characters of labels of variables and files; bytes of value labels and of texts."""
STATA_VERSION = 14
"""The first whose files hold any script (format 118)."""

LETTERS = {code: ascii_lowercase[place] for place, code in enumerate(REASONS)}
"""Stata's missing value for each reason: .a skipped, .b not applicable, .c refused, .d abandoned, .e not asked,
.f not recorded. Options marked blank have .g and further."""

_SPSS_EPOCH, _STATA_EPOCH = datetime(1582, 10, 14), datetime(1960, 1, 1)
_SECOND, _DAY = 1.0, 86400.0
_EMPTY_WIDTH = 255
"""Of texts in a file without cases."""


def to_sav(
    questionnaire: Questionnaire, frame: pd.DataFrame | None = None, *, language: str = "en", synthetic: bool = False
) -> Exported:
    """Write an SPSS file.

    Parameters
    ----------
    questionnaire : Questionnaire
    frame : DataFrame, n rows, optional
        Codes, as `Responses.frame` or `survey.missing_codes.with_missing_codes` has them; variables that are not there
        are blank. Without a frame the file has every variable and no case.
    language : str
        Of the labels.
    synthetic : bool
        Whether the answers are simulated: then the column ``synthetic`` is 1 in every case.

    Returns
    -------
    Exported
        Notes tell what was renamed, numbered or cut.

    Raises
    ------
    InputError
        The frame holds codes that the questionnaire does not list, or dates that are none.

    Notes
    -----
    SPSS allows one range of missing values and one value beside it. The reasons are the range −996 to −991; of options
    marked blank the one with the highest code keeps it, others of the same scale are written as −997, −998, …
    """
    import pyreadstat

    notes = Notes()
    table = table_of(questionnaire, frame, language, SPSS, notes, synthetic=synthetic)
    spss = _one_beside_range(table.columns, notes)
    written = table.numeric(spss, since=_SPSS_EPOCH, unit=_SECOND)
    for name in table.texts:
        written[name] = _cut_texts(written[name], SPSS_TEXT, table, notes)
    widths = {name: _width(written[name], empty=frame is None) for name in table.texts}
    values = {each.name: {**each.labels, **_reason_labels(language)} for each in spss if not each.textual}
    return _written(
        lambda path: pyreadstat.write_sav(
            written, path, file_label=_cut(table.title, SPSS_FILE_LABEL),
            column_labels=_labels(table, lambda label: _cut(label, SPSS_LABEL), notes),
            variable_value_labels=_value_labels({**values, **table.own_values}, SPSS_VALUE_LABEL, notes),
            missing_ranges={each.name: _missing(each) for each in spss if not each.textual},
            variable_measure={each.name: each.measure for each in spss},
            variable_format={each.name: _spss_format(each) for each in spss if not each.textual}
            | {name: f"A{width}" for name, width in widths.items()},
        ),
        _undated_sav, notes,
    )  # fmt: skip


def to_dta(
    questionnaire: Questionnaire, frame: pd.DataFrame | None = None, *, language: str = "en", synthetic: bool = False
) -> Exported:
    """Write a Stata file, for Stata 14 and later; see `to_sav` for the parameters.

    Notes
    -----
    Reasons and options marked blank are extended missing values (`LETTERS`); the same option code has the same letter
    in every variable. A file has 26 letters: where they run out, an option shares the letter of its reason.
    """
    import pyreadstat

    notes = Notes()
    table = table_of(questionnaire, frame, language, STATA, notes, synthetic=synthetic)
    written = table.numeric(table.columns, since=_STATA_EPOCH, unit=_DAY)
    letters = _letters(questionnaire, notes)
    missing, values = {}, {}
    for each in table.columns:
        if each.textual:
            continue
        own = {number: letters[code] for code, number in each.numbers.items() if number in each.blank}
        labels = {own.get(number, number): text for number, text in each.labels.items() if number not in own}
        labels |= {LETTERS[code]: text for code, text in _reason_labels(language).items()}
        # The option's own words stand before the reason's, where the two share a letter.
        labels |= {own[number]: text for number, text in each.labels.items() if number in own}
        missing[each.name] = sorted({*LETTERS.values(), *own.values()})
        values[each.name] = labels
        written[each.name] = _lettered(written[each.name], LETTERS | own)
    for name in table.texts:
        written[name] = _cut_texts(written[name], STATA_TEXT, table, notes)
    return _written(
        lambda path: pyreadstat.write_dta(
            written, path, version=STATA_VERSION, file_label=_short(table.title, STATA_LABEL),
            column_labels=_labels(table, lambda label: _short(label, STATA_LABEL), notes),
            variable_value_labels=_value_labels({**values, **table.own_values}, STATA_VALUE_LABEL, notes),
            missing_user_values=missing,
            variable_format={each.name: "%td" for each in table.columns if each.variable.kind == "date"},
        ),
        _undated_dta, notes,
    )  # fmt: skip


def _reason_labels(language: str) -> dict[int, str]:
    return {code: blank_label(blank, language) for blank, code in BLANK_CODES.items()}


def _one_beside_range(columns: tuple[Column, ...], notes: Notes) -> tuple[Column, ...]:
    """Give new numbers to options marked blank of which SPSS cannot tell that they are missing."""
    moved: dict[str, list[str]] = {}
    for each in columns:
        for number, new in _moved(each).items():
            moved.setdefault(f"{number} as {new}", []).append(each.variable.name)
    for change, names in moved.items():
        message = (
            f"beside the codes for blank cells SPSS takes one more code as missing, hence {change}: {listed(names)}."
        )
        notes.add("missing-code", message, place="variables")
    return tuple(_renumbered(each, _moved(each)) for each in columns)


def _moved(column: Column) -> dict[int, int]:
    """New numbers for all options marked blank but the one with the highest."""
    beside = sorted(number for number in column.blank if number > max(REASONS))
    new: dict[int, int] = {}
    for number in beside[:-1]:
        new[number] = below_reasons({*column.numbers.values(), *new.values()})
    return new


def _renumbered(column: Column, new: Mapping[int, int]) -> Column:
    return replace(
        column,
        numbers={code: new.get(number, number) for code, number in column.numbers.items()},
        labels={new.get(number, number): label for number, label in column.labels.items()},
        blank=tuple(new.get(number, number) for number in column.blank),
    )


def _missing(column: Column) -> list[Any]:
    lowest = min(*REASONS, *column.blank)
    return [{"lo": lowest, "hi": max(REASONS)}, *(number for number in column.blank if number > max(REASONS))]


def _spss_format(column: Column) -> str:
    if column.variable.kind == "date":
        return "SDATE10"
    return "F10.2" if column.variable.kind == "number" and not column.variable.question.integer else "F8.0"


def _letters(questionnaire: Questionnaire, notes: Notes) -> dict[str, str]:
    """The letter of every option marked blank, by its code."""
    free = iter(ascii_lowercase[len(LETTERS) :])
    letters: dict[str, str] = {}
    shared = []
    for option in (option for scale in questionnaire.scales.values() for option in scale.options):
        if option.blank is not None and option.code not in letters:
            own = next(free, None)
            letters[option.code] = own or LETTERS[BLANK_CODES[Blank(option.blank)]]
            shared += [] if own else [option.code]
    if shared:
        message = f"Stata has 26 missing values; these options share that of their reason: {listed(shared)}."
        notes.add("missing-code", message, place="scales")
    return letters


def _lettered(numbers: pd.Series, letters: Mapping[int, str]) -> pd.Series:
    """Numbers with Stata's missing values among them; unchanged where there are none."""
    found = numbers.map(letters)
    return numbers.astype(object).mask(found.notna(), found) if found.notna().any() else numbers


def _labels(table: Table, cut: Callable[[str], str], notes: Notes) -> dict[str, str]:
    labels = {name: cut(label) for name, label in table.labels.items()}
    changed = [name for name, label in labels.items() if label != table.labels[name]]
    if changed:
        message = f"the labels of {len(changed)} variables are longer than the format allows and are cut: "
        notes.add("cut-label", f"{message}{listed(changed)}.", place="variables")
    return labels


def _value_labels(values: Mapping[str, Mapping[Any, str]], most: int, notes: Notes) -> dict[str, dict[Any, str]]:
    cut = {name: {value: _cut(text, most) for value, text in labels.items()} for name, labels in values.items()}
    changed = [name for name, labels in cut.items() if labels != values[name]]
    if changed:
        message = f"answers of {len(changed)} variables are longer than the {most} bytes of a label and are cut: "
        notes.add("cut-value-label", f"{message}{listed(changed)}.", place="scales")
    return cut


def _cut_texts(texts: pd.Series, most: int, table: Table, notes: Notes) -> pd.Series:
    long = texts.map(lambda text: len(text.encode()) > most).astype(bool)
    if long.any():
        message = f"{int(long.sum())} answers are longer than the {most} bytes of a text and are cut."
        notes.add("cut-text", message, place=str(texts.name))
    return texts.mask(long, texts.map(lambda text: _cut(text, most)))


def _width(texts: pd.Series, *, empty: bool) -> int:
    return _EMPTY_WIDTH if empty else max([1, *(len(text.encode()) for text in texts)])


def _cut(text: str, most: int) -> str:
    """At most so many bytes, a last “…” among them where something is left out; never half a letter."""
    content = text.encode()
    if len(content) <= most:
        return text
    return content[: most - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def _short(text: str, most: int) -> str:
    """The same in characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _written(write: Callable[[str], None], undated: Callable[[bytes], bytes], notes: Notes) -> Exported:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        write(str(path))
        return Exported(undated(path.read_bytes()), notes.all())


def _undated_sav(content: bytes) -> bytes:
    """The file with the epoch of SPSS for the moment of writing, so that equal answers give equal files.

    Where: the header's 9 and 8 bytes from 92 on (PSPP Developers Guide, System File Format).
    """
    return content[:92] + b"14 Oct 8200:00:00" + content[109:]


def _undated_dta(content: bytes) -> bytes:
    """The same for Stata: 17 characters in an element of the header (help dta, section 5.1.7)."""
    return re.sub(rb"(<timestamp>\x11).{17}(</timestamp>)", rb"\g<1>01 Jan 1960 00:00\2", content, count=1, flags=re.S)
