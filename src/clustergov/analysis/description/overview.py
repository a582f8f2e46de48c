"""Descriptive overview of every variable of any questionnaire: one summary per question and kind of answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from clustergov.analysis.description.question_summary import QuestionSummary, summarise
from clustergov.instruments.questionnaire import Variable
from clustergov.language import say
from clustergov.survey.responses import Responses


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """All answers, question by question.

    Attributes
    ----------
    summaries : tuple of QuestionSummary
        In questionnaire order. A question with a free remark, an “other” or two scales has one for each.
    absent : tuple of str
        Variables that the file has no column for.
    n : int
        Respondents.
    cells, answered : int
        Cells of the variables that are there; those with a substantive answer, listed or not.
    unlisted : DataFrame with columns variable, value, n
        Choices that the questionnaire does not list and that at least `REPEATED` respondents gave: values that were
        recoded before publication, not what one person wrote.
    unlisted_answers : int
        All that are not listed.
    minimum : int or None
        Smallest count shown; None shows all.
    """

    summaries: tuple[QuestionSummary, ...]
    absent: tuple[str, ...]
    n: int
    cells: int
    answered: int
    unlisted: pd.DataFrame
    unlisted_answers: int
    minimum: int | None
    synthetic: bool

    def of(self, question: str) -> tuple[QuestionSummary, ...]:
        """The summaries of one question, by its code."""
        return tuple(summary for summary in self.summaries if summary.question.code == question)

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable that a summary holds, each once."""
        return tuple(variable.name for summary in self.summaries for variable in summary.variables)

    def frame(self) -> pd.DataFrame:
        """One row per number of every summary; see `QuestionSummary.frame`."""
        columns = ["question", "variable", "kind", "part", "code", "value", "share"]
        tables = [summary.frame() for summary in self.summaries]
        return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)

    def sentence(self, language: str) -> str:
        """How much was answered, what is not listed, what is hidden."""
        questions = len({summary.question.code for summary in self.summaries})
        sentences = [say("overview.whole", language, n=self.n, variables=len(self.variables), questions=questions,
                         answered=self.answered, blank=self.cells - self.answered)]  # fmt: skip
        if self.unlisted_answers:
            sentences.append(say("overview.unlisted", language, n=self.unlisted_answers))
        if self.absent:
            names = ", ".join(self.absent[:NAMED]) + (" …" if len(self.absent) > NAMED else "")
            sentences.append(say("overview.absent", language, n=len(self.absent), names=names))
        if self.minimum is not None:
            sentences.append(say("overview.minimum", language, minimum=self.minimum))
        if any(summary.kind == "answers" for summary in self.summaries):
            sentences.append(say("overview.text only", language))
        return " ".join(sentences)


NAMED = 12
"""Absent variables that a sentence names."""

REPEATED = 5
"""An unlisted value is shown when at least this many respondents gave it, whatever `minimum` says."""


def overview(responses: Responses, *, minimum: int | None = None) -> Overview:
    """Summarise every variable that the file has a column for, each in exactly one summary.

    Parameters
    ----------
    minimum : int or None
        Smallest count that may be shown, 5 for real responses; smaller ones are hidden together with others from which
        they could be worked out within their line. What several tables together give away is not examined.
    """
    known = {match.variable for match in responses.origin.columns if match.variable}
    absent = tuple(v.name for v in responses.questionnaire.variables if known and v.name not in known)
    summaries = tuple(
        summarise(group, responses, minimum)
        for question in responses.questionnaire.questions
        for group in _groups(responses.questionnaire.of(question.code), set(absent))
    )
    names = [variable.name for summary in summaries for variable in summary.variables]
    unlisted = responses.unlisted[responses.unlisted["variable"].isin(names)]
    return Overview(
        summaries, absent, responses.n, responses.n * len(names),
        int(responses.frame[names].notna().to_numpy().sum()) + len(unlisted), _repeated(unlisted, responses, minimum),
        len(unlisted), minimum, responses.synthetic,
    )  # fmt: skip


def _groups(variables: tuple[Variable, ...], absent: set[str]) -> Iterator[tuple[Variable, ...]]:
    """Variables of one question that share kind and scale: one table each."""
    groups: dict[tuple[str, str], list[Variable]] = {}
    for variable in variables:
        if variable.name not in absent:
            scale = (variable.item.scale if variable.item else "") or variable.question.scale
            groups.setdefault((variable.kind, scale if variable.kind == "choice" else ""), []).append(variable)
    return (tuple(group) for group in groups.values())


def _repeated(unlisted: pd.DataFrame, responses: Responses, minimum: int | None) -> pd.DataFrame:
    choices = [v.name for v in responses.questionnaire.variables if v.kind in ("choice", "tick")]
    own = unlisted[unlisted["variable"].isin(choices)]
    counts = own.groupby(["variable", "value"], sort=False).size().rename("n").reset_index()
    return counts[counts["n"] >= max(REPEATED, minimum or 0)].reset_index(drop=True)
