"""The last steps of reading a form: scores and indicators, used scales, complete languages."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.exchange import Notes
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.rules.constructs import construct_problems
from clustergov.instruments.rules.indicators import indicator_problems
from clustergov.instruments.xlsform.kept import Kept
from clustergov.instruments.xlsform.wording import Wording
from clustergov.language import Text
from clustergov.yaml_file import Positions


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
        data["constructs"], data["indicators"] = (), ()
        broken = _broken(
            Questionnaire(**{**data, "constructs": kept.draft.constructs, "indicators": kept.draft.indicators})
        )
        # A row that was copied in the sheet tells the same thing again; the last one counts.
        constructs = {each.code.casefold(): each for each in kept.draft.constructs if each.code not in broken}
        indicators = {each.code.casefold(): each for each in kept.draft.indicators if each.code not in broken}
        data["constructs"], data["indicators"] = tuple(constructs.values()), tuple(indicators.values())
        there = {each.code for each in (*data["constructs"], *data["indicators"])}
        codes = [each.code for each in kept.draft.constructs] + [each.code for each in kept.draft.indicators]
        for code in (code for code in codes if code not in there):
            message = f"“{code}” does not go with the questions that the form now has, and is left out."
            notes.add("xlsform-score", message, place="clustergov")
    return Questionnaire(**data)


def _broken(whole: Questionnaire) -> set[str]:
    """Codes of the scores and indicators that do not go with the questions that the form now has."""
    positions = Positions("")
    problems = [*construct_problems(whole, positions), *indicator_problems(whole, positions)]
    places = {each.place.partition("]")[0] for each in problems if each.severity == "error"}
    found = {each.code for index, each in enumerate(whole.constructs) if f"constructs[{index}" in places}
    return found | {each.code for index, each in enumerate(whole.indicators) if f"indicators[{index}" in places}


def _texts(draft: Questionnaire) -> Iterator[Text]:
    yield from (option.text for scale in draft.scales.values() for option in scale.options)
    yield from (section.title for section in draft.sections)
    for question in draft.questions:
        yield from (text for text in (question.text, question.help, question.constraint_message) if text is not None)
        yield from (item.text for item in question.items)
