"""One question under every defensible choice: the curve, what the forks do to it, and the declared forks themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clustergov.analysis.multiverse.curve import REGIONS, Curve
from clustergov.analysis.multiverse.result import Multiverse
from clustergov.analysis.multiverse.telling import joint_test, left_out, of_curve, preregistered, summary, unit
from clustergov.language import Text, number, say
from clustergov.reports.document import Block, Bullets, Figure, Heading, Paragraph, Table
from clustergov.reports.figures.specification_curve import Choices, curve_alt, specification_curve

MOST_DRAWN = 600
"""Universes in a figure; of more, every so many is drawn."""


def multiverse(found: Multiverse | Text, language: str, *, banner: str = "") -> list[Block]:
    """What is asked, the answer in sentences, per curve a figure and the forks' influence, then the forks with reasons.

    Parameters
    ----------
    found : Multiverse or Text
        A text says why no universe could be fitted.
    banner : str
        Stands inside figures of simulated answers; empty for real ones.
    """
    blocks: list[Block] = [
        Heading(1, say("chapters.multiverse.title", language), "chapter-multiverse"),
        Paragraph(say("chapters.multiverse.intro", language)),
    ]
    if isinstance(found, Text):
        return [*blocks, Paragraph(found.to(language))]
    opening = next(summary(found, language))
    blocks += [
        Heading(2, found.specification.title.to(language), "multiverse"),
        Bullets((opening, preregistered(found, language), *left_out(found, language))),
    ]
    for place, curve in enumerate(found.curves):
        told = of_curve(found, curve, language, several=len(found.curves) > 1, first=place == 0)
        blocks += [
            Bullets(tuple(told)),
            _figure(found, curve, place, language, banner),
            _regions(found, curve, place, language),
            _influence(found, curve, place, language),
        ]
    return [*blocks, _forks(found, language), Paragraph(say("chapters.multiverse.limit", language))]


def drawn_rows(found: Multiverse, curve: Curve) -> tuple[pd.DataFrame, np.ndarray]:
    """The universes of a curve's figure, each once, and their places; those that are wrong in hindsight after the others."""
    wrong = curve.members[found.wrong[curve.members]]
    wrong = wrong[np.unique(found.same[wrong], return_index=True)[1]]
    shown = np.concatenate([curve.counted, wrong]).astype(int)
    if len(shown) > MOST_DRAWN:
        own = shown == found.preregistered
        ranked = np.lexsort((found.estimate[shown], found.wrong[shown]))
        kept = np.zeros(len(shown), dtype=bool)
        kept[ranked[np.linspace(0, len(shown) - 1, MOST_DRAWN).astype(int)]] = True
        shown = shown[kept | own]
    rows = pd.DataFrame(
        {
            "universe": shown, "estimate": found.estimate[shown], "low": found.low[shown], "high": found.high[shown],
            "preregistered": shown == found.preregistered, "wrong": found.wrong[shown],
        }
    )  # fmt: skip
    return rows, shown


def _figure(found: Multiverse, curve: Curve, place: int, language: str, banner: str) -> Figure:
    rows, shown = drawn_rows(found, curve)
    forks = [
        Choices(
            fork.label.to(language),
            tuple(
                (option.label.to(language), tuple((found.options[shown, at] == number_).tolist()))
                for number_, option in enumerate(fork.options)
            ),
        )
        for at, fork in enumerate(found.specification.forks)
    ]
    smallest = found.specification.smallest_effect.value
    axis = say("chapters.multiverse.axis", language, focal=_focal(found, language), unit=unit(curve.unit, language))
    notes = () if len(shown) == len(curve.counted) + _wrong(found, curve) else (
        say("chapters.multiverse.sampled", language, shown=len(shown)),)  # fmt: skip
    return Figure(
        id="multiverse-curve" + _suffix(place),
        caption=say("chapters.multiverse.figure", language, title=found.specification.title),
        alt=curve_alt(rows, smallest=smallest, language=language),
        png=specification_curve(rows, forks, smallest=smallest, language=language, axis_label=axis, banner=banner),
        notes=notes,
    )  # fmt: skip


def _wrong(found: Multiverse, curve: Curve) -> int:
    return len(np.unique(found.same[curve.members[found.wrong[curve.members]]]))


def _suffix(place: int) -> str:
    return "" if place == 0 else f"-{place + 1}"


def _focal(found: Multiverse, language: str) -> str:
    origin = found.specification.focal
    if origin is None:
        return say("chapters.multiverse.several", language)
    step = origin.step.to(language) if origin.step else ""
    return origin.label.to(language) + (f" ({step})" if step else "")


def _regions(found: Multiverse, curve: Curve, place: int, language: str) -> Table:
    rows = [
        (say(f"multiverse.region.{name}", language), number(round(curve.regions[name] * len(curve.counted)), language, 0),
         f"{number(100 * curve.regions[name], language, 0)}%")
        for name in REGIONS
    ]  # fmt: skip
    data = pd.DataFrame({"region": REGIONS, "share": [curve.regions[name] for name in REGIONS]})
    return Table(
        id="multiverse-regions" + _suffix(place),
        caption=say("chapters.multiverse.regions", language, unit=unit(curve.unit, language)),
        header=tuple(say(f"chapters.multiverse.column.{key}", language) for key in ("region", "universes", "share")),
        rows=tuple(rows), data=data, align="lrr", widths=(3.0, 1.0, 1.0),
        notes=(joint_test(curve, language), found.specification.smallest_effect.reason.to(language)),
    )  # fmt: skip


def _influence(found: Multiverse, curve: Curve, place: int, language: str) -> Table:
    labels = {fork.code: fork for fork in found.specification.forks}
    rows = [
        (labels[code].label.to(language), say(f"chapters.multiverse.class.{labels[code].standing}", language),
         f"{number(100 * curve.alone[code], language, 1)}%", f"{number(100 * curve.whole[code], language, 1)}%")
        for code in sorted(curve.whole, key=lambda code: -curve.whole[code])
    ]  # fmt: skip
    own = found.influence()
    return Table(
        id="multiverse-influence" + _suffix(place),
        caption=say("chapters.multiverse.influence", language, unit=unit(curve.unit, language)),
        header=tuple(say(f"chapters.multiverse.column.{key}", language) for key in ("fork", "class", "alone", "whole")),
        rows=tuple(rows), data=own[own["unit"] == curve.unit].drop(columns="unit").reset_index(drop=True), align="llrr",
        notes=(say("chapters.multiverse.influence_note", language),), widths=(2.4, 1.6, 1.0, 1.2),
    )  # fmt: skip


def _forks(found: Multiverse, language: str) -> Table:
    rows, data = [], []
    for fork in found.specification.forks:
        options = []
        for option in fork.options:
            words = option.label.to(language)
            if option.preregistered:
                words += f" ({say('chapters.multiverse.beforehand', language)})"
            if fork.standing_of(option) != fork.standing:
                words += f" ({say(f'chapters.multiverse.class.{fork.standing_of(option)}', language)})"
            options.append(words)
            data.append((fork.code, fork.standing, option.code, option.preregistered, fork.standing_of(option)))
        rows.append((fork.label.to(language), "; ".join(options),
                     say(f"chapters.multiverse.class.{fork.standing}", language), fork.reason.to(language)))  # fmt: skip
    columns = ["fork", "class", "option", "preregistered", "class_of_option"]
    return Table(
        id="multiverse-forks", caption=say("chapters.multiverse.forks", language),
        header=tuple(say(f"chapters.multiverse.column.{key}", language) for key in ("fork", "options", "class", "reason")),
        rows=tuple(rows), data=pd.DataFrame(data, columns=columns), align="llll", widths=(1.2, 2.4, 1.2, 3.0), marked=False,
    )  # fmt: skip
