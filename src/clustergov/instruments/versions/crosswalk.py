"""The crosswalk: which answers of an older version are answers of a newer one; a file that a person edits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from clustergov import yaml_file
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Entry, Place, Positions


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
        Of a number, keys are ``low..high`` (both included) and give the code of a class.
    factor : float
        What numbers are multiplied by.
    note : str
        Why; for whoever reads the file.
    """

    variable: str
    old: str = ""
    codes: dict[str, str] | None = None
    factor: float = 1.0
    note: str = ""


class Crosswalk(Entry):
    """From one version to another. Variables of the newer version that are not listed stay blank as not asked."""

    crosswalk: str
    old_version: str = Field(coerce_numbers_to_str=True)
    new_version: str = Field(coerce_numbers_to_str=True)
    variables: tuple[Step, ...]


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
        return
    if step.codes is None:
        yield from _kind_problems(where, before, after, positions)
        return
    for code, other in step.codes.items():
        if not _is_code(code, before):
            message = f"“{step.old}” has no answer “{code}”."
            fix = "Name a class as low..high." if before.kind == "number" else "Correct the code."
            yield positions.problem((*where, "codes", code), "crosswalk-code", message, fix)
        if after.scale is None or other not in {option.code for option in after.scale.options}:
            message = f"“{step.variable}” has no answer “{other}”."
            yield positions.problem((*where, "codes", code), "crosswalk-code", message, "Correct the code.")


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
    low, dots, high = key.partition("..")
    try:
        return (float(low), float(high)) if dots and float(low) <= float(high) else None
    except ValueError:
        return None


def _is_code(code: str, variable: Variable) -> bool:
    if variable.kind == "number":
        return class_limits(code) is not None
    return variable.scale is not None and code in {option.code for option in variable.scale.options}
