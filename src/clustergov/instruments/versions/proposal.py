"""A crosswalk proposed from what can be told for certain; the rest is left open with the reason, for a person to fill."""

from __future__ import annotations

from collections import defaultdict

import yaml

from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.versions.change import Change
from clustergov.instruments.versions.crosswalk import Crosswalk, Step
from clustergov.instruments.versions.diff import compare
from clustergov.instruments.versions.matching import match
from clustergov.instruments.versions.scales import code_map

_TOLD = ("scale-breaking", "routing-breaking", "label", "limits")
"""Changes that whoever pools must have seen."""

_HEAD = """\
# Which answers to version {old} are answers to version {new} of {name}: one line a variable of the newer version.
#
# old:     its name in the older version; leave it out where nothing there can be compared.
# codes:   old code: new code, where codes differ; two may become one; a code that is not named becomes blank (not
#          recorded). For a number that became classes: 3..5: code (both included; ..2 and 6.. are open). For a choice
#          that became boxes to tick: Y or N.
# factor:  what numbers are multiplied by, where the unit differs: 100, or 1/12.
# note:    what differs. A line with a note and no `old` was left open: fill it in, or leave it.
"""


def propose(old: Questionnaire, new: Questionnaire, language: str = "") -> Crosswalk:
    """The crosswalk from `old` to `new` as far as codes and words tell it.

    A variable is filled where kind, unit and meaning of the codes are the same, or where every substantive code has one
    of equal words, and no negation or figure came or went in the words of the question, its item or an answer.
    Everything else is left open, with what stands against it in its note; texts there are in `language`, or in the
    first that both versions speak.
    """
    matching = match(old, new, language)
    notes: dict[str, list[Change]] = defaultdict(list)
    for change in compare(old, new, language):
        for name in change.variables:
            notes[name].append(change)
    steps = []
    for variable in new.variables:
        told = [change for change in notes[variable.name] if change.kind in _TOLD]
        former = old.by_name.get(matching.variables.get(variable.name, ""))
        steps.append(_step(variable, former, told))
    return Crosswalk(
        crosswalk=new.questionnaire, old_version=old.version, new_version=new.version, variables=tuple(steps)
    )


def _step(variable: Variable, former: Variable | None, told: list[Change]) -> Step:
    if former is None:
        return Step(variable=variable.name)
    note = "; ".join(map(_noted, told))
    if any(_asks_else(change) for change in told):
        return Step(variable=variable.name, note=note)
    breaking = [change for change in told if change.kind == "scale-breaking"]
    if former.kind != variable.kind or former.scale is None or variable.scale is None:
        comparable = former.kind == variable.kind and not breaking
        return Step(variable=variable.name, old=former.name if comparable else "", note=note)
    same = code_map(former.scale, variable.scale)
    turned = any(change.place.startswith("item ") for change in breaking)
    if turned or len(same) < len(former.scale.codes):
        return Step(variable=variable.name, note=note)
    recoded = {**same, **_blank_codes(former, variable)}
    codes = None if all(code == other for code, other in recoded.items()) else recoded
    return Step(variable=variable.name, old=former.name, codes=codes, note=note)


def _noted(change: Change) -> str:
    return f"{change.kind}: {change.message}{f': {change.doubt}' if _asks_else(change) else ''}"


def _asks_else(change: Change) -> bool:
    """Whether the words of the question, the item or an answer may ask something else; explanations ask nothing."""
    return bool(change.doubt) and not change.place.endswith((", help", ", constraint message"))


def _blank_codes(former: Variable, variable: Variable) -> dict[str, str]:
    """Options that are no substantive answer, by what they are marked as."""
    options = variable.scale.options if variable.scale is not None else ()
    first = {option.blank: option.code for option in reversed(options) if option.blank is not None}
    before = former.scale.options if former.scale is not None else ()
    return {option.code: first[option.blank] for option in before if option.blank is not None and option.blank in first}


def crosswalk_yaml(crosswalk: Crosswalk) -> str:
    """The crosswalk as the file that a person edits, with its explanation at the head."""
    head = _HEAD.format(old=crosswalk.old_version, new=crosswalk.new_version, name=crosswalk.crosswalk)
    first = {
        "crosswalk": crosswalk.crosswalk,
        "old version": crosswalk.old_version,
        "new version": crosswalk.new_version,
    }
    lines = [head, yaml.safe_dump(first, allow_unicode=True, sort_keys=False), "variables:\n"]
    for step in crosswalk.variables:
        entry = step.model_dump(by_alias=True, exclude_defaults=True)
        flow = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10**6)
        lines.append(f"  - {flow}")
    return "".join(lines)
