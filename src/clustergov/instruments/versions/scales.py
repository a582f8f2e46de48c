"""Two response scales: what changed between them, and which code of one is which of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clustergov.instruments.questionnaire import Option, Scale
from clustergov.instruments.versions.change import ChangeKind
from clustergov.instruments.versions.wording import alike, difference, first_difference


@dataclass(frozen=True, slots=True)
class ScaleChange:
    kind: ChangeKind
    message: str


def scale_changes(old: Scale, new: Scale) -> list[ScaleChange]:
    """Every change of a scale; the worst first is not promised."""
    found = list(_options(old, new))
    shared = [code for code in old.codes if code in new.codes]
    turned = [code for code in new.codes if code in old.codes] != shared
    if old.direction != new.direction and not _upside_down(old, new):
        found.append(ScaleChange("scale-breaking", f"direction {old.direction} → {new.direction}"))
    elif turned:
        found.append(
            ScaleChange("presentation", f"options in another order: {', '.join(old.codes)} → {', '.join(new.codes)}")
        )
    found += _blanks(old, new)
    return found


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
    gone = [code for code in old.codes if code not in new.codes]
    came = [code for code in new.codes if code not in old.codes]
    if gone or came:
        recoded = code_map(old, new)
        if len(recoded) == len(old.codes) == len(new.codes):
            shown = ", ".join(f"{code} → {other}" for code, other in recoded.items() if code != other)
            yield ScaleChange("scale-breaking", f"other codes for the same answers: {shown}")
        elif (old.ordered or new.ordered) and len(old.codes) != len(new.codes):
            yield ScaleChange("scale-breaking", f"{len(old.codes)} points → {len(new.codes)} points")
        else:
            parts = [f"{word} {', '.join(codes)}" for word, codes in (("without", gone), ("new", came)) if codes]
            yield ScaleChange("scale-breaking", f"other options: {'; '.join(parts)}")
    for option in _substantive(old):
        if option.code not in new.codes:
            continue
        other = _option(new, option.code)
        kind = difference(option.text, other.text)
        if kind and _means_else(option, other, old):
            yield ScaleChange(
                "scale-breaking",
                f"code {option.code} means something else: {first_difference(option.text, other.text)}",
            )
        elif kind:
            yield ScaleChange(kind, f"code {option.code}: {first_difference(option.text, other.text)}")


def _means_else(option: Option, other: Option, old: Scale) -> bool:
    """Whether a code took over another code's words, or words with other figures."""
    if alike(option.text, other.text):
        return False
    if any(alike(each.text, other.text) for each in _substantive(old) if each.code != option.code):
        return True
    common = [language for language in option.text if language in other.text]
    return any(_figures(option.text[each]) != _figures(other.text[each]) for each in common)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _upside_down(old: Scale, new: Scale) -> bool:
    """Whether a scale is shown the other way round, its direction with it: then more is still more."""
    same = code_map(old, new)
    turned = [same.get(code, "") for code in old.codes] == list(new.codes[::-1])
    return turned and {old.direction, new.direction} == {"ascending", "descending"}


def _blanks(old: Scale, new: Scale) -> Iterator[ScaleChange]:
    before = {option.code: option for option in old.options if option.blank is not None}
    after = {option.code: option for option in new.options if option.blank is not None}
    for code in before.keys() - after.keys() - set(new.codes):
        yield ScaleChange("presentation", f"“{before[code].text.to('en')}” ({code}, no substantive answer) is gone")
    for code in after.keys() - before.keys() - set(old.codes):
        yield ScaleChange("presentation", f"“{after[code].text.to('en')}” ({code}, no substantive answer) is new")
    for code in (before.keys() & set(new.codes)) | (after.keys() & set(old.codes)):
        yield ScaleChange("scale-breaking", f"code {code} is a substantive answer in one version and none in the other")
    for code in before.keys() & after.keys():
        if before[code].blank != after[code].blank:
            yield ScaleChange("scale-breaking", f"code {code}: {before[code].blank} → {after[code].blank}")


def _substantive(scale: Scale) -> list[Option]:
    return [option for option in scale.options if option.blank is None]


def _option(scale: Scale, code: str) -> Option:
    return next(option for option in scale.options if option.code == code)
