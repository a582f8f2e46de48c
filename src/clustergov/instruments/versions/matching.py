"""Which question, item and variable of one version is which of the other: by code first, then by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Variable
from clustergov.instruments.versions.wording import SIMILAR, alike, similar


@dataclass(frozen=True)
class Matching:
    """Two versions side by side.

    Attributes
    ----------
    old, new : Questionnaire
    questions : mapping of str to str
        New code → old code.
    items : mapping of tuple to str
        New question's and item's code → old item's code.
    """

    old: Questionnaire
    new: Questionnaire
    questions: Mapping[str, str]
    items: Mapping[tuple[str, str], str]

    @cached_property
    def old_questions(self) -> dict[str, Question]:
        return {question.code: question for question in self.old.questions}

    @cached_property
    def variables(self) -> dict[str, str]:
        """New variable's name → old variable's name, for questions that are matched; their kinds may differ."""
        found: dict[str, str] = {}
        for variable in self.new.variables:
            name = self._old_name(variable)
            if name in self.old.by_name:
                found[variable.name] = name
        return found

    def _old_name(self, variable: Variable) -> str:
        question = variable.question.code
        if question not in self.questions:
            return ""
        name = self.questions[question]
        if variable.item is None:
            return name + variable.name.removeprefix(question)
        item = self.items.get((question, variable.item.code))
        if item is None:
            return ""
        return f"{name}_{item}{variable.name.removeprefix(f'{question}_{variable.item.code}')}"

    def pairs(self) -> list[tuple[Question, Question]]:
        """Matched questions, old and new, in the order of the new version."""
        return [
            (self.old_questions[self.questions[question.code]], question)
            for question in self.new.questions
            if question.code in self.questions
        ]


def match(old: Questionnaire, new: Questionnaire) -> Matching:
    """Match two versions.

    Questions and items with equal codes belong together. Of those left over, one with equal words (questions: of the
    same kind, with at least 85 of 100 characters in common) is taken for the same under another code.
    """
    before = {question.code: question for question in old.questions}
    questions = {question.code: question.code for question in new.questions if question.code in before}
    left = [question for question in old.questions if question.code not in questions]
    for question in new.questions:
        if question.code in questions:
            continue
        ranked = [
            (similar(each.text, question.text), -place) for place, each in enumerate(left) if each.kind == question.kind
        ]
        best = max(ranked, default=(0.0, 0))
        if best[0] >= SIMILAR:
            questions[question.code] = left.pop(-best[1]).code
    items: dict[tuple[str, str], str] = {}
    for question in new.questions:
        if question.code in questions:
            items |= _items(before[questions[question.code]], question)
    return Matching(old, new, questions, items)


def _items(old: Question, new: Question) -> dict[tuple[str, str], str]:
    codes = {item.code for item in old.items}
    found = {(new.code, item.code): item.code for item in new.items if item.code in codes}
    left: list[Item] = [item for item in old.items if item.code not in found.values()]
    for item in new.items:
        if (new.code, item.code) in found:
            continue
        twin = next((each for each in left if alike(each.text, item.text)), None)
        if twin is not None:
            left.remove(twin)
            found[new.code, item.code] = twin.code
    return found
