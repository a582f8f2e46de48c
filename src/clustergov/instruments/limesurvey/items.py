"""The items of a LimeSurvey question: its subquestions, the cells of its grid, or the places of its ranking."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.scales import Scales
from clustergov.instruments.limesurvey.structure import LimeQuestion, LimeSubquestion, Texts
from clustergov.instruments.limesurvey.types import OFF
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.questionnaire import Item
from clustergov.language import Text

_RANK = {"en": "Rank", "nl": "Plaats", "de": "Rang", "fr": "Rang", "es": "Rango", "it": "Posizione"}


def items_of(
    question: LimeQuestion, code: str, text: Text, wording: Wording, scales: Scales, notes: Notes
) -> tuple[Item, ...]:
    """The items in their order, each with a code of its own.

    Parameters
    ----------
    question : LimeQuestion
    code : str
        The question's code in the questionnaire.
    text : Text
        The question's text, for an item without words.
    """
    if question.type == "R":
        items = list(_places(question, wording))
    elif question.type in (":", ";"):
        items = list(_cells(question, code, text, wording))
    elif question.type == "1":
        items = list(_dual(question, code, text, wording, scales))
    else:
        rows = [sub for sub in question.subquestions if sub.scale == 0]
        items = [Item(code=sub.code, text=_words(sub, question, code, text, wording)) for sub in rows]
    if not items:
        notes.add(
            "limesurvey-no-items",
            "this question has no subquestions, and so no answers.",
            place=code,
            line=question.line,
        )
    reserved = {"other"} if question.other and question.type in ("M", "P") else set()
    return _distinct(items, code, notes, reserved)


def _words(sub: LimeSubquestion, question: LimeQuestion, code: str, text: Text, wording: Wording) -> Text:
    texts: Texts = sub.texts
    if question.attribute("slider_layout") not in OFF:
        # “label|left end|right end” of a slider.
        separator = question.attribute("slider_separator") or "|"
        texts = {language: _slider(raw, separator) for language, raw in texts.items()}
    return wording.required(texts, f"{code}_{sub.code}", instead=text)


def _slider(text: str, separator: str) -> str:
    if separator not in text:
        return text
    label, *ends = (part.strip() for part in text.split(separator))
    return label or " – ".join(end for end in ends if end)


def _places(question: LimeQuestion, wording: Wording) -> Iterator[Item]:
    most = len(question.answers)
    for name in ("max_subquestions", "max_answers"):
        if (value := question.attribute(name)).isdigit() and int(value) > 0:
            most = min(most, int(value))
    for place in range(1, most + 1):
        words = {language: f"{_RANK.get(language.split('-')[0], '#')} {place}" for language in wording.languages}
        yield Item(code=str(place), text=Text(words))


def _cells(question: LimeQuestion, code: str, text: Text, wording: Wording) -> Iterator[Item]:
    rows = [sub for sub in question.subquestions if sub.scale == 0]
    columns = [sub for sub in question.subquestions if sub.scale == 1]
    for row in rows:
        for column in columns:
            words = _joined(row.texts, column.texts)
            yield Item(
                code=f"{row.code}_{column.code}",
                text=wording.required(words, f"{code}_{row.code}_{column.code}", instead=text),
            )


def _dual(question: LimeQuestion, code: str, text: Text, wording: Wording, scales: Scales) -> Iterator[Item]:
    """Two items per row, named as LimeSurvey's expressions name them: ``row_0`` and ``row_1``."""
    names = (scales.of(question, code), scales.of(question, code, scale=1))
    for row in (sub for sub in question.subquestions if sub.scale == 0):
        for scale, header in enumerate(("dualscale_headerA", "dualscale_headerB")):
            words = _joined(row.texts, question.words(header, wording.languages))
            yield Item(
                code=f"{row.code}_{scale}",
                text=wording.required(words, f"{code}_{row.code}_{scale}", instead=text),
                scale=names[scale],
            )


def _joined(row: Texts, column: Texts) -> Texts:
    second = {language: column.get(language, "") for language in row}
    return {
        language: " – ".join(part for part in (row[language], second[language]) if part.strip()) for language in row
    }


def _distinct(items: list[Item], code: str, notes: Notes, taken: set[str]) -> tuple[Item, ...]:
    distinct = []
    for place, item in enumerate(items, start=1):
        own, count = item.code.strip() or f"item{place}", 2
        while own in taken:
            own, count = f"{item.code.strip() or f'item{place}'}r{count}", count + 1
        if own != item.code:
            notes.add("limesurvey-code", f"the code “{item.code}” of a subquestion is empty or already taken; it is “{own}” here.",
                      place=f"{code}_{own}")  # fmt: skip
        taken.add(own)
        distinct.append(item if own == item.code else item.model_copy(update={"code": own}))
    return tuple(distinct)
