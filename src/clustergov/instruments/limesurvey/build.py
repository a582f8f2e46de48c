"""From what a LimeSurvey file holds to a questionnaire: types to kinds, answers to scales, conditions to routing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from clustergov.instruments.exchange import Notes, listed
from clustergov.instruments.limesurvey.items import items_of
from clustergov.instruments.limesurvey.relevance import from_conditions, is_always, translate, without_field_numbers
from clustergov.instruments.limesurvey.scales import Scales
from clustergov.instruments.limesurvey.structure import LimeGroup, LimeQuestion, LimeSurvey
from clustergov.instruments.limesurvey.types import EXPRESSED, KINDS, OFF
from clustergov.instruments.limesurvey.wording import Wording
from clustergov.instruments.questionnaire import Question, Questionnaire, Section
from clustergov.language import Text


def build(survey: LimeSurvey, *, name: str, notes: Notes) -> Questionnaire:
    """Make a questionnaire of a structure; what it cannot express goes to `notes`.

    Parameters
    ----------
    survey : LimeSurvey
    name : str
        What the questionnaire is called in its file, such as ``rse-2017``.
    notes : Notes
    """
    wording = Wording(survey.languages, survey.persons)
    scales = Scales(wording, survey.languages, notes)
    codes = _unique_codes(survey, notes)
    sections = tuple(_sections(survey, wording, scales, codes, notes))
    title = wording.required(survey.titles, "title", instead=name)
    welcome = wording.text(survey.welcome, "welcome text", whole_sentences=True)
    _note_attributes(survey, notes)
    draft = Questionnaire(
        questionnaire=name, version="1", title=title, text=welcome, languages=survey.languages, imported_from="LimeSurvey",
        scales=scales.named, sections=sections,
    )  # fmt: skip
    wording.report(notes)
    if any(person.strip() for person in survey.persons):
        notes.add(
            "limesurvey-persons", "the administrators' names and e-mail addresses are not imported.", place="settings"
        )
    return _finish(draft, notes)


def _finish(draft: Questionnaire, notes: Notes) -> Questionnaire:
    """Keep only the complete languages in the list of languages, and translate what can be translated of the routing."""
    base, *others = draft.languages
    texts = list(_texts(draft))
    complete = [language for language in others if all(language in text for text in texts)]
    if lacking := [language for language in others if language not in complete]:
        notes.add(
            "limesurvey-language", f"the translation into {', '.join(lacking)} is not complete; its texts are kept."
        )
    variables = draft.by_name
    untranslated: list[str] = []

    def routed(question: Question) -> Question:
        if not question.relevance:
            return question
        when = translate(question.relevance, variables)
        if when is None:
            untranslated.append(question.code)
            return question
        return question.model_copy(update={"when": when, "relevance": ""})

    sections = tuple(
        section.model_copy(update={"questions": tuple(map(routed, section.questions))}) for section in draft.sections
    )
    if untranslated:
        notes.add("limesurvey-condition", f"the conditions of {len(untranslated)} questions stay as LimeSurvey writes them, and "
                  f"who was asked is not known: {listed(untranslated)}.", place=untranslated[0])  # fmt: skip
    # A copy made by pydantic would keep the draft's cached variables.
    return Questionnaire(
        questionnaire=draft.questionnaire, version=draft.version, title=draft.title, text=draft.text,
        imported_from=draft.imported_from, languages=(base, *complete), scales=draft.scales, sections=sections,
    )  # fmt: skip


def _texts(draft: Questionnaire) -> Iterator[Text]:
    yield from (text for text in (draft.title, draft.text) if text is not None)
    yield from (option.text for scale in draft.scales.values() for option in scale.options)
    for section in draft.sections:
        yield from (text for text in (section.title, section.text) if text is not None)
    for question in draft.questions:
        yield from (text for text in (question.text, question.help, question.unit) if text is not None)
        yield from (item.text for item in question.items)


def _unique_codes(survey: LimeSurvey, notes: Notes) -> dict[int, str]:
    """A code for every question (by identity), no two alike, and none that is the name of another's variable."""
    questions = [question for group in survey.groups for question in group.questions]
    names = {f"{question.code}_{sub.code}" for question in questions for sub in question.subquestions}
    names |= {f"{question.code}_{extra}" for question in questions for extra in ("other", "comment")}
    taken: set[str] = set()
    codes: dict[int, str] = {}
    for question in questions:
        wanted = code = question.code.strip() or "question"
        count = 2
        while code in taken | names:
            code, count = f"{wanted}q{count}", count + 1
        if code != question.code:
            notes.add("limesurvey-code", f"the question code “{question.code}” is empty or already taken; it is “{code}” here.",
                      place=code, line=question.line)  # fmt: skip
        taken.add(code)
        codes[id(question)] = code
    return codes


def _sections(
    survey: LimeSurvey, wording: Wording, scales: Scales, codes: dict[int, str], notes: Notes
) -> Iterator[Section]:
    numbers = {question.number: question for group in survey.groups for question in group.questions if question.number}
    by_number = {number: codes[id(question)] for number, question in numbers.items()}
    for place, group in enumerate(survey.groups, start=1):
        code = f"section{place}"
        if not group.questions:
            notes.add("limesurvey-empty-group", f"the group {place} has no questions and is left out.", place=code)
            continue
        questions = []
        for question in group.questions:
            relevance = without_field_numbers(
                _condition(question, group, codes[id(question)], notes), numbers, by_number
            )
            questions.append(_question(question, codes[id(question)], relevance, wording, scales, notes))
        yield Section(
            code=code,
            title=wording.required(group.titles, code, instead=f"{place}"),
            text=wording.text(group.texts, code, whole_sentences=True),
            questions=tuple(questions),
        )


def _condition(question: LimeQuestion, group: LimeGroup, code: str, notes: Notes) -> str:
    own = question.relevance.strip() or question.attribute("relevance")
    if is_always(own) and question.conditions:
        own = from_conditions(question.conditions)
    parts = [part.strip() for part in (group.relevance, own) if not is_always(part)]
    for sub in question.subquestions:
        if not is_always(sub.relevance):
            notes.add("limesurvey-condition", f"the condition of a single subquestion is not imported: {sub.relevance}.",
                      place=f"{code}_{sub.code}")  # fmt: skip
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _question(
    question: LimeQuestion, code: str, relevance: str, wording: Wording, scales: Scales, notes: Notes
) -> Question:
    kind = KINDS.get(question.type)
    if kind is None:
        notes.add(
            "limesurvey-type",
            f"the question type “{question.type}” is not known; taken as text.",
            place=code,
            line=question.line,
        )
    if question.type == ":" and question.attribute("multiflexible_checkbox") not in OFF:
        kind = "multiple"
    if question.type == "*":
        notes.add(
            "limesurvey-computed", "a computed answer; its formula is not imported.", place=code, line=question.line
        )
    if question.mandatory == "S":
        notes.add(
            "limesurvey-mandatory",
            "an answer is asked for but may be withheld (soft mandatory).",
            place=code,
            line=question.line,
        )
    if question.pattern.strip():
        notes.add(
            "limesurvey-validation",
            f"the pattern {question.pattern.strip()} is not checked.",
            place=code,
            line=question.line,
        )
    text = wording.required(question.texts, code, instead=code)
    return Question(
        code=code,
        kind=kind or "text",
        text=text,
        help=wording.text(question.help, f"{code}, help"),
        scale=scales.of(question, code) if kind in ("single", "array", "ranking") else "",
        items=items_of(question, code, text, wording, scales, notes) if kind in _WITH_ITEMS else (),
        relevance=relevance,
        required=question.mandatory == "Y",
        minimum=_number(question, "min_num_value_n", "slider_min", "multiflexible_min") if kind in _NUMBERS else None,
        maximum=_number(question, "max_num_value_n", "slider_max", "multiflexible_max") if kind in _NUMBERS else None,
        integer=kind in _NUMBERS and question.attribute("num_value_int_only") not in OFF,
        unit=wording.text(question.words("suffix", wording.languages), f"{code}, suffix") if kind in _NUMBERS else None,
        total=_number(question, "equals_num_value") if kind == "numbers" else None,
        other=question.other and question.type in ("L", "!", "M", "P"),
        comment=question.type in ("O", "P"),
    )


_WITH_ITEMS = ("multiple", "array", "ranking", "numbers", "texts")
_NUMBERS = ("number", "numbers")


def _number(question: LimeQuestion, *names: str) -> float | None:
    for name in names:
        value = question.attribute(name).replace(",", ".")
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            return float(value)
    return None


def _note_attributes(survey: LimeSurvey, notes: Notes) -> None:
    """One note per attribute that some questions set and the model does not express."""
    found: dict[str, list[str]] = defaultdict(list)
    for group in survey.groups:
        for question in group.questions:
            for name in question.attributes:
                value = question.attribute(name)
                expressed = name in EXPRESSED and (name != "equals_num_value" or re.fullmatch(r"[\d.]+", value))
                if value not in OFF and not expressed:
                    found[name].append(question.code)
    for name, codes in sorted(found.items()):
        notes.add("limesurvey-attribute", f"the attribute “{name}” of {len(codes)} questions is not expressed: {listed(codes)}.",
                  place=codes[0])  # fmt: skip
