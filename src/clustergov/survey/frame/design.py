"""How the respondents relate to a finite population: its size, strata, and their weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.problems import InputError, Problem
from clustergov.survey.formula_cells import as_it_was
from clustergov.survey.frame.frame import UNKNOWN, SamplingFrame
from clustergov.survey.frame.headings import known_column
from clustergov.survey.table import read_table


@dataclass(frozen=True)
class SamplingDesign:
    """What the analyses need to speak about a finite population.

    Attributes
    ----------
    population : int
        N, its size.
    weights : Series of float or None
        Per respondent, by id; None: everybody counts equally.
    strata : Series of str or None
        Per respondent; None: one stratum.
    populations : mapping
        N of each stratum; empty when there is one stratum.
    """

    population: int
    weights: pd.Series[float] | None = None
    strata: pd.Series[str] | None = None
    populations: Mapping[str, int] = field(default_factory=dict)

    def of(self, index: pd.Index) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
        """Weight, number of the stratum, and size of that stratum in the population of these respondents."""
        n = len(index)
        given = np.ones(n) if self.weights is None else self.weights.loc[index]
        weights = np.asarray(given, dtype=np.float64)
        if self.strata is None:
            return weights, np.zeros(n, dtype=np.intp), np.full(n, float(self.population))
        own = self.strata.loc[index]
        sizes = np.asarray(own.map(dict(self.populations)), dtype=np.float64)
        return weights, np.asarray(pd.factorize(own)[0], dtype=np.intp), sizes


def membership(
    respondents: pd.Index, *, frame: SamplingFrame | None, population: int | None, file: str
) -> tuple[int, list[Problem]]:
    """Size of the population, and what is wrong with these respondents as members of it."""
    size = population if frame is None else len(frame.eligible)
    if size is None:
        raise ValueError("a design needs a frame or a population")
    problems: list[Problem] = []
    if len(respondents) > size:
        told = f"expected at most {size} respondents, the size of the population, found {len(respondents)}."
        problems.append(
            Problem("population", told, "Correct the population or the frame; every member counts once.", file=file)
        )
    if frame is not None:
        problems += _strangers(respondents, frame.eligible, "not-in-frame", "the frame’s eligible members", file)
    return size, problems


def design_of(
    respondents: pd.Index,
    *,
    frame: SamplingFrame | None = None,
    population: int | None = None,
    weights: pd.Series[float] | None = None,
    file: str = "",
) -> SamplingDesign:
    """The design of these respondents, after it was made sure that frame, weights and respondents belong together.

    Raises
    ------
    InputError
        Respondents who are not in the frame or have no weight, weights of nobody, a population smaller than the
        respondents, a stratum with one respondent.
    """
    size, problems = membership(respondents, frame=frame, population=population, file=file)
    if weights is not None:
        problems += _strangers(respondents, weights.index, "no-weight", "the weights", file)
        problems += _strangers(weights.index, respondents, "weight-of-nobody", "the respondents", file)
    if problems:
        raise InputError(problems)
    own = weights if weights is not None else frame.weights if frame is not None else None
    own = None if own is None else own.loc[respondents]
    if frame is None or "stratum" not in frame.members:
        return SamplingDesign(size, own)
    strata = frame.categories("stratum").loc[respondents]
    counts, used = frame.categories("stratum").value_counts(), strata.value_counts()
    _refuse_lonely(counts, used.reindex(counts.index, fill_value=0), file)
    if own is None:
        # As R's svydesign does with fpc and no weights: every member of a stratum had the same chance to be here.
        own = strata.map(counts / used).astype(float)
    return SamplingDesign(size, own, strata, {str(name): int(n) for name, n in counts.items()})


def read_weights(path: Path | str) -> pd.Series[float]:
    """Read weights: a table with the columns id (or pseudonym) and weight.

    Raises
    ------
    InputError
        Columns are missing, an id stands twice, or a weight is not a number above 0.
    """
    path = Path(path)
    table = read_table(path)
    places = {known_column(header): place for place, header in enumerate(table.headers)}
    missing = [name for name in ("pseudonym", "weight") if name not in places]
    if missing:
        raise InputError(
            Problem("missing-column", "expected the columns “id” and “weight”.",
                    "Make the file with `clustergov survey weights … --out weights.csv`.", file=str(path), place="headings")
        )  # fmt: skip
    ids = table.rows.iloc[:, places["pseudonym"]].fillna("").map(as_it_was).str.strip()
    written = table.rows.iloc[:, places["weight"]].fillna("").str.strip()
    decimal = table.decimal == "," or table.delimiter == ";"
    numbers = pd.to_numeric(written.str.replace(",", ".") if decimal else written, errors="coerce")
    problems, times = list[Problem](), Counter(ids)
    for row, name, value in zip(table.rows.index, ids, numbers, strict=True):
        if not name or times[name] > 1:
            problems.append(Problem("duplicate-id", "expected every id once.", "Keep one row per respondent.",
                                    file=str(path), place=f"row {row}, id"))  # fmt: skip
        if not np.isfinite(value) or value <= 0:
            problems.append(Problem("weight", f"expected a weight above 0, found “{written[row][:40]}”.",
                                    "Leave respondents out of the responses instead of weighing them 0.",
                                    file=str(path), place=f"row {row}, weight"))  # fmt: skip
    if problems:
        raise InputError(problems)
    return pd.Series(numbers.to_numpy(dtype=float), index=pd.Index(ids, dtype="str", name="id"), name="weight")


def _strangers(these: pd.Index, known: pd.Index, rule: str, where: str, file: str) -> list[Problem]:
    strange = [str(each) for each in these if each not in known]
    if not strange:
        return []
    told = ", ".join(f"“{each[:20]}”" for each in strange[:5]) + (" …" if len(strange) > 5 else "")
    return [
        Problem(rule, f"{len(strange)} of {len(these)} ids are not among {where}: {told}.",
                "Respondents are matched by pseudonym; for anonymous responses declare only `population: N`.", file=file)
    ]  # fmt: skip


def _refuse_lonely(members: pd.Series[int], respondents: pd.Series[int], file: str) -> None:
    """A stratum without respondents is not spoken for; one with a single respondent of several tells no variance."""
    few = (respondents == 0) | ((respondents == 1) & (members > 1))
    if few.any():
        lonely = ", ".join(f"{name} ({respondents[name]} of {members[name]})" for name in members.index[few])
        others = [str(name) for name in members.index[~few] if name != UNKNOWN]
        raise InputError(
            Problem("lonely-stratum", f"expected at least two respondents in every stratum, found fewer in {lonely}.",
                    f"Merge them with another one in the frame{f', such as {others[-1]}' if others else ''}.", file=file)
        )  # fmt: skip
