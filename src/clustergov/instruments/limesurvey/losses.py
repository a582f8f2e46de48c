"""What an import does not express, gathered per kind of thing: one note each, with every place, in the survey's order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clustergov.instruments.exchange import Notes

MOST_PLACES = 400
"""Places named in one note; past it their number is told. No survey of the field came near it."""

Mask = Callable[[str], str]


@dataclass(slots=True)
class _Loss:
    rule: str
    what: str
    fix: str
    at: str
    line: int | None
    places: dict[str, list[str]] = field(default_factory=dict)


class Losses:
    """Gathers losses; `report` makes the notes of them.

    Parameters
    ----------
    mask : callable
        Takes names and addresses of persons out of a value before it is shown.
    """

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._found: dict[tuple[str, str], _Loss] = {}

    def add(
        self, rule: str, what: str, place: str, *, value: str = "", fix: str = "", at: str = "", line: int | None = None
    ) -> None:
        """One loss.

        Parameters
        ----------
        rule : str
        what : str
            The kind of thing and what became of it, as a sentence without its stop.
        place : str
            The question, subquestion or group; empty for the survey as a whole.
        value : str
            What was set there, shown shortened.
        at : str
            Where in the file such things stand, such as a table; by default the first place.
        """
        what = _printable(what)
        loss = self._found.setdefault((rule, what), _Loss(rule, what, fix, at or place, line))
        shown = loss.places.setdefault(brief(place), [])
        value = brief(self._mask(value))
        if value and value not in shown:
            shown.append(value)

    def report(self, notes: Notes, order: Mapping[str, int]) -> None:
        """Write the notes: of the survey first, then by the first question concerned.

        Parameters
        ----------
        notes : Notes
        order : mapping of str to int
            The questions' codes in their order.
        """

        def position(place: str) -> tuple[int, str]:
            code = re.split(r"[_,]", place, maxsplit=1)[0]
            return order.get(place, order.get(code, -1)), place

        for loss in self._found.values():
            loss.places = dict(sorted(loss.places.items(), key=lambda each: position(each[0])))
        for loss in sorted(self._found.values(), key=lambda loss: position(next(iter(loss.places)))):
            at = loss.at if loss.at not in loss.places else next(iter(loss.places))
            notes.add(loss.rule, f"{loss.what}{_places(loss.places)}.", place=brief(at), fix=loss.fix, line=loss.line)


def brief(text: str, *, most: int = 60) -> str:
    """A value on one line, without what a terminal would obey, and not longer than `most`."""
    shown = " ".join(_printable(text[: 8 * most]).split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _places(places: Mapping[str, list[str]]) -> str:
    named = [(place, values) for place, values in places.items() if place or values]
    if not named:
        return ""
    shown = [_place(place, values) for place, values in named[:MOST_PLACES]]
    more = f" and {len(named) - MOST_PLACES} more" if len(named) > MOST_PLACES else ""
    return f": {', '.join(shown)}{more}"


def _place(place: str, values: list[str]) -> str:
    told = "; ".join(values[:3]) + ("; …" if len(values) > 3 else "")
    if not told:
        return place
    return f"{place} ({told})" if place else told
