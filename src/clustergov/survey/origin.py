"""Where the numbers of an analysis come from: one variable, the sum of several, or the score of a construct."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.scoring import score
from clustergov.problems import Problem
from clustergov.survey.responses import Responses
from clustergov.yaml_file import Entry, Place, Positions


class Origin(Entry):
    """A number per respondent: exactly one of `variable`, `sum_of` and `score_of` says where it comes from.

    Attributes
    ----------
    variable : str
        A number, a tick or an ordered choice; the latter as its position in the scale.
    sum_of : tuple of str
        Numbers that are added up, such as the public shares of funding.
    score_of : str
        A construct: the scale score of the questionnaire.
    """

    variable: str = ""
    sum_of: tuple[str, ...] = ()
    score_of: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Variables or construct that it names."""
        return self.sum_of or tuple(name for name in (self.variable, self.score_of) if name)

    def parts(self, questionnaire: Questionnaire) -> tuple[str, ...]:
        """The variables that the numbers are made of."""
        if self.score_of:
            return next((c.items for c in questionnaire.constructs if c.code == self.score_of), ())
        return self.names

    def values(self, responses: Responses) -> pd.Series[float]:
        """The number of every respondent; NaN where blank, a sum as soon as one part is."""
        if self.score_of:
            return scores(self.score_of, responses)
        return pd.concat([responses.values(name) for name in self.names], axis=1).sum(axis=1, skipna=False)

    def problems(self, place: Place, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
        """What does not fit the questionnaire."""
        if sum(map(bool, (self.variable, self.sum_of, self.score_of))) != 1:
            yield positions.problem(place, "one-origin", "expected exactly one of variable, sum of and score of.",
                                    "Keep the one that is meant.")  # fmt: skip
        constructs = sorted(construct.code for construct in questionnaire.constructs)
        if self.score_of and self.score_of not in constructs:
            yield positions.problem((*place, "score of"), "unknown-construct",
                                    f"the questionnaire has no construct “{self.score_of}”.",
                                    f"It has: {', '.join(constructs) or 'none'}.")  # fmt: skip
        if self.variable:
            yield from without_numbers(self.variable, (*place, "variable"), questionnaire, positions)
        for number, name in enumerate(self.sum_of):
            yield from without_numbers(name, (*place, "sum of", number), questionnaire, positions)


def scores(code: str, responses: Responses) -> pd.Series[float]:
    """The score of a construct, one per respondent; NaN where too few items are answered."""
    construct = next(construct for construct in responses.questionnaire.constructs if construct.code == code)
    values = {name: responses.values(name) for name in construct.items}
    return pd.Series(score(construct, responses.questionnaire, values), index=responses.frame.index, name=code)


def without_numbers(name: str, place: Place, questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """A problem when no variable has this name, and when it is text or a choice without order."""
    if name not in questionnaire.by_name:
        yield positions.problem(place, "unknown-variable", f"the questionnaire has no variable “{name}”.",
                                "Use the name of a variable, such as code or code_item.")  # fmt: skip
        return
    variable = questionnaire.by_name[name]
    if variable.kind not in ("number", "tick") and not (variable.scale is not None and variable.scale.ordered):
        yield positions.problem(place, "no-order", f"“{name}” is text or a choice without order and has no numbers.",
                                "Use a number, a tick or an ordered choice.")  # fmt: skip
