"""Whether the options of an imported list form an ordered scale, told from their words and numbers; never guessed.

Three kinds of evidence count, tried in this order, per language of the questionnaire:

1. Words of one family (`FAMILIES`: agreement, frequency, …): every option is a known expression of a different level.
   Where numbers carry words at their ends only, such as “1 (never), 2, … 10 (always)”, the words at the ends tell the
   direction, and the numbers the order.
2. Numbers: every option is one number, possibly with words after it; “5+” is more than 5.
3. Intervals: “under 18”, “18 to 24 years”, “more than € 5,000”: they follow each other without overlap, and hold no
   words but those of intervals and units.

Options that are no substantive answer (“don't know”) are left out first. Anything else has no known order: the codes
A1 … A5 alone prove nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from clustergov.instruments.plain_text import normalise, normalise_words
from clustergov.instruments.questionnaire import Direction
from clustergov.instruments.scale_words import FAMILIES, INTERVAL_WORDS, NO_ANSWER, NOT_APPLICABLE

NoAnswer = Literal["not applicable", "refused or don't know"]

_NUMBERED = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(\+)?\s*(?:[-:.)=/]?\s*\(?([^\d()]*)\)?)?")
_AMOUNT = re.compile(r"(?<!\w)(?:\d{1,3}(?:[., ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)")
_LESS = re.compile(r"<|≤|\b(less|fewer|under|below|up|minder|onder|tot|weniger|unter|bis|moins|menos|hasta|maximum)\b")
_MORE = re.compile(r">|≥|\+|\b(more|over|above|older|meer|boven|ouder|mehr|über|älter|plus|más|mas|minimum|least)\b")


@dataclass(frozen=True, slots=True)
class Order:
    """What is known about the order of a scale.

    Attributes
    ----------
    direction : {"ascending", "descending", "none"}
    reason : str
        The evidence, or why there is none.
    """

    direction: Direction
    reason: str


def no_answer(texts: Mapping[str, str]) -> NoAnswer | None:
    """Whether an option says “not applicable” or “don't know / prefer not to say” instead of answering."""
    for text in texts.values():
        words = normalise_words(text)
        if NOT_APPLICABLE.fullmatch(words):
            return "not applicable"
        if NO_ANSWER.fullmatch(words):
            return "refused or don't know"
    return None


def recognise(options: Sequence[Mapping[str, str]]) -> Order:
    """Tell the direction of the options, given as texts per language in the order in which they are shown."""
    substantive = [option for option in options if no_answer(option) is None]
    if len(substantive) < 2:
        return Order("none", "fewer than two substantive answers")
    found: dict[str, Order] = {}
    for language in dict.fromkeys(language for option in substantive for language in option):
        labels = [option.get(language, "") for option in substantive]
        if all(label.strip() for label in labels) and (order := _of_labels(labels)) is not None:
            found[language] = order
    directions = {order.direction for order in found.values()}
    if not found:
        return Order("none", "the labels are no known ordered scale")
    if len(directions) > 1:
        return Order("none", f"the languages {', '.join(found)} tell different directions")
    return next(iter(found.values()))


def _of_labels(labels: Sequence[str]) -> Order | None:
    return _by_words(labels) or _by_numbers(labels) or _by_intervals(labels)


def _by_words(labels: Sequence[str]) -> Order | None:
    words = [_without_number(label) for label in labels]
    for name, levels in FAMILIES.items():
        places = [_level(word, levels) for word in words]
        if None not in places:
            return _order([place for place in places if place is not None], f"words of {name}")
    return None


def _without_number(label: str) -> str:
    match = _NUMBERED.fullmatch(normalise(label))
    return normalise_words(match[3] if match and match[3] else label)


def _level(words: str, levels: Mapping[float, re.Pattern[str]]) -> float | None:
    return next((level for level, pattern in levels.items() if pattern.fullmatch(words)), None)


def _by_numbers(labels: Sequence[str]) -> Order | None:
    matches = [_NUMBERED.fullmatch(normalise(label)) for label in labels]
    if any(match is None for match in matches):
        return None
    found = [match for match in matches if match is not None]
    bare = [not normalise_words(match[3] or "") for match in found]
    # Words may stand beside the numbers at the ends and in the middle; words beside all of them tell no scale.
    if not all(bare) and sum(bare) < len(bare) / 3:
        return None
    order = _order([float(match[1].replace(",", ".")) + bool(match[2]) / 2 for match in found], "numbers")
    first, last = normalise_words(found[0][3] or ""), normalise_words(found[-1][3] or "")
    for name, levels in FAMILIES.items():
        start, end = _level(first, levels), _level(last, levels)
        if start is not None and end is not None and start != end and order.direction != "none":
            return _order([start, end], f"numbers, from “{first}” to “{last}” ({name})")
    return order


def _by_intervals(labels: Sequence[str]) -> Order | None:
    intervals = [interval(label) for label in labels]
    if any(interval is None for interval in intervals):
        return None
    found = [interval for interval in intervals if interval is not None]
    if found != sorted(found) and found != sorted(found, reverse=True):
        return Order("none", "intervals of numbers out of order")
    rising = sorted(found)
    if any(high > low for (_, high), (low, _) in pairwise(rising)):
        return None
    return _order([low for low, _ in found], "intervals of numbers")


def interval(label: str) -> tuple[float, float] | None:
    """The ends of a class of numbers such as “18 to 24 years”, infinite where it is open; None for any other text."""
    text = normalise(label)
    words = re.sub(r"[^\w]|\d", " ", _AMOUNT.sub(" ", text)).split()
    if not all(word in INTERVAL_WORDS for word in words):
        return None
    amounts = [float(_plain_amount(amount)) for amount in _AMOUNT.findall(text)]
    if len(amounts) == 2 and amounts[0] < amounts[1]:
        return amounts[0], amounts[1]
    if len(amounts) != 1:
        return (-math.inf, 0.0) if not amounts and words in (["none"], ["geen"], ["keine"], ["aucun"]) else None
    if _MORE.search(text):
        return amounts[0], math.inf
    if _LESS.search(text):
        return -math.inf, amounts[0]
    return amounts[0], amounts[0]


def _plain_amount(amount: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+", amount):
        return re.sub(r"[., ]", "", amount)
    return amount.replace(",", ".")


def _order(places: Sequence[float], evidence: str) -> Order:
    steps = [later - earlier for earlier, later in pairwise(places)]
    if all(step > 0 for step in steps):
        return Order("ascending", evidence)
    if all(step < 0 for step in steps):
        return Order("descending", evidence)
    return Order("none", f"{evidence}, but not in order")
