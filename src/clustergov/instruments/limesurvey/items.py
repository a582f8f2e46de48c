"""The items of a LimeSurvey question: its subquestions, the cells of its grid, or the places of its ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from clustergov.instruments.limesurvey.attribute_notes import is_on
from clustergov.instruments.limesurvey.losses import Losses
from clustergov.instruments.limesurvey.scales import Scales
from clustergov.instruments.limesurvey.structure import LimeQuestion, LimeSubquestion, Texts
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.questionnaire import Item
from clustergov.language import Text

_RANK = {"en": "Rank", "nl": "Plaats", "de": "Rang", "fr": "Rang", "es": "Rango", "it": "Posizione"}


def items_of(question: LimeQuestion, code: str, text: Text, wording: Wording, scales: Scales) -> tuple[Item, ...]:
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
        what = "questions have no subquestions, and so no answers"
        wording.losses.add("limesurvey-no-items", what, code, line=question.line)
    reserved = {"other"} if question.other and question.type in ("M", "P") else set()
    return _distinct(items, code, wording.losses, reserved)


def _words(sub: LimeSubquestion, question: LimeQuestion, code: str, text: Text, wording: Wording) -> Text:
    texts: Texts = sub.texts
    if is_on(question, "slider_layout"):
        # “label|left end|right end” of a slider.
        separator = question.take("slider_separator") or "|"
        place = f"{code}_{sub.code}"
        texts = {language: _slider(raw, separator, place, wording.losses) for language, raw in texts.items()}
    return wording.required(texts, f"{code}_{sub.code}", instead=text)


def _slider(text: str, separator: str, place: str, losses: Losses) -> str:
    if separator not in text:
        return text
    label, *ends = (part.strip() for part in text.split(separator))
    if label:
        what = "words at the ends of sliders are not imported"
        losses.add("limesurvey-slider", what, place, value=" – ".join(end for end in ends if end))
    return label or " – ".join(end for end in ends if end)


def _places(question: LimeQuestion, wording: Wording) -> Iterator[Item]:
    most = len(question.answers)
    for name in ("max_subquestions", "max_answers"):
        value = question.attribute(name)
        if value.isascii() and value.isdigit() and 0 < len(value) < 6 and int(value) > 0:
            question.take(name)
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


def _distinct(items: list[Item], code: str, losses: Losses, taken: set[str]) -> tuple[Item, ...]:
    distinct: list[Item] = []
    counts: Counter[str] = Counter()
    for place, item in enumerate(items, start=1):
        wanted = own = item.code.strip() or f"item{place}"
        while own in taken:
            counts[wanted] += 1
            own = f"{wanted}r{counts[wanted] + 1}"
        if own != item.code:
            what = "codes of subquestions are empty or already taken, and were changed"
            losses.add("limesurvey-code", what, f"{code}_{own}", value=f"it was “{item.code}”")
        taken.add(own)
        distinct.append(item if own == item.code else item.model_copy(update={"code": own}))
    return tuple(distinct)
