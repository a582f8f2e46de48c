"""Two response scales: what changed between them, and which code of one is which of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clustergov.instruments.questionnaire import Option, Scale
from clustergov.instruments.versions.change import ChangeKind
from clustergov.instruments.versions.sense import figures
from clustergov.instruments.versions.wording import alike, rewording


@dataclass(frozen=True, slots=True)
class ScaleChange:
    kind: ChangeKind
    message: str
    doubt: str = ""


def scale_changes(old: Scale, new: Scale, language: str) -> list[ScaleChange]:
    """Every change of a scale, its texts shown in `language`; the worst first is not promised."""
    return [
        *_options(old, new), *_meanings(old, new, language), *_order(old, new, language), *_blanks(old, new, language)
    ]  # fmt: skip


def code_map(old: Scale, new: Scale) -> dict[str, str]:
    """Old code → new code for every substantive option that means the same; empty where no code can be told.

    Options with equal words belong together, whatever their codes. An option whose words changed keeps its code unless
    that code took over another's words or other figures. Ordered scales with another number of points share no option:
    the fourth of five is not the fourth of seven.
    """
    if (old.ordered or new.ordered) and len(old.codes) != len(new.codes):
        return {}
    found: dict[str, str] = {}
    for option in _substantive(old):
        twins = [each.code for each in _substantive(new) if alike(option.text, each.text)]
        if len(twins) == 1:
            found[option.code] = twins[0]
        elif option.code in new.codes and not _means_else(option, _option(new, option.code), old):
            found[option.code] = option.code
    taken = list(found.values())
    return {code: other for code, other in found.items() if taken.count(other) == 1}


def _options(old: Scale, new: Scale) -> Iterator[ScaleChange]:
    """Codes that came and went."""
    gone = [code for code in old.codes if code not in new.codes]
    came = [code for code in new.codes if code not in old.codes]
    if not (gone or came):
        return
    recoded = code_map(old, new)
    if len(recoded) == len(old.codes) == len(new.codes):
        shown = ", ".join(f"{code} → {other}" for code, other in recoded.items() if code != other)
        yield ScaleChange("scale-breaking", f"other codes for the same answers: {shown}")
    elif (old.ordered or new.ordered) and len(old.codes) != len(new.codes):
        yield ScaleChange("scale-breaking", f"{len(old.codes)} points → {len(new.codes)} points")
    else:
        parts = [f"{word} {', '.join(codes)}" for word, codes in (("without", gone), ("new", came)) if codes]
        yield ScaleChange("scale-breaking", f"other options: {'; '.join(parts)}")


def _meanings(old: Scale, new: Scale, language: str) -> Iterator[ScaleChange]:
    """Other words under the same code: those that mean something else in one sentence, the others one by one."""
    other_meaning = []
    for option in _substantive(old):
        if option.code not in new.codes:
            continue
        other = _option(new, option.code)
        found = rewording(option.text, other.text, language)
        if found and _means_else(option, other, old):
            other_meaning.append(f"{option.code}: {found.words}")
        elif found:
            yield ScaleChange(found.kind, f"code {option.code}: {found.words}", found.doubt)
    if other_meaning:
        yield ScaleChange("scale-breaking", f"codes that mean something else: {'; '.join(other_meaning)}")


def _means_else(option: Option, other: Option, old: Scale) -> bool:
    """Whether a code took over another code's words, or words with other figures."""
    if alike(option.text, other.text):
        return False
    if any(alike(each.text, other.text) for each in _substantive(old) if each.code != option.code):
        return True
    common = [language for language in option.text if language in other.text]
    return any(_counts_else(option.text[each], other.text[each], each) for each in common)


def _counts_else(old: str, new: str, language: str) -> bool:
    """Whether other digits stand there, and not those of a number that stood there in words."""
    return re.findall(r"\d+", old) != re.findall(r"\d+", new) and figures(old, language) != figures(new, language)


def _order(old: Scale, new: Scale, language: str) -> Iterator[ScaleChange]:
    """Which answer is more than which; failing that, which stands first."""
    same = code_map(old, new)
    ranks = [same[code] for code in _from_least(old) if code in same]
    direction = old.direction != new.direction
    if old.ordered != new.ordered or (direction and len(same) < 2):
        yield ScaleChange("scale-breaking", f"direction {old.direction} → {new.direction}")
    elif new.ordered and ranks != [code for code in _from_least(new) if code in ranks]:
        least, now = _named(old, language), _named(new, language)
        yield ScaleChange("scale-breaking", f"other order from least to most: {least} → {now}")
    before, after = ([option.code for option in scale.options] for scale in (old, new))
    shown = [code for code in after if code in before]
    if shown != [code for code in before if code in after]:
        yield ScaleChange("presentation", f"options in another order: {', '.join(before)} → {', '.join(after)}")


def _from_least(scale: Scale) -> tuple[str, ...]:
    return scale.codes[::-1] if scale.direction == "descending" else scale.codes


def _named(scale: Scale, language: str) -> str:
    return ", ".join(f"{code} “{_option(scale, code).text.to(language)}”" for code in _from_least(scale))


def _blanks(old: Scale, new: Scale, language: str) -> Iterator[ScaleChange]:
    """Changes of the options that are no substantive answer."""
    before, after = _marked(old), _marked(new)
    for code, option in before.items():
        other = after.get(code)
        if code in new.codes:
            yield ScaleChange("scale-breaking", f"code {code} is a substantive answer now")
        elif other is None:
            yield ScaleChange("presentation", f"“{option.text.to(language)}” ({code}, no substantive answer) is gone")
        elif option.blank != other.blank:
            yield ScaleChange("scale-breaking", f"code {code}: {option.blank} → {other.blank}")
        elif found := rewording(option.text, other.text, language):
            yield ScaleChange(found.kind, f"code {code}: {found.words}")
    for code, option in after.items():
        if code in old.codes:
            yield ScaleChange("scale-breaking", f"code {code} is no substantive answer any more")
        elif code not in before:
            yield ScaleChange("presentation", f"“{option.text.to(language)}” ({code}, no substantive answer) is new")


def _marked(scale: Scale) -> dict[str, Option]:
    return {option.code: option for option in scale.options if option.blank is not None}


def _substantive(scale: Scale) -> list[Option]:
    return [option for option in scale.options if option.blank is None]


def _option(scale: Scale, code: str) -> Option:
    return next(option for option in scale.options if option.code == code)
