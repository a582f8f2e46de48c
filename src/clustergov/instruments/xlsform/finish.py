"""The last steps of reading a form: scores and indicators, used scales, complete languages."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.arithmetic import variables_of
from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Indicator, Questionnaire
from clustergov.instruments.routing import parse_number
from clustergov.instruments.xlsform.kept import Kept
from clustergov.instruments.xlsform.wording import Wording
from clustergov.language import Text
from clustergov.problems import InputError


def finish(draft: Questionnaire, kept: Kept | None, wording: Wording, notes: Notes) -> Questionnaire:
    """The questionnaire with what is kept beside its questions, and without scales that nobody uses."""
    data = {name: getattr(draft, name) for name in type(draft).model_fields}
    used = {question.scale for question in draft.questions}
    used |= {item.scale for question in draft.questions for item in question.items}
    own = kept.draft.scales if kept is not None else {}
    data["scales"] = {name: scale for name, scale in draft.scales.items() if name in used or name in own}
    if kept is None:
        data["languages"] = wording.complete(_texts(draft))
    else:
        data["sources"], data["dimensions"] = kept.draft.sources, kept.draft.dimensions
        data["constructs"] = tuple(each for each in kept.draft.constructs if set(each.items) <= draft.by_name.keys())
        data["indicators"] = tuple(each for each in kept.draft.indicators if _computable(each, draft))
        there = {each.code for each in (*data["constructs"], *data["indicators"])}
        codes = [each.code for each in kept.draft.constructs] + [each.code for each in kept.draft.indicators]
        for code in (code for code in codes if code not in there):
            message = f"“{code}” looks at answers that the form no longer has, and is left out."
            notes.add("xlsform-score", message, place="clustergov")
    return Questionnaire(**data)


def _computable(indicator: Indicator, draft: Questionnaire) -> bool:
    try:
        return set(variables_of(parse_number(indicator.formula))) <= draft.by_name.keys()
    except InputError:
        return False


def _texts(draft: Questionnaire) -> Iterator[Text]:
    yield from (option.text for scale in draft.scales.values() for option in scale.options)
    yield from (section.title for section in draft.sections)
    for question in draft.questions:
        yield from (text for text in (question.text, question.help, question.constraint_message) if text is not None)
        yield from (item.text for item in question.items)
