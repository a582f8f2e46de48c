"""Waves of a survey pooled in the terms of one questionnaire; every cell knows from which wave and answer it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.questionnaire import Blank, Questionnaire, Variable
from clustergov.instruments.versions.crosswalk import Crosswalk, Step, class_limits
from clustergov.problems import InputError, Problem
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.responses import Origin, Responses


@dataclass(frozen=True, slots=True)
class Wave:
    """Responses to one version of a questionnaire.

    Attributes
    ----------
    name : str
        Such as ``2024``; stands before respondents' ids and in the origin of cells.
    responses : Responses
    crosswalk : Crosswalk or None
        From their version to that in which the waves are pooled; None where it is the same.
    """

    name: str
    responses: Responses
    crosswalk: Crosswalk | None = None


@dataclass(frozen=True, slots=True)
class Pooled:
    """Several waves as one.

    Attributes
    ----------
    responses : Responses
        In the terms of the target questionnaire; ids are ``wave:id``.
    origin : DataFrame of str, same shape as `responses.frame`
        Where each cell comes from: ``wave:variable=code`` with the old variable and the old answer as they stood;
        ``wave:variable`` for a blank and for free text; ``wave:`` where the wave has nothing to compare.
    wave : Series of str
        Name of the wave, per respondent.
    """

    responses: Responses
    origin: pd.DataFrame
    wave: pd.Series[str]


def pool(waves: Sequence[Wave], target: Questionnaire) -> Pooled:
    """Lay waves under each other.

    Parameters
    ----------
    waves : sequence of Wave
        Their responses are not changed.
    target : Questionnaire
        The version in whose terms they are pooled.

    Raises
    ------
    InputError
        No wave, two of one name, synthetic beside real ones, or a wave to another version without a crosswalk.
    """
    _check(waves, target)
    frames, blanks, origins, complete = [], [], [], []
    for wave in waves:
        frame, blank, origin = _in_terms_of(target, wave)
        frames.append(frame)
        blanks.append(blank)
        origins.append(origin)
        told = wave.responses.complete
        complete.append(None if told is None else pd.Series(told.to_numpy(dtype=bool), index=frame.index))
    known = [each for each in complete if each is not None]
    responses = Responses(
        questionnaire=target,
        frame=pd.concat(frames),
        blanks=pd.concat(blanks),
        origin=Origin(waves[0].responses.origin.kind, detail=tuple(_told(wave) for wave in waves)),
        complete=pd.concat(known) if len(known) == len(waves) else None,
    )
    names = [wave.name for wave in waves for _ in range(wave.responses.n)]
    return Pooled(
        responses, pd.concat(origins), pd.Series(names, index=responses.frame.index, dtype="str", name="wave")
    )


def _check(waves: Sequence[Wave], target: Questionnaire) -> None:
    problems = []
    names = [wave.name for wave in waves]
    if not waves:
        problems.append(Problem("no-wave", "expected at least one wave, found none.", "Name one."))
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            problems.append(Problem("wave-twice", f"two waves are called “{name}”.", "Rename one.", place=name))
    if len({wave.responses.synthetic for wave in waves}) > 1:
        message = "synthetic and real responses are never pooled."
        problems.append(Problem("synthetic-and-real", message, "Leave the synthetic ones out."))
    for wave in waves:
        own = wave.responses.questionnaire
        if wave.crosswalk is None and own != target:
            message = f"it answers version {own.version}, the pool speaks version {target.version}."
            fix = "Give a crosswalk: clustergov instruments diff OLD NEW --crosswalk FILE."
            problems.append(Problem("no-crosswalk", message, fix, place=wave.name))
    if problems:
        raise InputError(problems)


def _told(wave: Wave) -> str:
    origin = wave.responses.origin
    version = wave.responses.questionnaire.version
    return f"wave {wave.name}: {wave.responses.n} responses to version {version} {origin.file}".strip()


def _in_terms_of(target: Questionnaire, wave: Wave) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    responses = wave.responses
    codes = with_blank_options(responses)
    index = [f"{wave.name}:{respondent}" for respondent in codes.index]
    steps = {step.variable: step for step in wave.crosswalk.variables} if wave.crosswalk is not None else None
    frame, blanks, origin = {}, {}, {}
    for variable in target.variables:
        step = Step(variable=variable.name, old=variable.name) if steps is None else steps.get(variable.name)
        if step is None or not step.old:
            frame[variable.name], blanks[variable.name] = _nothing(variable, len(index))
            origin[variable.name] = [f"{wave.name}:"] * len(index)
            continue
        own = responses.questionnaire.by_name[step.old]
        cells = [
            _cell(value, reason, step, own, variable)
            for value, reason in zip(codes[step.old], responses.blanks[step.old], strict=True)
        ]
        frame[variable.name] = [value for value, _ in cells]
        blanks[variable.name] = [reason for _, reason in cells]
        origin[variable.name] = [_from(wave.name, step.old, own, value) for value in codes[step.old]]
    kinds = {v.name: "float64" if v.kind == "number" else "str" for v in target.variables}
    return (
        pd.DataFrame(frame, index=index).astype(kinds),
        pd.DataFrame(blanks, index=index, dtype="str"),
        pd.DataFrame(origin, index=index, dtype="str"),
    )


def _nothing(variable: Variable, length: int) -> tuple[list[Any], list[str]]:
    return [float("nan") if variable.kind == "number" else None] * length, [Blank.NOT_ASKED.value] * length


def _cell(value: Any, reason: str, step: Step, own: Variable, variable: Variable) -> tuple[Any, str]:
    """A cell in new terms, and why it is blank if it is."""
    empty = float("nan") if variable.kind == "number" else None
    if pd.isna(value):
        return empty, reason
    code = _recoded(value, step, own)
    if code is None:
        return empty, Blank.NOT_RECORDED.value
    if variable.kind == "number":
        return float(code) * step.factor, ""
    options = variable.scale.options if variable.scale is not None else ()
    blank = next((option.blank for option in options if option.code == code), None)
    if blank is not None:
        return empty, blank
    # “Don't know” of a version whose scale marks it, in one that does not list it, stays the blank that it was.
    if reason:
        return empty, reason
    return code, ""


def _recoded(value: Any, step: Step, own: Variable) -> Any:
    if step.codes is None:
        return value
    if own.kind == "number":
        limits = ((class_limits(key), code) for key, code in step.codes.items())
        return next((code for found, code in limits if found and found[0] <= float(value) <= found[1]), None)
    marked = (
        {option.code for option in own.scale.options if option.blank is not None} if own.scale is not None else set()
    )
    return step.codes.get(value, value if value in marked else None)


def _from(wave: str, name: str, own: Variable, value: Any) -> str:
    if pd.isna(value) or own.kind in ("text", "file"):
        return f"{wave}:{name}"
    return f"{wave}:{name}={plain(float(value)) if own.kind == 'number' else value}"
