"""A sweet spot in words: the verdict first, then what it rests on, then what it must not be taken for."""

from __future__ import annotations

import math
from collections.abc import Iterator

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.sweet_spot.country_shares import CountryShares
from clustergov.analysis.sweet_spot.mean_share import GroupShare
from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum
from clustergov.analysis.sweet_spot.two_lines import TwoLines
from clustergov.language import Text, number, say


def step_of(tested: ShareOptimum) -> float:
    """A round tenth of the range of shares: 10 where they run to 100, 0.1 where they run to 1."""
    return float(10.0 ** (round(math.log10(tested.ends[1] - tested.ends[0])) - 1))


def place(value: float, tested: ShareOptimum, language: str) -> str:
    """A share with as many decimals as its range asks for."""
    return number(value, language, max(0, 1 - round(math.log10(step_of(tested)))))


def told_share(
    tested: ShareOptimum, share: Text, outcome: Text, held_equal: tuple[Text, ...], language: str
) -> tuple[str, ...]:
    """Sentences on an optimum; the first one is the verdict."""
    return (
        verdict_sentence(tested, share, outcome, language),
        *_support(tested, language),
        *_shape(tested, share, outcome, language),
        *_lines(tested, language),
        _naive(tested, language),
        *_held(held_equal, language),
        say("sweet_spot.limit", language),
    )


def verdict_sentence(tested: ShareOptimum, share: Text, outcome: Text, language: str) -> str:
    """The verdict with n and the interval of the optimum."""
    optimum = tested.optimum or Interval(*tested.ends)
    sides = tuple(say(f"sweet_spot.side.{side}", language) for side in tested.support.missing)
    return say(
        f"sweet_spot.verdict.{tested.rule}", language, share=_lower(share, language), outcome=_lower(outcome, language),
        n=tested.n, low=place(optimum.low, tested, language), high=place(optimum.high, tested, language),
        level=optimum.level, named=place(tested.named, tested, language), margin=place(tested.margin, tested, language),
        sides=enumeration(sides).to(language),
    )  # fmt: skip


def _lower(text: Text, language: str) -> str:
    words = text.to(language)
    return words[:1].lower() + words[1:]


def _support(tested: ShareOptimum, language: str) -> Iterator[str]:
    counted = tested.support
    if counted.below is None:
        yield say("sweet_spot.support.hidden", language, n=tested.n, lost=tested.lost)
    else:
        yield say(
            "sweet_spot.support.counts", language, n=tested.n, lost=tested.lost, below=counted.below,
            above=counted.above, far_below=counted.far_below, far_above=counted.far_above,
            named=place(tested.named, tested, language),
            low=place(tested.named - tested.margin, tested, language),
            high=place(tested.named + tested.margin, tested, language),
        )  # fmt: skip


def _slope(value: float, interval: Interval, tested: ShareOptimum, language: str) -> str:
    step = step_of(tested)
    return say("sweet_spot.slope", language, estimate=step * value, low=step * interval.low, high=step * interval.high,
               level=interval.level)  # fmt: skip


def _shape(tested: ShareOptimum, share: Text, outcome: Text, language: str) -> Iterator[str]:
    step = number(step_of(tested), language, max(0, -round(math.log10(step_of(tested)))))
    yield say("sweet_spot.linear", language, step=step,
              slope=_slope(tested.linear.slope, tested.linear.interval, tested, language))  # fmt: skip
    bent = tested.quadratic
    if bent.top is None:
        kind = "upward" if bent.curvature >= 0 else "outside"
        yield say(f"sweet_spot.quadratic.{kind}", language)
    else:
        ends = bent.fieller
        kind = "top" if ends is not None else "open"
        yield say(f"sweet_spot.quadratic.{kind}", language, top=place(bent.top, tested, language), level=tested.level,
                  low=place(ends.low, tested, language) if ends else "", high=place(ends.high, tested, language) if ends else "")  # fmt: skip
    smooth, optimum = tested.curve, tested.tops.of_spline(tested.level)
    if smooth is not None and optimum is not None:
        yield say("sweet_spot.curve", language, top=place(smooth.top, tested, language), level=optimum.level,
                  low=place(optimum.low, tested, language), high=place(optimum.high, tested, language),
                  end=tested.tops.at_end, resamples=len(tested.tops.parabola))  # fmt: skip
        if tested.tops.failed:
            yield say("sweet_spot.failed", language, failed=tested.tops.failed)
    else:
        yield say("sweet_spot.no curve", language)


def _lines(tested: ShareOptimum, language: str) -> Iterator[str]:
    for key, lines in (("preset", tested.preset), ("found", tested.found)):
        if lines is None:
            yield say(f"sweet_spot.lines.none {key}", language, named=place(tested.named, tested, language))
        else:
            yield _both_lines(key, lines, tested, language)


def _both_lines(key: str, lines: TwoLines, tested: ShareOptimum, language: str) -> str:
    return say(
        f"sweet_spot.lines.{key}", language, at=place(lines.at, tested, language),
        before=_slope(lines.before, lines.before_interval, tested, language),
        after=_slope(lines.after, lines.after_interval, tested, language),
        turn=say(f"sweet_spot.turn.{lines.turn}", language),
    )  # fmt: skip


def _naive(tested: ShareOptimum, language: str) -> str:
    kind = "would" if tested.nearness.distance_confirms else "would not"
    return say(f"sweet_spot.naive.{kind}", language, named=place(tested.named, tested, language))


def _held(held_equal: tuple[Text, ...], language: str) -> Iterator[str]:
    if held_equal:
        yield say("sweet_spot.held", language,
                  held=enumeration(tuple(_lower(text, language) for text in held_equal)).to(language))  # fmt: skip


def told_group(group: GroupShare, value: float, margin: float, language: str) -> str:
    """The mean share of one group; percentages where the value is one."""
    label = group.label.to(language)
    if group.n is None:
        return say("sweet_spot.mean.hidden", language, group=label)
    if group.interval is None or group.equivalence is None or group.verdict is None:
        return say("sweet_spot.mean.few", language, group=label, n=group.n)
    return say(
        f"sweet_spot.mean.{group.verdict}", language, group=label, n=group.n, mean=_mean(group.mean, margin, language),
        low=_mean(group.interval.low, margin, language), high=_mean(group.interval.high, margin, language),
        level=group.interval.level, value=_mean(value, margin, language, 0), margin=_mean(margin, margin, language, 0),
        inner=group.equivalence.level, inner_low=_mean(group.equivalence.low, margin, language),
        inner_high=_mean(group.equivalence.high, margin, language),
    )  # fmt: skip


def _mean(number_: float, margin: float, language: str, more: int = 1) -> str:
    return number(number_, language, more + max(0, -math.floor(math.log10(margin))))


def told_countries(found: CountryShares, language: str) -> str:
    """In how many countries the mean share is the named one, with its uncertainty."""
    sentence = say(
        "sweet_spot.countries.number", language, number=found.number, n=found.organisations,
        value=_mean(found.value, found.margin, language, 0), margin=_mean(found.margin, found.margin, language, 0),
        inside=found.inside, low=found.inside_interval.low, high=found.inside_interval.high,
        level=found.inside_interval.level, most=found.most, between=_mean(found.between, found.margin, language),
    )  # fmt: skip
    few, least = found.hidden, found.shown_from
    hidden = say("sweet_spot.countries.few", language, few=few, least=least) if few else ""
    alike = say("sweet_spot.countries.alike", language) if not found.between else ""
    return " ".join(part for part in (sentence, alike, hidden) if part)
