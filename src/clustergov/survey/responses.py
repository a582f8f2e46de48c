"""Responses: a frame of codes and the questionnaire that explains it, together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.instruments.questionnaire import Blank, Questionnaire, Variable
from clustergov.survey.frame.design import SamplingDesign


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """How one column of a file was understood: one row of ``columns.csv``.

    Attributes
    ----------
    position : int
        Counted from 1 in the file.
    column : str
        The heading as it stands in the file.
    variable : str
        Name of the variable, empty when none.
    question, item : str
        Their codes, empty when none.
    match : {"code", "text", "position", "system", "none"}
        By what it was recognised. system: a column of the survey software such as the id or the submission date.
    reason : str
        In words, why, or why not.
    """

    position: int
    column: str
    variable: str
    question: str
    item: str
    match: Literal["code", "text", "position", "system", "none"]
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where responses come from.

    Attributes
    ----------
    kind : {"synthetic", "real"}
        synthetic: drawn by a simulation. Synthetic and real responses are never mixed.
    file : str
        Name of the file without its folder; empty for simulated ones.
    sha256 : str
        Of that file's bytes.
    detail : tuple of str
        How the file was read (encoding, delimiter, codes or labels), for the report.
    columns : tuple of ColumnMatch
    """

    kind: Literal["synthetic", "real"]
    file: str = ""
    sha256: str = ""
    detail: tuple[str, ...] = ()
    columns: tuple[ColumnMatch, ...] = ()


@dataclass(frozen=True)
class Responses:
    """Answers of n respondents to one questionnaire.

    Attributes
    ----------
    questionnaire : Questionnaire
    frame : DataFrame, n rows, one column per variable of the questionnaire in its order
        Index: respondent id (str, unique). Choices and ticks: the code as pandas `str`, missing when blank. Numbers:
        float64, NaN when blank. Text, date (ISO) and file: `str`.
    blanks : DataFrame, same shape
        Why a cell is blank: a `Blank` value as `str`; "" where there is a substantive answer.
    origin : Origin
    unlisted : DataFrame with columns respondent, variable, value
        Answers that the questionnaire does not list, kept apart; their cell in `frame` is blank and not recorded.
    chosen : DataFrame with columns respondent, variable, value
        Options marked blank that were chosen where their scale has another of the same kind before them (“rather not
        say” after “don't know”): `blanks` tells the kind, this the option.
    complete : Series of bool or None
        Per respondent whether the questionnaire was submitted; None when the file does not tell.
    design : SamplingDesign or None
        How the respondents relate to a finite population; None: nothing is said of one.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    blanks: pd.DataFrame
    origin: Origin
    unlisted: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"respondent": [], "variable": [], "value": []}, dtype="str")
    )
    complete: pd.Series[bool] | None = None
    chosen: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"respondent": [], "variable": [], "value": []}, dtype="str")
    )

    design: SamplingDesign | None = None

    @property
    def n(self) -> int:
        return len(self.frame)

    @property
    def synthetic(self) -> bool:
        return self.origin.kind == "synthetic"

    def variable(self, name: str) -> Variable:
        return self.questionnaire.by_name[name]

    def codes(self, name: str) -> pd.Series[str]:
        """Codes of one choice or tick, missing where blank."""
        return self.frame[name]

    def values(self, name: str) -> pd.Series[float]:
        """Numbers of one variable, NaN where blank.

        Numbers as they are; ticks 1 or 0; ordered choices their position in the scale, 1 for the least, so that a
        higher value always means more.

        Raises
        ------
        TypeError
            The variable is text, or a choice without order: it has no numbers.
        """
        variable = self.variable(name)
        column = self.frame[name]
        if variable.kind == "number":
            return column.astype(float)
        if variable.kind == "tick":
            return column.map({"N": 0.0, "Y": 1.0}).astype(float)
        if variable.kind == "choice" and variable.scale is not None and variable.scale.ordered:
            codes = variable.scale.codes
            if variable.scale.direction == "descending":
                codes = codes[::-1]
            return column.map({code: float(place) for place, code in enumerate(codes, start=1)}).astype(float)
        raise TypeError(f"{name} is {variable.kind} without order and has no numbers")

    def blank_counts(self) -> pd.DataFrame:
        """Respondents per variable and reason: one row per variable, columns `answered` and each kind of blank."""
        counts = {"answered": (self.blanks == "").sum()}
        for kind in Blank:
            counts[kind.value] = (self.blanks == kind.value).sum()
        return pd.DataFrame(counts).astype(np.int64)
