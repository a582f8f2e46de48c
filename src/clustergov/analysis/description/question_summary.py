"""What one question's answers look like: counts of options, places or ticks, statistics of numbers, numbers of texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.instruments.questionnaire import Blank, Question, Scale, Variable
from clustergov.language import LANGUAGES, Text, both, number, say
from clustergov.survey.disclosure import suppress
from clustergov.survey.responses import Responses

SummaryKind = Literal["choice", "array", "ranking", "ticks", "numbers", "answers"]
"""choice: one option. array: options by item. ranking: options by place. ticks: boxes. answers: only how many."""

STATISTICS = ("n", "mean", "sd", "minimum", "lower quartile", "median", "upper quartile", "maximum")
BLANKS = tuple(kind.value for kind in Blank)


@dataclass(frozen=True, slots=True, eq=False)
class QuestionSummary:
    """Answers to variables of one question that are of one kind; a number is NaN where it is hidden.

    Every frame and series has one row per variable, by its name.

    Attributes
    ----------
    section : Text
        Title of the section in which the question stands.
    kind : {"choice", "array", "ranking", "ticks", "numbers", "answers"}
    variables : tuple of Variable
    scale : Scale or None
        The options of choices and ticks.
    answered : Series
        Respondents with a substantive answer, listed or not; with `blanks` they are all respondents. A margin: shown
        from `minimum` on, also where the blanks that it leaves are fewer.
    counts : DataFrame, one column per option code
        No columns for numbers and answers.
    shares : DataFrame, as `counts`
        Of `answered`, in [0, 1].
    unlisted : Series
        Answers that the questionnaire does not list.
    blanks : DataFrame, one column per `Blank` value
    statistics : DataFrame, columns `STATISTICS`
        Quartiles by linear interpolation. No columns but for numbers.
    hidden : int
        Cells that hold a number which is not shown.
    """

    question: Question
    section: Text
    kind: SummaryKind
    variables: tuple[Variable, ...]
    scale: Scale | None
    answered: pd.Series[float]
    counts: pd.DataFrame
    shares: pd.DataFrame
    unlisted: pd.Series[float]
    blanks: pd.DataFrame
    statistics: pd.DataFrame
    hidden: int

    def heading(self, column: str) -> Text:
        """The words for a column of `counts` (an option's code), `blanks` or `statistics`, `answered` or `unlisted`."""
        if column in self.counts.columns and self.scale is not None:
            return self.scale.text(column) or Text({"en": column})
        return both(f"overview.column.{column}")

    def label(self, variable: Variable) -> Text:
        """The words for a row; a free “other” answer and a remark are told from the question that they belong to."""
        beside = _beside(variable)
        if not beside:
            return variable.label
        key = f"overview.column.{beside}"
        return Text({language: f"{words.rstrip('.')} ({say(key, language if language in LANGUAGES else 'en')})"
                     for language, words in variable.label.items()})  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """One row per number: question, variable, kind, part (option, unlisted, answered, blank, statistic), code, value,
        share.
        """
        rows: list[tuple[object, ...]] = []
        for name in self.answered.index:
            rows.append((name, "answered", "", self.answered[name], np.nan))
            shares = self.shares.loc[name]
            rows += [(name, "option", code, n, shares[code]) for code, n in self.counts.loc[name].items()]
            if self.counts.shape[1] or self.unlisted[name] != 0:
                rows.append((name, "unlisted", "", self.unlisted[name], np.nan))
            rows += [(name, "blank", kind, n, np.nan) for kind, n in self.blanks.loc[name].items()]
            rows += [(name, "statistic", what, value, np.nan) for what, value in self.statistics.loc[name].items()]
        table = pd.DataFrame(rows, columns=["variable", "part", "code", "value", "share"])
        table.insert(0, "question", self.question.code)
        table.insert(2, "kind", self.kind)
        return table

    def sentence(self, language: str) -> str:
        """One sentence per variable, from what may be shown."""
        return " ".join(self._told(variable, language).replace("?: ", "? ") for variable in self.variables)

    def _told(self, variable: Variable, language: str) -> str:
        name, label = variable.name, self.label(variable).to(language).rstrip(".")
        answered = float(self.answered[name])
        if np.isnan(answered):
            return say("overview.choice.hidden", language, label=label)
        if self.kind == "numbers" and self.statistics.loc[[name], ["n", "median"]].notna().all(axis=None):
            row = self.statistics.to_dict("index")[name]
            written = {what: _written(row[what], language) for what in ("mean", "sd", "median")}
            return say("overview.number", language, label=label, n=row["n"], **written)
        counts = self.counts.loc[name].dropna()
        if len(counts) < self.counts.shape[1] or not counts.sum():
            return say("overview.choice.answered", language, label=label, answered=answered)
        most = str(counts.idxmax())
        return say("overview.choice.most", language, label=label, answered=answered, option=self.heading(most),
                   share=self.shares.loc[name][most])  # fmt: skip


def _beside(variable: Variable) -> Literal["other", "comment", ""]:
    """Whether a text stands beside the answer proper: a free “other”, or a remark on the question or an item."""
    question = variable.question
    if variable.name == f"{question.code}_other" and question.other:
        return "other"
    remark = variable.name.endswith("comment") and question.comment and variable.kind == "text"
    return "comment" if remark else ""


def _written(value: float, language: str) -> str:
    """With one decimal where there is one; years and other numbers of four digits without grouping."""
    text = number(value, language, 0 if value.is_integer() else 1)
    return text if abs(value) >= 10_000 else text.replace("." if language == "nl" else ",", "")


def summarise(variables: tuple[Variable, ...], responses: Responses, minimum: int | None) -> QuestionSummary:
    """Summarise variables of one question that have one kind and one scale."""
    first, names = variables[0], [variable.name for variable in variables]
    scale = first.scale if first.kind in ("choice", "tick") else None
    answers, why = responses.frame[names], responses.blanks[names]
    given = responses.unlisted[responses.unlisted["variable"].isin(names)]
    unlisted = given["variable"].value_counts().reindex(names, fill_value=0)
    counts = pd.DataFrame({code: (answers == code).sum() for code in (scale.codes if scale else ())}, index=names)
    blanks = pd.DataFrame({kind: (why == kind).sum() for kind in BLANKS}, index=names)
    # Unlisted answers are blank cells “not recorded” in the frame; here they are answers.
    aside = pd.Series({name: _not_recorded(name, given, why) for name in names})
    blanks[Blank.NOT_RECORDED.value] -= aside
    answered = answers.notna().sum() + unlisted
    every = _statistics(answers) if first.kind == "number" else pd.DataFrame(index=names)
    options, other, blank, margin = _protected(counts, unlisted, blanks, answered, minimum)
    statistics = _enough(every, minimum) if first.kind == "number" and minimum is not None else every
    if "n" in statistics:
        # Beside the margin it would give away how many answers were no numbers.
        statistics["n"] = statistics["n"].mask(other.isna())
    shares = options.div(margin.where(margin > 0), axis=0)
    hidden = sum(int(part.isna().to_numpy().sum()) for part in (options, other, blank, margin))
    hidden += int((statistics.isna() & every.notna()).to_numpy().sum())
    return QuestionSummary(
        first.question, first.section.title, _kind(first), variables, scale,
        margin, options, shares, other, blank, statistics, hidden,
    )  # fmt: skip


def _not_recorded(name: str, given: pd.DataFrame, why: pd.DataFrame) -> int:
    respondents = given.loc[given["variable"] == name, "respondent"]
    return int((why.loc[why.index.isin(respondents), name] == Blank.NOT_RECORDED.value).sum())


def _kind(variable: Variable) -> SummaryKind:
    match variable.kind:
        case "tick":
            return "ticks"
        case "number":
            return "numbers"
        case "choice" if variable.scale is not None:
            kind = variable.question.kind
            return "array" if kind == "array" else "ranking" if kind == "ranking" else "choice"
        case _:
            return "answers"


def _protected(
    counts: pd.DataFrame, unlisted: pd.Series, blanks: pd.DataFrame, answered: pd.Series, minimum: int | None
) -> tuple[pd.DataFrame, pd.Series[float], pd.DataFrame, pd.Series[float]]:
    """Options with unlisted answers, and blanks, each as lines whose total is shown; nothing of lines too short."""
    lines = pd.concat([counts, unlisted.rename("\0")], axis=1).astype(float)
    blanks, answered = blanks.astype(float), answered.astype(float)
    if minimum is not None:
        few = (answered > 0) & (answered < minimum)
        lines, blanks = _lines(lines, minimum), _lines(blanks, minimum)
        lines[few], blanks[few] = np.nan, np.nan
        answered = answered.mask(few)
    return lines.drop(columns="\0"), lines["\0"], blanks, answered


def _lines(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    if table.shape[1] == 1:
        return table.mask((table > 0) & (table < minimum))
    return suppress(table, minimum, totals="rows")


def _statistics(answers: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "n": answers.count(), "mean": answers.mean(), "sd": answers.std(), "minimum": answers.min(),
            "lower quartile": answers.quantile(0.25), "median": answers.median(),
            "upper quartile": answers.quantile(0.75), "maximum": answers.max(),
        }
    )  # fmt: skip
    return table[list(STATISTICS)].astype(float)


def _enough(statistics: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Hide what rests on few: a median needs `minimum` values on either side of it, a quartile likewise."""
    table, n = statistics.copy(), statistics["n"]
    table[["minimum", "maximum"]] = np.nan
    table.loc[n < 4 * minimum, ["lower quartile", "upper quartile"]] = np.nan
    table.loc[n < 2 * minimum, "median"] = np.nan
    table.loc[n < minimum, ["mean", "sd"]] = np.nan
    table.loc[(n > 0) & (n < minimum), "n"] = np.nan
    return table
