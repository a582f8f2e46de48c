"""Questions that have a mistake already which conditions about them would only repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from clustergov.instruments.questionnaire import Question, Questionnaire, Scale

WITH_SCALE = frozenset({"single", "array", "ranking"})


def unsound(questionnaire: Questionnaire) -> frozenset[str]:
    """Codes of questions whose code, items, scale or limits are not sound: it is not known what can be answered."""
    # An original in the field may tell codes apart by capitals.
    fold: Callable[[str], str] = str if questionnaire.imported_from else str.casefold
    times = Counter(fold(question.code) for question in questionnaire.questions)
    return frozenset(
        question.code
        for question in questionnaire.questions
        if times[fold(question.code)] > 1
        or _twice([fold(item.code) + "\n" + item.scale for item in question.items])
        or _limits_crossed(question)
        or (question.kind in WITH_SCALE and not _scales_sound(question, questionnaire, fold))
    )


def names_one(variable: str, questions: frozenset[str]) -> bool:
    """Whether a name is that of one of these questions, or of an answer to it."""
    return variable in questions or variable.partition("_")[0] in questions


def mentions(condition: str, questions: frozenset[str]) -> bool:
    """Whether a condition, as it is written, names one of these questions."""
    return any(names_one(name, questions) for name in re.findall(r"[A-Za-z]\w*", condition))


def _twice(codes: list[str]) -> bool:
    return len(set(codes)) < len(codes)


def _limits_crossed(question: Question) -> bool:
    low, high = question.minimum, question.maximum
    return low is not None and high is not None and low > high


def _scales_sound(question: Question, questionnaire: Questionnaire, fold: Callable[[str], str]) -> bool:
    named = {item.scale or question.scale for item in question.items} | ({question.scale} - {""})
    return all(name in questionnaire.scales and _sound(questionnaire.scales[name], fold) for name in named)


def _sound(scale: Scale, fold: Callable[[str], str]) -> bool:
    return not _twice([fold(option.code) for option in scale.options])
