"""Waves of a survey pooled in the terms of one questionnaire; every cell knows from which wave and answer it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Blank, Questionnaire, Variable
from clustergov.instruments.versions.crosswalk import Crosswalk, Step
from clustergov.problems import InputError, Problem
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.blanks import passed_by
from clustergov.survey.recoding import recoded
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
        ``wave:variable`` for a blank and for free text; ``wave:`` where the wave has nothing to compare. An answer that
        the old questionnaire did not list stands there too.
    lost : DataFrame of bool, same shape
        Where there was an answer, and none in the terms of the target: no such code, beyond its limits, passed by.
    wave : Series of str
        Name of the wave, per respondent.
    """

    responses: Responses
    origin: pd.DataFrame
    lost: pd.DataFrame
    wave: pd.Series[str]


class _Part(NamedTuple):
    """One wave in the terms of the target; `answered` tells where the old cell held an answer, `unlisted` is as in `Responses`."""

    frame: pd.DataFrame
    blanks: pd.DataFrame
    origin: pd.DataFrame
    answered: pd.DataFrame
    unlisted: pd.DataFrame


def pool(waves: Sequence[Wave], target: Questionnaire) -> Pooled:
    """Lay waves under each other.

    An old answer without a new code, or beyond the new limits, is blank as not recorded; one to a question that the
    target's routing passes by is blank as not applicable. The origin of the cell still tells it. Somebody whom the old
    routing passed by and the new one asks, was not asked.

    Parameters
    ----------
    waves : sequence of Wave
        Their responses are not changed.
    target : Questionnaire
        The version in whose terms they are pooled.

    Raises
    ------
    InputError
        No wave, two of one name, a name with a colon, synthetic beside real ones, a wave to another version without a
        crosswalk, or with one between other versions.
    """
    _check(waves, target)
    parts = [_in_terms_of(target, wave) for wave in waves]
    frame = pd.concat([part.frame for part in parts])
    names = [wave.name for wave in waves for _ in range(wave.responses.n)]
    responses = Responses(
        questionnaire=target,
        frame=frame,
        blanks=pd.concat([part.blanks for part in parts]),
        origin=Origin(waves[0].responses.origin.kind, detail=tuple(_told(wave) for wave in waves)),
        unlisted=pd.concat([part.unlisted for part in parts], ignore_index=True),
        complete=_complete(waves, frame.index),
    )
    return Pooled(
        responses,
        pd.concat([part.origin for part in parts]),
        pd.concat([part.answered for part in parts]) & (responses.blanks != ""),
        pd.Series(names, index=frame.index, dtype="str", name="wave"),
    )


def _complete(waves: Sequence[Wave], index: pd.Index) -> pd.Series[bool] | None:
    """Who submitted; None unless every wave tells."""
    cells: list[bool] = []
    for wave in waves:
        if wave.responses.complete is None:
            return None
        cells += [bool(done) for done in wave.responses.complete]
    return pd.Series(cells, index=index, dtype="bool", name="complete")


def _check(waves: Sequence[Wave], target: Questionnaire) -> None:
    problems = []
    names = [wave.name for wave in waves]
    if not waves:
        problems.append(Problem("no-wave", "expected at least one wave, found none.", "Name one."))
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            problems.append(Problem("wave-twice", f"two waves are called “{name}”.", "Rename one.", place=name))
        if not name.strip() or ":" in name:
            message = f"expected the name of a wave without a colon, found “{name}”."
            problems.append(Problem("wave-name", message, "Rename it, such as 2024.", place=name))
    if len({wave.responses.synthetic for wave in waves}) > 1:
        message = "synthetic and real responses are never pooled."
        problems.append(Problem("synthetic-and-real", message, "Leave the synthetic ones out."))
    for wave in waves:
        own = wave.responses.questionnaire
        if wave.crosswalk is None and own != target:
            message = f"it answers version {own.version}, the pool speaks version {target.version}."
            fix = "Give a crosswalk: clustergov instruments diff OLD NEW --crosswalk FILE."
            problems.append(Problem("no-crosswalk", message, fix, place=wave.name))
        if wave.crosswalk is not None:
            problems += _other_versions(wave, wave.crosswalk, target)
    if problems:
        raise InputError(problems)


def _other_versions(wave: Wave, crosswalk: Crosswalk, target: Questionnaire) -> list[Problem]:
    expected = (wave.responses.questionnaire.version, target.version)
    found = (crosswalk.old_version, crosswalk.new_version)
    if expected == found:
        return []
    message = f"expected a crosswalk from {' to '.join(expected)}, found one from {' to '.join(found)}."
    return [Problem("crosswalk-version", message, "Give the other crosswalk.", place=wave.name)]


def _told(wave: Wave) -> str:
    origin = wave.responses.origin
    version = wave.responses.questionnaire.version
    return f"wave {wave.name}: {wave.responses.n} responses to version {version} {origin.file}".strip()


def _in_terms_of(target: Questionnaire, wave: Wave) -> _Part:
    """A wave's cells in the terms of the target, under the respondents' new ids."""
    responses = wave.responses
    index = pd.Index([f"{wave.name}:{respondent}" for respondent in responses.frame.index], dtype="str", name="id")
    codes = with_blank_options(responses)
    unlisted = _unlisted_of(responses)
    steps = _steps(target, wave)
    frame, blanks, origin, answered = {}, {}, {}, {}
    for variable in target.variables:
        step = steps.get(variable.name)
        if step is None or not step.old:
            frame[variable.name], blanks[variable.name] = _nothing(variable, len(index))
            origin[variable.name], answered[variable.name] = [f"{wave.name}:"] * len(index), [False] * len(index)
            continue
        own = responses.questionnaire.by_name[step.old]
        cells = [
            recoded(value, reason, step, own, variable)
            for value, reason in zip(codes[step.old], responses.blanks[step.old], strict=True)
        ]
        frame[variable.name] = [value for value, _ in cells]
        blanks[variable.name] = [reason for _, reason in cells]
        answered[variable.name] = list(responses.blanks[step.old] == "")
        found = codes[step.old].astype("object")
        kept: dict[Any, str] = unlisted.get(step.old, {})
        origin[variable.name] = [
            _from(wave.name, own, kept.get(respondent, value)) for respondent, value in found.items()
        ]
    kinds = {each.name: "float64" if each.kind == "number" else "str" for each in target.variables}
    part = _Part(
        pd.DataFrame(frame, index=index).astype(kinds),
        pd.DataFrame(blanks, index=index, dtype="str"),
        pd.DataFrame(origin, index=index, dtype="str"),
        pd.DataFrame(answered, index=index, dtype="bool"),
        pd.DataFrame(
            _carried(wave.name, steps, unlisted, target), columns=list(responses.unlisted.columns), dtype="str"
        ),
    )
    if wave.crosswalk is not None:
        _reroute(part, target, wave, steps)
    recorded = [
        part.blanks.at[respondent, name] == Blank.NOT_RECORDED.value
        for respondent, name, _ in part.unlisted.itertuples(index=False)
    ]
    return part._replace(unlisted=part.unlisted[np.array(recorded, dtype=bool)])


def _steps(target: Questionnaire, wave: Wave) -> dict[str, Step]:
    if wave.crosswalk is None:
        return {variable.name: Step(variable=variable.name, old=variable.name) for variable in target.variables}
    return {step.variable: step for step in wave.crosswalk.variables}


def _unlisted_of(responses: Responses) -> dict[str, dict[str, str]]:
    """Per variable and respondent, what they answered that the questionnaire does not list."""
    found: dict[str, dict[str, str]] = {}
    for respondent, name, value in responses.unlisted.itertuples(index=False):
        found.setdefault(str(name), {})[str(respondent)] = str(value)
    return found


def _carried(
    wave: str, steps: dict[str, Step], unlisted: dict[str, dict[str, str]], target: Questionnaire
) -> list[tuple[str, str, str]]:
    """Unlisted answers in the new terms: where the step changes nothing, and unless it would now be one of the answers."""
    found: list[tuple[str, str, str]] = []
    for variable in target.variables:
        step = steps.get(variable.name)
        if step is None or step.codes is not None or step.multiplier != 1:
            continue
        options = variable.scale.options if variable.scale is not None else ()
        answers = {word.casefold() for option in options for word in (option.code, *option.text.values())}
        found += [
            (f"{wave}:{respondent}", variable.name, value)
            for respondent, value in unlisted.get(step.old, {}).items()
            if value.casefold() not in answers
        ]
    return found


def _nothing(variable: Variable, length: int) -> tuple[list[Any], list[str]]:
    return [float("nan") if variable.kind == "number" else None] * length, [Blank.NOT_ASKED.value] * length


def _reroute(part: _Part, target: Questionnaire, wave: Wave, steps: dict[str, Step]) -> None:
    """What the target's routing makes of a wave that was routed otherwise.

    Whoever it surely passes by is not applicable, whatever they answered; whoever it surely asks, and whom the wave's
    own routing passed by, was not asked.
    """
    responses = wave.responses
    codes = with_blank_options(responses)
    for variable in target.variables:
        step = steps.get(variable.name)
        if step is None or not step.old:
            continue
        own = responses.questionnaire.by_name[step.old]
        passed_then = passed_by(own, responses.questionnaire, codes, responses.blanks).to_numpy(dtype=bool)
        passed_now = passed_by(variable, target, part.frame, part.blanks).to_numpy(dtype=bool)
        asked_now = _surely_asked(variable, part) & ~passed_now
        reasons = part.blanks[variable.name]
        changed = reasons.mask(passed_then & asked_now & (reasons == Blank.NOT_APPLICABLE.value), Blank.NOT_ASKED.value)
        part.blanks[variable.name] = changed.mask(passed_now, Blank.NOT_APPLICABLE.value)
        part.frame[variable.name] = part.frame[variable.name].mask(passed_now)


def _surely_asked(variable: Variable, part: _Part) -> NDArray[np.bool_]:
    """Where the target's condition holds, whatever is unknown."""
    condition = asked_when(variable)
    if condition is None:
        return np.ones(len(part.frame), dtype=bool)
    looked_at = list(condition.variables)
    unknown = part.blanks[looked_at].isin([Blank.NOT_RECORDED.value, Blank.NOT_ASKED.value]).any(axis=1)
    holds = np.asarray(condition.holds_in(part.frame[looked_at]), dtype=bool)
    return holds & ~unknown.to_numpy(dtype=bool)


def _from(wave: str, own: Variable, value: Any) -> str:
    """Where a cell comes from; free text is not repeated."""
    if pd.isna(value) or own.kind in ("text", "file"):
        return f"{wave}:{own.name}"
    return f"{wave}:{own.name}={plain(value) if isinstance(value, float) else value}"
