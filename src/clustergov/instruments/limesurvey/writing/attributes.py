"""The attributes of a LimeSurvey question: limits, totals, constraints, units, order, and the words for “other”."""

from __future__ import annotations

from collections.abc import Mapping

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.limesurvey.layout import words_apart
from clustergov.instruments.limesurvey.lime_codes import LimeCodes, other_code
from clustergov.instruments.limesurvey.script.conditions import ConditionsOut
from clustergov.instruments.limesurvey.script.literals import literal
from clustergov.instruments.limesurvey.structure import Texts
from clustergov.instruments.limesurvey.types import OTHER_ATTRIBUTE
from clustergov.instruments.limesurvey.writing.markup import Markup
from clustergov.instruments.questionnaire import Question, Scale
from clustergov.language import LANGUAGES, Language, number, say

Attributes = Mapping[str, Texts]


def attributes_of(
    question: Question,
    letter: str,
    scales: tuple[Scale, ...],
    codes: LimeCodes,
    markup: Markup,
    conditions: ConditionsOut,
) -> Attributes:
    """Name → language (empty for all) → value."""
    once = {
        **_limits(question, letter),
        **_order(question),
        **_other(question, scales, codes),
        "em_validation_q": _validation(question, conditions),
    }
    found: dict[str, Texts] = {name: {"": value} for name, value in once.items() if value}
    found |= {
        name: {language: text for language, text in texts.items() if text}
        for name, texts in _words(question, letter, scales, markup).items()
        if any(texts.values())
    }
    return found


def _limits(question: Question, letter: str) -> dict[str, str]:
    names = ("multiflexible_min", "multiflexible_max") if letter == ":" else ("min_num_value_n", "max_num_value_n")
    found = {
        name: plain(limit)
        for name, limit in zip(names, (question.minimum, question.maximum), strict=True)
        if limit is not None
    }
    if question.integer:
        found["num_value_int_only"] = "1"
    if question.kind == "multiple" and letter == ":":
        found["multiflexible_checkbox"] = "1"
    elif letter == ":":
        # Otherwise the cells are lists of the numbers from 1 to 10.
        found["input_boxes"] = "1"
    if question.kind == "ranking" and question.items:
        found["max_subquestions"] = found["max_answers"] = str(len(question.items))
    return found


def _order(question: Question) -> dict[str, str]:
    if not question.random_order:
        return {}
    # Lists and rankings have another attribute since version 6; the older one is known to all before.
    newer = {"answer_order": "random"} if question.kind in ("single", "ranking") else {}
    return {"random_order": "1", **newer}


def _other(question: Question, scales: tuple[Scale, ...], codes: LimeCodes) -> dict[str, str]:
    scale = scales[0] if scales else None
    code = other_code(question, scale)
    if scale is None or code is None:
        return {}
    all_codes = [option.code for option in scale.options]
    place = all_codes.index(code)
    found = {OTHER_ATTRIBUTE: code} if code != "-oth-" else {}
    if place == 0 and len(all_codes) > 1:
        found["other_position"] = "beginning"
    elif place < len(all_codes) - 1:
        found |= {"other_position": "specific", "other_position_code": codes.answers(scale)[all_codes[place - 1]]}
    return found


def _validation(question: Question, conditions: ConditionsOut) -> str:
    constraint = conditions.of_constraint(question)
    total = ""
    if question.total is not None:
        # Attribute equals_num_value compares binary fractions: it refuses 0.1 + 64.1 + 35.8 as no 100.
        total = f"round(sum(self.NAOK), 2) == {literal(question.total)} or count(self.NAOK) == 0"
    parts = [part for part in (total, constraint) if part]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _words(question: Question, letter: str, scales: tuple[Scale, ...], markup: Markup) -> dict[str, Texts]:
    found = {"suffix": markup.texts(question.unit), "em_validation_q_tip": _tip(question, markup)}
    scale = scales[0] if scales else None
    code = other_code(question, scale)
    if scale is not None and code is not None:
        found["other_replace_text"] = markup.texts(scale.text(code))
    if letter == "1":
        for place, name in enumerate(("dualscale_headerA", "dualscale_headerB")):
            found[name] = markup.plain({language: _heading(question, language, place) for language in markup.languages})
    return found


def _heading(question: Question, language: str, place: int) -> str:
    found = words_apart(question.items, language, wordless=question.text.get(language, ""))
    return found[1][place] if found is not None else ""


def _tip(question: Question, markup: Markup) -> Texts:
    """What a respondent is told beside the question when the validation refuses."""
    return markup.plain({language: " ".join(_told(question, language)) for language in markup.languages})


def _told(question: Question, language: str) -> list[str]:
    spoken: Language = next((each for each in LANGUAGES if each == language.split("-")[0]), "en")
    told = []
    if question.total is not None:
        total = number(question.total, spoken, 0 if question.total.is_integer() else 2)
        told.append(say("limesurvey.total", spoken, total=total))
    if question.constraint:
        own = question.constraint_message
        told.append(own.to(language) if own is not None else say("limesurvey.constraint", spoken))
    return told
