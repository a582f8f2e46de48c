"""What a questionnaire holds and LimeSurvey has no place for: said once per kind, with the places."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.exchange import Notes, listed
from clustergov.instruments.limesurvey.writing.markup import texts_of
from clustergov.instruments.questionnaire import Question, Questionnaire

_KEEP = "Keep the questionnaire's own file: answers are read with it."


def note_unheld(questionnaire: Questionnaire, notes: Notes) -> None:
    """Note every kind of thing that is left behind."""
    for what, places in (*_of_whole(questionnaire), *_of_questions(questionnaire)):
        if places:
            notes.add(
                "limesurvey-unheld", f"LimeSurvey does not hold {what}: {listed(places)}.", place=places[0], fix=_KEEP
            )


def _of_whole(own: Questionnaire) -> Iterator[tuple[str, list[str]]]:
    yield "the questionnaire's name and version", [f"{own.questionnaire} {own.version}"]
    yield "codes of sections", [section.code for section in own.sections]
    yield "sections without questions, which are left out", [each.code for each in own.sections if not each.questions]
    yield "names and directions of scales", list(own.scales)
    blank = [f"{name} {option.code}" for name, scale in own.scales.items() for option in scale.options if option.blank]
    yield "which options are no substantive answer", blank
    yield "sources", list(own.sources)
    yield (
        "marks of confidence and where a question comes from",
        [
            *(name for name, scale in own.scales.items() if scale.mark or scale.source),
            *(question.code for question in own.questions if _is_marked(question)),
        ],
    )
    yield "constructs", [construct.code for construct in own.constructs]
    yield "indicators", [indicator.code for indicator in own.indicators]
    if own.imported_from != "LimeSurvey":
        languages = dict.fromkeys(language for text in texts_of(own) for language in text)
        yield "translations that are not complete", [each for each in languages if each not in own.languages]


def _is_marked(question: Question) -> bool:
    return bool(question.mark or question.source) or any(item.mark or item.source for item in question.items)


def _of_questions(own: Questionnaire) -> Iterator[tuple[str, list[str]]]:
    def codes(*found: Question) -> list[str]:
        return [question.code for question in found]

    questions = own.questions
    yield (
        "a free “other” beside a list with a remark",
        codes(*(each for each in questions if each.kind == "single" and each.other and each.comment)),
    )
    yield (
        "a remark beside an answer that is neither a choice nor a tick, and nobody is asked for it",
        codes(*(each for each in questions if each.comment and each.kind not in ("single", "multiple"))),
    )
    yield "words of the places of a ranking", codes(*(each for each in questions if each.kind == "ranking"))
    yield (
        "a random order here",
        codes(*(each for each in questions if each.random_order and not (each.items or each.kind == "single"))),
    )
    grids = [
        each for each in questions if each.kind in ("numbers", "texts") and any("_" in item.code for item in each.items)
    ]
    yield "a unit or whole numbers only in a grid", codes(*(each for each in grids if each.unit or each.integer))
