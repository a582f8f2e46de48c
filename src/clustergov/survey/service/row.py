"""A piece of HTML with marks where answers go: taken apart once, filled in for each respondent."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_VARIANTS = 400
"""How many fillings of one row are kept ready; a row with more of them starts anew."""
_NONCE = secrets.token_hex(8)
_MARK = re.compile(rf"\[{_NONCE} (\w) (\w+) (\d+)\]")


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks in the HTML of a row at which one field's answer is filled in."""

    field: int
    codes: tuple[str, ...] = ()

    def _mark(self, sign: str, place: int = 0) -> Markup:
        return Markup(f"[{_NONCE} {sign} {self.field} {place}]")

    def checked(self, code: str) -> Markup:
        return self._mark("c", self.codes.index(code))

    def selected(self, code: str) -> Markup:
        return self._mark("s", self.codes.index(code))

    def begin(self) -> Markup:
        return self._mark("b")

    def end(self) -> Markup:
        return self._mark("e")

    def value(self) -> Markup:
        return self._mark("v")

    def date_type(self) -> Markup:
        return self._mark("d")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a typed text goes, or the type of a date's field."""

    sign: str
    name: str


class Row:
    """A piece of a page about some fields; `filled` writes it with their answers.

    Parameters
    ----------
    html : str
        With marks.
    fields : mapping of int to (str, tuple of str)
        Name and codes of each field by the number in its marks.
    """

    def __init__(self, html: str, fields: Mapping[int, tuple[str, tuple[str, ...]]]) -> None:
        parts = _MARK.split(html)
        self._tokens: list[str | tuple[str, int, int]] = [parts[0]]
        for place in range(1, len(parts), 4):
            self._tokens += [(parts[place], int(parts[place + 1]), int(parts[place + 2])), parts[place + 3]]
        self._fields = fields
        chosen = {token[1] for token in self._tokens if isinstance(token, tuple) and token[0] in "csb"}
        self._choices = tuple(fields[number][0] for number in sorted(chosen))
        self._variants: dict[tuple[str, ...], tuple[str | Slot, ...]] = {}

    def filled(self, values: Mapping[str, str]) -> str:
        key = tuple([values.get(name, "") for name in self._choices])
        segments = self._variants.get(key)
        if segments is None:
            if len(self._variants) >= _VARIANTS:
                self._variants.clear()
            segments = self._variants[key] = self._segments(values)
        if len(segments) == 1:
            return segments[0]  # type: ignore[return-value]  # a single segment is text
        return "".join([each if isinstance(each, str) else _filling(each, values) for each in segments])

    def _segments(self, values: Mapping[str, str]) -> tuple[str | Slot, ...]:
        """The row with its choices made: texts, and slots for what was typed."""
        found: list[str | Slot] = [""]
        skipping = False
        for token in self._tokens:
            if isinstance(token, str):
                added: str | Slot = token
            else:
                sign, number, place = token
                name, codes = self._fields[number]
                if sign in "be":
                    skipping = sign == "b" and not values.get(name)
                    continue
                if sign in "cs":
                    word = " checked" if sign == "c" else " selected"
                    added = word if values.get(name, "") == codes[place] else ""
                else:
                    added = Slot(sign, name)
            if skipping:
                continue
            if isinstance(added, str) and isinstance(found[-1], str):
                found[-1] += added
            else:
                found.append(added)
        return tuple(found)


def _filling(slot: Slot, values: Mapping[str, str]) -> str:
    value = values.get(slot.name, "")
    if slot.sign == "d":
        # A browser's date field shows nothing but a date: what was typed otherwise is shown as text.
        return "date" if not value or _ISO.fullmatch(value) else "text"
    return str(escape(value))
