"""Waves of one registry: each part's estimates over several results pooled, the newest first."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.claims.criteria import standard_error, value_of
from clustergov.analysis.replication.pooling import Method, Pooled, pool
from clustergov.problems import InputError, Problem, missing_file


@dataclass(frozen=True, slots=True)
class Wave:
    """What one set of responses says of each part.

    Attributes
    ----------
    name : str
        Of its file.
    estimates : mapping of part to (value, standard error, n, measure)
        Odds ratios as logs; parts without an estimate or with an error of 0 are not in it.
    left_out : tuple of str
        Parts that have no error to be weighed by.
    """

    name: str
    synthetic: bool
    estimates: Mapping[str, tuple[float, float, int, str]]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PooledWaves:
    """Pooled parts.

    Attributes
    ----------
    parts : mapping of part to Pooled
    alone : tuple of str
        Parts that only one wave has.
    """

    waves: tuple[str, ...]
    parts: Mapping[str, Pooled]
    n: Mapping[str, int]
    alone: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """A row per pooled part: part, n, and the columns of `Pooled.frame`; odds ratios as logs."""
        rows = [found.frame().assign(part=part, n=self.n[part]) for part, found in self.parts.items()]
        columns = ["part", "n"]
        if not rows:
            return pd.DataFrame(columns=columns)
        table = pd.concat(rows, ignore_index=True)
        return table[[*columns, *(name for name in table if name not in columns)]]


def wave_of(name: str, assessments: Sequence[Assessment], *, synthetic: bool) -> Wave:
    """The wave of responses that were just assessed."""
    estimates, left_out = {}, []
    for found in (part for assessment in assessments for part in assessment.parts):
        value, error = value_of(found), standard_error(found)
        if not math.isfinite(value):
            continue
        if math.isfinite(error) and error > 0:
            estimates[found.part.id] = (value, error, found.n, found.part.measure)
        else:
            left_out.append(found.part.id)
    return Wave(name, synthetic, estimates, tuple(left_out))


def wave_frame(wave: Wave) -> pd.DataFrame:
    """A row per part: part, measure, value, standard_error, n; what `read_wave` reads back."""
    rows = [(part, measure, value, error, n) for part, (value, error, n, measure) in wave.estimates.items()]
    return pd.DataFrame(rows, columns=["part", "measure", "value", "standard_error", "n"])


def read_wave(path: Path) -> Wave:
    """Read the JSON file that ``clustergov analysis claims --json`` wrote of another wave.

    Raises
    ------
    InputError
        It is not there, no such file, or holds numbers that no estimate has.
    """
    if not path.is_file():
        raise missing_file(path, wanted="a result of `clustergov analysis claims --json`")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        wave = content["wave"]
        rows = [dict(zip(wave["columns"], row, strict=True)) for row in wave["rows"]]
        estimates = {
            str(row["part"]): (float(row["value"]), float(row["standard_error"]), int(row["n"]), str(row["measure"]))
            for row in rows
        }
        synthetic = bool(content["synthetic"])
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise InputError(
            Problem("no-wave", "expected a result of `clustergov analysis claims --json`, found something else.",
                    "Write one for that wave first.", file=str(path))
        ) from None  # fmt: skip
    wrong = [
        part for part, (value, error, _, _) in estimates.items() if not (math.isfinite(value) and 0 < error < math.inf)
    ]
    if wrong:
        raise InputError(Problem("impossible-estimate", f"expected finite estimates with errors above 0; not so: "
                                 f"{', '.join(wrong)}.", "Write that wave again.", file=str(path)))  # fmt: skip
    return Wave(str(path), synthetic, estimates)


def pool_waves(waves: Sequence[Wave], *, method: Method = "REML") -> PooledWaves:
    """Pool each part over the waves that have it: random effects, Hartung–Knapp, never below the fixed-effect error.

    Raises
    ------
    InputError
        One wave only, synthetic and real ones together, or one part measured in two ways.
    """
    _refuse(waves)
    order = dict.fromkeys(part for wave in waves for part in wave.estimates)
    parts, n, alone = {}, {}, []
    for part in order:
        found = [wave.estimates[part] for wave in waves if part in wave.estimates]
        if len(found) < 2:
            alone.append(part)
            continue
        parts[part] = pool([each[0] for each in found], [each[1] for each in found], method=method, adhoc=True)
        n[part] = sum(each[2] for each in found)
    return PooledWaves(tuple(wave.name for wave in waves), parts, n, tuple(alone))


def _refuse(waves: Sequence[Wave]) -> None:
    if len(waves) < 2:
        raise InputError(Problem("one-wave", f"expected at least two waves to pool, found {len(waves)}.",
                                 "Name the result of another wave."))  # fmt: skip
    if len({wave.synthetic for wave in waves}) > 1:
        named = ", ".join(wave.name for wave in waves if wave.synthetic)
        raise InputError(Problem("mixed", f"synthetic and real answers are never pooled; synthetic: {named}.",
                                 "Leave them out."))  # fmt: skip
    problems = []
    measures: dict[str, str] = {}
    for wave in waves:
        for part, (_, _, _, measure) in wave.estimates.items():
            if measures.setdefault(part, measure) != measure:
                problems.append(Problem("other-measure", f"part {part} is a {measures[part]} in one wave and a {measure} "
                                        "in this one.", "Give the parts other ids.", file=wave.name))  # fmt: skip
    if problems:
        raise InputError(problems)
