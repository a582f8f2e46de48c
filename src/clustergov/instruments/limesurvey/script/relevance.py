"""LimeSurvey's conditions: names of fields as variables, old condition rows as expressions, and these as `when`.

What LimeSurvey and the routing language both can say is translated, and only where they agree on what an unanswered
question means. Everything else stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clustergov.instruments.condition import Condition
from clustergov.instruments.limesurvey.script.grammar import tree_of
from clustergov.instruments.limesurvey.script.meaning import Untranslatable
from clustergov.instruments.limesurvey.script.reading import Reader
from clustergov.instruments.limesurvey.script.translation import blank, written
from clustergov.instruments.limesurvey.structure import LimeCondition, LimeQuestion
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.routing import parse
from clustergov.problems import InputError

_FIELD = re.compile(r"(?<![\w.])\d+X\d+X(\d+)([A-Za-z0-9_#]*)")


_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")


_NOTHING = 200
"""Characters of the longest expression that may say nothing; taking brackets off longer ones would take too long."""


def is_always(expression: str) -> bool:
    """Whether a condition says nothing: the question is always asked."""
    bare = expression.strip()
    if len(bare) > _NOTHING:
        return False
    while bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    return bare in ("", "1", "true")


def without_field_numbers(expression: str, questions: Mapping[str, LimeQuestion], codes: Mapping[str, str]) -> str:
    """Write ``123X4X5sub`` as ``code_sub``, as far as the questions (by number) and their codes are known."""

    def name(match: re.Match[str]) -> str:
        digits, rest = match[1], match[2]
        for length in range(len(digits), 0, -1):
            question = questions.get(digits[:length])
            suffix = (digits[length:] + rest).replace("#", "_")
            if question is None:
                continue
            children = {sub.code for sub in question.subquestions}
            if not suffix:
                return codes[question.number]
            stem = re.sub(r"(comment|_[01]|_.*)$", "", suffix)
            if (
                suffix in ("other", "comment")
                or {suffix, stem} & children
                or (question.type == "R" and suffix.isdigit())
            ):
                return f"{codes[question.number]}_{suffix}"
        return match[0]

    return _FIELD.sub(name, expression)


def from_conditions(conditions: Sequence[LimeCondition]) -> str:
    """Old condition rows as one expression, as LimeSurvey itself makes it.

    The same field's values are alternatives; fields are joined by and, scenarios by or.
    """
    scenarios: dict[str, dict[str, list[str]]] = {}
    for row in conditions:
        scenarios.setdefault(row.scenario, {}).setdefault(row.field, []).append(_of_row(row))
    joined = [" and ".join(f"({' or '.join(tests)})" for tests in fields.values()) for fields in scenarios.values()]
    return joined[0] if len(joined) == 1 else " or ".join(f"({part})" for part in joined)


def _of_row(row: LimeCondition) -> str:
    """One row: a number goes without quotation marks, and an empty field only ever differs."""
    method, value = row.method.strip() or "==", row.value
    field = f"{row.field.strip('{}@').removeprefix('+')}.NAOK"
    if method == "RX":
        return f'regexMatch("{value}", {field})'
    if value.strip() == "" and method in ("==", "!="):
        return f"{'' if method == '==' else '!'}is_empty({field})"
    number = _NUMBER.fullmatch(value) is not None
    test = f"{field} {method} {value}" if number else f'{field} {method} "{value}"'
    if number and method == "!=":
        return f"(is_empty({field}) or {test})"
    guarded = method in ("<", "<=") or (number and method in ("==", ">="))
    return f"(!is_empty({field}) and {test})" if guarded else test


def translate(expression: str, variables: Mapping[str, Variable]) -> str | None:
    """The expression in the routing language, or None where it says more than that can."""
    condition = read(expression, variables)
    return None if condition is None else str(condition)


def read(expression: str, variables: Mapping[str, Variable]) -> Condition | None:
    """The condition that holds for the same respondents, or None where there is none.

    Parameters
    ----------
    expression : str
        ExpressionScript, with codes as names (see `without_field_numbers`).
    variables : mapping of str to Variable
        By LimeSurvey's names of them.
    """
    tree = tree_of(expression)
    if tree is None:
        return None
    reader = Reader(variables)
    try:
        meaning = reader.meaning(tree)
        condition = Condition(written(meaning))
    except (Untranslatable, RecursionError):
        return None
    # With a bare name all is false as soon as its question was not asked.
    if not all(_is_always_asked(variables[name]) or blank(meaning, name) is False for name in reader.bare):
        return None
    return condition if _can_be_written(condition) else None


def _is_always_asked(variable: Variable) -> bool:
    question = variable.question
    # Whether an item is always shown is not known while a file is read.
    return variable.item is None and not question.when and is_always(question.relevance)


def _can_be_written(condition: Condition) -> bool:
    """Whether the routing language has a spelling for it: its texts may be too long, or names and codes unusual."""
    try:
        return parse(str(condition)) is not None
    except InputError:
        return False
