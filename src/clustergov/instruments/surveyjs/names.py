"""Names of a SurveyJS form's elements, and how its expressions refer to one variable of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from clustergov.instruments.questionnaire import Item, Question, Questionnaire, Variable

OTHER = "other"
"""Value of the box beside which a multiple choice has its free answer; where an item is called so: ``other_1``."""

_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SAFE_PART = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_CODE = re.compile(r"(?!(?:true|false|undefined|null)$)[A-Za-z][A-Za-z0-9]*|0|[1-9][0-9]{0,14}", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """Items of an array that share a scale: one matrix."""

    name: str
    scale: str
    items: tuple[Item, ...]


def parts(question: Question) -> tuple[Part, ...]:
    """The matrices of an array: one, named as the question, unless its items differ in scale; then code__1, code__2, …"""
    scales = list(dict.fromkeys(item.scale or question.scale for item in question.items))
    groups = [(scale, tuple(i for i in question.items if (i.scale or question.scale) == scale)) for scale in scales]
    if len(groups) == 1:
        return (Part(question.code, *groups[0]),)
    return tuple(Part(f"{question.code}__{k}", *group) for k, group in enumerate(groups, 1))


def other_value(question: Question) -> str:
    """The value of the box “other” of a multiple choice."""
    taken = {item.code.casefold() for item in question.items}
    value, k = OTHER, 0
    while value in taken:
        k += 1
        value = f"{OTHER}_{k}"
    return value


class Names:
    """How expressions refer to the variables of one questionnaire.

    SurveyJS reads names and codes without regard to upper and lower case, so where two differ in nothing else it
    cannot tell them apart (survey-core 2.5).
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def element(self, variable: Variable) -> tuple[str, str]:
        """Name of the element that holds a variable, and the part of its value: an item's code, a place, or nothing."""
        question, item = variable.question, variable.item
        if item is None or question.kind in ("numbers", "texts") or variable.name.endswith("comment"):
            return variable.name, ""
        if question.kind == "ranking":
            return question.code, str([each.code for each in question.items].index(item.code))
        if question.kind == "array":
            return next(part.name for part in parts(question) if item in part.items), item.code
        return question.code, item.code

    def reference(self, variable: Variable) -> str:
        """The variable as an expression names it; a multiple choice is named as a whole."""
        name, part = self.element(variable)
        exact = "" if plainly_coded(variable) else "#"
        match variable.question.kind:
            case "ranking" if part:
                return f"{{{exact}{name}[{part}]}}"
            case "array" if part:
                return f"{{{exact}{name}.{part}}}"
            case _:
                return f"{{{exact}{name}}}"

    def obstacle(self, variable: Variable) -> str:
        """Why no expression can look at a variable; empty when one can."""
        name, part = self.element(variable)
        if not _SAFE.fullmatch(name) or (part and not _SAFE_PART.fullmatch(part)):
            return f"its expressions cannot name “{variable.name}”"
        if self._folded.count(name.casefold()) > 1:
            return f"it takes “{name}” and another name that differs in case alone for one"
        codes = [option.code for option in variable.scale.options] if variable.scale is not None else []
        if variable.kind == "tick" or variable.question.kind == "array":
            siblings = [item.code.strip().casefold() for item in variable.question.items]
            if len(set(siblings)) < len(siblings):
                return f"it takes items of “{variable.question.code}” that differ in case alone for one"
        if any(set(code) & set("'\"\\") for code in codes):
            return f"a code of “{variable.name}” has a quotation mark or a backslash in it"
        if len({code.strip().casefold() for code in codes}) < len(codes):
            return f"it takes codes of “{variable.name}” that differ in case or blanks alone for one"
        return ""

    @cached_property
    def _folded(self) -> list[str]:
        return [name.casefold() for name in {self.element(variable)[0] for variable in self.questionnaire.variables}]


def plainly_coded(variable: Variable) -> bool:
    """Whether no code is taken for a number or a truth value that it is not, such as 01 and true."""
    if variable.scale is None or variable.kind == "tick":
        return True
    return all(_PLAIN_CODE.fullmatch(option.code) for option in variable.scale.options)
