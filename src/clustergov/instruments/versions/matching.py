"""Which question, item and variable of one version is which of the other: by code first, then by words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Variable
from clustergov.instruments.versions.wording import alike, bare, similar

Part = TypeVar("Part", Question, Item)


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
    language : str
        In which texts are shown to whoever reads of changes.
    """

    old: Questionnaire
    new: Questionnaire
    questions: Mapping[str, str]
    items: Mapping[tuple[str, str], str]
    language: str

    @cached_property
    def old_questions(self) -> dict[str, Question]:
        return {question.code: question for question in self.old.questions}

    @cached_property
    def old_variables(self) -> dict[str, tuple[Variable, ...]]:
        return _by_question(self.old)

    @cached_property
    def new_variables(self) -> dict[str, tuple[Variable, ...]]:
        """Variables per code of a question; one without variables is not there."""
        return _by_question(self.new)

    @cached_property
    def names(self) -> dict[str, str]:
        """Old variable's name → new variable's name."""
        return {old: new for new, old in self.variables.items()}

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


def _by_question(questionnaire: Questionnaire) -> dict[str, tuple[Variable, ...]]:
    found: defaultdict[str, tuple[Variable, ...]] = defaultdict(tuple)
    for variable in questionnaire.variables:
        found[variable.question.code] += (variable,)
    return found


def match(old: Questionnaire, new: Questionnaire, language: str = "") -> Matching:
    """Match two versions; texts are shown in `language`, or in the first that both speak.

    Equal code and equal words belong together first; then equal words under another code, where no other has them (so
    that two which changed their codes for each other are told as renamed); then equal codes, whatever the words; then
    questions of the same kind with at least 85 of 100 characters in common, the most alike first.
    """
    spoken = [language for language in old.languages if language in new.languages]
    questions = _pairs(old.questions, new.questions, spoken)
    left = [question for question in old.questions if question.code not in questions.values()]
    came = [question for question in new.questions if question.code not in questions]
    ranked = sorted(
        (-similar(each.text, question.text), place, other)
        for place, question in enumerate(came)
        for other, each in enumerate(left)
        if each.kind == question.kind
    )
    for ratio, place, other in ranked:
        if ratio and came[place].code not in questions and left[other].code not in questions.values():
            questions[came[place].code] = left[other].code
    before = {question.code: question for question in old.questions}
    items = {
        (question.code, code): former
        for question in new.questions
        if question.code in questions
        for code, former in _pairs(before[questions[question.code]].items, question.items, spoken).items()
    }
    return Matching(old, new, questions, items, language or [*spoken, *new.languages][0])


def _pairs(old: Sequence[Part], new: Sequence[Part], languages: Sequence[str]) -> dict[str, str]:
    """New code → old code, by code and by equal words."""
    before = {each.code: each for each in old}
    found = {each.code: each.code for each in new if each.code in before and alike(before[each.code].text, each.text)}
    left = [each for each in old if each.code not in found]
    came = [each for each in new if each.code not in found]
    told, tells = _by_words(left, languages), _by_words(came, languages)
    for words, codes in tells.items():
        if len(codes) == len(told.get(words, ())) == 1:
            found[codes[0]] = told[words][0]
    taken = set(found.values())
    return found | {
        each.code: each.code for each in came if each.code in before.keys() - taken and each.code not in found
    }


def _by_words(parts: Sequence[Part], languages: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
    """Codes of all that say the same in each of these languages; those that say nothing are left out."""
    codes: dict[tuple[str, ...], list[str]] = {}
    for part in parts:
        said: list[str] = [bare(part.text.to(language)) for language in languages]
        if any(said):
            codes.setdefault((getattr(part, "kind", ""), *said), []).append(part.code)
    return codes
