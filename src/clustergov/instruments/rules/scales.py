"""Rules for scales as wholes: answers told apart, classes that do not overlap, codes and words that run one way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from clustergov.instruments.ordered_scale import interval, recognise
from clustergov.instruments.plain_text import normalise
from clustergov.instruments.questionnaire import Item, Option, Questionnaire, Scale
from clustergov.instruments.rules.codes import places
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

CLASS_LANGUAGES = ("nl", "en")
"""Languages in which it is known which words leave out the end of a class: “5 tot 10” has no 10, “5 to 10” has."""

_BELOW = re.compile(
    r"<(?!=)|\b(?:less|fewer|younger) than\b|\b(?:minder|jonger) dan\b|\b(?:under|below|onder)\b|\btot\b(?! en met)"
)
_ABOVE = re.compile(r">(?!=)|\b(?:more|older) than\b|\b(?:meer|ouder) dan\b|\b(?:over|above|boven)\b")


def scale_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every break of a rule within a scale, and items of one question that read the same."""
    for name, scale in questionnaire.scales.items():
        place: Place = ("scales", name)
        yield from _same_texts((*place, "options"), scale.options, "options", positions)
        yield from _overlaps(place, scale, positions)
        if scale.ordered:
            yield from _direction_problems(place, scale, positions)
            yield from _number_problems(place, scale, positions)
    for place, question in places(questionnaire):
        if question.kind != "ranking":
            yield from _same_texts((*place, "items"), question.items, "items", positions)


def _same_texts(place: Place, entries: Sequence[Option | Item], what: str, positions: Positions) -> Iterator[Problem]:
    first: dict[tuple[str, str, str], str] = {}
    for k, entry in enumerate(entries):
        scale = entry.scale if isinstance(entry, Item) else ""  # rows of a dual-scale array stand once for each scale
        for language, text in entry.text.items():
            plain = " ".join(text.split()).casefold()
            earlier = first.setdefault((language, plain, scale), entry.code) if plain else entry.code
            if earlier != entry.code:
                message = f"the {what} “{earlier}” and “{entry.code}” read the same in “{language}”."
                where = (*place, k, "text", language)
                yield positions.problem(where, "duplicate-text", message, "Tell them apart.", severity="warning")
                break


def _overlaps(place: Place, scale: Scale, positions: Positions) -> Iterator[Problem]:
    """The first two classes of numbers that share one, in the first language that has such."""
    for language in CLASS_LANGUAGES:
        classes = []
        for k, option in enumerate(scale.options):
            text = option.text.get(language, "")
            if option.blank is None and (ends := interval(text)) is not None:
                classes.append((ends, k, text))
        for (ends, _, text), (following, k, other) in pairwise(sorted(classes)):
            shared = ends[1] > following[0] or (
                ends[1] == following[0] and _closed(text, _BELOW) and _closed(other, _ABOVE)
            )
            if shared and ends != following:
                message = f"“{text}” and “{other}” overlap: who has {following[0]:g} can choose either."
                where = (*place, "options", k, "text", language)
                fix = "Let each class begin after the one before ends."
                yield positions.problem(where, "overlapping-options", message, fix, severity="warning")
                return


def _closed(text: str, leaves_out: re.Pattern[str]) -> bool:
    return leaves_out.search(normalise(text)) is None


def _direction_problems(place: Place, scale: Scale, positions: Positions) -> Iterator[Problem]:
    order = recognise([option.text for option in scale.options if option.blank is None])
    # Bare numbers may count from the most: 1 for what is most important.
    if order.direction in ("none", scale.direction) or order.reason == "numbers":
        return
    message = f"the scale is declared {scale.direction} and its texts are {order.direction} ({order.reason})."
    fix = f"Write direction: {order.direction}, or turn the options round."
    yield positions.problem((*place, "direction"), "scale-direction", message, fix, severity="warning")


def _number_problems(place: Place, scale: Scale, positions: Positions) -> Iterator[Problem]:
    """Numeric codes that run against the order of the options, or leave one out."""
    if len(scale.codes) < 2 or not all(code.isascii() and code.isdigit() for code in scale.codes):
        return
    numbers = [int(code) for code in scale.codes]
    rising = all(low < high for low, high in pairwise(numbers))
    falling = all(low > high for low, high in pairwise(numbers))
    if not rising and (scale.direction == "ascending" or not falling):
        how = "fall" if falling else "neither rise nor fall"
        message = f"the scale is {scale.direction} and its codes {how}: {', '.join(scale.codes)}."
        fix = "Number the options in their order, or correct the direction."
        yield positions.problem((*place, "options"), "codes-against-order", message, fix, severity="warning")
    every = {int(option.code) for option in scale.options if option.code.isascii() and option.code.isdigit()}
    span = max(numbers) - min(numbers) + 1
    # Where about as many are missing as are there, the codes are no count: 0, 5, 10, 25 are the ends of classes.
    if span >= 1.5 * len(set(numbers)):
        return
    missing = [str(number) for number in range(min(numbers), max(numbers)) if number not in every]
    if missing:
        message = f"the codes run from {min(numbers)} to {max(numbers)} without {', '.join(missing)}."
        fix = "Add the option, or number them without a gap."
        yield positions.problem((*place, "options"), "missing-code", message, fix, severity="warning")
