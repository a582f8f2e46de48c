"""Which of LimeSurvey's question types a question becomes."""

from __future__ import annotations

from clustergov.instruments.limesurvey.layout import Layout
from clustergov.instruments.limesurvey.types import fixed_scale
from clustergov.instruments.questionnaire import Question, Questionnaire, Scale

LONG_LIST = 15
"""Options; a longer list folds out."""

_LETTERS = {
    "array": "F", "ranking": "R", "number": "N", "numbers": "K", "text": "T", "texts": "Q", "date": "D", "file": "|", "note": "X",
}  # fmt: skip
_GRIDS = {"numbers": ":", "multiple": ":", "texts": ";"}
_FIXED_SINGLE = ("5", "Y", "G")
_FIXED_ARRAY = ("A", "B", "C", "E")


def type_of(question: Question, questionnaire: Questionnaire, layout: Layout) -> str:
    """The type's letter.

    Only what came from LimeSurvey gets a type with answers of its own (yes/no, five points): their words and order are
    LimeSurvey's. Everything else lists its answers, so that codes and words stay ours.
    """
    if layout == "dual":
        return "1"
    if layout == "grid":
        return _GRIDS[question.kind]
    scale = questionnaire.scales.get(question.scale)
    fixed = _fixed(question, scale) if questionnaire.imported_from == "LimeSurvey" and scale is not None else None
    if fixed is not None:
        return fixed
    if question.kind == "multiple":
        return "P" if question.comment else "M"
    if question.kind == "single":
        if question.comment:
            return "O"
        return "!" if scale is not None and len(scale.options) > LONG_LIST else "L"
    return _LETTERS[question.kind]


def _fixed(question: Question, scale: Scale) -> str | None:
    if question.other or question.comment or any(item.scale for item in question.items):
        return None
    letters = {"single": _FIXED_SINGLE, "array": _FIXED_ARRAY}.get(question.kind, ())
    languages = tuple(scale.options[0].text) if scale.options else ()
    found = (letter for letter in letters if (fixed_scale(letter, languages) or ("", None))[1] == scale)
    if (
        question.kind == "single"
        and languages
        and scale.codes == languages == tuple(option.text.to("") for option in scale.options)
    ):
        return "I"
    return next(found, None)
