"""The columns of a data file for a statistical package: name, label, numbers and their labels, what counts as missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from clustergov.instruments.codebook import codebook
from clustergov.instruments.exchange import Notes, listed
from clustergov.instruments.questionnaire import Questionnaire, Scale, Variable
from clustergov.instruments.statistical.blank_codes import REASONS

Measure = Literal["nominal", "ordinal", "scale"]

_WHOLE = re.compile(r"-?[1-9][0-9]{0,8}|0")
"""Codes that are whole numbers, written in the one way in which a number is written back."""


@dataclass(frozen=True, slots=True)
class Column:
    """One variable as a data file holds it.

    Attributes
    ----------
    variable : Variable
    name : str
        As the package allows it.
    label : str
        The item and, in brackets, its question, on one line; in one language.
    numbers : dict of str to int
        Of a choice or tick: the number for the code of every option; empty for other kinds.
    labels : dict of int to str
        The text of each of these numbers.
    blank : tuple of int
        Those among them that are no substantive answer, in the order of the options.
    """

    variable: Variable
    name: str
    label: str
    numbers: Mapping[str, int]
    labels: Mapping[int, str]
    blank: tuple[int, ...]

    @property
    def measure(self) -> Measure:
        scale = self.variable.scale
        if self.variable.kind == "choice":
            return "ordinal" if scale is not None and scale.ordered else "nominal"
        return "scale" if self.variable.kind in ("number", "date") else "nominal"

    @property
    def textual(self) -> bool:
        return self.variable.kind in ("text", "file")


def columns(questionnaire: Questionnaire, language: str, names: Sequence[str], notes: Notes) -> tuple[Column, ...]:
    """Every variable as a column, named as given, labelled in one language."""
    rows = {row.variable: row for row in codebook(questionnaire, language).rows}
    found = []
    for variable, name in zip(questionnaire.variables, names, strict=True):
        row = rows[variable.name]
        label = f"{row.item} [{row.question}]" if row.item else row.question
        found.append(_column(variable, name, one_line(label), language))
    renamed = [f"{each.variable.name} as {each.name}" for each in found if each.name != each.variable.name]
    if renamed:
        message = f"{len(renamed)} names are not allowed, or differ in capitals alone, and were changed: "
        notes.add("renamed-variable", f"{message}{listed(renamed)}.", place="variables")
    _tell_numbers(questionnaire, notes)
    return tuple(found)


def option_numbers(scale: Scale) -> dict[str, int]:
    """The number for the code of every option, as data files of statistical packages hold it.

    Codes that are whole numbers stay what they are. Yes and no (codes Y and N) are 1 and 0, as ticks are. Other codes get
    the numbers after the highest of these, in the order of the scale; from 1 where none is a number. An option marked
    blank keeps its code if that is a free number, and else gets one below those of `BLANK_CODES`: −997, −998, …
    """
    numbers = _substantive(scale)
    for option in scale.options:
        if option.blank is not None:
            taken = set(numbers.values())
            own = _whole(option.code)
            numbers[option.code] = below_reasons(taken) if own is None or own in taken or own in REASONS else own
    return numbers


def below_reasons(taken: set[int]) -> int:
    """The first free number below those of `BLANK_CODES`."""
    number = min(REASONS) - 1
    while number in taken:
        number -= 1
    return number


def _substantive(scale: Scale) -> dict[str, int]:
    if set(scale.codes) == {"N", "Y"}:
        return {"N": 0, "Y": 1}
    whole = {code: _whole(code) for code in scale.codes}
    kept = {code: number for code, number in whole.items() if number is not None and number > max(REASONS)}
    taken = {*kept.values(), *(_whole(option.code) for option in scale.options if option.blank is not None)}
    free = (number for number in count(max([0, *kept.values()]) + 1) if number not in taken)
    return {code: kept[code] if code in kept else next(free) for code in scale.codes}


def _whole(code: str) -> int | None:
    return int(code) if _WHOLE.fullmatch(code) else None


def _column(variable: Variable, name: str, label: str, language: str) -> Column:
    scale = variable.scale
    if scale is None:
        return Column(variable, name, label, {}, {}, ())
    numbers = option_numbers(scale)
    labels = {numbers[option.code]: one_line(option.text.to(language)) for option in scale.options}
    blank = tuple(numbers[option.code] for option in scale.options if option.blank is not None)
    return Column(variable, name, label, numbers, labels, blank)


def one_line(text: str) -> str:
    """A text on one line, without the null characters at which the formats would end it."""
    return " ".join(text.replace("\0", " ").split())


def _tell_numbers(questionnaire: Questionnaire, notes: Notes) -> None:
    """Which scales got other numbers than their codes."""
    for name, scale in questionnaire.scales.items():
        changed = [f"{code} as {number}" for code, number in option_numbers(scale).items() if code != str(number)]
        if changed:
            message = f"codes of the scale that are no whole numbers are written as numbers: {listed(changed)}."
            notes.add("numbered-code", message, place=f"scales.{name}")
