"""The crosswalk: which answers of an older version are answers of a newer one; a file that a person edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field

from clustergov import yaml_file
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions

_NUMBER = r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})"
_CLASS = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?")
_FACTOR = re.compile(rf"{_NUMBER}(?:\s*/\s*\d{{1,15}})?")

Code = Annotated[str, Field(coerce_numbers_to_str=True)]


class Step(Entry):
    """How one variable of the newer version is filled.

    Attributes
    ----------
    variable : str
        In the newer version.
    old : str
        In the older version; empty: nothing there can be compared with it, and its cells stay blank as not asked.
    codes : mapping of str to str, or None
        Old code → new code; a code that is not named becomes a blank that is not recorded. None: codes stay as they are.
        Two codes may become one. Of a number, keys are ``low..high`` (both included; either may be left out) and give
        the code of a class. A choice becomes a tick by the codes Y and N.
    factor : str
        What numbers are multiplied by: a number, or a fraction such as ``1/12``, as months to years have no other.
    note : str
        Why; for whoever reads the file.
    """

    variable: str
    old: str = ""
    codes: dict[str, Code] | None = None
    factor: str = Field(default="1", coerce_numbers_to_str=True)
    note: str = ""

    @cached_property
    def multiplier(self) -> Fraction:
        """The factor, exactly."""
        return Fraction(self.factor.replace(" ", ""))


class Crosswalk(Entry):
    """From one version to another. Variables of the newer version that are not listed stay blank as not asked.

    `crosswalk` is the name of both questionnaires.
    """

    crosswalk: str
    old_version: str = Field(coerce_numbers_to_str=True)
    new_version: str = Field(coerce_numbers_to_str=True)
    variables: tuple[Step, ...]

    @property
    def worded_otherwise(self) -> int:
        """How many filled variables still carry the note of the proposal that their words changed."""
        return sum(bool(step.old) and "label: " in step.note for step in self.variables)


def read_crosswalk(path: Path | str, old: Questionnaire, new: Questionnaire) -> Crosswalk:
    """Read a crosswalk between two versions.

    Raises
    ------
    InputError
        Every mistake: of form, other versions, variables or codes that are not there, steps that cannot be taken.
    """
    crosswalk, positions = yaml_file.read(path, Crosswalk, wanted="a crosswalk (a YAML file)")
    if problems := list(crosswalk_problems(crosswalk, old, new, positions)):
        raise InputError(problems)
    return crosswalk


def crosswalk_problems(
    crosswalk: Crosswalk, old: Questionnaire, new: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    """What is wrong with a crosswalk, given both versions."""
    for key, told, questionnaire in (
        ("old version", crosswalk.old_version, old), ("new version", crosswalk.new_version, new)
    ):  # fmt: skip
        if told != questionnaire.version:
            message = f"expected version {questionnaire.version}, that of the questionnaire given, found {told}."
            yield positions.problem((key,), "crosswalk-version", message, "Give the questionnaire of that version.")
    seen: set[str] = set()
    for place, step in enumerate(crosswalk.variables):
        where: Place = ("variables", place)
        if step.variable in seen:
            message = f"“{step.variable}” is filled twice."
            yield positions.problem((*where, "variable"), "crosswalk-twice", message, "Remove one.")
        seen.add(step.variable)
        yield from _step_problems(where, step, old, new, positions)


def _step_problems(
    where: Place, step: Step, old: Questionnaire, new: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    for key, name, questionnaire in (("variable", step.variable, new), ("old", step.old, old)):
        if name not in questionnaire.by_name and (name or key == "variable"):
            message = f"version {questionnaire.version} has no variable “{name}”."
            yield positions.problem((*where, key), "unknown-variable", message, "Correct its name.")
    before, after = old.by_name.get(step.old), new.by_name.get(step.variable)
    if before is None or after is None:
        if not step.old and (step.codes is not None or step.factor != "1"):
            message = f"“{step.variable}” has codes or a factor, and nothing they could be applied to."
            yield positions.problem((*where, "variable"), "crosswalk-old", message, "Name the old variable in `old`.")
        return
    yield from _factor_problems(where, step, before, after, positions)
    if step.codes is None:
        yield from _kind_problems(where, before, after, positions)
        return
    yield from _code_problems(where, step, before, after, positions)
    if before.kind == "number":
        yield from _overlaps(where, step.codes, positions)


def _code_problems(
    where: Place, step: Step, before: Variable, after: Variable, positions: Positions
) -> Iterator[Problem]:
    for code, other in (step.codes or {}).items():
        if not _is_code(code, before):
            message, fix = f"“{before.name}” has no answer “{code}”.", "Correct the code."
            if before.kind == "number":
                message, fix = f"“{code}” is no class of numbers.", "Write low..high, such as 3..5, ..2 or 6.. ."
            yield positions.problem((*where, "codes", code), "crosswalk-code", message, fix)
        if after.scale is None or other not in {option.code for option in after.scale.options}:
            message, fix = f"“{after.name}” has no answer “{other}”.", "Correct the code."
            if after.scale is None:
                message, fix = f"“{after.name}” is {after.kind}: it has no codes.", "Leave codes out, or old empty."
            yield positions.problem((*where, "codes", code), "crosswalk-code", message, fix)


def _overlaps(where: Place, codes: Mapping[str, str], positions: Positions) -> Iterator[Problem]:
    """Classes that share a number, of which only one could count."""
    found = sorted((limits, key) for key in codes if (limits := class_limits(key)) is not None)
    for (former, first), (latter, second) in pairwise(found):
        if latter[0] <= former[1]:
            message = f"the classes {first} and {second} share the number {latter[0]:g}."
            yield positions.problem((*where, "codes", second), "crosswalk-classes", message, "Let one end before it.")


def _factor_problems(
    where: Place, step: Step, before: Variable, after: Variable, positions: Positions
) -> Iterator[Problem]:
    if not _FACTOR.fullmatch(step.factor) or not _value(step.factor):
        message = f"expected a number or a fraction such as 1/12, other than 0, found “{step.factor[:40]}”."
        yield positions.problem((*where, "factor"), "crosswalk-factor", message, "Correct the factor.")
    elif step.factor != "1" and (before.kind != "number" or after.kind != "number" or step.codes is not None):
        message = "a factor is for a number that stays a number."
        yield positions.problem((*where, "factor"), "crosswalk-factor", message, "Remove it.")


def _value(factor: str) -> Fraction | None:
    try:
        return Fraction(factor.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        return None


def _kind_problems(where: Place, before: Variable, after: Variable, positions: Positions) -> Iterator[Problem]:
    if before.kind != after.kind:
        message = f"“{before.name}” is {before.kind} and “{after.name}” is {after.kind}."
        yield positions.problem((*where, "old"), "crosswalk-kind", message, "Give codes, or leave old empty.")
    elif before.kind == "choice" and before.scale is not None and after.scale is not None:
        lost = [code for code in before.scale.codes if code not in after.scale.codes]
        if lost:
            message = f"“{after.name}” lacks the answers {', '.join(lost)} of “{before.name}”."
            yield positions.problem((*where, "old"), "crosswalk-code", message, "Give codes, or leave old empty.")


def class_limits(key: str) -> tuple[float, float] | None:
    """Lowest and highest number of a class written ``low..high``; None where the key is written otherwise."""
    found = _CLASS.fullmatch(key.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    low, high = float(found[1] or "-inf"), float(found[2] or "inf")
    return (low, high) if low <= high else None


def _is_code(code: str, variable: Variable) -> bool:
    if variable.kind == "number":
        return class_limits(code) is not None
    return variable.scale is not None and code in {option.code for option in variable.scale.options}
