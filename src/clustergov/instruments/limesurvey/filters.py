"""Which items of a LimeSurvey question are shown: array filters and the conditions of single subquestions.

A filter names other questions; an item is shown when the item with the same code was ticked or answered there (or, for
an excluding filter, was not). Filters of those questions count too, however far back, and all of them have to agree.
Items without a counterpart are not filtered. Source: behaviour of LimeSurvey 6's expression manager.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from clustergov.instruments.arithmetic import quoted
from clustergov.instruments.limesurvey.losses import Losses
from clustergov.instruments.limesurvey.script.relevance import is_always
from clustergov.instruments.limesurvey.structure import LimeQuestion
from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Variable
from clustergov.instruments.routing import parse

FILTERED = frozenset("1:;ABCEFKMPQ")
"""Types of questions whose items, as the questionnaire has them, LimeSurvey filters."""

_OWN = re.compile(r"(?<![\w.])(?:self|this)\.sq_([A-Za-z0-9]+)(?:\.NAOK)?(?![\w.])")
_NAMES = ("array_filter", "array_filter_exclude")
Translate = Callable[[str], str | None]
Usable = Callable[[str], bool]


class Filters:
    """Finds the conditions of items.

    Parameters
    ----------
    questions : mapping of str to LimeQuestion
        By their code in the file.
    codes : mapping of int to str
        The code in the questionnaire, by the identity of the LimeQuestion.
    draft : Questionnaire
    translate : callable
        An expression in the routing language, or None.
    usable : callable
        Whether a text is a condition about this questionnaire's answers.
    losses : Losses
    """

    def __init__(
        self, questions: Mapping[str, LimeQuestion], codes: Mapping[int, str], draft: Questionnaire, translate: Translate, usable: Usable, losses: Losses,
    ) -> None:  # fmt: skip
        self._questions = questions
        self._codes = codes
        self._translate = translate
        self._usable = usable
        self._losses = losses
        self._variables: dict[str, list[Variable]] = {}
        for variable in draft.variables:
            self._variables.setdefault(variable.question.code, []).append(variable)

    def items(self, question: LimeQuestion, own: Question) -> tuple[Item, ...]:
        """The question's items, each with the condition under which it is shown."""
        rows = {sub.code: sub.relevance for sub in question.subquestions if sub.scale == 0}
        for sub in question.subquestions:
            if not is_always(sub.relevance) and (sub.scale == 1 or question.type not in FILTERED | {"H"}):
                self._lose(f"{own.code}_{sub.code}", sub.relevance)
        shown = self._shown(question, own)
        conditions: dict[str, str] = {}
        for row in dict.fromkeys(_row(question, item) for item in own.items):
            place = f"{own.code}_{row}"
            of_row = list(self._own(rows.get(row, ""), place, own.code))
            both = _all_of([*shown.get(row, []), *of_row])
            if both and not self._usable(both):
                self._lose(place, rows.get(row, ""))
                both = _all_of(shown.get(row, []))
            conditions[row] = str(parse(both)) if both else ""
        return tuple(
            item.model_copy(update={"when": when}) if (when := conditions[_row(question, item)]) else item
            for item in own.items
        )

    def _own(self, relevance: str, place: str, code: str) -> Iterator[str]:
        if is_always(relevance):
            return
        # “self.sq_a” is this question's own subquestion a.
        when = self._translate(_OWN.sub(rf"{code}_\1.NAOK", relevance))
        if when is None:
            self._lose(place, relevance)
        else:
            yield when

    def _lose(self, place: str, relevance: str) -> None:
        what = "conditions of single subquestions are not imported; they are shown whenever their question is"
        self._losses.add("limesurvey-condition", what, place, value=relevance)

    def _shown(self, question: LimeQuestion, own: Question) -> dict[str, list[str]]:
        """Conditions by row; none, and the attributes noted, where the questionnaire cannot say the same."""
        if question.type not in FILTERED or not any(question.attribute(name) for name in _NAMES):
            return {}
        found: dict[str, list[str]] = {}
        for code, excluded in self._sources(question):
            source = self._questions.get(code)
            if source is None or source is question:
                return {}
            for row in {_row(question, item) for item in own.items}:
                condition = self._counterpart(source, row, excluded=excluded)
                if condition is None:
                    return {}
                if condition and condition not in found.setdefault(row, []):
                    found[row].append(condition)
            if own.other and source.other:
                self._losses.add(
                    "limesurvey-filter", "whether “other” is shown is filtered in LimeSurvey and not here", own.code
                )
        if any(found.values()) and all(self._usable(_all_of(parts)) for parts in found.values() if parts):
            for name in _NAMES:
                question.take(name)
            return found
        return {}

    def _sources(self, question: LimeQuestion) -> list[tuple[str, bool]]:
        """Codes of the questions that filter this one, with whether they exclude, nearest first."""
        found: dict[tuple[str, bool], None] = {}
        waiting = [question]
        while waiting:
            present = waiting.pop()
            for name, excluded in zip(_NAMES, (False, True), strict=True):
                for code in present.attribute(name).split(";") if present.attribute(name) else ():
                    if (code, excluded) not in found:
                        found[code, excluded] = None
                        if code in self._questions:
                            waiting.append(self._questions[code])
        return list(found)

    def _counterpart(self, source: LimeQuestion, row: str, *, excluded: bool) -> str | None:
        """The condition that a row's counterpart sets; empty where it has none, None where it cannot be expressed."""
        variables = [
            variable
            for variable in self._variables.get(self._codes[id(source)], ())
            if variable.item is not None and not variable.name.endswith(f"{variable.item.code}comment")
        ]
        if source.type == "R":
            listed = any(answer.code == row for answer in source.answers)
            tests = [f"{variable.name} = {quoted(row)}" for variable in variables] if listed else []
        else:
            own = [variable for variable in variables if variable.item and _row(source, variable.item) == row]
            if any(variable.scale and len(variable.scale.codes) < len(variable.scale.options) for variable in own):
                # To LimeSurvey “don't know” is an answer; here it is none.
                return None
            tests = [
                f'{variable.name} = "Y"' if variable.kind == "tick" else f"answered({variable.name})"
                for variable in own
            ]
        if excluded:
            tests = [f"not {test}" for test in tests]
        joined = (" and " if excluded else " or ").join(tests)
        return f"({joined})" if len(tests) > 1 else joined


def _all_of(parts: list[str]) -> str:
    different = list(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else " and ".join(f"({part})" for part in different)


def _row(question: LimeQuestion, item: Item) -> str:
    """Code of the subquestion to which an item belongs: a cell and one of two scales belong to their row."""
    if question.type == "1":
        return item.code.rpartition("_")[0]
    if question.type not in (":", ";"):
        return item.code
    columns = sorted((f"_{sub.code}" for sub in question.subquestions if sub.scale == 1), key=len, reverse=True)
    return next((item.code.removesuffix(column) for column in columns if item.code.endswith(column)), item.code)
