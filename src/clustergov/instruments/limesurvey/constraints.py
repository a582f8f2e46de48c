"""What must hold among the answers of a LimeSurvey question: its rules and limits as one constraint with a message."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.asking import enforced
from clustergov.instruments.condition import Condition, Junction
from clustergov.instruments.limesurvey.attribute_notes import OFF
from clustergov.instruments.limesurvey.constraint_messages import ALONE, LEAST, MOST, message_of, own_words, said_of
from clustergov.instruments.limesurvey.structure import LimeQuestion
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.questionnaire import Question, Variable
from clustergov.instruments.routing import parse

_SUM = re.compile(r"round\(sum\(self\.NAOK\),2\)==(-?\d{1,12}(?:\.\d{1,6})?)(?:orcount\(self\.NAOK\)==0)?", re.I)
"""How a sum is enforced so that 0.1, 64.1 and 35.8 add up to 100, without its blanks."""
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_JOINT = re.compile(r"&&|\|\||(?:and|or)\b", re.I)
_LONGEST = 4000
"""Characters of an expression that is looked into."""
_FIELDS = re.compile(r"(?<![\w.])(self|this)(\.NAOK)?(?![\w.])")

Translate = Callable[[str], str | None]
Usable = Callable[[str], bool]


@dataclass(slots=True)
class Rules:
    """What was found for one question, part by part."""

    parts: list[str] = field(default_factory=list)
    messages: list[Mapping[str, str]] = field(default_factory=list)
    total: float | None = None
    refuses_blanks: bool = False


def constrained(
    question: LimeQuestion,
    own: Question,
    variables: Sequence[Variable],
    wording: Wording,
    translate: Translate,
    usable: Usable,
    ticks: Set[str],
) -> Question:
    """The question with its constraint, its message and its total; attributes that are expressed are taken.

    Parameters
    ----------
    question : LimeQuestion
    own : Question
        What has been made of it so far.
    variables : sequence of Variable
        Its answers.
    wording : Wording
    translate : callable
        An expression of LimeSurvey in the routing language, or None.
    usable : callable
        Whether a text is a condition about this questionnaire's answers.
    ticks : set of str
        Variables that are never blank where their question was asked.
    """
    before = frozenset(question.expressed)
    answers = [
        each for each in variables if (each.item is not None) == bool(own.items) and not _is_text_beside(each, own)
    ]
    names = [each.name for each in answers]
    rules = Rules()
    if names:
        _limits_of_answers(question, own, answers, rules)
        _limits_of_sum(question, own, names, rules)
        _alone(question, own, rules)
        _written(question, own, names, rules, wording, translate, ticks)
    constraint = " and ".join(f"({part})" if len(rules.parts) > 1 else part for part in rules.parts)
    if constraint and not usable(constraint):
        # What was taken for it is not expressed after all.
        question.expressed.intersection_update(before)
        return own
    if rules.refuses_blanks and not own.required:
        what = "rules refuse empty answers in LimeSurvey; here they are not applied to what is left open"
        wording.losses.add("limesurvey-validation", what, own.code)
    message = message_of(rules.messages, wording.languages) if constraint else None
    return own.model_copy(
        update={
            "total": rules.total,
            "constraint": str(parse(constraint)) if constraint else "",
            "constraint_message": message,
        }
    )


def guard_removed(constraint: str, own: Question) -> str:
    """The constraint without a leading guard against blanks that every constraint has anyway."""
    expression = parse(constraint).expression
    if isinstance(expression, Junction) and expression.operator == "or":
        rest = expression.parts[1:]
        bare = str(rest[0] if len(rest) == 1 else Junction("or", rest))
        whole = enforced(own.model_copy(update={"constraint": bare}))
        if whole is not None and _flat(whole) == _flat(Condition(expression)):
            return bare
    return constraint


def passes_blanks(constraint: str, own: Question, ticks: Set[str]) -> bool:
    """Whether the constraint, read as LimeSurvey reads it, lets through what is enforced of it: no answer left open."""
    condition, whole = parse(constraint), enforced(own.model_copy(update={"constraint": constraint}))
    if whole is None:
        return True
    names = condition.variables[:6]
    open_ended: tuple[str | float | None, ...] = (None, "Y", 0.0, 7.0, -3.0) if len(names) < 4 else (None, 7.0)
    values = (("Y", "N") if name in ticks else open_ended for name in names)
    for cells in itertools.product(*values):
        answers = dict(zip(names, cells, strict=True))
        if None in cells and whole.holds(answers) and not condition.holds(answers):
            return False
    return True


def _is_text_beside(variable: Variable, own: Question) -> bool:
    """Whether it is the free text of “other” or a remark."""
    plain_name = own.code if variable.item is None else f"{own.code}_{variable.item.code}"
    return variable.name != plain_name


def _flat(condition: Condition) -> tuple[str, ...]:
    """The alternatives of a condition, whichever way they are bracketed."""
    expression = condition.expression
    if not isinstance(expression, Junction) or expression.operator != "or":
        return (str(expression),)
    return tuple(text for part in expression.parts for text in _flat(Condition(part)))


def _limits_of_answers(question: LimeQuestion, own: Question, answers: list[Variable], rules: Rules) -> None:
    if not own.items or own.other:
        return
    if any(each.scale and len(each.scale.codes) < len(each.scale.options) for each in answers):
        # To LimeSurvey “don't know” counts as an answer; here it does not.
        return
    ticks = own.kind == "multiple"
    names = ", ".join(each.name for each in answers)
    counted = f'count("Y", {names})' if ticks else f"count({names})"
    for name, sign, words in (("min_answers", ">=", LEAST), ("max_answers", "<=", MOST)):
        value = question.attribute(name)
        if not re.fullmatch(r"\d{1,6}", value) or (sign == ">=" and value in OFF) or name in question.expressed:
            continue
        question.take(name)
        rules.parts.append(f"{counted} {sign} {int(value)}")
        rules.messages.append(said_of(words, "ticks" if ticks else "answers", str(int(value))))
        rules.refuses_blanks |= sign == ">=" and not ticks


def _limits_of_sum(question: LimeQuestion, own: Question, names: list[str], rules: Rules) -> None:
    if question.type != "K":
        return
    total = question.attribute("equals_num_value")
    if _NUMBER.fullmatch(total):
        rules.total = float(question.take("equals_num_value"))
    for name, sign, words in (("min_num_value", ">=", LEAST), ("max_num_value", "<=", MOST)):
        value = question.attribute(name).replace(",", ".")
        if not _NUMBER.fullmatch(value):
            continue
        question.take(name)
        rules.parts.append(f"sum({', '.join(names)}) {sign} {plain(float(value))}")
        rules.messages.append(said_of(words, "sum", plain(float(value))))
        may_be_blank = question.attribute("value_range_allows_missing") in ("", "1")
        rules.refuses_blanks |= not may_be_blank and (float(value) > 0 if sign == ">=" else float(value) < 0)
    if rules.total is not None and question.attribute("value_range_allows_missing") not in ("", "1"):
        rules.refuses_blanks = True


def _alone(question: LimeQuestion, own: Question, rules: Rules) -> None:
    """An item that excludes all others; LimeSurvey hides those, which comes to the same answers."""
    codes = [code.strip() for code in question.attribute("exclude_all_others").split(";") if code.strip()]
    items = {item.code: item for item in own.items}
    if question.type not in ("M", "P") or not codes or not items.keys() >= set(codes) or len(items) < 2:
        return
    question.take("exclude_all_others")
    for code in dict.fromkeys(codes):
        others = ", ".join(f"{own.code}_{other}" for other in items if other != code)
        free = f" and not answered({own.code}_other)" if own.other else ""
        rules.parts.append(f'not {own.code}_{code} = "Y" or (count("Y", {others}) = 0{free})')
        text = items[code].text
        rules.messages.append({language: words.format(text.to(language)) for language, words in ALONE.items()} | {
            "": ALONE["en"].format(text.to("en"))})  # fmt: skip


def _written(
    question: LimeQuestion,
    own: Question,
    names: list[str],
    rules: Rules,
    wording: Wording,
    translate: Translate,
    ticks: Set[str],
) -> None:
    """Rules that are written as expressions: one for the question, one for each of its fields."""
    texts = _validation(question, names, rules, translate)
    if texts is not None:
        _add(texts, own, rules, ticks)
        question.take("em_validation_q")
        _tip(question, "em_validation_q_tip", f"{own.code}, em_validation_q_tip", rules, wording)
    of_fields = question.attribute("em_validation_sq")
    if of_fields and len(of_fields) <= _LONGEST:
        each = [translate(_with_fields(of_fields, [name])) for name in names]
        if all(each):
            _add([text for text in each if text], own, rules, ticks)
            question.take("em_validation_sq")
            _tip(question, "em_validation_sq_tip", f"{own.code}, em_validation_sq_tip", rules, wording)


def _add(texts: Sequence[str], own: Question, rules: Rules, ticks: Set[str]) -> None:
    for text in texts:
        bare = guard_removed(text, own)
        rules.parts.append(bare)
        rules.refuses_blanks |= bare == text and not passes_blanks(text, own, ticks)


def _validation(question: LimeQuestion, names: list[str], rules: Rules, translate: Translate) -> list[str] | None:
    expression = question.attribute("em_validation_q")
    if not expression or len(expression) > _LONGEST:
        return None
    texts: list[str] = []
    total = rules.total
    for part in _conjuncts(expression):
        found = _SUM.fullmatch(re.sub(r"\s+", "", part))
        if found and question.type == "K" and total is None:
            total = float(found[1])
            continue
        text = translate(_with_fields(part, names))
        if text is None:
            return None
        texts.append(text)
    rules.total = total
    return texts


def _tip(question: LimeQuestion, name: str, place: str, rules: Rules, wording: Wording) -> None:
    if question.attribute(name):
        text = wording.text(question.words(name, wording.languages), place)
        own = (
            {}
            if text is None
            else {language: own_words(said, language, rules.total) for language, said in text.items()}
        )
        if any(own.values()):
            rules.messages.insert(0, own)


def _with_fields(expression: str, names: list[str]) -> str:
    """The expression with the names of fields for “self” and “this”; quoted texts stay."""
    fields = ", ".join(f"{name}.NAOK" for name in names)
    parts = re.split(r"""("[^"]*"|'[^']*')""", expression)
    return "".join(_FIELDS.sub(lambda _: fields, part) if place % 2 == 0 else part for place, part in enumerate(parts))


def _conjuncts(expression: str) -> list[str]:
    """The parts of an expression that all have to hold, without brackets around the whole or around a part."""
    expression = _unwrapped(expression.strip())
    depth, quote, start, parts, place = 0, "", 0, [], 0
    while place < len(expression):
        sign = expression[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif depth == 0 and not _inside_word(expression, place) and (match := _JOINT.match(expression, place)):
            if match[0].casefold() in ("or", "||"):
                # “a and b or c” is no conjunction: it is left to the translator as one.
                return [expression]
            parts.append(_unwrapped(expression[start:place].strip()))
            start = place = match.end()
            continue
        place += 1
    return [*parts, _unwrapped(expression[start:].strip())]


def _inside_word(expression: str, place: int) -> bool:
    return place > 0 and (expression[place - 1].isalnum() or expression[place - 1] in "_.")


def _unwrapped(expression: str) -> str:
    while expression.startswith("(") and expression.endswith(")"):
        depth = 0
        for place, sign in enumerate(expression):
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if depth == 0 and place < len(expression) - 1:
                return expression
        expression = expression[1:-1].strip()
    return expression
