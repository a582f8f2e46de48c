"""How single cells of the survey sheet are written: types, hints, limits, sentences of ours."""

from __future__ import annotations

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.questionnaire import Item, Question
from clustergov.instruments.xlsform.names import Names
from clustergov.language import LANGUAGES, Text, say


def sentence(key: str, languages: tuple[str, ...], **values: object) -> Text:
    """A sentence of ours in the languages of a questionnaire; in English for those that we do not write."""
    return Text({each: say(key, each if each in LANGUAGES else "en", **values) for each in languages})


def hint(question: Question) -> Text | None:
    """Help and unit as one text."""
    if question.unit is None:
        return question.help
    found = {language: f"({unit})" for language, unit in question.unit.items()}
    for language, words in (question.help or {}).items():
        found[language] = f"{words} {found[language]}" if language in found else words
    return Text(found)


def limits(question: Question) -> str:
    """The constraint on one number: its smallest and its largest value."""
    low = [] if question.minimum is None else [f". >= {plain(question.minimum)}"]
    high = [] if question.maximum is None else [f". <= {plain(question.maximum)}"]
    return " and ".join(low + high)


def question_type(question: Question, names: Names) -> str:
    """The type of a question that has one row."""
    match question.kind:
        case "single":
            return f"select_one {names.list(question.scale)}"
        case "multiple":
            return f"select_multiple {names.items_list(question.code)}"
        case "ranking":
            return f"rank {names.list(question.scale)}"
        case "number":
            return "integer" if question.integer else "decimal"
        case kind:
            return kind


def item_type(question: Question, item: Item, names: Names) -> str:
    """The type of the row of an item."""
    match question.kind:
        case "array":
            return f"select_one {names.list(item.scale or question.scale)}"
        case "numbers":
            return "integer" if question.integer else "decimal"
        case _:
            return "text"
