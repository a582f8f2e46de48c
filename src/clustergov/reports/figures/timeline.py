"""The course of a case: years true to scale, what happened beside them, each event joined to its year."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from clustergov.casestudies.case import Case
from clustergov.casestudies.happening import Dated, Happening
from clustergov.language import say
from clustergov.reports.figures.alternative import LONGEST, clipped, listed
from clustergov.reports.figures.legend import Key, beside, draw_keys, legend_end
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    RULE,
    SMALL,
    TALLEST,
    WIDTH,
    Sheet,
    house_style,
    rows,
    sheet,
)

_AXIS = 1.35
_BEND, _YEAR, _TEXT = 2.6, 2.75, 5.2
"""Centimetres: the axis of years, where a joining line turns level, the year in words, what happened."""


@house_style()
def timeline_figure(case: Case, language: str, banner: str = "") -> bytes:
    """The timeline as a PNG; its bytes are the same each time."""
    return png(timeline_picture(case, language, banner))


@house_style()
def timeline_picture(case: Case, language: str, banner: str = "") -> Figure:
    """`timeline_figure` before it becomes a PNG."""
    events = sorted(case.timeline, key=lambda event: event.order)
    keys = _keys(events, language)
    top = legend_end(keys, banner) + 0.3
    layout = rows([event.text.to(language) for event in events], WIDTH - MARGIN - _TEXT, TALLEST - top - 0.3)
    drawn = sheet(top + layout.height + 0.3, banner)
    draw_keys(drawn, beside(banner), keys, banner)
    scale = _Scale(events, top, layout.height)
    _axis(drawn, scale)
    for event, label, middle in zip(events, layout.labels, layout.middles, strict=True):
        _event(drawn, event, scale, top + middle, language)
        drawn.write(_TEXT, top + middle, label, size=layout.size)
    return drawn.figure


def timeline_alt(case: Case, language: str) -> str:
    """How many events between which years, and the events themselves."""
    events = sorted(case.timeline, key=lambda event: event.order)
    dated = [event for event in events if event.year is not None]
    told = [f"{year_words(event, language)} {clipped(event.text.to(language))}" for event in events]
    opening = say(
        "cases.alt.timeline", language, n=len(events), first=str(min((e.year for e in dated if e.year), default="–")),
        last=str(max((e.until or e.year for e in dated if e.year), default="–")), events="",
    )  # fmt: skip
    return opening + listed(told, language, room=LONGEST - len(opening))


def year_words(entry: Dated, language: str) -> str:
    """A year or a span as a reader sees it, with how exact it is."""
    if entry.year is None:
        return say("cases.year.unknown", language)
    year = f"{entry.year}–{entry.until}" if entry.until else str(entry.year)
    return say("cases.year.about", language, year=year) if entry.exactness == "about" else year


class _Scale:
    """Years to centimetres down the page; an event without a year has no place on it."""

    def __init__(self, events: list[Happening], top: float, height: float) -> None:
        years = [year for event in events for year in (event.year, event.until) if year is not None]
        self.first, self.last = (min(years), max(years)) if years else (0, 1)
        self.top, self.bottom = top + 0.2, top + max(height - 0.2, 0.5)

    def at(self, year: int) -> float:
        return self.top + (self.bottom - self.top) * (year - self.first) / max(1, self.last - self.first)

    def ticks(self) -> list[int]:
        step = 5 if self.last - self.first > 8 else 1
        inner = range(-(-self.first // step) * step, self.last + 1, step)
        return sorted(
            {self.first, *(year for year in inner if year - self.first > 1 and self.last - year > 1), self.last}
        )


def _axis(drawn: Sheet, scale: _Scale) -> None:
    drawn.page.plot([_AXIS, _AXIS], [scale.top, scale.bottom], color=FAINT, linewidth=1.0, zorder=1)
    for year in scale.ticks():
        drawn.page.plot([_AXIS - 0.1, _AXIS], [scale.at(year)] * 2, color=FAINT, linewidth=0.6, zorder=1)
        drawn.write(_AXIS - 0.2, scale.at(year), str(year), size=SMALL, align="right", color=FAINT)


def _event(drawn: Sheet, event: Happening, scale: _Scale, middle: float, language: str) -> None:
    settings = dict(_marker(event))
    marker = settings.pop("marker")
    if event.year is not None:
        y = scale.at(event.year)
        if event.until is not None:
            drawn.page.plot([_AXIS] * 2, [y, scale.at(event.until)], color=BLUE, linewidth=3.5, alpha=0.35, zorder=2)
        drawn.page.plot([_AXIS, _BEND - 0.6, _BEND], [y, middle, middle], color=RULE, linewidth=0.7, zorder=0)
        drawn.page.plot([_AXIS], [y], marker=marker, zorder=3, **settings)
    drawn.page.plot([_BEND], [middle], marker=marker, zorder=3, **settings)
    drawn.write(_YEAR, middle, year_words(event, language), size=7.0, weight="bold")


def _marker(event: Dated) -> dict[str, Any]:
    """Shape tells case or surroundings, filling tells how exact the year is."""
    return {
        "marker": "_" if event.exactness == "unknown" else "s" if event.about == "context" else "o",
        "markersize": 4.5,
        "markerfacecolor": INK if event.exactness == "exact" else "white",
        "markeredgecolor": INK,
        "markeredgewidth": 0.8,
    }


def _keys(events: list[Happening], language: str) -> list[Key]:
    """Only what occurs is explained."""
    shown: dict[str, Key] = {}
    for event in events:
        for word, sample in ((event.exactness, {"exactness": event.exactness}), ("context", {"about": "context"})):
            if word == "context" and event.about != "context":
                continue
            like = event.model_copy(update={"exactness": "exact", "about": "case"} | sample)
            settings = _marker(like)
            marker = str(settings.pop("marker"))
            words = say(f"cases.key.{word}", language)
            shown.setdefault(word, Key(words, marker=marker, settings=tuple(settings.items())))
    keys = [shown[word] for word in ("exact", "about", "unknown", "context") if word in shown]
    if any(event.until for event in events):
        keys.append(Key(say("cases.key.span", language), face="#a9c1dc"))
    return keys
